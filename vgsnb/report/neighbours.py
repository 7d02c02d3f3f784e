"""What lies near what, on a page: queries with what they find, to see and to hear, and tables of ranks."""

import base64
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from PIL import Image

from vgsnb.report.player import asset, clip, data_url
from vgsnb.report.tables import Cell, Row, html_table, measure_cell, of_corpus, percent

PUBLISHED = Path(__file__).with_name("wordlearning_published.csv")
TRAINED = "trained"
NAMES = {
    "median_rank": ("Rank", "median"),
    "mean_rank": ("Rank", "mean"),
    "chance_rank": ("Rank", "mean in random order"),
    "r1": ("Recall at", "1"),
    "r5": ("Recall at", "5"),
    "r10": ("Recall at", "10"),
    "r25": ("Recall at", "25"),
}
LOUD = 0.5  # of full scale, the loudest sample of every sound


class Shown(NamedTuple):
    """One thing on the page: what there is of a picture, a sound (samples and their rate) and a text.

    ``right`` says of what was found whether it belongs to the query; None where nobody asks.
    """

    text: str
    picture: Image.Image | None = None
    sound: tuple[npt.NDArray[np.float32], int] | None = None
    right: bool | None = None


def neighbours(rows: Sequence[tuple[Shown, Sequence[Shown]]], caption: str) -> str:
    """Queries, each with what it finds, the nearest first; what is right has a frame and a tick."""
    body = "".join(
        f'<div class="vgsnb-query">{_item(query)}</div><ol class="vgsnb-found">'
        + "".join(f"<li>{_item(each)}</li>" for each in found)
        + "</ol>"
        for query, found in rows
    )
    style = f"<style>{asset('neighbours.css')}</style>"
    return f'{style}<section class="vgsnb-near"><p><b>{escape(caption)}</b></p>{body}</section>'


def _item(shown: Shown) -> str:
    kind = "" if shown.right is None else " is-right" if shown.right else ""
    parts = [] if shown.picture is None else [f'<img src="{data_url(shown.picture)}" alt="{escape(shown.text)}">']
    parts += (
        [] if shown.sound is None else [f'<audio controls preload="metadata" src="{_sound(*shown.sound)}"></audio>']
    )
    tick = "" if shown.right is None else "✓ " if shown.right else "✗ "
    parts.append(f"<figcaption>{tick}{escape(shown.text)}</figcaption>")
    return f'<figure class="vgsnb-item{kind}">{"".join(parts)}</figure>'


def _sound(samples: npt.NDArray[np.float32], rate: int) -> str:
    loudest = max(float(np.abs(samples).max(initial=0.0)), 1e-6)
    return "data:audio/mpeg;base64," + base64.b64encode(clip(samples * (LOUD / loudest), rate)).decode()


def published() -> pd.DataFrame:
    """The tables of Synnaeve et al. (2014): ``task, model``, ranks and recalls; NaN where it has none."""
    return pd.read_csv(PUBLISHED)


def words_html(table: pd.DataFrame) -> str:
    """Ranks and recalls of learning words, trained beside random projections, the published below them."""
    metrics = ("median_rank", "mean_rank", "chance_rank", "r1", "r5", "r10", "r25")
    theirs = published().assign(chance_rank=np.nan).set_index(["task", "model"])
    rows = [
        Row(
            (f"{row['task'].replace('-', ' ')}, {row['model']}",), _cells(row, metrics, theirs), row["model"] != TRAINED
        )
        for row in table.to_dict("records")
    ]
    pools = ", ".join(f"{count:,}" for count in sorted(table["pool"].unique()))
    note = (
        f"Recalls in percent; [95 % interval over pictures]. Pools of {pools}. Slanted: a random projection. "
        "(In brackets: published, other pictures and words, so only the two models of a task compare.)"
    )
    caption = of_corpus("What finds what", table)
    return html_table(["Task and model"], [NAMES[m] for m in metrics], rows, caption, note)


def _cells(row: dict[Any, Any], metrics: Sequence[str], theirs: pd.DataFrame) -> tuple[Cell, ...]:
    cells = []
    for metric in metrics:
        cell = _rank(row, metric) if metric.endswith("_rank") else measure_cell(row, metric)
        known = theirs[metric].get((row["task"], row["model"]), np.nan)
        if pd.notna(known):
            said = f"({known:g})" if metric.endswith("_rank") else f"({percent(known)})"
            cell = Cell(cell.text, (*cell.below, said))
        cells.append(cell)
    return tuple(cells)


def _rank(row: dict[Any, Any], metric: str) -> Cell:
    low, high = (row.get(f"{metric}_{bound}", np.nan) for bound in ("low", "high"))
    around = () if pd.isna(low) else (f"[{low:.1f}, {high:.1f}]",)
    return Cell(f"{row[metric]:.1f}", around)


def ways_html(table: pd.DataFrame) -> str:
    """Ways to learn words, compared: the mean rank in every task, and the time that a training took."""
    tasks = [str(task) for task in table["task"].unique()]
    rows = []
    for way, own in table.groupby("way", sort=False):
        found = {row["task"]: row for row in own.to_dict("records")}
        seconds = own["seconds"].iloc[0]
        cells = [_rank(found[task], "mean_rank") for task in tasks]
        name = f"{way}, {own['seeds'].iloc[0]} seed(s)"
        rows.append(Row((name,), (*cells, Cell("–" if pd.isna(seconds) else f"{seconds:.0f}")), pd.isna(seconds)))
    columns = [*(("Mean rank", task.replace("-", " ")) for task in tasks), ("Training", "seconds")]
    note = "Low is good; [95 % interval over pictures]. Means over seeds; the time is that of one."
    return html_table(["Way"], columns, rows, of_corpus("Ways to learn", table), note)


def retrieval_html(table: pd.DataFrame) -> str:
    """Retrieval in the joint space: recalls and the median rank both ways, beside chance."""
    rows = []
    for row in table.to_dict("records"):
        cells = [measure_cell(row, f"r{k}") for k in (1, 5, 10)]
        cells += [_rank(row, "median_rank"), Cell(percent(row["chance_r10"]))]
        rows.append(Row((row["direction"].replace("-", " "), row["way"]), tuple(cells)))
    columns = [*(NAMES[f"r{k}"] for k in (1, 5, 10)), NAMES["median_rank"], ("Chance", "recall at 10")]
    pools = " and ".join(f"{count:,}" for count in table["pool"].unique())
    note = f"Recalls in percent; [95 % interval over pictures]. Pools of {pools}; {table['seeds'].max()} seed(s)."
    caption = of_corpus("Captions and pictures that find each other", table)
    return html_table(["Direction", "Way"], columns, rows, caption, note)


def by_example_html(table: pd.DataFrame) -> str:
    """Keyword spotting whose queries are examples: ``query, examples, p10, pn, eer, average_precision``."""
    metrics = {"p10": "P@10", "pn": "P@N", "eer": "EER (low is good)", "average_precision": "average precision"}
    several = table["seed"].nunique() > 1
    rows = [
        Row((_asked(row, several),), tuple(measure_cell(row, metric) for metric in metrics), not row["examples"])
        for row in table.to_dict("records")
    ]
    note = "Percent [95 % interval over pictures]. Slanted: asked by no example."
    caption = of_corpus("Keywords that are asked for by examples", table)
    return html_table(["Query"], [(name,) for name in metrics.values()], rows, caption, note)


def _asked(row: dict[Any, Any], several: bool) -> str:
    if not row["examples"]:
        return str(row["query"])
    seed = f", seed {row['seed']}" if several else ""
    return f"{row['examples']} {row['query']}{'s' if row['examples'] > 1 else ''}{seed}"
