"""What varies from car to car and tells nothing about its class."""

from dataclasses import dataclass

import numpy as np

from data.demo.stage import Colour

_PAINTS: tuple[Colour, ...] = (
    (196, 32, 38),
    (128, 22, 34),
    (224, 94, 36),
    (240, 178, 44),
    (238, 214, 96),
    (62, 122, 66),
    (26, 74, 58),
    (118, 172, 150),
    (44, 98, 176),
    (22, 44, 98),
    (112, 166, 214),
    (92, 62, 124),
    (232, 232, 228),
    (206, 196, 174),
    (168, 174, 180),
    (106, 112, 120),
    (58, 62, 68),
    (30, 31, 35),
    (134, 96, 66),
    (210, 140, 150),
)
_RIMS: tuple[Colour, ...] = ((214, 216, 220), (176, 180, 186), (120, 124, 130), (222, 214, 190))
_GLASSES: tuple[Colour, ...] = ((54, 70, 84), (38, 46, 54), (74, 98, 112), (30, 34, 42))


@dataclass(frozen=True)
class Look:
    """Colours and small states of one car.

    Args:
        paint: of the body, RGB.
        rim: of the wheels.
        glass: of the windows.
        rails: of roof rails and mirrors.
        wheel_turn: angle of the spokes, radians.
        lit: the lamps are on.
        shading: strength of the light and dark bands on the paint.
        plate: colour of the number plate.
    """

    paint: Colour
    rim: Colour
    glass: Colour
    rails: Colour
    wheel_turn: float
    lit: bool
    shading: float
    plate: Colour

    def tone(self, factor: float) -> Colour:
        """Return the paint in brighter (above 1) or darker (below 1) light."""
        return shaded(self.paint, 1 + (factor - 1) * self.shading)


def shaded(colour: Colour, factor: float) -> Colour:
    """Return a colour in brighter or darker light; black gains a little, so that its shape stays visible."""
    return tuple(float(min(255, max(0, part * factor + (factor - 1) * 30))) for part in colour)


def random_look(generator: np.random.Generator) -> Look:
    """Draw a look by chance."""
    paint = np.array(_PAINTS[generator.integers(len(_PAINTS))]) + generator.uniform(-14, 14, 3)
    return Look(
        paint=tuple(float(part) for part in np.clip(paint, 18, 242)),
        rim=_RIMS[generator.integers(len(_RIMS))],
        glass=_GLASSES[generator.integers(len(_GLASSES))],
        rails=((34, 35, 38), (190, 194, 198))[generator.integers(2)],
        wheel_turn=float(generator.uniform(0, 2 * np.pi)),
        lit=bool(generator.random() < 0.3),
        shading=float(generator.uniform(0.8, 1.25)),
        plate=((236, 236, 230), (240, 214, 120), (206, 222, 240))[generator.integers(3)],
    )
