"""Weights that others trained and published: where each file comes from, by whom, under which licence."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

_KERAS = "https://storage.googleapis.com/tensorflow/keras-applications"
_SQUEEZENET = "https://github.com/rcmalli/keras-squeezenet"
_HUB = "https://huggingface.co/timm"

# The end of the hub's names: trained on ImageNet-1k, or on ImageNet-22k and then fine-tuned on ImageNet-1k.
CONVNEXT = {"imagenet": "fb_in1k", "imagenet22k": "fb_in22k_ft_in1k"}
CONVNEXTV2 = {"imagenet": "fcmae_ft_in1k", "imagenet22k": "fcmae_ft_in22k_in1k"}


@dataclass(frozen=True)
class PublishedWeights:
    """Weights that others trained and published.

    Args:
        name: what `weights` calls them ("imagenet").
        file_name: the file's name in the folder of downloaded weights.
        url: where the file is downloaded from.
        file_hash: its MD5 (32 hex digits) or SHA-256 (64); None where the publisher tells none.
        source: who trained them.
        licence: under which licence they are published.
        width_multiplier: of the network that they fit, where its width can be chosen.
    """

    name: str
    file_name: str
    url: str
    file_hash: str | None
    source: str
    licence: str
    width_multiplier: float = 1.0


def _keras(folder: str, file_name: str, file_hash: str | None, source: str, licence: str) -> PublishedWeights:
    url = f"{_KERAS}/{folder}" if folder else _KERAS.replace("/tensorflow", "")
    return PublishedWeights("imagenet", file_name, f"{url}/{file_name}", file_hash, source, licence)


def efficientnet_weights(scaling: str, file_hash: str) -> tuple[PublishedWeights, ...]:
    """Return the published weights of EfficientNet "b0" … "b7"."""
    source = "Keras Applications, ported from Google Brain, github.com/tensorflow/tpu"
    return (_keras("", f"efficientnet{scaling}_notop.h5", file_hash, source, "Apache 2.0"),)


def convnext_weights(name: str, tags: Mapping[str, str]) -> tuple[PublishedWeights, ...]:
    """Return the weights of a ConvNeXt on the Hugging Face hub.

    Args:
        name: the model's name, here and in timm.
        tags: what we call the weights to the end of the hub's name ("fb_in1k").
    """
    second = name.startswith("convnextv2")
    repository = "facebookresearch/ConvNeXt-V2" if second else "facebookresearch/ConvNeXt"
    return tuple(
        PublishedWeights(
            weights,
            f"{name}.{tag}.safetensors",
            f"{_HUB}/{name}.{tag}/resolve/main/model.safetensors",
            None,
            f"Meta AI, github.com/{repository}, ported by R. Wightman, timm ({tag})",
            "CC BY-NC 4.0, not for commercial use" if second else "Apache 2.0",
        )
        for weights, tag in tags.items()
    )


def mobilenet_weights(
    folder: str, file_name: str, files: Mapping[float, tuple[str, str | None]]
) -> tuple[PublishedWeights, ...]:
    """Return the published weights of a MobileNet, trained on pictures of 224 pixels.

    Args:
        folder: of the files on the publisher's site.
        file_name: with "{width}" in the place of the width.
        files: width multiplier to how it is spelled there and the file's MD5, which not all have.
    """
    source = "Keras Applications, ported from Google, github.com/tensorflow/models"
    return tuple(
        replace(_keras(folder, file_name.format(width=spelled), file_hash, source, "Apache 2.0"), width_multiplier=width)
        for width, (spelled, file_hash) in files.items()
    )


VGG16 = _keras(
    "vgg16",
    "vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5",
    "6d6bbae143d832006294945121d1f1fc",
    "Keras Applications, ported from the Visual Geometry Group, University of Oxford",
    "CC BY 4.0",
)
RESNET50 = _keras(
    "resnet",
    "resnet50_weights_tf_dim_ordering_tf_kernels_notop.h5",
    "4d473c1dd8becc155b73f8504c6f6626",
    "Keras Applications, ported from K. He, github.com/KaimingHe/deep-residual-networks",
    "MIT",
)
DENSENET121 = _keras(
    "densenet",
    "densenet121_weights_tf_dim_ordering_tf_kernels_notop.h5",
    "30ee3e1110167f948a6b9946edeeb738",
    "Keras Applications, ported from Z. Liu, github.com/liuzhuang13/DenseNet",
    "BSD 3-Clause",
)
INCEPTIONV3 = _keras(
    "inception_v3",
    "inception_v3_weights_tf_dim_ordering_tf_kernels_notop.h5",
    "bcbd6486424b2319ff4ef7d526e38f63",
    "Keras Applications, trained by F. Chollet after Google's recipe",
    "Apache 2.0",
)
SQUEEZENET = PublishedWeights(
    "imagenet",
    "squeezenet_v1.1_imagenet_notop.h5",
    f"{_SQUEEZENET}/releases/download/v1.0/squeezenet_weights_tf_dim_ordering_tf_kernels_notop.h5",
    "17154246284f555591549ac2c83e127abfbf4307dc4b0060fdaa2931d0fa38da",
    "R. C. Malli, github.com/rcmalli/keras-squeezenet, ported from github.com/forresti/SqueezeNet",
    "MIT",
)
