"""The environment of the checkout's own making."""

import ast
from pathlib import Path

import pytest

from car_classifier import environment


@pytest.mark.parametrize("version", [(3, 11), (3, 12), (3, 13)])
def test_supported_python_is_accepted(version):
    assert environment.refusal(version) is None


@pytest.mark.parametrize("version", [(2, 7), (3, 10), (3, 14)])
def test_other_python_is_refused_in_one_line(version):
    message = environment.refusal(version)
    assert f"{version[0]}.{version[1]}" in message and "\n" not in message


def test_old_python_can_read_the_files_that_refuse_it():
    for name in ("__init__.py", "environment.py"):
        ast.parse((Path(environment.CHECKOUT) / "car_classifier" / name).read_text(encoding="utf-8"), feature_version=(3, 6))


def test_changed_requirements_ask_for_a_new_installation(tmp_path, monkeypatch):
    requirements, stamp = tmp_path / "requirements.txt", tmp_path / "stamp"
    monkeypatch.setattr(environment, "REQUIREMENTS", str(requirements))
    monkeypatch.setattr(environment, "STAMP", str(stamp))
    requirements.write_text("numpy")
    assert not environment.installed()
    stamp.write_text(environment._wanted())
    assert environment.installed()
    requirements.write_text("numpy==2")
    assert not environment.installed()
