import keras
import numpy as np
import pytest

from layers import ImagePreprocessing

convert = keras.ops.convert_to_numpy

PICTURES = np.random.default_rng(0).integers(0, 256, (2, 4, 4, 3), dtype=np.uint8)


@pytest.mark.parametrize("mode", ["caffe", "torch", "tf"])
def test_modes_equal_those_of_keras(mode):
    expected = keras.applications.imagenet_utils.preprocess_input(PICTURES.astype("float32"), mode=mode)
    np.testing.assert_allclose(convert(ImagePreprocessing(mode)(PICTURES)), expected, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize(("mode", "divisor"), [("unit", 255), ("none", 1)])
def test_plain_modes_only_scale(mode, divisor):
    np.testing.assert_allclose(convert(ImagePreprocessing(mode)(PICTURES)), PICTURES / divisor, rtol=1e-6)


def test_bytes_and_floats_give_the_same():
    layer = ImagePreprocessing("torch")
    np.testing.assert_array_equal(convert(layer(PICTURES)), convert(layer(PICTURES.astype("float32"))))


def test_half_precision_rounds_only_the_result():
    pictures = PICTURES.astype("float32") + 0.3
    exact = keras.ops.cast(ImagePreprocessing("caffe")(pictures), "bfloat16")
    rounded = ImagePreprocessing("caffe", dtype="mixed_bfloat16")(pictures)
    np.testing.assert_array_equal(convert(rounded), convert(exact))


def test_it_has_no_weights():
    layer = ImagePreprocessing("torch")
    layer(PICTURES)
    assert layer.variables == []


def test_unknown_mode_is_refused_with_the_known_ones():
    with pytest.raises(ValueError, match="`mode` must be one of 'caffe', .*Received: 'rgb'"):
        ImagePreprocessing("rgb")
