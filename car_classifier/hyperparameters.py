"""The settings of a configuration as the flat hyper-parameters of `run_model_pipeline`."""

from pathlib import Path
from typing import Any

from car_classifier.config import Config
from models.config import ModelConfig

MODEL_SETTINGS = tuple(name for name in ModelConfig.model_fields if name not in ("name", "weights"))
NOT_TRAINING = ("epochs", "batch_size", "accum_steps", "refit_generator")


def flat_hyperparameters(config: Config, weights: Path | None) -> dict[str, Any]:
    """Return what `run_model_pipeline` takes as `hyperparams`; the file `weights` stands for the name in the settings."""
    training = {name: value for name, value in config.training if name not in NOT_TRAINING}
    own = {name: getattr(config.model, name) for name in MODEL_SETTINGS}
    return {**training, **own, "weights": weights}


def divided(config: Config, divisor: int) -> dict[str, int]:
    """Return the settings by which the same effective batch goes through memory in `divisor` parts.

    Args:
        config: resolved settings.
        divisor: divides `training.batch_size`.
    """
    training = config.training
    return {
        "training.batch_size": training.batch_size // divisor, "training.accum_steps": training.accum_steps * divisor
    }
