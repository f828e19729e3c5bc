"""The reliability diagram."""

import numpy as np
from PIL import Image

from results.calibration import measure_reliability
from results.plots.reliability import plot_reliability


def test_diagram_of_few_pictures_is_a_picture(tmp_path):
    probabilities = np.float32([[1, 0], [0.2, 0.8], [0.55, 0.45]])
    reliability = measure_reliability(np.array([0, 1, 1]), probabilities)
    plot_reliability(reliability, tmp_path / "reliability.png", about="test pictures of demo")
    with Image.open(tmp_path / "reliability.png") as picture:
        assert picture.format == "PNG"
