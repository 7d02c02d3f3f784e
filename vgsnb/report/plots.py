"""The book's plots: every function draws into ``ax``, or into a figure of its own, and returns the axes."""

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator, PercentFormatter, ScalarFormatter
from PIL import Image

from vgsnb.evaluation import confusions
from vgsnb.report.drawings import attention_network, masking_illustration, overview
from vgsnb.report.look import (
    BLUE,
    COLOURS,
    GREEN,
    INK,
    LINE,
    LINES,
    ORANGE,
    QUIET,
    SKY,
    SOFT,
    WIDTH,
    axes_for,
    bare,
    styled,
)
from vgsnb.report.tables import NAMES, departure_of

STROKES = {  # of methods
    "dtw-pixels": ("#5b6673", "s:"),
    "classifier": (SKY, "v-."),
    "siamese": (BLUE, "o-"),
    "prototypical": (ORANGE, "^--"),
    "direct": (GREEN, "D-"),
    "pretrained": (INK, "s--"),
    "chance": (LINE, "--"),
}
LEGIBLE = 0.005  # the smallest share that is written
CURVE = ("score", "loudness", "border", "said", "place", "detection")  # what a panel of ``summary.curves`` holds

__all__ = [
    "attention_network",
    "average_precision",
    "comparison",
    "curves",
    "differences",
    "examples",
    "features",
    "grounding",
    "growth",
    "keyword_f1",
    "kinds",
    "learning_curves",
    "masking_illustration",
    "measure",
    "overview",
    "prevalence",
    "ratios",
    "reliability",
    "score_map",
    "shots",
    "tagged_picture",
    "taken",
    "threshold_curves",
]


@styled
def learning_curves(history: pd.DataFrame, loss: str = "binary cross-entropy", ax: Axes | None = None) -> Axes:
    """Loss by epoch, ``epoch, train_loss, dev_loss``; the dot is the kept epoch, of the lowest ``dev_loss``."""
    ax = axes_for(ax, 3.0)
    ax.plot(history["epoch"], history["train_loss"], color=SKY, label="training")
    ax.plot(history["epoch"], history["dev_loss"], color=BLUE, label="development")
    kept = history.iloc[int(history["dev_loss"].to_numpy().argmin())]
    ax.plot(kept["epoch"], kept["dev_loss"], "o", color=ORANGE, markersize=8, label=f"kept: epoch {kept['epoch']:.0f}")
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.set(xlabel="epoch", ylabel=loss)
    ax.legend()
    return ax


@styled
def prevalence(share: pd.Series, chosen: Sequence[str] = (), ax: Axes | None = None) -> Axes:
    """In how many utterances each keyword is said, the frequent first; those of ``chosen`` in colour."""
    ax, share = axes_for(ax, 3.0), share.sort_values(ascending=False)
    known = share.index.isin(list(chosen))
    colours = np.where(known | (len(chosen) == 0), BLUE, LINE)
    ax.bar(np.arange(len(share)), share, color=colours, width=0.75)
    _words_below(ax, share.index)
    ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.set_ylabel("utterances that say it")
    if len(chosen):
        ax.bar(0, 0, color=BLUE, label=f"scored at this size ({known.sum()})")
        ax.bar(0, 0, color=LINE, label=f"too rare ({(~known).sum()})")
        ax.legend()
    return ax


def _words_below(ax: Axes, words: pd.Index) -> None:
    """A word under every place 0, 1, 2 … of the axis, written upwards."""
    ax.set_xticks(
        np.arange(len(words)), [str(word) for word in words], rotation=90, fontsize=7.5 if len(words) > 50 else 8.5
    )
    ax.set_xlim(-0.8, len(words) - 0.2)


@styled
def average_precision(table: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Average precision of each keyword beside chance: ``keyword, average_precision, prevalence``."""
    ax, table = axes_for(ax, 3.0), table.sort_values("average_precision", ascending=False)
    places, mean = np.arange(len(table)), table["average_precision"].mean()
    ax.bar(places, table["average_precision"], color=BLUE, width=0.75)
    ax.plot(places, table["prevalence"], "_", color=ORANGE, markersize=6, markeredgewidth=2, label="chance: prevalence")
    ax.axhline(mean, color=INK, linewidth=1, linestyle="--", label=f"mean {mean:.2f}")
    _words_below(ax, pd.Index(table["keyword"]))
    ax.set_ylabel("average precision")
    ax.legend()
    return ax


@styled
def reliability(table: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Share of pictures whose captions say the word, by soft tag: ``tag, share, count``; large dots hold many tags."""
    ax = axes_for(ax, 4.2, "both")
    ax.plot([0, 1], [0, 1], color=LINE, linewidth=1.5, linestyle="--", label="calibrated")
    ax.plot(table["tag"], table["share"], color=BLUE, linewidth=1.5)
    sizes = 15 + 120 * np.log1p(table["count"]) / np.log1p(table["count"].max())
    ax.scatter(table["tag"], table["share"], s=sizes, color=BLUE, edgecolor="white", zorder=3, label="tags, by tenths")
    ax.set(xlabel="soft tag", ylabel="share that is said", xlim=(0, 1), ylim=(0, 1))
    ax.legend(loc="upper left")
    return ax


@styled
def threshold_curves(curves: Mapping[str, pd.DataFrame], theta: float, ax: Axes | None = None) -> Axes:
    """Detection F1 by threshold for named sweeps, ``theta, f1``: a colour a supervision, a line style an architecture.

    A name is "<architecture> <supervision>". The dots are the best thresholds, which only a transcript can tell.
    """
    ax = axes_for(ax, 3.4)
    for name, table in curves.items():
        architecture, _, supervision = name.partition(" ")
        colour, line = COLOURS.get(supervision, QUIET), LINES.get(architecture, "-")
        ax.plot(table["theta"], table["f1"], color=colour, linestyle=line, linewidth=1.8, label=name)
        best = table.iloc[int(table["f1"].to_numpy().argmax())]
        ax.plot(best["theta"], best["f1"], "o", color=colour, markersize=5)
    ax.axvline(theta, color=INK, linewidth=1, label=f"headline θ = {theta:g}")
    ax.set(xlabel="threshold θ", ylabel="detection F1", xlim=(0, 1), ylim=(0, None))
    ax.legend(loc="center left", bbox_to_anchor=(1.0, 0.5), fontsize=8.5)
    return ax


@styled
def keyword_f1(by_keyword: pd.DataFrame | Mapping[str, pd.DataFrame], ax: Axes | None = None) -> Axes:
    """F1 by keyword, those with at least one detection (Figure 5 of Olaleye et al. 2022).

    ``by_keyword`` is of ``evaluation.detection_by_keyword``, or several by supervision, of which the first sets the
    order: its highest comes first.
    """
    several = {"": by_keyword} if isinstance(by_keyword, pd.DataFrame) else dict(by_keyword)
    table = pd.DataFrame({name: rows.loc[rows["detections"] > 0, "f1"] for name, rows in several.items()})
    table = table.sort_values(list(table.columns), ascending=False, kind="stable")
    ax, width = axes_for(ax, 3.0), 0.8 / len(several)
    for number, (name, f1) in enumerate(table.items()):
        places = np.arange(len(f1)) + (number - (len(several) - 1) / 2) * width
        label = f"{name}: {f1.notna().sum()} keywords" if name else None
        ax.bar(places, f1, width=width * 0.95, color=COLOURS.get(str(name), BLUE), label=label)
    _words_below(ax, table.index)
    ax.set_ylabel("F1")
    if len(several) > 1:
        ax.legend(loc="lower right", bbox_to_anchor=(1, 1), ncols=len(several))
    return ax


@styled
def grounding(f1: pd.Series, tagging: pd.Series, ax: Axes | None = None) -> Axes:
    """Localisation F1 against the tagger's average precision, a keyword a point (Figure 6 of Olaleye et al. 2022)."""
    ax = axes_for(ax, 4.6, "both")
    points = pd.DataFrame({"tagging": tagging, "f1": f1}).dropna().sort_values("f1")
    ax.scatter(points["tagging"], points["f1"], s=26, color=BLUE, edgecolor="white", linewidth=0.6, zorder=3)
    ax.set(xlabel="tagger's average precision", ylabel="localisation F1")
    ax.margins(0.08)
    if len(points) > 2:
        row = confusions.grounding(f1, tagging).loc["spearman"]
        ax.set_title(f"Spearman's ρ = {row['value']:.2f} [{row['low']:.2f}, {row['high']:.2f}], {len(points)} keywords")
    names_beside(ax, points)
    return ax


def names_beside(ax: Axes, points: pd.DataFrame) -> None:
    """Write each point's name where it covers no other name or point, or as near to that as can be."""
    ax.figure.canvas.draw()
    dots = ax.transData.transform(points.to_numpy(float))
    taken = [np.r_[dot - 5, dot + 5] for dot in dots]
    unit = ax.figure.dpi / 72
    for name, dot in zip(points.index, dots, strict=True):
        wide, high = 4.3 * len(str(name)) * unit, 9 * unit
        spots = [np.r_[x, y, x + wide, y + high] for x, y in _spots_around(dot, wide, high, 5 * unit)]
        best = min(spots, key=lambda spot: sum(_overlap(spot, other) for other in taken))
        taken.append(best)
        x, y = ax.transData.inverted().transform(best[:2])
        ax.text(x, y, str(name), fontsize=8, color=INK, va="bottom")


def _spots_around(dot: np.ndarray, wide: float, high: float, gap: float) -> list[tuple[float, float]]:
    across = (dot[0] + gap, dot[0] - gap - wide, dot[0] - wide / 2)
    up = (dot[1] - high / 2, dot[1] + gap, dot[1] - gap - high)
    return [(x, y) for x in across for y in up if not (x == across[2] and y == up[0])]


def _overlap(one: np.ndarray, other: np.ndarray) -> float:
    sides = np.minimum(one[2:], other[2:]) - np.maximum(one[:2], other[:2])
    return float(np.prod(sides.clip(0)))


@styled
def comparison(compared: pd.DataFrame, axes: Sequence[Axes] | None = None) -> np.ndarray:
    """Ours (dots with 95 % intervals) and the published numbers (diamonds), a panel a measure, a line a system.

    ``compared`` holds rows of one paper's table out of ``tables.compare``. Returns the axes, one for each measure.
    """
    systems = list(dict.fromkeys(zip(compared["architecture"], compared["method"], strict=True)))[::-1]
    metrics = list(dict.fromkeys(compared["metric"]))
    if axes is None:
        own = plt.figure(figsize=(WIDTH, 0.9 + 0.42 * len(systems)), layout="constrained")
        axes = own.subplots(1, len(metrics), sharey=True, squeeze=False)[0]
    for metric, ax in zip(metrics, axes, strict=True):
        axes_for(ax, 0, "x")
        for name, rows in compared[compared["metric"] == metric].groupby("supervision"):
            shift = 0.16 if name == "VGS" else -0.16
            places = np.array([systems.index(pair) for pair in zip(rows["architecture"], rows["method"], strict=True)])
            _dots(ax, rows, places + shift, COLOURS[str(name)], str(name))
        ax.set(title=" ".join(NAMES[metric]).replace("Spotting localisation", "Spotting"), xlim=(0, 1))
        ax.set_xticks(np.arange(0, 1, 0.2))
        ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0, symbol=""))
    names = [f"{architecture}\n{method}" if method else architecture for architecture, method in systems]
    axes[0].set_yticks(range(len(systems)), names, color=INK)
    axes[0].set_ylim(-0.6, len(systems) - 0.4)
    figure: Any = axes[0].figure
    figure.supxlabel("percent", fontsize=9.5)
    figure.legend(*axes[0].get_legend_handles_labels(), loc="outside upper center", ncols=4)
    return np.asarray(axes)


def _dots(ax: Axes, rows: pd.DataFrame, places: np.ndarray, colour: str, name: str) -> None:
    ax.hlines(places, rows["low"], rows["high"], color=colour, linewidth=1.8)
    ax.plot(rows["ours"], places, "o", color=colour, markersize=5.5, label=f"{name}, ours")
    hollow: Any = {"markerfacecolor": "white", "markeredgecolor": colour, "linestyle": "none"}
    ax.plot(rows["published"], places, marker="D", markersize=4.5, label=f"{name}, published", **hollow)


@styled
def differences(table: pd.DataFrame, metric: str, ax: Axes | None = None) -> Axes:
    """How far each recipe of one system is from the paper's in ``metric``: a dot with its paired interval.

    ``table`` holds the rows of one architecture and method out of ``summary.departures`` or ``summary.further``; a
    colour a supervision, and where there are several seeds a dot each.
    """
    title, table = ", ".join(table[["architecture", "method"]].iloc[0]), table[table["recipe"] != "paper"]
    names = list(dict.fromkeys(table["recipe"].map(departure_of)))[::-1]
    ax = axes_for(ax, 0.9 + 0.32 * len(names), "x")
    ax.axvline(0, color=INK, linewidth=1)
    column = f"{metric}_difference"
    seeds = table.get("seed", pd.Series(1, table.index))
    groups = table.groupby(["supervision", seeds.rename("of")])
    for away, ((name, seed), rows) in zip(_spread(groups.ngroups), groups, strict=True):
        places = rows["recipe"].map(departure_of).map(names.index) + away
        colour = COLOURS.get(str(name), BLUE)
        ax.hlines(places, rows[f"{column}_low"], rows[f"{column}_high"], color=colour, linewidth=1.8)
        label = str(name) if seed == seeds.min() else None
        ax.plot(rows[column], places, "o", color=colour, markersize=5.5, label=label)
    ax.set_yticks(range(len(names)), names, color=INK)
    ax.set_ylim(-0.6, len(names) - 0.4)
    ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=None, symbol=""))
    ax.set_xlabel(f"{' '.join(NAMES[metric])}, points of percent away from the paper's recipe")
    ax.set_title(title)
    ax.legend(loc="lower right", bbox_to_anchor=(1, 1), ncols=2)
    return ax


def _spread(count: int) -> np.ndarray:
    """Where ``count`` dots of one line lie, below one another: two of them 0.13 off the middle."""
    return (np.arange(count) - (count - 1) / 2) * min(0.26, 0.6 / max(count, 1))


@styled
def kinds(shares: pd.DataFrame, names: Sequence[str], ax: Axes | None = None) -> Axes:
    """The share of each kind among the hits of every system: a bar a ``row`` and seed, its parts as in ``names``."""
    table = shares.iloc[::-1]
    ax = axes_for(ax, 1.0 + 0.36 * len(table), "x")
    colours = [BLUE, SKY, GREEN, ORANGE, LINE] if len(names) > 4 else [BLUE, SKY, GREEN, ORANGE]
    left = np.zeros(len(table))
    for name, colour in zip(names, colours, strict=True):
        ax.barh(range(len(table)), table[name], left=left, color=colour, height=0.7, label=name)
        left += table[name].to_numpy(float)
    seeds = table["seed"].map(", seed {:.0f}".format) if table["seed"].nunique() > 1 else ""
    ax.set_yticks(range(len(table)), table["row"] + seeds, color=INK)
    ax.set(xlim=(0, 1), ylim=(-0.6, len(table) - 0.4), xlabel="share of the ten first utterances of every keyword")
    ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=len(names))
    return ax


@styled
def measure(table: pd.DataFrame, metric: str, of: str, label: str, ax: Axes | None = None) -> Axes:
    """One measure of every ``row``, a dot with its interval: a colour for each value of the column ``of``."""
    names, groups = list(dict.fromkeys(table["row"]))[::-1], list(table.groupby(of, sort=False))
    ax = axes_for(ax, 0.9 + 0.34 * len(names), "x")
    for away, colour, (name, rows) in zip(_spread(len(groups)), (BLUE, ORANGE, GREEN), groups, strict=False):
        places = rows["row"].map(names.index) - away
        ax.hlines(places, rows[f"{metric}_low"], rows[f"{metric}_high"], color=colour, linewidth=1.8)
        ax.plot(rows[metric], places, "o", color=colour, markersize=5.5, label=str(name))
    ax.set_yticks(range(len(names)), names, color=INK)
    ax.set(xlim=(0, None), ylim=(-0.6, len(names) - 0.4), xlabel=label)
    ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.legend(loc="lower right", bbox_to_anchor=(1, 1), ncols=len(groups))
    return ax


@styled
def ratios(table: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """How many times sooner each benchmark of ``stored.read_benchmarks`` ends, a bar each on a logarithmic axis."""
    rows = table.sort_values(["name", "architecture", "keywords"], ascending=False)
    ax = axes_for(ax, 0.8 + 0.24 * len(rows), "x")
    ax.barh(range(len(rows)), rows["ratio"] - 1, left=1, color=SKY, height=0.7)
    for place, ratio in enumerate(rows["ratio"]):
        ax.text(max(ratio, 1) * 1.05, place, f"{ratio:.1f}", va="center", fontsize=8.5, color=INK)
    names = rows[["name", "architecture"]].agg(" ".join, axis=1).str.replace("_", " ")
    counts = rows["keywords"].map(lambda count: f", {count} keywords" if count else "")
    ax.set_yticks(range(len(rows)), names + counts, color=INK)
    ax.set(xscale="log", ylim=(-0.6, len(rows) - 0.4), xlabel="times sooner")
    ax.set_xlim(min(1, rows["ratio"].min()), rows["ratio"].max() * 1.8)
    ax.xaxis.set_major_formatter(ScalarFormatter())
    return ax


@styled
def examples(rows: Mapping[str, np.ndarray], ax: Axes | None = None) -> Axes:
    """Some small pictures (N, S, S), 1 where the ink is, a line for each kind of ``rows``."""
    ax = bare(ax, 0.2 + 0.62 * len(rows))
    for place, (name, pictures) in enumerate(rows.items()):
        for column, picture in enumerate(pictures):
            ax.imshow(picture, cmap="Greys", vmin=0, vmax=1, extent=(column, column + 0.9, -place - 0.9, -place))
        ax.text(-0.15, -place - 0.45, name, ha="right", va="center", fontsize=9)
    ax.set(xlim=(-3.2, max(map(len, rows.values()))), ylim=(-len(rows), 0.1))
    return ax


@styled
def shots(table: pd.DataFrame, axes: Sequence[Axes] | None = None) -> np.ndarray:
    """Accuracy by examples a class, with intervals: a panel a ``task``, a line a ``method``."""
    groups = list(table.groupby("task", sort=False))
    if axes is None:
        own = plt.figure(figsize=(WIDTH, 3.2), layout="constrained")
        axes = own.subplots(1, len(groups), sharey=True, squeeze=False)[0]
    for (task, rows), ax in zip(groups, axes, strict=True):
        axes_for(ax, 0)
        for method, own_rows in rows.groupby("method", sort=False):
            colour, line = STROKES[str(method)]
            ax.fill_between(own_rows["shots"], own_rows["low"], own_rows["high"], color=colour, alpha=0.15, linewidth=0)
            ax.plot(own_rows["shots"], own_rows["accuracy"], line, color=colour, markersize=3.5, label=method)
        ax.set(title=task, xlabel="examples a class")
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes[0].yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    axes[0].set_ylabel("right")
    figure: Any = axes[0].figure
    figure.legend(*axes[0].get_legend_handles_labels(), loc="outside upper center", ncols=6)
    return np.asarray(axes)


@styled
def taken(table: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Which word is taken for which: ``asked, taken, share``, a row an asked word, its shares in percent."""
    order = list(dict.fromkeys([*table["asked"], *table["taken"]]))
    wide = table.pivot_table(index="asked", columns="taken", values="share", aggfunc="mean", fill_value=0.0)
    wide = wide.reindex(index=order, columns=order, fill_value=0.0)
    ax, shares = axes_for(ax, 0.8 + 0.34 * len(wide), None), wide.to_numpy(float)
    ax.imshow(shares, cmap="Blues", vmin=0, vmax=1, aspect="auto")
    for row, column in np.argwhere(shares >= LEGIBLE):
        value = shares[row, column]
        ax.text(
            column,
            row,
            f"{100 * value:.0f}",
            ha="center",
            va="center",
            fontsize=8.5,
            color="white" if value > 0.55 else INK,
        )
    ax.set_xticks(range(wide.shape[1]), wide.columns, color=INK)
    ax.set_yticks(range(len(wide)), wide.index, color=INK)
    ax.set(xlabel="taken for", ylabel="asked")
    return ax


@styled
def growth(table: pd.DataFrame, axes: np.ndarray | None = None) -> np.ndarray:
    """Time and memory against each ``quantity`` of ``bench/growth.csv``, two rows of panels.

    The dashed line starts with the first point and grows in proportion to the quantity.
    """
    groups = list(table.groupby("quantity", sort=False))
    if axes is None:
        own = plt.figure(figsize=(WIDTH, 4.2), layout="constrained")
        axes = own.subplots(2, len(groups), sharex="col", squeeze=False)
    for (quantity, rows), column in zip(groups, axes.T, strict=True):
        for ax, name in zip(column, ("seconds", "peak_mib"), strict=True):
            axes_for(ax, 0, "both")
            ax.plot(rows["value"], rows[name], "o-", color=BLUE, markersize=4.5)
            ends = rows["value"].iloc[[0, -1]]
            ax.plot(ends, rows[name].iloc[0] * ends / ends.iloc[0], "--", color=LINE, linewidth=1, zorder=0)
            ax.set_xlim(0, rows["value"].max() * 1.08)
            ax.set_ylim(0, rows[name].max() * 1.15)
        column[1].set_xlabel(quantity)
    axes[0, 0].set_ylabel("seconds")
    axes[1, 0].set_ylabel("MiB at most")
    return axes


@styled
def tagged_picture(image: Image.Image, tags: pd.Series, said: pd.Series, ax: Axes | None = None, most: int = 5) -> Axes:
    """A picture with its ``most`` strongest soft tags as bars below it; words that its captions say are bold."""
    ax = bare(ax, 4.2, 2.6)
    ax.imshow(image, extent=(0, 1, 0.6, 1.6))
    for row, (word, tag) in enumerate(tags.nlargest(most).items()):
        spoken, bottom = bool(said.get(word, False)), 0.5 - 0.115 * row
        ax.barh(bottom, tag, height=0.095, color="#b9dcef" if spoken else SOFT)
        text: Any = {"va": "center", "fontsize": 8.5, "fontweight": "bold" if spoken else "normal"}
        ax.text(0.02, bottom, f"{word} ✓" if spoken else str(word), **text)
        ax.text(0.98, bottom, f"{tag:.2f}", ha="right", color=QUIET, **text)
    ax.set(xlim=(0, 1), ylim=(0.5 - 0.115 * most, 1.6), aspect="equal")
    return ax


@styled
def features(values: np.ndarray, times: np.ndarray, ax: Axes | None = None) -> Axes:
    """Features (T, D) of an utterance over time in seconds; 39 of them are MFCCs with their first and second slopes."""
    ax = axes_for(ax, 2.6, None)
    count = values.shape[1]
    extent = (float(times[0]), float(times[-1]), -0.5, count - 0.5)
    ax.imshow(values.T, aspect="auto", origin="lower", extent=extent, cmap="cividis", vmin=-2.5, vmax=2.5)
    if count == 39:
        ax.set_yticks([6, 19, 32], ["MFCC", "Δ", "ΔΔ"])
        for border in (12.5, 25.5):
            ax.axhline(border, color="white", linewidth=1)
    else:
        ax.set_ylabel("coefficient")
    ax.set_xlabel("seconds")
    return ax


@styled
def score_map(
    samples: np.ndarray,
    rate: int,
    words: pd.DataFrame,
    alpha: np.ndarray,
    times: np.ndarray,
    keyword: str,
    *,
    title: str | None = None,
    score: float | None = None,
    forms: Sequence[str] = (),
    ax: Axes | None = None,
) -> Axes:
    """Waveform, words and localisation scores of one utterance (Figure 7 of Olaleye et al. 2022).

    ``samples`` (N,) at ``rate`` a second; ``words`` with ``word, start, end`` in seconds; α (F,) at ``times`` (F,) in
    seconds, drawn between its lowest and highest value; ``score`` of detection. Grey lines are word borders, tinted
    are the occurrences of the keyword (or of its ``forms``), and the pin is the highest score: green where it is right.
    """
    ax, length = axes_for(ax, 1.9, None), len(samples) / rate
    _wave(ax, samples, rate)
    place = float(confusions.peaks(alpha, times)[0])
    said = words[words["word"].isin([*forms, keyword])]
    for start, end in zip(said["start"], said["end"], strict=True):
        ax.axvspan(start, end, color="#cfeadf", zorder=0, linewidth=0)
    right = bool(((said["start"] <= place) & (place <= said["end"])).any())
    _pin(ax, alpha, times, place, GREEN if right else ORANGE)
    _spoken_words(ax, words, place, length)
    known = "" if score is None else f", score {score:.2f}"
    said_so = "rightly placed" if right else "not said" if said.empty else "wrongly placed"
    ax.set_title(f"{title + ': ' if title else ''}“{keyword}”{known}, {said_so}")
    ax.set(xlim=(0, length), ylim=(0, 2.6), xlabel="seconds")
    ax.set_yticks([0, 1], [_short(value, float(np.ptp(alpha))) for value in (np.min(alpha), np.max(alpha))])
    ax.spines["left"].set_visible(False)
    return ax


def _short(value: float, scale: float) -> str:
    """A number of two digits; one that is nothing beside the scale is 0."""
    return "0" if abs(value) < scale / 100 else f"{value:.2g}"


def _wave(ax: Axes, samples: np.ndarray, rate: int, columns: int = 900) -> None:
    """The outline of the waveform in a band above the words."""
    size = max(1, len(samples) // columns)
    blocks = samples[: len(samples) // size * size].reshape(-1, size)
    times = (np.arange(len(blocks)) + 0.5) * size / rate
    loudest = max(float(np.abs(samples).max()), 1e-9)
    low, high = (2.18 + 0.38 * side / loudest for side in (blocks.min(axis=1), blocks.max(axis=1)))
    ax.fill_between(times, low, high, color="#7b8896", linewidth=0.4)


def _pin(ax: Axes, alpha: np.ndarray, times: np.ndarray, place: float, colour: str) -> None:
    height = (alpha - np.min(alpha)) / max(float(np.ptp(alpha)), 1e-12)
    ax.fill_between(times, 0, height, color=SKY, alpha=0.45, linewidth=0)
    ax.plot(times, height, color=BLUE, linewidth=1.4)
    ax.plot([place, place], [0, 1.04], color=colour, linewidth=1.6)
    ax.plot(place, 1.04, marker="v", color=colour, markersize=7)


def _spoken_words(ax: Axes, words: pd.DataFrame, place: float, length: float) -> None:
    """The words between their borders, in two rows where they are too long for one; the located one is bold."""
    for border in np.unique(words[["start", "end"]].to_numpy()):
        ax.plot([border, border], [0, 2.6], color=LINE, linewidth=0.7, zorder=0.5)
    letter = 0.085 * length / max(ax.get_window_extent().width / ax.figure.dpi, 1)  # seconds that a letter takes
    ends = [-1.0, -1.0]
    for start, end, word in words[["start", "end", "word"]].sort_values("start").itertuples(index=False):
        half, middle = letter * len(word) / 2, (start + end) / 2
        row = 0 if middle - half >= ends[0] or ends[0] <= ends[1] else 1
        ends[row] = middle + half
        bold: Any = {"color": BLUE, "fontweight": "bold"} if start <= place <= end else {"color": INK}
        ax.text(middle, 1.34 + 0.26 * row, word, ha="center", va="center", fontsize=8.5, clip_on=True, **bold)


@styled
def curves(table: pd.DataFrame, axes: Sequence[Axes] | None = None) -> np.ndarray:
    """The panels of one figure out of ``summary.curves``, one below another; returns their axes.

    As ``score_map``, without the words: loudness, word borders, tinted occurrences of the keyword, scores, and a pin
    where they are highest, green where that is right.
    """
    panels = [rows for _, rows in table.groupby("panel")]
    if axes is None:
        own = plt.figure(figsize=(WIDTH, 1.75 * len(panels)), layout="constrained")
        axes = list(own.subplots(len(panels), 1, squeeze=False)[:, 0])
    for rows, ax in zip(panels, axes, strict=True):
        _curve(axes_for(ax, 0, None), rows)
    axes[-1].set_xlabel("seconds")
    return np.asarray(axes)


def _curve(ax: Axes, rows: pd.DataFrame) -> None:
    parts = {name: rows.loc[rows["what"] == name, ["time", "value"]].to_numpy(float).T for name in CURVE}
    times, loud = parts["loudness"]
    ax.fill_between(times, 1.8 - 0.5 * loud, 1.8 + 0.5 * loud, color="#7b8896", linewidth=0.4)
    for start, end in parts["said"].T:
        ax.axvspan(start, end, color="#cfeadf", zorder=0, linewidth=0)
    ax.vlines(parts["border"][0], 0, 2.4, color=LINE, linewidth=0.7, zorder=0.5)
    ((place,), (right,)) = parts["place"]
    _pin(ax, parts["score"][1], parts["score"][0], place, GREEN if right else ORANGE)
    said_so = "rightly placed" if right else "not said" if not parts["said"].size else "wrongly placed"
    ax.set_title(f"“{rows['keyword'].iloc[0]}”, score {parts['detection'][1][0]:.2f}, {said_so}")
    ax.set(xlim=(0, times[-1]), ylim=(0, 2.4), yticks=[])
    ax.spines["left"].set_visible(False)
