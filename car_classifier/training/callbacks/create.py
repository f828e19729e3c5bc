"""The callbacks of one training."""

import keras

from car_classifier.training.callbacks.early_stopping import EarlyStopping
from car_classifier.training.callbacks.model_checkpoint import ModelCheckpoint
from car_classifier.training.callbacks.reduce_rate_on_plateau import ReduceRateOnPlateau
from car_classifier.training.config import TrainingConfig


def create_callbacks(config: TrainingConfig, *, num_classes: int) -> dict[str, keras.callbacks.Callback]:
    """Return the callbacks of one training by name, in the order in which they hear of an epoch.

    Args:
        config: monitors, patiences and factors.
        num_classes: with three or fewer there is no top-3 accuracy, hence no checkpoint of it.
    """
    callbacks = {
        "model": ModelCheckpoint("model", config.monitor),
        "top3": ModelCheckpoint("top3", "val_top_3_accuracy"),
        "early_stopping": EarlyStopping(config.monitor, config.early_stopping_patience),
        "plateau": ReduceRateOnPlateau("val_loss", config.plateau_factor, config.plateau_patience),
    }
    if num_classes <= 3:
        del callbacks["top3"]
    if config.schedule != "plateau":
        del callbacks["plateau"]
    return callbacks
