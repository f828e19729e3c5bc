"""`compare` as a user types it, with a real training in a process of its own; the other is a copy of it."""

import json
import shutil

import pytest
from typer.testing import CliRunner

from car_classifier import comparison_command
from car_classifier.base.errors import UserError
from car_classifier.base.files import read_json, write_json
from car_classifier.cli import create_app
from car_classifier.comparison_training import MemberTraining
from car_classifier.defaults import jsonable
from tests.car_classifier.picture_folder import draw_picture_folder


def _call(place, *arguments):
    result = CliRunner().invoke(create_app(), [*arguments, "--runs-dir", str(place / "runs"), "--json"])
    if result.exception is not None:
        raise result.exception
    return json.loads(result.stdout.splitlines()[-1]), result.stdout


class FirstTraining(MemberTraining):
    """Trains the first member in a process; a further one becomes a copy that answers alike."""

    done = None

    def train(self, member):
        if self.done is None:
            self.done = member.folder
            return super().train(member)
        shutil.copytree(self.done, member.folder)
        write_json(member.folder / "config.json", jsonable(member.config))
        return None


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    place = tmp_path_factory.mktemp("place")
    draw_picture_folder(place / "cars", train=4, test=2)
    return place


@pytest.fixture(scope="module")
def compared(place):
    """What the comparison of two heads printed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(comparison_command, "MemberTraining", FirstTraining)
        return _call(
            place, "compare", "--data", str(place / "cars"), "--data-dir", str(place / "home"), "--models", "model1",
            "--image-size", "8", "--batch-size", "8", "--epochs", "1", "--seeds", "1", "--vary", "model.gates=none|both",
            "--set", "model.fc_layers=[]", "--set", "training.xla=off",
        )


def test_trainings_are_made_and_the_verdict_is_printed(compared, place):
    summary, shown = compared
    assert [one["name"] for one in summary["variants"]] == ["gates=none", "gates=both"]
    assert summary["differences"][0]["verdict"] in shown and "With one seed" in shown
    assert summary["variants"][0]["parameters"] > 0


def test_members_are_ordinary_runs_that_opened_their_test_split_once(compared, place):
    content = read_json(f"{compared[0]['run']}/comparison.json")
    runs = [member["run"] for variant in content["variants"] for member in variant["members"]]
    assert len(runs) == 2 and all(read_json(f"{run}/run.json")["evaluations_of_test"] == 1 for run in runs)
    assert "evaluation" in content["variants"][0]["steps"] and content["num_pictures"] == 6


def test_runs_that_exist_are_compared_without_training(compared, place):
    content = read_json(f"{compared[0]['run']}/comparison.json")
    runs = [variant["members"][0]["run"] for variant in content["variants"]]
    again, _ = _call(place, "compare", *runs)
    assert again["differences"][0]["difference"] == compared[0]["differences"][0]["difference"]
    assert read_json(f"{again['run']}/comparison.json")["variants"][1]["settings"] == {"model.gates": "both"}


@pytest.mark.parametrize("option", [("--epochs", "3"), ("--data", "demo")])
def test_runs_together_with_options_of_a_training_are_refused(place, option):
    with pytest.raises(UserError, match="compared as they are"):
        _call(place, "compare", "one", "two", *option)
