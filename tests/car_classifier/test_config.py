"""Settings are refused in words that a user types."""

import pytest

from car_classifier.base.errors import UserError
from car_classifier.config import Config


@pytest.mark.parametrize(("name", "value", "words"), [
    ("model.fc_layers", 256, r"model.fc_layers: expected a list in brackets, such as \[256\]. Received: 256."),
    ("training.learning_rate", -1, "training.learning_rate: expected greater than 0. Received: -1."),
])
def test_a_wrong_value_is_refused_with_what_was_expected(name, value, words):
    with pytest.raises(UserError, match=words):
        Config().override({name: value})
