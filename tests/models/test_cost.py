import keras
import pytest

from models.cost import measure_cost
from models.freezing import freeze


def cost_of(layer, shape=(10, 10, 4)):
    inputs = keras.Input(shape)
    return measure_cost(keras.Model(inputs, layer(inputs)))


@pytest.mark.parametrize(
    ("layer", "operations"),
    [
        (keras.layers.Conv2D(8, 3), 2 * 3 * 3 * 4 * 8 * 8 * 8),
        (keras.layers.Conv2D(8, 3, strides=2, padding="same", groups=2), 2 * 3 * 3 * 2 * 8 * 5 * 5),
        (keras.layers.DepthwiseConv2D(3), 2 * 3 * 3 * 4 * 8 * 8),
        (keras.layers.SeparableConv2D(8, 3), 2 * (3 * 3 * 4 + 4 * 8) * 8 * 8),
        (keras.layers.Dense(8), 2 * 4 * 8 * 10 * 10),
        (keras.layers.BatchNormalization(), 0),
    ],
)
def test_operations_follow_from_the_shapes(layer, operations):
    assert cost_of(layer).gflops * 1e9 == pytest.approx(operations)


def test_a_dense_layer_after_pooling_is_applied_once():
    assert cost_of(keras.layers.Dense(8), (4,)).gflops * 1e9 == pytest.approx(2 * 4 * 8)


def test_layer_that_cannot_be_counted_is_an_error():
    with pytest.raises(TypeError, match="Conv2DTranspose holds weights and is not in the table"):
        cost_of(keras.layers.Conv2DTranspose(8, 3))


def test_frozen_weights_are_not_counted_as_trainable():
    inputs = keras.Input((4,))
    model = keras.Model(inputs, keras.layers.Dense(3, name="head_x")(keras.layers.Dense(2, name="base")(inputs)))
    freeze(model, "none")
    assert (measure_cost(model).parameters, measure_cost(model).trainable_parameters) == (19, 9)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("network", "published"),
    [
        (keras.applications.ResNet50, 3.8),  # He et al., 2015, table 1
        (keras.applications.EfficientNetB0, 0.39),  # Tan and Le, 2019, table 2
    ],
)
def test_multiply_adds_of_known_networks_are_the_published_ones(network, published):
    assert measure_cost(network(weights=None)).gflops / 2 == pytest.approx(published, rel=0.02)
