"""Training curves of any length."""

import math

import pytest
from PIL import Image

from results.plots import history
from results.plots.history import epoch_ticks, plot_history
from results.running_metrics import METRICS


def make_rows(num_epochs, *, num_phases=1, missing=()):
    rows = []
    for epoch in range(1, num_epochs + 1):
        values = {name: 1 / (1 + epoch) for name in METRICS if name not in missing}
        validation = {f"val_{name}": 1.1 * value for name, value in values.items()}
        phase = f"phase {(epoch - 1) * num_phases // num_epochs}"
        rows.append({"epoch": epoch, "phase": phase, **values, **validation, "learning_rate": 1e-3 / epoch})
    return rows


@pytest.mark.parametrize(("num_epochs", "num_phases"), [(1, 1), (2, 2), (60, 3)])
def test_any_number_of_epochs_and_phases_gives_a_picture(tmp_path, num_epochs, num_phases):
    plot_history(make_rows(num_epochs, num_phases=num_phases), tmp_path / "plots" / "history.png", best_epoch=1)
    with Image.open(tmp_path / "plots" / "history.png") as picture:
        assert picture.format == "PNG"
        assert min(picture.size) > 600
    assert [path.name for path in (tmp_path / "plots").iterdir()] == ["history.png"]


def drawn(rows, monkeypatch):
    """The panels by name of a history."""
    figures = []
    monkeypatch.setattr(history, "save_figure", lambda figure, path: figures.append(figure))
    plot_history(rows, "history.png")
    return {axes.get_title("left"): axes for axes in figures[0].axes}


@pytest.mark.parametrize(("values", "expected"), [((0.0, 0.0), (0, 0.1)), ((0.006, 0.011), (0, 0.1)), ((0.99, 1.0), (0.9, 1))])
def test_a_panel_of_shares_has_a_least_span_within_0_and_1(values, expected, monkeypatch):
    rows = [{"epoch": epoch, "loss": 1.0, "accuracy": value, "val_accuracy": value} for epoch, value in enumerate(values, 1)]
    assert drawn(rows, monkeypatch)["Accuracy"].get_ylim() == pytest.approx(expected)


@pytest.mark.parametrize("first", [3e-4, 1e-3])
@pytest.mark.parametrize("factor", [1, 2, 9, 40, 1e4])
def test_losses_and_rates_have_two_named_ticks_or_more(first, factor, monkeypatch):
    rows = [{"epoch": 1, "loss": 5e3 * first, "learning_rate": first},
            {"epoch": 2, "loss": 5e3 * first / factor, "learning_rate": first / factor}]
    panels = drawn(rows, monkeypatch)
    for axes in (panels["Loss"], panels["Learning rate"]):
        low, high = axes.get_ylim()
        named = zip(axes.get_yticks(), axes.yaxis.get_major_formatter().format_ticks(axes.get_yticks()), strict=True)
        assert sum(low <= tick <= high for tick, text in named if text) >= 2


@pytest.mark.parametrize("last", [2, 3, 7, 30, 33, 299, 300, 1234])
def test_first_and_last_epoch_are_named_and_names_do_not_touch(last):
    ticks = epoch_ticks(1, last)
    assert (ticks[0], ticks[-1]) == (1, last) and len(ticks) <= 9
    assert min(b - a for a, b in zip(ticks, ticks[1:])) >= (last - 1) / 16


def test_one_epoch_is_named_once():
    assert epoch_ticks(5, 5) == [5]


def test_metrics_without_values_get_no_panel(tmp_path):
    plot_history(make_rows(3), tmp_path / "all.png")
    plot_history(make_rows(3, missing=("top_3_accuracy", "top_5_accuracy")), tmp_path / "fewer.png")
    with Image.open(tmp_path / "all.png") as whole, Image.open(tmp_path / "fewer.png") as fewer:
        assert fewer.width < whole.width


def test_missing_and_infinite_numbers_are_left_out(tmp_path):
    rows = [{"epoch": 1, "phase": "a", "loss": math.inf}, {"epoch": 2, "loss": 1e4}, {"epoch": 3, "loss": 1.0}]
    plot_history([rows[0], rows[1] | {"learning_rate": 0.0}, rows[2]], tmp_path / "history.png")
    assert (tmp_path / "history.png").exists()


def test_no_epochs_are_refused(tmp_path):
    with pytest.raises(ValueError, match="at least one epoch"):
        plot_history([], tmp_path / "history.png")
