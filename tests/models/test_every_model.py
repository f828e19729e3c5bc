"""What every model must do, whichever it is."""

import inspect
from itertools import pairwise
from pkgutil import resolve_name

import keras
import numpy as np
import pytest
from keras.ops import convert_to_numpy

from car_classifier.base.errors import UserError
from models.config import ModelConfig
from models.cost import measure_cost
from models.freezing import backbone_layers, freeze, head_layers
from models.registry import MODELS
from models.stages import stage_ends
from tests.models.representatives import REPRESENTATIVES

# (weights, of which train with nothing frozen or None where the source does not say) for 196 classes at 224×224.
COUNTS = {
    "alexnet": (47_605_796, None),
    "vgg16": (27_859_652, 27_859_652),
    "resnet50": (27_892_036, None),
    "densenet121": (33_224_132, 33_140_484),
    "imagenet": (78_223_684, 78_170_564),
    "efficientnetb0": (37_497_671, 37_455_648),
    "inceptionv3": (24_529_764, 24_495_332),
}
# (classes, weights, 10⁹ operations for one picture of 224×224): those of timm, or of the network in Keras or in its paper.
PLAIN_COUNTS = {
    "convnextv2_atto": [(200, 3_451_600, 1.094), (300, 3_483_700, 1.094)],
    "convnextv2_large": [(200, 196_727_240, 68.72), (300, 196_880_940, 68.72)],
    "convnext_small": [(1000, 50_223_688, 17.4)],
    "mobilenet": [(1000, 4_253_864, 1.14)],
    "mobilenetv2": [(1000, 3_538_984, 0.60)],
    "efficientnet_scratch": [(1000, 5_330_564, 0.77)],  # that of Keras, less the 7 of its normalisation
}


@pytest.fixture(params=REPRESENTATIVES)
def name(request):
    return request.param


@pytest.fixture(params=MODELS)
def any_name(request):
    return request.param


def create(name):
    return resolve_name(MODELS[name].create)


def test_keywords_are_the_fields_of_the_settings(any_name):
    parameters = inspect.signature(create(any_name)).parameters
    assert list(parameters)[:2] == ["input_shape", "num_classes"]
    assert set(parameters) - {"input_shape", "num_classes"} == set(ModelConfig.model_fields) - {"name"}


def test_function_is_found_where_it_says_it_is(any_name):
    assert resolve_name(f"{create(any_name).__module__}:{create(any_name).__qualname__}") is create(any_name)


def test_probabilities_are_float32_and_sum_to_one(name, small_model, random_pictures):
    probabilities = small_model(name)(random_pictures(MODELS[name].min_image_size))
    assert keras.backend.standardize_dtype(probabilities.dtype) == "float32"
    assert probabilities.shape == (2, 3)
    np.testing.assert_allclose(convert_to_numpy(probabilities).sum(axis=1), 1, rtol=1e-5)


def test_pictures_as_bytes_and_as_floats_give_the_same(name, small_model, random_pictures):
    pictures = random_pictures(MODELS[name].min_image_size)
    given = [convert_to_numpy(small_model(name)(kind)) for kind in (pictures, pictures.astype("float32"))]
    np.testing.assert_array_equal(*given)


def test_saved_model_gives_the_same_outputs(name, small_model, random_pictures, tmp_path):
    model, pictures, path = small_model(name), random_pictures(MODELS[name].min_image_size), tmp_path / "model.keras"
    model.save(path)
    loaded = keras.saving.load_model(path)
    path.unlink()
    np.testing.assert_array_equal(convert_to_numpy(loaded(pictures)), convert_to_numpy(model(pictures)))


def test_graph_is_flat_and_ends_with_a_chain_of_head_layers(name, small_model):
    model = small_model(name)
    assert not any(isinstance(layer, keras.Model) for layer in model.layers)
    assert all(isinstance(operation, keras.Layer) for operation in model.operations)
    assert model.layers == backbone_layers(model) + head_layers(model)
    names = [layer.name for layer in head_layers(model)]
    assert (names[0], names[-1]) == ("head_spatial_dropout", "head_probabilities")
    for before, after in pairwise(head_layers(model)):
        assert after.input is before.output


def test_every_layer_with_weights_can_be_counted(name, small_model):
    cost = measure_cost(small_model(name))
    assert cost.parameters == small_model(name).count_params()
    assert cost.gflops > 0


def test_pictures_below_the_smallest_size_are_refused(name):
    smallest = MODELS[name].min_image_size
    with pytest.raises(UserError, match=f"at least {smallest}×{smallest} pixels. Received: {smallest}×{smallest - 1}"):
        create(name)((smallest, smallest - 1, 3), 3)


@pytest.mark.slow
@pytest.mark.parametrize("name", COUNTS)
def test_number_of_weights_is_that_of_the_source(name):
    model = create(name)((224, 224, 3), 196)
    parameters, trainable = COUNTS[name]
    cost = measure_cost(model)
    assert cost.parameters == parameters
    assert trainable in (None, cost.trainable_parameters)


def count(name, num_classes, **options):
    """Cost of a model whose weights have shapes and no values."""
    try:
        with keras.StatelessScope(initialize_variables=False):
            return measure_cost(create(name)((224, 224, 3), num_classes, **options))
    finally:
        keras.utils.clear_session()


@pytest.mark.parametrize("name", PLAIN_COUNTS)
def test_models_with_a_plain_head_are_as_large_as_elsewhere(name):
    for num_classes, parameters, gflops in PLAIN_COUNTS[name]:
        cost = count(name, num_classes)
        assert cost.parameters == parameters
        assert cost.gflops == pytest.approx(gflops, rel=0.01)


def test_recalibration_behind_the_first_stage_of_the_large_model_costs_what_the_study_says():
    plain, scra = count("convnextv2_large", 300), count("convnextv2_large", 300, scra_after_stages=[1])
    assert scra.parameters - plain.parameters == 37_056
    assert scra.gflops - plain.gflops == pytest.approx(0.231, abs=0.001)


@pytest.mark.parametrize("name", [name for name in (*REPRESENTATIVES, "mobilenetv3_large") if MODELS[name].stages])
def test_every_stage_can_be_followed_by_blocks(name):
    entry = MODELS[name]
    stages = range(1, len(entry.stages) + 1)
    size = max(64, entry.min_image_size)
    with keras.StatelessScope(initialize_variables=False):
        model = create(name)((size, size, 3), 3, fc_layers=(), se_after_stages=stages, scra_after_stages=stages, se_ratio=2)
    names = [layer.name for layer in model.layers]
    ends = stage_ends(entry.stages, names)
    for stage, last in enumerate(ends, start=1):
        assert model.get_layer(f"after_stage_{stage}_se").input is model.get_layer(last).output
        assert model.get_layer(f"after_stage_{stage}_scra").input is model.get_layer(f"after_stage_{stage}_se").output
    assert [name for name in names if name in ends] == ends
    fresh = [f"after_stage_{stage}_{kind}" for stage in stages for kind in ("se", "scra")]
    assert freeze(model, "none") == fresh
    keras.utils.clear_session()


@pytest.mark.parametrize("width", [0.05, 0.25, 0.5, 1.4])
@pytest.mark.parametrize("name", ["mobilenet", "mobilenetv2", "mobilenetv3_small", "mobilenetv3_large"])
def test_no_layer_reaches_past_the_end_of_a_stage_at_any_width(name, width):
    with keras.StatelessScope(initialize_variables=False):
        model = create(name)((64, 64, 3), 3, width_multiplier=width)
    order = {layer.name: place for place, layer in enumerate(model.layers)}
    for end in stage_ends(MODELS[name].stages, order):
        for layer in model.layers[order[end] + 1 :]:
            sources = layer.input if isinstance(layer.input, list) else [layer.input]
            assert all(order[source._keras_history.operation.name] >= order[end] for source in sources)
    keras.utils.clear_session()
