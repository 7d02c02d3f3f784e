"""Which tables a preset has filled, and keeping them in ``book/results`` for those who cannot make them."""

import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

from vgsnb import files, runs, steps
from vgsnb.errors import UserError
from vgsnb.report.stored import RECORD, TABLES, read_table, results_folder
from vgsnb.settings import load_settings


def filled(preset: str) -> list[str]:
    """Those of ``TABLES`` that have rows in the summary of ``preset`` and whose run is done by the library as it is."""
    done = {run.id for run in runs.matrix(preset=preset) if runs.is_done(run, preset)}
    folder = summary_folder(preset)
    return [name for name, run in TABLES.items() if run in done and len(read_table(folder / f"{name}.csv"))]


def keep(preset: str) -> Path:
    """Copy the tables that are ``filled`` to ``book/results/<preset>``, with their record, in place of older ones.

    Raises:
        UserError: the preset has no table.
    """
    names = filled(preset)
    if not names:
        again = f"vgsnb results --preset {preset}"
        raise UserError(f"Preset {preset} has no tables that this library has made; make them with `{again}`.")
    folder = results_folder() / preset
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".") as place:
        fresh, old = Path(place) / "new", Path(place) / "old"
        fresh.mkdir()
        for name in names:
            shutil.copyfile(summary_folder(preset) / f"{name}.csv", fresh / f"{name}.csv")
        (fresh / RECORD).write_text(json.dumps(_record(preset, names), indent=1) + "\n", encoding="utf-8")
        if folder.exists():
            folder.rename(old)
        fresh.rename(folder)
    return folder


def summary_folder(preset: str) -> Path:
    """Where the runs of ``preset`` write their tables."""
    return load_settings(preset).folder / "summary"


def _record(preset: str, names: list[str]) -> dict[str, Any]:
    """Where the tables ``names`` come from: the records of the runs that wrote them; devices and times of all runs.

    ``hashes`` name the data and checkpoints, ``data`` the collection, by their content.
    """
    done, settings = [run for run in runs.matrix(preset=preset) if runs.is_done(run, preset)], load_settings(preset)
    records = {run.id: json.loads((runs.run_folder(run, preset) / RECORD).read_text()) for run in done}
    wrote = [records[run] for run in dict.fromkeys(TABLES[name] for name in names)]
    commits = sorted({str(record["commit"]) for record in wrote if record["commit"]})
    return {
        "preset": preset,
        "corpus": ", ".join(dict.fromkeys(name for record in wrote for name in record["corpora"])),
        "numbers": settings.numbers,
        "library": files.source_of(*runs.library()),
        "versions": wrote[0]["versions"],
        "commit": ", ".join(commits) or None,
        "dirty": any(record["dirty"] for record in wrote),
        "device": "; ".join(sorted({record["device"] for record in records.values()})),
        "data": steps.data_of(settings),
        "hashes": {name: value for record in records.values() for name, value in record["hashes"].items()},
        "seconds": {run: record["seconds"] for run, record in records.items()},
        "tables": names,
    }
