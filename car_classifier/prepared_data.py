"""Pictures ready for training: read, checked, split, with their geometry and loaders."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from car_classifier.base.errors import UserError
from car_classifier.base.seeds import derive_seed
from car_classifier.config import Config
from car_classifier.places import program_home
from car_classifier.unpacking import unpack_archive
from data.augmented_copies import AugmentedCopies
from data.checked_dataset import apply_inspection, left_out
from data.dataset import Dataset, Split, common_folder, concatenate_splits, fingerprint
from data.duplicates import Duplicates, duplicate_faults, find_duplicates, group_alike
from data.geometry import PictureGeometry
from data.inspection import Inspection, inspect_pictures
from data.loader import PictureLoader
from data.loader_options import LoaderOptions
from data.picture_facts import PictureFacts
from data.registry import read_dataset
from data.splitting import split_test, split_validation


@dataclass(frozen=True)
class PreparedData:
    """A data set that a model can train on.

    Args:
        dataset: without the pictures that cannot be used; its boxes lie inside their pictures.
        skipped: those pictures, with reasons.
        geometry: what becomes of each picture.
        config: every setting.
        duplicates: photographs that it has more than once.
    """

    dataset: Dataset
    skipped: tuple[tuple[Path, str], ...]
    geometry: PictureGeometry
    config: Config
    duplicates: tuple[Duplicates, ...] = ()

    @cached_property
    def copies(self) -> AugmentedCopies | None:
        """Augmented copies that training sees too; None where the settings name none.

        Raises:
            DataError: the copies are not finished, or belong to other pictures.
            UserError: they were cut in another way than the settings say.
        """
        folder = self.config.data.augmented_copies
        if folder is None:
            return None
        copies, geometry = AugmentedCopies(folder.expanduser(), self.dataset), self.geometry
        made, wanted = ((cut.cut_to_box, cut.box_margin) for cut in (copies.settings, geometry))
        if self.dataset.has_boxes and made != wanted:
            raise UserError(
                f"The copies in {folder} were cut with data.cut_to_box={made[0]} and data.box_margin={made[1]}, this training "
                f"cuts with {wanted[0]} and {wanted[1]}.\nSet the same, or make other copies with `data augment`."
            )
        return copies

    def train_loader(self) -> PictureLoader:
        """Return a loader of the training pictures: shuffled, augmented, weighted as the settings say."""
        return self._training_loader(self.dataset.splits["train"])

    def refit_loader(self) -> PictureLoader:
        """Return a loader of training and validation pictures together, treated like training pictures."""
        parts = [self.dataset.splits[name] for name in ("train", "validation") if name in self.dataset.splits]
        return self._training_loader(concatenate_splits(parts))

    def evaluation_loader(self, split: str) -> PictureLoader:
        """Return a loader of a split in its own order, untransformed."""
        options = self._options(shuffle=False, memory_cache_gb=0 if split == "test" else self.config.data.memory_cache_gb)
        return self._loader(self.dataset.splits[split], options)

    def describe(self) -> dict[str, Any]:
        """Return the content of data.json."""
        return {
            "format": 1,
            "name": self.dataset.name,
            "class_names": list(self.dataset.class_names),
            "counts": {name: len(split) for name, split in self.dataset.splits.items()},
            "counts_per_class": {name: self.dataset.counts(name).tolist() for name in self.dataset.splits},
            "fingerprint": fingerprint(self.dataset),
            "skipped": [{"file": str(path), "reason": reason} for path, reason in self.skipped],
            "notes": list(self.dataset.notes),
            "faults": [vars(fault) for fault in self.dataset.faults],
            "duplicates": [group.describe() for group in self.duplicates],
            "has_boxes": self.dataset.has_boxes,
        }

    def _training_loader(self, split: Split) -> PictureLoader:
        config = self.config
        split = split if self.copies is None else self.copies.extend(split)
        weights = inverse_frequencies(split.labels, len(self.dataset.class_names)) if config.training.class_weights else None
        options = self._options(
            shuffle=True, augmentation=config.augmentation, balanced=config.data.balanced_sampling, class_weights=weights
        )
        return self._loader(split, options)

    def _options(self, **values: Any) -> LoaderOptions:
        data = self.config.data
        common = {
            "batch_size": self.config.training.batch_size, "seed": derive_seed(self.config.seed, "loader"),
            "max_megapixels": data.max_megapixels, "threads": data.loader_threads, "memory_cache_gb": data.memory_cache_gb,
        }
        return LoaderOptions(**{**common, **values})

    def _loader(self, split: Split, options: LoaderOptions) -> PictureLoader:
        classes = len(self.dataset.class_names)
        return PictureLoader(split, num_classes=classes, geometry=self.geometry, options=options)


def prepare_data(config: Config, dataset: Dataset, *, told: Callable[[int, int], None]) -> PreparedData:
    """Check every picture of `dataset` once, split test and validation off, look for duplicates.

    Args:
        told: called with (pictures checked, pictures to check).

    Raises:
        DataError: no training picture is left.
    """
    checked, inspection = check_pictures(config, dataset, told=told)
    alike = group_alike(_facts(checked, inspection, "train"), inspection.near)
    split = split_validation(checked, config.data.validation_fraction, seed=config.seed, alike=alike)
    duplicates = find_duplicates(split, inspection)
    split = replace(split, faults=split.faults + tuple(duplicate_faults(duplicates, common_folder(split))))
    return PreparedData(split, left_out(checked), picture_geometry(config), config, duplicates)


def check_pictures(config: Config, dataset: Dataset, *, told: Callable[[int, int], None]) -> tuple[Dataset, Inspection]:
    """Leave out what cannot be used, and split the test pictures off that the settings ask for, before anything is chosen.

    Args:
        told: called with (pictures checked, pictures to check).

    Raises:
        DataError: no training picture is left.
        UserError: no test picture would be.
    """
    inspection = inspect_dataset(config, dataset, told=told)
    # Bad files go first: were they split too, one more of them would move good pictures to another split.
    checked = apply_inspection(dataset, inspection)
    known = _facts(checked, inspection, "train", "validation")
    digests, alike = [picture.digest for picture in known], group_alike(known, inspection.near)
    return split_test(checked, config.data.test_fraction, digests=digests, alike=alike), inspection


def check_shares(config: Config, dataset: Dataset) -> None:
    """Raise before a run is made where the settings leave none to test or to validate on, however good all pictures are.

    It costs no look at the pictures; where these must say which of their groups test, it is `prepare_data` that finds out.

    Raises:
        UserError: says what would leave some.
    """
    known = [dataset.splits[name] for name in ("train", "validation") if name in dataset.splits]
    if config.data.test_fraction and any(split.groups is not None for split in known):
        return
    places = [f"{place:012}" for place in range(sum(map(len, known)))]  # any lot leaves as many
    rest = split_test(dataset, config.data.test_fraction, digests=places, alike=())
    split_validation(rest, config.data.validation_fraction, seed=config.seed)


def _facts(dataset: Dataset, inspection: Inspection, *splits: str) -> list[PictureFacts]:
    """What is known of the pictures of those of the splits that are there, one after the other."""
    return [inspection.facts[path] for name in splits if name in dataset.splits for path in dataset.splits[name].paths]


def inspect_dataset(config: Config, dataset: Dataset, *, told: Callable[[int, int], None]) -> Inspection:
    """Decode every picture of `dataset`; what is found is remembered between runs.

    Args:
        told: called with (pictures checked, pictures to check).
    """
    paths = [path for split in dataset.splits.values() for path in split.paths]
    memory = program_home() / "checked" / f"{dataset.name}.json"
    return inspect_pictures(paths, max_megapixels=config.data.max_megapixels, memory_file=memory, progress=told)


def picture_geometry(config: Config) -> PictureGeometry:
    """Return what becomes of each picture."""
    data = config.data
    return PictureGeometry(
        image_size=data.image_size, geometry=data.geometry, cut_to_box=bool(data.cut_to_box), box_margin=data.box_margin
    )


def read_source(config: Config) -> Dataset:
    """Read the data that the settings name, as found: `prepare_data` splits validation off, after the check.

    An archive is unpacked into the program's own folder, once.
    """
    settings = config.data.model_copy(update={"validation_fraction": 0.0})
    return read_dataset(settings, seed=config.seed, unpack=unpack_archive)


def inverse_frequencies(labels: np.ndarray, num_classes: int) -> np.ndarray:
    """Return a weight per class, float64 [C]: N / (classes present × pictures of the class); absent classes get 1."""
    counts = np.bincount(labels, minlength=num_classes)
    present = counts > 0
    return np.where(present, len(labels) / (present.sum() * np.maximum(counts, 1)), 1.0)
