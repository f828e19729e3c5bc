import hashlib
from dataclasses import replace

import h5py
import keras
import numpy as np
import pytest

from car_classifier.base.errors import DataError, UserError
from models.freezing import backbone_layers
from models.model1 import create_model1_model
from models.pretrained import default_weights_dir, load_backbone_weights, locate_weights, weights_at_hand
from models.registry import MODELS
from models.resnet50 import create_resnet50_model
from models.squeezenet import create_squeezenet_model

FILE = "squeezenet_v1.1_imagenet_notop.h5"


def save_without_top(network, path):
    """Write the weights as Keras published them: the legacy format, without the model around them."""
    full = path.with_name("full.h5")
    network.save(full)
    with h5py.File(full) as source, h5py.File(path, "w") as target:
        target.attrs.update(source["model_weights"].attrs)
        for name in source["model_weights"]:
            source.copy(f"model_weights/{name}", target)


def backbone_weights(model):
    return [weight for layer in backbone_layers(model) for weight in layer.get_weights()]


def assert_same_weights(given, expected):
    assert len(given) == len(expected)
    for one, other in zip(given, expected, strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.fixture
def publish(monkeypatch):
    """Function that makes a local file the published weights of SqueezeNet."""

    def put(path, file_hash):
        entry = MODELS["squeezenet"]
        weights = replace(entry.weights[0], url=path.as_uri(), file_hash=file_hash)
        monkeypatch.setitem(MODELS, "squeezenet", replace(entry, weights=(weights,)))

    return put


def test_real_squeezenet_weights_fill_the_backbone_in_order(real_data):
    path = real_data / "weights" / FILE
    model = create_squeezenet_model((64, 64, 3), 3, weights=path)
    with h5py.File(path) as file:
        names = [name for layer in file.attrs["layer_names"] for name in file[layer].attrs["weight_names"]]
        layers = [layer for layer in file.attrs["layer_names"] for _ in file[layer].attrs["weight_names"]]
        arrays = [file[layer][name][()] for layer, name in zip(layers, names, strict=True)]
    assert sum(array.size for array in arrays) == 722_496
    assert_same_weights(backbone_weights(model), arrays)


def test_published_file_is_found_in_the_folder_of_weights(real_data):
    folder = real_data / "weights"
    assert weights_at_hand("squeezenet", folder) == folder / FILE
    assert locate_weights("squeezenet", "imagenet", folder) == folder / FILE
    assert locate_weights("squeezenet", FILE, folder) == folder / FILE


def test_folder_of_weights_follows_the_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("CAR_CLASSIFIER_HOME", str(tmp_path))
    assert default_weights_dir() == tmp_path / "weights"


@pytest.mark.parametrize("weights", [None, "none"])
def test_random_weights_need_no_file(weights, tmp_path):
    assert locate_weights("resnet50", weights, tmp_path) is None
    assert weights_at_hand("resnet50", tmp_path) is None


@pytest.mark.slow
def test_published_form_of_resnet_loads_in_order(tmp_path):
    network = keras.applications.ResNet50(include_top=False, weights=None, input_shape=(32, 32, 3))
    save_without_top(network, tmp_path / "notop.h5")
    model = create_resnet50_model((48, 48, 3), 3, fc_layers=(), weights=tmp_path / "notop.h5")
    assert_same_weights(backbone_weights(model), network.get_weights())


@pytest.mark.parametrize("ending", [".weights.h5", ".keras"])
def test_own_model_with_other_classes_and_head_hands_on_its_backbone(tmp_path, ending):
    source = create_model1_model((16, 16, 3), 5, fc_layers=(4, 4))
    path = tmp_path / f"model{ending}"
    source.save(path) if ending == ".keras" else source.save_weights(path)
    model = create_model1_model((24, 24, 3), 3, weights=path)
    assert_same_weights(backbone_weights(model), backbone_weights(source))


@pytest.mark.parametrize("ending", [".h5", ".weights.h5", ".keras"])
def test_damaged_file_is_named(tmp_path, small_model, ending):
    path = tmp_path / f"broken{ending}"
    path.write_bytes(b"\x89HDF\r\n\x1a\n" + bytes(100))
    with pytest.raises(DataError, match=f"broken{ending} cannot be read as weights"):
        load_backbone_weights(small_model("squeezenet"), path)


@pytest.mark.parametrize("ending", [".weights.h5", ".keras"])
def test_weights_of_another_network_are_refused(tmp_path, small_model, ending):
    path = tmp_path / f"other{ending}"
    other = create_model1_model((16, 16, 3), 3, fc_layers=())
    other.save(path) if ending == ".keras" else other.save_weights(path)
    with pytest.raises(UserError, match=f"other{ending} holds no weights for the backbone of model 'squeezenet'"):
        load_backbone_weights(create_squeezenet_model((31, 31, 3), 3), path)


def test_published_file_that_changed_is_named(tmp_path):
    (tmp_path / FILE).write_bytes(b"changed")
    with pytest.raises(DataError, match=f"{FILE} is damaged: its hash is"):
        locate_weights("squeezenet", "imagenet", tmp_path)


def test_missing_file_is_named(tmp_path):
    with pytest.raises(UserError, match="There is no file of weights 'nowhere/mine.h5'"):
        locate_weights("squeezenet", "nowhere/mine.h5", tmp_path)


def test_failed_download_says_which_file_to_put_where(tmp_path, publish):
    publish(tmp_path / "absent.h5", "0" * 32)
    with pytest.raises(UserError) as caught:
        locate_weights("squeezenet", "imagenet", tmp_path / "weights")
    message = str(caught.value)
    assert len(message.splitlines()) <= 3
    assert FILE in message and str(tmp_path / "weights") in message and "--weights none" in message


def test_download_arrives_under_its_name_and_leaves_stdout_alone(tmp_path, publish, capsys):
    (tmp_path / "origin.h5").write_bytes(b"weights")
    publish(tmp_path / "origin.h5", hashlib.md5(b"weights").hexdigest())
    path = locate_weights("squeezenet", "imagenet", tmp_path / "weights")
    assert path.read_bytes() == b"weights"
    assert [file.name for file in path.parent.iterdir()] == [FILE]
    assert capsys.readouterr().out == ""
