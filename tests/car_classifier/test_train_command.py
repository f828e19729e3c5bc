"""`train` and `evaluate` as a user types them, on small real files."""

import json

import keras
import numpy as np
import pytest
from typer.testing import CliRunner

from car_classifier.base.errors import DataError, InterruptedRun, RunInUseError, UserError
from car_classifier.base.files import read_json
from car_classifier.base.locks import lock_folder
from car_classifier.cli import create_app
from car_classifier.model_file import CUSTOM_LAYERS, load_model
from results.run_store import Run
from results.tables import read_history
from tests.car_classifier.picture_folder import draw_picture_folder

FIGURES = {
    "accuracy", "accuracy_low", "accuracy_high", "accuracy_interval", "top_3_accuracy", "top_5_accuracy",
    "precision_macro", "recall_macro",
    "f1_macro", "precision_weighted", "recall_weighted", "f1_weighted", "auc_macro_ovr", "loss",
    "expected_calibration_error", "num_pictures", "loss_uncalibrated", "expected_calibration_error_uncalibrated",
    "expected_calibration_error_by_chance", "temperature", "set_coverage", "set_size", "levels",
}


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A folder with pictures, a data home and room for runs."""
    place = tmp_path_factory.mktemp("place")
    draw_picture_folder(place / "cars")
    return place


def _call(place, *arguments):
    result = CliRunner().invoke(create_app(), [*arguments, "--runs-dir", str(place / "runs"), "--json"])
    if result.exception is not None:
        raise result.exception
    return json.loads(result.stdout.splitlines()[-1])


def _train(place, *arguments, run="first"):
    return _call(
        place, "train", "--data", str(place / "cars"), "--data-dir", str(place / "home"), "--model", "model1",
        "--image-size", "16", "--epochs", "3", "--batch-size", "8", "--run", run, *arguments,
    )


@pytest.fixture(scope="module")
def summary(place):
    """What the first training printed."""
    return _train(place)


def test_summary_has_the_promised_keys(summary):
    assert set(summary) == {
        "run", "status", "model", "data", "epochs", "best_epoch", "validation", "test", "seconds", "cpu_seconds"
    }
    assert set(summary["test"]) == FIGURES == set(summary["validation"])
    assert summary["test"]["num_pictures"] == 12 and summary["test"]["top_3_accuracy"] is None


def test_run_folder_has_what_the_architecture_lists(place, summary):
    folder = place / "runs" / "first"
    for name in ("run.json", "config.json", "data.json", "summary.txt", "history.csv", "model.keras", "evaluation.json",
                 "predictions.csv", "plots/history.png", "plots/confusion_matrix.png"):
        assert (folder / name).is_file(), name
    assert not (folder / "checkpoint").exists()
    record = read_json(folder / "run.json")
    assert record["status"] == "done" and record["evaluations_of_test"] == 1
    assert record["progress"] == {"phase": "train", "epoch": 3, "epochs": 3}
    assert {"training", "evaluation", "reload"} <= set(record["steps"])


def test_log_tells_the_story_of_the_run(place, summary):
    log = (place / "runs" / "first" / "log.txt").read_text()
    assert "begins" in log and "train   3/3" in log and log.rstrip().endswith("done")
    assert "Model: time = about" in log


def test_data_json_names_classes_and_counts(place, summary):
    data = read_json(place / "runs" / "first" / "data.json")
    assert data["class_names"] == ["blue car", "green car", "red car"]
    assert sum(data["counts"].values()) == 3 * (12 + 4)


def test_same_command_again_shows_the_finished_run(place, summary):
    assert _train(place) == summary


def test_other_settings_under_the_same_name_are_refused_with_the_differences(place, summary):
    with pytest.raises(UserError, match=r"training.epochs: 3 there, 4 asked for"):
        _train(place, "--set", "training.epochs=4", "--epochs", "4")


def test_run_that_is_done_is_extended(place, summary):
    _train(place, run="extended")
    with pytest.raises(UserError, match="--extend"):
        _train(place, "--epochs", "5", run="extended")
    longer = _train(place, "--epochs", "5", "--extend", run="extended")
    folder = place / "runs" / "extended"
    assert longer["epochs"] == 5 and [row["phase"] for row in read_history(folder / "history.csv")][3:] == ["extend"] * 2
    assert read_json(folder / "run.json")["evaluations_of_test"] == 2 and not (folder / "checkpoint").exists()
    kept = read_json(folder / "evaluations" / "after-3-epochs" / "evaluation.json")
    assert kept["accuracy"] == summary["test"]["accuracy"]


def test_extension_without_evaluation_leaves_no_earlier_one_in_the_root(place, summary):
    _train(place, "--h5", run="unevaluated")
    _train(place, "--epochs", "4", "--extend", "--evaluate-on", "none", run="unevaluated")
    folder = place / "runs" / "unevaluated"
    assert not {"evaluation.json", "predictions.csv", "model.h5"} & {path.name for path in folder.iterdir()}
    _train(place, "--epochs", "5", "--extend", run="unevaluated")
    assert (folder / "evaluation.json").is_file()
    assert [path.name for path in (folder / "evaluations").iterdir()] == ["after-3-epochs"]


def test_extension_without_the_name_of_a_run_says_what_is_missing(place):
    with pytest.raises(UserError, match="--extend needs --run and --epochs"):
        _call(place, "train", "--data", str(place / "cars"), "--extend", "--epochs", "5")


def test_evaluation_equals_the_one_after_training_and_is_kept_apart(place, summary):
    figures = _call(place, "evaluate", "first", "--split", "test")
    assert figures["accuracy"] == summary["test"]["accuracy"]
    assert figures["loss"] == pytest.approx(summary["test"]["loss"], abs=1e-5)
    folder = place / "runs" / "first"
    assert (folder / "evaluations" / "cars-test" / "evaluation.json").is_file()
    assert read_json(folder / "run.json")["evaluations_of_test"] == 2


def test_validation_of_evaluate_is_that_of_training(place, summary):
    figures = _call(place, "evaluate", "first", "--split", "validation")
    assert figures["loss"] == pytest.approx(summary["validation"]["loss"], abs=1e-5)


def test_other_pictures_of_a_part_of_the_classes_are_evaluated(place, summary, tmp_path):
    other = draw_picture_folder(tmp_path / "other")
    for split in ("train", "test"):
        for path in (other / split / "green car").iterdir():
            path.unlink()
        (other / split / "green car").rmdir()
    assert _call(place, "evaluate", "first", "--data", str(other))["num_pictures"] == 8


def test_unknown_classes_are_refused_by_name(place, summary, tmp_path):
    other = draw_picture_folder(tmp_path / "other")
    (other / "test" / "red car").rename(other / "test" / "pink car")
    with pytest.raises(DataError, match="pink car"):
        _call(place, "evaluate", "first", "--data", str(other))


def test_changed_pictures_are_refused_and_leave_the_run_interrupted(tmp_path, monkeypatch):
    draw_picture_folder(tmp_path / "cars")
    monkeypatch.setattr("car_classifier.training_run.run_model_pipeline", _ctrl_c)
    with pytest.raises(InterruptedRun):
        _train(tmp_path)
    record = read_json(tmp_path / "runs" / "first" / "run.json")
    (tmp_path / "cars" / "train" / "red car" / "000.png").unlink()
    with pytest.raises(UserError, match="not those that"):
        _train(tmp_path)
    assert read_json(tmp_path / "runs" / "first" / "run.json") == record and record["status"] == "interrupted"


def _ctrl_c(*_, **__):
    raise InterruptedRun("Stopped.")


def _power_cut(*_, **__):
    raise ZeroDivisionError


def test_evaluation_refuses_pictures_that_came_after_training(place, summary, tmp_path):
    draw_picture_folder(tmp_path / "cars")
    _train(tmp_path, "--epochs", "1", "--evaluate-on", "none")
    picture = tmp_path / "cars" / "train" / "red car" / "000.png"
    (picture.parent / "new.png").write_bytes(picture.read_bytes())
    with pytest.raises(DataError, match="files, labels or boxes have changed"):
        _call(tmp_path, "evaluate", "first", "--split", "validation")


def test_death_while_the_run_is_closed_loses_nothing(tmp_path, monkeypatch):
    draw_picture_folder(tmp_path / "cars")
    with monkeypatch.context() as patch, pytest.raises(ZeroDivisionError):
        patch.setattr(Run, "finish", _power_cut)
        _train(tmp_path)
    assert _train(tmp_path)["epochs"] == 3
    record = read_json(tmp_path / "runs" / "first" / "run.json")
    assert record["status"] == "done" and not (tmp_path / "runs" / "first" / "checkpoint").exists()
    assert (tmp_path / "runs" / "first" / "log.txt").read_text().count("train   1/3") == 1


def test_hyperparameters_of_another_training_are_taken_over(place, summary):
    _train(place, "--hyperparameters", "first", "--epochs", "1", run="like-first")
    first, second = (read_json(place / "runs" / name / "config.json") for name in ("first", "like-first"))
    assert first["training.batch_size"] == second["training.batch_size"] and second["training.epochs"] == 1


def test_flat_hyperparameters_come_from_a_file(place, tmp_path):
    (tmp_path / "found.json").write_text('{"learning_rate": 0.004, "dropout": 0.1}')
    _train(place, "--hyperparameters", str(tmp_path / "found.json"), "--epochs", "1", run="from-file")
    config = read_json(place / "runs" / "from-file" / "config.json")
    assert (config["training.learning_rate"], config["model.dropout"]) == (0.004, 0.1)


def test_mistakes_before_training_leave_the_name_free(tmp_path):
    draw_picture_folder(tmp_path / "cars")
    with pytest.raises(UserError, match="--weights none"):
        _train(tmp_path, "--weights", "imagenet")
    with pytest.raises(UserError, match="at least 31×31"):
        _call(tmp_path, "train", "--data", str(tmp_path / "cars"), "--model", "squeezenet", "--weights", "none",
              "--image-size", "16", "--run", "first")
    assert not (tmp_path / "runs").exists()


def test_run_in_use_is_refused(place):
    lock = lock_folder(place / "runs" / "busy")
    with pytest.raises(RunInUseError):
        _train(place, run="busy")
    lock.release()


def test_broken_picture_is_skipped_and_listed(tmp_path):
    draw_picture_folder(tmp_path / "cars")
    broken = tmp_path / "cars" / "train" / "red car" / "005.png"
    broken.write_bytes(broken.read_bytes()[:60])
    _train(tmp_path, "--epochs", "1", "--evaluate-on", "none")
    skipped = read_json(tmp_path / "runs" / "first" / "data.json")["skipped"]
    assert [entry["file"] for entry in skipped] == [str(broken)] and skipped[0]["reason"]


def test_one_more_broken_picture_moves_no_other_to_another_split(tmp_path, monkeypatch):
    draw_picture_folder(tmp_path / "cars")
    with monkeypatch.context() as patch, pytest.raises(ZeroDivisionError):
        patch.setattr("car_classifier.training_run.run_model_pipeline", _power_cut)
        _train(tmp_path)
    (tmp_path / "cars" / "train" / "red car" / "junk.jpg").write_text("junk")
    assert _train(tmp_path)["status"] == "done"


def test_resume_writes_a_damaged_history_anew(tmp_path, monkeypatch):
    draw_picture_folder(tmp_path / "cars")
    with monkeypatch.context() as patch, pytest.raises(ZeroDivisionError):
        patch.setattr(Run, "finish", _power_cut)
        _train(tmp_path)
    history = tmp_path / "runs" / "first" / "history.csv"
    rows = read_history(history)
    history.write_text(history.read_text().replace(",", ";"))
    assert _train(tmp_path)["status"] == "done" and read_history(history) == rows
    assert "The forecast is made without it" in (history.parent / "log.txt").read_text()


def test_summary_lists_every_layer_with_its_weights(place, summary):
    text = (place / "runs" / "first" / "summary.txt").read_text()
    assert "head_probabilities    Dense" in text and "of them trainable" in text


def test_h5_copy_predicts_like_the_model(place, summary):
    _train(place, "--epochs", "1", "--evaluate-on", "none", "--h5", run="with-h5")
    folder, pictures = place / "runs" / "with-h5", np.full((2, 16, 16, 3), 99, np.uint8)
    copy = keras.saving.load_model(folder / "model.h5", custom_objects=CUSTOM_LAYERS, compile=False)
    np.testing.assert_allclose(copy.predict_on_batch(pictures), load_model(folder).predict_on_batch(pictures), atol=1e-6)


def test_nothing_is_written_beside_the_data(place, summary):
    assert not (place / "home").exists()


def test_withheld_test_split_is_not_opened(tmp_path):
    draw_picture_folder(tmp_path / "cars")
    summary = _train(tmp_path, "--epochs", "1", "--evaluate-on", "validation", "--refit")
    assert summary["test"] is None
    assert read_json(tmp_path / "runs" / "first" / "run.json")["evaluations_of_test"] == 0
    assert "refit-train" in {row["phase"] for row in read_history(tmp_path / "runs" / "first" / "history.csv")}


def test_weights_of_another_run_start_a_training(place, summary):
    started = _train(place, "--weights", "first", "--epochs", "1", "--set", "training.head_epochs=1", run="second")
    assert started["epochs"] == 2


@pytest.mark.parametrize(("arguments", "message"), [
    (["--model", "vgg17"], "vgg16"), (["--set", "training.learning_rat=1"], "training.learning_rate"),
    (["--set", "training.batch_size=0"], "training.batch_size"), (["--set", "nonsense"], "name=value"),
    (["--image-size", "4096", "--set", "data.image_size=64"], "given twice"),
])
def test_mistakes_are_answered_with_the_fix(place, arguments, message):
    with pytest.raises((UserError, SystemExit), match=message):
        _call(place, "train", "--data", str(place / "cars"), *arguments)
