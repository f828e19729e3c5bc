"""Which pictures of a source are used, and which of them validate or test: the same whatever the machine."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from car_classifier.base.errors import UserError
from car_classifier.base.seeds import derive_seed
from data.dataset import Dataset, Split, concatenate_splits
from data.first_names import first_names
from data.grouped_choice import choose_groups, members_of_groups


def limit_per_class(dataset: Dataset, limit: int | None) -> Dataset:
    """Keep the first `limit` pictures of every class in every split, in the reader's order; None keeps all."""
    if limit is None:
        return dataset
    return replace(dataset, splits={name: _first(split, limit) for name, split in dataset.splits.items()})


def _first(split: Split, limit: int) -> Split:
    kept = [np.flatnonzero(split.labels == label)[:limit] for label in np.unique(split.labels)]
    return split.take(np.sort(np.concatenate(kept)) if kept else np.empty(0, np.int64))


def split_test(dataset: Dataset, fraction: float, *, digests: Sequence[str], alike: Sequence[Sequence[int]]) -> Dataset:
    """Set `fraction` of the training pictures of each class apart for testing, unless the source has its own test split.

    Nothing but the pictures decides: no seed, so that all seeds, models and searches are tested on the same; no names or
    places, so that the data may be moved and renamed. The lot of a picture is the digest of its content, and the lowest of
    each class test, so pictures that are added or taken away move hardly any of the others. Every class gives its
    rounded share, at least one picture, and keeps one. All files of a photograph, and all pictures of a group, have the
    lowest of their lots and stay together, in training where one of them validates; the shares are then met as well as
    these allow.

    Args:
        digests: of the content of each training picture, and then of each picture of the source's own validation split.
        alike: for each photograph that is there more than once, the positions of its files among these pictures.

    Raises:
        UserError: the fraction leaves no picture to test on.
    """
    if "test" in dataset.splits or fraction == 0:
        return dataset
    train = dataset.splits["train"]
    classes, counts = np.unique(train.labels, return_counts=True)
    shares = np.minimum(np.maximum(np.rint(fraction * counts).astype(int), 1), counts - 1)
    known = concatenate_splits([dataset.splits[name] for name in ("train", "validation") if name in dataset.splits])
    free = [members for members in _inseparable(known, alike) if members[-1] < len(train)]  # none of them validates
    free.sort(key=lambda members: min(digests[place] for place in members))
    shares = dict(zip(classes.tolist(), shares.tolist()))
    chosen = choose_groups(train.labels, free, shares=shares, order=range(len(free)))
    if not len(chosen):
        raise UserError(
            f"data.test_fraction={fraction} of {len(train)} training pictures leaves none to test on. "
            "Expected: more pictures (a higher --limit leaves more), smaller groups, or 0 for no test split."
        )
    rest = np.setdiff1d(np.arange(len(train)), chosen)
    splits = dataset.splits | {"train": train.take(rest), "test": train.take(chosen)}
    note = (f"data.test_fraction={fraction:g} sets {len(chosen):,} of {len(train):,} pictures apart as the test split, the "
            f"same for every seed and model{_without_test(dataset, chosen)}. Runs made of the same pictures without this "
            "setting, or with another share, have seen them.")
    return replace(dataset, splits=splits, notes=(*dataset.notes, note))


def _inseparable(split: Split, alike: Sequence[Sequence[int]]) -> list[np.ndarray]:
    """The pictures that stay on one side, as rising positions: whatever photographs and groups tie together, or one alone."""
    ties = [np.array(members) for members in alike] + members_of_groups(split)
    first = np.arange(len(split))
    torn = ties
    while torn:
        for members in torn:
            first[members] = first[members].min()
        torn = [members for members in ties if first[members].min() < first[members].max()]
    order = np.argsort(first, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(first[order])) + 1)


def _without_test(dataset: Dataset, chosen: np.ndarray) -> str:
    labels = dataset.splits["train"].labels
    names = [dataset.class_names[label] for label in np.setdiff1d(labels, labels[chosen])]
    return f"; no picture could be spared of {first_names(names)}" if names else ""


def split_validation(dataset: Dataset, fraction: float, *, seed: int, alike: Sequence[Sequence[int]] = ()) -> Dataset:
    """Set `fraction` of the training pictures apart, stratified, unless the source has its own validation split.

    Every class gives its share, rounded so that the total is right; a class keeps at least one training picture.
    The choice within a class depends on the seed and on that class alone. The test split is not looked at.
    Where the pictures have groups, whole groups are set apart, and the shares are met as well as these allow.
    Of a photograph that is there more than once all files train as soon as one does; the others stay where they are.

    Args:
        alike: for each such photograph, the positions of its files among the training pictures.

    Raises:
        UserError: the fraction leaves no picture to validate on.
    """
    if "validation" in dataset.splits or fraction == 0:
        return dataset
    train = dataset.splits["train"]
    shares = _shares(train.labels, fraction, seed)
    chosen = _choose_pictures(dataset, shares, seed) if train.groups is None else _choose_groups(train, shares, seed)
    if not len(chosen):
        raise UserError(
            f"data.validation_fraction={fraction} of {len(train)} training pictures leaves none to validate on. "
            "Expected: a larger fraction, more pictures (a higher --limit or lower data.test_fraction leaves more), smaller "
            "groups, or 0 for no validation."
        )
    kept = _without_twins(train, chosen, alike)
    rest = np.setdiff1d(np.arange(len(train)), kept)
    notes = [f"{len(chosen) - len(kept)} pictures that were to validate train, because others of the same photographs train."]
    return replace(dataset, splits=dataset.splits | {"train": train.take(rest), "validation": train.take(kept)},
                   notes=dataset.notes + tuple(notes if len(kept) < len(chosen) else ()))


def _without_twins(train: Split, chosen: np.ndarray, alike: Sequence[Sequence[int]]) -> np.ndarray:
    """The pictures of `chosen` without those of photographs that train too, and without the groups of these."""
    validates = np.isin(np.arange(len(train)), chosen)
    ties = [np.array(members) for members in alike] + members_of_groups(train)
    torn = ties
    while torn:  # a photograph that goes back may tear a group, and a group a photograph
        torn = [members for members in ties if 0 < validates[members].sum() < len(members)]
        for members in torn:
            validates[members] = False
    return np.flatnonzero(validates) if validates.any() else chosen  # where all is alike, the faults say that validation leaks


def _choose_pictures(dataset: Dataset, shares: dict[int, int], seed: int) -> np.ndarray:
    taken = []
    for label, share in shares.items():
        members = np.flatnonzero(dataset.splits["train"].labels == label)
        generator = np.random.default_rng(derive_seed(seed, "validation", dataset.class_names[label]))
        taken.append(generator.permutation(members)[:share])
    return np.sort(np.concatenate(taken))


def _choose_groups(train: Split, shares: dict[int, int], seed: int) -> np.ndarray:
    groups = members_of_groups(train)
    order = np.random.default_rng(derive_seed(seed, "validation", "groups")).permutation(len(groups))
    return choose_groups(train.labels, groups, shares=shares, order=order)


def _shares(labels: np.ndarray, fraction: float, seed: int) -> dict[int, int]:
    """Number of validation pictures per class: largest remainders, ties by lot, at least one left for training."""
    classes, counts = np.unique(labels, return_counts=True)
    exact = counts * fraction
    shares = np.floor(exact).astype(int)
    missing = round(fraction * len(labels)) - shares.sum()
    lot = np.random.default_rng(derive_seed(seed, "validation")).random(len(classes))
    ranking = np.lexsort((lot, shares - exact))
    shares[ranking[:missing]] += 1
    shares = np.minimum(shares, counts - 1)
    return dict(zip(classes.tolist(), shares.tolist(), strict=True))
