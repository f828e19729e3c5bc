"""Pictures and features without meaning, where speed does not depend on what they show."""

import numpy as np


def random_pictures(count: int, size: int, *, num_classes: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return pictures, uint8 [count, size, size, 3], and one-hot labels, float32 [count, num_classes]."""
    generator = np.random.default_rng(seed)
    pictures = generator.integers(0, 256, (count, size, size, 3), np.uint8)
    return pictures, random_labels(count, num_classes, seed=seed)


def random_labels(count: int, num_classes: int, *, seed: int) -> np.ndarray:
    """Return one-hot labels, float32 [count, num_classes]."""
    return np.eye(num_classes, dtype=np.float32)[np.random.default_rng(seed).integers(0, num_classes, count)]
