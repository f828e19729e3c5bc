"""What a benchmark is asked to measure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from car_classifier.config import Config
from car_classifier.defaults import resolve_config, resolve_for_data
from car_classifier.prepared_data import PreparedData, prepare_data, read_source

IMAGE_SIZE = 224


@dataclass(frozen=True)
class BenchmarkRequest:
    """Options of the command.

    Args:
        config: settings, open ones still open.
        given: dotted names that the user set; the others may take values that suit the benchmark.
        rounds: measured calls of each side.
        pictures: per round and side; None takes the benchmark's own number.
    """

    config: Config
    given: frozenset[str]
    rounds: int
    pictures: int | None

    def models(self, *usual: str) -> tuple[str, ...]:
        """Return the model that was asked for, else the usual ones."""
        return (self.config.model.name,) if "model.name" in self.given else usual

    def settings(self, usual: Mapping[str, Any]) -> Config:
        """Return settings for one measurement, all resolved; random weights and pictures of 224×224 unless asked otherwise.

        Args:
            usual: dotted names that the benchmark sets; what the user set goes before.
        """
        usual = {"model.weights": "none", "data.image_size": IMAGE_SIZE, **usual}
        chosen = {name: value for name, value in usual.items() if name not in self.given}
        return resolve_config(self.config.override(chosen), {*self.given, *chosen})

    def num_pictures(self, usual: int, *, batch_size: int) -> int:
        """Return the pictures of one round: whole batches, at least one."""
        return max(1, (self.pictures or usual) // batch_size) * batch_size

    def read_data(self, config: Config, *, pictures: int) -> PreparedData:
        """Return `pictures` training pictures spread evenly over the training split, repeated where it has fewer."""
        dataset = read_source(config)
        config = resolve_for_data(config, dataset).override({"data.validation_fraction": 0.0, "data.test_fraction": 0.0})
        train = dataset.splits["train"]
        chosen = np.linspace(0, len(train), pictures, endpoint=False).astype(int)
        dataset = replace(dataset, splits={"train": train.take(chosen)})
        return prepare_data(config, dataset, told=lambda done, total: None)
