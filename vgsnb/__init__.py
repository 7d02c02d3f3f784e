"""Visually grounded speech in notebooks: find where a written keyword is spoken, learned from pictures alone.

``vgsnb.build``, ``vgsnb.train``, ``vgsnb.predict``, ``vgsnb.localise``, ``vgsnb.load_settings`` and the rooms of the
library are there without importing each; they are loaded when they are first used.
"""

from importlib import import_module
from typing import Any

_PLACES = {
    "build": "vgsnb.released.models",
    "load_model": "vgsnb.further.models",
    "train": "vgsnb.training",
    "predict": "vgsnb.training",
    "localise": "vgsnb.further.localisation",
    "open_corpus": "vgsnb.corpora",
    "load_settings": "vgsnb.settings",
}
_ROOMS = (
    *("corpora", "evaluation", "further", "localisation", "models", "released"),
    *("speech", "steps", "summary", "tagging", "vision"),
)


def __getattr__(name: str) -> Any:
    if name in _PLACES:
        return getattr(import_module(_PLACES[name]), name)
    if name in _ROOMS:
        return import_module(f"vgsnb.{name}")
    raise AttributeError(f"vgsnb has no {name!r}; it has {', '.join(__dir__())}.")


def __dir__() -> list[str]:
    return sorted([*_PLACES, *_ROOMS])
