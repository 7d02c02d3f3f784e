import json
import shlex
import subprocess
from pathlib import Path

import papermill
import pytest
from papermill.cli import papermill as papermill_command

from vgsnb.report.provenance import command, provenance, provenance_table

DEFAULTS = {"architecture": "CNN-Attend", "seed": 1, "overrides": {}}


@pytest.fixture
def project(tmp_path):
    def git(*words):
        subprocess.run(["git", "-c", "user.name=t", "-c", "user.email=t@t", *words], cwd=tmp_path, check=True)

    git("init", "-q")
    (tmp_path / "code.py").write_text("1")
    git("add", "code.py")
    git("commit", "-q", "-m", "first")
    return tmp_path


def record(project, **parameters):
    return provenance(
        "notebooks/03_training.ipynb",
        parameters,
        DEFAULTS,
        project=project,
        device="cpu",
        hashes={"corpus": "abc<b>"},
        seconds=72.34,
    )


def test_it_says_all_that_one_needs_and_fits_into_json(project):
    found = record(project, architecture="PSC", seed=1)
    assert json.loads(json.dumps(found)) == found
    assert found["parameters"] == {"architecture": "PSC", "overrides": {}, "seed": 1}
    assert found["changed"] == ["architecture"]
    assert found["seed"] == 1
    assert len(found["commit"]) == 40
    assert found["versions"]["numpy"]


def test_a_changed_file_makes_the_commit_dirty_and_a_new_one_does_not(project):
    (project / "new.py").write_text("3")
    assert record(project)["dirty"] is False
    (project / "code.py").write_text("2")
    assert record(project)["dirty"] is True


def test_outside_of_git_there_is_no_commit(tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    found = record(tmp_path)
    assert (found["commit"], found["dirty"]) == (None, None)
    assert "not under Git" in provenance_table(found)


@pytest.mark.parametrize(
    "value", ["PSC", "0001", "true", "null", "", "a b'c", 3, 0.5, 1e-4, True, [1, "x"], {"training": {"epochs": 3}}]
)
def test_the_command_gives_papermill_back_the_same_value(monkeypatch, value):
    given = {}
    monkeypatch.setattr(papermill.cli, "execute_notebook", lambda *_, parameters, **__: given.update(parameters))
    words = shlex.split(command("in.ipynb", {"name": value}))
    assert words[0] == "papermill"
    papermill_command.main(words[1:], standalone_mode=False)
    assert given == {"name": value}
    assert type(given["name"]) is type(value)


def test_the_command_names_only_what_is_not_the_default(project):
    assert record(project, architecture="PSC", seed=1)["command"] == (
        "papermill notebooks/03_training.ipynb out.ipynb -p architecture PSC"
    )


def test_the_table_escapes_shows_the_command_and_marks_changes(project):
    found = record(project, architecture="<i>PSC</i>")
    table = provenance_table(found)
    assert "<i>" not in table
    assert "abc<b>" not in table
    assert "<b>architecture = <code>&lt;i&gt;PSC&lt;/i&gt;</code></b>" in table
    assert "1 min 12 s" in table
    assert found["commit"] in table


def test_no_path_of_this_machine_gets_in(project):
    assert str(Path(project)) not in json.dumps(record(project))
