"""Stored results are read, the largest preset's unless another one is named, and mistakes get one sentence."""

import pytest
from made_up import CORPUS, results, store

from vgsnb.errors import UserError
from vgsnb.report import stored, tables


@pytest.fixture
def project(tmp_path, monkeypatch):
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "runs.yml").write_text("presets: {}")
    monkeypatch.setenv("VGSNB_HOME", str(tmp_path))
    return tmp_path


def test_the_largest_stored_preset_is_read_unless_another_is_named(project):
    assert stored.read().preset == ""
    store(project, "my-own", {})
    assert stored.read().preset == ""  # of any size, on any corpus: only when it is named
    assert stored.read("my-own").preset == "my-own"
    for preset, largest in (("paper-small", "paper-small"), ("paper", "paper"), ("paper-cpu", "paper")):
        store(project, preset, {})
        assert stored.read().preset == largest
    assert stored.presets() == ["paper", "paper-cpu", "paper-small", "my-own"]
    assert stored.read("paper-small").preset == "paper-small"


def test_the_presets_that_hold_a_table_are_found_in_order_and_none_is_one_of_no_preset(project):
    found = results()
    store(project, "my-own", found)
    store(project, "paper-cpu", {"detection": found["detection"]})
    store(project, "paper-parts", {"further": found["further"]})
    store(project, "paper-small", {"further": found["further"], "released": found["released"].iloc[:0]})
    every = stored.read_all()
    assert [each.preset for each in every] == ["paper-cpu", "paper-small", "paper-parts"]
    assert [each.preset for each in stored.holding(every, "further")] == ["paper-small", "paper-parts"]
    assert [each.preset for each in stored.holding(every, "released")] == [""]


def test_a_folder_without_a_record_is_no_result(project):
    (project / "book" / "results" / "paper").mkdir(parents=True)
    store(project, "paper-small", {})
    assert stored.read().preset == "paper-small"


def test_tables_come_back_and_missing_ones_are_empty(project):
    found = results()
    folder = store(project, "paper-cpu", {name: found[name] for name in ("detection", "located")})
    kept = stored.read()
    assert kept.corpus == CORPUS
    assert kept["detection"].to_dict("records") == found["detection"].to_dict("records")
    assert kept["located"].dtypes.to_dict() == found["located"].dtypes.to_dict()
    assert kept["curves"].empty
    assert kept.paths == (folder / "detection.csv", folder / "located.csv")
    assert stored.Stored({}, {})["curves"].empty
    with pytest.raises(UserError, match=r"'curvs'.*curves"):
        kept["curvs"]


def test_what_cannot_be_read_is_named_with_the_command_that_makes_it(project):
    folder = store(project, "paper", results())
    with pytest.raises(UserError, match=r"'papr'.*paper"):
        stored.read("papr")
    (folder / "kinds.csv").write_bytes(b"")
    with pytest.raises(UserError, match=r"kinds\.csv.*vgsnb keep --preset paper"):
        stored.read()
    (folder / "kinds.csv").unlink()
    for broken in ("{", "[]", '{"preset": "paper"}'):
        (folder / stored.RECORD).write_text(broken)
        with pytest.raises(UserError, match=r"provenance\.json.*vgsnb keep --preset paper"):
            stored.read()


@pytest.mark.parametrize("preset", stored.presets())
def test_what_the_project_stores_holds_together(preset):
    """Of the tables in book/results themselves: whole, of one corpus, and differences that are differences."""
    kept = stored.read(preset)
    assert {path.stem for path in kept.paths} == set(kept.record["tables"]) <= set(stored.TABLES)
    synthesised, tested = "Flickr8k, synthesised speech", "fsdd and mnist digits"  # where background words are from
    for name in kept.record["tables"]:
        own = tested if stored.TABLES[name] == "digits" else kept.corpus
        assert set(kept[name]["corpus"]) == {own}, name
    known = (synthesised, "Flickr8k with the Flickr Audio Caption Corpus", f"{tested}, {synthesised}")
    assert kept.corpus == "Spoken Scenes" if preset == "paper-words" else kept.corpus in known
    for name in ("further", "released"):
        table = kept[name]
        if table.empty:
            continue
        table = table[table["architecture"] != tables.USES_TEXT]
        base = table[table["recipe"] == "paper"].set_index([*tables.SYSTEM, "seed"])
        measures = [str(column).removesuffix("_difference") for column in table if str(column).endswith("_difference")]
        for row in table.to_dict("records"):
            method = row.get("against", row["method"])
            paper = base.loc[(row["architecture"], method, row["supervision"], row["seed"])]
            assert paper["n_utterances"] == row["n_utterances"]
            away = [row[measure] - paper[measure] for measure in measures]
            assert [row[f"{measure}_difference"] for measure in measures] == pytest.approx(away, nan_ok=True, abs=1e-9)
