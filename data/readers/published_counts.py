"""The numbers of classes and pictures that a published data set has."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from data.dataset import Dataset
from data.faults import Fault


@dataclass(frozen=True)
class PublishedCounts:
    """How much a data set holds as it is published.

    Args:
        name: of the data set here.
        title: of the data set, for messages.
        num_classes: of all splits.
        num_pictures: of each split.
    """

    name: str
    title: str
    num_classes: int
    num_pictures: Mapping[str, int]

    def differences(self, folder: Path, dataset: Dataset) -> Iterator[Fault]:
        """Yield what differs in a set of this name, or with as many classes; others merely share the layout."""
        if folder.name != self.name and len(dataset.class_names) != self.num_classes:
            return
        received = {"classes": (len(dataset.class_names), self.num_classes)}
        for split, published in self.num_pictures.items():
            received[f"{split} pictures"] = (len(dataset.splits.get(split, ())), published)
        for what, (count, published) in received.items():
            if count != published:
                message = f"{count:,} {what} can be used. {self.title} as published has {published:,}."
                yield Fault("counts_differ", str(folder), message, "reported")
