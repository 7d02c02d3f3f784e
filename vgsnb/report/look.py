"""The look of the book's plots and drawings: colours, letters, bare and quiet axes.

A white card, right on a light and on a dark page; colours of Okabe and Ito, which can be told apart without colour
vision; letters that can be read at the width of the book, about 750 pixels.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Literal, ParamSpec, TypeVar

import matplotlib.pyplot as plt
from matplotlib import rcParams
from matplotlib.axes import Axes

INK, QUIET, LINE, SOFT = "#1b2430", "#5b6673", "#c9d0d8", "#eef1f5"
BLUE, ORANGE, GREEN, SKY = "#0072b2", "#d55e00", "#009e73", "#56b4e9"
COLOURS = {"VGS": BLUE, "BoW": ORANGE}
LINES = {"PSC": ":", "CNN-Pool": "-.", "CNN-Attend": "-", "CNN-PoolAttend": "--"}
WIDTH = 7.5  # inches; at 160 dots an inch sharp where the page is 750 pixels wide
STYLE: Any = {
    "figure.facecolor": "white",
    "figure.dpi": 160,
    "font.size": 9.5,
    "text.color": INK,
    "axes.axisbelow": True,
    "axes.labelcolor": INK,
    "axes.labelsize": 9.5,
    "axes.titlesize": 10.5,
    "axes.titlecolor": INK,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "legend.frameon": False,
    "legend.fontsize": 9,
}
Grid = Literal["x", "y", "both"] | None
P = ParamSpec("P")
R = TypeVar("R")


def styled(draw: Callable[P, R]) -> Callable[P, R]:
    """Draw in the book's style and leave everybody else's as it is.

    Nothing but the style is set back: the first figure of a notebook switches its interactive backend on, and
    matplotlib's ``rc_context`` would switch it off again, so that no later figure is shown.
    """

    @wraps(draw)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> R:
        before = {name: rcParams[name] for name in STYLE}
        rcParams.update(STYLE)
        try:
            return draw(*args, **kwargs)
        finally:
            rcParams.update(before)

    return drawn


def axes_for(ax: Axes | None, height: float, grid: Grid = "y", width: float = WIDTH) -> Axes:
    """``ax``, or axes in a new figure of these inches, with quiet borders and a grid along one or both axes."""
    if ax is None:
        ax = plt.figure(figsize=(width, height), layout="constrained").subplots()
    ax.set_facecolor("white")
    ax.spines[["top", "right"]].set_visible(False)
    ax.spines[["left", "bottom"]].set_color(LINE)
    ax.tick_params(length=0, colors=QUIET, labelsize=8.5)
    for label in (ax.xaxis.label, ax.yaxis.label):  # those of given axes have another style
        label.set(color=INK, fontsize=STYLE["axes.labelsize"])
    if grid:
        ax.grid(axis=grid, color=SOFT, linewidth=1)
    return ax


def bare(ax: Axes | None, height: float, width: float = WIDTH) -> Axes:
    """Axes without borders, ticks and grid, for drawings."""
    ax = axes_for(ax, height, None, width)
    ax.set_axis_off()
    return ax
