"""States on disk are whole, or passed over."""

import numpy as np
import pytest

from car_classifier.base.errors import DataError
from car_classifier.training.checkpoint import CheckpointStore


def _fill(folder, generations=3):
    store = CheckpointStore(folder)
    for number in range(1, generations + 1):
        name = store.put({"weights": np.full(4, number, np.float32)})
        store.save({"changing": name}, {"epoch": number})
    return store


def _newest(folder):
    store = CheckpointStore(folder)
    files, state = store.load()
    return state["epoch"], store.get(files["changing"])["weights"][0], store.damaged


def test_newest_state_comes_back(tmp_path):
    _fill(tmp_path)
    assert _newest(tmp_path) == (3, 3, [])


def test_two_generations_stay(tmp_path):
    _fill(tmp_path, generations=6)
    assert len(list(tmp_path.glob("generation-*"))) == 2 and len(list(tmp_path.glob("*.safetensors"))) == 2


@pytest.mark.parametrize("pattern", ["generation-*", "*.safetensors"])
@pytest.mark.parametrize("damage", ["flip", "cut", "delete"])
def test_damaged_newest_state_falls_back_to_the_one_before(tmp_path, pattern, damage):
    _fill(tmp_path)
    path = max(tmp_path.glob(pattern), key=lambda path: path.stat().st_mtime_ns)
    content = path.read_bytes()
    if damage == "delete":
        path.unlink()
    else:
        flipped = content[:-3] + bytes([content[-3] ^ 1]) + content[-2:]
        path.write_bytes(flipped if damage == "flip" else content[: len(content) // 2])
    epoch, value, damaged = _newest(tmp_path)
    assert (epoch, value) == (2, 2) and (bool(damaged) or pattern == "generation-*")


def test_same_arrays_are_written_anew_over_a_damaged_file(tmp_path):
    store = CheckpointStore(tmp_path)
    arrays = {"weights": np.ones(4, np.float32)}
    name = store.put(arrays)
    (tmp_path / name).write_bytes(b"torn")
    with pytest.raises(DataError, match="damaged"):
        store.get(name)
    assert store.put(arrays) == name
    np.testing.assert_array_equal(store.get(name)["weights"], arrays["weights"])


def test_empty_folder_holds_no_state(tmp_path):
    assert CheckpointStore(tmp_path / "none").load() is None


def test_writing_goes_on_after_a_damaged_state(tmp_path):
    _fill(tmp_path)
    max(tmp_path.glob("generation-*")).write_text("torn")
    store = CheckpointStore(tmp_path)
    store.load()
    store.save({"changing": store.put({"weights": np.full(4, 9, np.float32)})}, {"epoch": 9})
    assert _newest(tmp_path)[:2] == (9, 9)
