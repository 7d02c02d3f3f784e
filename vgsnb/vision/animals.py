"""Dogs: a body, four legs, a head and a tail, posed for what they do."""

from dataclasses import dataclass, replace

import numpy as np

from vgsnb.vision.pen import Colour, Pen, polar, shade

Legs = tuple[tuple[float, float], tuple[float, float], tuple[float, float], tuple[float, float]]


@dataclass(frozen=True)
class DogPose:
    """``legs`` near fore, far fore, near hind, far hind: upper and lower bone in degrees from straight down."""

    legs: Legs
    tilt: float = 0.0  # of the trunk, nose down is positive
    lift: float = 0.0
    head: float = 0.0  # of the head, nose down is positive
    tail: float = 215.0


STAND = DogPose(((2, 0), (-6, -2), (14, -16), (4, -24)))
DOG_POSES: dict[str, tuple[DogPose, ...]] = {
    "stand": (STAND, DogPose(((2, 0), (-6, -2), (14, -16), (4, -24)), head=16, tail=200)),
    "walk": (DogPose(((26, 14), (-20, -30), (-10, -36), (34, -2)), tail=225),),
    "run": (
        DogPose(((62, 70), (74, 84), (-62, -84), (-50, -72)), -4, 0.14, tail=250),
        DogPose(((-26, -84), (-10, -70), (48, 20), (60, 34)), 4, 0.12, 6, 230),
        DogPose(((48, 20), (14, -44), (-40, -70), (8, -30)), -3, 0.05, tail=240),
    ),
    "jump": (
        DogPose(((58, -10), (72, 6), (-32, -52), (-44, -60)), -26, 0.42, -8, 230),
        DogPose(((84, 96), (70, 88), (-70, -88), (-56, -80)), -12, 0.5, tail=245),
    ),
    "sit": (DogPose(((8, 2), (2, -2), (64, -58), (52, -64)), -34, head=20, tail=250),),
    "play": (
        DogPose(((64, 70), (56, 64), (6, -18), (-2, -26)), 24, head=-18, tail=160),
        DogPose(((50, -30), (30, -60), (20, -10), (-4, -26)), -30, 0.06, tail=200),
    ),
    "swim": (DogPose(((40, 10), (20, -20), (0, -30), (-20, -50)), -10, head=-6, tail=255),),
}


@dataclass(frozen=True)
class DogLook:
    """One dog: its two colours and its shape."""

    coat: Colour
    second: Colour | None
    ears: str  # floppy or pointed
    long: float  # of the trunk, 1 is usual
    stout: float
    leggy: float
    collar: Colour | None = None
    vest: Colour | None = None  # of a racing greyhound
    patches: tuple[float, ...] = ()  # where spots of the second colour lie along the trunk
    tongue: bool = False


def loosen_dog(pose: DogPose, rng: np.random.Generator, spread: float = 6) -> DogPose:
    """The pose a moment later or of another dog."""
    moved = [(a + d, b + e) for (a, b), (d, e) in zip(pose.legs, rng.normal(0, spread, (4, 2)), strict=True)]
    return replace(pose, legs=(moved[0], moved[1], moved[2], moved[3]))


def dog(pen: Pen, look: DogLook, pose: DogPose) -> complex:
    """Draw a dog whose height at the shoulder is about 1, nose to the right; return where its mouth is.

    The origin of ``pen`` is the ground under the middle of the trunk.
    """
    leg = 0.29 * look.leggy
    turn = polar(90 - pose.tilt)  # along the back, towards the head
    fore, hind = 0.44 * look.long * turn, -0.44 * look.long * turn
    down = turn * 1j
    roots = [fore + 0.16 * down, fore + 0.16 * down + 0.05, hind + 0.1 * down, hind + 0.1 * down + 0.05]
    feet = [root + polar(a, leg * 1.1) + polar(b, leg) for root, (a, b) in zip(roots, pose.legs, strict=True)]
    body = pen.at(complex(0, -max(z.imag for z in feet) - 0.03 - pose.lift))
    _tail(body, look, hind - 0.1 * down, pose.tail)
    for i in (1, 3, 0, 2):
        _leg(body, look, roots[i], pose.legs[i], leg, far=i in (1, 3), hind=i >= 2)
    _trunk(body, look, fore, hind, down)
    neck = fore + 0.10 * turn - 0.06 * down
    head = neck + 0.32 * polar(90 - pose.tilt * 0.4 + 52) * (0.9 if pose.tilt > 10 else 1)
    mouth = _head(body, look, neck, head, pose)
    return body.origin + body.turn * (-mouth.conjugate() if body.mirrored else mouth)


def _leg(
    pen: Pen, look: DogLook, root: complex, angles: tuple[float, float], leg: float, far: bool, hind: bool
) -> None:
    colour = shade(look.coat, 0.78 if far else 0.97)
    sock = shade(look.second, 0.85 if far else 1.0) if look.second and look.patches else colour
    knee = root + polar(angles[0], leg * 1.1)
    foot = knee + polar(angles[1], leg)
    thick = 0.15 * look.stout
    pen.limb(root, knee, thick * (1.9 if hind else 1.5), thick * 0.85, colour)
    pen.limb(knee, foot, thick * 0.8, thick * 0.62, sock)
    pen.limb(foot, foot + 0.06, thick * 0.7, thick * 0.6, sock)


def _trunk(pen: Pen, look: DogLook, fore: complex, hind: complex, down: complex) -> None:
    chest, loin = 0.47 * look.stout, 0.36 * look.stout * (0.75 if look.vest else 1)
    pen.limb(hind, fore, loin, chest, look.coat)
    if look.second and not look.patches:
        pen.limb(hind + down * loin * 0.3, fore + down * chest * 0.3, loin * 0.35, chest * 0.4, look.second)
    for place in look.patches if look.second else ():
        middle = hind + place * (fore - hind) + down * 0.12 * (place - 0.5)
        pen.oval(middle, 0.13, 0.11 * look.stout, look.second or look.coat, 20)
    if look.vest:
        a, b = hind + 0.42 * (fore - hind), hind + 0.86 * (fore - hind)
        pen.limb(a, b, loin * 1.12, chest * 0.98, look.vest)
        pen.oval(a + 0.5 * (b - a), 0.08, 0.11, (245, 245, 240))
    pen.limb(hind - down * loin * 0.32, fore - down * chest * 0.34, 0.06, 0.07, shade(look.coat, 1.12))


def _tail(pen: Pen, look: DogLook, root: complex, angle: float) -> None:
    a = root + polar(angle, 0.22)
    pen.limb(root, a, 0.11 * look.stout, 0.09 * look.stout, look.coat)
    pen.limb(a, a + polar(angle - 25, 0.2), 0.09 * look.stout, 0.035, look.second or look.coat)


def _head(pen: Pen, look: DogLook, neck: complex, at: complex, pose: DogPose) -> complex:
    pen.limb(neck, at, 0.34 * look.stout, 0.26, look.coat)
    if look.collar:
        middle = neck + 0.45 * (at - neck)
        across = (at - neck) / abs(at - neck) * 1j
        pen.line([middle - across * 0.16, middle + across * 0.16], 0.06, look.collar)
    head = pen.at(at, 1.0, pose.head)
    dark, inner = (34, 28, 28), look.second or shade(look.coat, 1.15)
    if look.ears == "pointed":
        head.smooth([-0.14 - 0.05j, -0.12 - 0.36j, 0.06 - 0.14j], shade(look.coat, 0.7))
    head.oval(0.02 - 0.02j, 0.2, 0.18, look.coat)
    head.limb(0.08 + 0.05j, 0.3 + 0.07j, 0.2, 0.13, inner)
    if look.tongue:
        head.limb(0.24 + 0.14j, 0.25 + 0.27j, 0.07, 0.06, (232, 110, 120))
    head.line([0.16 + 0.13j, 0.32 + 0.11j], 0.018, shade(inner, 0.55))
    head.oval(0.36 + 0.03j, 0.05, 0.042, dark if sum(look.coat[:3]) > 160 else (12, 10, 12))
    head.oval(0.1 - 0.06j, 0.036, 0.04, dark if sum(look.coat[:3]) > 160 else (225, 190, 120))
    if look.ears == "floppy":
        head.smooth([-0.1 - 0.18j, -0.24 - 0.02j, -0.2 + 0.24j, -0.06 + 0.26j, 0.0 - 0.06j], shade(look.coat, 0.68))
    else:
        head.smooth([-0.16 - 0.08j, -0.16 - 0.4j, 0.02 - 0.16j], shade(look.coat, 0.86))
    return at + polar(90 - pose.head, 0.31) + 0.12j


def dog_look(rng: np.random.Generator, coat: Colour, second: Colour | None, size: str, racing: bool) -> DogLook:
    """A dog of these colours; small ones are short in the leg, racing ones slender."""
    leggy = {"small": 0.72, "mid": 1.0, "large": 1.14}[size] * (1.15 if racing else 1) * rng.uniform(0.9, 1.1)
    stout = {"small": 1.05, "mid": 1.0, "large": 1.05}[size] * (0.8 if racing else 1) * rng.uniform(0.85, 1.15)
    patches = tuple(rng.uniform(0.05, 0.95, 3)) if second and rng.random() < 0.6 else ()
    return DogLook(
        coat=coat,
        second=second,
        ears="floppy" if rng.random() < 0.6 and not racing else "pointed",
        long=float(rng.uniform(0.9, 1.1)),
        stout=float(stout),
        leggy=float(leggy),
        patches=patches,
        tongue=bool(rng.random() < 0.4),
    )
