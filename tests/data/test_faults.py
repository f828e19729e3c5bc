import pytest

from data.faults import KINDS, Fault


def test_fault_is_of_a_known_kind_and_effect():
    fault = Fault("file_missing", "a.csv, line 3", "It names no file.", "left_out")
    assert fault.kind in KINDS and fault == Fault("file_missing", "a.csv, line 3", "It names no file.", "left_out")


@pytest.mark.parametrize(("kind", "effect"), [("file_mising", "left_out"), ("file_missing", "removed")])
def test_unknown_kinds_and_effects_are_refused(kind, effect):
    with pytest.raises(ValueError, match="Unknown .* Expected one of"):
        Fault(kind, "a.csv", "It names no file.", effect)
