"""A folder of class folders with small real files, for tests of whole commands."""

from pathlib import Path

import cv2
import numpy as np

COLOURS = {"blue car": (200, 60, 40), "green car": (40, 190, 60), "red car": (40, 60, 210)}


def draw_picture_folder(folder: Path, *, train: int = 12, test: int = 4) -> Path:
    """Write PNG pictures of 24×20 pixels whose colour tells the class into `folder`/{train,test}/<class>."""
    generator = np.random.default_rng(1)
    for split, count in (("train", train), ("test", test)):
        for name, colour in COLOURS.items():
            target = folder / split / name
            target.mkdir(parents=True)
            for number in range(count):
                noise = generator.normal(0, 25, (20, 24, 3))
                picture = np.clip(np.array(colour) + noise, 0, 255).astype(np.uint8)
                cv2.imwrite(str(target / f"{number:03d}.png"), picture)
    return folder
