"""Which classes of a data set are learnt: some of them, or the groups above them."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from car_classifier.base.errors import UnknownNameError, UserError
from data.dataset import Dataset
from data.first_names import first_names


def take_classes(dataset: Dataset, names: Sequence[str] | None) -> Dataset:
    """Return the pictures of the classes `names`, which keep the order of the data set; None takes all.

    Raises:
        UnknownNameError: the data set lacks one; the message lists the nearest.
        DataError: none of them has training pictures.
    """
    if names is None:
        return dataset
    for name in names:
        if name not in dataset.class_names:
            raise UnknownNameError("class", name, dataset.class_names)
    kept = [label for label, name in enumerate(dataset.class_names) if name in names]
    places = np.full(len(dataset.class_names), -1, np.int32)
    places[kept] = np.arange(len(kept))
    splits = {}
    for split_name, split in dataset.splits.items():
        taken = split.take(np.flatnonzero(places[split.labels] >= 0))
        if len(taken):
            splits[split_name] = replace(taken, labels=places[taken.labels])
    levels = {level: tuple(groups[label] for label in kept) for level, groups in dataset.levels.items()}
    return replace(dataset, class_names=tuple(dataset.class_names[label] for label in kept), splits=splits, levels=levels)


def learn_level(datasets: Sequence[Dataset], level: str | None) -> list[Dataset]:
    """Return the data sets with the groups of a level as their classes, those that have no such level as they are.

    Coarser levels stay levels; None changes nothing.

    Raises:
        UserError: none of them has this level.
    """
    if level is None:
        return list(datasets)
    if not any(level in dataset.levels for dataset in datasets):
        known = [name for dataset in datasets for name in dataset.levels]
        raise UserError(
            f"data.label_level={level}: {'+'.join(dataset.name for dataset in datasets)} has no such level. "
            f"Expected: {', '.join([*known, 'null'])} (null: the classes as they are)."
        )
    return [_with_groups(dataset, level) if level in dataset.levels else dataset for dataset in datasets]


def choose_where_there(dataset: Dataset, classes: Sequence[str] | None, level: str | None) -> Dataset:
    """Return the data set with the groups and classes that were chosen of another one, as far as it has them all."""
    if level in dataset.levels:
        dataset = _with_groups(dataset, level)
    return take_classes(dataset, classes) if set(classes or ()) <= set(dataset.class_names) else dataset


def _with_groups(dataset: Dataset, level: str) -> Dataset:
    """Groups become classes in the order of their first class; a class without a group stands for itself.

    It is called "Boeing (class)" where a group of others is called Boeing.
    Of a coarser level a group has what all its classes have; where they differ it has none, and a note says so.
    """
    groups = dataset.levels[level]
    of_class = [group or (f"{name} (class)" if name in groups else name)
                for group, name in zip(groups, dataset.class_names, strict=True)]
    names = tuple(dict.fromkeys(of_class))
    places = np.array([names.index(group) for group in of_class], np.int32)
    coarser = list(dataset.levels)[list(dataset.levels).index(level) + 1 :]
    levels = {name: _groups_above(dataset.levels[name], places) for name in coarser}
    notes = tuple(f"Classes of {first_names(torn)} differ in {name}, so these have none." for name in coarser
                  if (torn := [group for group, above in zip(names, levels[name]) if above is None]))
    levels = {name: tuple(above or "" for above in groups) for name, groups in levels.items()}
    splits = {name: replace(split, labels=places[split.labels]) for name, split in dataset.splits.items()}
    return replace(dataset, class_names=names, splits=splits, levels=levels, notes=dataset.notes + notes)


def _groups_above(coarser: Sequence[str], places: np.ndarray) -> list[str | None]:
    """The coarser group of each group, by its place; None where its classes differ."""
    above = [{group for group, place in zip(coarser, places) if place == own} for own in range(places.max() + 1)]
    return [groups.pop() if len(groups) == 1 else None for groups in above]
