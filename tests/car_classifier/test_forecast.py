"""The time that a training takes at most, from made-up clocks."""

import itertools
from types import SimpleNamespace

import pytest

from car_classifier.forecast import RELOAD_SECONDS, Forecast
from car_classifier.training.config import TrainingConfig
from car_classifier.training.phases import Phase
from tests.car_classifier.small_training import NUM_CLASSES, SIZE, SquaresLoader, create_tiny_model

COMPILE = 1  # second: the clock goes on by one whenever it is read
FORWARD = 1 / 32  # seconds per picture: four batches of eight take one second
HEAD = Phase("head", "none", 3, 1e-3, "none")
MAIN = Phase("fine-tune", "all", 5, 1e-4, "none")


@pytest.fixture
def make(monkeypatch):
    """Function that returns a measured forecast for 40 training, 10 validation and 20 test pictures."""
    monkeypatch.setattr("car_classifier.forecast.time.perf_counter", itertools.count().__next__)

    def forecast(*phases, opens_test=True, **settings):
        counts = {"train": range(40), "validation": range(10), "test": range(20)}
        data = SimpleNamespace(
            config=SimpleNamespace(training=TrainingConfig(batch_size=8, **settings)),
            dataset=SimpleNamespace(splits=counts),
        )
        made = Forecast(phases, data, loader=SquaresLoader(40), opens_test=opens_test)
        made.measure(create_tiny_model((SIZE, SIZE, 3), NUM_CLASSES))
        return made

    return forecast


def test_whole_network_costs_three_passes_forward_and_validation_one(make):
    expected = 5 * (3 * 40 + 10) * FORWARD + 30 * FORWARD + 3 * COMPILE + RELOAD_SECONDS
    assert make(MAIN).in_all([]) == pytest.approx(expected)


def test_test_split_counts_only_where_it_is_opened(make):
    assert make(MAIN).in_all([]) - make(MAIN, opens_test=False).in_all([]) == pytest.approx(20 * FORWARD)


def test_features_of_the_frozen_backbone_are_made_once(make):
    both, fine = make(HEAD, MAIN), make(MAIN)
    features = 50 * FORWARD
    assert both.in_all([]) - fine.in_all([]) == pytest.approx(features + 3 * 5 * 0.005, rel=1e-3)
    assert both.in_all([{"phase": "head"}]) < both.in_all([]) - features


def test_what_was_measured_replaces_the_guess_also_for_the_refit(make):
    forecast = make(MAIN, refit=True)
    forecast.learn_epoch(MAIN, 4.0)
    assert forecast.left(MAIN, 2) == pytest.approx(3 * 4 + 5 * 4 * 50 / 40 + 30 * FORWARD + 3 * COMPILE + RELOAD_SECONDS)


def test_resumed_training_counts_what_is_left(make):
    forecast = make(HEAD, MAIN)
    rows = [{"phase": "earlier"}] + [{"phase": "head"}] * 3 + [{"phase": "fine-tune"}] * 4
    assert forecast.in_all(rows) == forecast.left(MAIN, 4)


def test_batch_of_a_phase_that_starts_is_measured_with_its_validation(make):
    forecast = make(MAIN)
    forecast.learn_batch(MAIN, 2.0, num_batches=5)
    assert forecast.left(MAIN, 4) == pytest.approx(10 + 10 * FORWARD + 30 * FORWARD + RELOAD_SECONDS)
