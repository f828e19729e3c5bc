import subprocess
import sys

import pytest

from car_classifier.base.errors import UnknownNameError, UserError
from models.config import ModelConfig
from models.registry import MODELS, find_published_weights, model_entry


def test_an_unknown_model_is_answered_with_the_nearest():
    with pytest.raises(UnknownNameError, match="Unknown model 'vgg61'. Did you mean 'vgg16'?"):
        model_entry("vgg61")


def test_published_weights_name_source_and_licence():
    published = [weights for entry in MODELS.values() for weights in entry.weights]
    assert published
    assert all(weights.source and weights.licence and weights.url.startswith("https://") for weights in published)


@pytest.mark.parametrize(("sizes", "imagenet", "imagenet22k"), [
    ("convnext_tiny convnext_small convnext_base convnext_large", ".fb_in1k", ".fb_in22k_ft_in1k"),
    ("convnext_xlarge", None, ".fb_in22k_ft_in1k"),
    ("convnextv2_atto convnextv2_femto convnextv2_pico", ".fcmae_ft_in1k", None),
    ("convnextv2_nano convnextv2_tiny convnextv2_base convnextv2_large", ".fcmae_ft_in1k", ".fcmae_ft_in22k_in1k"),
    ("convnextv2_huge", ".fcmae_ft_in1k", ".fcmae_ft_in22k_in1k_384"),
])
def test_weights_of_convnext_are_called_as_on_the_hub(sizes, imagenet, imagenet22k):
    expected = {name: tag for name, tag in (("imagenet", imagenet), ("imagenet22k", imagenet22k)) if tag}
    for size in sizes.split():
        files = {entry.name: entry.url for entry in MODELS[size].weights}
        assert files == {
            name: f"https://huggingface.co/timm/{size}{tag}/resolve/main/model.safetensors" for name, tag in expected.items()
        }


@pytest.mark.parametrize("name", ["alexnet", "model1", "resnet20"])
def test_weights_that_nobody_published_are_refused(name):
    with pytest.raises(
        UserError, match=f"No 'imagenet' weights are published for model '{name}'.*trained from scratch"
    ):
        find_published_weights(name, "imagenet")


@pytest.mark.slow
@pytest.mark.parametrize("name", ["mobilenet", "mobilenetv2", "mobilenetv3_small", "mobilenetv3_large"])
def test_weights_of_mobilenets_are_those_that_keras_fetches_for_each_width(name, monkeypatch):
    import keras

    class Asked(Exception):
        pass

    def get_file(file_name, origin, *, file_hash=None, **_):
        raise Asked(file_name, origin, file_hash)

    monkeypatch.setattr("keras.src.utils.file_utils.get_file", get_file)
    makers = {"mobilenet": "MobileNet", "mobilenetv2": "MobileNetV2", "mobilenetv3_small": "MobileNetV3Small",
              "mobilenetv3_large": "MobileNetV3Large"}
    network = getattr(keras.applications, makers[name])
    assert MODELS[name].weights[0].width_multiplier == 1
    for weights in MODELS[name].weights:
        with pytest.raises(Asked) as asked:
            network((224, 224, 3), alpha=weights.width_multiplier, include_top=False, weights="imagenet")
        assert asked.value.args == (weights.file_name, weights.url, weights.file_hash)


def test_weights_are_those_of_the_width_that_was_chosen():
    assert ModelConfig(name="mobilenetv2", width_multiplier=0.35).entry.weights[0].file_name.endswith("_0.35_224_no_top.h5")
    assert [weights.width_multiplier for weights in ModelConfig(name="mobilenetv2").entry.weights] == [1]
    assert ModelConfig(name="mobilenetv2", width_multiplier=0.6).entry.weights == ()
    with pytest.raises(UserError, match="for model 'mobilenet' of width 0.6. Published: those of width 1, 0.75, 0.5, 0.25."):
        find_published_weights("mobilenet", "imagenet", width_multiplier=0.6)


def test_table_and_settings_load_no_keras():
    code = "import sys, models.registry, models.config; sys.exit(any(m in sys.modules for m in ('keras', 'h5py')))"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
