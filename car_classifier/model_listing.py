"""Every model with its size, its cost and the weights published for it."""

import gc
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from car_classifier.base.errors import ResourceError, UserError
from car_classifier.base.registry import check_name, resolve
from car_classifier.config import Config
from car_classifier.cost_cache import FIGURES, CostCache
from car_classifier.places import program_home
from models.config import ModelConfig
from models.published_weights import PublishedWeights
from models.registry import MODELS, ModelEntry, model_entry

Told = Callable[[int, int], None]
COMPARED = ("parameters", "gflops")  # figures whose difference to the plain model is told


class ModelListing:
    """Models at one number of classes and one picture size.

    Args:
        home: folder of data sets; weights lie in its `weights`.
        num_classes: number of classes, at least 2.
        image_size: side of the square pictures in pixels; None takes each model's own.
        names: of the models, in any order; empty: all that can have `settings`.
        settings: dotted names of settings of the model to values; each model is compared with itself without them.

    Raises:
        UserError: a name or a setting is unknown, or no model can have the settings.
    """

    def __init__(self, home: Path, *, num_classes: int, image_size: int | None, names: Sequence[str] = (),
                 settings: Mapping[str, Any] | None = None):
        self._weights_dir = home / "weights"
        self._num_classes, self._image_size = num_classes, image_size
        self._options = _options(settings or {})
        for name in names:
            model_entry(name)
            Config().override({"model.name": name, **(settings or {})})
        self._names = [name for name in MODELS if name in names] if names else self._able()
        self._cache = CostCache(program_home() / "model_costs.json")
        self._counted: dict[tuple[str, bool], dict[str, Any]] = {}
        self.not_kept: str | None = None  # why counted costs could not be written, if so

    @property
    def flattening(self) -> list[str]:
        """Names of the models whose own heads flatten the last feature map, unless the settings say how to pool."""
        if "pooling" in self._options:
            return []
        return [name for name in self._names if MODELS[name].head.pooling == "flatten"]

    @property
    def uncounted(self) -> list[str]:
        """Names of the models whose cost, with the settings or without, is neither known nor impossible."""
        return [name for name in self._names
                if self._too_small(name) is None and any(self._cost(name, plain) is None for plain in self._kinds)]

    @property
    def _kinds(self) -> tuple[bool, ...]:
        """Whether a cost is that of the plain model."""
        return (False, True) if self._options else (False,)

    def count(self, told: Told) -> None:
        """Count what is not known yet, one model at a time; loads Keras.

        Args:
            told: is called with how many models are done, and of how many, before each and at the end.
        """
        names = self.uncounted
        for done, name in enumerate(names):
            told(done, len(names))
            for plain in self._kinds:
                if self._cost(name, plain) is None:
                    self._count(name, plain)
        if names:
            told(len(names), len(names))

    def _count(self, name: str, plain: bool) -> None:
        size = self._size(name, plain)
        cost = _measure(name, self._num_classes, size, {} if plain else self._options)
        self._counted[name, plain] = cost
        try:
            self._cache.put(self._case(name, plain), self._num_classes, size, cost)
        except (OSError, ResourceError) as error:  # what was counted is shown all the same
            self.not_kept = str(error)

    def rows(self) -> list[dict[str, Any]]:
        """Return one entry per model, as `models --json` prints it; figures that are not known are None."""
        scaled = (self._options.get("scaling"), self._options.get("width_multiplier"))
        return [self._row(name, MODELS[name].scaled(*scaled)) for name in self._names]

    def _row(self, name: str, entry: ModelEntry) -> dict[str, Any]:
        published = [self._published(weights) for weights in entry.weights]
        first = entry.weights[0] if entry.weights else None
        cost, plain = (self._cost(name, kind) or dict.fromkeys(FIGURES) for kind in (False, True))
        return {
            "name": name,
            **cost,
            **{f"{figure}_percent": _percent(cost[figure], plain[figure]) if self._options else None for figure in COMPARED},
            "image_size": entry.image_size,
            "weights_at_hand": any(weights["at_hand"] for weights in published),
            "weights_file": first and first.file_name,
            "url": first and first.url,
            "source": first and first.source,
            "licence": first and first.licence,
            "published": published,
            "reason": self._too_small(name),
        }

    def _published(self, weights: PublishedWeights) -> dict[str, Any]:
        kept = ("name", "file_name", "url", "source", "licence")
        at_hand = (self._weights_dir / weights.file_name).is_file()
        return {**{key: getattr(weights, key) for key in kept}, "at_hand": at_hand}

    def _able(self) -> list[str]:
        """Return the models that can have the settings."""
        errors: dict[str, str] = {}
        for name in MODELS:
            try:
                Config().override({"model.name": name, **{f"model.{option}": value for option, value in self._options.items()}})
            except UserError as error:
                errors[name] = str(error).removeprefix("model: ")
        able = [name for name in MODELS if name not in errors]
        if not able:
            # A model that has such options at all tells more of what is wrong with their values.
            nearest = max(errors, key=lambda name: len(self._options.keys() & MODELS[name].options.keys()))
            raise UserError(f"No model can have these settings. {errors[nearest]}")
        return able

    def _size(self, name: str, plain: bool) -> int:
        scaling = None if plain else self._options.get("scaling")
        return self._image_size or MODELS[name].scaled(scaling).image_size

    def _too_small(self, name: str) -> str | None:
        smallest = MODELS[name].min_image_size
        if self._size(name, plain=False) >= smallest:
            return None
        return f"needs pictures of at least {smallest}×{smallest} pixels"

    def _cost(self, name: str, plain: bool) -> dict[str, Any] | None:
        known = self._counted.get((name, plain))
        return known or self._cache.get(self._case(name, plain), self._num_classes, self._size(name, plain))

    def _case(self, name: str, plain: bool) -> str:
        return name if plain or not self._options else f"{name} {json.dumps(self._options, sort_keys=True)}"


def _options(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return keywords of `create_<name>_model` from dotted settings.

    Raises:
        UnknownNameError: there is no such setting.
        UserError: a setting is none of the model.
    """
    allowed = [f"model.{field}" for field in ModelConfig.model_fields if field not in ("name", "weights")]
    for name in settings:
        check_name("setting", name, dict(Config().flat()))
        if name not in allowed:
            raise UserError(f"{name} does not change what a model costs. Settings that may: {', '.join(allowed)}.")
    return {name.removeprefix("model."): value for name, value in settings.items()}


def _percent(value: float | None, plain: float | None) -> float | None:
    return None if value is None or plain is None else 100 * (value - plain) / plain


def _measure(name: str, num_classes: int, image_size: int, options: Mapping[str, Any]) -> dict[str, Any]:
    import keras

    from models.cost import measure_cost

    create = resolve("model", name, {name: entry.create for name, entry in MODELS.items()})
    try:
        # In this scope weights have shapes and no values: VGG16 at 2048 pixels would hold 4.4 GB of them.
        with keras.StatelessScope(initialize_variables=False):
            return asdict(measure_cost(create((image_size, image_size, 3), num_classes, **options)))
    finally:
        keras.utils.clear_session()
        gc.collect()
