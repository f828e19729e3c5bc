"""Published data sets: which downloaded file belongs where, and who publishes it."""

import re
import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from data.readers.cifar_names import CIFAR10_NAMES, CIFAR100_NAMES
from data.readers.contained_folder import is_named_like_picture

Parts = tuple[str, ...]

_CAR_FOLDERS = ("car_data", "cars_train", "cars_test", "car_ims")
_CAR_FILES = {
    name: Path(name) for name in ("names.csv", "anno_train.csv", "anno_test.csv", "cars_annos.mat")
} | {
    name: Path("devkit") / name
    for name in ("cars_meta.mat", "cars_train_annos.mat", "cars_test_annos.mat", "cars_test_annos_withlabels.mat")
}
_BIRD_FILES = ("images.txt", "classes.txt", "image_class_labels.txt", "train_test_split.txt", "bounding_boxes.txt")
_AIRCRAFT_FILES = re.compile(
    r"(variants|families|manufacturers|images_box|images_(variant|family|manufacturer)_(train|val|trainval|test))\.txt"
)
_FOOD_FILES = ("class_list.txt", "train_info.csv", "val_info.csv")
_BIRD_PICTURE = re.compile(r"(?<![^/])images/\d{3}\.[^/]+/[^/]+$")
_AIRCRAFT_PICTURE = re.compile(r"(?<![^/])images/\d{7}\.[^/.]+$")
_FOOD_PICTURE = re.compile(r"(?<![^/])(train|val)_set/\1_[^/]+$")


@dataclass(frozen=True)
class KnownSet:
    """A published data set.

    Args:
        destination: from the parts of a file's path, the outermost first, to its place in the set's folder; None for a file
            that does not belong to it.
        archives: names of its archives as they are published.
        batches: for CIFAR, the names of the files of training and of test pictures, after that of their folder.
        class_names: in the order of the labels in these.
        publishers: who publishes it, in which form; shown when something is missing.
    """

    destination: Callable[[Parts], Path | None]
    archives: Parts
    publishers: str
    batches: Mapping[str, tuple[Parts, ...]] | None = None
    class_names: Parts = ()


def _place_of_car_file(parts: Parts) -> Path | None:
    name = parts[-1]
    if name in _CAR_FILES:
        return _CAR_FILES[name]
    innermost = max((place for place, part in enumerate(parts[:-1]) if part in _CAR_FOLDERS), default=None)
    if innermost is None or not is_named_like_picture(Path(name)):
        return None
    return Path(*parts[innermost:])


def _place_of_bird_file(parts: Parts) -> Path | None:
    return Path(parts[-1]) if parts[-1] in _BIRD_FILES else _if_picture(parts, _BIRD_PICTURE)


def _place_of_aircraft_file(parts: Parts) -> Path | None:
    if _AIRCRAFT_FILES.fullmatch(parts[-1]):
        return Path("data", parts[-1])
    place = _if_picture(parts, _AIRCRAFT_PICTURE)
    return None if place is None else "data" / place


def _place_of_food_file(parts: Parts) -> Path | None:
    return Path(parts[-1]) if parts[-1] in _FOOD_FILES else _if_picture(parts, _FOOD_PICTURE)


def _if_picture(parts: Parts, pattern: re.Pattern[str]) -> Path | None:
    """The end of a path that is that of a picture; None for anything else."""
    found = pattern.search("/".join(parts))
    return Path(found[0]) if found and is_named_like_picture(Path(parts[-1])) else None


def _place_in_class_folders(class_names: Parts) -> Callable[[Parts], Path | None]:
    def destination(parts: Parts) -> Path | None:
        if len(parts) < 3 or parts[-3] not in ("train", "test") or parts[-2] not in class_names:
            return None
        return Path(*parts[-3:]) if is_named_like_picture(Path(parts[-1])) else None

    return destination


def import_command(name: str, folder: Path, source: str) -> str:
    """Return the command that puts a downloaded copy where `folder` has been looked for.

    Args:
        name: of the data set.
        source: what stands for the copy: "FOLDER" or "FILE".
    """
    words = ["python", "-m", "car_classifier", "data", "import", name, "--from", source]
    if folder.name == name:  # else the copy goes to the usual place, where `--data NAME` finds it
        words += ["--data-dir", str(folder.parent)]
    return shlex.join(words)


_CIFAR = (
    "its authors (https://www.cs.toronto.edu/~kriz/cifar.html) as {archive}, the version for Python. Class folders "
    "train/<class>/ and test/<class>/ with picture files do as well"
)

KNOWN_SETS = {
    "stanford_cars": KnownSet(
        _place_of_car_file,
        ("cars_train.tgz", "cars_test.tgz", "car_devkit.tgz", "car_ims.tgz"),
        "by its authors at https://ai.stanford.edu/~jkrause/cars/car_dataset.html, which has not answered since 2023. Copies: "
        "https://www.kaggle.com/datasets/jutrera/stanford-car-dataset-by-classes-folder (class folders with CSV files) and "
        "https://www.kaggle.com/datasets/jessicali9530/stanford-cars-dataset (the original pictures); where the original "
        "devkit and cars_test_annos_withlabels.mat are to be had is told in https://github.com/pytorch/vision/issues/7545",
    ),
    "cifar10": KnownSet(
        _place_in_class_folders(CIFAR10_NAMES), ("cifar-10-python.tar.gz",),
        "by " + _CIFAR.format(archive="cifar-10-python.tar.gz"),
        {
            "train": tuple(("cifar-10-batches-py", f"data_batch_{number}") for number in range(1, 6)),
            "test": (("cifar-10-batches-py", "test_batch"),),
        },
        CIFAR10_NAMES,
    ),
    "cifar100": KnownSet(
        _place_in_class_folders(CIFAR100_NAMES), ("cifar-100-python.tar.gz",),
        "by " + _CIFAR.format(archive="cifar-100-python.tar.gz"),
        {"train": (("cifar-100-python", "train"),), "test": (("cifar-100-python", "test"),)},
        CIFAR100_NAMES,
    ),
    "cub200": KnownSet(
        _place_of_bird_file, ("CUB_200_2011.tgz",),
        "by its authors at https://www.vision.caltech.edu/datasets/cub_200_2011/ as CUB_200_2011.tgz (1.1 GB)",
    ),
    "fgvc_aircraft": KnownSet(
        _place_of_aircraft_file, ("fgvc-aircraft-2013b.tar.gz", "fgvc-aircraft-2013b-annotations.tar.gz"),
        "by its authors at https://www.robots.ox.ac.uk/~vgg/data/fgvc-aircraft/ as fgvc-aircraft-2013b.tar.gz (2.75 GB), for "
        "non-commercial research",
    ),
    "foodx251": KnownSet(
        _place_of_food_file, ("annot.tar", "train.tar", "val.tar"),
        "by its authors at https://github.com/karansikka1/iFood_2019 as annot.tar, train.tar and val.tar (2.5 GB), for "
        "non-commercial research and education",
    ),
}
