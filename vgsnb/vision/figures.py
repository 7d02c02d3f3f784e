"""People: a skeleton posed by angles, then clothes, hair, hats and faces on it."""

from dataclasses import dataclass, replace

import numpy as np

from vgsnb.vision.pen import Colour, Pen, clear, polar, shade

Two = tuple[tuple[float, float], tuple[float, float]]

SKINS: tuple[Colour, ...] = (
    (247, 208, 178),
    (236, 188, 152),
    (214, 160, 120),
    (172, 116, 80),
    (122, 80, 56),
    (92, 60, 44),
)
HAIRS: tuple[Colour, ...] = ((58, 40, 28), (92, 60, 34), (140, 96, 50), (214, 172, 92), (30, 26, 28), (164, 78, 40))
GREY: Colour = (196, 194, 192)


@dataclass(frozen=True)
class Pose:
    """Angles of the bones in degrees from hanging straight down, positive forwards (to the right).

    ``arms`` and ``legs`` are (near, far), each the upper and the lower bone. Of a figure seen from the front, near is
    the one on the right of the picture.
    """

    arms: Two
    legs: Two
    lean: float = 0.0  # of the trunk
    view: str = "side"  # side, front or back
    lift: float = 0.0  # of the lowest point above the ground, in heights of the figure
    tilt: float = 0.0  # of everything


_S = Pose(((8, 14), (-10, 4)), ((4, 0), (-5, -4)))
_F = Pose(((14, 6), (-14, -6)), ((5, 3), (-5, -3)), view="front")
POSES: dict[str, tuple[Pose, ...]] = {
    "stand": (_F, _S, replace(_F, arms=((35, -40), (-12, -6)))),
    "walk": (
        Pose(((28, 48), (-24, -4)), ((24, 12), (-18, -34)), 3),
        replace(_F, arms=((16, 30), (-18, 4)), legs=((6, -2), (-5, -7))),
    ),
    "run": (
        Pose(((52, 132), (-58, 22)), ((64, 8), (-28, -92)), 14),
        Pose(((-50, 25), (60, 140)), ((28, -62), (-40, -60)), 16, lift=0.03),
        replace(_F, arms=((38, 120), (-34, -130)), legs=((12, -6), (-4, -10))),
    ),
    "jump": (
        Pose(((150, 165), (120, 145)), ((48, -50), (10, -62)), 6, lift=0.16),
        Pose(((140, 155), (-140, -155)), ((32, -30), (-32, 30)), view="front", lift=0.2),
        Pose(((110, 130), (-110, -130)), ((24, 40), (-24, -40)), view="front", lift=0.14),
    ),
    "sit": (
        Pose(((18, 58), (10, 50)), ((84, 4), (78, -4)), -4),
        Pose(((16, -30), (-16, 30)), ((22, 2), (-22, -2)), view="front"),
    ),
    "floor": (
        Pose(((22, 60), (8, 40)), ((86, 82), (92, 96)), -3),
        Pose(((24, -20), (-24, 20)), ((66, -66), (-66, 66)), view="front"),
    ),
    "play": (
        Pose(((70, 95), (40, 70)), ((55, -30), (15, -35)), 24),
        Pose(((95, 120), (-85, -125)), ((16, 4), (-18, -6)), view="front"),
        Pose(((60, 85), (-50, -20)), ((34, -20), (-22, -40)), 10),
    ),
    "climb": (
        Pose(((152, 168), (-118, -172)), ((44, -14), (-18, 4)), view="back"),
        Pose(((118, 172), (-155, -168)), ((16, -2), (-52, 18)), view="back"),
    ),
    "swing": (Pose(((60, 150), (55, 145)), ((78, 40), (72, 34)), -14, lift=0.12),),
    "slide": (Pose(((130, 150), (-20, 10)), ((76, 70), (82, 78)), -16),),
    "kick": (
        Pose(((-40, -15), (60, 90)), ((62, 42), (-14, -24)), -8),
        Pose(((40, 70), (-62, -30)), ((-46, -96), (12, 4)), 8),
    ),
    "tackle": (
        Pose(((88, 96), (75, 92)), ((58, -12), (-38, -70)), 40),
        Pose(((100, 112), (80, 100)), ((-50, -66), (-66, -80)), 62, lift=0.03),
    ),
    "hit": (
        Pose(((112, 128), (-40, 20)), ((34, 8), (-26, -34)), 4),
        Pose(((-70, -60), (60, 100)), ((26, 4), (-30, -40)), 8),
    ),
    "hold": (Pose(((30, 98), (-30, -98)), ((5, 3), (-5, -3)), view="front"), replace(_S, arms=((26, 92), (14, 84)))),
    "carry": (
        replace(_S, arms=((24, 88), (10, 78)), legs=((22, 12), (-16, -30))),
        replace(_F, arms=((28, 88), (-14, -8))),
    ),
    "pose": (replace(_F, arms=((52, -52), (-14, -6))), replace(_F, arms=((150, 160), (-52, 52))), _F),
    "smile": (_F, replace(_F, arms=((30, 150), (-14, -6)))),
    "pedal": (Pose(((48, 66), (44, 62)), ((58, -16), (22, -28)), 28),),
    "motor": (Pose(((58, 86), (54, 80)), ((66, -26), (60, -32)), 20),),
    "board": (
        Pose(((82, 96), (-76, -98)), ((38, -24), (-34, 26)), 8),
        Pose(((64, 92), (-92, -74)), ((46, -34), (-22, 14)), 18),
    ),
    "ski": (
        Pose(((46, 88), (30, 76)), ((44, -34), (36, -40)), 26),
        Pose(((70, 40), (-70, -40)), ((34, -20), (-10, 16)), 6),
    ),
    "grab": (
        Pose(((70, 30), (-118, -140)), ((72, -44), (28, -76)), 22, tilt=-14),
        Pose(((128, 150), (-96, -116)), ((66, -30), (14, -52)), 12, tilt=12),
    ),
    "shoot": (Pose(((162, 172), (140, 160)), ((30, -40), (-10, -40)), 2, lift=0.12),),
    "swim": (Pose(((130, 96), (60, 40)), ((-78, -84), (-70, -90)), 76),),
}


@dataclass(frozen=True)
class Build:
    """Lengths of the bones in heights of the figure."""

    trunk: float
    leg: float
    arm: float
    head: float  # its radius
    broad: float  # the shoulders, seen from the front
    stout: float = 1.0


BUILDS = {
    "man": Build(0.31, 0.25, 0.175, 0.078, 0.25),
    "woman": Build(0.30, 0.25, 0.165, 0.080, 0.21, 0.9),
    "boy": Build(0.29, 0.205, 0.145, 0.112, 0.23, 1.05),
    "girl": Build(0.29, 0.205, 0.14, 0.112, 0.215, 1.0),
    "baby": Build(0.30, 0.15, 0.12, 0.165, 0.27, 1.3),
}
HEIGHTS = {"man": 1.0, "woman": 0.94, "boy": 0.70, "girl": 0.68, "baby": 0.46}


@dataclass(frozen=True)
class Look:
    """Everything of a person that is not the pose."""

    kind: str  # man, woman, boy, girl, baby
    skin: Colour
    hair: Colour
    long_hair: bool
    shirt: Colour
    garment: str  # shirt, jacket, dress, jersey, wetsuit, trunks, swimsuit
    trousers: Colour
    shorts: bool
    hat: Colour | None = None
    hat_kind: str = "cap"  # cap, beanie, sunhat, helmet, football
    smiles: bool = False
    glasses: bool = False
    beard: bool = False
    number: int | None = None  # on a jersey


@dataclass(frozen=True)
class Bones:
    """Where the joints are, in heights of the figure, the origin on the ground below the hips."""

    hip: complex
    neck: complex
    head: complex
    hips: tuple[complex, complex]
    shoulders: tuple[complex, complex]
    elbows: tuple[complex, complex]
    hands: tuple[complex, complex]
    knees: tuple[complex, complex]
    feet: tuple[complex, complex]


def bones(kind: str, pose: Pose, grounded: bool = True) -> Bones:
    """Pose a skeleton; ``grounded`` puts its lowest foot on the ground, else the hips are the origin."""
    build, front = BUILDS[kind], pose.view != "side"
    neck = polar(180 - pose.lean, build.trunk)
    head = neck + polar(180 - pose.lean * (1 if pose.lean < 60 else 0.3), 0.02 + build.head * 1.06)
    half_hip, half_shoulder = (0.3 * build.broad, 0.4 * build.broad) if front else (0.012, 0.03)
    hips = (half_hip + 0j, -half_hip + 0j)
    across = half_shoulder * polar(90 - pose.lean if front else 90)
    base = neck * 0.93
    shoulders = (base + across, base - across)
    elbows, hands = _chain(shoulders, pose.arms, build.arm)
    knees, feet = _chain(hips, pose.legs, build.leg)
    low = max(max(z.imag for z in (*feet, *knees)), 0.02) if grounded else 0.0
    up = complex(0, -low - 0.02 - pose.lift) if grounded else 0j
    pairs = [tuple(z + up for z in pair) for pair in (hips, shoulders, elbows, hands, knees, feet)]
    return Bones(up, neck + up, head + up, *pairs)  # type: ignore[arg-type]


def _chain(roots: tuple[complex, complex], angles: Two, length: float) -> Two:
    middles = tuple(root + polar(pair[0], length) for root, pair in zip(roots, angles, strict=True))
    ends = tuple(middle + polar(pair[1], length * 0.94) for middle, pair in zip(middles, angles, strict=True))
    return middles, ends  # type: ignore[return-value]


def loosen(pose: Pose, rng: np.random.Generator, spread: float = 7) -> Pose:
    """The pose as another moment or another body would have it."""
    d = rng.normal(0, spread, (4, 2))
    arms = tuple((a + d[i, 0], b + d[i, 1]) for i, (a, b) in enumerate(pose.arms))
    legs = tuple((a + 0.7 * d[i + 2, 0], b + 0.7 * d[i + 2, 1]) for i, (a, b) in enumerate(pose.legs))
    return replace(pose, arms=arms, legs=legs, lean=pose.lean + float(rng.normal(0, spread / 3)))  # type: ignore[arg-type]


def person(pen: Pen, look: Look, pose: Pose, joints: Bones) -> None:
    """Draw a person; ``pen``'s unit is the height of the figure."""
    build = BUILDS[look.kind]
    back_first = pose.view != "back"
    if look.long_hair and pose.view == "front":
        _hair_behind(pen, look, joints, build)
    _arm(pen, look, build, joints, 1)
    _leg(pen, look, build, joints, 1)
    _leg(pen, look, build, joints, 0)
    _trunk(pen, look, build, joints, pose.view != "side")
    if back_first:
        _head(pen, look, build, joints, pose)
        _arm(pen, look, build, joints, 0)
    else:
        _arm(pen, look, build, joints, 0)
        _head(pen, look, build, joints, pose)


def _arm(pen: Pen, look: Look, build: Build, joints: Bones, side: int) -> None:
    dim = 0.84 if side else 1.0
    skin, cloth = shade(look.skin, dim), shade(look.shirt, dim)
    shoulder, elbow, hand = joints.shoulders[side], joints.elbows[side], joints.hands[side]
    thick = 0.062 * build.stout
    full = look.garment in ("jacket", "sweater", "wetsuit")
    bare = look.garment in ("trunks", "swimsuit")
    fat = 1.35 if look.garment == "jacket" else 1.12
    pen.limb(
        elbow, hand, thick * (fat if full else 0.85), thick * (fat * 0.9 if full else 0.62), cloth if full else skin
    )
    pen.oval(hand, thick * 0.5, thick * 0.5, skin)
    if full:
        pen.limb(shoulder, elbow, thick * fat, thick * fat * 0.95, cloth)
        return
    pen.limb(shoulder, elbow, thick, thick * 0.85, skin)
    if not bare:
        sleeve = 0.35 if look.garment == "dress" else 0.62
        pen.limb(shoulder, shoulder + sleeve * (elbow - shoulder), thick * 1.12, thick * 1.1, cloth)


def _leg(pen: Pen, look: Look, build: Build, joints: Bones, side: int) -> None:
    dim = 0.82 if side else 1.0
    hip, knee, foot = joints.hips[side], joints.knees[side], joints.feet[side]
    cloth = shade(look.trousers, dim)
    bare = look.shorts or look.garment in ("dress", "trunks", "swimsuit")
    lower = shade(look.skin, dim) if bare else cloth
    thick = 0.098 * build.stout
    pen.limb(knee, foot, thick * (0.72 if bare else 0.86), thick * (0.5 if bare else 0.7), lower)
    pen.limb(hip, knee, thick * (0.98 if bare else 1.05), thick * (0.78 if bare else 0.86), lower)
    if bare and look.garment not in ("swimsuit", "dress"):
        pen.limb(hip, hip + 0.66 * (knee - hip), thick * 1.1, thick * 0.98, cloth)
    along = foot - knee
    toe = (
        complex(0.035, 0.004)
        if abs(joints.hips[0] - joints.hips[1]) < 0.05
        else complex(0.008 if side == 0 else -0.008, 0.012)
    )
    toe *= along / abs(along) / 1j
    wet = look.garment in ("trunks", "swimsuit", "wetsuit")
    shoe = lower if wet else shade(look.trousers, 0.45)
    pen.limb(foot, foot + toe, thick * 0.55, thick * 0.42, shade(look.skin, dim) if wet else shoe)


def _trunk(pen: Pen, look: Look, build: Build, joints: Bones, front: bool) -> None:
    hip, neck = joints.hip, joints.neck
    wide = build.broad if front else build.broad * 0.66
    up = (neck - hip) / abs(neck - hip)
    across = up * 1j  # to the right of somebody upright
    top, waist = neck - up * 0.015, hip + up * 0.30 * build.trunk
    slim = 0.62 if look.kind in ("woman", "girl") and look.garment != "jacket" else 0.74
    grow = 1.16 if look.garment == "jacket" else 1.0

    def outline(size: float, low: complex) -> list[complex]:
        hips = 0.76 * wide * size
        half = [(top, 0.30), (top - up * 0.03, 0.48), (waist, slim * 0.5), (low, 0)]
        right = [z + across * wide * size * part if part else z + across * hips / 2 for z, part in half]
        left = [z - across * wide * size * part if part else z - across * hips / 2 for z, part in reversed(half)]
        return right + left

    pen.limb(top, neck + up * build.head * 0.7, build.head * 0.8, build.head * 0.72, shade(look.skin, 0.9))
    belt = look.shirt if look.garment in ("swimsuit", "wetsuit", "dress") else look.trousers
    pen.limb(hip + across * wide * 0.2, hip - across * wide * 0.2, 0.11 * build.stout, 0.11 * build.stout, belt)
    pen.smooth(outline(grow, hip - up * 0.02), look.skin if look.garment == "trunks" else look.shirt)
    if look.garment == "dress":
        hem = hip - up * 0.55 * build.leg * 1.2
        waist_l, waist_r = waist - across * wide * 0.3, waist + across * wide * 0.3
        pen.smooth([waist_r, hem + across * wide * 0.72, hem, hem - across * wide * 0.72, waist_l, waist], look.shirt)
    if look.garment == "jacket" and front:
        pen.line([top, hip], 0.008, shade(look.shirt, 0.7))
    if look.garment == "jersey" and look.number is not None:
        _number(pen, neck + 0.42 * (hip - neck), look, wide)


def _number(pen: Pen, middle: complex, look: Look, wide: float) -> None:
    """A jersey's number as two bold bars, as it looks from afar."""
    light = (245, 245, 240) if sum(look.shirt[:3]) < 500 else (50, 50, 60)
    step = wide * 0.13
    for i, digit in enumerate(divmod(look.number or 0, 10)):
        x = middle + (i * 2 - 1) * step
        pen.line([x - 0.035j, x + 0.035j], 0.018, light)
        if digit % 2:
            pen.line([x - 0.035j - step * 0.5, x - 0.035j + step * 0.5], 0.016, light)
        if digit % 3:
            pen.line([x + 0.035j - step * 0.5, x + 0.035j + step * 0.5], 0.016, light)


def _hair_behind(pen: Pen, look: Look, joints: Bones, build: Build) -> None:
    head = pen.at(joints.head, build.head)
    head.smooth(
        [-1.2 - 0.6j, -1.3 + 1.0j, -1.1 + 2.1j, 1.1 + 2.1j, 1.3 + 1.0j, 1.2 - 0.6j, -1.3j], shade(look.hair, 0.85)
    )


def _head(pen: Pen, look: Look, build: Build, joints: Bones, pose: Pose) -> None:
    head = pen.at(joints.head, build.head, pose.lean * 0.35)
    if pose.view == "back":
        head.oval(0, 1.0, 1.08, look.hair)
        if look.long_hair:
            head.smooth([-1.0 - 0.2j, -0.9 + 1.9j, 0.9 + 1.9j, 1.0 - 0.2j], shade(look.hair, 0.92))
    elif pose.view == "front":
        _face_front(head, look)
    else:
        _face_side(head, look)
    if look.hat is not None:
        _hat(head, look, look.hat, pose.view)


def _face_front(head: Pen, look: Look) -> None:
    dark = (46, 34, 34)
    head.oval(-0.96 + 0.1j, 0.18, 0.24, shade(look.skin, 0.9))
    head.oval(0.96 + 0.1j, 0.18, 0.24, shade(look.skin, 0.9))
    head.oval(0, 0.95, 1.06, look.skin)
    if look.beard:
        head.smooth([-0.92 + 0.1j, -0.8 + 0.95j, 1.25j, 0.8 + 0.95j, 0.92 + 0.1j, 0.5 + 0.42j, -0.5 + 0.42j], look.hair)
    fringe = [1.02 + 0.0j, 0.62 - 0.52j, 0.1 - 0.62j, -0.5 - 0.42j, -1.02 + 0.05j]
    head.smooth([-1.1 - 0.2j, -1.02 - 0.9j, -0.5 - 1.3j, 0.5 - 1.3j, 1.02 - 0.9j, 1.1 - 0.2j, *fringe], look.hair)
    head.oval(-0.5 + 0.46j, 0.2, 0.14, clear((230, 90, 90), 0.28))
    head.oval(0.5 + 0.46j, 0.2, 0.14, clear((230, 90, 90), 0.28))
    for x in (-0.36, 0.36):
        if look.glasses:
            head.oval(complex(x, 0.08), 0.3, 0.24, (40, 42, 52))
        else:
            head.oval(complex(x, 0.06), 0.11, 0.15, dark)
            head.oval(complex(x + 0.04, 0.0), 0.04, 0.05, (250, 250, 250))
    head.line([0.0 + 0.2j, 0.07 + 0.36j, -0.02 + 0.38j], 0.06, shade(look.skin, 0.8))
    if look.smiles:
        head.arc(0.52j, 0.42, 0.36, 0, 180, (150, 40, 48))
        head.arc(0.52j, 0.38, 0.16, 0, 180, (252, 250, 246))
    else:
        head.line([-0.2 + 0.62j, 0.66j, 0.2 + 0.62j], 0.07, (160, 76, 70))


def _face_side(head: Pen, look: Look) -> None:
    if look.long_hair:
        head.smooth(
            [0.1 - 1.0j, -1.0 - 0.8j, -1.35 + 0.4j, -1.5 + 1.9j, -0.7 + 1.6j, -0.3 + 0.6j], shade(look.hair, 0.85)
        )
    head.oval(0, 0.95, 1.05, look.skin)
    head.oval(0.96 + 0.2j, 0.16, 0.14, look.skin)
    if look.beard:
        head.smooth([-0.2 + 0.4j, 0.1 + 1.1j, 0.7 + 1.1j, 0.9 + 0.5j, 0.4 + 0.5j], look.hair)
    back = [0.72 - 0.62j, 0.3 - 0.56j, 0.06 - 0.1j, -0.22 + 0.1j, -0.3 + 0.62j]
    head.smooth([0.86 - 0.72j, *back, -0.86 + 0.66j, -1.14 + 0j, -0.9 - 0.9j, 0.05 - 1.3j, 0.7 - 1.05j], look.hair)
    if look.glasses:
        head.oval(0.58 + 0.02j, 0.28, 0.22, (40, 42, 52))
    else:
        head.oval(0.56 + 0.02j, 0.1, 0.15, (46, 34, 34))
    if look.smiles:
        head.arc(0.56 + 0.48j, 0.3, 0.3, 0, 150, (150, 40, 48))
    else:
        head.line([0.5 + 0.58j, 0.82 + 0.54j], 0.07, (160, 76, 70))


def _hat(head: Pen, look: Look, colour: Colour, view: str) -> None:
    if look.hat_kind in ("helmet", "football"):
        head.arc(-0.12j, 1.22, 1.28, 170, 370, colour)
        head.arc(-0.12j, 1.22, 0.3, 180, 360, shade(colour, 0.8))
        if look.hat_kind == "football" and view != "back":
            head.smooth([-1.2 - 0.3j, -1.2 + 0.7j, -0.6 + 0.8j, 0.1 - 0.3j], colour)
            for y in (0.35, 0.72):
                head.line(
                    [complex(-0.3 if view == "side" else -0.8, y), complex(1.15 if view == "side" else 0.8, y)],
                    0.12,
                    GREY,
                )
        return
    if look.hat_kind == "sunhat":
        head.oval(-0.52j, 1.75, 0.34, shade(colour, 0.86))
        head.arc(-0.5j, 1.0, 0.95, 180, 360, colour)
        head.line([-0.98 - 0.6j, 0.98 - 0.6j], 0.16, shade(colour, 0.6))
        return
    head.arc(-0.3j, 1.1, 1.06, 178, 362, colour)
    if look.hat_kind == "beanie":
        head.limb(-0.98 - 0.38j, 0.98 - 0.38j, 0.3, 0.3, shade(colour, 1.25))
        head.oval(-1.38j, 0.22, 0.22, shade(colour, 1.4))
    elif view == "side":
        head.limb(0.6 - 0.4j, 1.6 - 0.32j, 0.26, 0.12, shade(colour, 0.75))
    elif view == "front":
        head.oval(-0.42j, 0.95, 0.2, shade(colour, 0.75))
