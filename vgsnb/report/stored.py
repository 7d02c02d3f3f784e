"""The stored results of the presets: small tables in ``book/results/<preset>``, kept in git with where they come from.

They hold numbers and single words, no photograph, no caption and no recording, so that the book can show what a preset
found to a reader who cannot run it.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from vgsnb import files
from vgsnb.errors import UserError, require_known

# What a summary holds, by the run that writes it.
TABLES = {
    **dict.fromkeys(("detection", "localisation", "at_2021_detection", "at_2021_localisation"), "results"),
    **dict.fromkeys(("penalty", "pooling", "tagging", "seeds"), "results"),
    **dict.fromkeys(("located", "by_keyword", "kinds", "curves"), "errors"),
    "released": "released",
    "further": "further",
    **dict.fromkeys(("semantic", "hits", "prediction"), "meaning"),
    **dict.fromkeys(("crosslingual", "translation_kinds"), "language"),
    **dict.fromkeys(("german_keywords", "german_places", "german_ways"), "language"),
    **dict.fromkeys(("oneshot", "oneshot_distractors", "oneshot_confusions"), "digits"),
    **dict.fromkeys(("wordlearning", "wordlearning_ways", "wordlearning_words"), "words"),
    **dict.fromkeys(("retrieval", "retrieval_ways", "retrieval_by_example"), "joint"),
}
PRESETS = (
    "paper",
    "paper-cpu",
    "paper-small",
    "paper-parts",
    "paper-outside",
    "paper-languages",
    "paper-digits",
    "paper-joint",
    "paper-words",
)  # the largest first, on the papers' corpus but for the last
RECORD = "provenance.json"
RECORDED = ("preset", "corpus", "numbers", "library", "versions", "commit", "dirty", "device", "tables")


@dataclass(frozen=True)
class Stored:
    """The results of one preset: its ``record`` (of ``vgsnb.keeping``) and ``TABLES``, empty where there is none.

    Of no preset at all, all is empty.
    """

    record: Mapping[str, Any]
    tables: Mapping[str, pd.DataFrame]

    @property
    def preset(self) -> str:
        """Its name, or an empty text."""
        return str(self.record.get("preset", ""))

    @property
    def paths(self) -> tuple[Path, ...]:
        """The files of its tables."""
        return tuple(sorted((results_folder() / self.preset).glob("*.csv"))) if self.preset else ()

    @property
    def corpus(self) -> str:
        """The name of what it was measured on, or an empty text."""
        return str(self.record.get("corpus", ""))

    def __getitem__(self, name: str) -> pd.DataFrame:
        require_known("table of results", name, TABLES)
        return self.tables.get(name, pd.DataFrame())


def results_folder() -> Path:
    """Where the stored results lie, a folder a preset."""
    return files.project_folder() / "book" / "results"


def presets() -> list[str]:
    """The presets whose results are stored, the largest first; those that ``PRESETS`` does not name come last."""
    names = sorted(path.parent.name for path in results_folder().glob(f"*/{RECORD}"))
    return [*(name for name in PRESETS if name in names), *(name for name in names if name not in PRESETS)]


def read(preset: str = "") -> Stored:
    """The stored results of ``preset``; without one, those of the largest of ``PRESETS`` that is stored, if any.

    Raises:
        UserError: nothing is stored of ``preset``, or a file cannot be read.
    """
    known = presets()
    if preset:
        require_known("preset with stored results", preset, known)
    chosen = preset or next((name for name in known if name in PRESETS), "")
    if not chosen:
        return Stored({}, {})
    folder = results_folder() / chosen
    return Stored(_read_record(folder / RECORD), {name: read_table(folder / f"{name}.csv") for name in TABLES})


def read_all() -> list[Stored]:
    """The stored results of all of ``PRESETS`` that are stored, the largest first."""
    return [read(preset) for preset in presets() if preset in PRESETS]


def holding(kept: Sequence[Stored], name: str) -> list[Stored]:
    """Those of ``kept`` whose table ``name`` has rows; one of no preset where there is none."""
    return [each for each in kept if len(each[name])] or [Stored({}, {})]


def _read_record(path: Path) -> dict[str, Any]:
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        return {name: record[name] for name in RECORDED}
    except (ValueError, KeyError, TypeError) as error:
        again = f"vgsnb keep --preset {path.parent.name}"
        raise UserError(f"{path} does not say where the results come from; make it again with `{again}`.") from error


def read_table(path: Path) -> pd.DataFrame:
    """The table, or an empty one where there is no such file."""
    try:
        return pd.read_csv(path, keep_default_na=False, na_values=[""])  # a keyword may be spelt "nan" or "null"
    except FileNotFoundError:
        return pd.DataFrame()
    except (ValueError, UnicodeDecodeError) as error:
        again = f"vgsnb keep --preset {path.parent.name}"
        raise UserError(f"{path} is no table; make it again with `{again}`.") from error


def read_benchmarks(folder: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What ``make bench`` wrote to ``folder``: the ratios, a row a benchmark, and the growth of time and memory.

    Raises:
        UserError: there are no ratios, or a file cannot be read.
    """
    paths = sorted(folder.glob("*.json"))
    if not paths:
        raise UserError(f"{folder} holds no measurements: run `make bench`.")
    try:
        ratios = pd.DataFrame([json.loads(path.read_text(encoding="utf-8")) for path in paths])
    except ValueError as error:
        raise UserError(f"A measurement in {folder} cannot be read ({error}): run `make bench` again.") from error
    return ratios, read_table(folder / "growth.csv")
