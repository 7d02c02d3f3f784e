"""Weighted choices written as readable text, drawn quickly and reproducibly."""

from bisect import bisect
from collections.abc import Mapping
from itertools import accumulate
from typing import Generic, TypeVar

import numpy as np

Value = TypeVar("Value")


class Choices(Generic[Value]):
    """Values with relative weights; ``pick`` costs one random number (``Generator.choice`` is thirty times slower)."""

    def __init__(self, weights: Mapping[Value, float]) -> None:
        self.values = tuple(weights)
        self.bounds = tuple(accumulate(weights.values()))

    def pick(self, rng: np.random.Generator) -> Value:
        """Return one value, drawn with its weight."""
        return self.values[bisect(self.bounds, rng.random() * self.bounds[-1], hi=len(self.values) - 1)]


def odds(text: str) -> dict[str, float]:
    """Read ``"grass .34, field .12"``: names with their weights or chances, 1 where none stands."""
    entries = (entry.rsplit(maxsplit=1) if entry.strip()[-1].isdigit() else (entry, "1") for entry in text.split(","))
    return {name.strip(): float(value) for name, value in entries}


def names(text: str) -> frozenset[str]:
    """Read words separated by spaces as a set."""
    return frozenset(text.split())


def phrases(text: str) -> Choices[str]:
    """Read ``"on the beach *4 | along the shore | by the sea *.5"``: phrases with weights, 1 where none stands."""
    weights: dict[str, float] = {}
    for entry in text.split("|"):
        phrase, _, weight = entry.partition("*")
        weights[" ".join(phrase.split())] = float(weight or 1)
    return Choices(weights)


def table(rows: Mapping[str, str]) -> dict[str, Choices[str]]:
    """Read a table of such texts."""
    return {name: phrases(text) for name, text in rows.items()}


def happens(rng: np.random.Generator, probability: float) -> bool:
    """Draw whether something of this probability happens."""
    return bool(rng.random() < probability)


def each_of(rng: np.random.Generator, probabilities: Mapping[Value, float]) -> list[Value]:
    """Draw every value for itself, with its own probability."""
    return [value for value, probability in probabilities.items() if rng.random() < probability]
