"""Tables of meaning and of another language: predicted words, typed hits, retrieval, votes, keywords."""

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd

from vgsnb.evaluation.hits import HIT_TYPES, TRANSLATION_KINDS
from vgsnb.evaluation.semantic import CHANCE, EARS, PRIOR, TAGGER, TEXT
from vgsnb.report.tables import Cell, Row, difference_cell, html_table, measure_cell, of_corpus, percent

PUBLISHED = Path(__file__).with_name("meant_published.csv")
PLAIN = (TAGGER, EARS, TEXT, PRIOR, CHANCE)  # rows that are no model of speech
USES_TEXT = (EARS, TEXT)
NAMES = {
    "p10": ("P@10",),
    "pn": ("P@N",),
    "eer": ("EER", "(low is good)"),
    "average_precision": ("Average precision", "all pairs"),
    "mean_average_precision": ("Average precision", "by keyword"),
    "spearman": ("Spearman's ρ", "all pairs"),
    "keyword_spearman": ("Spearman's ρ", "by keyword"),
    "precision": ("Precision",),
    "recall": ("Recall",),
    "f1": ("F1",),
}
RETRIEVAL = ("p10", "pn", "eer", "average_precision", "mean_average_precision", "spearman", "keyword_spearman")
SPOTTING = ("p10", "pn", "eer", "average_precision")
SPOTTED = [("P@10",), ("P@N",), ("EER (low is good)",), ("Average precision",)]  # their names; the last is by keyword
GERMAN_P10 = 0.58  # German queries for English speech, the visual model (abstract of Kamper and Roth, 2018)
PERCENT = "Percent [95 % interval over pictures]."
NOTE = f"{PERCENT} Slanted: no model of speech, or published, on the recordings of Flickr8k."


def published() -> pd.DataFrame:
    """What Kamper et al. (2019) report: ``row, relevance``, and the measures as fractions; NaN what they do not."""
    return pd.read_csv(PUBLISHED)


def words_html(predicted: pd.DataFrame, texts: Mapping[str, str]) -> str:
    """The talk's table of task 1: what is said, and the words predicted; those that are said are bold."""
    rows = []
    for utterance, text in texts.items():
        found = predicted[predicted["utterance_id"] == utterance]
        words = [
            f"<b>{escape(word)}</b>" if said else escape(word)
            for word, said in zip(found["keyword"], found["said"], strict=True)
        ]
        rows.append(f"<tr><td>{escape(text)}</td><td>{', '.join(words) or '–'}</td></tr>")
    head = '<tr><th scope="col">Input utterance</th><th scope="col">Predicted words</th></tr>'
    return f'<table class="vgsnb-table"><thead>{head}</thead><tbody>{"".join(rows)}</tbody></table>'


def hits_html(best: pd.DataFrame, kinds: Sequence[str], caption: str) -> str:
    """One utterance of each keyword and its kind: ``keyword, text, kind`` and maybe ``reference``."""
    referenced = "reference" in best and bool(best["reference"].astype(bool).any())
    rows = []
    for row in best.to_dict("records"):
        cells = [Cell(str(row["text"]), words=True), *([Cell(str(row["reference"]), words=True)] if referenced else [])]
        rows.append(
            Row((str(row["keyword"]),), (*cells, Cell(str(row["kind"]), best=row["kind"] == kinds[0], words=True)))
        )
    columns = [("Matched utterance",), *([("Its reference translation",)] if referenced else []), ("Kind",)]
    return html_table(["Query"], columns, rows, of_corpus(caption, best))


def kinds_html(shares: pd.DataFrame, kinds: Sequence[str], caption: str) -> str:
    """The share of each kind among the hits of every system, with intervals."""
    rows = [
        Row((_named(row, shares),), tuple(measure_cell(row, kind) for kind in kinds), _plain(row["row"]))
        for row in _rows(shares)
    ]
    note = f"{NOTE} The hits stay the same in every resample."
    return html_table(["System"], [(kind.capitalize(),) for kind in kinds], rows, of_corpus(caption, shares), note)


def types_html(shares: pd.DataFrame) -> str:
    """The types of hits of keyword spotting (``hits.HIT_TYPES``)."""
    return kinds_html(shares, HIT_TYPES, "The types of the ten first utterances of every keyword")


def translations_html(shares: pd.DataFrame) -> str:
    """The kinds of hits of queries in another language (``hits.TRANSLATION_KINDS``)."""
    return kinds_html(shares, TRANSLATION_KINDS, "The kinds of the ten first utterances of German queries")


def both_html(table: pd.DataFrame) -> str:
    """Exact retrieval, and semantic below it."""
    return "".join(retrieval_html(table, str(relevance)) for relevance in table["relevance"].unique())


def retrieval_html(table: pd.DataFrame, relevance: str) -> str:
    """Exact or semantic retrieval of every system and seed, the published rows below."""
    shown = table[table["relevance"] == relevance]
    names = [measure for measure in RETRIEVAL if shown[measure].notna().any()]
    rows = [
        Row(
            (_named(row, shown),),
            tuple(measure_cell(row, n) for n in names),
            _plain(row["row"]),
        )
        for row in _rows(shown)
    ]
    theirs = published().query("relevance == @relevance")
    rows += [
        Row((f"published: {row['row']}",), tuple(measure_cell(row, name) for name in names), True)
        for row in _rows(theirs)
    ]
    caption = of_corpus(f"Retrieval, {relevance} relevance", shown)
    return html_table(["System"], [_two(NAMES[name]) for name in names], rows, caption, f"{NOTE} {_of(shown)}")


def prediction_html(table: pd.DataFrame) -> str:
    """Words above θ against what the utterance, and what its picture's captions say."""
    rows = [
        Row(
            (_named(row, table), str(row["truth"])),
            tuple(measure_cell(row, n) for n in ("precision", "recall", "f1")),
            _plain(row["row"]),
        )
        for row in _rows(table)
    ]
    columns = [NAMES[name] for name in ("precision", "recall", "f1")]
    return html_table(["System", "Said by the"], columns, rows, of_corpus("Predicted words", table), NOTE)


def votes_html(table: pd.DataFrame) -> str:
    """The talk's table of task 3: of some keywords the first right and wrong utterances, and their votes."""
    rows = [
        Row(
            (str(row["keyword"]),),
            (
                Cell(str(row["rank"])),
                Cell(str(row["text"]), words=True),
                Cell(f"{row['votes']} / {row['of']}{'' if row['relevant'] else ' *'}", best=bool(row["relevant"])),
            ),
        )
        for row in _rows(table)
    ]
    note = "Rank: of all that were judged. Votes: how many found that the keyword fits. *: it counts as wrong."
    columns = [("Rank",), ("Utterance",), ("Votes",)]
    return html_table(
        ["Query"], columns, rows, of_corpus("The first that fits, and the first that does not", table), note
    )


def directions_html(table: pd.DataFrame) -> str:
    """Spotting in every direction: a row a query language, speech language and model; the published one below."""
    rows = [
        Row(
            (
                str(row["query_language"]),
                str(row["speech_language"]),
                _named(row, table, "model"),
            ),
            tuple(measure_cell(row, name) for name in SPOTTING),
            _plain(row["model"]),
        )
        for row in _rows(table)
    ]
    theirs = tuple(measure_cell({"p10": GERMAN_P10}, name) for name in SPOTTING)
    rows += [Row(("de", "en", "published: VGS"), theirs, True)]
    return html_table(
        ["Queries", "Speech", "Model"],
        SPOTTED,
        rows,
        of_corpus("Keyword spotting by language", table),
        f"{NOTE} {_of(table)} Each direction has keywords of its own.",
    )


def german_share(table: pd.DataFrame) -> str:
    """A sentence: the P@10 of German queries for English speech, visual models, and of English ones beside it."""
    tall = table.query("speech_language == 'en'").set_index(["model", "query_language", "seed"])["p10"].sort_index()
    german, english = (tall["VGS", language] for language in ("de", "en"))
    ratios = german / english
    span = f" ({ratios.min():.2f} to {ratios.max():.2f} by seed)" if len(ratios) > 1 else ""
    by_chance = " and ".join(percent(tall[CHANCE, language].mean()) for language in ("de", "en"))
    return (
        f"German queries reach a P@10 of <b>{percent(german.mean())} %</b> on English speech, English ones "
        f"{percent(english.mean())} %: a ratio of <b>{german.mean() / english.mean():.2f}</b>{span}. The keywords are "
        f"others, by chance {by_chance} % would be right."
    )


def ways_html(table: pd.DataFrame) -> str:
    """German queries as they are and translated, with the differences to the latter."""
    rows = [
        Row(
            (_named(row, table, "way"),),
            tuple(difference_cell(row, name) for name in SPOTTING),
        )
        for row in _rows(table)
    ]
    note = (
        f"{PERCENT} Below, the difference to the translated query, marked where its interval leaves out "
        f"zero. {table['keywords'].iloc[0]} keywords. {_of(table)}"
    )
    caption = of_corpus("German queries, asked and translated", table)
    return html_table(["Query"], SPOTTED, rows, caption, note)


def placed_html(table: pd.DataFrame) -> str:
    """Localisation of words of another language by the visual model: a row a method and seed."""
    measures = ("oracle_accuracy", "actual_f1", "spotting_p10")
    rows = [
        Row(
            (_named(row, table, "method"),),
            tuple(measure_cell(row, name) for name in measures),
            row["method"].startswith("chance"),
        )
        for row in _rows(table)
    ]
    columns = [("Oracle accuracy",), ("Actual F1",), ("Spotting P@10",)]
    note = f"{NOTE} {_of(table)}"
    return html_table(["Method"], columns, rows, of_corpus("Where the word of the other language is", table), note)


def keywords_html(table: pd.DataFrame) -> str:
    """Every keyword of the other language, the visual model; those with few true utterances are marked."""
    rows = [
        Row(
            (f"{row['written']}{' *' if row['few'] else ''}", str(row["english"])),
            (Cell(f"{row['said']:.0f}"), *(measure_cell(row, name) for name in (*SPOTTING, "tagging"))),
            bool(row["few"]),
        )
        for row in _rows(table.sort_values("p10", ascending=False))
    ]
    columns = [("True of",), *SPOTTED, ("Tagger's average precision",)]
    note = "Percent, but for the number of utterances that it is true of. Slanted, *: fewer than ten."
    return html_table(["Keyword", "Derived from"], columns, rows, of_corpus("Keyword by keyword", table), note)


def _rows(table: pd.DataFrame) -> list[dict[Any, Any]]:
    return table.to_dict("records")


def _of(table: pd.DataFrame) -> str:
    """Of how many utterances a table is; in another direction they may be others."""
    counts = [f"{count:,}" for count in table["n_utterances"].unique()]
    return f"Of {' or '.join(counts)} utterances."


def _two(name: tuple[str, ...]) -> tuple[str, str]:
    return (name[0], name[1]) if len(name) > 1 else (name[0], "")


def _named(row: Mapping[Any, Any], table: pd.DataFrame, column: str = "row") -> str:
    """What a row is called, with its seed where the table has several and the row is of a model."""
    seed = f", seed {row['seed']:.0f}" if table["seed"].nunique() > 1 and row[column] not in PLAIN else ""
    return f"{row[column]}{' (uses text)' if row[column] in USES_TEXT else ''}{seed}"


def _plain(name: str) -> bool:
    return name in PLAIN
