"""The loader against a bare loop that does the same work on as many threads."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from car_classifier.benchmarks.alternating import alternate
from car_classifier.benchmarks.comparison import Comparison
from car_classifier.benchmarks.request import BenchmarkRequest
from car_classifier.prepared_data import PreparedData
from data.augmentation import PictureAugmentation
from data.loader import PictureLoader
from data.machine import num_processors
from data.split_picture import open_picture

PICTURES = 1024


def benchmark_loader(request: BenchmarkRequest) -> Iterator[Comparison]:
    """Compare the loader, which keeps no picture in memory here, with threads that each walk through their share.

    Both decode, resize and transform every picture. The loop makes no batches, shuffles nothing and keeps nothing.
    """
    config = request.settings({"augmentation.augment": True, "data.memory_cache_gb": 0.0})
    pictures = request.num_pictures(PICTURES, batch_size=config.training.batch_size)
    data = request.read_data(config, pictures=pictures)
    threads = config.data.loader_threads or num_processors()
    sides = {"loader": _LoaderSide(data.train_loader()), "bare loop": _BareLoop(data, threads=threads)}
    size = config.data.image_size
    case = f"{data.dataset.name}, {size}×{size}, {threads} threads"
    yield alternate(case, sides, rounds=request.rounds, pictures=len(data.dataset.splits["train"]))


class _LoaderSide:
    def __init__(self, loader: PictureLoader):
        self._loader, self._epoch = loader, 0

    def __call__(self) -> None:
        for _ in self._loader.epoch(self._epoch):
            continue
        self._epoch += 1


class _BareLoop:
    def __init__(self, data: PreparedData, *, threads: int):
        self._split, self._geometry, self._threads = data.dataset.splits["train"], data.geometry, threads
        self._augment, self._seed = PictureAugmentation(data.config.augmentation), 0
        self._pool = ThreadPoolExecutor(threads)

    def __call__(self) -> None:
        list(self._pool.map(self._walk, range(self._threads)))
        self._seed += len(self._split)

    def _walk(self, first: int) -> None:
        for index in range(first, len(self._split), self._threads):
            box = None if self._split.boxes is None else self._split.boxes[index]
            picture = self._geometry.apply(open_picture(self._split, index), box)
            self._augment(picture, self._seed + index)
