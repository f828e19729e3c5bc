"""The table of models: where each is made, the pictures it takes, its own options and the weights published for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from car_classifier.base.errors import UserError
from car_classifier.base.registry import check_name
from models import published_weights as published
from models.compound_scaling import COMPOUND_SCALINGS
from models.head_options import HeadOptions
from models.published_weights import PublishedWeights


@dataclass(frozen=True)
class ModelEntry:
    """One line of the table.

    Args:
        create: "module:function" of `create_<name>_model`.
        image_size: default height and width of pictures, in pixels.
        min_image_size: smallest height and width that the backbone can take, in pixels.
        head: the model's own head.
        weights: published weights, none for models that are always trained from scratch; the first are the default.
        stages: name of the last layer of each stage, in order (see `models.stages`); none where the network has no clear ones.
        options: settings that only some networks have, with this one's defaults.
        scales_pictures: whether pictures and the dropout before the classifier grow with the option "scaling".
    """

    create: str
    image_size: int
    min_image_size: int
    head: HeadOptions
    weights: tuple[PublishedWeights, ...] = ()
    stages: tuple[str, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)
    scales_pictures: bool = False

    def scaled(self, scaling: str | None = None, width_multiplier: float | None = None) -> "ModelEntry":
        """Return the line at a compound scaling, "b0" … "b7", or a width; None takes the model's own."""
        if "width_multiplier" in self.options:
            width = width_multiplier or self.options["width_multiplier"]
            return replace(self, weights=tuple(weights for weights in self.weights if weights.width_multiplier == width))
        if not self.scales_pictures:
            return self
        chosen = COMPOUND_SCALINGS[scaling or self.options["scaling"]]
        return replace(self, image_size=chosen.image_size, head=self.head.replaced(classifier_dropout=chosen.dropout))


# What most papers put behind their networks: the mean of each channel, and one Dense layer.
_PLAIN = HeadOptions(fc_layers=(), spatial_dropout=0.0, custom_layers=False, gates="none", pooling="average")
_PLAIN_NORMALIZED = _PLAIN.replaced(normalization=True)
_GATED = HeadOptions(custom_layers=False, pooling="average")

_RESNET_STAGES = ("conv2_block3_out", "conv3_block4_out", "conv4_block6_out", "conv5_block3_out")


def _own_stages(count: int) -> tuple[str, ...]:
    """Our own networks call the last layer of a stage `stage<number>`."""
    return tuple(f"stage{number}" for number in range(1, count + 1))


def _convnext(name: str, tags: Mapping[str, str]) -> ModelEntry:
    return ModelEntry(
        f"models.{name.partition('_')[0]}:create_{name}_model",
        224,
        32,
        _PLAIN_NORMALIZED,
        published.convnext_weights(name, tags),
        _own_stages(4),
        {"stochastic_depth": 0.0},
    )


def _efficientnet(scaling: str, head: HeadOptions, block_letters: str, file_hash: str) -> ModelEntry:
    """`block_letters`: the letter of the last block of each stage; stages of one block end without an addition."""
    stages = (
        f"block{number}{letter}_{'project_bn' if letter == 'a' else 'add'}"
        for number, letter in enumerate(block_letters, start=1)
    )
    weights = published.efficientnet_weights(scaling, file_hash)
    create = f"models.efficientnet:create_efficientnet{scaling}_model"
    size = COMPOUND_SCALINGS[scaling].image_size
    return ModelEntry(create, size, 32, head, weights, tuple(stages))


def _mobilenet(name: str, stages: tuple[str, ...], weights: tuple[PublishedWeights, ...]) -> ModelEntry:
    return ModelEntry(f"models.mobilenet:create_{name}_model", 224, 32, _PLAIN, weights, stages, {"width_multiplier": 1.0})


MODELS: dict[str, ModelEntry] = {
    "alexnet": ModelEntry(
        "models.alexnet:create_alexnet_model", 224, 67, HeadOptions(fc_layers=(4096, 4096)), stages=("pool1", "pool2", "pool5")
    ),
    "vgg16": ModelEntry(
        "models.vgg16:create_vgg16_model", 224, 32, HeadOptions(), (published.VGG16,),
        ("block1_pool", "block2_pool", "block3_pool", "block4_pool", "block5_pool"),
    ),
    "resnet50": ModelEntry(
        "models.resnet50:create_resnet50_model", 224, 32, HeadOptions(pooling="average"), (published.RESNET50,), _RESNET_STAGES
    ),
    "densenet121": ModelEntry(
        "models.densenet121:create_densenet121_model", 224, 32, HeadOptions(custom_layers=False), (published.DENSENET121,),
        ("conv2_block6_concat", "conv3_block12_concat", "conv4_block24_concat", "conv5_block16_concat"),
    ),
    "imagenet": ModelEntry(
        "models.imagenet:create_imagenet_model", 224, 32, HeadOptions(), (published.RESNET50,), _RESNET_STAGES
    ),
    "efficientnetb0": _efficientnet("b0", HeadOptions(), "abbccda", "50bc09e76180e00e4465e1a485ddc09d"),
    "efficientnetb1": _efficientnet("b1", _GATED, "bccddeb", "74c4e6b3e1f6a1eea24c589628592432"),
    "efficientnetb2": _efficientnet("b2", _GATED, "bccddeb", "111f8e2ac8aa800a7a99e3239f7bfb39"),
    "efficientnetb3": _efficientnet("b3", _GATED, "bcceefb", "af6d107764bb5b1abb91932881670226"),
    "efficientnetb4": _efficientnet("b4", _GATED, "bddffhb", "ebc24e6d6c33eaebbd558eafbeedf1ba"),
    "efficientnetb5": _efficientnet("b5", _GATED, "ceeggic", "38879255a25d3c92d5e44e04ae6cec6f"),
    "efficientnetb6": _efficientnet("b6", _GATED, "cffhhkc", "9ecce42647a20130c1f39a5d4cb75743"),
    "efficientnetb7": _efficientnet("b7", _GATED, "dggjjmd", "cbcfe4450ddf6f3ad90b1b398090fe4a"),
    "inceptionv3": ModelEntry(
        "models.inceptionv3:create_inceptionv3_model", 224, 75, _GATED, (published.INCEPTIONV3,),
        ("mixed2", "mixed7", "mixed10"),
    ),
    "model1": ModelEntry("models.model1:create_model1_model", 64, 8, _GATED.replaced(fc_layers=(256,))),
    "squeezenet": ModelEntry(
        "models.squeezenet:create_squeezenet_model", 224, 31, _GATED, (published.SQUEEZENET,),
        ("fire3_concat", "fire5_concat", "fire9_concat"),
    ),
    "squeezenet_32": ModelEntry(
        "models.squeezenet:create_squeezenet_32_model", 32, 17, _PLAIN.replaced(classifier_dropout=0.5),
        (published.SQUEEZENET,), ("fire3_concat", "fire5_concat", "fire9_concat"),
    ),
    "convnext_tiny": _convnext("convnext_tiny", published.CONVNEXT),
    "convnext_small": _convnext("convnext_small", published.CONVNEXT),
    "convnext_base": _convnext("convnext_base", published.CONVNEXT),
    "convnext_large": _convnext("convnext_large", published.CONVNEXT),
    "convnext_xlarge": _convnext("convnext_xlarge", {"imagenet22k": published.CONVNEXT["imagenet22k"]}),
    "convnextv2_atto": _convnext("convnextv2_atto", {"imagenet": published.CONVNEXTV2["imagenet"]}),
    "convnextv2_femto": _convnext("convnextv2_femto", {"imagenet": published.CONVNEXTV2["imagenet"]}),
    "convnextv2_pico": _convnext("convnextv2_pico", {"imagenet": published.CONVNEXTV2["imagenet"]}),
    "convnextv2_nano": _convnext("convnextv2_nano", published.CONVNEXTV2),
    "convnextv2_tiny": _convnext("convnextv2_tiny", published.CONVNEXTV2),
    "convnextv2_base": _convnext("convnextv2_base", published.CONVNEXTV2),
    "convnextv2_large": _convnext("convnextv2_large", published.CONVNEXTV2),
    # Published at 384 pixels only.
    "convnextv2_huge": _convnext("convnextv2_huge", {**published.CONVNEXTV2, "imagenet22k": "fcmae_ft_in22k_in1k_384"}),
    "mobilenet": _mobilenet(
        "mobilenet",
        ("conv_pw_1_relu", "conv_pw_3_relu", "conv_pw_5_relu", "conv_pw_11_relu", "conv_pw_13_relu"),
        published.mobilenet_weights(
            "mobilenet", "mobilenet_{width}_224_tf_no_top.h5",
            {1.0: ("1_0", None), 0.75: ("7_5", None), 0.5: ("5_0", None), 0.25: ("2_5", None)},
        ),
    ),
    "mobilenetv2": _mobilenet(
        "mobilenetv2",
        ("expanded_conv_project_BN|expanded_conv_add", "block_2_add", "block_5_add", "block_9_add", "block_12_add",
         "block_15_add", "block_16_project_BN|block_16_add"),
        published.mobilenet_weights(
            "mobilenet_v2", "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_{width}_224_no_top.h5",
            {width: (str(width), None) for width in (1.0, 0.35, 0.5, 0.75, 1.3, 1.4)},
        ),
    ),
    "mobilenetv3_small": _mobilenet(
        "mobilenetv3_small",
        ("expanded_conv_project_bn", "expanded_conv_2_add", "expanded_conv_5_add", "expanded_conv_7_add",
         "expanded_conv_10_add"),
        published.mobilenet_weights(
            "mobilenet_v3", "weights_mobilenet_v3_small_224_{width}_float_no_top_v2.h5",
            {1.0: ("1.0", "d3e8ec802a04aa4fc771ee12a9a9b836"), 0.75: ("0.75", "ebdb5cc8e0b497cd13a7c275d475c819")},
        ),
    ),
    "mobilenetv3_large": _mobilenet(
        "mobilenetv3_large",
        ("expanded_conv_project_bn|expanded_conv_add", "expanded_conv_2_add", "expanded_conv_5_add", "expanded_conv_9_add",
         "expanded_conv_11_add", "expanded_conv_14_add"),
        published.mobilenet_weights(
            "mobilenet_v3", "weights_mobilenet_v3_large_224_{width}_float_no_top_v2.h5",
            {1.0: ("1.0", "07fb09a5933dd0c8eaafa16978110389"), 0.75: ("0.75", "40af19a13ebea4e2ee0c676887f69a2e")},
        ),
    ),
    "simple_cnn": ModelEntry(
        "models.simple_cnn:create_simple_cnn_model", 32, 8, _PLAIN.replaced(fc_layers=(128,), dropout=0.0, pooling="flatten"),
        options={"filters": (32, 64), "kernel_size": 3},
    ),
    "resnet20": ModelEntry("models.cifar_resnet:create_resnet20_model", 32, 8, _PLAIN, stages=_own_stages(3)),
    "resnet32": ModelEntry("models.cifar_resnet:create_resnet32_model", 32, 8, _PLAIN, stages=_own_stages(3)),
    "efficientnet_scratch": ModelEntry(
        "models.efficientnet_scratch:create_efficientnet_scratch_model", COMPOUND_SCALINGS["b0"].image_size, 32,
        _PLAIN.replaced(classifier_dropout=COMPOUND_SCALINGS["b0"].dropout), stages=_own_stages(7),
        options={"scaling": "b0", "stochastic_depth": 0.2}, scales_pictures=True,
    ),
    "efficientnet_scratch_32": ModelEntry(
        "models.efficientnet_scratch:create_efficientnet_scratch_32_model", 32, 8, _PLAIN.replaced(classifier_dropout=0.2),
        stages=_own_stages(4), options={"scaling": "b0", "stochastic_depth": 0.1},
    ),
}


def model_entry(name: str) -> ModelEntry:
    """Return the table's line for `name`.

    Raises:
        UnknownNameError: lists the known models and the nearest name.
    """
    return MODELS[check_name("model", name, MODELS)]


def find_published_weights(name: str, weights: str, *, width_multiplier: float | None = None) -> PublishedWeights:
    """Return the weights that the table lists for model `name` under `weights` ("imagenet", …).

    Args:
        width_multiplier: of the network; None: the model's own.

    Raises:
        UserError: none of that name are published; the message lists those that are.
    """
    entry = model_entry(name)
    fitting = {one.name: one for one in entry.scaled(width_multiplier=width_multiplier).weights}
    if weights not in fitting:
        widths = ", ".join(f"{one.width_multiplier:g}" for one in entry.weights)
        other_width = bool(entry.weights) and not fitting
        known = f"those of width {widths}" if other_width else ", ".join(fitting) or "none: it is trained from scratch"
        of_width = f" of width {width_multiplier:g}" if other_width else ""
        raise UserError(
            f"No {weights!r} weights are published for model {name!r}{of_width}. Published: {known}.\n"
            "Pass --weights none, or --weights with a file of your own."
        )
    return fitting[weights]
