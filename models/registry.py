"""The table of models: where each is made, the pictures it takes and the weights published for it."""

from dataclasses import dataclass

from car_classifier.base.errors import UserError
from car_classifier.base.registry import check_name
from models.head_options import HeadOptions

_KERAS = "https://storage.googleapis.com/tensorflow/keras-applications"
_SQUEEZENET = "https://github.com/rcmalli/keras-squeezenet"


@dataclass(frozen=True)
class PublishedWeights:
    """Weights that others trained and published, without the classifier.

    Args:
        name: what `weights` calls them ("imagenet").
        file_name: the file's name in the folder of downloaded weights.
        url: where the file is downloaded from.
        file_hash: its MD5 (32 hex digits) or SHA-256 (64).
        source: who trained them.
        licence: under which licence they are published.
    """

    name: str
    file_name: str
    url: str
    file_hash: str
    source: str
    licence: str


@dataclass(frozen=True)
class ModelEntry:
    """One line of the table.

    Args:
        create: "module:function" of `create_<name>_model`.
        image_size: default height and width of pictures, in pixels.
        min_image_size: smallest height and width that the backbone can take, in pixels.
        head: the model's own head.
        weights: published weights, none for models that are always trained from scratch.
    """

    create: str
    image_size: int
    min_image_size: int
    head: HeadOptions
    weights: tuple[PublishedWeights, ...] = ()


def _keras_weights(folder: str, file_name: str, file_hash: str, source: str, licence: str) -> PublishedWeights:
    return PublishedWeights("imagenet", file_name, f"{folder}/{file_name}", file_hash, source, licence)


_RESNET50 = _keras_weights(
    f"{_KERAS}/resnet",
    "resnet50_weights_tf_dim_ordering_tf_kernels_notop.h5",
    "4d473c1dd8becc155b73f8504c6f6626",
    "Keras Applications, ported from K. He, github.com/KaimingHe/deep-residual-networks",
    "MIT",
)

MODELS: dict[str, ModelEntry] = {
    "alexnet": ModelEntry("models.alexnet:create_alexnet_model", 224, 67, HeadOptions(fc_layers=(4096, 4096))),
    "vgg16": ModelEntry(
        "models.vgg16:create_vgg16_model",
        224,
        32,
        HeadOptions(),
        (
            _keras_weights(
                f"{_KERAS}/vgg16",
                "vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5",
                "6d6bbae143d832006294945121d1f1fc",
                "Keras Applications, ported from the Visual Geometry Group, University of Oxford",
                "CC BY 4.0",
            ),
        ),
    ),
    "resnet50": ModelEntry("models.resnet50:create_resnet50_model", 224, 32, HeadOptions(pooling="average"), (_RESNET50,)),
    "densenet121": ModelEntry(
        "models.densenet121:create_densenet121_model",
        224,
        32,
        HeadOptions(custom_layers=False),
        (
            _keras_weights(
                f"{_KERAS}/densenet",
                "densenet121_weights_tf_dim_ordering_tf_kernels_notop.h5",
                "30ee3e1110167f948a6b9946edeeb738",
                "Keras Applications, ported from Z. Liu, github.com/liuzhuang13/DenseNet",
                "BSD 3-Clause",
            ),
        ),
    ),
    "imagenet": ModelEntry("models.imagenet:create_imagenet_model", 224, 32, HeadOptions(), (_RESNET50,)),
    "efficientnetb0": ModelEntry(
        "models.efficientnetb0:create_efficientnetb0_model",
        224,
        32,
        HeadOptions(),
        (
            _keras_weights(
                "https://storage.googleapis.com/keras-applications",
                "efficientnetb0_notop.h5",
                "50bc09e76180e00e4465e1a485ddc09d",
                "Keras Applications, ported from Google Brain, github.com/tensorflow/tpu",
                "Apache 2.0",
            ),
        ),
    ),
    "inceptionv3": ModelEntry(
        "models.inceptionv3:create_inceptionv3_model",
        224,
        75,
        HeadOptions(custom_layers=False, pooling="average"),
        (
            _keras_weights(
                f"{_KERAS}/inception_v3",
                "inception_v3_weights_tf_dim_ordering_tf_kernels_notop.h5",
                "bcbd6486424b2319ff4ef7d526e38f63",
                "Keras Applications, trained by F. Chollet after Google's recipe",
                "Apache 2.0",
            ),
        ),
    ),
    "model1": ModelEntry(
        "models.model1:create_model1_model", 64, 8, HeadOptions(fc_layers=(256,), custom_layers=False, pooling="average")
    ),
    "squeezenet": ModelEntry(
        "models.squeezenet:create_squeezenet_model",
        224,
        31,
        HeadOptions(custom_layers=False, pooling="average"),
        (
            PublishedWeights(
                "imagenet",
                "squeezenet_v1.1_imagenet_notop.h5",
                f"{_SQUEEZENET}/releases/download/v1.0/squeezenet_weights_tf_dim_ordering_tf_kernels_notop.h5",
                "17154246284f555591549ac2c83e127abfbf4307dc4b0060fdaa2931d0fa38da",
                "R. C. Malli, github.com/rcmalli/keras-squeezenet, ported from github.com/forresti/SqueezeNet",
                "MIT",
            ),
        ),
    ),
}


def model_entry(name: str) -> ModelEntry:
    """Return the table's line for `name`.

    Raises:
        UnknownNameError: lists the known models and the nearest name.
    """
    return MODELS[check_name("model", name, MODELS)]


def published_weights(name: str, weights: str) -> PublishedWeights:
    """Return the weights that the table lists for model `name` under `weights` ("imagenet", …).

    Raises:
        UserError: none of that name are published; the message lists those that are.
    """
    entries = {entry.name: entry for entry in model_entry(name).weights}
    if weights not in entries:
        known = ", ".join(entries) or "none: it is trained from scratch"
        raise UserError(
            f"No {weights!r} weights are published for model {name!r}. Published: {known}.\n"
            "Pass --weights none, or --weights with a file of your own."
        )
    return entries[weights]
