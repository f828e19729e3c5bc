"""What every engine and variant must do."""

import json

import pytest

from search.registry import create_engine
from search.space import Space
from search.trial import NoSuggestion, Suggestion, Trial
from tests.search.engines.imagined_search import EPOCHS, MIXED, NAMES, NUM_SMALL, SMALL, search, trial_of

PLAIN = {int, float, str, bool, type(None)}
STARTS_A_PROCESS = pytest.mark.slow
MARKED = [pytest.param(name, marks=STARTS_A_PROCESS if "keras" in name else ()) for name in NAMES]
ONCE_PER_LIBRARY = [name for name in MARKED if name.values[0] not in ("keras-tuner:random", "keras-tuner:bayesian")]
OUTSIDE = {"rate": 7.0, "fixed": 3, "optimizer": "lion", "layers": [], "only": [1, True], "ratio": 2}


@pytest.fixture(scope="module", params=MARKED)
def engine(request):
    engine = create_engine(request.param, epochs=EPOCHS)
    yield engine
    engine.close()


@pytest.fixture(scope="module")
def uncut(engine):
    """16 trials in MIXED."""
    return search(engine, MIXED, 16)


def are_plain(value) -> bool:
    return all(map(are_plain, value)) if type(value) is list else type(value) in PLAIN


class TestEveryEngine:
    def test_suggestions_lie_inside_the_space(self, uncut):
        assert len(uncut) == 16
        assert [trial.values for trial in uncut if not MIXED.contains(trial.values)] == []

    def test_suggestions_are_plain_python(self, uncut):
        for suggestion in (trial.suggestion for trial in uncut):
            assert are_plain(list(suggestion.values.values())), suggestion.values
            assert json.loads(json.dumps(suggestion.note)) == suggestion.note
            assert {type(suggestion.epochs), type(suggestion.continues)} <= {int, type(None)}

    def test_no_configuration_is_tried_twice(self, uncut):
        fresh = [trial.values for trial in uncut if trial.suggestion.continues is None]
        assert all(values not in fresh[:place] for place, values in enumerate(fresh))

    def test_same_seed_gives_the_same_sequence(self, engine, uncut):
        assert search(engine, MIXED, 16) == uncut

    def test_trials_are_not_changed(self, engine, uncut):
        before = repr(uncut)
        engine.suggest(MIXED, uncut, seed=0)
        assert repr(uncut) == before

    def test_other_seed_gives_another_sequence(self, engine, request):
        if "grid" in request.node.name:
            pytest.skip("a grid has no chance in it")
        assert search(engine, MIXED, 4, seed=1) != search(engine, MIXED, 4, seed=2)

    def test_every_ending_is_borne(self, engine):
        endings = ("completed", "failed", "pruned", "infeasible", "running", "completed")
        trials = search(engine, MIXED, 20, endings=endings)
        assert len(trials) >= 13  # Hyperband waits when only running trials could go on
        assert all(MIXED.contains(trial.values) for trial in trials)

    @pytest.mark.parametrize("ending", ["failed", "infeasible", "pruned", "running"])
    def test_nothing_but_one_ending_is_borne(self, engine, ending):
        trials = search(engine, MIXED, 14, endings=(ending,))
        assert len(trials) >= 9
        assert all(MIXED.contains(trial.values) for trial in trials)

    def test_default_configuration_outside_the_space_is_borne(self, engine):
        trials = search(engine, MIXED, 14, trials=[trial_of(OUTSIDE)])
        assert len(trials) == 14
        assert all(MIXED.contains(trial.values) for trial in trials[1:])

    def test_losses_of_any_size_are_borne(self, engine):
        sizes = iter([1e300, -1e30, 1e-300, 0.0] * 4)
        assert len(search(engine, MIXED, 14, loss=lambda values: next(sizes))) == 14

    def test_finite_space_is_tried_once_and_then_exhausted(self, engine):
        trials = search(engine, SMALL, 40, loss=lambda values: float(values["size"]))
        fresh = [trial.values for trial in trials if trial.suggestion.continues is None]
        assert len(fresh) == NUM_SMALL and all(values not in fresh[:place] for place, values in enumerate(fresh))
        assert engine.suggest(SMALL, trials, seed=0) is NoSuggestion.EXHAUSTED

    def test_space_that_grows_is_searched_on(self, engine):
        trials = search(engine, SMALL, 40, loss=lambda values: float(values["size"]))
        grown = SMALL.model_dump()
        grown["dimensions"]["size"]["choices"] = (1, 2, 3)
        suggestion = engine.suggest(Space.model_validate(grown), trials, seed=0)
        assert suggestion.values == {"size": 3} and suggestion.continues is None

    def test_configuration_that_is_running_is_not_suggested(self, engine):
        running = [Trial(number, Suggestion({"size": 2, "extra": number})) for number in range(3)]
        assert engine.suggest(SMALL, running, seed=0).values == {"size": 1}

    def test_space_of_one_configuration_is_exhausted_by_it(self, engine):
        space = Space.model_validate({"dimensions": {"a": {"kind": "int", "low": 3, "high": 3}}})
        trials = search(engine, space, 5, loss=lambda values: 1.0)
        assert [trial.values for trial in trials] == [{"a": 3}]

    def test_nothing_is_printed(self, engine, capfd):
        search(engine, MIXED, 12)
        assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("name", ONCE_PER_LIBRARY)
def test_new_engine_continues_the_same_sequence(name):
    first, second = create_engine(name, epochs=EPOCHS), create_engine(name, epochs=EPOCHS)
    uncut = search(first, MIXED, 15)
    first.close()
    assert search(second, MIXED, 15, trials=uncut[:6]) == uncut
    assert search(second, MIXED, 15, trials=uncut[:13]) == uncut
    second.close()
