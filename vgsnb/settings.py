"""The numbers of a preset, read from ``book/runs.yml`` and checked against the row that lists them all."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from vgsnb.errors import UserError, require_known
from vgsnb.files import project_folder, runs_folder

MODEL_ROW = "quick"  # the preset that names every number; the others say only what differs
PAPER = "paper"  # the recipe that changes nothing
TAKES = "takes"  # how long a preset takes, in words: a note in its row that is no number and no part of any key


@dataclass(frozen=True)
class Settings:
    """The numbers of one preset with a recipe's and a run's on top; ``settings["training"]["epochs"]`` and so on."""

    preset: str
    numbers: dict[str, Any]
    recipe: str = PAPER

    def __getitem__(self, group: str) -> Any:
        return self.numbers[group]

    @property
    def folder(self) -> Path:
        """Where the runs of this preset and the results of their steps lie."""
        return runs_folder() / self.preset


def read_book() -> dict[str, Any]:
    """``book/runs.yml`` as it stands: ``presets``, ``recipes`` and ``matrix``."""
    path = project_folder() / "book" / "runs.yml"
    try:
        book = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise UserError(f"{path} is not valid YAML: {' '.join(str(error).split())}; mend that line.") from error
    return dict(book)


def load_settings(preset: str, overrides: Mapping[str, Any] | None = None, recipe: str = PAPER) -> Settings:
    """The numbers of ``preset``, with those of ``recipe`` and ``overrides`` (the same nesting) on top.

    A recipe is a way to train or to localise that is compared with the paper's: what it changes stands in
    ``book/runs.yml``. What is unknown is refused.
    """
    presets = read_book()["presets"]
    require_known("preset", preset, presets)
    row = _numbers(presets[preset]) if preset != MODEL_ROW else {}
    plain = Settings(preset, merge(_numbers(presets[MODEL_ROW]), row, f"preset {preset}"))
    found = with_recipe(plain, recipe)
    return replace(found, numbers=merge(found.numbers, overrides or {}, "overrides"))


def with_recipe(settings: Settings, recipe: str) -> Settings:
    """``settings`` with what ``recipe`` changes laid over them."""
    recipes = {PAPER: {}, **(read_book().get("recipes") or {})}
    require_known("recipe", recipe, recipes)
    return replace(settings, numbers=merge(settings.numbers, recipes[recipe], f"recipe {recipe}"), recipe=recipe)


def _numbers(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != TAKES}


def takes(preset: str) -> str:
    """How long all runs of ``preset`` take, in the words of ``book/runs.yml``."""
    presets = read_book()["presets"]
    require_known("preset", preset, presets)
    return str(presets[preset].get(TAKES, "not measured yet"))


def merge(base: Mapping[str, Any], changes: Mapping[str, Any], where: str) -> dict[str, Any]:
    """``base`` with ``changes`` laid over it, group by group; every key must exist and keep its type."""
    merged = deepcopy(dict(base))
    for key, value in changes.items():
        if key not in merged:
            raise UserError(f"There is no parameter {key!r} in {where}; choose one of: {', '.join(map(str, merged))}.")
        here = f"{where}: {key}"
        if isinstance(merged[key], dict):
            if not isinstance(value, Mapping):
                raise UserError(
                    f"{here} is {value!r}, but it holds several numbers: {', '.join(map(str, merged[key]))}."
                )
            merged[key] = merge(merged[key], value, here)
        else:
            merged[key] = _same_type(merged[key], value, here)
    return merged


def _same_type(old: Any, new: Any, where: str) -> Any:
    if isinstance(old, float) and isinstance(new, int) and not isinstance(new, bool):
        return float(new)
    if isinstance(old, bool) != isinstance(new, bool) or not isinstance(new, type(old)):
        raise UserError(f"{where} is {new!r}; give a value like {old!r}.")
    return new
