"""Which whole groups of pictures validate."""

from collections import defaultdict
from collections.abc import Mapping

import numpy as np

from car_classifier.base.seeds import derive_seed
from data.dataset import Split


def choose_groups(split: Split, shares: Mapping[int, int], *, seed: int) -> np.ndarray:
    """Return the indices of pictures, int64 and sorted, of whole groups that come near to `shares` of each class.

    Groups are drawn by lot; one is taken if that brings the counts of all classes together nearer to their shares. A class
    that got nothing so, because its groups are larger than its share, then gets the group that overshoots least. No group
    is taken that would leave a class without training pictures.

    Args:
        split: with groups; a picture of group "" is a group of its own.
        shares: number of pictures wanted from each class.
    """
    groups = members_of_groups(split)
    labels, columns = np.unique(split.labels, return_inverse=True)
    counts = np.array([np.bincount(columns[members], minlength=len(labels)) for members in groups])
    wanted = np.array([shares[label] for label in labels.tolist()])
    most = counts.sum(axis=0) - 1  # a class keeps one picture
    taken, reached = [], np.zeros_like(wanted)
    for group in np.random.default_rng(derive_seed(seed, "validation", "groups")).permutation(len(groups)):
        gain = np.abs(wanted - reached).sum() - np.abs(wanted - reached - counts[group]).sum()
        if gain > 0 and (reached + counts[group] <= most).all():
            taken.append(group)
            reached = reached + counts[group]
    for label in np.flatnonzero((wanted > 0) & (reached == 0)):
        allowed = [group for group in np.flatnonzero(counts[:, label]) if (reached + counts[group] <= most).all()]
        if allowed and not reached[label]:
            taken.append(min(allowed, key=lambda group: np.abs(wanted - reached - counts[group]).sum()))
            reached = reached + counts[taken[-1]]
    return np.sort(np.concatenate([groups[group] for group in taken])) if taken else np.empty(0, np.int64)


def members_of_groups(split: Split) -> list[np.ndarray]:
    """Return the indices of each group's pictures, groups in the order of their first picture."""
    members: dict[str | int, list[int]] = defaultdict(list)
    for index, group in enumerate(split.groups or ()):
        members[group or index].append(index)
    return [np.array(indices) for indices in members.values()]
