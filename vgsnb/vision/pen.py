"""A pen that draws smooth shapes in coordinates of its own, so that a figure is written once and put anywhere."""

import cmath
import math
from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw

Colour = tuple[int, ...]  # red, green, blue and, if it is to shine through, alpha
NAMED: dict[str, Colour] = {
    "red": (205, 42, 44),
    "blue": (44, 92, 188),
    "white": (243, 242, 238),
    "black": (40, 39, 45),
    "green": (58, 140, 72),
    "yellow": (242, 204, 52),
    "orange": (240, 132, 36),
    "pink": (240, 138, 176),
    "brown": (116, 74, 42),
    "tan": (212, 172, 120),
    "gray": (134, 134, 138),
    "purple": (120, 72, 150),
}


def named(name: str, rng: np.random.Generator, spread: float = 14) -> Colour:
    """One of the shades that ``name`` stands for."""
    return tint(NAMED[name], rng, spread)


def tint(colour: Colour, rng: np.random.Generator, spread: float = 14) -> Colour:
    """``colour`` a little lighter or darker and a little off its hue."""
    light = rng.normal(0, spread)
    return tuple(
        int(min(max(c + light + d, 0), 255)) for c, d in zip(colour, rng.normal(0, spread / 3, 3), strict=False)
    )


def shade(colour: Colour, factor: float) -> Colour:
    """``colour`` darkened (factor below 1) or mixed with white (above 1)."""
    if factor <= 1:
        return tuple(int(c * factor) for c in colour[:3]) + colour[3:]
    return tuple(int(c + (255 - c) * (factor - 1)) for c in colour[:3]) + colour[3:]


def clear(colour: Colour, alpha: float) -> Colour:
    """``colour`` that lets the picture shine through: alpha 0 is nothing, 1 is paint."""
    return (*colour[:3], int(255 * alpha))


def polar(angle: float, length: float = 1.0) -> complex:
    """The point ``length`` away in direction ``angle``: degrees from straight down, positive towards the right."""
    turn = math.radians(angle)
    return complex(math.sin(turn), math.cos(turn)) * length


class Pen:
    """Draws on one picture in coordinates whose x points right and y points down, both as complex numbers.

    A pen made by ``at`` has its own origin, scale, tilt and may be mirrored; all share the picture and the box of
    what was drawn since ``forget``.
    """

    def __init__(self, picture: Image.Image):
        self.draw = ImageDraw.Draw(picture, "RGBA")
        self.origin, self.turn, self.mirrored = 0j, complex(picture.width), False
        self.box = [math.inf, math.inf, -math.inf, -math.inf]
        self.width = picture.width

    def at(self, z: complex, scale: float = 1.0, tilt: float = 0.0, mirrored: bool = False) -> "Pen":
        """A pen whose origin is ``z``, tilted by so many degrees, clockwise unless this pen is mirrored."""
        other = object.__new__(Pen)
        other.__dict__.update(self.__dict__)
        other.origin = self.place(z)
        other.turn = self.turn * cmath.rect(scale, math.radians(-tilt if self.mirrored else tilt))
        other.mirrored = self.mirrored != mirrored
        return other

    def place(self, z: complex) -> complex:
        """Where ``z`` lies on the picture, in pixels."""
        return self.origin + self.turn * (-z.conjugate() if self.mirrored else z)

    def forget(self) -> None:
        """Begin a new box."""
        self.box[:] = [math.inf, math.inf, -math.inf, -math.inf]

    def drawn(self) -> tuple[float, float, float, float]:
        """The box of what was drawn since ``forget``: left, top, right, bottom as fractions of the picture."""
        left, top, right, bottom = (min(max(side / self.width, 0.0), 1.0) for side in self.box)
        return left, top, right, bottom

    def shape(self, points: Sequence[complex], colour: Colour) -> None:
        """A filled polygon."""
        places = [self.place(z) for z in points]
        box = self.box
        flat = [(z.real, z.imag) for z in places]
        xs, ys = [x for x, _ in flat], [y for _, y in flat]
        box[:] = [min(box[0], *xs), min(box[1], *ys), max(box[2], *xs), max(box[3], *ys)]
        self.draw.polygon(flat, fill=colour)

    def smooth(self, points: Sequence[complex], colour: Colour) -> None:
        """A filled shape whose corners are cut twice (Chaikin's curve)."""
        for _ in range(2):
            following = [*points[1:], points[0]]
            points = [
                z for a, b in zip(points, following, strict=True) for z in (0.75 * a + 0.25 * b, 0.25 * a + 0.75 * b)
            ]
        self.shape(points, colour)

    def oval(self, centre: complex, wide: float, high: float, colour: Colour, tilt: float = 0.0) -> None:
        """A filled ellipse with half-axes ``wide`` and ``high``."""
        turn = cmath.rect(1, math.radians(tilt))
        self.shape([centre + turn * complex(wide * z.real, high * z.imag) for z in _CIRCLE], colour)

    def limb(self, a: complex, b: complex, thick_a: float, thick_b: float, colour: Colour) -> None:
        """A round-ended, tapering bar from ``a`` to ``b``."""
        along = (b - a) / abs(b - a) if b != a else 1 + 0j
        start = [a - along * z * thick_a / 2 for z in _HALF]
        self.shape([*start, *(b + along * z * thick_b / 2 for z in _HALF)], colour)

    def line(self, points: Sequence[complex], thick: float, colour: Colour) -> None:
        """An open line of even thickness, at least one pixel of the finished picture."""
        width = max(round(abs(self.turn) * thick), 1)
        flat = [(z.real, z.imag) for z in map(self.place, points)]
        self.draw.line(flat, fill=colour, width=width, joint="curve" if width > 2 else None)

    def ring(self, centre: complex, radius: float, thick: float, colour: Colour) -> None:
        """A circle's outline."""
        self.line([centre + radius * z for z in [*_CIRCLE, _CIRCLE[0], _CIRCLE[1]]], thick, colour)

    def arc(self, centre: complex, wide: float, high: float, start: float, end: float, colour: Colour) -> None:
        """The part of an ellipse from ``start`` to ``end`` (degrees clockwise from the right), filled to its chord."""
        steps = [math.radians(start + (end - start) * i / 12) for i in range(13)]
        self.shape([centre + complex(wide * math.cos(t), high * math.sin(t)) for t in steps], colour)


_CIRCLE = [cmath.rect(1, 2 * math.pi * i / 20) for i in range(20)]
_HALF = [cmath.rect(1, math.pi * (i / 6 - 0.5)) for i in range(7)]
