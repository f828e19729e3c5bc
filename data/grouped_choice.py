"""Which whole groups of pictures are set apart."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from data.dataset import Split


def choose_groups(labels: np.ndarray, groups: Sequence[np.ndarray], *, shares: Mapping[int, int],
                  order: Iterable[int]) -> np.ndarray:
    """Return the indices of pictures, int64 and sorted, of whole groups that come near to `shares` of each class.

    A group is taken if that brings the counts of all classes together nearer to their shares. A class that got nothing so,
    because its groups are larger than its share, then gets the group that overshoots least. No group is taken that would
    leave a class without other pictures.

    Args:
        labels: integers [N].
        groups: the indices of each group's pictures; every picture belongs to one.
        shares: number of pictures wanted from each class.
        order: in which the groups, by their place, are looked at.
    """
    classes, columns = np.unique(labels, return_inverse=True)
    counts = [np.unique(columns[members], return_counts=True) for members in groups]  # only of the classes of each group
    missing = np.array([shares[label] for label in classes.tolist()])
    wanted, left = missing > 0, np.bincount(columns) - 1  # a class keeps one picture
    taken: list[int] = []

    def gain(group: int) -> int:
        of, more = counts[group]
        return np.abs(missing[of]).sum() - np.abs(missing[of] - more).sum()

    def fits(group: int) -> bool:
        of, more = counts[group]
        return bool((more <= left[of]).all())

    def take(group: int) -> None:
        of, more = counts[group]
        missing[of], left[of] = missing[of] - more, left[of] - more
        wanted[of] = False
        taken.append(group)

    for group in order:
        if gain(group) > 0 and fits(group):
            take(group)
    for label in range(len(classes)):
        if wanted[label]:
            allowed = [group for group, (of, _) in enumerate(counts) if label in of and fits(group)]
            if allowed:
                take(max(allowed, key=gain))
    return np.sort(np.concatenate([groups[group] for group in taken])) if taken else np.empty(0, np.int64)


def members_of_groups(split: Split) -> list[np.ndarray]:
    """Return the indices of each group's pictures, groups in the order of their first picture."""
    members: dict[str | int, list[int]] = defaultdict(list)
    for index, group in enumerate(split.groups or ()):
        members[group or index].append(index)
    return [np.array(indices) for indices in members.values()]
