"""The copies of `data augment` against a bare loop that writes the same pictures on as many threads."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp

from car_classifier.augmentation_command import copy_settings
from car_classifier.benchmarks.alternating import alternate
from car_classifier.benchmarks.comparison import Comparison
from car_classifier.benchmarks.request import BenchmarkRequest
from data.augmentation import PictureAugmentation
from data.copy_record import CopyRecord
from data.copy_settings import CopySettings
from data.copy_writer import CopyWriter, encode_copy
from data.dataset import Dataset, Split
from data.machine import num_processors
from data.split_picture import open_picture

PICTURES = 512
NUM_COPIES = 3


def benchmark_augment(request: BenchmarkRequest) -> Iterator[Comparison]:
    """Compare the writer, which notes and hashes each file and ends when all are on the disk, with threads that each walk
    through their share of the originals and leave the rest to the operating system.

    Both decode, cut, transform, encode and write; a picture is one copy.
    """
    config = request.settings({})
    data = request.read_data(config, pictures=request.num_pictures(PICTURES, batch_size=config.training.batch_size))
    dataset = _without_repeats(data.dataset)
    settings = copy_settings(data.config, num_copies=NUM_COPIES, quality=95)
    threads = data.config.data.loader_threads or num_processors()
    with TemporaryDirectory() as folder:
        sides = {
            "data augment": _WriterSide(dataset, settings, Path(folder), threads=threads),
            "bare loop": _BareLoop(dataset.splits["train"], settings, Path(folder), threads=threads),
        }
        case = f"{dataset.name}, {NUM_COPIES} copies of {len(dataset.splits['train'])} pictures, {threads} threads"
        copies = NUM_COPIES * len(dataset.splits["train"])
        yield alternate(case, sides, rounds=request.rounds, pictures=copies)


def _without_repeats(dataset: Dataset) -> Dataset:
    """A small data set is repeated to the number of pictures asked for; it has only so many originals to copy."""
    train = dataset.splits["train"]
    first = list({path: place for place, path in reversed(list(enumerate(train.paths)))}.values())[::-1]
    return Dataset(dataset.name, dataset.class_names, {"train": train.take(first)})


class _WriterSide:
    def __init__(self, dataset: Dataset, settings: CopySettings, folder: Path, *, threads: int):
        self._dataset, self._settings, self._folder, self._threads = dataset, settings, folder, threads

    def __call__(self) -> None:
        folder = Path(mkdtemp(dir=self._folder))
        writer = CopyWriter(folder, self._settings, max_megapixels=50)
        record = CopyRecord(folder, self._settings.to_json())
        writer.write(self._dataset, record, threads=self._threads, told=lambda done, total: None)


class _BareLoop:
    def __init__(self, split: Split, settings: CopySettings, folder: Path, *, threads: int):
        self._split, self._settings, self._folder, self._threads = split, settings, folder, threads
        self._augment = PictureAugmentation(settings.augmentation)
        self._pool = ThreadPoolExecutor(threads)

    def __call__(self) -> None:
        folder = Path(mkdtemp(dir=self._folder))
        list(self._pool.map(lambda first: self._walk(first, folder), range(self._threads)))

    def _walk(self, first: int, folder: Path) -> None:
        for index in range(first, len(self._split), self._threads):
            box = None if self._split.boxes is None else self._split.boxes[index]
            picture = self._settings.prepare(open_picture(self._split, index), box)
            for number in range(self._settings.num_copies):
                changed = self._augment(picture, self._settings.num_copies * index + number)
                (folder / f"{index}_{number}.jpg").write_bytes(encode_copy(changed, self._settings.quality))
