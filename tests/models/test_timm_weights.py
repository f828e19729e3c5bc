"""ConvNeXt equals timm's: the references were made by `references/timm_reference.py`."""

import shutil
from pathlib import Path

import keras
import numpy as np
import pytest
from keras.ops import convert_to_numpy
from safetensors.numpy import save_file

from car_classifier.base.errors import DataError, UserError
from models.convnext import convnext_backbone
from models.convnextv2 import create_convnextv2_atto_model
from models.features import split_at_head
from models.freezing import backbone_layers, pretrained_layers
from models.head import add_head
from models.pretrained import load_backbone_weights
from models.registry import MODELS
from models.timm_weights import read_tensors
from models.weight_files import locate_weights

FOLDER = Path(__file__).parent / "references"
FILES = ["convnext.safetensors", "convnextv2.safetensors", "convnextv2.pth"]


def tiny_network(name, stochastic_depth=0.0):
    pictures = keras.Input((64, 48, 3))
    features = convnext_backbone(
        pictures, depths=(1, 2, 1, 1), widths=(6, 8, 12, 16), response_norm=name.startswith("convnextv2"),
        stochastic_depth=stochastic_depth,
    )
    return keras.Model(pictures, add_head(features, 5, MODELS["convnextv2_atto"].head), name=name)


def filled_network(file):
    """The network with all of the file's weights, those of the classifier too."""
    network, tensors = tiny_network(file.stem, stochastic_depth=0.3), read_tensors(file)
    load_backbone_weights(network, file)
    network.get_layer("head_probabilities").set_weights([tensors["head.fc.weight"].T, tensors["head.fc.bias"]])
    return network


@pytest.mark.parametrize("file", FILES)
def test_outputs_equal_those_of_timm(file):
    network, answers = filled_network(FOLDER / file), np.load(FOLDER / "answers.npz")
    name, pictures = network.name, answers["pictures"]
    features = convert_to_numpy(split_at_head(network, pooled=False)[0](pictures))
    np.testing.assert_allclose(features, answers[f"{name}_features"], rtol=1e-4, atol=1e-4)
    np.testing.assert_allclose(convert_to_numpy(network(pictures)), answers[f"{name}_probabilities"], atol=1e-4)
    assert network.count_params() == sum(tensor.size for tensor in read_tensors(FOLDER / file).values())


def test_both_kinds_of_file_hold_the_same():
    one, other = (read_tensors(FOLDER / f"convnextv2.{ending}") for ending in ("safetensors", "pth"))
    assert one.keys() == other.keys()
    for name, tensor in one.items():
        np.testing.assert_array_equal(tensor, other[name])


def test_a_file_of_pytorch_may_end_in_pt_as_well(tmp_path):
    shutil.copy(FOLDER / "convnextv2.pth", tmp_path / "own.pt")
    network = tiny_network("convnextv2")
    load_backbone_weights(network, tmp_path / "own.pt")
    np.testing.assert_array_equal(network.get_weights()[0], filled_network(FOLDER / "convnextv2.pth").get_weights()[0])


def test_names_of_the_authors_own_files_are_understood(tmp_path):
    tensors = {}
    for name, tensor in read_tensors(FOLDER / "convnextv2.safetensors").items():
        for timm, own in (("stem.", "downsample_layers.0."), (".blocks.", "."), (".conv_dw.", ".dwconv."),
                          (".mlp.fc", ".pwconv"), (".mlp.grn.weight", ".grn.gamma"), (".mlp.grn.bias", ".grn.beta"),
                          ("head.norm.", "norm."), ("head.fc.", "head.")):
            name = name.replace(timm, own)
        if ".downsample." in name:
            name = "downsample_layers." + name.removeprefix("stages.").replace(".downsample.", ".")
        tensors[name] = tensor.reshape(1, 1, 1, -1) if ".grn." in name else tensor
    save_file(tensors, tmp_path / "own.safetensors")
    network = tiny_network("convnextv2")
    load_backbone_weights(network, tmp_path / "own.safetensors")
    for given, expected in zip(network.get_weights()[:-2], filled_network(FOLDER / FILES[1]).get_weights()[:-2], strict=True):
        np.testing.assert_array_equal(given, expected)


def test_weights_find_their_places_beside_blocks_behind_stages(tmp_path):
    plain = create_convnextv2_atto_model((32, 32, 3), 3)
    plain.save(tmp_path / "plain.keras")
    model = create_convnextv2_atto_model(
        (32, 32, 3), 3, weights=tmp_path / "plain.keras", scra_after_stages=[1], se_after_stages=[3], identity_start=True
    )
    pictures = np.random.default_rng(0).integers(0, 256, (2, 32, 32, 3))
    given, expected = (convert_to_numpy(split_at_head(one, pooled=False)[0](pictures)) for one in (model, plain))
    np.testing.assert_allclose(given, expected, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("ending", [".keras", ".weights.h5"])
@pytest.mark.parametrize("gates", ["none", "both"])
def test_normalisation_behind_the_pooling_is_handed_on_and_no_gate_of_the_head(tmp_path, ending, gates):
    source, path = create_convnextv2_atto_model((32, 32, 3), 3, gates=gates), tmp_path / f"own{ending}"
    source.get_layer("head_normalization").set_weights([np.full(320, 3.0), np.full(320, 0.7)])
    source.save(path) if ending == ".keras" else source.save_weights(path)
    model = create_convnextv2_atto_model((32, 32, 3), 5, gates="both", weights=path)
    ours, theirs = (one.get_layer("head_se").get_weights()[0] for one in (model, source)) if gates == "both" else (0, 1)
    assert np.all(ours != theirs)
    gamma, beta = model.get_layer("head_normalization").get_weights()
    assert (gamma == 3).all() and (beta == np.float32(0.7)).all()


@pytest.mark.parametrize("change", ["missing", "no last normalisation", "shape", "left over"])
def test_file_of_another_network_is_refused(tmp_path, change):
    tensors = read_tensors(FOLDER / "convnextv2.safetensors")
    if change == "missing":
        del tensors["stages.0.blocks.0.mlp.grn.bias"]
    elif change == "no last normalisation":
        del tensors["head.norm.weight"], tensors["head.norm.bias"]
    elif change == "shape":
        tensors["stages.0.blocks.0.conv_dw.weight"] = np.zeros((7, 1, 7, 7), "float32")
    else:
        tensors["stages.3.blocks.1.norm.weight"] = np.zeros(16, "float32")
    save_file(tensors, tmp_path / "other.safetensors")
    with pytest.raises(UserError, match="other.safetensors does not fit the backbone of model 'convnextv2'"):
        load_backbone_weights(tiny_network("convnextv2"), tmp_path / "other.safetensors")


def test_shapes_of_another_network_are_told_as_they_stand_in_the_file(tmp_path):
    tensors = read_tensors(FOLDER / "convnextv2.safetensors")
    tensors["stem.0.weight"] = np.zeros((5, 3, 4, 4), "float32")
    save_file(tensors, tmp_path / "other.safetensors")
    message = r"'stem.0.weight' has the shape \(5, 3, 4, 4\), which makes \(4, 4, 3, 5\) here; this network has \(4, 4, 3, 6\)"
    with pytest.raises(UserError, match=message):
        load_backbone_weights(tiny_network("convnextv2"), tmp_path / "other.safetensors")


@pytest.mark.parametrize("wrappers", ["module.", "_orig_mod.", "module._orig_mod.", "_orig_mod.module."])
def test_names_of_a_network_that_pytorch_wrapped_are_understood(tmp_path, wrappers):
    tensors = read_tensors(FOLDER / "convnextv2.safetensors")
    save_file({f"{wrappers}{name}": tensor for name, tensor in tensors.items()}, tmp_path / "own.safetensors")
    network = tiny_network("convnextv2")
    load_backbone_weights(network, tmp_path / "own.safetensors")
    expected = filled_network(FOLDER / "convnextv2.pth")
    for layer in pretrained_layers(network):
        for given, there in zip(layer.get_weights(), expected.get_layer(layer.name).get_weights(), strict=True):
            np.testing.assert_array_equal(given, there)


def test_files_of_tensors_are_refused_for_networks_whose_layers_are_called_otherwise(tmp_path):
    file = FOLDER / "convnextv2.safetensors"
    assert locate_weights("convnextv2_atto", file, tmp_path) == file
    with pytest.raises(UserError, match="files of tensors are read for ConvNeXt alone, .* and the model is 'resnet20'"):
        locate_weights("resnet20", file, tmp_path)


def test_damaged_file_that_was_downloaded_can_be_fetched_again(tmp_path):
    path = tmp_path / MODELS["convnextv2_atto"].weights[0].file_name
    path.write_bytes((FOLDER / "convnextv2.safetensors").read_bytes()[:9000])
    with pytest.raises(DataError, match="(?s)cannot be read as weights.*: delete it, and it is fetched again"):
        load_backbone_weights(tiny_network("convnextv2_atto"), path)


def test_weights_that_are_no_numbers_are_refused(tmp_path):
    tensors = read_tensors(FOLDER / "convnextv2.safetensors")
    tensors["stages.1.blocks.0.norm.bias"][1] = np.nan
    save_file(tensors, tmp_path / "own.safetensors")
    with pytest.raises(DataError, match="weights of layer 'stages.1.blocks.0.norm' are no numbers"):
        load_backbone_weights(tiny_network("convnextv2"), tmp_path / "own.safetensors")


def test_ending_that_is_not_read_is_no_damage(tmp_path):
    shutil.copy(FOLDER / "convnextv2.safetensors", tmp_path / "own.bin")
    with pytest.raises(UserError, match="own.bin cannot be read as weights by its ending. Expected: .h5, .keras, .safetensors"):
        load_backbone_weights(tiny_network("convnextv2"), tmp_path / "own.bin")


@pytest.mark.parametrize("ending", ["safetensors", "pth"])
def test_damaged_file_is_named(tmp_path, ending):
    path = tmp_path / f"half.{ending}"
    path.write_bytes((FOLDER / f"convnextv2.{ending}").read_bytes()[:9000])
    with pytest.raises(DataError, match=f"half.{ending} cannot be read as"):
        load_backbone_weights(tiny_network("convnextv2"), path)


def test_layers_are_called_as_in_timm():
    names = {name.rpartition(".")[0] for name in read_tensors(FOLDER / "convnextv2.safetensors")}
    layers = {layer.name for layer in backbone_layers(tiny_network("convnextv2")) if layer.weights}
    assert layers == {name for name in names if not name.startswith("head")}
