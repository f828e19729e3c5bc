"""A training that takes a second or two, for tests of pipeline, resume and cached features."""

from typing import Any

import keras
import numpy as np

from car_classifier.pipeline import PipelineOptions, PipelineResult, run_model_pipeline
from data.batch import Batch
from data.order import epoch_order
from layers import AttentionBlock, SEBlock

NUM_CLASSES = 4
SIZE = 8


def create_tiny_model(
    input_shape, num_classes, *, dropout=0.2, normalised=True, x_trainable="all", weights=None, pooling="average"
) -> keras.Model:
    """Return a network of some hundred weights with this program's parts: backbone, gates, dropout, head names."""
    inputs = keras.Input(input_shape)
    x = keras.layers.Rescaling(1 / 255)(inputs)
    x = keras.layers.Conv2D(8, 3, padding="same", activation="relu", name="conv1")(x)
    if normalised:
        x = keras.layers.BatchNormalization(name="norm1")(x)
    x = keras.layers.Conv2D(8, 3, strides=2, padding="same", activation="relu", name="conv2")(x)
    x = keras.layers.SpatialDropout2D(dropout, name="head_spatial_dropout")(x)
    x = SEBlock(2, name="head_se")(AttentionBlock(2, name="head_attention")(x))
    pool = keras.layers.GlobalAveragePooling2D if pooling == "average" else keras.layers.Flatten
    x = pool(name="head_pooling")(x)
    x = keras.layers.Dropout(dropout, name="head_dropout")(x)
    outputs = keras.layers.Dense(num_classes, activation="softmax", dtype="float32", name="head_probabilities")(x)
    return keras.Model(inputs, outputs, name="tiny")


class SquaresLoader:
    """Pictures of noise with a coloured corner that tells the class; offers what `PictureLoader` offers.

    Args:
        num_pictures: N.
        batch_size: pictures per batch.
        seed: of the pictures and of the order.
        shuffle: a new order in every epoch.
        class_weights: for the loss.
    """

    is_augmented = False

    def __init__(self, num_pictures: int = 44, *, batch_size: int = 8, seed: int = 5, shuffle: bool = True,
                 class_weights: np.ndarray | None = None):
        generator = np.random.default_rng(seed)
        self.num_classes, self.num_pictures = NUM_CLASSES, num_pictures
        self.num_batches = -(-num_pictures // batch_size)
        self.labels = np.arange(num_pictures, dtype=np.int32) % NUM_CLASSES
        self.class_weights = class_weights
        self.options = _Order(batch_size, seed, shuffle)
        self.pictures = generator.integers(0, 256, (num_pictures, SIZE, SIZE, 3)).astype(np.uint8)
        self.pictures[np.arange(num_pictures), :4, :4, self.labels % 3] = 60 * self.labels[:, None, None]

    @property
    def identity(self) -> str:
        """Of the pictures."""
        return str(self.pictures.sum())

    def unaugmented(self) -> "SquaresLoader":
        """Return the same pictures in a fixed order."""
        return SquaresLoader(self.num_pictures, batch_size=self.options.batch_size, seed=self.options.seed, shuffle=False)

    def epoch(self, epoch: int, start_batch: int = 0):
        """Yield batches."""
        options = self.options
        order = epoch_order(self.labels, seed=options.seed, epoch=epoch, shuffle=options.shuffle, balanced=False)
        for start in range(start_batch * options.batch_size, self.num_pictures, options.batch_size):
            chosen = order[start : start + options.batch_size]
            labels = np.eye(NUM_CLASSES, dtype=np.float32)[self.labels[chosen]]
            yield Batch(self.pictures[chosen], labels, np.ones(len(chosen), np.float32))


class _Order:
    def __init__(self, batch_size: int, seed: int, shuffle: bool):
        self.batch_size, self.seed, self.shuffle, self.balanced = batch_size, seed, shuffle, False


def train_tiny(folder, *, epochs: int = 4, accum_steps: int = 1, options: dict[str, Any] | None = None,
               loaders: tuple[Any, Any] | None = None, **hyperparams: Any) -> PipelineResult:
    """Train the tiny model in `folder`; called again it goes on."""
    train, validation = loaders or (SquaresLoader(), SquaresLoader(12, seed=9, shuffle=False))
    chosen = {"learning_rate": 0.01, "cache_features": False, **hyperparams}
    return run_model_pipeline(
        create_tiny_model, "tiny", chosen, (SIZE, SIZE, 3), NUM_CLASSES, train, validation, epochs, accum_steps,
        run_folder=folder, options=PipelineOptions(**{"seed": 3, **(options or {})}),
    )


def weights_of(result: PipelineResult) -> np.ndarray:
    """Return all variables of the trained model as one vector."""
    return np.concatenate([keras.ops.convert_to_numpy(v).ravel().astype(np.float64) for v in result.model.variables])


def rows_of(result: PipelineResult) -> list[dict[str, Any]]:
    """Return the history without the columns that measure time."""
    return [{k: v for k, v in row.items() if k not in ("seconds", "cpu_seconds", "data_wait")} for row in result.history]
