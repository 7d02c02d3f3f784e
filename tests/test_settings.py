"""Presets are rows of numbers: merged by group, and refused where a name or type is wrong."""

import pytest
import yaml

from vgsnb.errors import UserError
from vgsnb.files import project_folder
from vgsnb.settings import load_settings, merge, read_book, takes

PRESETS = list(read_book()["presets"])


@pytest.mark.parametrize("preset", PRESETS)
def test_every_preset_has_the_numbers_of_quick(preset: str) -> None:
    assert load_settings(preset).numbers.keys() == load_settings("quick").numbers.keys()


@pytest.mark.parametrize("preset", PRESETS)
def test_how_long_a_preset_takes_is_said_and_is_no_number_of_it(preset: str) -> None:
    assert takes(preset) == read_book()["presets"][preset]["takes"]
    assert takes(preset).strip()
    assert "takes" not in load_settings(preset).numbers


def test_overrides_win_over_the_preset_and_leave_the_rest() -> None:
    changed = load_settings("quick", {"training": {"epochs": {"VGS": 3}}})
    assert changed["training"]["epochs"] == {**load_settings("quick")["training"]["epochs"], "VGS": 3}
    assert changed["corpus"] == load_settings("quick")["corpus"]


def test_unknown_preset_names_those_there_are() -> None:
    with pytest.raises(UserError, match=r"'quik'.*quick"):
        load_settings("quik")
    with pytest.raises(UserError, match=r"'quik'.*quick"):
        takes("quik")


def test_mistyped_group_and_number_are_refused_with_the_list() -> None:
    with pytest.raises(UserError, match=r"'trainin'.*training"):
        load_settings("quick", {"trainin": {"epochs": 3}})
    with pytest.raises(UserError, match=r"'epoch'.*epochs"):
        load_settings("quick", {"training": {"epoch": 3}})


def test_a_value_of_another_type_is_refused() -> None:
    with pytest.raises(UserError, match=r"give a value like 3"):
        merge({"epochs": 3}, {"epochs": "many"}, "here")
    with pytest.raises(UserError, match="several numbers"):
        merge({"training": {"epochs": 3}}, {"training": 3}, "here")
    assert merge({"rate": 0.1}, {"rate": 1}, "here") == {"rate": 1.0}


def test_runs_yml_is_readable_as_plain_yaml() -> None:
    text = (project_folder() / "book" / "runs.yml").read_text(encoding="utf-8")
    assert set(yaml.safe_load(text)) == {"presets", "recipes", "matrix"}
