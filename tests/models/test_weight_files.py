import hashlib
from dataclasses import replace

import pytest

from car_classifier.base.errors import DataError, DownloadError, UserError
from models.config import ModelConfig
from models.mobilenet import create_mobilenetv2_model
from models.registry import MODELS
from models.weight_files import default_weights_dir, locate_weights, weights_of

FILE = "squeezenet_v1.1_imagenet_notop.h5"


@pytest.fixture
def publish(monkeypatch):
    """Function that makes a local file the published weights of SqueezeNet."""

    def put(path, file_hash):
        entry = MODELS["squeezenet"]
        weights = replace(entry.weights[0], url=path.as_uri(), file_hash=file_hash)
        monkeypatch.setitem(MODELS, "squeezenet", replace(entry, weights=(weights,)))

    return put


def test_published_file_is_found_in_the_folder_of_weights(real_data):
    folder = real_data / "weights"
    assert locate_weights("squeezenet", "imagenet", folder) == folder / FILE
    assert locate_weights("squeezenet", FILE, folder) == folder / FILE


def test_folder_of_weights_follows_the_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("CAR_CLASSIFIER_HOME", str(tmp_path))
    assert default_weights_dir() == tmp_path / "weights"


def test_published_file_is_that_of_the_width(tmp_path, monkeypatch):
    monkeypatch.setenv("CAR_CLASSIFIER_HOME", str(tmp_path))
    for width in (1.0, 0.5):
        file = ModelConfig(name="mobilenetv2", width_multiplier=width).entry.weights[0].file_name
        (tmp_path / "weights").mkdir(exist_ok=True)
        (tmp_path / "weights" / file).write_bytes(b"damaged")
        config = ModelConfig(name="mobilenetv2", width_multiplier=width, weights="imagenet")
        assert weights_of(config, tmp_path / "weights").name == file
        with pytest.raises(DataError, match=f"{file} cannot be read as weights"):
            create_mobilenetv2_model((32, 32, 3), 3, width_multiplier=width, weights="imagenet")


@pytest.mark.parametrize("weights", [None, "none"])
def test_random_weights_need_no_file(weights, tmp_path):
    assert locate_weights("resnet50", weights, tmp_path) is None


def test_published_file_that_changed_is_named(tmp_path):
    (tmp_path / FILE).write_bytes(b"changed")
    with pytest.raises(DataError, match=f"{FILE} is damaged: its hash is"):
        locate_weights("squeezenet", "imagenet", tmp_path)


def test_missing_file_is_named(tmp_path):
    with pytest.raises(UserError, match="There is no file of weights 'nowhere/mine.h5'"):
        locate_weights("squeezenet", "nowhere/mine.h5", tmp_path)


def test_failed_download_says_which_file_to_put_where(tmp_path, publish):
    publish(tmp_path / "absent.h5", "0" * 32)
    with pytest.raises(DownloadError) as caught:
        locate_weights("squeezenet", "imagenet", tmp_path / "weights")
    message = str(caught.value)
    assert len(message.splitlines()) <= 3
    assert "absent.h5" in message and str(tmp_path / "weights" / FILE) in message
    assert "under another name: pass --weights FILE" in message and "--weights none" in message


def test_download_arrives_under_its_name_and_leaves_stdout_alone(tmp_path, publish, capsys):
    (tmp_path / "origin.h5").write_bytes(b"weights")
    publish(tmp_path / "origin.h5", hashlib.md5(b"weights").hexdigest())
    path = locate_weights("squeezenet", "imagenet", tmp_path / "weights")
    assert path.read_bytes() == b"weights"
    assert [file.name for file in path.parent.iterdir()] == [FILE]
    assert capsys.readouterr().out == ""


def test_name_of_published_weights_goes_before_a_file_of_that_name(tmp_path, monkeypatch, publish):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "imagenet").write_bytes(b"mine")
    published = tmp_path / "weights" / FILE
    published.parent.mkdir()
    published.write_bytes(b"theirs")
    publish(published, hashlib.md5(b"theirs").hexdigest())
    assert locate_weights("squeezenet", "imagenet", published.parent) == published
    assert locate_weights("squeezenet", "./imagenet", published.parent).read_bytes() == b"mine"
