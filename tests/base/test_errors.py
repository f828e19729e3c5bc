"""Errors carry their exit status and name the fix."""

import pickle

import pytest

from car_classifier.base import errors


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (errors.CarClassifierError("x"), 1), (errors.UserError("x"), 2), (errors.UnknownNameError("model", "a", ["b"]), 2),
        (errors.DataError("x"), 3), (errors.PictureError("a.jpg", "torn"), 3), (errors.ResourceError("x"), 4),
        (errors.RunInUseError("x"), 75), (errors.InterruptedRun("x"), 130), (errors.InterruptedRun("x", 15), 143),
    ],
)
def test_each_error_has_its_exit_status(error, status):
    assert error.exit_status == status


def test_unknown_name_lists_the_known_ones_and_the_nearest():
    message = str(errors.UnknownNameError("model", "vgg17", ["vgg16", "resnet50"]))
    assert "Did you mean 'vgg16'?" in message and "resnet50" in message


def test_a_long_table_is_not_listed_whole():
    message = str(errors.UnknownNameError("setting", "learning_rat", [f"name_{i}" for i in range(90)] + ["learning_rate"]))
    assert "learning_rate" in message and message.count(",") < 10


def test_abbreviation_finds_the_setting():
    known = [f"training.name_{i}" for i in range(40)] + ["training.learning_rate"]
    assert "Did you mean 'training.learning_rate'?" in str(errors.UnknownNameError("setting", "training.lr", known))


def test_picture_error_survives_a_process_border():
    copy = pickle.loads(pickle.dumps(errors.PictureError("a.jpg", "torn")))
    assert (str(copy), copy.reason) == ("a.jpg: torn", "torn")
