"""The released code's departures through the steps, on the runs of the preset ``smoke``."""

import json
from pathlib import Path

import pandas as pd
import pytest

from vgsnb import steps, summary
from vgsnb.errors import UserError
from vgsnb.released import DEPARTURES
from vgsnb.settings import Settings, load_settings, read_book

SYSTEM = ["architecture", "method", "supervision"]


def recipe(name: str) -> Settings:
    return load_settings("smoke", {"masking": {"utterances": 200}}, name)


def test_there_is_a_recipe_for_each_departure_and_one_for_all() -> None:
    recipes = {name: row for name, row in read_book()["recipes"].items() if name.startswith("released")}
    wanted = {f"released-{name}": {"departures": [name]} for name in DEPARTURES}
    assert recipes == {**wanted, "released": {"departures": ["all"]}}
    assert list(recipes) == [*wanted, "released"]
    assert load_settings("quick")["departures"] == []


def test_only_what_a_departure_concerns_is_made_anew(smoke: Path) -> None:
    def model(name: str, architecture: str) -> str:
        return steps.trained(recipe(name), architecture, "VGS", 1).folder.name

    for same in ("last-peak", "piled-masks", "moved-segments", "counting"):
        assert model(f"released-{same}", "CNN-Attend") == model("paper", "CNN-Attend")
    assert model("released-frozen-queries", "PSC") == model("paper", "PSC")
    for name in ("frozen-queries", "unmasked-padding", "swapped-spec-augment", "transcript-selection"):
        assert model(f"released-{name}", "CNN-Attend") != model("paper", "CNN-Attend")
    about = json.loads((smoke / "steps" / model("paper", "PSC") / "complete.json").read_text())
    assert "departures" not in about["numbers"]
    about = json.loads((smoke / "steps" / model("released", "PSC") / "complete.json").read_text())
    assert about["numbers"]["departures"] == [
        "unmasked-padding",
        "log-sum-exp",
        "swapped-spec-augment",
        "transcript-selection",
    ]


def test_a_departure_that_is_none_is_refused(smoke: Path) -> None:
    settings = load_settings("smoke", {"departures": ["frozen-querys"]})
    with pytest.raises(UserError, match="'frozen-querys'; choose one of: all, frozen-queries"):
        steps.trained(settings, "PSC", "VGS", 1)


def test_the_summary_has_a_row_for_each_departure_that_can_change_it(smoke: Path) -> None:
    table = pd.read_csv(smoke / "summary" / "released.csv")
    columns = "architecture method supervision seed theta recipe n_utterances corpus f1 p10 oracle_accuracy actual_f1"
    assert list(table.columns[:13]) == [*columns.split(), "spotting_p10"]
    assert {f"{name}{bound}" for name in summary.WORTH for bound in ("_low", "_high", "_difference")} <= set(table)
    assert not table.duplicated([*SYSTEM, "recipe"]).any()
    assert set(table["recipe"]) == {"paper", "released", *(f"released-{name}" for name in DEPARTURES)}
    rows = table.set_index([*SYSTEM, "recipe"])
    methods = {
        name: set(rows.xs(name, level="recipe").index.get_level_values("method")) for name in set(table["recipe"])
    }
    everything = {"attention", "masked-in", "masked-out", "score-aggregation"}
    assert methods["paper"] == methods["released"] == methods["released-counting"] == everything
    assert methods["released-last-peak"] == methods["released-log-sum-exp"] == {"score-aggregation"}
    assert methods["released-piled-masks"] == {"masked-out"}
    assert methods["released-moved-segments"] == {"masked-in"}
    assert methods["released-frozen-queries"] == everything - {"score-aggregation"}


def test_differences_are_to_the_papers_recipe_and_only_in_what_a_departure_changes(smoke: Path) -> None:
    table = pd.read_csv(smoke / "summary" / "released.csv").set_index([*SYSTEM, "recipe"])
    paper = table.xs("paper", level="recipe")
    for name in summary.WORTH:
        found = table[name] - paper[name].reindex(table.index.droplevel("recipe")).to_numpy()
        pd.testing.assert_series_equal(table[f"{name}_difference"], found, check_names=False)
        assert (table[f"{name}_difference_low"] <= table[f"{name}_difference"] + 1e-9).mean() > 0.9
    still = {"last-peak": ["f1", "p10"], "moved-segments": ["f1", "p10"], "piled-masks": ["f1", "p10"]}
    for departure, measures in {**still, "counting": ["f1", "p10", "oracle_accuracy"]}.items():
        rows = table.xs(f"released-{departure}", level="recipe")
        assert (rows[[f"{name}_difference" for name in measures]] == 0).all(axis=None)
    for departure, measure in (
        ("last-peak", "oracle_accuracy"),
        ("unmasked-padding", "p10"),
        ("counting", "actual_f1"),
    ):
        assert (table.xs(f"released-{departure}", level="recipe")[f"{measure}_difference"] != 0).any()
