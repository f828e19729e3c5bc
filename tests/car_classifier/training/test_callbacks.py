"""Callbacks remember across interruptions what they knew."""

import pytest

from car_classifier.training.callbacks.create import create_callbacks
from car_classifier.training.callbacks.early_stopping import EarlyStopping
from car_classifier.training.callbacks.model_checkpoint import ModelCheckpoint
from car_classifier.training.callbacks.reduce_rate_on_plateau import ReduceRateOnPlateau
from car_classifier.training.config import TrainingConfig

LOSSES = [3.0, 2.0, 2.5, 2.4, 1.9, 2.0, 2.1, 2.2, 2.3, 2.4]


def _tell(callback, losses, start=0):
    for epoch, loss in enumerate(losses, start=start + 1):
        callback.on_epoch_end(epoch, {"val_loss": loss})
    return callback


@pytest.mark.parametrize("make", [
    lambda: EarlyStopping("val_loss", 3), lambda: ReduceRateOnPlateau("val_loss", 0.2, 2),
    lambda: ModelCheckpoint("model", "val_loss"),
])
@pytest.mark.parametrize("cut", range(1, len(LOSSES)))
def test_restored_callback_goes_on_like_the_uninterrupted_one(make, cut):
    whole = _tell(make(), LOSSES)
    resumed = make()
    resumed.restore(_tell(make(), LOSSES[:cut]).state())
    assert _tell(resumed, LOSSES[cut:], start=cut).state() == whole.state()


def test_early_stopping_ends_after_its_patience():
    assert not _tell(EarlyStopping("val_loss", 3), LOSSES[:7]).should_stop
    assert _tell(EarlyStopping("val_loss", 3), LOSSES[:8]).should_stop


def test_rate_falls_each_time_patience_is_over():
    assert _tell(ReduceRateOnPlateau("val_loss", 0.2, 2), LOSSES).factor == pytest.approx(0.2**3)


def test_nan_is_never_the_best():
    callback = _tell(ModelCheckpoint("model", "val_loss"), [2.0, float("nan"), None])
    assert callback.epoch == 1


def test_source_callbacks_are_there():
    assert list(create_callbacks(TrainingConfig(), num_classes=196)) == ["model", "top3", "early_stopping", "plateau"]


def test_no_top_three_of_three_classes():
    assert "top3" not in create_callbacks(TrainingConfig(schedule="none"), num_classes=3)
