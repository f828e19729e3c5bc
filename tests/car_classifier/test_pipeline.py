"""`run_model_pipeline`: hyper-parameters, accumulation, cached features, what it leaves on disk."""

import zipfile

import keras
import numpy as np
import pytest

from car_classifier import load_model, run_model_pipeline
from car_classifier.base.errors import UnknownNameError, UserError
from car_classifier.pipeline import PipelineOptions, split_hyperparams
from models.cifar_resnet import create_resnet20_model
from results.tables import read_history
from tests.car_classifier.small_training import (
    NUM_CLASSES,
    SIZE,
    SquaresLoader,
    create_tiny_model,
    rows_of,
    train_tiny,
    weights_of,
)


def test_hyperparameters_go_to_the_model_or_to_training():
    own, training = split_hyperparams(
        create_tiny_model, {"dropout": 0.3, "learning_rate": 0.02, "momentum": 0.5}, epochs=7, accum_steps=3
    )
    assert own == {"dropout": 0.3}
    assert (training.learning_rate, training.momentum, training.epochs, training.accum_steps) == (0.02, 0.5, 7, 3)


def test_unknown_hyperparameter_is_refused_with_the_nearest_name():
    with pytest.raises(UnknownNameError, match="Did you mean 'learning_rate'"):
        split_hyperparams(create_tiny_model, {"learning_rte": 1}, epochs=1, accum_steps=1)


def test_hyperparameter_outside_its_range_is_refused_by_name():
    with pytest.raises(UserError, match="training.learning_rate"):
        split_hyperparams(create_tiny_model, {"learning_rate": -1}, epochs=1, accum_steps=1)


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """A finished training of the tiny model."""
    return train_tiny(tmp_path_factory.mktemp("trained"), epochs=8)


def test_training_learns(trained):
    assert trained.history[-1]["loss"] < trained.history[0]["loss"]


def test_everything_is_on_disk(trained):
    for name in ("summary.txt", "history.csv", "model.keras", "top3.keras"):
        assert (trained.folder / name).stat().st_size
    assert [row["epoch"] for row in read_history(trained.folder / "history.csv")] == list(range(1, 9))


def test_model_file_predicts_like_the_trained_model(trained):
    pictures = SquaresLoader().pictures
    expected = trained.model.predict_on_batch(pictures)
    np.testing.assert_allclose(load_model(trained.folder).predict_on_batch(pictures), expected, atol=1e-6)


def test_loaded_model_can_be_evaluated_by_keras(trained):
    loader = SquaresLoader()
    figures = load_model(trained.folder).evaluate(
        loader.pictures, np.eye(NUM_CLASSES)[loader.labels], verbose=0, return_dict=True
    )
    assert {"loss", "accuracy", "categorical_accuracy", "top_3_accuracy", "precision", "recall", "auc"} == set(figures)


def test_final_weights_are_those_of_the_best_epoch(trained):
    losses = [row["val_loss"] for row in trained.history]
    assert trained.best_epoch == 1 + int(np.argmin(losses))


def test_called_again_it_returns_the_same_without_training(trained):
    again = train_tiny(trained.folder, epochs=8)
    assert again.history == trained.history
    np.testing.assert_array_equal(weights_of(again), weights_of(trained))


def _one_update(folder, optimizer_type, batch_size, accum_steps, num_pictures=44):
    loaders = SquaresLoader(num_pictures, batch_size=batch_size), None
    return train_tiny(
        folder, epochs=2, accum_steps=accum_steps, loaders=loaders, optimizer_type=optimizer_type, dropout=0.0,
        normalised=False, schedule="none", clip_norm=1.0,
    )


@pytest.mark.parametrize("optimizer_type", ["SGD", "Adam"])
@pytest.mark.parametrize("num_pictures", [48, 44, 41])
def test_accumulated_batches_equal_one_large_batch(tmp_path, optimizer_type, num_pictures):
    large = _one_update(tmp_path / "large", optimizer_type, 16, 1, num_pictures)
    small = _one_update(tmp_path / "small", optimizer_type, 4, 4, num_pictures)
    np.testing.assert_allclose(weights_of(small), weights_of(large), atol=1e-6)


def test_frozen_normalisation_does_not_move_by_one_bit(tmp_path):
    before = create_tiny_model((SIZE, SIZE, 3), NUM_CLASSES).get_layer("norm1").get_weights()
    result = train_tiny(tmp_path, epochs=2)
    moved = result.model.get_layer("norm1").get_weights()
    assert any((a != b).any() for a, b in zip(before, moved, strict=True))
    frozen = run_model_pipeline(
        _create_frozen, "frozen", {"learning_rate": 0.1, "cache_features": False}, (SIZE, SIZE, 3), NUM_CLASSES,
        SquaresLoader(), None, 2, run_folder=tmp_path / "frozen",
    )
    for a, b in zip(before, frozen.model.get_layer("norm1").get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


def _create_frozen(input_shape, num_classes, *, x_trainable="none"):
    return create_tiny_model(input_shape, num_classes)


def _train_frozen(folder, create, **hyperparams):
    loaders = SquaresLoader(), SquaresLoader(12, seed=9, shuffle=False)
    return run_model_pipeline(
        create, folder.name, {"learning_rate": 0.01, "x_trainable": "none", **hyperparams}, (SIZE, SIZE, 3), NUM_CLASSES,
        *loaders, 3, run_folder=folder, options=PipelineOptions(seed=3),
    )


@pytest.mark.parametrize(("create", "options"), [
    (create_tiny_model, {"pooling": "average"}), (create_tiny_model, {"pooling": "flatten"}),
    # Adam divides a gradient by its own size, and so makes rounding of a deep network as large as an update.
    (create_resnet20_model, {"scra_after_stages": [3], "optimizer_type": "SGD"}),
])
def test_cached_features_change_nothing(tmp_path, create, options):
    plain, cached = (_train_frozen(tmp_path / str(kept), create, **options, cache_features=kept) for kept in (False, True))
    assert (tmp_path / "True" / "features").is_dir() and not (tmp_path / "False" / "features").exists()
    for a, b in zip(rows_of(plain), rows_of(cached), strict=True):
        assert a["loss"] == pytest.approx(b["loss"], abs=1e-5)
        assert a["val_loss"] == pytest.approx(b["val_loss"], abs=1e-5)


def test_a_block_inside_a_frozen_backbone_trains_on_pictures(tmp_path):
    result = _train_frozen(tmp_path, create_resnet20_model, scra_after_stages=[1])
    fresh = create_resnet20_model((SIZE, SIZE, 3), NUM_CLASSES, scra_after_stages=[1])
    assert not (tmp_path / "features").exists()
    bias = result.model.get_layer("after_stage_1_scra").get_weights()[1]
    assert np.abs(bias - fresh.get_layer("after_stage_1_scra").get_weights()[1]).max() > 1e-4


def test_refit_repeats_the_epochs_found_on_more_pictures(tmp_path):
    result = train_tiny(tmp_path, epochs=4, head_epochs=2, refit=True, options={"refit_generator": SquaresLoader(56, seed=6)})
    refit = [row for row in result.history if row["phase"].startswith("refit-")]
    head_losses = [row["val_loss"] for row in result.history[:2]]
    assert [row["phase"] for row in refit].count("refit-head") == 1 + int(np.argmin(head_losses))
    assert [row["phase"] for row in refit].count("refit-fine-tune") == result.best_epoch - 2
    assert all(row.get("val_loss") is None for row in refit)


def test_diverged_training_says_what_to_change(tmp_path):
    with pytest.raises(UserError, match="training.learning_rate"):
        train_tiny(tmp_path, learning_rate=1e30, optimizer_type="SGD", normalised=False)


def test_arrays_and_keras_data_sets_train_too(tmp_path):
    loader = SquaresLoader()
    pictures, labels = loader.pictures, np.eye(NUM_CLASSES, dtype=np.float32)[loader.labels]

    class Halves(keras.utils.PyDataset):
        num_batches = 2

        def __len__(self):
            return 2

        def __getitem__(self, index):
            return pictures[index::2], labels[index::2]

    result = train_tiny(tmp_path, epochs=1, loaders=(Halves(), (pictures, labels)))
    assert result.history[0]["val_accuracy"] is not None


def test_arrays_come_in_batches_of_the_size_asked_for(tmp_path):
    loader = SquaresLoader()
    arrays = loader.pictures, np.eye(NUM_CLASSES, dtype=np.float32)[loader.labels]
    seen = []

    class Counter(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            seen.append(batch)

    train_tiny(tmp_path, epochs=1, loaders=(arrays, None), batch_size=4, options={"observers": [Counter()]})
    assert len(seen) == 11


def test_other_arguments_for_a_folder_in_use_are_refused(trained):
    with pytest.raises(UserError, match="other arguments: training"):
        train_tiny(trained.folder, epochs=8, optimizer_type="SGD")


def test_top_k_that_says_nothing_cannot_be_monitored(tmp_path):
    with pytest.raises(UserError, match="val_top_5_accuracy says nothing with 4 classes"):
        train_tiny(tmp_path, monitor="val_top_5_accuracy")


def test_something_else_is_refused_as_training_data(tmp_path):
    with pytest.raises(UserError, match="Received: list"):
        train_tiny(tmp_path, loaders=([1, 2], None))


@pytest.mark.parametrize("precision", ["mixed_bfloat16", "mixed_float16"])
def test_mixed_precision_trains_and_answers_in_float32(tmp_path, precision):
    result = train_tiny(tmp_path, epochs=2, accum_steps=2, options={"precision": precision})
    assert result.model.get_layer("conv2").compute_dtype == precision.removeprefix("mixed_")
    assert result.model.predict_on_batch(SquaresLoader().pictures).dtype == np.float32
    assert np.isfinite(result.history[-1]["loss"])


def test_tensorboard_logs_are_written_when_asked(tmp_path):
    train_tiny(tmp_path, epochs=1, tensorboard=True)
    assert list((tmp_path / "tensorboard").glob("events*"))


def test_profile_is_written_when_asked(tmp_path):
    plain = train_tiny(tmp_path / "plain", epochs=1)
    profiled = train_tiny(tmp_path / "profiled", epochs=1, options={"profile": True})
    assert "function calls" in (tmp_path / "profiled" / "profile" / "train" / "profile.txt").read_text()
    np.testing.assert_array_equal(weights_of(plain), weights_of(profiled))


def test_model_file_is_a_zip_that_keras_reads(trained):
    assert {"config.json", "model.weights.h5"} <= set(zipfile.ZipFile(trained.folder / "model.keras").namelist())
