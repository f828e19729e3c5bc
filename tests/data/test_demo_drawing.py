"""The demo's folder: same seed, same bytes; complete or not there."""

import hashlib
import json

import pytest

from car_classifier.base.errors import DataError, UserError
from data.demo import drawing
from data.demo.car_model import CAR_MODELS
from data.demo.drawing import draw_demo
from data.readers.stanford_cars import read_stanford_cars

SMALL = {"seed": 5, "num_train": 1, "num_test": 1}


def digests(folder):
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    folder = tmp_path_factory.mktemp("drawn") / "demo"
    draw_demo(folder, **SMALL)
    return folder


def test_same_seed_writes_the_same_bytes(drawn, tmp_path):
    draw_demo(tmp_path / "again", **SMALL)
    assert digests(tmp_path / "again") == digests(drawn)


def test_other_seed_draws_other_pictures(drawn, tmp_path):
    draw_demo(tmp_path / "other", **SMALL | {"seed": 6})
    before, after = digests(drawn), digests(tmp_path / "other")
    assert not {name for name in before if name.endswith(".jpg") and before[name] == after[name]}


def test_more_pictures_leave_the_first_ones_as_they_were(drawn, tmp_path):
    draw_demo(tmp_path / "more", **SMALL | {"num_train": 2})
    more = digests(tmp_path / "more")
    assert all(more[name] == digest for name, digest in digests(drawn).items() if name.endswith(".jpg"))
    assert len(more) == len(digests(drawn)) + len(CAR_MODELS)


def test_layout_is_that_of_stanford_cars(drawn):
    dataset = read_stanford_cars(drawn)
    assert dataset.class_names == tuple(model.name for model in CAR_MODELS)
    assert {name: dataset.counts(name).tolist() for name in dataset.splits} == {"train": [1] * 12, "test": [1] * 12}
    assert dataset.notes == ()


def test_class_name_with_a_slash_lies_in_a_folder_with_a_dash(drawn):
    assert "Aurel Brisa C/V Cargo Van 2012" in (drawn / "names.csv").read_text().splitlines()
    assert len(list((drawn / "car_data" / "train" / "Aurel Brisa C-V Cargo Van 2012").iterdir())) == 1


def test_drawn_folder_is_not_drawn_again(drawn, monkeypatch):
    before = digests(drawn)
    monkeypatch.setattr(drawing, "draw_picture", None)
    draw_demo(drawn, **SMALL)
    assert digests(drawn) == before


def test_folder_of_other_settings_is_replaced(tmp_path):
    folder = tmp_path / "demo"
    draw_demo(folder, **SMALL)
    marker = folder / "demo.json"
    marker.write_text(json.dumps(json.loads(marker.read_text()) | {"format": 0}))
    (folder / "names.csv").unlink()
    draw_demo(folder, **SMALL)
    assert (folder / "names.csv").is_file()
    assert {path.name for path in tmp_path.iterdir()} <= {"demo", ".demo.lock"}


def test_damaged_marker_is_repaired_by_drawing_anew(tmp_path):
    draw_demo(tmp_path / "demo", **SMALL)
    intact = digests(tmp_path / "demo")
    (tmp_path / "demo" / "demo.json").write_text('{"format": ')
    draw_demo(tmp_path / "demo", **SMALL)
    assert digests(tmp_path / "demo") == intact


def test_interrupted_drawing_leaves_no_folder_and_the_next_one_succeeds(tmp_path, monkeypatch):
    def fail(model, seed):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(drawing, "draw_picture", fail)
        draw_demo(tmp_path / "demo", **SMALL)
    assert not (tmp_path / "demo").exists()
    draw_demo(tmp_path / "demo", **SMALL)
    assert (tmp_path / "demo" / "demo.json").is_file()


def test_foreign_folder_is_refused_and_not_touched(tmp_path):
    (tmp_path / "holiday.jpg").write_bytes(b"mine")
    with pytest.raises(DataError, match="holds no drawn cars"):
        draw_demo(tmp_path, **SMALL)
    assert (tmp_path / "holiday.jpg").read_bytes() == b"mine"


def test_number_below_one_is_refused(tmp_path):
    with pytest.raises(UserError, match="at least 1. Received: 0 and 1"):
        draw_demo(tmp_path / "demo", seed=1, num_train=0, num_test=1)
