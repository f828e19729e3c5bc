"""What every benchmark must do, on settings that are tiny."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from car_classifier.base.errors import UnknownNameError, UserError
from car_classifier.benchmarks.registry import BENCHMARKS
from car_classifier.benchmarks.request import BenchmarkRequest
from car_classifier.benchmarks.run import run_benchmark
from car_classifier.config import Config

SETTINGS = {"model.name": "model1", "data.image_size": 32, "training.batch_size": 4}


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("pictures")
    generator = np.random.default_rng(0)
    for name in ("coupe", "van"):
        (folder / name).mkdir()
        for number in range(6):
            pixels = generator.integers(0, 256, (40, 36, 3), np.uint8)
            Image.fromarray(pixels).save(folder / name / f"{number}.png")
    return folder


@pytest.fixture
def request_of(folder, tmp_path):
    def make(**values) -> BenchmarkRequest:
        settings = {**SETTINGS, "data.source": str(folder), "data.directory": str(tmp_path)}
        values = {"rounds": 2, "pictures": 9, **values}
        return BenchmarkRequest(Config().override(settings), frozenset(settings), **values)

    return make


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in BENCHMARKS if name not in ("engines", "search")])
def test_benchmark_compares_two_sides_on_whole_batches(name, request_of):
    summary = json.loads(json.dumps(run_benchmark(name, request_of())))
    assert summary["benchmark"] == name and summary["comparisons"]
    assert summary["versions"]["keras"] and summary["hardware"]["cores"] >= 1
    for comparison in summary["comparisons"]:
        assert comparison["pictures"] == (24 if name == "augment" else 8)  # three copies of each
        assert [len(side["speeds"]) for side in comparison["sides"]] == [2, 2]
        assert comparison["ratio"]["min"] <= comparison["ratio"]["median"] <= comparison["ratio"]["max"]


@pytest.mark.slow
def test_engines_are_compared_over_as_many_seeds_as_rounds(request_of, monkeypatch):
    monkeypatch.setattr("car_classifier.benchmarks.engines.ENGINES", ("random", "optuna:tpe"))
    (scores,) = json.loads(json.dumps(run_benchmark("engines", request_of())))["comparisons"]
    assert [engine["name"] for engine in scores["engines"]] == ["random", "optuna:tpe"]
    assert [(best["trials"], len(best["seeds"])) for best in scores["engines"][1]["best"]] == [(10, 2), (20, 2), (30, 2)]


@pytest.mark.slow
def test_search_is_measured_in_seconds_per_trial(request_of):
    request = request_of()
    short = request.config.override({"training.epochs": 2})
    request = replace(request, config=short, given=request.given | {"training.epochs"})
    (times,) = json.loads(json.dumps(run_benchmark("search", request)))["comparisons"]
    assert (times["unit"], times["epochs"], times["pictures"]) == ("s/trial", 2, 12)
    assert [side["name"] for side in times["sides"]] == ["ours", "Tuner from pictures", "Tuner on our features"]
    assert [len(side["seconds"]) for side in times["sides"]] == [2, 2, 2]


def test_search_refuses_settings_that_only_one_side_would_follow(request_of):
    request = replace(request_of(), given=frozenset({"training.schedule"}))
    with pytest.raises(UserError, match="training.schedule is 'none' in this benchmark"):
        run_benchmark("search", request)


def test_settings_of_the_user_go_before_those_of_the_benchmark(request_of):
    config = request_of().settings({"model.name": "vgg16", "model.x_trainable": "none"})
    assert (config.model.name, config.data.image_size, config.model.x_trainable) == ("model1", 32, "none")


def test_a_round_has_at_least_one_batch(request_of):
    assert request_of(pictures=1).num_pictures(256, batch_size=4) == 4


def test_unknown_benchmark_is_refused(request_of):
    with pytest.raises(UnknownNameError, match="training"):
        run_benchmark("trainig", request_of())
