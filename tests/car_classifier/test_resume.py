"""An interrupted training ends like one that was never interrupted, bit for bit."""

import itertools

import numpy as np
import pytest

from car_classifier.base.errors import InterruptedRun
from car_classifier.training.checkpoint import CheckpointStore
from car_classifier.training.stop import StopRequest
from tests.car_classifier.small_training import SquaresLoader, rows_of, train_tiny, weights_of

SETTINGS = {
    "one phase": {},
    "two phases, accumulated, averaged, refitted": {
        "head_epochs": 2, "accum_steps": 2, "ema_decay": 0.9, "refit": True, "schedule": "cosine",
    },
    "two phases, pulled to the pretrained weights": {
        "weights": "given", "head_epochs": 1, "epochs": 3, "l2_sp": 0.1, "layer_rate_decay": 0.5, "weight_decay": 0.1,
        "loss": "focal",
    },
    "cached features": {"head_epochs": 3, "cache_features": True, "plateau_patience": 1, "early_stopping_patience": 1},
}


class PowerCut(BaseException):
    """Stands for the end of the process."""


def _cut_at_write(monkeypatch, number, *, before):
    """Make the store die at its `number`-th write, before or after the bytes are on disk."""
    counter = itertools.count(1)

    def dying(original):
        def write(self, *args):
            last = next(counter) == number
            if last and before:
                raise PowerCut
            value = original(self, *args)
            if last:
                raise PowerCut
            return value

        return write

    monkeypatch.setattr(CheckpointStore, "put", dying(CheckpointStore.put))
    monkeypatch.setattr(CheckpointStore, "save", dying(CheckpointStore.save))


def _options(settings):
    return {"refit_generator": SquaresLoader(56, seed=6)} if settings.get("refit") else {}


@pytest.fixture(scope="module", params=SETTINGS, ids=str)
def uninterrupted(request, tmp_path_factory):
    """Settings, and what they end with when nothing happens."""
    settings = SETTINGS[request.param]
    return settings, train_tiny(tmp_path_factory.mktemp("whole"), options=_options(settings), **settings)


def _assert_same(result, whole):
    assert rows_of(result) == rows_of(whole)
    assert result.best_epoch == whole.best_epoch
    np.testing.assert_array_equal(weights_of(result), weights_of(whole))


@pytest.mark.parametrize(("number", "before"), [(1, False), (5, True), (8, False), (11, True)])
def test_death_at_any_write_changes_nothing(uninterrupted, number, before, tmp_path):
    settings, whole = uninterrupted
    with pytest.MonkeyPatch.context() as monkeypatch, pytest.raises(PowerCut):
        _cut_at_write(monkeypatch, number, before=before)
        train_tiny(tmp_path, options=_options(settings), **settings)
    _assert_same(train_tiny(tmp_path, options=_options(settings), **settings), whole)


class StopsAt(StopRequest):
    """A wish to stop that comes up when it is asked for the `number`-th time."""

    def __init__(self, number):
        self._asked, self._number = 0, number

    @property
    def signal_number(self):
        """None, and from the `number`-th question on 15."""
        self._asked += 1
        return 15 if self._asked >= self._number else None


@pytest.mark.parametrize("number", [2, 16])
def test_stop_within_an_epoch_changes_nothing(uninterrupted, number, tmp_path):
    settings, whole = uninterrupted
    with pytest.raises(InterruptedRun) as caught:
        train_tiny(tmp_path, options={"stop": StopsAt(number), **_options(settings)}, **settings)
    assert caught.value.exit_status == 143
    _assert_same(train_tiny(tmp_path, options=_options(settings), **settings), whole)


def test_damaged_newest_checkpoint_costs_one_epoch_and_changes_nothing(uninterrupted, tmp_path):
    settings, whole = uninterrupted
    with pytest.MonkeyPatch.context() as monkeypatch, pytest.raises(PowerCut):
        _cut_at_write(monkeypatch, 12, before=False)
        train_tiny(tmp_path, options=_options(settings), **settings)
    newest = max((tmp_path / "checkpoint").glob("generation-*"))
    newest.write_bytes(newest.read_bytes()[:-40])
    _assert_same(train_tiny(tmp_path, options=_options(settings), **settings), whole)


def test_damaged_best_weights_are_written_anew_when_their_epoch_is_repeated(uninterrupted, tmp_path):
    settings, whole = uninterrupted
    with pytest.MonkeyPatch.context() as monkeypatch, pytest.raises(PowerCut):
        _cut_at_write(monkeypatch, 8, before=False)
        train_tiny(tmp_path, options=_options(settings), **settings)
    for path in (tmp_path / "checkpoint").glob("*.safetensors"):
        if path.stat().st_mtime_ns == max(p.stat().st_mtime_ns for p in path.parent.glob("*.safetensors")):
            content = path.read_bytes()
            path.write_bytes(content[:-5] + bytes([content[-5] ^ 4]) + content[-4:])
    _assert_same(train_tiny(tmp_path, options=_options(settings), **settings), whole)


def test_long_epochs_are_stored_in_between(tmp_path, monkeypatch):
    stored = []
    save = CheckpointStore.save
    monkeypatch.setattr(CheckpointStore, "save", lambda self, files, state: stored.append(state["batch"]) or
                        save(self, files, state))
    train_tiny(tmp_path, epochs=1, checkpoint_minutes=1e-9)
    assert {1, 2, 3, 4, 5} <= set(stored)


def test_second_ctrl_c_does_not_wait():
    stop = StopRequest()
    stop.ask(2)
    with pytest.raises(KeyboardInterrupt):
        stop.ask(2)


def test_same_seed_gives_the_same_training_and_another_seed_another(tmp_path):
    first, second = train_tiny(tmp_path / "a"), train_tiny(tmp_path / "b")
    other = train_tiny(tmp_path / "c", options={"seed": 4})
    np.testing.assert_array_equal(weights_of(first), weights_of(second))
    assert (weights_of(first) != weights_of(other)).any()
