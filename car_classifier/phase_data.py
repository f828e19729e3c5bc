"""Which model and which loaders a phase trains with: pictures through the whole network, or cached features."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

import keras

from car_classifier.training.config import TrainingConfig
from car_classifier.training.feature_cache import FeatureCache, FeatureLoader
from car_classifier.training.phases import Phase, trains_backbone
from car_classifier.training.running_phase import PhaseData
from models.features import can_pool, split_at_head
from models.freezing import freeze, has_inner_blocks

# Of a batch of features that only validates: nothing asks for a small one there, and each costs a call.
_VALIDATION_BYTES = 2**20


@dataclass(frozen=True)
class PhaseLoaders:
    """Loaders of one training.

    Args:
        train: training pictures.
        validation: validation pictures in a fixed order; None when there are none.
        refit: training and validation pictures together; None when no refit is asked for.
    """

    train: Any
    validation: Any | None
    refit: Any | None = None


class PhasePreparation:
    """Makes the `PhaseData` of a phase: freezes the network, and caches features where that is right.

    Args:
        network: the whole model.
        loaders: of pictures.
        config: `cache_features` and `cached_views`.
        cache: None never caches.
        told: called with (pictures done, pictures in all) while features are made.
        step: gives a context manager that measures the named step of the work.
    """

    def __init__(self, network: keras.Model, loaders: PhaseLoaders, *, config: TrainingConfig,
                 cache: FeatureCache | None, told: Callable[[int, int], None],
                 step: Callable[[str], AbstractContextManager] = lambda name: nullcontext()):
        self._network, self._loaders, self._config = network, loaders, config
        self._cache, self._told, self._step = cache, told, step

    def __call__(self, phase: Phase) -> PhaseData:
        """Freeze what the phase freezes and return what it trains."""
        freeze(self._network, phase.x_trainable, inner_blocks=not phase.is_head)
        train = self._loaders.refit if phase.is_refit else self._loaders.train
        validation = None if phase.is_refit else self._loaders.validation
        if self._cache is None or not uses_features(phase, self._config, train=train, network=self._network):
            return PhaseData(self._network, train, validation)
        backbone, head = split_at_head(self._network, pooled=can_pool(self._network))
        views = train.views(self._config.cached_views) if self._config.cached_views else [train.unaugmented()]
        cached = FeatureLoader([self._features(backbone, view) for view in views], like=train)
        if validation is not None:
            features = self._features(backbone, validation)
            batch_size = max(validation.options.batch_size, _VALIDATION_BYTES // features[0].nbytes)
            validation = FeatureLoader([features], like=validation, batch_size=batch_size)
        return PhaseData(head, cached, validation, self._note(train))

    def _note(self, train: Any) -> str:
        if self._config.cached_views:
            return f"on cached features of {self._config.cached_views} augmented views"
        return "on cached features" + (", so without augmentation" if train.is_augmented else "")

    def _features(self, backbone: keras.Model, loader: Any) -> Any:
        with self._step("features"):
            return self._cache.features(backbone, loader, told=self._told)


def uses_features(phase: Phase, config: TrainingConfig, *, train: Any, network: keras.Model) -> bool:
    """Say whether a phase trains on cached features.

    By itself it does where nothing trains in front of the last stage's end and pictures are the same in every epoch, and
    in the short head phase before fine-tuning, which then sees pictures without augmentation. `training.cached_views` asks
    for it with augmented pictures, `training.cache_features=false` forbids it.
    """
    if reaches_in(phase, network):
        return False
    if not config.cache_features or not hasattr(train, "unaugmented"):
        return False
    return bool(config.cached_views) or phase.is_head or not train.is_augmented


def reaches_in(phase: Phase, network: keras.Model) -> bool:
    """Say whether anything in front of the last stage's end trains in a phase.

    Blocks amid the backbone wait for the head: the first gradients of a random one would shut them, and they would not
    open again.
    """
    return trains_backbone(phase.x_trainable) or (has_inner_blocks(network) and not phase.is_head)
