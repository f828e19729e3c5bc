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


@pytest.mark.parametrize("name", ["alexnet", "model1", "resnet20"])
def test_weights_that_nobody_published_are_refused(name):
    with pytest.raises(
        UserError, match=f"No 'imagenet' weights are published for model '{name}'.*trained from scratch"
    ):
        find_published_weights(name, "imagenet")


def test_table_and_settings_load_no_keras():
    code = "import sys, models.registry, models.config; sys.exit(any(m in sys.modules for m in ('keras', 'h5py')))"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
