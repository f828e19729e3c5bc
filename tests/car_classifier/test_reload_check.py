import numpy as np
import pytest

from car_classifier.base.errors import CarClassifierError
from car_classifier.reload_check import check_reload


def test_ctrl_c_of_the_terminal_does_not_meet_the_check_and_the_check_meets_nobody_else(tmp_path, monkeypatch):
    interrupting = tmp_path / "python"
    interrupting.write_text("#!/bin/sh\nkill -INT 0\nsleep 9\n")  # as a Ctrl-C does: all of a process group
    interrupting.chmod(0o755)
    monkeypatch.setattr("sys.executable", str(interrupting))
    with pytest.raises(CarClassifierError, match="does not predict the same"):
        check_reload(tmp_path / "model.keras", np.zeros((1, 8, 8, 3)), np.zeros((1, 2)), tolerance=0.0)
    assert not (tmp_path / ".reload-check.npz").exists()
