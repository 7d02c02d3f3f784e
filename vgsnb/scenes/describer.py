"""A describer: somebody with a tendency to say much or little, who sees a picture once and sometimes wrongly."""

from collections.abc import Collection
from dataclasses import dataclass
from math import exp, log

import numpy as np

from vgsnb.scenes.choices import Choices
from vgsnb.scenes.facts import Scene

SPREAD = 0.8  # logits; how much talkativeness varies between describers
STRIKING, OVERSHADOWED = 2.5, -1.0  # logits; how much more is said of what strikes everyone, how much less of the rest
WRONG_SEX, WRONG_COLOUR, WRONG_COUNT, UNSEEN = 0.05, 0.06, 0.07, 0.03  # how often describers say what is not so
OTHER_SEX = {"boy": "girl", "girl": "boy", "man": "woman", "woman": "man"}

MOVING = frozenset({"run", "walk", "carry", "chase", "ride", "drive", "slide", "climb", "air"})  # "through the grass"
PLACE_KINDS = {  # scripts whose places have words of their own
    ("soccer", "field"): "field/game",
    ("football", "field"): "field/footballgame",
    ("surf", "ocean"): "ocean/surf",
    ("motocross", "dirt"): "dirt/course",
    ("carrace", "dirt"): "dirt/course",
    ("basket", "court"): "court/basket",
    ("tennis", "court"): "court/tennis",
}


@dataclass(frozen=True)
class Describer:
    """Who speaks: the source of chance, how talkative (logits added to every chance of mentioning a thing), of what."""

    rng: np.random.Generator
    talk: float
    focus: str  # what strikes everyone in this scene
    careful: bool = False  # makes no mistakes

    def does(self, probability: float) -> bool:
        """Draw something that happens to everyone alike."""
        return bool(self.rng.random() < probability)

    def errs(self, probability: float) -> bool:
        """Draw a mistake, which a careful describer does not make."""
        return self.does(probability) and not self.careful

    def says(self, probability: float, aspect: str = "") -> bool:
        """Draw whether something is mentioned: the more talkative, the more of everything, and most of what strikes."""
        logits = log(probability / (1 - probability)) + self.talk
        if aspect and self.focus != "plain":
            logits += STRIKING if aspect == self.focus else OVERSHADOWED
        return bool(self.rng.random() < 1 / (1 + exp(-logits)))

    def pick(self, choices: Choices[str]) -> str:
        """Draw one of some ways to say a thing."""
        return choices.pick(self.rng)


def new_describer(rng: np.random.Generator, scene: Scene, careful: bool = False) -> Describer:
    """Return the next describer, looking at a scene."""
    return Describer(rng, SPREAD * float(rng.standard_normal()), scene.focus, careful)


def seen_agent(scene: Scene, describer: Describer) -> str:
    """Return whom the describer sees: boy, girl, man or woman, at times the wrong one, or else the scene's agent."""
    agent = scene.sex if scene.agent in ("child", "adult", "women") and scene.sex else scene.agent
    return OTHER_SEX.get(agent, agent) if describer.errs(WRONG_SEX) else agent


def seen_count(scene: Scene, describer: Describer) -> int:
    """Return how many the describer sees: one more or one fewer at times, where there are several."""
    if scene.count > 1 and describer.errs(WRONG_COUNT):
        return scene.count + (1 if describer.does(0.5) else -1)
    return scene.count


def first_known(tables: dict[str, Choices[str]], *keys: str) -> Choices[str] | None:
    """Return the entry of the first key that the table has."""
    return next((tables[key] for key in keys if key in tables), None)


def known(tables: dict[str, Choices[str]], *keys: str) -> Choices[str]:
    """Return the entry of the first key that the table has; KeyError names the keys where there is none."""
    choices = first_known(tables, *keys)
    if choices is None:
        raise KeyError(keys)
    return choices


def add_unless_repeated(parts: list[str], extra: str, everyday: Collection[str]) -> None:
    """Append an extra, unless it repeats a word of substance: nobody says "near a tree under a tree"."""
    said = {word for part in parts for word in part.split()}.difference(everyday)
    if said.isdisjoint(extra.split()):
        parts.append(extra)
