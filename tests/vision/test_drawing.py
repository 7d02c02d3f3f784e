from dataclasses import replace

import numpy as np
import pytest

from vgsnb.scenes.facts import SCRIPTS, Scene, sample_scene
from vgsnb.vision.backgrounds import PLACES
from vgsnb.vision.drawing import draw, draw_with_boxes
from vgsnb.vision.pen import NAMED
from vgsnb.vision.things import HELD, STANDING

MAN = Scene("street", "adult", 1, "man", "grass", "stand", shirt="red", garment="shirt", legs="jeans")
DOG = Scene("dogs", "dog", 1, None, "grass", "run", coat=("black",))


def pixels(scene: Scene, seed: int = 3, size: int = 96) -> np.ndarray:
    return np.asarray(draw(scene, np.random.default_rng(seed), size), np.float32)


def changed(one: Scene, other: Scene) -> float:
    """The mean share of pixels that differ clearly, over pictures from the same random numbers."""
    return float(np.mean([(np.abs(pixels(one, s) - pixels(other, s)).max(-1) > 40).mean() for s in range(12)]))


@pytest.mark.parametrize("seed", range(0, 240, 8))
def test_every_sampled_scene_is_drawn_the_same_twice(seed: int) -> None:
    for number in range(seed, seed + 8):
        scene = sample_scene(np.random.default_rng(number))
        first, again = (draw(scene, np.random.default_rng(number)) for _ in range(2))
        assert first.mode == "RGB"
        assert first.size == (96, 96)
        assert first.tobytes() == again.tobytes()


def test_everything_that_scripts_name_can_be_drawn() -> None:
    places = {place for script in SCRIPTS.values() for place in script.places}
    assert places <= set(PLACES)
    things = {name for script in SCRIPTS.values() for name in (*script.objects, *script.props)}
    elsewhere = {"bicycle", "number", "leash"}  # drawn as a bike, on a jersey, from the dog's neck
    assert things <= {*HELD, *STANDING, *elsewhere}


@pytest.mark.parametrize("scene", [MAN, DOG, replace(MAN, place="street", objects=("bag",))])
def test_a_larger_picture_shows_the_same(scene: Scene) -> None:
    small = pixels(scene)
    large = np.asarray(draw(scene, np.random.default_rng(3), 288).reduce(3), np.float32)
    assert np.corrcoef(small.ravel(), large.ravel())[0, 1] > 0.97


@pytest.mark.parametrize(
    "other",
    [
        replace(MAN, shirt="blue"),
        replace(MAN, legs_colour="white"),
        replace(MAN, garment="dress", sex="woman"),
        replace(MAN, hat="yellow", hat_kind="hat"),
        replace(MAN, sex="boy"),
        replace(MAN, count=3),
        replace(MAN, action="run"),
        replace(MAN, objects=("sign",)),
        replace(MAN, props=("bus",)),
        replace(MAN, onlookers="crowd"),
        replace(MAN, background="tree"),
        replace(MAN, close_up=True),
        replace(MAN, on_top=True),
        replace(MAN, light="sunset"),
        replace(MAN, place="snow"),
        replace(MAN, accessories=("backpack",)),
        replace(MAN, accessories=("sunglasses",)),
    ],
)
def test_a_fact_is_to_be_seen(other: Scene) -> None:
    assert changed(MAN, other) > 0.0005


@pytest.mark.parametrize(
    "other", [{"coat": ("white",)}, {"coat": ("black", "white")}, {"size": "small"}, {"action": "sit"}]
)
def test_a_fact_of_a_dog_is_to_be_seen(other: dict) -> None:
    assert changed(DOG, replace(DOG, **other)) > 0.002


def test_the_shirt_has_its_colour() -> None:
    def most(colour: str) -> float:
        distance = np.abs(pixels(replace(MAN, shirt=colour, legs_colour="gray")) - np.array(NAMED[colour])).sum(-1)
        return float((distance < 90).mean())

    assert all(most(colour) > 0.008 for colour in ("red", "blue", "yellow", "pink"))


def test_boxes_hold_the_figures() -> None:
    scene = replace(MAN, count=2)
    _, boxes = draw_with_boxes(scene, np.random.default_rng(0))
    assert [box.name for box in boxes] == ["man", "man"]
    for box in boxes:
        assert 0 <= box.left < box.right <= 1
        assert 0 <= box.top < box.bottom <= 1
        assert box.bottom - box.top > 0.2


def test_chance_varies_the_picture() -> None:
    assert np.abs(pixels(MAN, 1) - pixels(MAN, 2)).mean() > 8
