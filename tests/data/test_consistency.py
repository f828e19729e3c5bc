from pathlib import Path

import pytest

from data.consistency import check_consistency
from data.dataset import Dataset, Split


def make(class_names, splits):
    """A data set from split -> list of (label, group)."""
    return Dataset("made", class_names, {
        name: Split([Path(f"{name}-{n}.png") for n in range(len(rows))], [label for label, _ in rows],
                    groups=[group for _, group in rows])
        for name, rows in splits.items()
    })


def test_sound_data_set_has_no_fault():
    dataset = make(("a", "b"), {"train": [(0, "x"), (1, "")], "test": [(0, "y"), (1, "")]})
    assert list(check_consistency(dataset)) == []


def test_class_in_some_splits_only_and_in_none_are_told_apart():
    dataset = make(("a", "b", "c"), {"train": [(0, ""), (1, "")], "test": [(0, "")]})
    missing, empty = check_consistency(dataset)
    assert (missing.kind, missing.where) == ("class_missing_in_split", "b")
    assert missing.message == "This class has pictures in train, but none in test."
    assert (empty.kind, empty.where) == ("class_empty", "c")


@pytest.mark.parametrize("names", [("Cat", "cat"), ("café", "cafe\u0301"), ("Straße", "STRASSE"), ("ﬁnch", "finch")])
def test_classes_that_differ_in_case_or_unicode_form_are_reported(names):
    (fault,) = check_consistency(make(names, {"train": [(0, ""), (1, "")]}))
    assert (fault.kind, fault.effect, fault.where) == ("classes_alike", "reported", ", ".join(names))


def test_group_in_two_splits_is_reported_with_files():
    rows = {"train": [(0, "nest"), (1, "")], "validation": [(0, ""), (1, "")], "test": [(0, ""), (1, "nest")]}
    dataset = make(("a", "b"), rows)
    (fault,) = check_consistency(dataset)
    assert (fault.kind, fault.where) == ("group_in_two_splits", "nest")
    assert "train and test" in fault.message and "train: train-0.png, test: test-1.png." in fault.message
