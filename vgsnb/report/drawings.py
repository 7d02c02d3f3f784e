"""How the method works, drawn: the overview, masking and the attention network (Figures 1 to 3 of 2022)."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Ellipse, FancyArrowPatch, FancyBboxPatch, Rectangle

from vgsnb.report.look import BLUE, GREEN, INK, LINE, ORANGE, QUIET, SKY, SOFT, bare, styled

Point = tuple[float, float]
HEARD, SEEN = "#d6ebf7", "#e6e9ed"  # grounds of what listens and of what looks


def _box(ax: Axes, at: Point, size: Point, text: str, ground: str = HEARD, edge: str = BLUE, **letters: Any) -> None:
    """A rounded box with its middle at ``at``, and text in it."""
    corner = (at[0] - size[0] / 2, at[1] - size[1] / 2)
    style = "round,pad=0,rounding_size=0.12"
    ax.add_patch(FancyBboxPatch(corner, *size, boxstyle=style, facecolor=ground, edgecolor=edge, linewidth=1.4))
    ax.text(*at, text, ha="center", va="center", **{"fontsize": 9, **letters})


def _arrow(ax: Axes, start: Point, end: Point, colour: str = INK, bend: float = 0.0, **style: Any) -> None:
    shape = f"arc3,rad={bend}"
    ax.add_patch(
        FancyArrowPatch(
            start, end, arrowstyle="-|>", mutation_scale=12, color=colour, connectionstyle=shape, shrinkA=0, shrinkB=0,
            linewidth=1.4, **style,
        )
    )  # fmt: skip


def _note(ax: Axes, at: Point, text: str, **letters: Any) -> None:
    ax.text(*at, text, **{"ha": "center", "va": "center", "fontsize": 8.5, "color": QUIET, **letters})


def _sound(
    ax: Axes,
    left: float,
    right: float,
    middle: float,
    height: float,
    words: Sequence[float] = (0.12, 0.31, 0.5, 0.68, 0.87),
) -> None:
    """A waveform that looks like spoken words, whose middles are given as shares of the length."""
    x, rng = np.linspace(0, 1, 260), np.random.default_rng(4)
    loud = np.sum([np.exp(-(((x - place) / 0.055) ** 2)) for place in words], axis=0)
    wave = loud * (0.45 + 0.55 * rng.random(len(x))) * height / 2
    at = left + x * (right - left)
    ax.fill_between(at, middle - wave, middle + wave, color=QUIET, linewidth=0.3)


def _scene(ax: Axes, at: Point, width: float) -> None:
    """A small picture of the beach: sky, sea, sand and a surfer on a wave."""
    x, y, high = at[0] - width / 2, at[1] - width * 0.36, width * 0.72
    for bottom, share, colour in ((0.0, 0.26, "#e8cf9a"), (0.26, 0.36, "#4f9fd0"), (0.62, 0.38, "#cfe8f7")):
        ax.add_patch(Rectangle((x, y + bottom * high), width, share * high, facecolor=colour, linewidth=0))
    across = np.linspace(0.1, 0.95, 60)
    crest = 0.3 + 0.38 * np.exp(-(((across - 0.55) / 0.16) ** 2))
    ax.fill_between(x + across * width, y + 0.3 * high, y + crest * high, color="#8ecbea", linewidth=0)
    ax.plot(x + across * width, y + crest * high, color="white", linewidth=1.6)
    ax.add_patch(Ellipse((x + 0.4 * width, y + 0.58 * high), 0.26 * width, 0.05 * high, angle=24, facecolor=ORANGE))
    ax.plot([x + 0.4 * width] * 2, [y + 0.6 * high, y + 0.78 * high], color=INK, linewidth=2.4)
    ax.plot(x + 0.4 * width, y + 0.85 * high, "o", color=INK, markersize=4.5)
    ax.add_patch(Rectangle((x, y), width, high, facecolor="none", edgecolor=LINE, linewidth=1))


def _bars(ax: Axes, at: Point, values: dict[str, float], colour: str, width: float = 1.0) -> None:
    """Words with a bar each, downwards from ``at``: what a network says."""
    for row, (word, value) in enumerate(values.items()):
        y = at[1] - 0.3 * row
        ax.text(at[0] - 0.08, y, word, ha="right", va="center", fontsize=8.5)
        ax.add_patch(Rectangle((at[0], y - 0.09), width, 0.18, facecolor=SOFT, linewidth=0))
        ax.add_patch(Rectangle((at[0], y - 0.09), width * value, 0.18, facecolor=colour, linewidth=0))


@styled
def overview(ax: Axes | None = None) -> Axes:
    """Train with a picture, then detect and locate in sound alone (Figure 1 of Olaleye et al. 2022)."""
    ax = bare(ax, 4.4)
    ax.set(xlim=(0, 12), ylim=(0, 6.6))
    _overview_training(ax)
    ax.plot([6.55, 6.55], [0.2, 6.4], color=LINE, linewidth=1.2, linestyle=(0, (4, 3)))
    _overview_testing(ax)
    return ax


def _overview_training(ax: Axes) -> None:
    ax.text(0.1, 6.3, "Training: a picture and its spoken caption", fontweight="bold", fontsize=10.5)
    _scene(ax, (1.3, 1.05), 2.0)
    _sound(ax, 0.3, 2.3, 5.2, 0.9)
    _note(ax, (1.3, 4.5), "caption, never written")
    _box(ax, (3.6, 1.05), (1.4, 0.9), "image\ntagger", SEEN, QUIET)
    _note(ax, (4.05, 0.3), "trained elsewhere, frozen")
    _box(ax, (3.6, 5.2), (1.4, 0.9), "speech\nnetwork")
    for y in (1.05, 5.2):
        _arrow(ax, (2.4, y), (2.85, y))
        _arrow(ax, (4.35, y), (4.8, y))
    _bars(ax, (5.5, 1.35), {"ocean": 0.8, "wave": 0.9, "dog": 0.06}, QUIET, 0.8)
    _bars(ax, (5.5, 5.5), {"ocean": 0.55, "wave": 0.75, "dog": 0.12}, BLUE, 0.8)
    _note(ax, (5.45, 4.5), "what it hears: ŷ")
    _note(ax, (5.45, 1.95), "soft tags: y")
    _box(ax, (4.4, 2.95), (2.5, 0.75), "binary cross-entropy", "#fdebdd", ORANGE)
    _arrow(ax, (5.3, 4.28), (5.1, 3.42))
    _arrow(ax, (5.3, 2.15), (5.1, 2.5))
    _arrow(ax, (3.6, 3.4), (3.6, 4.65), ORANGE, linestyle=(0, (3, 2)))
    _note(ax, (3.45, 4.0), "learns", color=ORANGE, ha="right")


def _overview_testing(ax: Axes) -> None:
    ax.text(6.85, 6.3, "Testing: sound and a written keyword", fontweight="bold", fontsize=10.5)
    _sound(ax, 6.95, 8.65, 5.0, 0.9)
    _box(ax, (7.8, 3.95), (1.3, 0.55), "“ocean”", "white", INK)
    _box(ax, (9.75, 4.6), (1.3, 0.9), "speech\nnetwork")
    _arrow(ax, (8.75, 5.0), (9.05, 4.8))
    _arrow(ax, (8.5, 3.95), (9.05, 4.4))
    _arrow(ax, (10.45, 4.6), (10.8, 4.6))
    _note(ax, (11.4, 4.78), "p = .93", color=INK, fontsize=9.5)
    _note(ax, (11.4, 4.42), "> θ: said", color=GREEN, fontweight="bold")
    _note(ax, (11.4, 5.3), "Detection", color=INK, fontweight="bold")
    _arrow(ax, (9.75, 4.1), (9.75, 3.3))
    _note(ax, (9.9, 3.7), "Localisation", color=INK, fontweight="bold", ha="left")
    _located(ax, 7.2, 11.8, 0.75, 2.35)


def _located(ax: Axes, left: float, right: float, bottom: float, top: float) -> None:
    """Words of an utterance, a score over time and the place of its peak."""
    words = ["a", "surfer", "rides", "in", "the", "ocean"]
    borders = left + (right - left) * np.array([0, 0.07, 0.3, 0.48, 0.57, 0.7, 1.0])
    for start, end, word in zip(borders[:-1], borders[1:], words, strict=True):
        ax.plot([start, start], [bottom, top], color=LINE, linewidth=0.8)
        here: Any = {"fontweight": "bold", "color": GREEN} if word == "ocean" else {}
        ax.text((start + end) / 2, bottom - 0.22, word, ha="center", va="center", fontsize=8.5, **here)
    x = np.linspace(left, right, 200)
    place = (borders[-1] + borders[-2]) / 2
    height = 0.9 * np.exp(-(((x - place) / 0.32) ** 2)) + 0.28 * np.exp(-(((x - borders[1] - 0.5) / 0.4) ** 2)) + 0.04
    ax.fill_between(x, bottom, bottom + height * (top - bottom), color=SKY, alpha=0.45, linewidth=0)
    ax.plot(x, bottom + height * (top - bottom), color=BLUE, linewidth=1.5)
    ax.plot([place, place], [bottom, top + 0.08], color=GREEN, linewidth=1.6)
    ax.plot(place, top + 0.1, "v", color=GREEN, markersize=7)
    _note(ax, (left, top + 0.2), "score α over time", ha="left")
    _note(ax, (place, top + 0.42), "τ", color=GREEN, fontsize=11, fontweight="bold")


@styled
def masking_illustration(ax: Axes | None = None) -> Axes:
    """Masked-in and masked-out side by side (Figure 2 of Olaleye et al. 2022, Eqs. 8 and 9)."""
    ax = bare(ax, 4.0)
    ax.set(xlim=(0, 12), ylim=(0.1, 6.4))
    words = [("a", 0.0, 0.09), ("surfer", 0.09, 0.36), ("rides", 0.36, 0.58), ("the", 0.58, 0.69), ("ocean", 0.69, 1.0)]
    segments = [(0.08, 0.36), (0.34, 0.58), (0.7, 0.99)]
    masked_in = [0.22, 0.09, 0.94]
    _masks(ax, 0.1, 5.6, "Masked-in: keep only a segment", words, segments, masked_in, keep=True)
    _masks(ax, 6.4, 11.9, "Masked-out: take a segment away", words, segments, [0.06, 0.03, 0.71], keep=False)
    return ax


def _masks(
    ax: Axes,
    left: float,
    right: float,
    title: str,
    words: list[tuple[str, float, float]],
    segments: list[tuple[float, float]],
    scores: list[float],
    keep: bool,
) -> None:
    wide, middles = (right - left) * 0.57, [(start + end) / 2 for _, start, end in words]
    ax.text(left, 6.15, title, fontweight="bold", fontsize=10.5)
    _sound(ax, left, left + wide, 5.15, 0.85, middles)
    for word, start, end in words:
        ax.plot([left + start * wide] * 2, [4.55, 5.65], color=LINE, linewidth=0.8)
        ax.text(left + (start + end) / 2 * wide, 4.4, word, ha="center", va="center", fontsize=8.5)
    for row, ((start, end), score) in enumerate(zip(segments, scores, strict=True)):
        _sound(ax, left, left + wide, 3.55 - 1.15 * row, 0.75, middles)
        _masked_row(ax, left, wide, right, 3.55 - 1.15 * row, (start, end), score, keep, best=score == max(scores))
    formula = "α = ŷ of what is kept" if keep else "α = 1 − ŷ of what remains"
    _note(ax, ((left + right) / 2, 0.3), f"{formula}; the highest is the place")


def _masked_row(
    ax: Axes, left: float, wide: float, right: float, y: float, part: Point, score: float, keep: bool, best: bool
) -> None:
    """One segment: a mask over the sound, the network and its score for the keyword."""
    start, end = (left + share * wide for share in part)
    hidden = [(left, start), (end, left + wide)] if keep else [(start, end)]
    for low, high in hidden:
        ax.add_patch(Rectangle((low, y - 0.42), high - low, 0.84, facecolor="white", linewidth=0))
        ax.plot([low, high], [y, y], color=LINE, linewidth=1)
    colour = GREEN if best else LINE
    ax.add_patch(Rectangle((start, y - 0.42), end - start, 0.84, facecolor="none", edgecolor=colour, linewidth=1.8))
    _arrow(ax, (left + wide + 0.1, y), (left + wide + 0.45, y))
    _box(ax, (left + wide + 0.9, y), (0.8, 0.6), "DNN")
    letters = {"fontweight": "bold", "color": GREEN} if best else {"color": INK}
    _note(ax, (right - 0.05, y), f"α = {score:.2f}".replace("0.", "."), ha="right", **letters)


@styled
def attention_network(ax: Axes | None = None) -> Axes:
    """CNN-Attend and the tagger that teaches it (Figure 3 of Olaleye et al. 2022, Eqs. 11 and 12)."""
    ax = bare(ax, 4.6)
    ax.set(xlim=(0, 12), ylim=(0, 7))
    _attention_speech(ax)
    _attention_picture(ax)
    return ax


def _attention_speech(ax: Axes) -> None:
    _sound(ax, 0.1, 1.7, 5.6, 1.0)
    _note(ax, (0.9, 4.85), "MFCCs of a")
    _box(ax, (2.85, 5.6), (1.5, 1.1), "Enc\n1-D CNN")
    _arrow(ax, (1.75, 5.6), (2.05, 5.6))
    _arrow(ax, (3.65, 5.6), (4.0, 5.6))
    weights = [0.05, 0.1, 0.06, 0.15, 0.9, 0.4, 0.08]
    for frame, weight in enumerate(weights):
        x = 4.1 + 0.36 * frame
        ax.add_patch(Rectangle((x, 5.05), 0.24, 1.1, facecolor=HEARD, edgecolor=BLUE, linewidth=1))
        ax.add_patch(Rectangle((x, 3.5), 0.24, 0.85 * weight, facecolor=ORANGE, linewidth=0))
    ax.plot([4.05, 6.65], [3.5, 3.5], color=LINE, linewidth=1)
    _note(ax, (5.35, 6.38), r"$h_1 \ldots h_T$")
    _note(ax, (5.35, 4.72), r"$e_t = q\cdot h_t$, softmax over time")
    _note(ax, (5.35, 3.2), "attention α: where", color=ORANGE, fontweight="bold")
    _box(ax, (1.1, 3.75), (1.5, 0.6), "“ocean”", "white", INK)
    _box(ax, (2.95, 3.75), (1.3, 0.6), "query q")
    _arrow(ax, (1.9, 3.75), (2.25, 3.75))
    _arrow(ax, (3.65, 3.75), (4.0, 3.75))
    _box(ax, (7.9, 4.85), (1.5, 1.0), "Pool\n$\\sum_t \\alpha_t h_t$")
    _arrow(ax, (6.7, 5.6), (7.1, 5.1))
    _arrow(ax, (6.7, 3.95), (7.1, 4.6), ORANGE)
    _box(ax, (9.75, 4.85), (1.3, 1.0), "Clf\nMLP")
    _arrow(ax, (8.7, 4.85), (9.05, 4.85))
    _arrow(ax, (10.45, 4.85), (10.8, 4.85))
    _note(ax, (11.4, 4.85), "p(w | a)", color=INK, fontsize=10)


def _attention_picture(ax: Axes) -> None:
    _scene(ax, (1.1, 1.1), 1.9)
    _box(ax, (4.1, 1.1), (1.9, 0.8), "VGG-16", SEEN, QUIET)
    _box(ax, (7.4, 1.1), (1.9, 0.8), "MLP", SEEN, QUIET)
    for start, end in ((2.15, 3.1), (5.1, 6.4), (8.4, 10.8)):
        _arrow(ax, (start, 1.1), (end, 1.1), QUIET)
    _note(ax, (5.75, 0.4), "the tagger: only in training, its weights fixed")
    _note(ax, (11.4, 1.1), "p(w | i)", color=INK, fontsize=10)
    _box(ax, (11.1, 2.95), (1.5, 0.6), "loss", "#fdebdd", ORANGE)
    _arrow(ax, (11.4, 4.6), (11.4, 3.3))
    _arrow(ax, (11.4, 1.35), (11.4, 2.6))
