"""Every model with its size, its cost and the weights published for it."""

import gc
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from car_classifier.base.errors import ResourceError
from car_classifier.base.registry import resolve
from car_classifier.cost_cache import FIGURES, CostCache
from car_classifier.places import program_home
from models.registry import MODELS, ModelEntry

Told = Callable[[int, int], None]


class ModelListing:
    """All models at one number of classes and one picture size.

    Args:
        home: folder of data sets; weights lie in its `weights`.
        num_classes: number of classes, at least 2.
        image_size: side of the square pictures in pixels; None takes each model's own.
    """

    def __init__(self, home: Path, *, num_classes: int, image_size: int | None):
        self._weights_dir = home / "weights"
        self._num_classes, self._image_size = num_classes, image_size
        self._cache = CostCache(program_home() / "model_costs.json")
        self._counted: dict[str, dict[str, Any]] = {}
        self.not_kept: str | None = None  # why counted costs could not be written, if so

    @property
    def uncounted(self) -> list[str]:
        """Names of the models whose cost is neither known nor impossible."""
        return [name for name in MODELS if self._too_small(name) is None and self._cost(name) is None]

    def count(self, told: Told) -> None:
        """Count what is not known yet, one model at a time; loads Keras.

        Args:
            told: is called with how many models are done, and of how many, before each and at the end.
        """
        names = self.uncounted
        for done, name in enumerate(names):
            told(done, len(names))
            cost = _measure(name, self._num_classes, self._size(name))
            self._counted[name] = cost
            try:
                self._cache.put(name, self._num_classes, self._size(name), cost)
            except (OSError, ResourceError) as error:  # what was counted is shown all the same
                self.not_kept = str(error)
        if names:
            told(len(names), len(names))

    def rows(self) -> list[dict[str, Any]]:
        """Return one entry per model, as `models --json` prints it; figures that are not known are None."""
        return [self._row(name, entry) for name, entry in MODELS.items()]

    def _row(self, name: str, entry: ModelEntry) -> dict[str, Any]:
        published = entry.weights[0] if entry.weights else None
        return {
            "name": name,
            **(self._cost(name) or dict.fromkeys(FIGURES)),
            "image_size": entry.image_size,
            "weights_at_hand": any((self._weights_dir / weights.file_name).is_file() for weights in entry.weights),
            "weights_file": published and published.file_name,
            "url": published and published.url,
            "source": published and published.source,
            "licence": published and published.licence,
            "reason": self._too_small(name),
        }

    def _size(self, name: str) -> int:
        return self._image_size or MODELS[name].image_size

    def _too_small(self, name: str) -> str | None:
        smallest = MODELS[name].min_image_size
        if self._size(name) >= smallest:
            return None
        return f"needs pictures of at least {smallest}×{smallest} pixels"

    def _cost(self, name: str) -> dict[str, Any] | None:
        return self._counted.get(name) or self._cache.get(name, self._num_classes, self._size(name))


def _measure(name: str, num_classes: int, image_size: int) -> dict[str, Any]:
    import keras

    from models.cost import measure_cost

    create = resolve("model", name, {name: entry.create for name, entry in MODELS.items()})
    try:
        # In this scope weights have shapes and no values: VGG16 at 2048 pixels would hold 4.4 GB of them.
        with keras.StatelessScope(initialize_variables=False):
            return asdict(measure_cost(create((image_size, image_size, 3), num_classes)))
    finally:
        keras.utils.clear_session()
        gc.collect()
