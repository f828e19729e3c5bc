import json

import pytest
from typer.testing import CliRunner

from car_classifier.cli import create_app
from car_classifier.health import checks
from car_classifier.health.finding import Finding, Mark

HERE = "tests.car_classifier.test_doctor_command"


def find_good(places):
    return [Finding("first", Mark.good, "fine")]


def find_warning(places):
    return [Finding("second", Mark.warning, "so so", "look at it")]


def find_problem(places):
    return [Finding("third", Mark.problem, "broken", "mend it")]


def fail(places):
    raise RuntimeError("a very\nlong story")


def consult(monkeypatch, *names, options=()):
    monkeypatch.setattr(checks, "CHECKS", {name: f"{HERE}:{name}" for name in names})
    return CliRunner().invoke(create_app(), ["doctor", *options], env={"COLUMNS": "80"})


@pytest.mark.parametrize(
    ("names", "status"),
    [(["find_good"], 0), (["find_good", "find_warning"], 0), (["find_problem", "find_good"], 2), (["fail"], 2)],
)
def test_status_tells_whether_something_must_be_fixed(monkeypatch, names, status):
    assert consult(monkeypatch, *names).exit_code == status


def test_each_finding_has_its_line_with_the_fix_beneath(monkeypatch):
    lines = consult(monkeypatch, "find_good", "find_warning", "find_problem").stdout.splitlines()
    assert [line.split() for line in lines[:5]] == [
        ["✓", "first", "fine"], ["!", "second", "so", "so"], ["→", "look", "at", "it"],
        ["✗", "third", "broken"], ["→", "mend", "it"],
    ]


def test_failing_check_does_not_hide_the_others(monkeypatch):
    output = consult(monkeypatch, "fail", "find_good").stdout
    assert "the check failed: RuntimeError: a very" in output and "fine" in output


def test_json_is_all_of_stdout(monkeypatch):
    answer = consult(monkeypatch, "find_good", "find_problem", options=["--json"])
    assert json.loads(answer.stdout) == {
        "status": "problem",
        "checks": [
            {"title": "first", "mark": "good", "text": "fine", "fix": None},
            {"title": "third", "mark": "problem", "text": "broken", "fix": "mend it"},
        ],
    }


def test_real_checks_of_this_machine_all_answer(tmp_path):
    options = ["--json", "--data-dir", str(tmp_path / "home"), "--runs-dir", str(tmp_path / "runs")]
    answer = CliRunner().invoke(create_app(), ["doctor", *options])
    found = {check["title"]: check for check in json.loads(answer.stdout)["checks"]}
    assert {"python", "libraries", "requirements", "opencv", "backend", "training step", "runs folder", "data folder",
            "disk", "memory", "weights"} == set(found)
    assert found["training step"]["mark"] == "good"
    assert list(tmp_path.iterdir()) == []  # looking makes nothing
