"""The data set that the program draws."""

from pathlib import Path

from data.dataset import Dataset
from data.demo.drawing import draw_demo
from data.readers.stanford_cars import read_stanford_cars

# They name the data set, as a version number would: everybody's demo shows the same pictures.
_SEED = 2012
_NUM_TRAIN = 100
_NUM_TEST = 25


def read_demo(folder: Path) -> Dataset:
    """Draw the demo into `folder` where it is not there or outdated (some seconds), and read it.

    Raises:
        DataError: the folder holds something else, or the demo there was damaged.
        ResourceError: the disk is full.
    """
    draw_demo(folder, seed=_SEED, num_train=_NUM_TRAIN, num_test=_NUM_TEST)
    return read_stanford_cars(folder)
