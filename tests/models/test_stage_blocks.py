import numpy as np
import pytest
from keras.ops import convert_to_numpy

from car_classifier.base.errors import UserError
from models.efficientnet import create_efficientnetb0_model
from models.squeezenet import create_squeezenet_model

PICTURES = np.random.default_rng(0).integers(0, 256, (2, 64, 64, 3), dtype=np.uint8)


def squeezenet(**options):
    return create_squeezenet_model((64, 64, 3), 3, fc_layers=(), **options)


def test_blocks_stand_behind_the_stages_named_with_their_options():
    model = squeezenet(se_after_stages=[1, 3], scra_after_stages=[1], se_ratio=4, identity_start=True)
    names = [layer.name for layer in model.layers if layer.name.startswith("after_stage_")]
    assert names == ["after_stage_1_se", "after_stage_1_scra", "after_stage_3_se"]
    assert model.get_layer("after_stage_1_se").reduction_ratio == 4 and model.get_layer("after_stage_1_se").unit_scale
    assert model.get_layer("after_stage_1_se").input is model.get_layer("fire3_concat").output
    assert model.get_layer("pool3").input is model.get_layer("after_stage_1_scra").output


@pytest.mark.parametrize("start", [False, True])
def test_scale_of_what_blocks_read_can_be_chosen_apart_from_their_start(start):
    model = squeezenet(se_after_stages=[1], scra_after_stages=[1], identity_start=start, unit_scale=not start)
    for name in ("after_stage_1_se", "after_stage_1_scra"):
        block = model.get_layer(name)
        assert (block.identity_start, block.unit_scale) == (start, not start)


def test_blocks_that_start_as_the_identity_leave_pretrained_answers_as_they_were(tmp_path):
    plain = squeezenet(identity_start=True)
    plain.save(tmp_path / "plain.keras")
    model = squeezenet(identity_start=True, weights=tmp_path / "plain.keras", se_after_stages=[2], scra_after_stages=[1])
    model.get_layer("head_probabilities").set_weights(plain.get_layer("head_probabilities").get_weights())
    np.testing.assert_allclose(convert_to_numpy(model(PICTURES)), convert_to_numpy(plain(PICTURES)), atol=1e-6)


def test_blocks_of_an_own_model_are_taken_over(tmp_path):
    source = squeezenet(scra_after_stages=[1])
    source.save(tmp_path / "source.keras")
    model = squeezenet(scra_after_stages=[1], weights=tmp_path / "source.keras")
    for given, expected in zip(
        model.get_layer("after_stage_1_scra").get_weights(), source.get_layer("after_stage_1_scra").get_weights(), strict=True
    ):
        np.testing.assert_array_equal(given, expected)


def test_real_weights_find_their_layers_beside_blocks(real_data):
    path = real_data / "weights" / "squeezenet_v1.1_imagenet_notop.h5"
    model, plain = squeezenet(weights=path, scra_after_stages=[1]), squeezenet(weights=path)
    for name in ("conv1", "fire4_squeeze1x1", "fire9_expand3x3"):
        np.testing.assert_array_equal(model.get_layer(name).get_weights()[0], plain.get_layer(name).get_weights()[0])


@pytest.mark.slow
def test_constants_of_the_network_stay():
    model = create_efficientnetb0_model((32, 32, 3), 3, fc_layers=(), scra_after_stages=[1])
    np.testing.assert_allclose(model.get_layer("normalization").get_weights()[0], [0.485, 0.456, 0.406], rtol=1e-6)


def test_ratio_above_the_channels_of_a_stage_is_refused():
    with pytest.raises(UserError, match=r"`se_ratio` must be no larger than the number of channels of each stage \(128\)"):
        squeezenet(se_after_stages=[1], se_ratio=200)
