"""A record is read exactly or refused, and never executed."""

import os
import pickle
import random
from dataclasses import asdict, replace

import pytest

from car_classifier.base.errors import DataError, UserError
from search.record_file import LARGEST_FILE, read_trial, write_trial
from search.trial import Suggestion, Trial
from tests.search.attacks import ATTACKS, MARKER, signed

SMALL = Trial(3, Suggestion({"rate": 0.1}), "completed", 0.5, 0.5, best_epoch=1)
FULL = Trial(
    17, Suggestion({"a": 1e-300, "b": [512, [], None], "c": True, "d": "ä|b", "e": -2**62}, 9, 4, {"x": {"y": [1, 1.0, ""]}}),
    "pruned", -0.75, 0.75, (1.0, None, 0.75), 3, {"val_loss": 0.75, "auc": None}, "worse\nthan others",
    "2026-01-01T00:00:00", 12.5, 4, 2, 1,
)


def content_of(trial, path):
    write_trial(path, trial)
    return path.read_bytes()


def write_record(path, record):
    """Write any content in the way of a record."""
    with open(path, "wb") as file:
        pickler = pickle.Pickler(file, protocol=2)
        pickler.fast = True
        pickler.dump(record)
    path.write_bytes(signed(path.read_bytes()))


def overwrite(path, content):
    """Put other bytes of the same number into a file; much faster than to write it anew."""
    with open(path, "r+b") as file:
        file.write(content)


@pytest.mark.parametrize("trial", [SMALL, FULL, Trial(0, Suggestion({})), replace(FULL, losses=(0.123456789,) * 10_000)])
def test_written_trial_is_read_back_exactly(tmp_path, trial):
    write_trial(tmp_path / "a.pkl", trial)
    assert read_trial(tmp_path / "a.pkl") == trial and os.listdir(tmp_path) == ["a.pkl"]


def test_file_is_an_ordinary_pickle_of_one_dict(tmp_path):
    record = pickle.loads(content_of(FULL, tmp_path / "a.pkl"))
    assert record == {"format": 1, **asdict(FULL), "losses": list(FULL.losses)}


def test_same_trial_gives_the_same_bytes(tmp_path):
    assert content_of(FULL, tmp_path / "a.pkl") == content_of(read_trial(tmp_path / "a.pkl"), tmp_path / "b.pkl")


@pytest.mark.parametrize("name", ATTACKS)
def test_attack_is_refused_and_runs_nothing(tmp_path, name):
    (tmp_path / "a.pkl").write_bytes(ATTACKS[name])
    with pytest.raises(DataError, match="a.pkl is no record of a trial: ") as caught:
        read_trial(tmp_path / "a.pkl")
    assert MARKER not in os.environ and len(str(caught.value)) < 300 + len(str(tmp_path))


@pytest.mark.parametrize("name", [
    "exec by pickle.dumps, protocol 4", "exec within a dict", "GLOBAL and REDUCE", "STACK_GLOBAL", "INST", "OBJ",
])
def test_careless_reader_falls_for_the_attack(name, monkeypatch):
    monkeypatch.setenv(MARKER, "0")
    pickle.loads(ATTACKS[name])
    assert os.environ[MARKER] == "1"


def test_record_cut_off_anywhere_is_refused(tmp_path):
    content = content_of(SMALL, tmp_path / "a.pkl")
    for length in range(len(content)):
        (tmp_path / "a.pkl").write_bytes(content[:length])
        with pytest.raises(DataError, match="a.pkl"):
            read_trial(tmp_path / "a.pkl")


def test_record_with_any_bit_flipped_is_refused(tmp_path):
    content = content_of(SMALL, tmp_path / "a.pkl")
    for bit in range(8 * len(content)):
        flipped = bytearray(content)
        flipped[bit // 8] ^= 1 << bit % 8
        overwrite(tmp_path / "a.pkl", flipped)
        with pytest.raises(DataError, match="checksum"):
            read_trial(tmp_path / "a.pkl")


def test_mutations_with_a_right_checksum_are_read_or_refused_but_never_more(tmp_path):
    chance, pickled = random.Random(0), content_of(FULL, tmp_path / "a.pkl")[:-32]
    for _ in range(3000):
        mutated = bytearray(pickled)
        for _ in range(chance.randint(1, 4)):
            mutated[chance.randrange(len(mutated))] = chance.randrange(256)
        overwrite(tmp_path / "a.pkl", signed(bytes(mutated)))
        try:
            assert isinstance(read_trial(tmp_path / "a.pkl"), Trial)
        except DataError as error:
            assert "a.pkl" in str(error)


@pytest.mark.parametrize(("changes", "message"), [
    ({"format": 2}, "format"), ({"format": None}, "format"), ({"number": "17"}, "number"), ({"state": "won"}, "state"),
    ({"extra": 1}, "extra"), ({"\x1b[2J": 1}, "'\ufffd\\[2J'"), ({"suggestion": 5}, "something else"),
    ({"suggestion": {}}, "values"),
    ({"suggestion": {"values": {}, "more": 1}}, "more"), ({"losses": {}}, "losses"), ({"figures": {"x": []}}, "figures"),
    ({"loss": None}, "loss"), ({"state": "completed", "value": None}, "value"), ({"best_epoch": None}, "best_epoch"),
    ({"seconds": -1.0}, "seconds"), ({"deaths": 2**62 * 2}, "64 bits"),
])
def test_records_with_other_fields_are_refused(tmp_path, changes, message):
    record = {"format": 1, **asdict(FULL), "losses": [1.0], **changes}
    write_record(tmp_path / "a.pkl", record)
    with pytest.raises(DataError, match=message):
        read_trial(tmp_path / "a.pkl")


def test_records_that_lack_a_field_are_refused(tmp_path):
    (tmp_path / "a.pkl").write_bytes(signed(b"\x80\x02}(X\x06\x00\x00\x00formatK\x01X\x0a\x00\x00\x00suggestion}u."))
    with pytest.raises(DataError, match="lacks 'number'"):
        read_trial(tmp_path / "a.pkl")


def test_records_from_before_head_epochs_were_counted_are_read(tmp_path):
    record = {"format": 1, **asdict(SMALL), "losses": []}
    del record["head_epochs"]
    write_record(tmp_path / "a.pkl", record)
    assert read_trial(tmp_path / "a.pkl") == SMALL


def test_missing_file_and_folder_are_refused(tmp_path):
    with pytest.raises(DataError, match="is missing"):
        read_trial(tmp_path / "a.pkl")
    with pytest.raises(DataError, match="it is no file"):
        read_trial(tmp_path)


def test_pipe_is_refused_without_waiting_for_it(tmp_path):
    os.mkfifo(tmp_path / "a.pkl")
    with pytest.raises(DataError, match="it is no file"):
        read_trial(tmp_path / "a.pkl")


def test_file_that_the_system_withholds_is_no_damaged_one(tmp_path):
    (tmp_path / "a.pkl").symlink_to("a.pkl")
    with pytest.raises(UserError, match="a.pkl cannot be read"):
        read_trial(tmp_path / "a.pkl")


def test_trial_too_large_to_be_read_is_not_written(tmp_path):
    with pytest.raises(ValueError, match="at most"):
        write_trial(tmp_path / "a.pkl", Trial(0, Suggestion({}, note={"x": "y" * LARGEST_FILE})))
    assert os.listdir(tmp_path) == []
