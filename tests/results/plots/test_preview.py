import numpy as np
import pytest
from PIL import Image

from results.plots.preview import PreviewBatch, PreviewRow, plot_preview


def draw(path, *, num_rows: int, name: str) -> tuple[int, int]:
    generator = np.random.default_rng(0)
    steps = {f"step {number}": generator.integers(0, 255, (8, 8, 3)).astype(np.uint8) for number in range(9)}
    row = PreviewRow(name, generator.integers(0, 255, (20, 30, 3)).astype(np.uint8), (2, 3, 20, 18), steps)
    batch = PreviewBatch("MixUp", generator.random((4, 8, 8, 3)) * 255, [[(name, 0.6), (name, 0.4)]] * 4)
    plot_preview([row] * num_rows, [batch], path, title="$ cars", subtitle="pictures")
    with Image.open(path) as picture:
        return picture.size


@pytest.mark.parametrize("name", ["van", "Mercedes-Benz Sprinter Extended High Roof Passenger Van 2012 " * 3, "$\\x_{ & 车"])
def test_class_names_of_any_length_fit_the_same_sheet(tmp_path, name):
    assert draw(tmp_path / "sheet.png", num_rows=2, name=name) == draw(tmp_path / "van.png", num_rows=2, name="van")


def test_sheet_grows_with_its_lines(tmp_path):
    low, high = (draw(tmp_path / f"{count}.png", num_rows=count, name="van")[1] for count in (1, 3))
    assert high > low + 250
