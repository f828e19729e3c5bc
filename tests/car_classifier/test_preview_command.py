"""The sheet of `data preview`: what reaches the plot is what the loader would deliver."""

import json
import shutil

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from car_classifier import preview_command
from car_classifier.cli import create_app
from tests.car_classifier.picture_folder import draw_picture_folder


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    return draw_picture_folder(tmp_path_factory.mktemp("preview") / "cars")


@pytest.fixture
def drawn(pictures, tmp_path, monkeypatch):
    """Function that runs the command and returns what it handed to the plot."""

    def run(*options: str) -> dict:
        seen = {}
        monkeypatch.setattr(preview_command, "plot_preview", lambda rows, batches, path, **texts: seen.update(
            rows=rows, batches=batches, **texts))
        arguments = ["data", "preview", "--data", str(pictures), "--image-size", "16", *options]
        assert CliRunner().invoke(create_app(), arguments, catch_exceptions=False).exit_code == 0
        return seen

    return run


def test_sheet_is_written_and_named_on_stdout(pictures, tmp_path):
    path = tmp_path / "sheet.png"
    arguments = ["data", "preview", "--data", str(pictures), "--image-size", "16", "--output", str(path), "--json"]
    result = CliRunner().invoke(create_app(), arguments, catch_exceptions=False)
    summary = json.loads(result.stdout.splitlines()[-1])
    assert summary["file"] == str(path) and summary["pictures"] == ["blue car", "green car", "red car"]
    with Image.open(path) as sheet:
        assert sheet.size[0] > 1000


def test_each_transform_stands_alone_and_is_certain(drawn):
    for row in drawn()["rows"]:
        seen = row.steps.pop("what the model sees")
        alone = [picture for name, picture in row.steps.items() if not name.startswith("chain")]
        assert len(alone) == 7 and all((picture != seen).any() for picture in alone)
        assert seen.shape == (16, 16, 3) and row.original.shape == (20, 24, 3)


def test_transforms_follow_the_configured_order(drawn):
    steps = drawn("--set", 'augmentation.transform_order=["rotate", "horizontal_flip"]')["rows"][0].steps
    assert list(steps)[:3] == ["what the model sees", "rotate", "horizontal flip"]


def test_mixed_batches_come_with_their_labels_and_say_when_they_are_off(drawn):
    cutmix, mixup = drawn("--set", "augmentation.mixup_alpha=0.4")["batches"]
    assert "off" in cutmix.title and mixup.title.startswith("MixUp (α = 0.4; one λ per batch")
    for batch in (cutmix, mixup):
        assert batch.pictures.shape[1:] == (16, 16, 3) and batch.pictures.dtype == np.float32
        assert all(sum(share for _, share in label) == pytest.approx(1, abs=0.02) for label in batch.labels)


def test_mixed_pictures_show_partners_of_other_classes(drawn):
    for batch in drawn()["batches"]:
        assert len(batch.labels) == 8 and all(len(label) == 2 for label in batch.labels)


def test_pictures_are_mixed_as_strongly_as_training_would(drawn):
    options = ("--set", "augmentation.mixup_alpha=0.01")
    shares = [drawn(*options, "--seed", str(seed))["batches"][1].labels[0][0][1] for seed in range(3)]
    assert all(share > 0.99 for share in shares)  # λ ~ Beta(0.01, 0.01) is nearly always close to 0 or 1


def test_where_other_classes_are_few_their_pictures_are_all_mixed(drawn, tmp_path):
    uneven = draw_picture_folder(tmp_path / "uneven")
    shutil.rmtree(uneven / "train" / "green car")
    for picture in sorted((uneven / "train" / "blue car").iterdir())[2:]:
        picture.unlink()
    batch = drawn("--data", str(uneven))["batches"][1]
    assert "where there are such" in batch.title
    assert 0 < sum(len(label) == 2 for label in batch.labels) <= 4 < len(batch.labels)


def test_a_chain_that_is_switched_off_is_said(drawn):
    assert "switch off" in drawn("--set", "augmentation.augment=false")["subtitle"]
    assert "as often as" in drawn("--set", "augmentation.augment=true")["subtitle"]
