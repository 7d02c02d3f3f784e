"""A picture of a scene, drawn from its facts: a place, what stands around, the figures with their things, the light."""

from dataclasses import dataclass, replace

import numpy as np
from PIL import Image

from vgsnb.scenes.facts import Scene
from vgsnb.vision.animals import DOG_POSES, dog, dog_look, loosen_dog
from vgsnb.vision.backgrounds import WATERS, paint_background, paint_place, tree
from vgsnb.vision.figures import BUILDS, HAIRS, HEIGHTS, POSES, SKINS, Bones, Look, Pose, bones, loosen, person
from vgsnb.vision.pen import NAMED, Colour, Pen, clear, named, shade, tint
from vgsnb.vision.things import HELD, STANDING, thing

HAIR_COLOURS = dict(zip(("brown", "black", "blond", "red"), (HAIRS[1], HAIRS[4], HAIRS[3], HAIRS[5]), strict=True))
GARMENTS = {"uniform": "jersey", "sweater": "sweater", "coat": "jacket", "suit": "jacket", "costume": "sweater"}
HAT_KINDS = {"hat": "sunhat", "cap": "cap", "beanie": "beanie", "helmet": "helmet"}
OTHER_NAMES = {"bicycle": "bike", "sign": "post"}
SPORT_HELMETS = ("biker", "rider")
ACTION_POSES = {"ridewave": "board", "drive": "stand", "chase": "run", "air": "grab"}
GESTURES = {"arms raised": ((150, 165), (-150, -165)), "pointing": ((88, 92), None), "waving": ((128, 172), None)}
VEHICLES = {  # what one sits on: the pose, where the hips are in heights of a man
    "bike": ("pedal", -0.14 - 0.5j),
    "motorbike": ("motor", -0.12 - 0.58j),
}
BOARDS = {"surfer": "surfboard", "skater": "skateboard", "snowboarder": "snowboard", "skier": "skis"}


@dataclass(frozen=True)
class Box:
    """A figure and its box: left, top, right, bottom as fractions of the picture."""

    name: str
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True)
class Spot:
    """Where a figure stands: its feet, the height of a man there as a fraction of the picture, which way it looks."""

    feet: complex
    height: float
    mirrored: bool


def draw(scene: Scene, rng: np.random.Generator, size: int = 96) -> Image.Image:
    """Draw ``scene`` as an RGB picture of ``size`` × ``size`` pixels.

    What ``rng`` decides (viewpoint, distance, poses, clutter, light) does not depend on ``size``: the same scene and
    seed give the same picture, larger or smaller, and at the same size the same bytes.
    """
    return draw_with_boxes(scene, rng, size)[0]


def draw_with_boxes(scene: Scene, rng: np.random.Generator, size: int = 96) -> tuple[Image.Image, list[Box]]:
    """The picture of ``draw`` and the boxes of the figures in it."""
    finer = 3 if size < 160 else 2  # drawn larger and averaged, so that edges are soft
    picture = Image.new("RGB", (size * finer, size * finer))
    whole = Pen(picture)
    pen = whole.at(complex(*rng.uniform(-0.05, 0.0, 2)), 1.05, float(rng.normal(0, 1.0)))
    ground = paint_place(pen, scene, rng)
    paint_background(pen, scene, ground, rng)
    _onlookers(pen, scene, ground, rng)
    spots = _spots(scene, ground, rng)
    _around(pen, scene, spots, ground, rng)
    boxes = [_figure(pen, picture, scene, number, spot, rng) for number, spot in enumerate(spots)]
    _foreground(pen, scene, rng)
    return _light(picture.reduce(finer), scene, rng), boxes


def _spots(scene: Scene, ground: float, rng: np.random.Generator) -> list[Spot]:
    """Where the agents are, the farthest first."""
    n, animal = scene.count, scene.agent in ("dog", "greyhound")
    if scene.close_up:
        height = rng.uniform(1.15, 1.9) * (1 if n == 1 else 0.72)
        shorter = HEIGHTS.get(scene.sex or "man", 1.0)
        xs = (np.arange(n) - (n - 1) / 2) * 0.34 * height / 1.1 + 0.5 + rng.normal(0, 0.05)
        top = rng.uniform(0.1, 0.22)
        return [Spot(complex(x, top + height * shorter * rng.uniform(0.98, 1.04)), height, False) for x in xs]
    height = rng.uniform(0.5, 0.8) * (0.88 if n > 2 else 1) * (0.62 if rng.random() < 0.12 else 1)
    if animal:
        height = rng.uniform(0.5, 0.9) * {"small": 0.72, "mid": 0.95, "large": 1.15}[scene.size] * 0.9 ** (n - 1)
    elif scene.agent == "racecar":
        height = rng.uniform(0.32, 0.48)
    elif scene.agent == "baby":
        height = rng.uniform(1.0, 1.5)
    elif scene.sex in ("boy", "girl"):
        height *= rng.uniform(1.0, 1.25)
    elif scene.agent in BOARDS:
        height *= 0.82
    wide = 0.5 * height if animal else 0.3 * height
    gap = max(min(0.8 / n, 2.0 * wide if animal else 1.6 * wide), 0.15)
    middle = 0.5 + rng.normal(0, 0.1 if n == 1 else 0.04)
    low = min(max(ground + 0.2, rng.uniform(0.74, 0.93)), 0.95)
    feet = [
        complex(middle + (i - (n - 1) / 2) * gap + rng.normal(0, 0.02), low + (rng.normal(0, 0.03) if i else 0))
        for i in range(n)
    ]
    left = bool(rng.random() < 0.5)
    turned = [left != (rng.random() < 0.15) for _ in feet]
    spots = [Spot(z, height * (1 + 0.6 * (z.imag - low)), side) for z, side in zip(feet, turned, strict=True)]
    return sorted(spots, key=lambda spot: spot.feet.imag)


def _figure(pen: Pen, picture: Image.Image, scene: Scene, number: int, spot: Spot, rng: np.random.Generator) -> Box:
    """Draw one agent with what it rides and holds; water hides what is below it."""
    wet = scene.place in WATERS or (scene.place == "fountain" and rng.random() < 0.3)
    afloat = wet and scene.action not in ("jump", "air", "ridewave") and scene.spot not in ("shore", "puddle")
    deep = scene.action == "swim"
    surface = spot.feet.imag - spot.height * (0.0 if not deep else 0.27 if scene.agent == "dog" else 0.06)
    surface -= 0.06 * spot.height if afloat and not deep else 0
    row = int(pen.place(complex(0.5, surface)).imag)
    below = picture.crop((0, row, *picture.size)) if afloat and 0 < row < picture.height else None
    if not wet:
        pen.oval(spot.feet, 0.2 * spot.height, 0.03 * spot.height, (20, 26, 40, 66))
    pen.forget()
    here = pen.at(spot.feet, spot.height, mirrored=spot.mirrored)
    if scene.agent in ("dog", "greyhound"):
        _dog(here, scene, number, rng)
    elif scene.agent == "racecar":
        _race_car(here, scene, number, rng)
    else:
        _person(here, scene, number, rng)
    box = Box(scene.sex or scene.agent, *pen.drawn())
    if below is not None:
        picture.paste(below, (0, row), Image.new("L", below.size, 225))
        for side in (-0.16, 0.02, 0.2):
            z = complex(spot.feet.real + side * spot.height, surface + 0.01)
            pen.line([z - 0.06 * spot.height, z + 0.06 * spot.height], 0.012, (238, 248, 252, 200))
    if (wet and scene.action != "swim") or (wet and rng.random() < 0.5):
        for x, y, r in rng.random((10, 3)):
            z = spot.feet + complex((x - 0.5) * 0.8, -0.3 * y) * spot.height
            pen.oval(z, 0.01 + 0.008 * r, 0.01 + 0.008 * r, (240, 248, 252, 210))
    return box


def _dog(pen: Pen, scene: Scene, number: int, rng: np.random.Generator) -> None:
    """A dog with its collar, and what it carries or chases."""
    racing = scene.agent == "greyhound"
    coat = scene.coat if number == 0 or rng.random() < 0.4 else (("black", "brown", "white", "tan")[rng.integers(4)],)
    colours = [named(name, rng, 9) for name in (coat or ("brown",))]
    look = dog_look(rng, colours[0], colours[1] if len(colours) > 1 else None, scene.size, racing)
    worn = [name for name in ("collar", "harness", "bandanna") if name in scene.accessories]
    vests = ("red", "blue", "white", "black", "orange")
    look = replace(
        look,
        collar=named(("red", "blue", "green", "black")[rng.integers(4)], rng) if worn else None,
        vest=named(vests[(number + rng.integers(5)) % 5], rng) if racing else None,
        tongue=look.tongue or scene.gesture in ("tongue out", "mouth open"),
    )
    action = {"carry": ("run", "walk", "stand")[rng.integers(3)], "chase": "run", "air": "jump"}.get(
        scene.action, scene.action
    )
    poses = DOG_POSES.get(action, DOG_POSES["stand"])
    mouth = dog(pen.at(0, 0.48 if racing else 0.52), look, loosen_dog(poses[rng.integers(len(poses))], rng))
    back = (mouth - pen.origin) / pen.turn
    place = -back.conjugate() if pen.mirrored else back
    own = named(scene.object_colour, rng)
    for name in scene.objects if number == 0 else ():
        carried = scene.action == "carry" or rng.random() < 0.5
        away = complex(rng.uniform(0.1, 0.28), rng.uniform(-0.3, 0.05))
        thing(pen.at(place + (0 if carried else away), 0.95, float(rng.normal(0, 12))), name, own)
    if "leash" in scene.props and number == 0:
        pen.line([place - 0.12, place - 0.3 - 0.4j, place - 0.5 - 1.2j], 0.014, (150, 40, 40))


def _race_car(pen: Pen, scene: Scene, number: int, rng: np.random.Generator) -> None:
    """A racing car; others have other colours."""
    name = scene.vehicle_colour if number == 0 and scene.vehicle_colour else "blue"
    thing(pen.at(0, 1.0, float(rng.normal(0, 2))), "racecar", named(name, rng))
    pen.oval(0.02 - 0.59j, 0.06, 0.07, (236, 236, 230))


def _person(pen: Pen, scene: Scene, number: int, rng: np.random.Generator) -> None:
    """A person with what carries it and what it holds."""
    look, own = _look(scene, number, rng), named(scene.object_colour, rng)
    tall = HEIGHTS[look.kind] * rng.uniform(0.95, 1.05)
    vehicle = next((name for name in VEHICLES if name in scene.objects), None)
    lift = rng.uniform(0.12, 0.3) if scene.action == "air" else 0.0
    tilt = float(rng.normal(0, 5) - (rng.uniform(5, 22) if scene.action == "air" else 0))
    if scene.on_top and not scene.close_up:
        thing(pen.at(0.08j, 0.8), "rock", tint(NAMED["gray"], rng))
        pen, tall = pen.at(-0.24j), 0.85 * tall
    if vehicle:
        name, saddle = VEHICLES[vehicle]
        riding = pen.at(complex(0, -lift), tall, tilt)
        thing(riding, vehicle, own if vehicle == "bike" else named(scene.object_colour, rng))
        _body(riding.at(saddle), scene, look, loosen(POSES[name][0], rng, 3), rng, own, number, False)
        return
    board = BOARDS.get(scene.agent)
    if scene.agent == "surfer" and "surfboard" not in scene.objects:
        board = None
    if board:
        deck = pen.at(complex(0, -lift), tall, tilt + (float(rng.normal(-8, 8)) if scene.action != "ride" else 0))
        colour = own if board != "skateboard" else NAMED["brown"]
        thing(deck, board, colour)
        pen, tall = deck.at(-0.07j if board != "skateboard" else -0.1j), 1.0
    pose = _pose(scene, look, board, rng)
    if scene.place == "rock" and scene.action == "climb":
        pen = pen.at(complex(0.1, -rng.uniform(0.05, 0.25)))
    anchor = _furniture(pen, scene, number, pose, tall, own, rng)
    _body(anchor.at(0, tall), scene, look, pose, rng, own, number, True)


def _pose(scene: Scene, look: Look, board: str | None, rng: np.random.Generator) -> Pose:
    """The pose for the scene's action; a gesture moves the arms."""
    name = ACTION_POSES.get(scene.action, scene.action)
    if board:
        name = {"skis": "ski"}.get(board, "board") if scene.action != "air" else "grab"
    elif scene.action == "air":
        name = "shoot" if scene.script == "basket" else "jump"
    elif (
        (scene.action == "sit" and "bench" not in scene.objects and scene.spot not in ("couch", "restaurant", "steps"))
        or (scene.action == "slide" and scene.place == "snow")
        or (scene.agent == "baby" and scene.action in ("play", "smile"))
    ):
        name = "floor"
    poses = POSES.get(name, POSES["stand"])
    if scene.action == "climb" or (name == "floor" and scene.action == "slide"):
        poses = poses[:1] if name == "floor" else poses
    pose = poses[rng.integers(len(poses))]
    arms = GESTURES.get(scene.gesture or "")
    if arms and scene.action not in ("climb", "swim", "hold", "carry", "hit", "swing"):
        pose = replace(pose, arms=(arms[0], arms[1] or pose.arms[1]))
    return loosen(pose, rng)


def _furniture(
    pen: Pen, scene: Scene, number: int, pose: Pose, tall: float, own: Colour, rng: np.random.Generator
) -> Pen:
    """Draw what the person sits, slides, swings or climbs on; return the pen for the person."""
    if "bench" in scene.objects and number == 0:
        thing(pen.at(complex(0.35 * (scene.count > 1), 0)), "bench", NAMED["brown"])
    if scene.action == "slide" and scene.script == "playground":
        thing(pen.at(0, 1.25), "slide", own)
        return pen.at(0.1 - 0.52j, tilt=32)
    if scene.action == "slide" and "sled" in scene.objects:
        thing(pen, "sled", own)
        return pen.at(-0.1j)
    if scene.action == "swing":
        thing(pen.at(-0.3 + 0.05j), "swing", tint(NAMED["red"], rng, 40))
        for side in (-0.1, 0.06):
            pen.line([complex(side - 0.04, -1.42), complex(side + 0.02, -0.3)], 0.012, (70, 70, 76))
        return pen.at(-0.1j)
    if scene.action == "climb" and scene.script == "playground":
        thing(pen, "ladder", own)
    elif scene.action == "climb" and scene.place not in ("rock", "mountain"):
        tree(pen.at(0.05j, 1.5), rng, (60, 118, 58))
        return pen.at(-0.3j)
    if scene.spot in ("couch", "restaurant") and scene.action == "sit":
        thing(pen.at(0.04j, 0.8), "sofa" if scene.spot == "couch" else "table", own)
    return pen


def _body(
    pen: Pen, scene: Scene, look: Look, pose: Pose, rng: np.random.Generator, own: Colour, number: int, grounded: bool
) -> None:
    """Draw the person, with bag and scarf and what is in its hands; ``pen``'s unit is the person's height."""
    joints = bones(look.kind, pose, grounded)
    pen = pen.at(0, tilt=pose.tilt)
    middle = 0.5 * (joints.neck + joints.hip)
    worn = scene.accessories if number == 0 else ()
    if "backpack" in worn and pose.view != "back":
        side = -0.11 if pose.view == "side" else 0.0
        wide = 0.08 if pose.view == "side" else 0.15
        pen.oval(middle + side - 0.02j, wide, 0.13, tint(NAMED["green"], rng, 30))
    person(pen, look, pose, joints)
    if "backpack" in worn and pose.view == "back":
        pen.oval(middle - 0.02j, 0.11, 0.14, tint(NAMED["green"], rng, 30))
    if "scarf" in worn:
        pen.limb(joints.neck - 0.06, joints.neck + 0.06, 0.05, 0.05, named("red", rng, 30))
        pen.limb(joints.neck + 0.04, joints.neck + 0.05 + 0.16j, 0.045, 0.05, named("red", rng, 20))
    if "gloves" in worn:
        for hand in joints.hands:
            pen.oval(hand, 0.042, 0.042, (44, 44, 52))
    if number == 0:
        _in_hands(pen, scene, joints, own, rng)


def _in_hands(pen: Pen, scene: Scene, joints: Bones, own: Colour, rng: np.random.Generator) -> None:
    """Draw the objects and props that one holds, kicks, or has tied to oneself."""
    hands = [joints.hands[0], joints.hands[1]]
    held = [name for name in (*scene.objects, *scene.props) if name in HELD]
    for name in held[:3]:
        if name == "soccerball" or (scene.action == "kick" and name == "ball"):
            foot = max(joints.feet, key=lambda z: z.real)
            place = foot + complex(rng.uniform(0.06, 0.2), rng.uniform(-0.06, 0.0))
        elif name == "rope":
            pen.line([joints.hip, joints.hands[0] - 0.1, joints.hands[0] - 1.2j + 0.1], 0.014, own)
            continue
        elif name in ("tennisball", "frisbee") or (name == "ball" and rng.random() < 0.5):
            place = hands[0] + complex(rng.uniform(0.1, 0.4), rng.uniform(-0.4, 0.0))
        elif name == "basketball" and scene.action == "air":
            place = hands[0] - 0.08j
        elif name == "cane":
            place = hands[0] - 0.02j
        else:
            place = hands[0] if len(hands) > 1 else hands[0] + 0.04
            hands = hands[1:] or hands
        thing(pen.at(place, 1.0, float(rng.normal(0, 6))), name, own)


def _look(scene: Scene, number: int, rng: np.random.Generator) -> Look:
    """How one of the agents looks; the first one is as the scene says, others may wear something else."""
    kind = _kind(scene, rng)
    female, first = kind in ("woman", "girl"), number == 0
    together = scene.script in ("football", "basket", "soccer") and rng.random() < 0.75
    shirt = scene.shirt if scene.shirt and (first or together or rng.random() < 0.35) else _any_colour(rng)
    garment = GARMENTS.get(scene.garment or "shirt", scene.garment or "shirt")
    if garment == "swimsuit" or scene.place == "pool":
        garment = "swimsuit" if female else "trunks"
    if garment == "dress" and not female:
        garment = "shirt"
    if scene.agent == "surfer":
        garment = "wetsuit"
    colour = named(shirt, rng)
    if garment == "wetsuit" and rng.random() < 0.65:
        colour = named("black", rng, 8)
    trousers = colour if garment in ("trunks", "wetsuit", "swimsuit") else named(scene.legs_colour or "blue", rng)
    if scene.garment == "suit":
        trousers = colour
    old = scene.age == "old"
    hair = (196, 194, 192) if old or scene.hair == "gray" else HAIR_COLOURS.get(scene.hair or "brown", HAIRS[1])
    if not first:
        hair = HAIRS[rng.integers(len(HAIRS))]
    hat, hat_kind = _hat(scene, first, colour, rng)
    tones = (0.3, 0.28, 0.18, 0.1, 0.08, 0.06)
    skin = SKINS[int(np.searchsorted(np.cumsum(tones), rng.random() * 0.999))]
    long = scene.long_hair if first and scene.sex else rng.random() < (0.7 if female else 0.06)
    return Look(
        kind=kind,
        skin=skin,
        hair=tint(hair, rng, 8),
        long_hair=bool(long),
        shirt=colour,
        garment=garment,
        trousers=trousers,
        shorts=scene.legs == "shorts" or garment == "jersey" or scene.agent == "baby",
        hat=hat,
        hat_kind=hat_kind,
        smiles=bool(scene.smiles or scene.gesture == "mouth open" or rng.random() < 0.15),
        glasses=first and any(name in scene.accessories for name in ("sunglasses", "glasses", "goggles")),
        beard=first and "beard" in scene.accessories and kind == "man",
        number=int(rng.integers(1, 99)) if garment == "jersey" or scene.race else None,
    )


def _kind(scene: Scene, rng: np.random.Generator) -> str:
    if scene.sex:
        return scene.sex
    if scene.agent in ("baby", *BUILDS):
        return scene.agent
    kinds = ("man", "woman", "boy", "girl")
    shares = (0.55, 0.35, 0.06, 0.04) if scene.agent == "people" else (0.78, 0.12, 0.09, 0.01)
    return kinds[int(np.searchsorted(np.cumsum(shares), rng.random() * 0.999))]


def _hat(scene: Scene, first: bool, shirt: Colour, rng: np.random.Generator) -> tuple[Colour | None, str]:
    if scene.script == "football":
        return (named(scene.hat, rng) if scene.hat else shade(shirt, 0.85)), "football"
    if scene.agent in SPORT_HELMETS:
        return named(scene.hat or _any_colour(rng), rng), "helmet"
    if scene.hat and first:
        return named(scene.hat, rng), HAT_KINDS.get(scene.hat_kind or "cap", "cap")
    cold = scene.place in ("snow", "snowmountain") and rng.random() < 0.5
    if cold or rng.random() < 0.06:
        return named(_any_colour(rng), rng), "beanie" if cold else "cap"
    return None, "cap"


def _any_colour(rng: np.random.Generator) -> str:
    return ("red", "blue", "white", "black", "green", "yellow", "gray", "orange")[rng.integers(8)]


def _around(pen: Pen, scene: Scene, spots: list[Spot], ground: float, rng: np.random.Generator) -> None:
    """Draw the props and objects that stand on the ground, behind or beside the agents, and the signs of a race."""
    height = min(spots[0].height, 0.62)
    low = spots[0].feet.imag if not scene.close_up else 0.95
    if scene.race:
        for i in range(16):
            for j in range(2):
                left = complex(i / 16, ground - 0.04 + 0.028 * j)
                corner = 0.0625 + 0.0j
                colour = (30, 30, 34) if (i + j) % 2 else (244, 244, 240)
                pen.shape([left, left + corner, left + corner + 0.028j, left + 0.028j], colour)
    ridden = {"bench", *VEHICLES, "surfboard", "skateboard", "sled"}
    names = [
        OTHER_NAMES.get(name, name) for name in (*scene.props, *(set(scene.objects) - ridden & set(scene.objects)))
    ]
    alone = scene.agent in ("dog", "greyhound", "racecar")
    sides = rng.permutation([0.14, 0.86])
    for i, name in enumerate(sorted(names)):
        away = complex(sides[i % 2] + rng.normal(0, 0.06), min(low - rng.uniform(0, 0.08), 0.93))
        own = tint(NAMED[("red", "blue", "green", "yellow", "white")[rng.integers(5)]], rng)
        if name == "jump":
            away = complex(0.5, low + 0.02)
        if name in STANDING:
            thing(
                pen.at(
                    away,
                    height * (0.8 if name in ("bus", "truck", "house", "bridge") else 1.0),
                    mirrored=bool(rng.random() < 0.5),
                ),
                name,
                own,
            )
        elif name in HELD and alone and name not in scene.objects:
            thing(pen.at(away - 0.1j, height), name, own)


def _onlookers(pen: Pen, scene: Scene, ground: float, rng: np.random.Generator) -> None:
    """Draw those who watch, smaller and farther away than the agents."""
    if scene.onlookers == "crowd":
        for x in np.arange(-0.02, 1.02, 0.055):
            y = ground + rng.normal(0, 0.012)
            pen.oval(complex(x, y + 0.015), 0.03, 0.04, named(_any_colour(rng), rng))
            pen.oval(complex(x, y - 0.04), 0.02, 0.022, SKINS[rng.integers(len(SKINS))])
        return
    kinds = {
        "man": ("man",), "woman": ("woman",), "child": (("boy", "girl")[rng.integers(2)],), "dog": ("dog",),
        "people": ("man", "woman", "man")[: rng.integers(2, 4)],
    }.get(scene.onlookers, ())  # fmt: skip
    side = 0.14 if rng.random() < 0.5 else 0.86
    for i, kind in enumerate(kinds):
        feet = complex(side + (0.13 * i * (1 if side < 0.5 else -1)), ground + rng.uniform(0.12, 0.22))
        here = pen.at(feet, rng.uniform(0.3, 0.42), mirrored=side > 0.5)
        if kind == "dog":
            look = dog_look(rng, named(("brown", "black", "tan")[rng.integers(3)], rng), None, "mid", False)
            dog(here.at(0, 0.6), look, DOG_POSES["stand"][0])
            continue
        pose = loosen(POSES["stand"][rng.integers(3)], rng)
        plain = replace(
            scene,
            sex=kind,
            accessories=(),
            gesture=None,
            shirt=None,
            smiles=False,
            garment="shirt",
            legs="jeans",
            agent="adult",
        )
        tall = here.at(0, HEIGHTS[kind])
        person(tall, _look(plain, 1, rng), pose, bones(kind, pose))


def _foreground(pen: Pen, scene: Scene, rng: np.random.Generator) -> None:
    """Draw what chance puts between the camera and the scene."""
    if scene.place in ("grass", "field", "woods", "tree") and rng.random() < 0.35:
        for x, high, bend in rng.random((26, 3)):
            start = complex(x, 1.03)
            tip = start + complex((bend - 0.5) * 0.06, -0.05 - 0.12 * high)
            pen.line([start, tip], 0.012, clear(shade((84, 140, 60), 0.7 + 0.5 * bend), 0.85))
    elif rng.random() < 0.12:
        x, colour = float(rng.choice((-0.02, 1.02))), tint(NAMED["gray"], rng, 50)
        pen.limb(complex(x, 0.3), complex(x, 1.1), 0.12, 0.22, clear(shade(colour, 0.6), 0.8))


def _light(picture: Image.Image, scene: Scene, rng: np.random.Generator) -> Image.Image:
    """Light, colour cast, vignette and grain, as of a camera."""
    size = picture.width
    gains = 1 + rng.normal(0, [0.04, 0.02, 0.05]) + rng.normal(0, 0.07)
    gains *= {"sunset": (1.04, 0.86, 0.74), "night": (0.55, 0.58, 0.76), "rain": (0.82, 0.86, 0.9)}.get(
        scene.light, (1, 1, 1)
    )
    side = (np.arange(size) + 0.5) / size - 0.5
    dark = 1 - rng.uniform(0.1, 0.5) * (side[:, None] ** 2 + side[None] ** 2)
    grain = Image.fromarray(rng.normal(128, rng.uniform(1.5, 5), (96, 96)).clip(0, 255).astype(np.uint8)).resize(
        (size, size)
    )
    bright = np.asarray(picture, np.float32) * (dark[..., None] * gains).astype(np.float32)
    contrast = rng.uniform(0.85, 1.1) * (1.08 if scene.light == "sunny" else 1)
    bright = (bright - 118) * np.float32(contrast) + 118 + (np.asarray(grain, np.float32)[..., None] - 128)
    lit = Image.fromarray(bright.clip(0, 255).astype(np.uint8))
    if scene.light == "rain":
        pen = Pen(lit)
        for x, y in rng.random((50, 2)):
            pen.line([complex(x, y), complex(x - 0.02, y + 0.07)], 0.004, (226, 232, 240, 120))
    return lit
