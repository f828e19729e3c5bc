"""The trials that sides of the benchmark of searches are given, and their turns."""

from car_classifier.benchmarks.networks import build_network
from car_classifier.benchmarks.search_trials import build_head, draw_values, take_turns
from car_classifier.config import Config
from models.features import split_at_head
from search.space import Space

SPACE = Space.model_validate({"dimensions": {
    "training.learning_rate": {"kind": "float", "low": 1e-5, "high": 1e-1, "log": True},
    "training.batch_size": {"kind": "categorical", "choices": [16, 32, 64]},
}})


def test_three_sides_take_turns_in_both_directions():
    turns = []
    sides = {name: lambda name=name: turns.append(name) for name in "abc"}
    ticks = iter(range(100))
    seconds = take_turns(sides, rounds=2, clock=lambda: next(ticks))
    assert turns == list("abccba")
    assert seconds == {"a": (1, 1), "b": (1, 1), "c": (1, 1)}


def test_first_trial_is_the_default_and_the_others_are_drawn_alike_every_time():
    config = Config().override({"training.learning_rate": 1e-3})
    values = draw_values(SPACE, config, count=4)
    assert values[0] == {"training.learning_rate": 1e-3, "training.batch_size": 32}
    assert len(values) == 4 and all(SPACE.contains(drawn) for drawn in values[1:])
    assert draw_values(SPACE, config, count=4) == values


def test_head_of_the_tuner_is_that_of_the_whole_network():
    config = Config().override({
        "model.name": "model1", "model.weights": "none", "data.image_size": 32, "model.fc_layers": [8], "model.dropout": 0.3
    })
    _, ours = split_at_head(build_network(config, num_classes=3), pooled=True)
    theirs = build_head(config, shape=ours.input_shape[1:], num_classes=3)
    assert [(layer.name, layer.get_config()) for layer in theirs.layers[1:]] == [
        (layer.name, layer.get_config()) for layer in ours.layers[1:]
    ]
    assert theirs.count_params() == ours.count_params()
