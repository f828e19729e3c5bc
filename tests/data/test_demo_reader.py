"""The reader of the demo."""

from data.readers import demo
from data.readers.demo import read_demo


def test_reading_draws_what_is_not_there(tmp_path, monkeypatch):
    monkeypatch.setattr(demo, "_NUM_TRAIN", 2)
    monkeypatch.setattr(demo, "_NUM_TEST", 1)
    dataset = read_demo(tmp_path / "demo")
    assert dataset.name == "demo"
    assert dataset.has_boxes
    assert dataset.counts("train").tolist() == [2] * 12
    assert dataset.counts("test").tolist() == [1] * 12
    assert all(path.is_file() for split in dataset.splits.values() for path in split.paths)
