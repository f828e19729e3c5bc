import re
from io import StringIO
from types import SimpleNamespace

import pytest
from rich.console import Console

from car_classifier.epoch_lines import EpochLines

ROW = {"loss": 3.8841, "accuracy": 0.26, "val_loss": 2.615, "val_accuracy": 0.413, "val_top_3_accuracy": 0.641,
       "learning_rate": 4e-4, "seconds": 96.3, "data_wait": 0.01}


def line(width):
    output = StringIO()
    forecast = SimpleNamespace(learn_epoch=lambda phase, seconds: None, left=lambda phase, done: 3240.0)
    lines = EpochLines(Console(file=output, width=width), forecast)
    lines.set_params({"phase": SimpleNamespace(name="fine-tune", epochs=36), "epochs_done": 0, "num_batches": 1})
    lines._done = 11
    lines.on_epoch_begin(11)
    lines.on_epoch_end(12, ROW)
    return re.sub(r"\r.*\r", "", output.getvalue()).splitlines()[-1]


def test_a_wide_terminal_shows_every_figure():
    assert all(part in line(140) for part in ("top-3 64.1 %", "rate 4e-04", "96.3 s", "data wait  1 %", "~ 54 min left"))


@pytest.mark.parametrize("width", [80, 90, 100, 120])
def test_a_line_fits_a_narrow_terminal_and_keeps_loss_and_accuracies(width):
    assert len(line(width)) <= width
    assert all(part in line(width) for part in ("loss 3.884", "acc 26.0 %", "val 2.615", "acc 41.3 %", "left"))
