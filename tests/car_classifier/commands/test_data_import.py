import json

import pytest
from typer.testing import CliRunner

from car_classifier.base.errors import DataError
from car_classifier.cli import create_app
from tests.data.readers.miniature_cars import write_kit


@pytest.fixture
def run(tmp_path):
    """Function that types `data import` with a data folder of its own."""

    def call(*words):
        words = ["data", "import", *words, "--data-dir", str(tmp_path / "home")]
        return CliRunner().invoke(create_app(), words, catch_exceptions=True)

    return call


def test_import_says_what_was_put_where_and_what_to_do_next(run, tmp_path):
    write_kit(tmp_path / "kit")
    done = run("stanford_cars", "--from", str(tmp_path / "kit"), "--json")
    assert done.exit_code == 0
    summary = json.loads(done.stdout.splitlines()[-1])
    assert (summary["linked"], summary["classes"], summary["counts"]) == (10, 2, {"train": 4, "test": 2})
    assert summary["faults"] == {"counts_differ": 3}
    for part in ("10 linked", "4 train · 2 test", "counts differ, 3 times", "kaggle.com"):
        assert part in done.stderr
    assert done.stderr.splitlines()[-1].endswith(f"train --data stanford_cars --data-dir {tmp_path / 'home'}")


def test_import_of_a_part_says_what_is_missing_and_a_later_one_completes_it(run, tmp_path):
    write_kit(tmp_path / "kit")
    part = run("stanford_cars", "--from", str(tmp_path / "kit" / "cars_train"))
    assert isinstance(part.exception, DataError)
    assert "lacks devkit/cars_meta.mat" in str(part.exception) and "pytorch/vision/issues/7545" in str(part.exception)
    rest = [word for name in ("devkit", "cars_test") for word in ("--from", str(tmp_path / "kit" / name))]
    done = run("stanford_cars", *rest)
    assert done.exit_code == 0 and "test labels missing:" in done.stderr


def test_kept_files_are_named(run, tmp_path):
    write_kit(tmp_path / "kit")
    run("stanford_cars", "--from", str(tmp_path / "kit"))
    mine = tmp_path / "home" / "stanford_cars" / "cars_train" / "00001.png"
    mine.unlink()
    mine.write_text("mine")
    done = run("stanford_cars", "--from", str(tmp_path / "kit"), "--json")
    assert json.loads(done.stdout.splitlines()[-1])["not_overwritten"] == [str(mine)]
