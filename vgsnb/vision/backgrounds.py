"""Places: what lies behind and below the figures, painted anew for every picture."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from vgsnb.scenes.facts import Scene
from vgsnb.vision.pen import NAMED, Colour, Pen, clear, shade, tint
from vgsnb.vision.things import thing

GRASS: Colour = (104, 160, 66)
SAND: Colour = (226, 202, 152)
EARTH: Colour = (150, 112, 74)
SNOW: Colour = (236, 241, 248)
SEA: Colour = (40, 112, 158)
STONE: Colour = (146, 138, 128)
ASPHALT: Colour = (112, 112, 118)
LEAVES: Colour = (58, 116, 56)
SKIES: tuple[tuple[Colour, Colour], ...] = (
    ((92, 156, 222), (196, 224, 242)),
    ((128, 178, 224), (222, 234, 240)),
    ((168, 182, 196), (222, 226, 228)),
    ((70, 132, 206), (170, 208, 236)),
)
SUNSET: tuple[Colour, Colour] = ((104, 88, 150), (250, 168, 96))


@dataclass(frozen=True)
class Brush:
    """What a place is painted with: the pen over the whole picture, the scene, and its own random numbers."""

    pen: Pen
    scene: Scene
    rng: np.random.Generator

    def bands(self, top: float, bottom: float, first: Colour, last: Colour, steps: int = 14) -> None:
        """Fill from ``top`` to ``bottom`` with colours that pass from ``first`` to ``last``."""
        top, bottom = top if top > 0 else -0.08, bottom if bottom < 1 else 1.08  # the view is tilted a little
        height = (bottom - top) / steps
        for i in range(steps):
            part = i / (steps - 1)
            colour = tuple(int(a + part * (b - a)) for a, b in zip(first, last, strict=True))
            y = top + i * height
            self.pen.shape([complex(-0.1, y), complex(1.1, y), complex(1.1, bottom), complex(-0.1, bottom)], colour)

    def sky(self, horizon: float) -> None:
        """A sky with clouds, down to ``horizon``; the light of the scene decides its colours."""
        sunset = self.scene.light == "sunset"
        top, low = SUNSET if sunset else SKIES[self.rng.integers(len(SKIES))]
        self.bands(-0.02, horizon + 0.02, tint(top, self.rng, 8), tint(low, self.rng, 6))
        if self.scene.light in ("sunny", "sunset"):
            sun = complex(
                self.rng.uniform(0.1, 0.9), horizon * self.rng.uniform(0.2, 0.6) + (0.3 * horizon if sunset else 0)
            )
            self.pen.oval(sun, 0.09, 0.09, clear((255, 240, 190), 0.35))
            self.pen.oval(sun, 0.055, 0.055, (255, 232, 150) if sunset else (255, 248, 214))
        for _ in range(self.rng.integers(0, 4)):
            x, y = self.rng.uniform(0, 1), self.rng.uniform(0.02, max(horizon - 0.08, 0.03))
            size = self.rng.uniform(0.05, 0.12)
            for dx, dy, part in ((-0.9, 0.15, 0.7), (0, 0, 1), (0.8, 0.2, 0.65)):
                self.pen.oval(
                    complex(x + dx * size, y + dy * size), size * part, size * part * 0.42, (255, 255, 255, 170)
                )

    def strokes(
        self, top: float, bottom: float, colour: Colour, n: int, length: float, slant: float, thick: float
    ) -> None:
        """Blades, pebbles or ripples: short lines, smaller towards ``top`` where the ground is far."""
        places = self.rng.random((n, 3))
        for x, y, light in places:
            depth = 0.25 + 0.75 * y
            start = complex(x, top + (bottom - top) * y)
            end = start + length * depth * complex(
                slant * (light - 0.5) * 2 if slant < 1 else 1, -1 if slant < 1 else 0
            )
            self.pen.line([start, end], thick * depth, clear(shade(colour, 0.7 + 0.6 * light), 0.75))

    def hills(self, base: float, height: float, colour: Colour, n: int = 7) -> None:
        """A soft line of hills or far trees on the horizon."""
        tops = base - height * self.rng.uniform(0.35, 1.0, n)
        points = [complex(-0.1, base + 0.02), *(complex(-0.1 + 1.2 * i / (n - 1), y) for i, y in enumerate(tops))]
        self.pen.smooth([*points, complex(1.1, base + 0.02)], colour)

    def peaks(self, base: float, height: float, colour: Colour, snowy: float) -> None:
        """Mountains: jagged triangles, ``snowy`` is how far down the snow lies."""
        for x in self.rng.uniform(-0.05, 1.05, 4):
            high, wide = height * self.rng.uniform(0.55, 1.0), height * self.rng.uniform(0.7, 1.3)
            top = complex(x, base - high)
            left, right = complex(x - wide, base + 0.02), complex(x + wide, base + 0.02)
            own = tint(colour, self.rng, 8)
            self.pen.shape([left, top, right], own)
            self.pen.shape([top, right, complex(x + 0.15 * wide, base + 0.02)], shade(own, 0.82))
            if snowy:
                a, b = top + snowy * (left - top), top + snowy * (right - top)
                jag = [
                    a,
                    0.7 * a + 0.3 * b - 0.03j * snowy,
                    0.5 * (a + b) + 0.05j * snowy,
                    0.3 * a + 0.7 * b - 0.03j * snowy,
                    b,
                ]
                self.pen.shape([top, *jag], SNOW)

    def trees(self, ground: float, n: int, height: float, pine: bool = False) -> None:
        """Trees that stand on ``ground``."""
        for x in self.rng.uniform(-0.05, 1.05, n):
            tree(self.pen.at(complex(x, ground), height * self.rng.uniform(0.75, 1.25)), self.rng, self.leaves(), pine)

    def leaves(self) -> Colour:
        """The colour of leaves in this season."""
        autumn: tuple[Colour, ...] = ((206, 120, 42), (188, 76, 40), (214, 164, 60))
        return tint(autumn[self.rng.integers(3)] if self.scene.light == "autumn" else LEAVES, self.rng, 14)

    def wall(self, bottom: float, colour: Colour) -> None:
        """A house front with windows and perhaps bricks, from the top of the picture to ``bottom``."""
        self.bands(-0.02, bottom, shade(colour, 1.06), shade(colour, 0.9), 3)
        if self.scene.spot == "wall" or self.rng.random() < 0.4:
            for i, y in enumerate(np.arange(0, bottom, 0.045)):
                self.pen.line([complex(0, y), complex(1, y)], 0.004, clear(shade(colour, 0.7), 0.7))
                for x in np.arange(0.06 * (i % 2), 1, 0.12):
                    self.pen.line([complex(x, y), complex(x, y + 0.045)], 0.004, clear(shade(colour, 0.7), 0.7))
        panes = 0 if self.scene.spot == "wall" and self.rng.random() < 0.5 else 3
        start = self.rng.uniform(0.02, 0.2)
        for i in range(panes):
            x = start + i * 0.34
            self.box(x, 0.1, x + 0.17, 0.36, (238, 236, 230))
            self.box(x + 0.015, 0.115, x + 0.155, 0.345, (128, 160, 178))
            self.pen.line([complex(x + 0.085, 0.115), complex(x + 0.085, 0.345)], 0.008, (238, 236, 230))
        if self.scene.spot in ("house", "store") or self.rng.random() < 0.3:
            x = self.rng.uniform(0.1, 0.8)
            self.box(x, bottom - 0.34, x + 0.16, bottom, tint(NAMED["brown"], self.rng, 30))
        if self.scene.spot in ("store", "shops"):
            awning = tint(NAMED[("red", "green", "blue")[self.rng.integers(3)]], self.rng)
            for i in range(12):
                self.box(i / 12, 0.4, (i + 1) / 12, 0.47, awning if i % 2 else (240, 238, 232))

    def box(self, left: float, top: float, right: float, bottom: float, colour: Colour) -> None:
        """An upright rectangle."""
        self.pen.shape([complex(left, top), complex(right, top), complex(right, bottom), complex(left, bottom)], colour)

    def water(self, top: float, colour: Colour, ripples: int = 46) -> None:
        """Water from ``top`` down, with ripples and glints."""
        self.bands(top, 1.02, shade(colour, 1.18), shade(colour, 0.86))
        self.strokes(top, 1.0, shade(colour, 1.35), ripples, 0.08, 1, 0.007)
        self.strokes(top, 1.0, shade(colour, 0.75), ripples // 2, 0.07, 1, 0.008)


def tree(pen: Pen, rng: np.random.Generator, leaves: Colour, pine: bool = False) -> None:
    """A tree of height 1."""
    bark = tint((98, 70, 48), rng, 10)
    if pine:
        pen.limb(0, -0.3j, 0.07, 0.06, bark)
        for low, wide in ((-0.15, 0.3), (-0.38, 0.24), (-0.6, 0.17)):
            pen.shape(
                [complex(-wide, low), complex(0, low - 0.42), complex(wide, low)], shade(leaves, 0.8 - low * 0.25)
            )
        return
    pen.limb(0, -0.5j, 0.11, 0.07, bark)
    pen.limb(-0.35j, -0.55j + 0.14, 0.05, 0.03, bark)
    for dx, dy, r in ((-0.19, -0.55, 0.2), (0.2, -0.58, 0.2), (0.0, -0.76, 0.24), (-0.02, -0.56, 0.2)):
        pen.oval(complex(dx, dy), r * rng.uniform(0.9, 1.15), r * 0.9, tint(leaves, rng, 9))
    pen.oval(-0.07 - 0.82j, 0.1, 0.07, shade(leaves, 1.2))


def _grass(brush: Brush) -> float:
    """A lawn, yard or meadow."""
    rng, horizon = brush.rng, brush.rng.uniform(0.22, 0.48)
    brush.sky(horizon)
    brush.hills(horizon, 0.2, shade(brush.leaves(), 0.9), 9)
    if rng.random() < 0.3:  # looking down: nothing but grass
        horizon = -0.02
    green = tint((126, 158, 70) if brush.scene.spot == "meadow" else GRASS, rng, 12)
    brush.bands(horizon, 1.02, shade(green, 1.1), shade(green, 0.86))
    if brush.scene.spot == "yard" and horizon > 0:
        for x in (0.12, 0.5, 0.88):
            thing(brush.pen.at(complex(x, horizon + 0.05), 0.34), "fence", GRASS)
    brush.strokes(max(horizon, 0), 1.0, shade(green, 0.82), 130, 0.05, 0.4, 0.007)
    if brush.scene.spot == "meadow":
        for x, y in rng.random((16, 2)):
            brush.pen.oval(complex(x, 0.5 + y * 0.5), 0.008, 0.008, tint((250, 236, 120), rng, 30))
    if brush.scene.light == "autumn":
        for x, y in rng.random((26, 2)):
            brush.pen.oval(complex(x, 0.5 + y * 0.5), 0.014, 0.009, brush.leaves())
    return max(horizon, 0.25)


def _field(brush: Brush) -> float:
    """A playing field with lines, or an open field."""
    rng, horizon = brush.rng, brush.rng.uniform(0.26, 0.5)
    brush.sky(horizon)
    brush.hills(horizon, 0.12, shade(brush.leaves(), 0.85), 11)
    sport = brush.scene.script in ("soccer", "football")
    colour = tint((206, 178, 96) if brush.scene.spot == "hay" else (122, 166, 74), rng, 12)
    brush.bands(horizon, 1.02, shade(colour, 1.12), shade(colour, 0.88))
    if sport:
        for i in range(0, 8, 2):
            a, b = horizon + (1 - horizon) * (i / 8) ** 1.4, horizon + (1 - horizon) * ((i + 1) / 8) ** 1.4
            brush.box(0, a, 1, b, clear(shade(colour, 0.9), 0.6))
        for _ in range(rng.integers(1, 4)):
            y = rng.uniform(horizon + 0.08, 0.98)
            brush.pen.line([complex(0, y), complex(1, y + rng.normal(0, 0.03))], 0.012, (238, 242, 236))
    else:
        brush.strokes(horizon, 1.0, shade(colour, 0.85), 90, 0.075, 0.25, 0.006)
    return horizon


def _snow(brush: Brush) -> float:
    """Snow, flat or on a hill or in a wood."""
    rng, horizon = brush.rng, brush.rng.uniform(0.25, 0.45)
    brush.sky(horizon)
    if brush.scene.spot == "woods" or rng.random() < 0.5:
        brush.trees(horizon + 0.04, 9 if brush.scene.spot == "woods" else 4, 0.34, pine=rng.random() < 0.6)
    brush.bands(horizon, 1.02, (222, 232, 246), tint(SNOW, rng, 6))
    if brush.scene.spot == "hill":
        brush.pen.smooth(
            [-0.1 + 1.1j, complex(-0.1, horizon - 0.12), complex(0.5, horizon), 1.1 + 0.75j, 1.1 + 1.1j], SNOW
        )
    for x, y in rng.random((9, 2)):
        brush.pen.oval(
            complex(x, horizon + (1 - horizon) * y), 0.12 * y + 0.03, 0.016 * y + 0.006, clear((188, 204, 228), 0.6)
        )
    return horizon


def _snowmountain(brush: Brush) -> float:
    """A slope with peaks behind."""
    rng, horizon = brush.rng, brush.rng.uniform(0.3, 0.5)
    brush.sky(horizon)
    brush.peaks(horizon + 0.1, 0.4, (122, 138, 164), 0.6)
    left, right = sorted(rng.uniform(horizon, 0.8, 2))
    brush.bands(horizon + 0.09, 1.0, (206, 218, 236), tint(SNOW, rng, 5), 4)
    brush.pen.shape([complex(-0.1, left), complex(1.1, right), 1.1 + 1.1j, -0.1 + 1.1j], tint(SNOW, rng, 5))
    for x in rng.uniform(0, 1, rng.integers(0, 5)):
        tree(brush.pen.at(complex(x, left + (right - left) * x + 0.03), 0.22), rng, LEAVES, pine=True)
    for _ in range(3):
        y = rng.uniform(0.7, 1.0)
        brush.pen.line([complex(0, y), complex(1, y + right - left)], 0.008, (198, 212, 234))
    return max(left, right) - 0.1


def _lake(brush: Brush) -> float:
    """Still or running water between banks."""
    rng, horizon = brush.rng, brush.rng.uniform(0.2, 0.4)
    brush.sky(horizon)
    brush.trees(horizon + 0.05, 8, 0.26)
    brush.bands(horizon, horizon + 0.1, tint(GRASS, rng), tint(EARTH, rng), 4)
    muddy = brush.scene.spot in ("stream", "puddle", "river") and rng.random() < 0.6
    brush.water(horizon + 0.07, tint((112, 118, 96) if muddy else (62, 112, 134), rng, 12))
    for x, y in rng.random((6 if brush.scene.spot in ("stream", "river") else 1, 2)):
        brush.pen.oval(complex(x, 0.5 + 0.5 * y), 0.06, 0.03, tint(STONE, rng))
    if brush.scene.spot in ("puddle", "stream"):
        bank = [-0.1 + 1.1j, -0.1 + 0.8j, 0.3 + 0.93j, 0.75 + 0.9j, 1.1 + 0.98j, 1.1 + 1.1j]
        brush.pen.smooth(bank, tint(EARTH, rng))
    return horizon + 0.12


def _ocean(brush: Brush) -> float:
    """The sea with waves; a wall of water where one surfs."""
    rng, horizon = brush.rng, brush.rng.uniform(0.14, 0.36)
    brush.sky(horizon)
    sea = tint(SEA, rng, 14)
    brush.water(horizon, sea)
    for _ in range(rng.integers(2, 5)):
        y = horizon + (1 - horizon) * rng.random()
        crest = [complex(-0.1 + 0.15 * i, y + rng.normal(0, 0.008)) for i in range(9)]
        brush.pen.line(crest, 0.006 + 0.02 * (y - horizon), (238, 246, 250))
    if brush.scene.action == "ridewave":
        top = rng.uniform(0.2, 0.42)
        wave = [
            -0.1 + 1.0j,
            complex(-0.1, top + 0.1),
            complex(0.25, top),
            complex(0.65, top + 0.14),
            1.15 + 0.66j,
            1.1 + 1.0j,
        ]
        brush.pen.smooth(wave, shade(sea, 1.12))
        brush.strokes(top + 0.2, 0.9, shade(sea, 1.5), 26, 0.12, 1, 0.008)
        for x, y, r in rng.random((26, 3)):
            z = complex(-0.05 + 0.75 * x, top + 0.08 + 0.14 * x + 0.05 * y)
            brush.pen.oval(z, 0.02 + 0.035 * r, 0.016 + 0.025 * r, clear((246, 250, 252), 0.9))
        brush.bands(0.9, 1.02, (226, 238, 244), shade(sea, 1.2), 4)
    elif brush.scene.spot == "shore":
        shore = [-0.1 + 1.1j, -0.1 + 0.84j, 0.3 + 0.88j, 0.7 + 0.84j, 1.1 + 0.9j, 1.1 + 1.1j]
        brush.pen.smooth([z - 0.03j for z in shore], (240, 246, 248))
        brush.pen.smooth(shore, tint(SAND, rng))
    return horizon + 0.18


def _beach(brush: Brush) -> float:
    """Sand, with the sea behind it."""
    rng, horizon = brush.rng, brush.rng.uniform(0.16, 0.38)
    brush.sky(horizon)
    shore = horizon + rng.uniform(0.05, 0.26)
    brush.bands(horizon, shore + 0.05, tint(SEA, rng, 12), (120, 176, 196), 6)
    if brush.scene.spot == "pier":
        brush.box(0.5, horizon - 0.03, 1.05, horizon, (96, 76, 62))
        for x in np.arange(0.55, 1.0, 0.1):
            brush.box(x, horizon, x + 0.015, horizon + 0.08, (96, 76, 62))
    sand = tint(SAND, rng, 10)
    edge = [complex(-0.1 + 0.3 * i, shore + rng.normal(0, 0.015)) for i in range(5)]
    brush.pen.smooth([*(z - 0.02j for z in edge), 1.1 + 1.1j, -0.1 + 1.1j], (240, 246, 246))
    brush.pen.smooth([*edge, 1.1 + 1.1j, -0.1 + 1.1j], shade(sand, 0.9))
    brush.bands(shore + 0.1, 1.02, sand, shade(sand, 1.15), 5)
    brush.strokes(shore + 0.1, 1.0, shade(sand, 0.85), 60, 0.025, 1, 0.006)
    return shore + 0.05


def _pool(brush: Brush) -> float:
    """A swimming pool seen from its edge, or a plastic one on the lawn."""
    rng = brush.rng
    blue = tint((58, 172, 206), rng, 10)
    if brush.scene.spot == "plastic":
        _grass(brush)
        rim = tint(NAMED[("blue", "pink", "green")[rng.integers(3)]], rng)
        brush.pen.oval(0.5 + 0.72j, 0.52, 0.24, rim)
        brush.pen.oval(0.5 + 0.68j, 0.47, 0.19, blue)
        return 0.55
    edge = rng.uniform(0.12, 0.32)
    brush.bands(-0.02, edge, (196, 190, 178), (222, 214, 200), 4)
    if rng.random() < 0.5:
        brush.trees(edge - 0.05, 5, 0.22)
    brush.water(edge, blue, 20)
    for x, y in rng.random((34, 2)):  # the net of light on the bottom
        z = complex(x, edge + 0.05 + (1 - edge) * y)
        bend = [z, z + 0.03 + 0.012j, z + 0.06 - 0.004j, z + 0.09 + 0.012j]
        brush.pen.line(bend, 0.006, clear((214, 244, 250), 0.6))
    if rng.random() < 0.5:
        for x in (0.2, 0.55, 0.9):
            brush.pen.line(
                [complex(0.5 + (x - 0.5) * 0.6, edge), complex(0.5 + (x - 0.5) * 2, 1)], 0.02, clear((206, 60, 60), 0.7)
            )
    brush.box(-0.1, edge - 0.02, 1.1, edge + 0.02, (238, 236, 230))
    return edge + 0.2


def _dirt(brush: Brush) -> float:
    """A dirt road, trail or muddy course."""
    rng, horizon = brush.rng, brush.rng.uniform(0.24, 0.46)
    brush.sky(horizon)
    brush.hills(horizon, 0.2, shade(brush.leaves(), 0.9))
    earth = tint((112, 84, 60) if brush.scene.spot == "mud" else EARTH, rng, 12)
    brush.bands(horizon, 1.02, shade(earth, 1.12), shade(earth, 0.9))
    if brush.scene.spot in ("trail", "road"):
        x, wide = rng.uniform(0.3, 0.7), rng.uniform(0.3, 0.5)
        for side in (-1, 1):
            far, near = complex(x + side * 0.05, horizon), complex(0.5 + side * wide, 1.05)
            brush.pen.shape(
                [complex(0.5 + side * 0.62, horizon), far, near, complex(0.5 + side * 0.62, 1.05)], tint(GRASS, rng)
            )
    brush.strokes(horizon, 1.0, shade(earth, 0.8), 70, 0.03, 1, 0.009)
    if brush.scene.script == "motocross":
        brush.hills(rng.uniform(0.62, 0.8), 0.16, shade(earth, 1.08), 5)
        brush.bands(0.82, 1.02, shade(earth, 1.05), shade(earth, 0.85), 4)
    return horizon


def _woods(brush: Brush) -> float:
    """Between trees."""
    rng, horizon = brush.rng, brush.rng.uniform(0.4, 0.55)
    brush.bands(-0.02, horizon + 0.05, shade(brush.leaves(), 0.75), shade(brush.leaves(), 1.25))
    for x, y in rng.random((40, 2)):
        brush.pen.oval(complex(x, horizon * y * 0.8), 0.07, 0.045, clear(shade(brush.leaves(), 0.7 + 0.5 * y), 0.7))
    fallen = brush.scene.spot == "leaves"
    brush.bands(horizon, 1.02, tint((126, 96, 58) if fallen else (104, 112, 60), rng), tint(EARTH, rng))
    for x in rng.uniform(0, 1, 9):
        low, thick = horizon + rng.uniform(0, 0.12), rng.uniform(0.02, 0.055)
        brush.pen.limb(
            complex(x, -0.05), complex(x + rng.normal(0, 0.02), low), thick * 0.8, thick, tint((88, 70, 54), rng, 14)
        )
    if brush.scene.spot == "path":
        brush.pen.smooth(
            [complex(0.45, horizon), complex(0.55, horizon), 0.9 + 1.1j, 0.1 + 1.1j], tint((178, 150, 110), rng)
        )
    for x, y in rng.random((50, 2)):
        brush.pen.oval(complex(x, horizon + (1 - horizon) * y), 0.012, 0.008, tint((160, 110, 52), rng, 24))
    return horizon


def _street(brush: Brush) -> float:
    """A street between house fronts, or a pavement along shops."""
    rng, horizon = brush.rng, brush.rng.uniform(0.4, 0.55)
    brush.sky(horizon)
    x = -0.05
    while x < 1.05:
        wide, top = rng.uniform(0.18, 0.34), rng.uniform(0.02, 0.22)
        front = tint(((178, 120, 96), (206, 190, 160), (160, 164, 172), (190, 148, 112))[rng.integers(4)], rng, 16)
        brush.box(x, top, x + wide, horizon + 0.02, front)
        for wx in np.arange(x + 0.03, x + wide - 0.05, 0.075):
            for wy in np.arange(top + 0.04, horizon - 0.1, 0.1):
                brush.box(wx, wy, wx + 0.04, wy + 0.055, (96, 118, 138) if rng.random() < 0.85 else (246, 220, 140))
        if brush.scene.spot in ("shops", "market"):
            awning = tint(NAMED[("red", "green", "blue", "yellow")[rng.integers(4)]], rng)
            brush.box(x, horizon - 0.1, x + wide, horizon - 0.05, awning)
        x += wide
    pavement = tint((176, 172, 166), rng, 10)
    brush.bands(horizon, 1.02, pavement, shade(pavement, 0.88))
    if brush.scene.spot not in ("sidewalk", "market", "shops"):
        road = horizon + rng.uniform(0.06, 0.14)
        brush.bands(road, 1.02, tint(ASPHALT, rng), shade(ASPHALT, 0.85))
        brush.box(0, road - 0.012, 1, road, (206, 204, 198))
        for i in range(5):
            dash = complex(i / 4 - 0.1, road + 0.16)
            brush.pen.shape([dash, dash + 0.12, dash + 0.1 + 0.02j, dash - 0.02 + 0.02j], (232, 226, 196))
    if brush.scene.spot == "crossing":
        for i in range(6):
            a = complex(i / 5 - 0.06, 0.8)
            brush.pen.shape([a, a + 0.1, a + 0.07 + 0.16j, a - 0.05 + 0.16j], (236, 236, 232))
    return horizon


def _rock(brush: Brush) -> float:
    """A rock face, or a boulder to stand on."""
    rng = brush.rng
    brush.sky(1.0)
    stone = tint(((168, 146, 122), (142, 138, 134), (176, 124, 92))[rng.integers(3)], rng, 12)
    if brush.scene.script == "climb" or (brush.scene.spot == "cliff" and not brush.scene.on_top):
        edge = rng.uniform(-0.1, 0.3)
        face = [complex(edge + rng.normal(0, 0.03) + 0.04 * i, -0.05 + 0.28 * i) for i in range(5)]
        brush.pen.shape([*face, 1.1 + 1.1j, 1.1 - 0.1j], stone)
        ground = 0.8
    else:
        brush.hills(0.62, 0.16, (120, 142, 112))
        brush.bands(0.58, 1.02, (142, 156, 118), (126, 138, 100), 5)
        brush.pen.smooth([-0.1 + 1.1j, -0.05 + 0.72j, 0.2 + 0.58j, 0.75 + 0.55j, 1.02 + 0.7j, 1.1 + 1.1j], stone)
        ground, edge = 0.66, 0.0
    for x, y, light in rng.random((14, 3)):
        z = complex(max(x, edge + 0.25), y if ground > 0.7 else 0.72 + 0.28 * y)
        facet = [z, z + complex(0.1, 0.03), z + complex(0.07, 0.14), z + complex(-0.04, 0.1)]
        brush.pen.shape(facet, clear(shade(stone, 0.78 + 0.4 * light), 0.75))
        brush.pen.line([z, z + complex(0.07, 0.14)], 0.006, clear(shade(stone, 0.55), 0.8))
    return ground - 0.1


def _mountain(brush: Brush) -> float:
    """Mountains behind a ledge, a trail or a summit."""
    rng, horizon = brush.rng, brush.rng.uniform(0.4, 0.58)
    brush.sky(horizon)
    brush.peaks(horizon + 0.08, 0.42, tint((122, 132, 146), rng), 0.35 if rng.random() < 0.6 else 0.0)
    brush.hills(horizon + 0.06, 0.12, tint((92, 122, 92), rng))
    stone = tint((150, 138, 112), rng, 14)
    brush.bands(horizon + 0.07, 1.0, (104, 124, 92), shade(stone, 0.9), 4)
    brush.pen.smooth(
        [
            -0.1 + 1.1j,
            complex(-0.1, horizon + 0.12),
            complex(0.4, horizon + 0.06),
            complex(0.8, horizon + 0.12),
            1.1 + 0.75j,
            1.1 + 1.1j,
        ],
        stone,
    )
    for x, y, r in rng.random((9, 3)):
        brush.pen.oval(
            complex(x, horizon + 0.2 + 0.4 * y), 0.02 + 0.05 * r, 0.012 + 0.025 * r, tint(shade(stone, 0.85), rng)
        )
    brush.strokes(horizon + 0.14, 1.0, (112, 130, 70), 40, 0.04, 0.4, 0.006)
    return horizon + 0.06


def _park(brush: Brush) -> float:
    """A lawn with trees, a path, a playground's bark ground."""
    rng, horizon = brush.rng, brush.rng.uniform(0.32, 0.48)
    brush.sky(horizon)
    brush.trees(horizon + 0.03, 5, 0.36)
    green = tint(GRASS, rng)
    brush.bands(horizon, 1.02, shade(green, 1.05), shade(green, 0.85))
    if brush.scene.script == "playground":
        brush.bands(horizon + 0.14, 1.02, tint((196, 158, 108), rng), tint((176, 138, 92), rng), 5)
        brush.strokes(horizon + 0.16, 1.0, (142, 106, 70), 60, 0.02, 1, 0.008)
        if rng.random() < 0.6:
            thing(
                brush.pen.at(complex(rng.uniform(0.1, 0.9), horizon + 0.16), 0.3),
                "slide" if rng.random() < 0.5 else "swing",
                tint(NAMED["blue"], rng, 40),
            )
    else:
        path = [
            complex(-0.1, 0.74),
            complex(0.5, 0.78),
            complex(1.1, 0.7),
            complex(1.1, 0.9),
            complex(0.4, 0.96),
            complex(-0.1, 0.94),
        ]
        brush.pen.smooth(path, tint((198, 186, 164), rng))
        brush.strokes(horizon, 0.72, shade(green, 0.8), 50, 0.03, 0.4, 0.006)
    return horizon + 0.1


def _building(brush: Brush) -> float:
    """In front of a house, a shop or a wall."""
    rng, ground = brush.rng, brush.rng.uniform(0.68, 0.8)
    brush.wall(
        ground, tint(((176, 104, 82), (212, 196, 164), (158, 160, 166), (196, 150, 110))[rng.integers(4)], rng, 14)
    )
    brush.bands(ground, 1.02, (186, 182, 174), (160, 156, 150), 4)
    if brush.scene.spot == "steps":
        for i in range(4):
            brush.box(0, ground + 0.07 * i, 1, ground + 0.07 * i + 0.05, shade((190, 186, 178), 1 - 0.05 * i))
    return ground - 0.08


def _ramp(brush: Brush) -> float:
    """A skate park: a ramp, a rail or steps of concrete."""
    rng, horizon = brush.rng, brush.rng.uniform(0.3, 0.5)
    brush.sky(horizon)
    brush.trees(horizon + 0.03, 3, 0.3)
    grey = tint((168, 168, 170), rng, 14)
    brush.bands(horizon, 1.02, shade(grey, 1.05), shade(grey, 0.88))
    if brush.scene.spot == "ramp":
        high = rng.uniform(0.4, 0.55)
        curve = [
            complex(-0.05, high),
            complex(0.12, high),
            complex(0.17, 0.72),
            complex(0.32, 0.88),
            complex(0.6, 0.94),
            -0.05 + 0.96j,
        ]
        brush.pen.smooth(curve, shade(grey, 0.8))
        brush.pen.line([complex(-0.05, high + 0.02), complex(0.13, high + 0.02)], 0.018, (216, 120, 60))
    elif brush.scene.spot == "rail":
        brush.pen.line([0.1 + 0.82j, 0.92 + 0.74j], 0.02, (90, 92, 100))
        for x in (0.2, 0.8):
            brush.pen.line([complex(x, 0.8), complex(x, 0.9)], 0.02, (90, 92, 100))
    else:
        for i in range(4):
            brush.box(0.5 + 0.1 * i, 0.62 + 0.08 * i, 1.05, 0.72 + 0.08 * i, shade(grey, 0.95 - 0.06 * i))
    return horizon + 0.1


def _track(brush: Brush) -> float:
    """A race track with a rail and a stand behind it."""
    rng, horizon = brush.rng, brush.rng.uniform(0.28, 0.44)
    brush.sky(horizon)
    brush.hills(horizon, 0.12, shade(LEAVES, 0.9))
    brush.bands(horizon, horizon + 0.16, tint(GRASS, rng), tint(GRASS, rng), 3)
    sandy = brush.scene.agent == "greyhound"
    colour = tint((196, 160, 118) if sandy else ASPHALT, rng, 10)
    brush.bands(horizon + 0.14, 1.02, shade(colour, 1.1), shade(colour, 0.9))
    for i in range(14):
        kerb = (206, 52, 48) if i % 2 else (240, 240, 236)
        brush.box(i / 14, horizon + 0.12, (i + 1) / 14, horizon + 0.145, kerb)
    brush.strokes(horizon + 0.2, 1.0, shade(colour, 0.8), 30, 0.16, 1, 0.007)
    return horizon + 0.14


def _court(brush: Brush) -> float:
    """A gym floor with a hoop behind, or a tennis court with its net."""
    rng, horizon = brush.rng, brush.rng.uniform(0.3, 0.46)
    if brush.scene.script == "tennis":
        colour = tint(((62, 124, 96), (58, 104, 164), (186, 98, 66))[rng.integers(3)], rng, 10)
        brush.bands(-0.02, horizon, shade(colour, 0.55), shade(colour, 0.72), 3)
        brush.bands(horizon, 1.02, shade(colour, 1.05), colour, 3)
        if "net" in brush.scene.props or rng.random() < 0.4:
            thing(brush.pen.at(complex(0.5, horizon + 0.12), 0.4), "net", colour)
    else:
        brush.bands(-0.02, horizon, tint((190, 188, 182), rng), tint((160, 150, 140), rng), 4)
        brush.bands(horizon, 1.02, tint((206, 152, 92), rng), tint((186, 128, 70), rng), 6)
        for y in np.arange(horizon, 1, 0.06):
            brush.pen.line([complex(0, y), complex(1, y)], 0.003, (168, 114, 64))
    for _ in range(2):
        y = rng.uniform(horizon + 0.15, 0.95)
        brush.pen.line([complex(0, y), complex(1, y + rng.normal(0, 0.05))], 0.014, (244, 244, 240))
    brush.pen.line([complex(rng.random(), horizon), complex(rng.random(), 1)], 0.014, (244, 244, 240))
    return horizon + 0.1


def _indoor(brush: Brush) -> float:
    """A room with a piece of furniture that says which."""
    rng, spot, ground = brush.rng, brush.scene.spot, brush.rng.uniform(0.6, 0.74)
    colour = tint(((226, 212, 184), (196, 208, 206), (214, 190, 176), (188, 196, 216))[rng.integers(4)], rng, 10)
    if spot == "stage":
        colour = tint((66, 40, 62), rng, 8)
    brush.bands(-0.02, ground, colour, shade(colour, 0.93), 4)
    floor = tint((168, 122, 80) if rng.random() < 0.6 else (150, 140, 150), rng)
    brush.bands(ground, 1.02, shade(floor, 1.08), shade(floor, 0.9), 5)
    brush.box(-0.1, ground - 0.012, 1.1, ground + 0.004, shade(colour, 1.4))
    pen, own = brush.pen, tint(NAMED[("red", "blue", "green", "tan", "gray")[rng.integers(5)]], rng)
    x = rng.uniform(0.2, 0.8)
    if spot in ("couch", "bed"):
        thing(pen.at(complex(x, ground + 0.08), 0.5), "sofa" if spot == "couch" else "bed", own)
    elif spot in ("kitchen", "restaurant"):
        thing(pen.at(complex(x, ground + 0.12), 0.5), "table", own)
        for i in range(4):
            brush.box(i * 0.26, 0.0, i * 0.26 + 0.24, 0.2, shade(floor, 1.15))
    elif spot == "stage":
        for lamp in (0.2, 0.5, 0.8):
            pen.shape(
                [complex(lamp, -0.02), complex(lamp - 0.16, ground + 0.2), complex(lamp + 0.16, ground + 0.2)],
                (255, 236, 170, 46),
            )
    if spot != "stage":
        for px in rng.uniform(0.05, 0.8, 2):
            brush.box(px, 0.16, px + 0.15, 0.32, shade(floor, 0.8))
            brush.box(px + 0.015, 0.175, px + 0.135, 0.305, tint((150, 170, 180), rng, 40))
    return ground - 0.02


def _fountain(brush: Brush) -> float:
    """Jets of water out of a paved square."""
    rng, horizon = brush.rng, brush.rng.uniform(0.3, 0.42)
    brush.sky(horizon)
    brush.trees(horizon + 0.03, 4, 0.3)
    brush.bands(horizon, 1.02, tint((190, 184, 172), rng), tint((160, 168, 172), rng))
    for x, y in zip(rng.uniform(0.05, 0.95, 6), rng.uniform(horizon + 0.15, 0.9, 6), strict=True):
        high = rng.uniform(0.2, 0.45)
        brush.pen.oval(complex(x, y), 0.09, 0.02, clear((206, 230, 240), 0.85))
        brush.pen.limb(complex(x, y), complex(x, y - high), 0.05, 0.02, (226, 240, 248, 190))
        for dx, dy in rng.normal(0, 0.03, (7, 2)):
            brush.pen.oval(complex(x + dx, y - high + dy), 0.012, 0.014, (240, 248, 252, 220))
    return horizon + 0.15


def _tree(brush: Brush) -> float:
    """Under a big tree."""
    horizon = _grass(brush)
    x = brush.rng.uniform(0.25, 0.75)
    tree(brush.pen.at(complex(x, max(horizon, 0.5) + 0.14), 1.05), brush.rng, brush.leaves())
    return max(horizon, 0.42)


PLACES: dict[str, Callable[[Brush], float]] = {
    "grass": _grass, "field": _field, "snow": _snow, "snowmountain": _snowmountain, "lake": _lake, "ocean": _ocean,
    "beach": _beach, "pool": _pool, "dirt": _dirt, "woods": _woods, "street": _street, "rock": _rock,
    "mountain": _mountain, "park": _park, "building": _building, "ramp": _ramp, "track": _track, "court": _court,
    "indoor": _indoor, "fountain": _fountain, "tree": _tree,
}  # fmt: skip
WATERS = ("lake", "ocean", "pool")


def paint_place(pen: Pen, scene: Scene, rng: np.random.Generator) -> float:
    """Paint the scene's place over the whole picture; return the height where the ground begins (0 top, 1 bottom)."""
    return PLACES[scene.place](Brush(pen, scene, rng))


def paint_background(pen: Pen, scene: Scene, ground: float, rng: np.random.Generator) -> None:
    """Add what the scene says stands in the background."""
    x = float(rng.choice((rng.uniform(0.0, 0.25), rng.uniform(0.75, 1.0))))
    brush = Brush(pen, scene, rng)
    if scene.place == "ocean":  # on the far shore
        ground -= 0.22
    if scene.background == "tree":
        tree(pen.at(complex(x, ground + 0.06), rng.uniform(0.5, 0.8)), rng, brush.leaves(), rng.random() < 0.2)
    elif scene.background == "building":
        thing(pen.at(complex(x, ground + 0.03), rng.uniform(0.24, 0.4)), "house", tint(NAMED["brown"], rng, 30))
    elif scene.background == "car":
        thing(pen.at(complex(x, ground + 0.06), rng.uniform(0.2, 0.3)), "car", tint(NAMED["red"], rng, 25))
    elif scene.background == "rock":
        thing(pen.at(complex(x, ground + 0.1), rng.uniform(0.4, 0.7)), "rock", STONE)
    elif scene.background == "mountain":
        brush.peaks(ground, 0.3, (120, 132, 150), 0.35)
