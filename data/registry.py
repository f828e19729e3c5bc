"""The table of data sets, and the one way to read any source."""

from pathlib import Path
from pkgutil import resolve_name

from car_classifier.base.errors import UnknownNameError, UserError
from data.config import DataConfig
from data.dataset import Dataset
from data.splitting import limit_per_class, split_validation

DATASETS = {
    "demo": "data.readers.demo:read_demo",
    "stanford_cars": "data.readers.stanford_cars:read_stanford_cars",
    "cifar10": "data.readers.cifar:read_cifar10",
    "cifar100": "data.readers.cifar:read_cifar100",
}


def read_dataset(config: DataConfig, *, seed: int) -> Dataset:
    """Read the source that `config` names: paths, labels and boxes, limited, with validation split from training.

    A known name is looked for in `config.directory`; any other source must be a folder of class folders, or a folder
    in the layout of Stanford Cars.

    Args:
        seed: decides which training pictures validate.

    Raises:
        UserError: the source is neither a known name nor a folder.
        DataError: the folder does not hold what it should; the message says what is missing.
    """
    dataset = _read_source(config)
    dataset = limit_per_class(dataset, config.limit)
    return split_validation(dataset, config.validation_fraction, seed=seed)


def _read_source(config: DataConfig) -> Dataset:
    if config.source in DATASETS:
        return resolve_name(DATASETS[config.source])(config.directory.expanduser() / config.source)
    folder = Path(config.source).expanduser()
    if folder.is_dir():
        return resolve_name(_reader_of_folder(folder))(folder)
    if folder.exists():
        raise UserError(f"--data {config.source} is a file. Expected: a folder of class folders, or a known name.")
    if len(folder.parts) > 1:
        raise UserError(f"--data {config.source}: there is no such folder. Expected: a folder of class folders.")
    known = UnknownNameError("data set", config.source, DATASETS)
    raise UserError(f"--data {config.source}: there is no such folder in {Path.cwd()}.\n{known}")


def _reader_of_folder(folder: Path) -> str:
    if (folder / "anno_train.csv").is_file():
        return DATASETS["stanford_cars"]
    return "data.readers.class_folders:read_class_folders"
