"""The first screen about the pictures."""

import io
from pathlib import Path

import pytest
from rich.console import Console

from car_classifier.config import Config
from car_classifier.defaults import jsonable
from car_classifier.found_data import show_found
from car_classifier.prepared_data import PreparedData
from data.registry import read_dataset
from results.run_store import Run
from tests.car_classifier.picture_folder import draw_picture_folder


@pytest.fixture
def shown(tmp_path):
    """Function that returns the screen of a data set from which that many files were left out."""

    def show(num_skipped):
        config = Config().override({"data.source": str(draw_picture_folder(tmp_path / "cars")), "data.image_size": 16})
        skipped = tuple((Path(f"{number}.jpg"), f"reason {number}") for number in range(num_skipped))
        data = PreparedData(read_dataset(config.data, seed=0), skipped, None, config)
        run = Run(tmp_path / "run", kind="train", config=jsonable(config))
        console = Console(width=200, file=io.StringIO())
        show_found(console, data, run)
        run.release()
        return console.file.getvalue()

    return show


def test_first_three_skipped_files_are_named_with_their_reasons(shown, tmp_path):
    text = shown(5)
    assert "5 files" in text and "2.jpg: reason 2" in text and "3.jpg" not in text
    assert f"2 more are listed in {tmp_path / 'run' / 'data.json'}" in text


def test_few_skipped_files_are_all_named(shown):
    text = shown(1)
    assert "0.jpg: reason 0" in text and "data.json" not in text
