"""What stands between the viewer and the car."""

import cv2
import numpy as np

_COLOURS = ((72, 76, 80), (176, 178, 180), (128, 92, 64), (214, 96, 52), (58, 92, 62))


def draw_foreground(pixels: np.ndarray, generator: np.random.Generator) -> None:
    """Now and then draw a post, a few bollards or a bush, on RGB pixels [H, W, 3] uint8 of any size, in place."""
    height, width = pixels.shape[:2]
    choice = generator.random()
    colour = _COLOURS[generator.integers(len(_COLOURS))]
    if choice < 0.12:
        x, half = generator.uniform(0.05, 0.95) * width, generator.uniform(0.008, 0.016) * width
        _fill_column(pixels, (x - half, x + half), (0, height), colour)
        if generator.random() < 0.4:
            middle = round(x), round(generator.uniform(0.08, 0.3) * height)
            cv2.circle(pixels, middle, round(0.06 * width), (236, 232, 224), -1, cv2.LINE_AA)
            cv2.circle(pixels, middle, round(0.06 * width), (196, 40, 44), max(1, round(0.014 * width)), cv2.LINE_AA)
    elif choice < 0.24:
        start, gap = generator.uniform(0, 0.3) * width, generator.uniform(0.16, 0.34) * width
        for x in np.arange(start, width, gap):
            _fill_column(pixels, (x, x + 0.025 * width), (generator.uniform(0.80, 0.84) * height, height), colour)
    elif choice < 0.36:
        x = generator.uniform(0, 1) * width
        for shift, up in zip(generator.normal(0, 0.07, 12), generator.uniform(0, 0.14, 12), strict=True):
            middle = round(x + shift * width), round((1.0 - up) * height)
            leaf = tuple(float(part) for part in np.array((70, 112, 62)) * generator.uniform(0.7, 1.2))
            cv2.circle(pixels, middle, round(0.04 * width), leaf, -1, cv2.LINE_AA)


def _fill_column(pixels: np.ndarray, across: tuple[float, float], rows: tuple[float, float], colour: tuple) -> None:
    left, right = (round(value) for value in across)
    top, bottom = (round(value) for value in rows)
    cv2.rectangle(pixels, (left, top), (right, bottom), colour, -1)
    bright = tuple(min(255, part * 1.25) for part in colour)
    cv2.rectangle(pixels, (left, top), (left + (right - left) // 3, bottom), bright, -1)
