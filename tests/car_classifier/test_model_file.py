"""A model file with the card of this program inside."""

import numpy as np
import pytest

from car_classifier.base.errors import DataError
from car_classifier.model_file import ModelCard, load_model, read_card, replace_card, save_model
from car_classifier.thresholds import Thresholds
from data.geometry import PictureGeometry
from tests.car_classifier.small_training import NUM_CLASSES, SIZE, create_tiny_model

CARD = ModelCard(model_name="tiny", data="squares", class_names=tuple("abcd"), geometry=PictureGeometry(image_size=SIZE))


def test_a_new_card_leaves_the_network_as_it_was(tmp_path):
    network, path = create_tiny_model((SIZE, SIZE, 3), NUM_CLASSES), tmp_path / "model.keras"
    save_model(network, path, CARD)
    thresholds = Thresholds(num_pictures=2, set_scores=(0.1, 1 / 3), directions=((0.6, 0.8),), unknown_below=0.5)
    card = CARD.model_copy(update={"temperature": 1.5, "thresholds": thresholds})
    for _ in range(2):
        replace_card(path, card)
    pictures = np.random.default_rng(1).integers(0, 256, (3, SIZE, SIZE, 3)).astype(np.float32)
    assert read_card(path) == card
    assert (load_model(path).predict_on_batch(pictures) == network.predict_on_batch(pictures)).all()


def test_a_card_without_thresholds_is_that_of_a_model_of_an_earlier_version(tmp_path):
    save_model(create_tiny_model((SIZE, SIZE, 3), NUM_CLASSES), tmp_path / "model.keras", CARD)
    assert read_card(tmp_path / "model.keras").thresholds is None
    assert read_card(tmp_path / "model.keras").temperature == 1


def test_a_file_without_a_card_is_refused(tmp_path):
    save_model(create_tiny_model((SIZE, SIZE, 3), NUM_CLASSES), tmp_path / "model.keras", None)
    with pytest.raises(DataError, match="does not say which classes"):
        read_card(tmp_path / "model.keras")
