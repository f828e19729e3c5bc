"""No finished trial is lost, whatever happens to the files or to whoever writes them."""

import errno
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from car_classifier.base.errors import ResourceError, UserError
from search.store import SearchStore
from search.trial import Suggestion, Trial
from tests.search.attacks import ATTACKS, MARKER


def trial(number, state="completed", **more):
    """A trial whose values tell it from the others."""
    figures = {"value": number / 10, "loss": number / 10, "best_epoch": 1} if state == "completed" else {}
    return Trial(number, Suggestion({"x": number}), state, **figures, **more)


@pytest.fixture(autouse=True)
def quick_disk(monkeypatch):
    """Leave out what only matters when a machine loses power."""
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)


@pytest.fixture
def store(tmp_path):
    """Trials 0 to 4 have finished, 5 runs."""
    store = SearchStore(tmp_path)
    for number in range(5):
        store.begin(trial(number, "running"))
        store.finish(trial(number))
    store.begin(trial(5, "running"))
    store.state_folder(5).mkdir()
    (store.state_folder(5) / "weights").write_bytes(b"trained")
    return store


def files(store):
    return sorted(path.relative_to(store.folder).as_posix() for path in store.folder.rglob("*") if path.is_file())


WHOLE = [f"{number:05d}.pkl" for number in range(5)] + ["00005/state/weights", "00005/trial.pkl"]


def numbers(store):
    return [trial.number for trial in store.trials()]


def test_trials_come_back_in_order_with_the_running_one(store):
    assert store.trials() == [*(trial(number) for number in range(5)), trial(5, "running")]
    assert files(store) == sorted(WHOLE) and store.damaged == []


def test_new_search_has_no_trials(tmp_path):
    assert SearchStore(tmp_path / "none").trials() == [] and not (tmp_path / "none").exists()


def test_running_trial_changes_and_keeps_its_training_state(store):
    store.begin(trial(5, "running", deaths=1, micro_batch_divisor=2))
    assert store.trials()[5].deaths == 1 and (store.state_folder(5) / "weights").exists()


def test_finishing_removes_the_training_state_and_again_changes_nothing(store):
    store.finish(trial(5))
    once = files(store)
    store.finish(trial(5))
    assert once == files(store) == [f"{number:05d}.pkl" for number in range(6)]


def test_kept_training_state_stays_until_it_is_forgotten(store):
    store.finish(trial(5), keep_state=True)
    assert numbers(store) == [0, 1, 2, 3, 4, 5] and (store.state_folder(5) / "weights").exists()
    store.forget_state(5)
    assert files(store) == [f"{number:05d}.pkl" for number in range(6)] and not (store.folder / "00005").exists()
    store.forget_state(5)


def test_training_state_of_a_trial_that_starts_anew_is_cleared(store):
    store.clear_state(5)
    assert not store.state_folder(5).exists() and store.trials()[5] == trial(5, "running")


def test_finished_trial_can_run_again_from_the_start(store):
    store.finish(trial(5, "failed"), keep_state=True)
    store.begin(trial(5, "running"))
    assert store.trials()[5].state == "running" and not store.state_folder(5).exists()


def test_state_without_a_record_is_not_gone_on_with(store):
    (store.folder / "00005" / "trial.pkl").unlink()
    assert numbers(store) == [0, 1, 2, 3, 4]
    store.begin(trial(5, "running"))
    assert not store.state_folder(5).exists()


def test_running_record_beside_a_finished_one_is_dropped(store):
    running = store.folder / "00003"
    running.mkdir()
    shutil.copy(store.folder / "00005" / "trial.pkl", running / "trial.pkl")  # not even its own
    assert store.trials()[3].is_finished and not running.exists() and store.damaged == []


def test_peeking_changes_nothing(store):
    (store.folder / "00003.pkl").write_bytes(b"damaged")
    (store.folder / "00002").mkdir()
    before = files(store)
    assert [trial.number for trial in store.peek()] == [0, 1, 2, 4, 5] and files(store) == before
    assert (store.folder / "00002").exists() and store.damaged == []


def test_foreign_files_are_left_alone(store):
    for name in ("notes.txt", "3.pkl", "000003.pkl", "best.pkl", "00003.pkl.bak", ".hidden"):
        (store.folder / name).write_text("mine")
    assert numbers(store) == [0, 1, 2, 3, 4, 5] and store.damaged == []
    assert (store.folder / "000003.pkl").read_text() == "mine"


@pytest.mark.parametrize("name", ATTACKS)
def test_attack_is_set_aside_with_a_message_and_no_other_trial_is_lost(store, name):
    (store.folder / "00003.pkl").write_bytes(ATTACKS[name])
    assert numbers(store) == [0, 1, 2, 4, 5] and MARKER not in os.environ
    assert (store.folder / "00003.pkl.damaged-1").read_bytes() == ATTACKS[name]
    assert len(store.damaged) == 1 and "00003.pkl is no record" in store.damaged[0] and "damaged-1" in store.damaged[0]


def test_swapped_records_are_set_aside(store):
    first, second = store.folder / "00001.pkl", store.folder / "00003.pkl"
    content = first.read_bytes()
    first.write_bytes(second.read_bytes())
    second.write_bytes(content)
    assert numbers(store) == [0, 2, 4, 5]
    assert "it holds trial 3" in store.damaged[0] and "it holds trial 1" in store.damaged[1]


def test_running_record_in_the_place_of_a_finished_one_is_set_aside(store):
    shutil.copy(store.folder / "00005" / "trial.pkl", store.folder / "00005.pkl")
    shutil.copy(store.folder / "00004.pkl", store.folder / "00005" / "trial.pkl")
    assert numbers(store) == [0, 1, 2, 3, 4]
    assert len(store.damaged) == 2 and not (store.folder / "00005").exists()


def test_damaged_running_record_is_set_aside_with_its_training_state(store):
    (store.folder / "00005" / "trial.pkl").write_bytes(b"")
    assert numbers(store) == [0, 1, 2, 3, 4]
    assert (store.folder / "00005.damaged-1" / "state" / "weights").exists() and "00005.damaged-1" in store.damaged[0]


def test_record_damaged_again_gets_a_new_name(store):
    for count in (1, 2, 3):
        (store.folder / "00003.pkl").write_bytes(b"damaged")
        store.trials()
        assert (store.folder / f"00003.pkl.damaged-{count}").exists() and len(store.damaged) == count
    store.finish(trial(3))
    assert numbers(store) == [0, 1, 2, 3, 4, 5]


def test_folder_in_the_place_of_a_record_is_set_aside(store):
    (store.folder / "00007.pkl").mkdir()
    assert numbers(store) == [0, 1, 2, 3, 4, 5] and "it is no file" in store.damaged[0]


@pytest.mark.parametrize("act", [
    lambda store: store.begin(trial(6, "running")), lambda store: store.begin(trial(5, "running", deaths=1)),
    lambda store: store.finish(trial(5)), lambda store: store.finish(trial(5), keep_state=True),
])
def test_full_disk_loses_nothing(store, act, monkeypatch):
    before = store.trials()
    with monkeypatch.context() as full:
        full.setattr(Path, "write_bytes", _full)
        with pytest.raises(ResourceError, match="The disk is full"):
            act(store)
    assert store.trials() == before and (store.state_folder(5) / "weights").exists() and store.damaged == []
    act(store)


def _full(path, content):
    with open(path, "wb") as file:
        file.write(content[: len(content) // 2])
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("act", [
    lambda store: store.begin(trial(6, "running")), lambda store: store.finish(trial(5)), lambda store: store.clear_state(5),
])
def test_read_only_folder_is_named(store, act, monkeypatch):
    def refuse(*arguments, **options):
        raise OSError(errno.EROFS, "Read-only file system")

    with monkeypatch.context() as read_only, pytest.raises(UserError, match="trials cannot be written: Read-only file system"):
        read_only.setattr("tempfile.mkstemp", refuse)
        read_only.setattr("shutil.rmtree", refuse)
        act(store)
    assert numbers(store) == [0, 1, 2, 3, 4, 5]


def test_damaged_record_that_cannot_be_renamed_is_ignored_and_named(store, monkeypatch):
    (store.folder / "00003.pkl").write_bytes(b"")
    monkeypatch.setattr(Path, "rename", lambda *_: (_ for _ in ()).throw(OSError(errno.EROFS, "Read-only file system")))
    assert numbers(store) == [0, 1, 2, 4, 5] and "It is ignored; it could not be renamed: Read-only" in store.damaged[0]


def test_old_temporary_files_are_removed_and_new_ones_left(store):
    old, new = store.folder / ".00003.pkl.abc.tmp.pkl", store.state_folder(5) / ".weights.abc.tmp"
    for path in (old, new):
        path.write_bytes(b"half")
    os.utime(old, (0, 0))
    store.remove_leftovers()
    assert not old.exists() and new.exists() and set(WHOLE) < set(files(store))


def test_process_killed_in_front_of_any_step_leaves_whole_trials(tmp_path):
    subprocess.run([sys.executable, "-m", "tests.search.killed_store", str(tmp_path)], check=True)
    seen = [SearchStore(folder) for folder in sorted(tmp_path.iterdir())]
    counts = []
    for store in seen:
        found = store.trials()
        assert [trial.number for trial in found] == list(range(len(found))) and store.damaged == []
        assert all(trial.is_finished for trial in found[:-1]) and all(trial.values == {"x": trial.number} for trial in found)
        assert found == store.trials() == store.peek()
        counts.append((len(found), sum(trial.is_finished for trial in found)))
    assert len(seen) > 100 and counts[-1] == (3, 3)
    assert [begun for begun, _ in counts] == sorted(begun for begun, _ in counts)
    assert {finished for _, finished in counts} == {0, 1, 2, 3}


def test_what_a_killed_process_left_is_gone_on_with(tmp_path):
    subprocess.run([sys.executable, "-m", "tests.search.killed_store", str(tmp_path)], check=True)
    for folder in sorted(tmp_path.iterdir()):
        store = SearchStore(folder)
        for number in range(3):
            known = {trial.number: trial for trial in store.trials()}
            if number not in known:
                store.begin(trial(number, "running"))
            figures = {"state": "completed", "value": 0.5, "loss": 0.5, "best_epoch": 1}
            store.finish(replace(known.get(number, trial(number)), **figures), keep_state=number == 1)
        assert [trial.state for trial in store.trials()] == ["completed"] * 3
        left = {path for path in files(store) if ".tmp" not in path}
        assert left - {"00001/state/weights"} == {"00000.pkl", "00001.pkl", "00002.pkl", "00001/kept"}
