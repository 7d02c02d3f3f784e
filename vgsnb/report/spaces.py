"""Plots of spaces in which pictures and speech lie together: regions, cosines, what was learned when, likeness."""

from collections.abc import Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator
from PIL import Image

from vgsnb.report.look import BLUE, INK, ORANGE, SKY, WIDTH, axes_for, styled
from vgsnb.report.plots import names_beside

STROKES = {
    "train_same": (SKY, "-", "training, same picture"),
    "dev_same": (BLUE, "-", "development, same picture"),
    "train_different": (SKY, "--", "training, other pictures"),
    "dev_different": (BLUE, "--", "development, other pictures"),
}
RAMP = ("#c6dbef", "#9ecae1", "#6baed6", "#3182bd", "#08519c", "#062f5d")  # from rare to frequent


@styled
def regions(pictures: Sequence[tuple[Image.Image, pd.DataFrame]], axes: Sequence[Axes] | None = None) -> np.ndarray:
    """Pictures and their regions, ``left, top, right, bottom`` in fractions: named where ``figure`` says of what."""
    if axes is None:
        own = plt.figure(figsize=(WIDTH, WIDTH / len(pictures)), layout="constrained")
        axes = own.subplots(1, len(pictures), squeeze=False)[0]
    for ax, (picture, boxes) in zip(axes, pictures, strict=True):
        ax.imshow(picture, extent=(0, 1, 1, 0))
        ax.set(xticks=[], yticks=[])
        for box in boxes.to_dict("records"):
            colour, width = (ORANGE, 1.6) if box["figure"] else (INK, 0.5)
            left, top, size = box["left"], box["top"], (box["right"] - box["left"], box["bottom"] - box["top"])
            ax.add_patch(Rectangle((left, top), *size, fill=False, edgecolor=colour, linewidth=width))
            if box["figure"]:
                ax.text(left + 0.01, top + 0.01, box["figure"], fontsize=7.5, va="top", color=INK, bbox=_CARD)
    return np.asarray(axes)


_CARD: Any = {"facecolor": "white", "alpha": 0.8, "edgecolor": "none", "pad": 0.8}


@styled
def cosines(table: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """The mean cosine of regions and words of the same picture and of others, by epoch (figure 1 of 2014)."""
    ax = axes_for(ax, 3.0)
    for name, (colour, line, label) in STROKES.items():
        ax.plot(table["epoch"], table[name], line, color=colour, label=label)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.set(xlabel="epoch", ylabel="mean cosine")
    ax.legend(ncols=2, loc="lower left", bbox_to_anchor=(0, 1))
    return ax


@styled
def learned(table: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """How well words find pictures after each epoch, a line for each class of how often they were heard in training.

    ``epoch, from, words, average_precision, chance``; the dashed line is what each would reach by chance.
    """
    ax, starts = axes_for(ax, 3.2), sorted(int(start) for start in table["from"].unique())
    ends = [*(f"to {start - 1}" for start in starts[1:]), "or more"]
    for start, end, colour in zip(starts, ends, RAMP[-len(starts) :], strict=True):
        rows = table[table["from"] == start]
        label = f"{start} {end} times ({int(rows['words'].iloc[-1])} words)"
        ax.plot(rows["epoch"], rows["average_precision"], "o-", color=colour, markersize=3, label=label)
        ax.plot(rows["epoch"], rows["chance"], "--", color=colour, linewidth=0.9)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.set(xlabel="epoch", ylabel="average precision", ylim=(0, None))
    ax.legend(title="heard in training", loc="center left", bbox_to_anchor=(1, 0.5), title_fontsize=9)
    return ax


@styled
def together(table: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Words and figures on one map: ``kind, name, x, y``."""
    ax = axes_for(ax, 6.5, None)
    for kind, colour, mark in (("word", BLUE, "o"), ("figure", ORANGE, "s")):
        rows = table[table["kind"] == kind]
        ax.plot(rows["x"], rows["y"], mark, color=colour, markersize=4, label=f"{kind}s")
    ax.set(xticks=[], yticks=[])
    ax.spines[["left", "bottom"]].set_visible(False)
    names_beside(ax, table.set_index("name")[["x", "y"]])
    ax.legend(loc="lower right", bbox_to_anchor=(1, 1), ncols=2)
    return ax


@styled
def matchmap(
    values: npt.NDArray[np.floating], times: npt.NDArray[np.floating], picture: Image.Image, words: pd.DataFrame
) -> np.ndarray:
    """The likeness (T, H, W) of every frame, at ``times`` (T,) in seconds, with every place of a picture.

    Above the picture under the mean over each of some ``words``, ``word, start, end``; below the highest and the mean
    over places, by time. Bright places are like what is said.
    """
    own = plt.figure(figsize=(WIDTH, 1.25 + WIDTH / max(len(words), 3)), layout="constrained")
    grid = own.add_gridspec(2, max(len(words), 1), height_ratios=(WIDTH / max(len(words), 3), 1.2))
    most = max(float(np.quantile(values, 0.995)), 1e-9)
    for place, row in enumerate(words.sort_values("start").to_dict("records")):
        ax = own.add_subplot(grid[0, place])
        middle = np.abs(times - (row["start"] + row["end"]) / 2)
        inside = (middle <= (row["end"] - row["start"]) / 2) | (middle == middle.min())
        mean = values[inside].mean(axis=0)
        ax.imshow(picture.convert("L"), extent=(0, 1, 1, 0), cmap="gray", vmin=-60, vmax=300)
        strength = (mean / most).clip(0, 1)
        ax.imshow(mean, extent=(0, 1, 1, 0), cmap="autumn_r", alpha=0.85 * strength, vmin=0, vmax=most)
        ax.set(xticks=[], yticks=[])
        ax.set_title(row["word"], loc="center")
    below = axes_for(own.add_subplot(grid[1, :]), 0, None)
    flat = values.reshape(len(values), -1)
    below.fill_between(times, 0, flat.max(axis=1).clip(min=0), color=SKY, alpha=0.45, linewidth=0, label="best place")
    below.plot(times, flat.mean(axis=1), color=BLUE, linewidth=1.2, label="mean over places")
    for start, end, word in zip(words["start"], words["end"], words["word"], strict=True):
        below.axvspan(start, end, facecolor="#cfeadf", edgecolor="white", zorder=0, linewidth=1.5)
        below.text((start + end) / 2, flat.max() * 1.02, word, ha="center", fontsize=8.5, color=INK)
    below.set(xlabel="seconds", xlim=(times[0], times[-1]), yticks=[0])
    below.legend(loc="upper right", bbox_to_anchor=(1, -0.25), ncols=2)
    return np.asarray(own.axes)
