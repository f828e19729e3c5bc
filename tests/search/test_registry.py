"""Engines by name."""

import subprocess
import sys

import pytest

from car_classifier.base.errors import UnknownNameError, UserError
from search.engine import SearchEngine
from search.registry import create_engine
from tests.search.engines.imagined_search import NAMES


@pytest.mark.parametrize("name", NAMES)
def test_every_name_makes_an_engine(name):
    engine = create_engine(name, epochs=30)
    assert isinstance(engine, SearchEngine)
    assert (engine.variant, engine.epochs) == (name.partition(":")[2], 30)


@pytest.mark.parametrize(("name", "variant"), [("optuna", "tpe"), ("skopt", "gp"), ("keras-tuner", "random"), ("grid", "")])
def test_name_alone_means_the_first_variant(name, variant):
    assert create_engine(name, epochs=1).variant == variant


def test_only_hyperband_continues_trials():
    assert [name for name in NAMES if create_engine(name, epochs=1).keeps_training_state] == ["keras-tuner:hyperband"]


def test_unknown_engine_lists_the_known_ones():
    with pytest.raises(UnknownNameError, match="Did you mean 'optuna'(.|\n)*keras-tuner"):
        create_engine("optun", epochs=1)


@pytest.mark.parametrize("name", ["optuna:tpf", "optuna:"])
def test_unknown_variant_lists_the_known_ones(name):
    with pytest.raises(UnknownNameError, match="optuna:tpe, optuna:random, optuna:qmc"):
        create_engine(name, epochs=1)


def test_variant_of_an_engine_without_any_is_refused():
    with pytest.raises(UserError, match="no variants"):
        create_engine("random:uniform", epochs=1)


def test_making_all_engines_imports_no_tensorflow():
    program = "import sys; from search.registry import ENGINES, create_engine; "
    program += "[create_engine(name, epochs=1) for name in ENGINES]; print({'tensorflow', 'keras'} & sys.modules.keys())"
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True).stdout == "set()\n"
