
import h5py
import keras
import numpy as np
import pytest

from car_classifier.base.errors import DataError, UserError
from models.freezing import backbone_layers
from models.model1 import create_model1_model
from models.pretrained import load_backbone_weights
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


def test_real_squeezenet_weights_fill_the_backbone_in_order(real_data):
    path = real_data / "weights" / FILE
    model = create_squeezenet_model((64, 64, 3), 3, weights=path)
    with h5py.File(path) as file:
        names = [name for layer in file.attrs["layer_names"] for name in file[layer].attrs["weight_names"]]
        layers = [layer for layer in file.attrs["layer_names"] for _ in file[layer].attrs["weight_names"]]
        arrays = [file[layer][name][()] for layer, name in zip(layers, names, strict=True)]
    assert sum(array.size for array in arrays) == 722_496
    assert_same_weights(backbone_weights(model), arrays)


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
    with pytest.raises(UserError, match=f"other{ending} does not fit the backbone of model 'squeezenet'"):
        load_backbone_weights(create_squeezenet_model((31, 31, 3), 3), path)


def test_file_of_other_shapes_is_refused_before_its_numbers_are_read(tmp_path, small_model):
    path = tmp_path / "bomb.h5"
    with h5py.File(path, "w") as file:
        names = [f"layer{number}" for number in range(25)]
        file.attrs["layer_names"] = names
        for name in names:
            file.create_group(name).attrs["weight_names"] = ["kernel", "bias"]
            for weight in ("kernel", "bias"):  # 4 TB, of which none is written
                file[name].create_dataset(weight, (10**6, 10**6), "f4", chunks=(1000, 1000), compression="gzip")
    with pytest.raises(UserError, match="layer conv1 has weights of 3×3×3×64, 64; received: 1000000×1000000, "):
        load_backbone_weights(small_model("squeezenet"), path)


def test_numbers_that_were_never_written_are_refused_before_they_take_memory(tmp_path, small_model):
    path = tmp_path / "bomb.weights.h5"
    small_model("squeezenet").save_weights(path)
    with h5py.File(path, "a") as file:
        group = file["layers/conv2d/vars"]
        del group["0"]
        group.create_dataset("0", (10**6, 10**6), "f4", chunks=(1000, 1000), compression="gzip")
    with pytest.raises(DataError, match="layers/conv2d/vars/0 is compressed or was never written"):
        load_backbone_weights(small_model("squeezenet"), path)
