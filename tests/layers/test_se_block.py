import keras
import numpy as np
import pytest

from layers import SEBlock
from tests.layers.gates import CHANNELS, check_gate, feature_map


def test_gate_follows_the_equations_on_maps_and_on_their_means():
    check_gate(SEBlock(4))


def test_default_hidden_layer_is_16_times_narrower():
    block = SEBlock()
    block.build((None, 7, 7, 512))
    assert block.count_params() == 2 * 512 * 32 + 512 + 32


@pytest.mark.parametrize("ratio", [0, -1, 2.0, True, "4"])
def test_ratio_must_be_a_positive_integer(ratio):
    with pytest.raises(ValueError, match="`reduction_ratio` must be a positive integer. Received: "):
        SEBlock(ratio)


def test_ratio_above_the_number_of_channels_is_refused():
    with pytest.raises(ValueError, match=rf"no larger than the number of channels \({CHANNELS}\). Received: 64"):
        SEBlock(64)(feature_map())


def test_mean_of_a_large_bright_map_does_not_overflow_in_half_precision():
    bright = keras.ops.full((1, 128, 128, 16), 200.0, dtype="float16")
    assert np.isfinite(keras.ops.convert_to_numpy(SEBlock(4, dtype="mixed_float16")(bright))).all()


def test_block_that_starts_as_the_identity_changes_nothing_and_has_as_many_weights():
    features, fresh, usual = feature_map(), SEBlock(4, identity_start=True), SEBlock(4)
    np.testing.assert_array_equal(keras.ops.convert_to_numpy(fresh(features)), features)
    usual(features)
    assert fresh.count_params() == usual.count_params()
