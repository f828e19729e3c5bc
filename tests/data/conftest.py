"""Tiny generated pictures."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from data.dataset import Split


def random_picture(seed: int, height: int = 24, width: int = 32) -> np.ndarray:
    """Return a smooth uint8 [height, width, 3] picture that the seed decides."""
    coarse = np.random.default_rng(seed).integers(0, 256, (4, 4, 3), dtype=np.uint8)
    return np.array(Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC))


@pytest.fixture
def write_pictures() -> Callable[..., None]:
    """Function that writes `count` pictures into each of the class folders named."""

    def write(folder: Path, *class_names: str, count: int = 2, ending: str = ".png") -> None:
        for class_number, name in enumerate(class_names):
            (folder / name).mkdir(parents=True, exist_ok=True)
            for number in range(count):
                picture = Image.fromarray(random_picture(100 * class_number + number))
                picture.save(folder / name / f"{number:03d}{ending}")

    return write


@pytest.fixture
def split(tmp_path: Path) -> Split:
    """Eleven pictures of three classes (5, 4 and 2), each with a box."""
    labels = np.repeat([0, 1, 2], [5, 4, 2])
    paths = tuple(tmp_path / f"{number:02d}.png" for number in range(len(labels)))
    for number, path in enumerate(paths):
        Image.fromarray(random_picture(number)).save(path)
    return Split(paths, labels, np.tile([4, 2, 28, 20], (len(labels), 1)))
