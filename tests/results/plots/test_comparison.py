import pytest
from PIL import Image

from results.plots.comparison import plot_accuracies, plot_time


def content_of(number):
    """As much of a comparison as plots need."""
    variants = [
        {"name": f"variant {index}", "accuracy": 0.5, "accuracy_low": 0.4, "accuracy_high": 0.6, "published": None,
         "members": [{"accuracy": 0.5}], "seconds": 10.0 * 3**index}
        for index in range(number)
    ]
    differences = [{"variant": "variant 1", "distinguishable": True}]
    return {"title": "Many", "data": "cars", "num_pictures": 10, "variants": variants, "differences": differences}


@pytest.mark.parametrize("number", [2, 12])
def test_plots_are_drawn_for_few_and_many_variants(number, tmp_path):
    for plot in (plot_accuracies, plot_time):
        plot(content_of(number), tmp_path / "plot.png")
        with Image.open(tmp_path / "plot.png") as picture:
            assert picture.getextrema() != ((255, 255),) * 3


def test_the_plot_of_accuracies_grows_with_the_variants(tmp_path):
    heights = []
    for number in (2, 12):
        plot_accuracies(content_of(number), tmp_path / "plot.png")
        with Image.open(tmp_path / "plot.png") as picture:
            heights.append(picture.height)
    assert heights[1] > 2 * heights[0]
