"""Tables that a preset has filled are kept with where they come from, and the command says which there are."""

import json
from pathlib import Path

import pandas as pd
import pytest
import yaml
from click.testing import CliRunner

from vgsnb import cli, files, keeping, runs
from vgsnb.errors import UserError
from vgsnb.report import stored

BOOK = {
    "presets": {"quick": {"takes": "an hour", "training": {"epochs": 2}}, "paper-small": {"takes": "half a day"}},
    "matrix": [{"id": name, "notebook": f"{name}.ipynb"} for name in ("train-PSC-BoW", "results", "errors")],
}
CORPUS = "Flickr8k, synthesised speech"
FOUND = pd.DataFrame({"architecture": ["PSC"], "f1": [0.25], "corpus": [CORPUS]})


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "book").mkdir()
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "book" / "runs.yml").write_text(yaml.safe_dump(BOOK))
    for row in BOOK["matrix"]:
        (tmp_path / "notebooks" / str(row["notebook"])).write_text("{}")
    monkeypatch.setenv("VGSNB_HOME", str(tmp_path))
    monkeypatch.delenv("VGSNB_RUNS", raising=False)
    return tmp_path


def finish(name: str, device: str = "cpu", **tables: pd.DataFrame) -> None:
    """Leave a run of ``paper-small`` and what it wrote into the summary, as if it had been executed."""
    run = next(run for run in runs.matrix() if run.id == name)
    record = {"commit": "0123abc", "dirty": False, "versions": {"torch": "2"}, "device": device, "corpora": [CORPUS]}
    record |= {"hashes": {f"{name}/model.safetensors": "abc"}, "seconds": 3.5}
    files.find_or_make(
        runs.run_folder(run, "paper-small"),
        runs.about_run(run, "paper-small"),
        lambda folder: (folder / "provenance.json").write_text(json.dumps(record)),
    )
    for table, rows in tables.items():
        with files.whole_file(keeping.summary_folder("paper-small") / f"{table}.csv") as path:
            rows.to_csv(path, index=False)


def test_what_is_kept_comes_back_with_where_it_comes_from(project: Path) -> None:
    finish("train-PSC-BoW", "a GPU")
    finish("results", detection=FOUND, pooling=FOUND.iloc[:0], more=FOUND)
    folder = keeping.keep("paper-small")
    assert folder == project / "book" / "results" / "paper-small"
    assert {path.name for path in folder.iterdir()} == {"detection.csv", "provenance.json"}  # no rows: not filled
    kept = stored.read()
    pd.testing.assert_frame_equal(kept["detection"], FOUND)
    assert (kept.preset, kept.corpus) == ("paper-small", CORPUS)
    assert kept.record["numbers"] == {"training": {"epochs": 2}}
    assert kept.record["library"] == files.source_of(*runs.library())
    assert (kept.record["commit"], kept.record["versions"]) == ("0123abc", {"torch": "2"})
    assert kept.record["device"] == "a GPU; cpu"  # of the trainings too
    assert kept.record["tables"] == ["detection"]
    record = json.loads((folder / "provenance.json").read_text())
    assert record["hashes"] == {f"{name}/model.safetensors": "abc" for name in ("train-PSC-BoW", "results")}
    assert record["seconds"] == {"train-PSC-BoW": 3.5, "results": 3.5}


def test_tables_of_another_library_or_other_numbers_are_not_kept(project: Path) -> None:
    finish("results", detection=FOUND)
    finish("errors", located=FOUND)
    assert keeping.filled("paper-small") == ["detection", "located"]
    (project / "notebooks" / "errors.ipynb").write_text("{ }")
    assert keeping.filled("paper-small") == ["detection"]
    changed = {**BOOK, "presets": {**BOOK["presets"], "quick": {"training": {"epochs": 3}}}}
    (project / "book" / "runs.yml").write_text(yaml.safe_dump(changed))
    with pytest.raises(UserError, match="vgsnb results --preset paper-small"):
        keeping.keep("paper-small")


def test_keeping_again_replaces_all_that_was_kept(project: Path) -> None:
    finish("results", detection=FOUND, tagging=FOUND)
    keeping.keep("paper-small")
    (keeping.summary_folder("paper-small") / "tagging.csv").unlink()
    finish("results", detection=FOUND.assign(f1=0.5))
    folder = keeping.keep("paper-small")
    assert {path.name for path in folder.iterdir()} == {"detection.csv", "provenance.json"}
    assert stored.read()["detection"]["f1"].tolist() == [0.5]
    assert [path.name for path in folder.parent.iterdir()] == ["paper-small"]


@pytest.mark.parametrize(("errors", "status"), [({}, 0), ({"errors": "it broke"}, 2)])
def test_the_command_says_how_long_it_takes_and_which_tables_are_filled(
    project: Path, monkeypatch: pytest.MonkeyPatch, errors: dict[str, str], status: int
) -> None:
    def make_runs(preset: str, only: tuple[str, ...], workers: int) -> dict[str, str]:
        cli.click.echo("the runs")
        finish("results", detection=FOUND)
        return errors

    monkeypatch.setattr(cli, "make_runs", make_runs)
    answer = CliRunner().invoke(cli.main, ["results", "--preset", "paper-small"])
    assert answer.exit_code == status
    lines = answer.output.splitlines()
    assert lines[:2] == ["All runs of preset paper-small take: half a day.", "the runs"]
    assert lines[2].endswith("summary: detection.")
    assert lines[3] == f"Tables that are missing: {', '.join(list(stored.TABLES)[1:])}."
    assert ("errors" in lines[-1]) == bool(errors)
    kept = CliRunner().invoke(cli.main, ["keep", "--preset", "paper-small"])
    assert kept.exit_code == 0
    assert (project / "book" / "results" / "paper-small" / "detection.csv").is_file()
