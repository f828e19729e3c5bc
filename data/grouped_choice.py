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
        groups: the indices of each group's pictures; a picture of none is not taken.
        shares: number of pictures wanted from each class.
        order: in which the groups, by their place, are looked at.
    """
    classes, columns = np.unique(labels, return_inverse=True)
    counts = [np.unique(columns[members], return_counts=True) for members in groups]  # only of the classes of each group
    choice = _Choice(counts, missing=np.array([shares[label] for label in classes.tolist()]), left=np.bincount(columns) - 1)
    for group in order:
        if choice.gain(group) > 0 and choice.fits(group):
            choice.take(group)
    for label in range(len(classes)):
        if choice.wanted[label]:
            allowed = [group for group, (of, _) in enumerate(counts) if label in of and choice.fits(group)]
            if allowed:
                choice.take(max(allowed, key=choice.gain))
    return np.sort(np.concatenate([groups[group] for group in choice.taken])) if choice.taken else np.empty(0, np.int64)


class _Choice:
    """The groups taken so far, and how many pictures of each class are missing still, and may still be taken."""

    def __init__(self, counts: Sequence[tuple[np.ndarray, np.ndarray]], *, missing: np.ndarray, left: np.ndarray) -> None:
        self.counts, self.missing, self.left = counts, missing, left
        self.wanted = missing > 0  # classes that got nothing
        self.taken: list[int] = []

    def gain(self, group: int) -> int:
        of, more = self.counts[group]
        return np.abs(self.missing[of]).sum() - np.abs(self.missing[of] - more).sum()

    def fits(self, group: int) -> bool:
        of, more = self.counts[group]
        return bool((more <= self.left[of]).all())

    def take(self, group: int) -> None:
        of, more = self.counts[group]
        self.missing[of], self.left[of], self.wanted[of] = self.missing[of] - more, self.left[of] - more, False
        self.taken.append(group)


def members_of_groups(split: Split) -> list[np.ndarray]:
    """Return the indices of each group's pictures, groups in the order of their first picture."""
    members: dict[str | int, list[int]] = defaultdict(list)
    for index, group in enumerate(split.groups or ()):
        members[group or index].append(index)
    return [np.array(indices) for indices in members.values()]
