import os

import pytest

from car_classifier.base.native_output import held_back


def test_what_native_code_prints_is_held_back(capfd):
    with held_back():
        os.write(2, b"chatter\n")
    os.write(2, b"later\n")
    assert capfd.readouterr().err == "later\n"


def test_it_is_shown_when_the_block_raises(capfd):
    with pytest.raises(ImportError), held_back():
        os.write(2, b"why\n")
        raise ImportError("no backend")
    assert capfd.readouterr().err == "why\n"
