import numpy as np
import pytest
from keras.ops import convert_to_numpy

from layers import StochasticDepth

ONES = np.ones((1000, 3, 2, 4), "float32")


def test_branches_are_dropped_picture_by_picture_and_the_mean_stays():
    output = convert_to_numpy(StochasticDepth(0.25, seed=0)(ONES, training=True))
    firsts = output[:, 0, 0, 0]
    assert (output == firsts[:, None, None, None]).all()
    np.testing.assert_allclose(np.unique(firsts), [0, 1 / 0.75], rtol=1e-6)
    assert 0.7 < (firsts > 0).mean() < 0.8


def test_nothing_is_dropped_without_training_or_at_rate_zero():
    for layer, training in ((StochasticDepth(0.9), False), (StochasticDepth(0.0), True)):
        np.testing.assert_array_equal(convert_to_numpy(layer(ONES, training=training)), ONES)


def test_a_branch_that_overflowed_is_dropped_to_zero():
    output = convert_to_numpy(StochasticDepth(0.5, seed=0)(np.full((200, 1, 1, 1), np.inf, "float32"), training=True))
    assert set(output.ravel().tolist()) == {0.0, np.inf}


@pytest.mark.parametrize("rate", [-0.1, 1.0])
def test_rate_outside_its_range_is_refused(rate):
    with pytest.raises(ValueError, match="`rate` must be at least 0 and below 1. Received: "):
        StochasticDepth(rate)
