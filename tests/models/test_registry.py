import subprocess
import sys

import pytest

from car_classifier.base.errors import UnknownNameError, UserError
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


def test_table_and_settings_load_no_keras():
    code = "import sys, models.registry, models.config; sys.exit(any(m in sys.modules for m in ('keras', 'h5py')))"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
