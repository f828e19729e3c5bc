"""More epochs for a training that is done."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from car_classifier import load_model
from car_classifier.base.errors import UserError
from car_classifier.base.files import read_json, write_json
from car_classifier.training.checkpoint import CheckpointStore
from car_classifier.training.config import TrainingConfig
from car_classifier.training.phases import plan_phases
from results.run_store import Run
from results.tables import read_history
from tests.car_classifier.small_training import rows_of, train_tiny, weights_of


def test_each_extension_is_a_phase_with_the_epochs_added():
    phases = plan_phases(TrainingConfig(epochs=60, schedule="cosine"), pretrained=False, x_trainable="all",
                         extended_from=(30, 40))
    assert [(phase.name, phase.epochs) for phase in phases] == [("train", 30), ("extend", 10), ("extend-2", 20)]
    assert {phase.schedule for phase in phases} == {"cosine"}


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A training of three epochs that is done, like a run: without its training state."""
    result = train_tiny(tmp_path_factory.mktemp("finished"), epochs=3)
    shutil.rmtree(result.folder / "checkpoint")
    return result


def _extend(finished, folder, **settings):
    if not folder.exists():
        shutil.copytree(finished.folder, folder)
    return train_tiny(folder, epochs=5, options={"extended_from": (3,)}, **settings)


@pytest.fixture(scope="module")
def extended(finished, tmp_path_factory):
    """The same with two more."""
    return _extend(finished, tmp_path_factory.mktemp("extended") / "run")


def test_history_goes_on(finished, extended):
    assert [row["phase"] for row in extended.history] == ["train"] * 3 + ["extend"] * 2
    stored = read_history(extended.folder / "history.csv")
    assert [row["epoch"] for row in stored] == [1, 2, 3, 4, 5]
    assert stored[:3] == read_history(finished.folder / "history.csv")


def test_extension_begins_with_the_best_weights(finished, tmp_path):
    result = _extend(finished, tmp_path / "run", learning_rate=1e-30)
    assert result.history[3]["val_accuracy"] == finished.history[finished.best_epoch - 1]["val_accuracy"]


def test_best_model_stays_when_no_new_epoch_is_better(finished, tmp_path):
    result = _extend(finished, tmp_path / "run", learning_rate=100.0, optimizer_type="SGD", clip_norm=1.0)
    assert result.best_epoch == finished.best_epoch
    for new, old in zip(load_model(result.folder).get_weights(), load_model(finished.folder).get_weights(), strict=True):
        np.testing.assert_array_equal(new, old)


class PowerCut(BaseException):
    """Stands for the end of the process."""


@pytest.mark.parametrize("number", [1, 2, 3])
def test_death_in_the_extension_changes_nothing(finished, extended, tmp_path, number):
    saves = iter(range(1, number))

    def dying(self, *args):
        if next(saves, None) is None:
            raise PowerCut
        save(self, *args)

    with pytest.MonkeyPatch.context() as patch, pytest.raises(PowerCut):
        save = CheckpointStore.save
        patch.setattr(CheckpointStore, "save", dying)
        _extend(finished, tmp_path / "run")
    again = _extend(finished, tmp_path / "run")
    assert rows_of(again)[3:] == rows_of(extended)[3:]
    np.testing.assert_array_equal(weights_of(again), weights_of(extended))


def test_extension_whose_checkpoint_is_damaged_starts_anew_and_says_so(finished, extended, tmp_path, caplog):
    _extend(finished, tmp_path / "run")
    for path in (tmp_path / "run" / "checkpoint").glob("generation-*.json"):
        path.write_text("damaged")
    shutil.copy(finished.folder / "model.keras", tmp_path / "run" / "model.keras")
    again = _extend(finished, tmp_path / "run")
    assert "the extension starts anew" in caplog.text and "goes on from the one before" not in caplog.text
    assert rows_of(again)[3:] == rows_of(extended)[3:]


class TestRecord:
    """What run.json and config.json say of an extension."""

    def _open(self, folder, epochs, *, extend=False):
        return Run(folder, kind="train", config={"training.epochs": epochs, "seed": 0}, extend=extend)

    @pytest.fixture
    def folder(self, tmp_path):
        run = self._open(tmp_path / "run", 3)
        run.begin([])
        (run.folder / "evaluation.json").write_text("{}")
        run.finish({})
        run.release()
        return run.folder

    def test_more_epochs_without_extend_are_refused_naming_it(self, folder):
        with pytest.raises(UserError, match="--extend"):
            self._open(folder, 5)

    def test_fewer_epochs_are_other_settings(self, folder):
        with pytest.raises(UserError, match="other settings"):
            self._open(folder, 2, extend=True)

    def test_other_settings_are_answered_with_the_command_of_the_run(self, tmp_path):
        run = self._open(tmp_path, 3)
        run.begin(["train", "--data", "my cars", "--epochs", "3"])
        run.finish({})
        run.release()
        with pytest.raises(UserError, match="repeat the other options.*\n  train --data 'my cars' --epochs 3"):
            Run(tmp_path, kind="train", config={"training.epochs": 5, "seed": 1}, extend=True)

    def test_run_that_is_not_done_is_finished_first(self, tmp_path):
        self._open(tmp_path, 3).release()
        with pytest.raises(UserError, match="first end it with --epochs 3"):
            self._open(tmp_path, 5, extend=True)

    def test_extension_is_recorded_and_keeps_the_evaluation(self, folder):
        run = self._open(folder, 5, extend=True)
        assert not run.is_done
        run.begin([])
        assert (run.extended_from, run.record["status"], run.record["interruptions"]) == ((3,), "running", [])
        assert read_json(folder / "config.json") == {"training.epochs": 5, "seed": 0}
        assert (folder / "evaluations" / "after-3-epochs" / "evaluation.json").is_file()

    def test_what_spoke_of_the_model_before_leaves_the_root(self, folder):
        names = ("evaluation.json", "plots/confusion_matrix.png", "plots/reliability.png")
        for name in (*names, "plots/history.png", "model.h5"):
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_text("{}")
        self._open(folder, 5, extend=True).begin([])
        assert all((folder / "evaluations" / "after-3-epochs" / name).is_file() for name in names)
        left = {str(path.relative_to(folder)) for path in folder.rglob("*.*")} & {*names, "plots/history.png", "model.h5"}
        assert left == {"plots/history.png"}

    def test_second_extension_files_no_evaluation_of_the_first_training(self, folder):
        for epochs in (5, 7):
            run = self._open(folder, epochs, extend=True)
            run.begin([])
            run.finish({})
            run.release()
        assert [path.name for path in (folder / "evaluations").iterdir()] == ["after-3-epochs"]

    def test_death_while_the_evaluation_is_moved_loses_none_of_it(self, folder, monkeypatch):
        (folder / "predictions.csv").write_text("")
        run = self._open(folder, 5, extend=True)
        moves = iter((Path.replace,))
        with monkeypatch.context() as patch, pytest.raises(StopIteration):
            patch.setattr(Path, "replace", lambda path, target: next(moves)(path, target))
            run.begin([])
        run.release()
        self._open(folder, 5, extend=True).begin([])
        kept = folder / "evaluations" / "after-3-epochs"
        assert {path.name for path in kept.iterdir()} == {"evaluation.json", "predictions.csv"}

    def test_step_before_the_run_goes_on_leaves_the_record_alone(self, folder):
        before = read_json(folder / "run.json")
        run = self._open(folder, 5, extend=True)
        with run.step("checking pictures"):
            pass
        assert read_json(folder / "run.json") == before
        run.begin([])
        assert "checking pictures" in read_json(folder / "run.json")["steps"]

    def test_interrupted_extension_goes_on_with_or_without_the_option(self, folder, monkeypatch):
        run = self._open(folder, 5, extend=True)
        monkeypatch.setattr("results.run_store.write_json", _write_all_but_config)
        with pytest.raises(PowerCut):
            run.begin([])
        run.release()
        monkeypatch.undo()
        for extend in (True, False):
            run = self._open(folder, 5, extend=extend)
            run.begin([])
            run.release()
        assert run.extended_from == (3,)
        assert read_json(folder / "config.json")["training.epochs"] == 5


def _write_all_but_config(path, value):
    if path.name == "config.json":
        raise PowerCut
    write_json(path, value)
