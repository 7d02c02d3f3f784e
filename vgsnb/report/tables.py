"""Tables of the book: ours, and the papers' numbers beside them, as data frames and as HTML that suits both themes.

Results come as in ``runs/<preset>/summary``: a row a system and seed, a column a measure, and where there are
intervals two more, ``<measure>_low`` and ``<measure>_high``. Values are fractions; tables show percent.
"""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from vgsnb.errors import UserError, require_known
from vgsnb.evaluation.confusions import KINDS, shares_of_kinds
from vgsnb.evaluation.intervals import bounds, spread
from vgsnb.further import Part
from vgsnb.released import Departure

PUBLISHED = Path(__file__).with_name("published.csv")
STYLE = Path(__file__).with_name("tables.css")
SYSTEM = ["architecture", "method", "supervision"]
PLACED = ("oracle_accuracy", "actual_precision", "actual_recall", "actual_f1", "spotting_p10", "spotting_pn")
FOUND = ("precision", "recall", "f1", "p10", "pn", "eer", "average_precision")
BOUNDS = ("low", "high")
HEADLINE = ("oracle_accuracy", "actual_f1", "spotting_p10")
SEEDED = (*HEADLINE, "f1", "p10", "average_precision")
USES_TEXT = "perfect-ears"  # reads the caption
NO_MODEL = (USES_TEXT, "permuted", "chance-random", "chance-middle")  # rows to compare with, out of competition
LOW_IS_GOOD = ("eer",)
NAMES = {
    "oracle_accuracy": ("Oracle", "accuracy"),
    "actual_precision": ("Actual", "P"),
    "actual_recall": ("Actual", "R"),
    "actual_f1": ("Actual", "F1"),
    "spotting_p10": ("Spotting localisation", "P@10"),
    "spotting_pn": ("Spotting localisation", "P@N"),
    "precision": ("Detection", "P"),
    "recall": ("Detection", "R"),
    "f1": ("Detection", "F1"),
    "p10": ("Spotting", "P@10"),
    "pn": ("Spotting", "P@N"),
    "eer": ("Spotting", "EER (low is good)"),
    "average_precision": ("Spotting", "average precision"),
    "related_accuracy": ("Oracle", "related too"),
}
CAPTIONS = {
    (2022, "II"): "Table II of Olaleye et al. (2022): three localisation tasks",
    (2022, "III"): "Table III of 2022: actual localisation, and the detection that bounds it",
    (2022, "IV"): "Table IV of 2022: spotting localisation, and the spotting that bounds it",
    (2021, "1"): "Table 1 of Olaleye and Kamper (2021): actual localisation",
    (2021, "2"): "Table 2 of 2021: detection",
}


def published() -> pd.DataFrame:
    """Every number of Tables II to IV of 2022 and 1 and 2 of 2021, and the four shares of 2021's error analysis.

    Columns ``paper, table, architecture, method, supervision, task, metric, value, theta``: fractions; the paper by its
    year; ``metric`` as our summaries call it; no ``theta`` where the task has none.
    """
    table = pd.read_csv(PUBLISHED, dtype={"table": str})
    return table.assign(method=table["method"].fillna(""))


def of_corpus(caption: str, table: pd.DataFrame) -> str:
    """``caption`` with the names in the column ``corpus`` of ``table``, where it has one."""
    names = list(table["corpus"].dropna().unique()) if "corpus" in table else list[str]()
    return " – ".join([caption, *(str(name) for name in names if name)])


def long_form(summary: pd.DataFrame, metrics: Sequence[str]) -> pd.DataFrame:
    """A summary as rows ``architecture, method, supervision, seed, theta, corpus, metric, ours, low, high``.

    A summary of no system at all gives no rows.
    """
    names = ["architecture", "method", "supervision", "seed", "theta"]
    if summary.empty:
        return pd.DataFrame({name: pd.Series(dtype=float) for name in [*names, "corpus", "metric", "ours", *BOUNDS]})
    missing = [name for name in (*(n for n in names if n != "method"), *metrics) if name not in summary]
    if missing:
        raise UserError(f"A summary has no column {missing[0]!r}; make it anew with `vgsnb run results`.")
    base = summary.assign(method=summary.get("method", pd.Series("", index=summary.index)))
    tables = [
        base[names].assign(
            corpus=base.get("corpus", ""),
            metric=metric,
            ours=base[metric],
            low=base.get(f"{metric}_low", np.nan),
            high=base.get(f"{metric}_high", np.nan),
        )
        for metric in metrics
    ]
    return pd.concat(tables, ignore_index=True)


def compare(localisation: pd.DataFrame, detection: pd.DataFrame) -> pd.DataFrame:
    """The published numbers with ours beside them, cell by cell.

    The columns of ``published`` and ``seed, theta_ours, corpus, ours, low, high, difference`` (ours minus published);
    where ours is missing they are NaN. A published detection or spotting number belongs to a model, whatever its
    method. Of several thresholds of ours the one nearest to the published is taken.
    """
    placed, found = long_form(localisation, PLACED), long_form(detection, FOUND)
    theirs, ours = published(), pd.concat([placed, found], ignore_index=True).rename(columns={"theta": "theta_ours"})
    theirs = theirs.assign(cell=range(len(theirs)), of=theirs["method"].where(theirs["metric"].isin(PLACED), ""))
    keys = ["architecture", "supervision", "metric", "of"]
    ours = ours.rename(columns={"method": "of"}).astype(dict.fromkeys(keys, object))
    table = theirs.astype(dict.fromkeys(keys, object)).merge(ours, how="left", on=keys)
    table["away"] = (table["theta_ours"] - table["theta"]).abs()
    table = table.sort_values(["cell", "seed", "away"]).drop_duplicates(["cell", "seed"])
    table["difference"] = table["ours"] - table["value"]
    table = table.rename(columns={"value": "published"})
    return table.drop(columns=["cell", "of", "away"]).reset_index(drop=True)


@dataclass(frozen=True)
class Cell:
    """What stands in a cell: text, smaller lines below it, whether it is marked as the best, whether it is words."""

    text: str
    below: tuple[str, ...] = ()
    best: bool = False
    words: bool = False


@dataclass(frozen=True)
class Row:
    """Heads and cells of a row; ``aside`` for rows that are no models of ours."""

    heads: tuple[str, ...]
    cells: tuple[Cell, ...]
    aside: bool = False


def html_table(
    heads: Sequence[str], columns: Sequence[tuple[str, ...]], rows: Iterable[Row], caption: str, note: str = ""
) -> str:
    """A table as HTML, everything escaped; a column's name may have several lines, equal neighbours are joined."""
    rows = list(rows)
    body = "".join(_row(row) for row in rows)
    texts = {name for row in rows for name, cell in zip(columns, row.cells, strict=True) if cell.words}
    said = f"<b>{escape(caption)}</b>" + (f"<span>{escape(note)}</span>" if note else "")
    table = f"<caption>{said}</caption><thead>{_head(heads, columns, texts)}</thead><tbody>{body}</tbody>"
    style = f"<style>{STYLE.read_text(encoding='utf-8')}</style>"
    return f'{style}<div class="vgsnb-table-frame" tabindex="0"><table class="vgsnb-results">{table}</table></div>'


def _head(heads: Sequence[str], columns: Sequence[tuple[str, ...]], texts: Container[tuple[str, ...]]) -> str:
    """The lines of a table's head; the names of columns of words, ``texts``, begin where those begin."""
    levels, lines = len(columns[0]), []
    for level in range(levels):
        spans = [(len(list(group)), path) for path, group in groupby(column[: level + 1] for column in columns)]
        own = (
            "".join(f'<th scope="col" class="text" rowspan="{levels}">{escape(name)}</th>' for name in heads)
            if level == 0
            else ""
        )
        cells = "".join(
            f'<th scope="{_scope(width)}"{_span(width)}{_kind(path in texts)}>{escape(path[-1])}</th>'
            for width, path in spans
        )
        lines.append(f"<tr>{own}{cells}</tr>")
    return "".join(lines)


def _scope(width: int) -> str:
    return "colgroup" if width > 1 else "col"


def _span(width: int) -> str:
    return f' colspan="{width}"' if width > 1 else ""


def _kind(text: bool) -> str:
    return ' class="text"' if text else ""


def _row(row: Row) -> str:
    heads = "".join(f'<th scope="row">{escape(name)}</th>' for name in row.heads)
    cells = "".join(_cell(cell) for cell in row.cells)
    return f"<tr class='{'aside' if row.aside else 'ours'}'>{heads}{cells}</tr>"


def _cell(cell: Cell) -> str:
    kinds = " ".join(name for name, on in (("best", cell.best), ("text", cell.words)) if on)
    below = "".join(f"<small>{escape(line)}</small>" for line in cell.below)
    return f"<td class='{kinds}'><b>{escape(cell.text)}</b>{below}</td>"


def percent(value: float, signed: bool = False) -> str:
    """A fraction in percent with one place; a dash for what is missing."""
    return "–" if pd.isna(value) else f"{100 * value:{'+' if signed else ''}.1f}".replace("-", "−")


def _interval(low: float, high: float) -> tuple[str, ...]:
    return () if pd.isna(low) or pd.isna(high) else (f"[{percent(low)}, {percent(high)}]",)


def comparison_html(compared: pd.DataFrame, table: str, paper: int = 2022) -> str:
    """One table of a paper: in every cell ours with its interval, below it the published number and the difference.

    The best of ours in each column is marked, and the best published one has an asterisk, among the rows of that table.
    """
    require_known("published table", f"{table} of {paper}", [f"{name} of {year}" for year, name in CAPTIONS])
    rows = compared[(compared["table"] == table) & (compared["paper"] == paper)]
    columns = [(metric, name) for metric in rows["metric"].unique() for name in rows["supervision"].unique()]
    best = rows.groupby(["metric", "supervision"])[["ours", "published"]].transform("max")
    cells = rows.assign(best=rows["ours"] == best["ours"], first=rows["published"] == best["published"])
    keys = ["architecture", "method", *(["seed"] if rows["seed"].nunique() > 1 else [])]
    body = [
        Row(_system(*found), tuple(_beside(group, *column) for column in columns))
        for found, group in cells.groupby(keys, sort=False, dropna=False)
    ]
    names = [(*NAMES[metric], name) for metric, name in columns]
    note = "Percent. Ours [95 % interval over pictures]; below it published (ours − published). * best published."
    return html_table(["System"], names, body, of_corpus(CAPTIONS[paper, table], rows), note)


def _system(architecture: Any, method: Any, seed: Any = None) -> tuple[str, ...]:
    number = "" if pd.isna(seed) else f"seed {seed:.0f}"
    return (", ".join(part for part in (architecture, method, number) if part),)


def _beside(group: pd.DataFrame, metric: str, supervision: str) -> Cell:
    found = group[(group["metric"] == metric) & (group["supervision"] == supervision)]
    if found.empty:
        return Cell("")
    row = found.iloc[0]
    away = f" ({percent(row['difference'], signed=True)})" if pd.notna(row["ours"]) else ""
    theirs = f"{percent(row['published'])}{'*' if row['first'] else ''}{away}"
    return Cell(percent(row["ours"]), (*_interval(row["low"], row["high"]), theirs), bool(row["best"]))


def measures_html(
    table: pd.DataFrame, names: Sequence[str], metrics: Sequence[str], caption: str, note: str = ""
) -> str:
    """A summary as it is: a row a system, the best model of each supervision marked in every measure."""
    caption = of_corpus(caption, table)
    models = ~table[[n for n in ("architecture", "method") if n in table]].isin(NO_MODEL).any(axis=1)
    signs = pd.Series({metric: -1 if metric in LOW_IS_GOOD else 1 for metric in metrics})
    values = (table[list(metrics)] * signs).where(models)
    best = values.eq(values.groupby(table["supervision"]).transform("max"))
    rows = [
        Row(
            tuple(f"{row[name]} (uses text)" if row[name] == USES_TEXT else str(row[name]) for name in names),
            tuple(measure_cell(row, metric, marked[metric]) for metric in metrics),
            aside=not model,
        )
        for row, marked, model in zip(table.to_dict("records"), best.to_dict("records"), models, strict=True)
    ]
    return html_table([name.capitalize() for name in names], [NAMES[m] for m in metrics], rows, caption, note)


def measure_cell(row: Mapping[Any, Any], metric: str, best: bool = False) -> Cell:
    """A measure of a row of a summary with its interval below, as far as the row has them."""
    around = _interval(row.get(f"{metric}_low", np.nan), row.get(f"{metric}_high", np.nan))
    return Cell(percent(row.get(metric, np.nan)), around, bool(best))


MARKED = "Percent [95 % interval over pictures]. Marked: the best model of each supervision. Slanted: no model of ours."


def localisation_html(table: pd.DataFrame) -> str:
    """The summary of localisation: all methods, chance, the best pair and perfect ears.

    What is the same in every row, as on the page of one model, stands in the caption and takes no column.
    """
    same = [name for name in ("architecture", "supervision") if table[name].nunique() == 1]
    names = [name for name in SYSTEM if name not in same]
    caption = ", ".join(["Localisation", *(str(table[name].iloc[0]) for name in same)])
    return measures_html(table, names, PLACED, caption, f"θ = {_theta(table)}. {MARKED}")


def detection_html(table: pd.DataFrame) -> str:
    """The summary of detection and spotting."""
    names = ["architecture", "supervision"]
    return measures_html(
        table.reset_index(drop=True), names, FOUND, "Detection and spotting", f"θ = {_theta(table)}. {MARKED}"
    )


def seeds_html(table: pd.DataFrame) -> str:
    """The means over seeds of ``summary.by_seed``, the lowest and the highest; a sentence where there is one seed."""
    seeds = [f"{seed}" for seed in table["seed"].unique()]
    if len(seeds) == 1:
        return f"<p><em>This preset trains with one seed, {seeds[0]}.</em></p>"
    over = spread(table, SYSTEM, SEEDED).set_index("metric")
    rows = [
        Row(tuple(map(str, system)), tuple(map(_over_seeds, group.loc[list(SEEDED)].to_dict("records"))))
        for system, group in over.groupby(SYSTEM, sort=False)
    ]
    note = f"θ = {_theta(table)}. Percent, means over the seeds {', '.join(seeds)} [the lowest, the highest]."
    heads, columns = [name.capitalize() for name in SYSTEM], [NAMES[metric] for metric in SEEDED]
    return html_table(heads, columns, rows, of_corpus("One architecture, several seeds", table), note)


def _over_seeds(row: dict[Any, Any]) -> Cell:
    return Cell(percent(row["mean"]), _interval(row["lowest"], row["highest"]))


def voices_html(table: pd.DataFrame) -> str:
    """Unseen beside seen voices: the columns ``f1 test``, ``f1 test-seen`` and so on of ``summary.voices``.

    A sentence where it is empty.
    """
    if table.empty:
        return "<p><em>This corpus has its test captions in one voice each.</em></p>"
    metrics = [str(name) for name in table if " test" in str(name)]
    kinds = {"test": "unseen voices", "test-seen": "seen voices"}
    columns = [(*NAMES[metric], kinds[split]) for metric, split in (name.split(" ") for name in metrics)]
    rows = [
        Row((row["architecture"], row["supervision"]), tuple(Cell(percent(row[name])) for name in metrics))
        for row in table.to_dict("records")
    ]
    caption = of_corpus("The same captions in other voices", table)
    return html_table(["Architecture", "Supervision"], columns, rows, caption, "Percent.")


def _theta(table: pd.DataFrame) -> str:
    return ", ".join(f"{theta:g}" for theta in sorted(table["theta"].unique()))


def _contrast(table: pd.DataFrame, resamples: pd.DataFrame, of: str, plus: str, minus: str) -> pd.DataFrame:
    """Of each system the value at ``plus`` minus that at ``minus`` of the column ``of``, ours and published.

    Ours with its interval: both are measured on the same ``resamples``, a column a system and metric.
    """
    ours = long_form(table, HEADLINE)[[*SYSTEM, "seed", "metric", "ours"]]
    theirs = published().query("table == 'II'").rename(columns={"value": "published"})[[*SYSTEM, "metric", "published"]]
    both = ours.merge(theirs, how="left", on=[*SYSTEM, "metric"])
    keys = [name for name in (*SYSTEM, "seed", "metric") if name != of]
    first, second = (both[both[of] == value].set_index(keys)[["ours", "published"]] for value in (plus, minus))
    order = [key for key in first.index if key in second.index]
    found = (first.loc[order] - second.loc[order]).reset_index()
    columns = [tuple(row) for row in found.assign(**{of: plus})[[*SYSTEM, "metric"]].itertuples(index=False)]
    others = [tuple(row) for row in found.assign(**{of: minus})[[*SYSTEM, "metric"]].itertuples(index=False)]
    differences = pd.DataFrame(resamples[columns].to_numpy() - resamples[others].to_numpy())
    known = {name: table[name].iloc[0] for name in ("recipe", "corpus") if name in table}
    return found.join(bounds(found["ours"], differences, least=-1.0)[[*BOUNDS]]).assign(**known)


def supervision_penalty(localisation: pd.DataFrame, resamples: pd.DataFrame) -> pd.DataFrame:
    """What learning from pictures costs: BoW minus VGS of every system, ``architecture, method, seed, metric, ours,
    published, low, high`` (fractions; Section V-A of 2022: "the penalty we pay")."""
    return _contrast(_systems(localisation, resamples), resamples, "supervision", "BoW", "VGS")


def pooling_effect(localisation: pd.DataFrame, resamples: pd.DataFrame) -> pd.DataFrame:
    """What pooling in the encoder does: CNN-PoolAttend minus CNN-Attend, ``method, supervision, seed, metric, ours,
    published, low, high`` (fractions; Section V-B of 2022)."""
    return _contrast(_systems(localisation, resamples), resamples, "architecture", "CNN-PoolAttend", "CNN-Attend")


def _systems(localisation: pd.DataFrame, resamples: pd.DataFrame) -> pd.DataFrame:
    """The rows of single models and real methods: no chance, no pair, no perfect ears."""
    models = localisation["architecture"].isin(resamples.columns.get_level_values(0))
    return localisation[models & ~localisation["method"].isin(NO_MODEL)]


def penalty_html(penalty: pd.DataFrame) -> str:
    """The table of ``supervision_penalty``."""
    note = "Points of percent that BoW supervision is ahead [95 % interval over pictures]; below, in the paper."
    return _contrast_html(penalty, ["architecture", "method"], "The price of learning from pictures: BoW − VGS", note)


def pooling_effect_html(effect: pd.DataFrame) -> str:
    """The table of ``pooling_effect``."""
    note = "Points of percent that the pooling encoder is ahead [95 % interval over pictures]; below, in the paper."
    caption = "Pooling in the encoder: CNN-PoolAttend − CNN-Attend"
    return _contrast_html(effect, ["method", "supervision"], caption, note)


def _contrast_html(table: pd.DataFrame, names: list[str], caption: str, note: str) -> str:
    rows = []
    for keys, group in table.groupby([*names, "seed"], sort=False):
        found = group.set_index("metric").loc[list(HEADLINE)]
        cells = tuple(
            Cell(
                percent(row["ours"], True),
                (f"[{percent(row['low'], True)}, {percent(row['high'], True)}]",)
                + (() if pd.isna(row["published"]) else (f"paper {percent(row['published'], True)}",)),
            )
            for _, row in found.iterrows()
        )
        rows.append(Row(tuple(str(key) for key in keys[:-1]), cells))
    heads = [name.capitalize() for name in names]
    return html_table(heads, [NAMES[m] for m in HEADLINE], rows, of_corpus(caption, table), note)


def list_of_departures_html(departures: Mapping[str, Departure]) -> str:
    """What the released code does, and what the paper says, departure by departure."""
    rows = [
        Row((name,), (Cell(about.code, words=True), Cell(about.paper, words=True)))
        for name, about in departures.items()
    ]
    columns = [("The released code",), ("The paper, and this book",)]
    return html_table(["Departure"], columns, rows, "What the released code does otherwise")


def departures_html(table: pd.DataFrame) -> str:
    """What each departure is worth, from ``summary.departures``: measures, and below them the difference to the paper.

    Differences whose interval does not hold zero are marked.
    """
    metrics = [str(name).removesuffix("_difference") for name in table if str(name).endswith("_difference")]
    heads = [(", ".join(row[name] for name in SYSTEM), departure_of(row["recipe"])) for row in table.to_dict("records")]
    return _worths_html(table, metrics, ["System", "Departure"], heads, "What each departure is worth")


def _worths_html(
    table: pd.DataFrame, metrics: Sequence[str], names: list[str], heads: Sequence[tuple[str, ...]], caption: str
) -> str:
    rows = [
        Row(head, tuple(_worth(row, metric) for metric in metrics), aside=row["architecture"] in NO_MODEL)
        for head, row in zip(heads, table.to_dict("records"), strict=True)
    ]
    note = (
        f"θ = {_theta(table)}. Percent [95 % interval over pictures]; below, points of percent away from the paper's "
        "recipe [paired interval]. Marked: an interval of the difference without zero."
    )
    return html_table(names, [NAMES[metric] for metric in metrics], rows, of_corpus(caption, table), note)


AIMS = {"oracle_accuracy": 0.75, "actual_f1": 0.40, "spotting_p10": 0.45}  # to be exceeded by one recipe
AHEAD, OF_EARS = 0.10, 0.80  # of the paper's CNN-Attend by this, and this share of perfect ears
BESIDE = (*HEADLINE, "related_accuracy", "f1", "p10")


def list_of_parts_html(parts: Mapping[str, Part]) -> str:
    """What each part does and what it changes, in the order in which they are tried."""
    rows = [
        Row((name, str(about.number)), (Cell(", ".join(about.changes), words=True), Cell(about.what, words=True)))
        for name, about in parts.items()
    ]
    return html_table(["Part", "Number"], [("Changes",), ("What it does",)], rows, "What may do better than the paper")


def further_html(table: pd.DataFrame) -> str:
    """What each recipe is worth, from ``summary.further``, and perfect ears of each objective."""
    heads = [
        (", ".join((row["architecture"], _beside_which(row))), _recipe_or_text(row), str(row["seed"]))
        for row in table.to_dict("records")
    ]
    return _worths_html(table, BESIDE, ["System", "Recipe", "Seed"], heads, "What goes further than the paper")


def gains_html(table: pd.DataFrame) -> str:
    """What each recipe of ``summary.further`` gives over the paper's, a row a recipe and system, over all seeds.

    Marked is what all seeds share: every paired interval lies on one side of zero.
    """
    heard = table[(table["architecture"] != USES_TEXT) & (table["recipe"] != "paper")]
    groups = heard.assign(method=[_beside_which(row) for row in heard.to_dict("records")]).groupby(
        ["recipe", "architecture", "method"], sort=False
    )
    rows = [Row(tuple(map(str, name)), tuple(_gain(group, metric) for metric in BESIDE)) for name, group in groups]
    count = table["seed"].nunique()
    note = (
        f"Points of percent away from the paper's recipe of the same seed, in the mean over {count} "
        f"seed{'s' if count > 1 else ''} [the lowest and the highest bound of the paired 95 % intervals]; below, "
        "the recipe's own mean. Marked: bounds on one side of zero."
    )
    caption = of_corpus("What each recipe gives over the paper's", table)
    return html_table(["Recipe", "Architecture", "Method"], [NAMES[metric] for metric in BESIDE], rows, caption, note)


def _beside_which(row: dict[Any, Any]) -> str:
    """The method of a row, with the one of the paper that it is set against where that is another."""
    method, against = row["method"], row.get("against")
    return method if against in (method, None) or pd.isna(against) else f"{method} (against {against})"


def without_text_html(table: pd.DataFrame) -> str:
    """How well each recipe's scores agree with the soft tags of development, in the mean over seeds."""
    means = table.groupby(["architecture", "recipe"], sort=False)[["dev_loss", "dev_tag10"]].mean()
    rows = [
        Row(tuple(map(str, name)), (Cell("–" if pd.isna(loss) else f"{loss:.4f}"), Cell(percent(tag))))
        for name, (loss, tag) in zip(means.index, means.to_numpy(), strict=True)
    ]
    columns = [("Loss",), ("Mean tag of the first ten",)]
    note = "The tag in percent; –: not to be compared."
    caption = of_corpus("Agreement with the soft tags of development", table)
    return html_table(["Architecture", "Recipe"], columns, rows, caption, note)


def _gain(rows: pd.DataFrame, metric: str) -> Cell:
    away = rows[f"{metric}_difference"].mean()
    low, high = rows[f"{metric}_difference_low"].min(), rows[f"{metric}_difference_high"].max()
    around = f"[{percent(low, True)}, {percent(high, True)}]"
    return Cell(percent(away, True), (around, percent(rows[metric].mean())), best=bool(low > 0 or high < 0))


def _recipe_or_text(row: dict[Any, Any]) -> str:
    if row["architecture"] == USES_TEXT:
        return f"{row['objective']} (uses text)"
    return departure_of(row["recipe"])


def reached(table: pd.DataFrame) -> pd.DataFrame:
    """How near each system of ``summary.further`` comes to the aims, in means over seeds: a row a system and measure.

    ``recipe, architecture, method, n_utterances, measure, ours, least, ahead, of_ears, met``: ``ahead`` of the best
    method of the paper's CNN-Attend, and the share of what perfect ears of the same objective reach. Both compare the
    same utterances; of other ones they are NaN, and the aim is not met.
    """
    names = ["recipe", "architecture", "method", "n_utterances"]
    heard = table["architecture"] != USES_TEXT
    means = table[heard].groupby([*names, "objective"], sort=False, as_index=False)[list(AIMS)].mean()
    ears = table[~heard].set_index(["objective", "n_utterances"])[list(AIMS)].replace(0, np.nan)
    paper = means.query("recipe == 'paper' and architecture == 'CNN-Attend'").groupby("n_utterances")[list(AIMS)].max()
    base = paper.reindex(means["n_utterances"]).to_numpy()
    marks = ears.reindex(pd.MultiIndex.from_frame(means[["objective", "n_utterances"]])).to_numpy()
    ours = means[list(AIMS)].to_numpy()
    near = {"ours": ours, "ahead": ours - base, "of_ears": ours / marks}
    parts = [
        means[names].assign(measure=name, least=least, **{of: values[:, n] for of, values in near.items()})
        for n, (name, least) in enumerate(AIMS.items())
    ]
    found = pd.concat(parts).sort_index(kind="stable").reset_index(drop=True)
    met = (found["ours"] > found["least"]) & (found["ahead"] >= AHEAD) & (found["of_ears"] >= OF_EARS)
    return found.assign(met=met, corpus=table["corpus"].iloc[0])


def reached_html(table: pd.DataFrame) -> str:
    """How near each system comes to the aims, from ``reached``: a row a system, a column an aim."""
    systems = table.groupby(["recipe", "architecture", "method"], sort=False)
    rows = [Row(tuple(map(str, names)), tuple(map(_near, aims.to_dict("records")))) for names, aims in systems]
    columns = [
        (*NAMES[str(name)], f"> {percent(least)}")
        for name, least in table.groupby("measure", sort=False)["least"].first().items()
    ]
    note = (
        "Percent, means over seeds. Below: points of percent ahead of the best method of the paper's CNN-Attend, and "
        "the share of what perfect ears of the same objective reach; of the same utterances, and –: there are none "
        "of these. Marked: an aim that is met."
    )
    return html_table(["Recipe", "Architecture", "Method"], columns, rows, of_corpus("What is aimed at", table), note)


def _near(row: dict[Any, Any]) -> Cell:
    share = f"{percent(row['of_ears'])} of ears"
    return Cell(percent(row["ours"]), (f"{percent(row['ahead'], True)} ahead", share), best=bool(row["met"]))


def departure_of(recipe: str) -> str:
    """What the recipe of a departure is called where departures are compared."""
    return {"paper": "none: the paper's recipe", "released": "all together"}.get(
        recipe, recipe.removeprefix("released-")
    )


def _worth(row: dict[Any, Any], metric: str) -> Cell:
    return measure_cell(row, metric) if row["recipe"] == "paper" else difference_cell(row, metric)


def difference_cell(row: Mapping[Any, Any], metric: str) -> Cell:
    """A measure and, below its interval, its difference to another row's; marked where that leaves out zero."""
    cell = measure_cell(row, metric)
    away, low, high = (row.get(f"{metric}_difference{bound}", np.nan) for bound in ("", "_low", "_high"))
    if pd.isna(away):
        return cell
    difference = f"{percent(away, True)} [{percent(low, True)}, {percent(high, True)}]"
    return replace(cell, below=(*cell.below, difference), best=bool(low > 0 or high < 0))


def aims_html(aims: pd.DataFrame) -> str:
    """What is aimed at and what is reached: ``aim, least, ours, met``."""
    rows = [
        Row((row["aim"],), (Cell(f"{row['least']:.2f}"), Cell(f"{row['ours']:.3f}"), _met(row["met"])))
        for _, row in aims.iterrows()
    ]
    caption = of_corpus("What this corpus size should reach", aims)
    return html_table(["Aim"], [("At least",), ("Ours",), ("Reached",)], rows, caption)


def _met(met: Any) -> Cell:
    return Cell("–", words=True) if pd.isna(met) else Cell("✓ yes" if met else "✗ no", words=True)


def card_html(card: pd.DataFrame) -> str:
    """The corpus card: ``statistic, flickr8k, low, high, ours, met``."""
    rows = [
        Row(
            (row["statistic"],),
            (
                Cell(_number(row["flickr8k"])),
                Cell(_range(row["low"], row["high"])),
                Cell(_number(row["ours"])),
                _met(row["met"]),
            ),
        )
        for _, row in card.iterrows()
    ]
    columns = [("Flickr8k",), ("To accept",), ("Ours",), ("Inside",)]
    caption = of_corpus("The corpus beside Flickr8k", card)
    return html_table(["Statistic"], columns, rows, caption, "A dash: not measured here.")


def _range(low: float, high: float) -> str:
    return f"at least {_number(low)}" if np.isinf(high) else f"{_number(low)} to {_number(high)}"


def _number(value: float) -> str:
    """A number of the card: large ones without places, others with three digits."""
    if pd.isna(value):
        return "–"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def located_html(located: pd.DataFrame) -> str:
    """Table V of 2022 from ``confusions.located_words``: the keyword itself is marked."""
    most = int(located["rank"].max())
    rows = []
    for keyword, group in located.groupby("keyword"):
        cells = [
            Cell(f"{row['word']} {row['count']}", best=bool(row["right"]), words=True) for _, row in group.iterrows()
        ]
        rows.append(Row((str(keyword),), (*cells, *[Cell("")] * (most - len(cells)))))
    columns = [("Words most often located, with their counts", str(rank)) for rank in range(1, most + 1)]
    note = "Over each query's twenty best utterances. Marked: the keyword itself; -: the place lies in no word."
    return html_table(["Query"], columns, rows, of_corpus("Table V: what is located for a query", located), note)


def confusions_html(expected: pd.DataFrame) -> str:
    """Named confusions and whether they appear, from ``confusions.expected_confusions``."""
    rows = [
        Row(
            (row["keyword"],),
            (
                Cell(" or ".join(row["expected"]), words=True),
                Cell(", ".join(row["located"]), words=True),
                _met(row["appears"]),
            ),
        )
        for _, row in expected.iterrows()
    ]
    columns = [("Expected",), ("Most located",), ("Appears",)]
    return html_table(["Query"], columns, rows, of_corpus("Confusions that were named before", expected))


def kinds_html(kinds: pd.DataFrame) -> str:
    """The shares of the four kinds among sorted localisations (column ``kind``), beside those that 2021 gives."""
    theirs, shares = published().query("task == 'kinds'").set_index("metric")["value"], shares_of_kinds(kinds)
    rows = []
    for kind in KINDS:
        share = shares[kind]
        low, high = share_interval(int((kinds["kind"] == kind).sum()), len(kinds))
        values = (percent(theirs[kind]), percent(share), *_interval(low, high), percent(share - theirs[kind], True))
        rows.append(Row((kind,), tuple(Cell(value) for value in values)))
    columns = [("2021",), ("Ours",), ("95 % interval",), ("Difference",)]
    note = (
        f"Percent of {len(kinds)}. The paper's 100 were sorted by eye, ours by the words under the peaks of the score "
        "map. Wilson's interval of a share."
    )
    return html_table(["Kind"], columns, rows, of_corpus("Localisations, sorted", kinds), note)


def share_interval(count: int, total: int) -> tuple[float, float]:
    """Wilson's 95 % interval of the share ``count`` of ``total``, both fractions; NaN of nothing."""
    if not total:
        return np.nan, np.nan
    found = stats.binomtest(count, total).proportion_ci(method="wilson")
    return float(found.low), float(found.high)
