import pytest
from PIL import Image

from results.plots import comparison as plots
from results.plots.comparison import plot_accuracies


def content_of(number):
    """As much of a comparison as plots need."""
    variants = [
        {"name": f"variant {index}", "accuracy": 0.5, "accuracy_low": 0.4, "accuracy_high": 0.6, "published": None,
         "members": [{"accuracy": 0.5}], "seconds": 10.0 * 3**index, "steps": {}}
        for index in range(number)
    ]
    differences = [{"variant": "variant 1", "distinguishable": True}]
    return {"title": "Many", "data": "cars", "num_pictures": 10, "variants": variants, "differences": differences}


@pytest.mark.parametrize("number", [2, 12])
def test_accuracies_are_drawn_for_few_and_many_variants(number, tmp_path):
    plot_accuracies(content_of(number), tmp_path / "plot.png")
    with Image.open(tmp_path / "plot.png") as picture:
        assert picture.getextrema() != ((255, 255),) * 3


@pytest.mark.parametrize(("published", "expected"), [(None, 0), (58.0, 0), (83.0, 0), (95.0, 1), (2.0, 1)])
def test_a_published_figure_far_away_does_not_squeeze_the_intervals(published, expected, tmp_path, monkeypatch):
    figures, content = [], content_of(2)
    content["variants"][0]["published"] = published
    monkeypatch.setattr(plots, "save_figure", lambda figure, path: figures.append(figure))
    plots.plot_accuracies(content, tmp_path / "plot.png")
    low, high = figures[0].axes[0].get_xlim()
    assert high - low < 0.5 and (expected or low < (published or 50) / 100 < high)
    labels = [text.get_text() for text in figures[0].legends[0].texts]
    assert sum(label.startswith("published,") for label in labels) == expected


@pytest.mark.parametrize("published", [58.0, 95.0, 2.0])
def test_published_figures_stand_as_numbers_in_a_column_of_their_own(published, tmp_path, monkeypatch):
    figures, content = [], content_of(2)
    content["variants"][0]["published"] = published
    monkeypatch.setattr(plots, "save_figure", lambda figure, path: figures.append(figure))
    plots.plot_accuracies(content, tmp_path / "plot.png")
    places = {text.get_text(): text.xyann[0] for text in figures[0].axes[0].texts}
    assert places["published"] == places[f"{published:g} %"] > places["mean"] == places["50.0 %"]


def test_the_plot_of_accuracies_grows_with_the_variants(tmp_path):
    heights = []
    for number in (2, 12):
        plot_accuracies(content_of(number), tmp_path / "plot.png")
        with Image.open(tmp_path / "plot.png") as picture:
            heights.append(picture.height)
    assert heights[1] > 2 * heights[0]


@pytest.mark.parametrize("data", [{"birds": 80.0}, {"birds": 80.0, "food": 70.0}])
def test_figures_from_elsewhere_have_axes_of_their_own(data, tmp_path, monkeypatch):
    figures, content = [], content_of(3)
    for step, variant in enumerate(content["variants"]):
        accuracy = {name: value + step for name, value in data.items()}
        variant["published_figures"] = {"accuracy": accuracy, "gflops": None, "weights": None}
    monkeypatch.setattr(plots, "save_figure", lambda figure, path: figures.append(figure))
    plots.plot_accuracies(content, tmp_path / "plot.png")
    ours, others = figures[0].axes
    low, high = others.get_xlim()
    assert low < 0 and 2 < high < 3 and ours.get_xlim()[1] < 0.9
