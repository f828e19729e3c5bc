"""The table of data sets, and the one way to read any source."""

import os
from collections.abc import Callable
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from pkgutil import resolve_name

from car_classifier.base.errors import DataError, UnknownNameError, UserError
from data.archive import archive_stem, is_archive
from data.class_choice import learn_level, take_classes
from data.config import DataConfig
from data.consistency import check_consistency
from data.dataset import Dataset
from data.joining import join_datasets, split_source
from data.readers import cub200, fgvc_aircraft
from data.readers.class_folders import read_class_folders
from data.readers.csv_file import read_csv_file
from data.readers.foodx251 import holds_foodx251, read_foodx251
from data.readers.stanford_cars import holds_stanford_cars, read_stanford_cars
from data.splitting import limit_per_class, split_validation

DATASETS = {
    "demo": "data.readers.demo:read_demo",
    "stanford_cars": "data.readers.stanford_cars:read_stanford_cars",
    "cifar10": "data.readers.cifar:read_cifar10",
    "cifar100": "data.readers.cifar:read_cifar100",
    "cub200": "data.readers.cub200:read_cub200",
    "fgvc_aircraft": "data.readers.fgvc_aircraft:read_fgvc_aircraft",
    "foodx251": "data.readers.foodx251:read_foodx251",
}

FOLDER_LAYOUTS = {  # what tells that a folder is in the layout of a data set, and its reader
    "stanford_cars": (holds_stanford_cars, read_stanford_cars),
    "cub200": (cub200.LAYOUT.is_in, cub200.read_cub200),
    "fgvc_aircraft": (fgvc_aircraft.LAYOUT.is_in, fgvc_aircraft.read_fgvc_aircraft),
    "foodx251": (holds_foodx251, read_foodx251),
}

Unpack = Callable[[Path], Path]

EXPECTED = "a known name, a folder of class folders, a CSV file, or an archive (.zip, .tar, .tar.gz, .tar.xz, .tar.bz2)"


def read_dataset(config: DataConfig, *, seed: int, unpack: Unpack | None = None) -> Dataset:
    """Read the source that `config` names: paths, labels and boxes, limited, with validation split from training.

    A known name is looked for in `config.directory`; any other source must be a folder of class folders, a folder in the
    layout of a known data set, a CSV file, or an archive of such a folder. Several joined by "+" become one data set.
    Test pictures are not split off here: `data.splitting.split_test` does it, once all are decoded.

    Args:
        seed: decides which training pictures validate.
        unpack: returns the folder with the content of an archive; None reads no archives.

    Raises:
        UserError: the source is neither a known name nor a folder, CSV file or archive, or lacks the classes or the level
            that `config` names, or has a test split and `config` asks for another.
        DataError: the source does not hold what it should; the message says what is missing.
    """
    dataset = take_classes(_read_sources(config, unpack), config.classes)
    if config.test_fraction and "test" in dataset.splits:
        raise UserError(
            f"data.test_fraction={config.test_fraction:g} splits test pictures off, and {dataset.name} has a test split of "
            f"{len(dataset.splits['test']):,} pictures. Expected for it: 0. Leave the setting out."
        )
    dataset = replace(dataset, faults=(*dataset.faults, *check_consistency(dataset)))
    dataset = limit_per_class(dataset, config.limit)
    return split_validation(dataset, config.validation_fraction, seed=seed)


def check_source(source: str) -> None:
    """Raise where a source, or one of several, is neither a known name nor there; nothing is read.

    Raises:
        UserError: names what lies near.
    """
    for part in split_source(source):
        if part not in DATASETS and not Path(part).expanduser().exists():
            raise _missing(part)


def _read_sources(config: DataConfig, unpack: Unpack | None) -> Dataset:
    parts = [_read_source(source, config.directory, unpack) for source in split_source(config.source)]
    parts = learn_level(parts, config.label_level)
    return parts[0] if len(parts) == 1 else join_datasets(parts)


def _read_source(source: str, directory: Path, unpack: Unpack | None) -> Dataset:
    if source in DATASETS:
        return resolve_name(DATASETS[source])(directory.expanduser() / source)
    path = Path(source).expanduser()
    if path.is_dir():
        return _read_folder(path, Path(os.path.abspath(path)).name)  # "." has no name
    if path.is_file():
        return _read_file(path, unpack)
    raise _missing(source)


def _missing(source: str) -> UserError:
    path = Path(source).expanduser()
    near = "".join(f" Did you mean {str(place)!r}?" for place in _near(path))
    if len(path.parts) > 1:
        return UserError(f"--data {source}: there is no such folder or file.{near}\nExpected: {EXPECTED}.")
    known = UnknownNameError("data set", source, DATASETS)
    return UserError(f"--data {source}: there is no such folder or file in {Path.cwd()}.{near}\n{known}")


def _near(path: Path) -> list[Path]:
    """What lies beside, can be data and has nearly the name: one place at most."""
    names = os.listdir(path.parent) if path.parent.is_dir() and os.access(path.parent, os.R_OK) else []
    places = [path.parent / name for name in get_close_matches(path.name, sorted(names), n=3)]
    return [place for place in places if place.is_dir() or place.suffix.lower() == ".csv" or is_archive(place)][:1]


def _read_folder(folder: Path, name: str) -> Dataset:
    found = {layout: read for layout, (is_in, read) in FOLDER_LAYOUTS.items() if is_in(folder)}
    if len(found) > 1:
        raise DataError(
            f"{folder} holds several data sets, by their annotations: {', '.join(found)}.\n"
            "Pass --data with the folder of one, or a+b with those of several; each must lie in a folder of its own."
        )
    read = next(iter(found.values()), read_class_folders)
    return replace(read(folder), name=name)


def _read_file(path: Path, unpack: Unpack | None) -> Dataset:
    if path.suffix.lower() == ".csv":
        return read_csv_file(path)
    if unpack is None or not is_archive(path):
        raise UserError(f"--data {path} is a file that cannot be read as data. Expected: {EXPECTED}.")
    return _read_folder(unpack(path), archive_stem(path))
