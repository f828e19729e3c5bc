"""A trial as a training, on small real files."""

import shutil

import numpy as np
import pytest

from car_classifier.base.errors import DataError, UserError
from car_classifier.config import Config
from car_classifier.hyperparameters import divided
from car_classifier.search_objective import TrainingObjective
from search.executor import TrialTask
from search.outcome import run_trial
from tests.car_classifier.picture_folder import draw_picture_folder

BATCH = 6
# Squeezenet has no BatchNormalization, whose statistics depend on how many pictures are computed at a time.
SETTINGS = {
    "model.name": "squeezenet", "model.weights": "none", "model.fc_layers": [], "model.spatial_dropout": 0.0,
    "data.image_size": 32, "augmentation.augment": False, "training.batch_size": BATCH, "training.epochs": 2,
    "training.optimizer_type": "SGD", "training.learning_rate": 0.01, "training.schedule": "none",
}


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    """A folder of three classes."""
    return draw_picture_folder(tmp_path_factory.mktemp("place") / "cars")


def objective_of(pictures, **settings):
    """Return the objective of a search on these pictures; names of settings have __ for a dot."""
    changes = {name.replace("__", "."): value for name, value in settings.items()}
    config = Config().override({**SETTINGS, "data.source": str(pictures), **changes})
    given = [*SETTINGS, "data.source", *changes]
    job = {"config": config.model_dump(mode="json"), "given": given, "weights_dir": str(pictures / "weights")}
    return TrainingObjective(job)


def rows_of(objective, folder, *, values=None, **task):
    """Run a trial; return the rows that it reported."""
    rows = []
    objective.run(TrialTask(0, values or {}, folder, **task), lambda row: rows.append(row) or True)
    return rows


@pytest.fixture
def memory(monkeypatch):
    """Let trainings fail whose batch is larger than `memory[0]` pictures; the batches that were tried follow it."""
    sizes = [BATCH]

    def train(self, config, folder, observer):
        sizes.append(config.training.batch_size)
        if config.training.batch_size > sizes[0]:
            raise MemoryError
        observer.set_params({"seconds_per_batch": 2.0, "num_batches": config.training.accum_steps})
        observer.on_train_begin()

    monkeypatch.setattr(TrainingObjective, "_train", train)
    return sizes


def test_a_batch_in_parts_is_the_same_batch():
    config = Config().override({"training.batch_size": 24, "training.accum_steps": 5})
    assert divided(config, 8) == {"training.batch_size": 3, "training.accum_steps": 40}


@pytest.mark.parametrize("divisor", [2, 3, BATCH])
def test_a_trial_in_parts_is_the_same_training(pictures, tmp_path, divisor):
    objective = objective_of(pictures)
    whole, parts = (rows_of(objective, tmp_path / str(d), micro_batch_divisor=d) for d in (1, divisor))
    for name in ("loss", "val_loss"):
        np.testing.assert_allclose([row[name] for row in parts], [row[name] for row in whole], rtol=1e-5)


def test_the_default_configuration_is_measured_before_the_first_trial(pictures):
    assert 0 < objective_of(pictures).prepare(sparingly=False)["seconds_per_epoch"] < 60


@pytest.mark.parametrize(("fits", "tried", "seconds"), [
    (6, [6], 2.0), (3, [6, 3], 4.0), (1, [6, 3, 1], 12.0), (0, [6, 3, 1], None),
])
def test_what_does_not_fit_is_measured_in_parts_or_not_at_all(pictures, memory, fits, tried, seconds):
    memory[0] = fits
    assert objective_of(pictures).prepare(sparingly=False) == {"seconds_per_epoch": seconds}
    assert memory[1:] == tried


def test_sparing_preparation_measures_nothing(pictures, memory):
    assert objective_of(pictures).prepare(sparingly=True) == {"seconds_per_epoch": None} and len(memory) == 1


def test_an_error_that_is_not_for_want_of_memory_is_no_reason_to_divide(pictures, monkeypatch):
    def fail(*_):
        raise ZeroDivisionError

    monkeypatch.setattr(TrainingObjective, "_train", fail)
    with pytest.raises(ZeroDivisionError):
        objective_of(pictures).prepare(sparingly=False)


def test_epochs_of_a_task_are_those_of_the_main_phase(pictures, tmp_path):
    objective = objective_of(pictures, training__head_epochs=2, training__epochs=3)
    phases = [row["phase"] for row in rows_of(objective, tmp_path / "first", epochs=1)]
    assert phases == ["head", "head", "fine-tune"]
    shutil.copytree(tmp_path / "first", tmp_path / "second")
    on = rows_of(objective, tmp_path / "second", epochs=3)
    assert [row["phase"] for row in on] == [*phases, "fine-tune", "fine-tune"]


@pytest.mark.parametrize(("values", "reason"), [
    ({"model.se_ratio": 100_000}, "se_ratio"), ({"data.image_size": 8}, "needs pictures of at least"),
    ({"training.cached_views": 2, "augmentation.cutmix_alpha": 1.0}, "Cached views cannot be mixed"),
    ({"training.class_weights": True, "data.balanced_sampling": True}, "corrected twice"),
])
def test_values_that_cannot_be_trained_are_refused(pictures, tmp_path, values, reason):
    outcome = run_trial(objective_of(pictures), TrialTask(1, values, tmp_path / "trial"), lambda row: True)
    assert outcome["state"] == "refused" and reason in outcome["reason"]


def test_missing_weights_say_nothing_about_the_values(pictures, tmp_path):
    with pytest.raises(DataError, match="no file of weights"):
        rows_of(objective_of(pictures), tmp_path / "trial", values={"model.weights": "gone.h5"})


def test_a_folder_that_cannot_be_written_says_nothing_about_the_values(pictures, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises((UserError, OSError)):
        rows_of(objective_of(pictures), tmp_path / "file" / "trial")
    outcome = run_trial(objective_of(pictures), TrialTask(1, {}, tmp_path / "file" / "trial"), lambda row: True)
    assert outcome["state"] == "error"
