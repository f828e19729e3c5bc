"""How the light and the camera change the finished picture."""

import cv2
import numpy as np

_TINTS = {
    "day": (1.0, 1.0, 1.0),
    "dusk": (1.02, 0.84, 0.72),
    "night": (0.52, 0.58, 0.76),
    "overcast": (0.86, 0.90, 0.94),
}
_CHANCES = (0.5, 0.18, 0.14, 0.18)


def expose(pixels: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """Return RGB [H, W, 3] uint8 under a random light, contrast, blur and noise."""
    tint = list(_TINTS.values())[generator.choice(len(_TINTS), p=_CHANCES)]
    picture = pixels.astype(np.float32) * np.float32(generator.uniform(0.85, 1.1)) * np.float32(tint)
    contrast = np.float32(generator.uniform(0.82, 1.15))
    picture = (picture - 120) * contrast + 120
    if generator.random() < 0.45:
        picture = cv2.GaussianBlur(picture, (0, 0), float(generator.uniform(0.3, 0.75)))
    if generator.random() < 0.5:
        noise = generator.standard_normal(picture.shape, dtype=np.float32)
        picture = picture + noise * np.float32(generator.uniform(1.5, 7))
    return np.clip(np.rint(picture), 0, 255).astype(np.uint8)
