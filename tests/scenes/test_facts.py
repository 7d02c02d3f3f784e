"""Scenes are drawn from their scripts, the same ones from the same seed, and hold only what belongs together."""

from dataclasses import asdict

import numpy as np
import pytest

from vgsnb.scenes.facts import SCRIPTS, SPOTS, WATERS, Scene, sample_scene


@pytest.fixture(scope="module")
def scenes() -> list[Scene]:
    rng = np.random.default_rng(5)
    return [sample_scene(rng) for _ in range(4000)]


def test_the_same_seed_gives_the_same_scenes(scenes: list[Scene]) -> None:
    rng = np.random.default_rng(5)
    assert [sample_scene(rng) for _ in range(50)] == scenes[:50]
    assert len({str(asdict(scene)) for scene in scenes}) > 3900


def test_scripts_come_as_often_as_they_weigh(scenes: list[Scene]) -> None:
    total = sum(script.weight for script in SCRIPTS.values())
    for name, script in SCRIPTS.items():
        expected = script.weight / total
        share = np.mean([scene.script == name for scene in scenes])
        assert abs(share - expected) < 5 * np.sqrt(expected / len(scenes)), name


def test_facts_are_those_of_the_script(scenes: list[Scene]) -> None:
    for scene in scenes:
        script = SCRIPTS[scene.script]
        assert scene.agent in script.agents
        assert scene.place in script.places
        assert scene.action in script.actions or (scene.agent == "dog" and scene.place in WATERS)
        assert set(scene.props) <= set(script.props)
        assert scene.onlookers in script.onlookers
        assert scene.spot in SPOTS.get(scene.place, {"": 1})
        assert 1 <= scene.count <= 5


def test_animals_have_coats_and_people_have_clothes(scenes: list[Scene]) -> None:
    for scene in scenes:
        if scene.agent in ("dog", "greyhound"):
            assert scene.coat
            assert scene.shirt is None
            assert scene.hair is None
        elif scene.agent == "racecar":
            assert scene.vehicle_colour
            assert scene.shirt is None
            assert not scene.coat
        else:
            assert scene.shirt
            assert scene.garment
            assert scene.hair
            assert not scene.coat
        assert (scene.hat is None) == (scene.hat_kind is None)
        assert "beard" not in scene.accessories or scene.sex == "man"


def test_a_dog_that_carries_has_something_to_carry(scenes: list[Scene]) -> None:
    carrying = [scene for scene in scenes if scene.agent == "dog" and scene.action == "carry"]
    assert carrying
    assert all(scene.objects for scene in carrying)
