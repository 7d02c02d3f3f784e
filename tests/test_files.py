"""Results are found again, are whole or not there, and change their key with what they are made from."""

import os
from pathlib import Path

import pytest

from vgsnb import files
from vgsnb.errors import UserError


def test_whole_file_leaves_the_old_one_when_writing_fails(tmp_path: Path) -> None:
    path = tmp_path / "scores.csv"
    path.write_text("old")
    with pytest.raises(UserError, match="No space left"), files.whole_file(path):
        raise OSError(28, "No space left on device")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_full_disk_is_named_with_a_remedy(tmp_path: Path) -> None:
    def fill(folder: Path) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(UserError, match="No space left on device"):
        files.find_or_make(tmp_path / "step", {}, fill)
    assert not (tmp_path / "step").exists()


def test_a_folder_is_made_once_and_again_when_it_is_about_something_else(tmp_path: Path) -> None:
    made = []

    def make(folder: Path) -> None:
        made.append(folder)
        (folder / "x").write_text(str(len(made)))

    for about in ({"key": "a"}, {"key": "a"}, {"key": "b"}):
        folder = files.find_or_make(tmp_path / "step", about, make)
    assert len(made) == 2
    assert (folder / "x").read_text() == "2"


def test_what_a_killed_make_left_is_handed_to_the_next_one_with_the_same_inputs(tmp_path: Path) -> None:
    def killed(folder: Path) -> None:
        (folder / "epoch").write_text("1")
        raise KeyboardInterrupt

    for about, expected in (({"key": "a"}, ["1"]), ({"key": "b"}, [])):
        with pytest.raises(KeyboardInterrupt):
            files.find_or_make(tmp_path / "step", {"key": "a"}, killed)
        found: list[str] = []
        files.find_or_make(
            tmp_path / "step",
            about,
            lambda folder, found=found: found.extend(p.read_text() for p in folder.glob("epoch")),  # type: ignore[misc]
        )
        assert found == expected
        (tmp_path / "step" / files.DONE).unlink()


def test_key_follows_parameters_and_the_source_of_imported_modules() -> None:
    key = files.content_key({"epochs": 1}, ["vgsnb.settings"])
    assert key == files.content_key({"epochs": 1}, ["vgsnb.settings"])
    assert key != files.content_key({"epochs": 2}, ["vgsnb.settings"])
    assert key != files.content_key({"epochs": 1}, ["vgsnb.errors"])


def test_source_of_reaches_indirect_imports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = files.source_of("vgsnb.settings")
    real = Path.read_bytes

    def changed(path: Path) -> bytes:
        return real(path) + (b"\n# changed" if path.name == "errors.py" else b"")

    monkeypatch.setattr(Path, "read_bytes", changed)
    files.source_of.cache_clear()
    assert files.source_of("vgsnb.settings") != before
    files.source_of.cache_clear()


def test_runs_lie_below_the_project_wherever_a_notebook_starts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(files.project_folder() / "notebooks")
    monkeypatch.setenv("VGSNB_RUNS", "runs/elsewhere")
    assert files.runs_folder() == files.project_folder() / "runs" / "elsewhere"
    monkeypatch.setenv("VGSNB_RUNS", str(tmp_path))
    assert files.runs_folder() == tmp_path


def test_what_nobody_used_for_a_while_is_named(tmp_path: Path) -> None:
    for name in ("old", "found", "new"):
        files.find_or_make(tmp_path / name, {"step": name}, lambda folder: None)
    for name in ("old", "found"):
        os.utime(tmp_path / name / files.DONE, (0, 0))
    files.find_or_make(tmp_path / "found", {"step": "found"}, lambda folder: None)
    assert files.unused(tmp_path, days=1) == [tmp_path / "old"]
    for name in ("old", "found", "new"):
        os.utime(tmp_path / name / files.DONE, (0, 0))
    assert files.unused(tmp_path, days=1) == []  # nothing newer has taken their place
    assert files.unused(tmp_path / "nothing", days=1) == []
