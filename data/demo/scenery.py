"""Places behind the car; they tell nothing about its class."""

from collections.abc import Callable

import cv2
import numpy as np

_SKIES = (
    ((120, 176, 226), (214, 232, 244)),
    ((92, 150, 214), (190, 216, 236)),
    ((186, 196, 206), (222, 226, 230)),
    ((236, 150, 104), (250, 214, 160)),
    ((136, 128, 186), (244, 190, 180)),
    ((160, 206, 214), (236, 240, 226)),
)
_GREENS = ((92, 134, 70), (118, 152, 82), (66, 108, 68), (146, 160, 92), (84, 120, 96))
_WALLS = ((176, 110, 88), (206, 190, 164), (150, 156, 164), (120, 138, 150), (196, 164, 120), (222, 216, 206))
_ROADS = ((92, 94, 100), (118, 116, 114), (74, 78, 86), (150, 144, 134))
_TRUNK = (92, 70, 54)
_BITS = 3


def draw_scenery(size: tuple[int, int], generator: np.random.Generator, *, horizon: float) -> np.ndarray:
    """Draw a place.

    Args:
        size: height and width, pixels.
        generator: of all choices.
        horizon: row at which sky and ground meet, pixels.

    Returns:
        RGB [H, W, 3] uint8.
    """
    pixels = np.empty((*size, 3), np.uint8)
    top, bottom = np.array(_choose(generator, _SKIES), float)
    _fill_gradient(pixels, 0, round(horizon) + 1, (top, bottom))
    places: tuple[Callable[..., None], ...] = (
        _draw_city,
        _draw_hills,
        _draw_sea,
        _draw_wall,
        _draw_studio,
        _draw_forest,
    )
    places[generator.integers(len(places))](pixels, generator, round(horizon))
    if generator.random() < 0.6:
        pixels = cv2.GaussianBlur(pixels, (0, 0), float(generator.uniform(0.4, 1.3)))
    return pixels


def _choose(generator: np.random.Generator, colours: tuple) -> tuple:
    return colours[generator.integers(len(colours))]


def _shade(colour: tuple, factor: float) -> tuple[float, ...]:
    return tuple(float(min(255, part * factor)) for part in colour)


def _fill_gradient(pixels: np.ndarray, start: int, end: int, colours: tuple[np.ndarray, np.ndarray]) -> None:
    part = np.linspace(0, 1, max(end - start, 1))[:, None, None]
    rows = np.asarray(colours[0], float) * (1 - part) + np.asarray(colours[1], float) * part
    pixels[start:end] = np.clip(rows, 0, 255).astype(np.uint8)[: max(0, len(pixels) - start)]


def _fill(pixels: np.ndarray, points: np.ndarray, colour: tuple) -> None:
    cv2.fillPoly(pixels, [np.round(np.asarray(points) * (1 << _BITS)).astype(np.int32)], colour, cv2.LINE_AA, _BITS)


def _fill_box(pixels: np.ndarray, left: float, top: float, right: float, bottom: float, colour: tuple) -> None:
    _fill(pixels, np.array([(left, top), (right, top), (right, bottom), (left, bottom)]), colour)


def _fill_disc(pixels: np.ndarray, x: float, y: float, radius: float, colour: tuple) -> None:
    center = (round(x * (1 << _BITS)), round(y * (1 << _BITS)))
    cv2.circle(pixels, center, max(1, round(radius * (1 << _BITS))), colour, -1, cv2.LINE_AA, _BITS)


def _draw_ground(pixels: np.ndarray, horizon: int, colour: tuple) -> None:
    _fill_gradient(pixels, horizon, len(pixels), (_shade(colour, 0.9), _shade(colour, 1.12)))


def _draw_road(pixels: np.ndarray, generator: np.random.Generator, start: float) -> None:
    height, width = pixels.shape[:2]
    road = _choose(generator, _ROADS)
    tilt = generator.uniform(-2, 2)
    _fill(pixels, np.array([(0, start + tilt), (width, start - tilt), (width, height), (0, height)]), road)
    _fill(
        pixels,
        np.array([(0, start + tilt), (width, start - tilt), (width, start - tilt + 2), (0, start + tilt + 2)]),
        _shade(road, 1.35),
    )
    if generator.random() < 0.6:
        row, step = height - generator.uniform(2, 9), generator.uniform(22, 40)
        for left in np.arange(-generator.uniform(0, step), width, step):
            _fill_box(pixels, left, row, left + step * 0.55, row + 1.6, (226, 222, 204))


def _draw_clouds(pixels: np.ndarray, generator: np.random.Generator, horizon: int) -> None:
    for _ in range(generator.integers(0, 4)):
        x, y = generator.uniform(0, pixels.shape[1]), generator.uniform(0, max(horizon * 0.7, 1))
        wide = generator.uniform(7, 14)
        for shift in np.linspace(-wide, wide, 5):
            radius = (1.15 - abs(shift) / wide * 0.6) * wide * generator.uniform(0.28, 0.42)
            _fill_disc(pixels, x + shift, y - radius * 0.6, radius, (246, 246, 248))
        _fill_box(pixels, x - wide * 1.15, y - 1.5, x + wide * 1.15, y + 1, (238, 238, 242))


def _draw_city(pixels: np.ndarray, generator: np.random.Generator, horizon: int) -> None:
    _draw_ground(pixels, horizon, (172, 166, 158))
    left = -generator.uniform(0, 20)
    while left < pixels.shape[1]:
        right, top = left + generator.uniform(14, 40), horizon - generator.uniform(12, 62)
        wall = _choose(generator, _WALLS)
        _fill_box(pixels, left, top, right, horizon + 2, wall)
        pane = (250, 226, 150) if generator.random() < 0.25 else _shade(wall, 0.62)
        step_x, step_y = generator.uniform(5, 9, 2)
        for x in np.arange(left + 3, right - 4, step_x):
            for y in np.arange(top + 3, horizon - 4, step_y):
                _fill_box(pixels, x, y, x + step_x * 0.5, y + step_y * 0.55, pane)
        left = right + generator.uniform(0, 5)
    _draw_road(pixels, generator, horizon + generator.uniform(4, 12))


def _draw_hills(pixels: np.ndarray, generator: np.random.Generator, horizon: int) -> None:
    _draw_clouds(pixels, generator, horizon)
    x = np.linspace(0, pixels.shape[1], 40)
    for factor, rise in ((1.35, 26), (1.1, 14)):
        waves = generator.uniform(0.4, 1) * np.sin(x / generator.uniform(12, 40) + generator.uniform(0, 6))
        crest = horizon - rise * generator.uniform(0.3, 1) - 6 * waves
        colour = _shade(_choose(generator, _GREENS), factor)
        _fill(pixels, np.concatenate([np.stack([x, crest], axis=1), [(x[-1], horizon + 3), (0, horizon + 3)]]), colour)
    _draw_ground(pixels, horizon, _choose(generator, _GREENS))
    for x in generator.uniform(0, pixels.shape[1], generator.integers(0, 5)):
        _draw_tree(pixels, generator, x, horizon + 2)
    if generator.random() < 0.7:
        _draw_road(pixels, generator, horizon + generator.uniform(4, 14))


def _draw_tree(pixels: np.ndarray, generator: np.random.Generator, x: float, foot: float) -> None:
    height = generator.uniform(12, 34)
    _fill_box(pixels, x - 1, foot - height * 0.6, x + 1, foot, _TRUNK)
    green = _choose(generator, _GREENS)
    for _ in range(5):
        shift, up = generator.uniform(-0.22, 0.22), generator.uniform(0.5, 1)
        _fill_disc(
            pixels, x + shift * height, foot - up * height, height * 0.2, _shade(green, generator.uniform(0.7, 1))
        )


def _draw_forest(pixels: np.ndarray, generator: np.random.Generator, horizon: int) -> None:
    _draw_ground(pixels, horizon, _choose(generator, (*_GREENS, (226, 230, 236))))
    for x in np.sort(generator.uniform(-5, pixels.shape[1] + 5, generator.integers(10, 26))):
        height, half = generator.uniform(18, 54), generator.uniform(4, 9)
        colour = _shade(_choose(generator, _GREENS), generator.uniform(0.5, 0.9))
        for low in (0.1, 0.35, 0.6):
            foot = horizon + 3 - height * low
            wide = half * (1 - low * 0.7)
            _fill(pixels, np.array([(x - wide, foot), (x + wide, foot), (x, foot - height * 0.42)]), colour)
    _draw_road(pixels, generator, horizon + generator.uniform(5, 14))


def _draw_sea(pixels: np.ndarray, generator: np.random.Generator, horizon: int) -> None:
    _draw_clouds(pixels, generator, horizon)
    if generator.random() < 0.5:
        _fill_disc(
            pixels, generator.uniform(0, pixels.shape[1]), horizon * generator.uniform(0.2, 0.9), 7, (255, 240, 196)
        )
    _draw_ground(pixels, max(horizon - 8, 0), (62, 124, 158))
    for x in generator.uniform(0, pixels.shape[1], generator.integers(0, 4)):
        _fill(pixels, np.array([(x, horizon - 18), (x + 7, horizon - 6), (x - 1, horizon - 6)]), (246, 244, 238))
    _fill_gradient(pixels, horizon + 2, len(pixels), ((214, 190, 146), (232, 212, 170)))
    if generator.random() < 0.5:
        _draw_road(pixels, generator, horizon + generator.uniform(5, 14))


def _draw_wall(pixels: np.ndarray, generator: np.random.Generator, horizon: int) -> None:
    width, wall, foot = pixels.shape[1], _choose(generator, _WALLS), horizon + 8
    pixels[:foot] = wall
    rows = generator.uniform(5, 12)
    for number, y in enumerate(np.arange(foot, -rows, -rows)):
        cv2.line(pixels, (0, round(y)), (width, round(y)), _shade(wall, 0.86), 1, cv2.LINE_AA)
        for x in np.arange((number % 2) * rows, width, rows * 2):
            cv2.line(pixels, (round(x), round(y)), (round(x), round(y - rows)), _shade(wall, 0.86), 1, cv2.LINE_AA)
    if generator.random() < 0.6:
        left, wide = generator.uniform(-20, width - 20), generator.uniform(24, 60)
        door = _choose(generator, _WALLS)
        _fill_box(pixels, left, foot - generator.uniform(36, 60), left + wide, foot, door)
        for y in np.arange(foot - 32, foot, 7):
            cv2.line(pixels, (round(left), round(y)), (round(left + wide), round(y)), _shade(door, 0.8), 1)
    _fill_gradient(pixels, foot, len(pixels), ((150, 146, 142), (176, 172, 166)))
    if generator.random() < 0.5:
        _draw_road(pixels, generator, foot + generator.uniform(2, 8))


def _draw_studio(pixels: np.ndarray, generator: np.random.Generator, horizon: int) -> None:
    base = np.array(
        _choose(generator, (*_WALLS, (236, 236, 238), (70, 74, 84), (150, 186, 190), (226, 196, 196))), float
    )
    _fill_gradient(pixels, 0, horizon, (base * 0.8, base * 1.05))
    _fill_gradient(pixels, horizon, len(pixels), (base * 0.98, base * 0.78))
    height, width = pixels.shape[:2]
    rows, columns = np.ogrid[:height, :width]
    middle = generator.uniform(0.2, 0.8) * width, generator.uniform(0.1, 0.6) * height
    glow = np.exp(-(((columns - middle[0]) / (0.4 * width)) ** 2 + ((rows - middle[1]) / (0.5 * height)) ** 2))
    pixels[:] = np.clip(pixels + 46 * glow[..., None], 0, 255).astype(np.uint8)
