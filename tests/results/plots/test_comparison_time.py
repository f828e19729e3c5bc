import itertools

import numpy as np
import pytest

from results.plots import comparison_time
from results.plots.comparison_time import place_discs, place_names
from tests.results.plots.test_comparison import content_of


def drawn(content, monkeypatch):
    """The figure of a comparison, and all texts on its axes."""
    figures = []
    monkeypatch.setattr(comparison_time, "save_figure", lambda figure, path: figures.append(figure))
    comparison_time.plot_time(content, "plot.png")
    return figures[0], [text.get_text() for text in figures[0].axes[0].texts]


def test_names_stand_beside_points_that_are_far_apart(monkeypatch):
    figure, texts = drawn(content_of(3), monkeypatch)
    assert texts == ["variant 0", "variant 1", "variant 2"] and not figure.legends


@pytest.mark.parametrize(("number", "factor"), [(3, 1.02), (7, 3)])
def test_points_too_near_or_too_many_for_names_have_numbers_and_a_list(number, factor, monkeypatch):
    content = content_of(number)
    for index, variant in enumerate(content["variants"]):
        variant["seconds"] = 10.0 * factor**index
    figure, texts = drawn(content, monkeypatch)
    assert [text for text in texts if text] == [str(index + 1) for index in range(number)]
    assert [text.get_text() for text in figure.legends[0].texts] == [f"variant {index}" for index in range(number)]


def test_long_names_are_wrapped_in_the_list_of_a_wider_figure(monkeypatch):
    content = content_of(2)
    content["variants"][0]["name"] = "a name of so many words that one line cannot hold them"
    figure, _ = drawn(content, monkeypatch)
    assert figure.legends[0].texts[0].get_text().count("\n") == 1
    assert figure.get_figwidth() > drawn(content_of(2), monkeypatch)[0].get_figwidth() + 1


@pytest.mark.parametrize(
    ("times", "unit"), [([61, 85, 80], "s"), ([60, 140, 130], "min"), ([20, 240, 7400], "min"), ([6000, 8400, 5200], "h")]
)
def test_one_unit_serves_all_along_the_axis_of_times(times, unit, monkeypatch):
    content = content_of(3)
    for variant, seconds in zip(content["variants"], times, strict=True):
        variant["seconds"] = seconds
    axes = drawn(content, monkeypatch)[0].axes[0]
    texts = [text for text in axes.xaxis.get_major_formatter().format_ticks(axes.get_xticks()) if text]
    assert len(texts) > 2 and {text.split()[1] for text in texts} == {unit}


@pytest.mark.parametrize("ends", [(0.0, 0.6), (0.4, 1.0), (0.0, 0.0), (0.0, 1.0)])
def test_no_accuracy_below_0_or_above_100_per_cent_is_on_the_axis(ends, monkeypatch):
    content = content_of(2)
    for variant in content["variants"]:
        variant |= {"accuracy_low": ends[0], "accuracy": ends[1], "accuracy_high": ends[1]}
    low, high = drawn(content, monkeypatch)[0].axes[0].get_ylim()
    assert 0 <= low <= ends[0] and ends[1] <= high <= 1 and low < high


def test_features_are_spoken_of_only_where_there_are_some(monkeypatch):
    content = content_of(2)
    assert "features" not in drawn(content, monkeypatch)[0].axes[0].get_xlabel()
    content["variants"][1]["steps"] = {"features": {"seconds": 1.0, "cpu_seconds": 1.0}}
    assert "features" in drawn(content, monkeypatch)[0].axes[0].get_xlabel()


def test_names_keep_away_from_other_names_points_and_intervals():
    points = np.array([[100.0, 50.0], [300.0, 50.0], [310.0, 200.0]])
    bars = points[:, 1:] + np.array([[-30.0, 30.0]])
    places = place_names(points, bars, lengths=[20, 20, 18], width=450.0)
    for (x, y), (side, lift), length in zip(points, places, (20, 20, 18), strict=True):
        left, right = sorted((x + 7 * side, x + (8 + 5 * length) * side))
        for (other, _), (low, high) in zip(points, bars, strict=True):
            assert not (left < other < right and low < y + lift < high)
    assert place_names(points[:2], bars[:2], lengths=[40, 60], width=450.0) is None


def test_discs_stand_at_their_points_and_make_room_where_one_stands_before():
    points = np.array([[0.0, 0.0], [100.0, 0.0], [103.0, 0.0], [103.0, 0.0]])
    places = place_discs(points)
    assert places[:2] == [(0, 0), (0, 0)]
    for first, second in itertools.combinations(points + np.array(places), 2):
        assert np.hypot(*(first - second)) >= 13
