import json

import pytest

from car_classifier import cost_cache
from car_classifier.cost_cache import CostCache

COST = {"parameters": 12, "trainable_parameters": 10, "gflops": 0.5}


@pytest.fixture
def path(tmp_path):
    CostCache(tmp_path / "costs.json").put("vgg16", 196, 224, COST)
    return tmp_path / "costs.json"


def test_cost_is_found_again_for_the_same_model_classes_and_size(path):
    cache = CostCache(path)
    assert cache.get("vgg16", 196, 224) == COST
    assert cache.get("vgg16", 195, 224) is cache.get("vgg16", 196, 32) is cache.get("alexnet", 196, 224) is None


def test_later_costs_join_earlier_ones(path):
    CostCache(path).put("alexnet", 196, 224, COST)
    assert CostCache(path).get("vgg16", 196, 224) == CostCache(path).get("alexnet", 196, 224) == COST


def test_changed_source_empties_the_file(path, tmp_path, monkeypatch):
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "vgg16.py").write_text("changed")
    monkeypatch.setattr(cost_cache, "CHECKOUT", tmp_path)
    assert CostCache(path).get("vgg16", 196, 224) is None


def test_other_version_of_keras_empties_the_file(path, monkeypatch):
    monkeypatch.setattr(cost_cache, "version", lambda package: "99.0")
    assert CostCache(path).get("vgg16", 196, 224) is None


@pytest.mark.parametrize("content", ["", "[]", '{"format": 1', '{"format": 99}', "null"])
def test_damaged_file_counts_as_empty(path, content):
    path.write_text(content)
    assert CostCache(path).get("vgg16", 196, 224) is None


@pytest.mark.parametrize("cost", [None, {}, {**COST, "gflops": "much"}, {**COST, "more": 1}])
def test_damaged_entry_counts_as_missing(path, cost):
    stored = json.loads(path.read_text())
    stored["costs"] = dict.fromkeys(stored["costs"], cost)
    path.write_text(json.dumps(stored))
    assert CostCache(path).get("vgg16", 196, 224) is None
