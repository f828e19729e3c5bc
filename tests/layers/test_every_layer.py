"""What every layer must do, whichever it is."""

import keras
import numpy as np
import pytest

import layers
from layers import (
    AttentionBlock,
    CustomLayer,
    GlobalResponseNormalization,
    ImagePreprocessing,
    LayerScale,
    PlaceboGate,
    SEBlock,
    SelectiveChannelRecalibration,
    StochasticDepth,
)

ABSTRACT = {"ChannelGate"}
LAYERS = {
    "SEBlock": (SEBlock, {"reduction_ratio": 4}),
    "AttentionBlock": (AttentionBlock, {"reduction_ratio": 2}),
    "CustomLayer-attention": (CustomLayer, {"kind": "attention", "reduction_ratio": 2}),
    "CustomLayer-se": (CustomLayer, {"kind": "se", "reduction_ratio": None}),
    "SEBlock-identity": (SEBlock, {"reduction_ratio": 4, "identity_start": True, "unit_scale": True}),
    "PlaceboGate": (PlaceboGate, {"kind": "se", "reduction_ratio": 4, "identity_start": False}),
    "GlobalResponseNormalization": (GlobalResponseNormalization, {"epsilon": 1e-5}),
    "LayerScale": (LayerScale, {"start": 0.5}),
    "SelectiveChannelRecalibration": (SelectiveChannelRecalibration, {"identity_start": False}),
    "SelectiveChannelRecalibration-identity": (
        SelectiveChannelRecalibration, {"identity_start": True, "unit_scale": True}
    ),
    "StochasticDepth": (StochasticDepth, {"rate": 0.5, "seed": 3}),
    "ImagePreprocessing": (ImagePreprocessing, {"mode": "torch"}),
}
POLICIES = ["float32", "mixed_bfloat16", "mixed_float16"]


@pytest.fixture(params=LAYERS)
def layer_and_arguments(request):
    return LAYERS[request.param]


def inputs_for(layer_class, seed=0):
    """Inputs that leave the softmax behind the layer unsaturated, so that there is a gradient."""
    channels, largest = (3, 255) if layer_class is ImagePreprocessing else (16, 1)
    return np.random.default_rng(seed).uniform(0, largest, (2, 6, 5, channels)).astype("float32")


def classifier(layer_class, arguments, policy):
    pictures = keras.Input(inputs_for(layer_class).shape[1:])
    x = layer_class(**arguments, dtype=policy, name="layer")(pictures)
    x = keras.layers.GlobalAveragePooling2D(dtype=policy)(x)
    return keras.Model(pictures, keras.layers.Dense(3, activation="softmax", dtype="float32")(x))


def test_every_exported_layer_is_tested():
    assert {layer_class.__name__ for layer_class, _ in LAYERS.values()} == set(layers.__all__) - ABSTRACT


def test_configuration_holds_every_argument_unchanged(layer_and_arguments):
    layer_class, arguments = layer_and_arguments
    config = layer_class(**arguments).get_config()
    assert {name: config[name] for name in arguments} == arguments
    assert layer_class.from_config(config).get_config() == config


def test_output_has_the_promised_shape(layer_and_arguments):
    layer_class, arguments = layer_and_arguments
    layer, inputs = layer_class(**arguments), inputs_for(layer_class)
    assert tuple(layer(inputs).shape) == inputs.shape
    assert layer.compute_output_shape((None, None, None, inputs.shape[-1])) == (None, None, None, inputs.shape[-1])


@pytest.mark.parametrize("policy", POLICIES)
def test_output_has_the_compute_type_of_the_policy(layer_and_arguments, policy):
    layer_class, arguments = layer_and_arguments
    layer = layer_class(**arguments, dtype=policy)
    assert keras.backend.standardize_dtype(layer(inputs_for(layer_class)).dtype) == layer.compute_dtype


@pytest.mark.parametrize("policy", POLICIES)
def test_trained_layer_comes_back_from_its_file(layer_and_arguments, policy, tmp_path):
    layer_class, arguments = layer_and_arguments
    model, pictures = classifier(layer_class, arguments, policy), inputs_for(layer_class)
    before = [keras.ops.convert_to_numpy(weight) for weight in model.trainable_weights]
    model.compile("sgd", "sparse_categorical_crossentropy")
    model.fit(pictures, np.array([0, 2]), epochs=2, verbose=0)
    assert all(np.isfinite(weight).all() for weight in model.get_weights())
    assert any(
        (old != keras.ops.convert_to_numpy(new)).any() for old, new in zip(before, model.trainable_weights, strict=True)
    )
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    assert loaded.get_layer("layer").dtype_policy.name == policy
    np.testing.assert_array_equal(loaded.predict(pictures, verbose=0), model.predict(pictures, verbose=0))
