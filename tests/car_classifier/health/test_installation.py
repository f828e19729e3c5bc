from pathlib import Path

import pytest

from car_classifier.health import installation
from car_classifier.health.finding import Mark
from car_classifier.health.installation import check_libraries, check_python, check_requirements, chosen_backend
from car_classifier.health.places import Places

INSTALLED = {"numpy": "2.4.6", "keras": "3.15.1", "tensorflow": "2.21.0"}


@pytest.fixture
def find(tmp_path, monkeypatch):
    """Return the finding for a requirements.txt with these lines."""
    monkeypatch.setattr(installation, "_installed", INSTALLED.get)
    monkeypatch.setenv("KERAS_BACKEND", "tensorflow")

    def check(*lines):
        (tmp_path / "requirements.txt").write_text("\n".join(lines))
        return check_requirements(Places(Path("runs"), Path("home"), tmp_path))[0]

    return check


def test_pins_that_are_met_are_good(find):
    finding = find("# libraries", "", "numpy==2.4.6  # arrays", "keras>=3.15,<4", "-r other.txt")
    assert (finding.mark, finding.text) == (Mark.good, "all 2 lines of requirements.txt are met")


def test_other_version_is_a_warning_that_names_both(find):
    finding = find("numpy==2.0.0", "keras==3.15.1")
    assert (finding.mark, finding.text) == (Mark.warning, "numpy 2.4.6 instead of ==2.0.0")


def test_missing_package_is_a_problem(find):
    finding = find("numpy==2.0.0", "typer==1.0")
    assert (finding.mark, finding.text) == (Mark.problem, "missing: typer")
    assert finding.fix == "python -m pip install -r requirements.txt"


def test_line_for_another_system_is_passed_over(find):
    assert find("nothing==1.0; sys_platform == 'plan9'", "numpy").mark == Mark.good


def test_missing_backend_matters_only_when_it_is_chosen(find, monkeypatch):
    assert find("jax==0.10.2", "numpy").mark == Mark.good
    monkeypatch.setenv("KERAS_BACKEND", "jax")
    assert find("jax==0.10.2", "numpy").mark == Mark.problem


def test_missing_file_is_a_warning(tmp_path):
    assert check_requirements(Places(Path("runs"), Path("home"), tmp_path))[0].mark == Mark.warning


@pytest.mark.parametrize(("python", "mark"), [((3, 10), "problem"), ((3, 11), "good"), ((3, 13), "good"), ((3, 14), "problem")])
def test_python_must_be_one_that_the_libraries_support(monkeypatch, python, mark):
    monkeypatch.setattr(installation.sys, "version_info", (*python, 1))
    assert check_python(None)[0].mark == mark


def test_chosen_backend_that_is_missing_is_a_problem(monkeypatch):
    monkeypatch.setenv("KERAS_BACKEND", "openvino")
    finding = check_libraries(None)[0]
    assert finding.mark == Mark.problem and finding.text.startswith("openvino missing")


def test_backend_comes_from_the_environment_then_from_the_settings_of_keras(monkeypatch, tmp_path):
    (tmp_path / "keras.json").write_text('{"backend": "jax"}')
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    monkeypatch.delenv("KERAS_BACKEND", raising=False)
    assert chosen_backend() == "jax"
    (tmp_path / "keras.json").write_text("{}")
    assert chosen_backend() == "tensorflow"
    monkeypatch.setenv("KERAS_BACKEND", "torch")
    assert chosen_backend() == "torch"
