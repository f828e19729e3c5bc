"""`data augment` from its options to a training that reads the copies."""

import json
import shlex
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from car_classifier.augmentation_command import AugmentationRequest, run_augmentation
from car_classifier.base.errors import DataError, UserError
from car_classifier.base.locks import lock_folder
from car_classifier.cli import create_app
from car_classifier.config import Config
from car_classifier.defaults import resolve_config, resolve_for_data
from car_classifier.prepared_data import PreparedData, prepare_data, read_source
from data.copy_record import read_manifest
from tests.car_classifier.picture_folder import draw_picture_folder

NUM_TRAIN = 18


@pytest.fixture
def pictures(tmp_path) -> Path:
    return draw_picture_folder(tmp_path / "cars", train=NUM_TRAIN // 3, test=1)


def settings(pictures: Path, **changes) -> Config:
    usual = {"data.source": str(pictures), "data.image_size": 16, "data.validation_fraction": 0.34}
    return Config().override({**usual, **{name.replace("__", "."): value for name, value in changes.items()}})


def augment(pictures: Path, *, output: Path | None = None, **changes) -> dict:
    return run_augmentation(AugmentationRequest(settings(pictures, **changes), 2, 90, output))


def prepare(pictures: Path, **changes) -> PreparedData:
    config = resolve_config(settings(pictures, **changes), set())
    dataset = read_source(config)
    return prepare_data(resolve_for_data(config, dataset), dataset, told=lambda done, total: None)


def test_copies_lie_beside_the_originals_and_the_data_set_stays_the_same(pictures):
    before = read_source(settings(pictures))
    arguments = ["data", "augment", "--data", str(pictures), "--copies", "2", "--image-size", "16", "--json"]
    result = CliRunner().invoke(create_app(), arguments, catch_exceptions=False)
    summary = json.loads(result.stdout.splitlines()[-1])
    assert Path(summary["folder"]).parent == pictures / "augmented"
    assert (summary["originals"], summary["copies"]) == (NUM_TRAIN, 2 * NUM_TRAIN)
    assert read_source(settings(pictures)).splits["train"].paths == before.splits["train"].paths


def test_only_training_pictures_are_copied(pictures):
    manifest = read_manifest(Path(augment(pictures)["folder"]))
    assert {row["original"].split("/")[0] for row in manifest["originals"]} == {"train"}


def test_broken_pictures_are_named(pictures):
    broken = pictures / "train" / "red car" / "000.png"
    broken.write_bytes(broken.read_bytes()[:200])
    summary = augment(pictures)
    assert [row["file"] for row in summary["skipped"]] == [str(broken)] and summary["originals"] == NUM_TRAIN - 1


def test_training_sees_the_copies_of_its_own_pictures_and_validation_none(pictures):
    folder = augment(pictures)["folder"]
    data = prepare(pictures, data__augmented_copies=folder)
    train, validation = data.dataset.splits["train"], data.dataset.splits["validation"]
    assert len(train) == 12 and data.train_loader().num_pictures == 3 * 12
    assert data.evaluation_loader("validation").num_pictures == len(validation) == 6
    assert data.refit_loader().num_pictures == 3 * NUM_TRAIN
    assert data.config.augmentation.augment is False  # drawn beforehand; drawn anew only when asked for


def test_next_command_is_a_training_of_the_same_pictures(pictures, tmp_path):
    folder = tmp_path / "my copies"
    summary = augment(pictures, output=folder, data__limit=2, data__box_margin=0.2, data__directory=str(tmp_path))
    assert shlex.split(summary["next"]) == [
        "python", "-m", "car_classifier", "train", "--data", str(pictures), "--data-dir", str(tmp_path), "--limit", "2",
        "--set", "data.box_margin=0.2", "--set", f"data.augmented_copies={folder}",
    ]


def test_copies_of_another_cut_are_refused(tmp_path, monkeypatch):
    from PIL import Image

    from tests.data.conftest import random_picture

    for name in ("van", "coupe"):
        (tmp_path / "set" / "train" / name).mkdir(parents=True)
    rows = []
    for number in range(8):
        file = f"train/{'van' if number % 2 else 'coupe'}/{number}.png"
        Image.fromarray(random_picture(number)).save(tmp_path / "set" / file)
        rows.append(f"{file},{'van' if number % 2 else 'coupe'},2,2,20,20")
    (tmp_path / "set" / "labels.csv").write_text("file,label,x_min,y_min,x_max,y_max\n" + "\n".join(rows) + "\n")
    folder = augment(tmp_path / "set" / "labels.csv", data__box_margin=0.2)["folder"]
    with pytest.raises(UserError, match=r"box_margin=0.2"):
        _ = prepare(tmp_path / "set" / "labels.csv", data__augmented_copies=folder).copies


def test_a_folder_that_cannot_be_written_asks_for_another(pictures):
    (pictures / "augmented").write_text("in the way")
    with pytest.raises(UserError, match="--output"):
        augment(pictures)


def test_a_folder_of_something_else_is_left_as_it_is(pictures, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("Dear …")
    with pytest.raises(UserError):
        augment(pictures, output=tmp_path / "mine")
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["letter.txt"]


def test_two_at_once_are_refused(pictures, tmp_path):
    lock = lock_folder(tmp_path / "copies")
    with pytest.raises(Exception, match="Another process writes copies"):
        augment(pictures, output=tmp_path / "copies")
    lock.release()


def test_copies_of_a_data_set_that_was_moved_still_belong_to_it(pictures, tmp_path):
    folder = augment(pictures, output=tmp_path / "copies")["folder"]
    shutil.move(pictures, tmp_path / "elsewhere")
    assert prepare(tmp_path / "elsewhere", data__augmented_copies=folder).train_loader().num_pictures == 36


@pytest.mark.slow
def test_a_run_tells_its_copies_and_does_not_go_on_with_others(pictures, tmp_path):
    folder = augment(pictures, output=tmp_path / "copies")["folder"]
    arguments = ["train", "--data", str(pictures), "--model", "model1", "--image-size", "32", "--epochs", "1", "--run", "r",
                 "--runs-dir", str(tmp_path), "--set", f"data.augmented_copies={folder}", "--weights", "none"]
    assert CliRunner().invoke(create_app(), arguments, catch_exceptions=False).exit_code == 0
    stored = json.loads((tmp_path / "r" / "data.json").read_text(encoding="utf-8"))
    assert stored["augmented_copies"]["copies_of_train"] == 2 * stored["counts"]["train"]
    shutil.rmtree(folder)
    with pytest.raises(DataError, match="holds no augmented copies"):
        CliRunner().invoke(create_app(), [*arguments[:-1], "none", "--extend", "--epochs", "2"], catch_exceptions=False)
