"""What the coordinator does, with trials that are played in this process."""

import itertools
from dataclasses import replace

import pytest

from car_classifier.base.errors import SearchBug
from car_classifier.base.files import read_json, write_json
from search.engine import SearchEngine
from search.store import SearchStore
from search.trial import NoSuggestion, Suggestion, Trial
from tests.search.quadratic import DEFAULT, row_of
from tests.search.searching import EPOCHS, full_script, play, results


class Listed(SearchEngine):
    """Suggests what a test has written down, then is exhausted."""

    keeps_training_state = True

    def __init__(self, *answers):
        super().__init__("", epochs=EPOCHS)
        self.answers, self.asked = answers, []

    def suggest(self, space, trials, *, seed):
        self.asked.append([trial.number for trial in trials])
        return self.answers[len(trials) - 1] if len(trials) <= len(self.answers) else NoSuggestion.EXHAUSTED


def stop_after(epochs):
    """Say stop at the `epochs`-th look."""
    looks = iter(range(epochs))
    return lambda: next(looks, None) is None


def test_the_first_trial_is_the_default_configuration(tmp_path):
    end, trials, observer, _ = play(tmp_path)
    assert end == "trials" and len(trials) == 6
    assert trials[0].values == DEFAULT
    assert [what.number for what in observer.of("trial_finished")] == list(range(6))


def test_a_suggestion_is_recorded_before_its_trial_starts(tmp_path):
    def script(task):
        recorded = {trial.number: trial for trial in SearchStore(tmp_path).trials()}[task.number]
        assert recorded.state == "running" and recorded.values == task.values and recorded.started
        return (yield from full_script(task))

    assert play(tmp_path, script)[0] == "trials"


def test_a_trial_counts_for_its_best_epoch(tmp_path):
    def script(task):
        for epoch, loss in enumerate((3.0, 1.0, float("nan"), 2.0), start=1):
            yield {"epoch": epoch, "val_loss": loss, "accuracy": epoch / 10, "phase": "train"}
        return {"state": "completed"}

    trial = play(tmp_path, script, trials=1)[1][0]
    assert (trial.value, trial.loss, trial.best_epoch, trial.losses) == (1.0, 1.0, 2, (3.0, 1.0, None, 2.0))
    assert trial.figures == {"val_loss": 1.0, "accuracy": 0.2}


def test_a_figure_to_be_large_becomes_a_loss_to_be_small(tmp_path):
    def script(task):
        for epoch, accuracy in enumerate((0.2, 0.6, 0.5), start=1):
            yield {"epoch": epoch, "val_accuracy": accuracy}
        return {"state": "completed"}

    trial = play(tmp_path, script, trials=1, monitor="val_accuracy", direction="maximize")[1][0]
    assert (trial.value, trial.loss, trial.best_epoch) == (0.6, -0.6, 2)


@pytest.mark.parametrize("looks", [1, 3, 8, 13, 21, 30])
def test_a_stopped_search_goes_on_as_if_it_had_not_been(tmp_path, looks):
    expected = play(tmp_path / "whole", engine=None)[1]
    assert play(tmp_path / "cut", stop=stop_after(looks))[0] == "stopped"
    assert results(play(tmp_path / "cut")[1]) == results(expected)


def test_more_trials_continue_the_same_sequence(tmp_path):
    expected = play(tmp_path / "whole")[1]
    play(tmp_path / "more", trials=2)
    end, trials, observer, executor = play(tmp_path / "more", trials=6)
    assert results(trials) == results(expected)
    assert [task.number for task in executor.tasks] == [2, 3, 4, 5]
    assert [trial.number for trial in observer.of("recorded")[0]] == [0, 1]


def test_a_search_whose_trials_are_done_starts_nothing(tmp_path):
    play(tmp_path)
    end, trials, _, executor = play(tmp_path, trials=4)
    assert end == "trials" and len(trials) == 6 and not executor.tasks


def test_a_lost_record_is_filled_with_the_same_suggestion(tmp_path):
    expected = play(tmp_path)[1]
    (tmp_path / "trials" / "00003.pkl").write_bytes(b"")
    _, trials, _, executor = play(tmp_path)
    assert [task.number for task in executor.tasks] == [3]
    assert results(trials) == results(expected)


def test_a_lost_default_configuration_is_run_again(tmp_path):
    expected = play(tmp_path)[1]
    (tmp_path / "trials" / "00000.pkl").unlink()
    assert results(play(tmp_path)[1]) == results(expected)


def test_epochs_that_are_reported_again_change_nothing(tmp_path):
    def script(task):
        for epoch in (1, 2, 1, 2, 2, 3):
            yield row_of(task.values, epoch)
        return {"state": "completed"}

    _, trials, observer, _ = play(tmp_path, script, trials=1)
    assert trials[0].losses == tuple(row_of(DEFAULT, epoch)["val_loss"] for epoch in (1, 2, 3))
    assert observer.of("epoch") == [(0, 1), (0, 2), (0, 3)]


def test_an_exhausted_space_ends_the_search(tmp_path):
    end, trials, _, _ = play(tmp_path, engine=Listed(Suggestion({"x": 0.5, "training.batch_size": 8})))
    assert end == "exhausted" and len(trials) == 2


def test_an_engine_that_waits_is_asked_again_when_a_trial_has_finished(tmp_path):
    class Waits(Listed):
        def suggest(self, space, trials, *, seed):
            suggestion = super().suggest(space, trials, seed=seed)
            return NoSuggestion.WAIT if any(not trial.is_finished for trial in trials) else suggestion

    engine = Waits(*[Suggestion({"x": 0.5, "training.batch_size": 8})] * 2)
    assert play(tmp_path, engine=engine, workers=2)[0] == "exhausted"
    assert engine.asked == [[0], [0], [0, 1], [0, 1], [0, 1, 2], [0, 1, 2]]


def test_a_trial_may_go_on_with_the_training_of_another(tmp_path):
    def script(task):
        path = task.folder / "epochs.json"
        done = read_json(path) if path.exists() else 0
        write_json(path, task.epochs or 1)
        for epoch in range(1, max(done, task.epochs or 1) + 1):
            yield row_of(task.values, epoch)
        seen.append((task.number, done))
        return {"state": "completed"}

    seen = []
    values = {"x": 0.5, "training.batch_size": 8}
    play(tmp_path, script, engine=Listed(Suggestion(values, epochs=2), Suggestion(values, epochs=5, continues=1)))
    assert seen == [(0, 0), (1, 0), (2, 2)]


def states_kept(folder):
    """Return the numbers of the trials whose training state is there."""
    return sorted(int(path.parent.name) for path in (folder / "trials").glob("*/state"))


def test_training_states_are_kept_as_long_as_trials_may_go_on_with_them(tmp_path):
    kept = []

    def script(task):
        task.folder.mkdir(parents=True, exist_ok=True)
        kept.append(states_kept(tmp_path))
        yield row_of(task.values, 1)
        return {"state": "completed"}

    values = {"x": 0.5, "training.batch_size": 8}
    engine = Listed(Suggestion(values), Suggestion(values, continues=1), Suggestion(values))
    assert play(tmp_path, script, engine=engine, stop=stop_after(7))[0] == "stopped" and states_kept(tmp_path)
    assert play(tmp_path, script, engine=engine)[0] == "exhausted" and not states_kept(tmp_path)
    assert kept[:3] == [[0], [0, 1], [0, 1, 2]] and kept[-1] == [0, 2, 3]


def test_the_state_that_a_trial_cut_by_the_hours_goes_on_with_is_kept(tmp_path):
    def script(task):
        task.folder.mkdir(parents=True, exist_ok=True)
        for epoch in range(1, 40):
            yield row_of(task.values, epoch)
            hundreds.append(0) if task.number == 2 else None
        return {"state": "completed"}

    hundreds = []
    values = {"x": 0.5, "training.batch_size": 8}
    engine = Listed(Suggestion(values), Suggestion(values, continues=1))
    settings = {"trials": None, "hours": 1, "engine": engine}
    assert play(tmp_path, script, now=lambda: 1000.0 * len(hundreds), **settings)[0] == "hours"
    assert states_kept(tmp_path) == [1, 2]


def test_epochs_of_a_head_that_is_trained_first_are_told_apart(tmp_path):
    def script(task):
        for epoch, (phase, loss) in enumerate([("head", 3.0), ("head", 0.5), ("fine-tune", 2.0)], start=1):
            yield {"epoch": epoch, "val_loss": loss, "phase": phase}
        return {"state": "completed"}

    trial = play(tmp_path, script, trials=1)[1][0]
    assert (trial.losses, trial.main_losses, trial.best_epoch, trial.value) == ((3.0, 0.5, 2.0), (2.0,), 2, 0.5)


def test_what_goes_on_with_a_training_divides_its_batch_alike(tmp_path):
    def script(task):
        if task.number == 1 and task.micro_batch_divisor == 1:
            return {"state": "out_of_memory", "reason": ""}
        return (yield from full_script(task))

    values = {"x": 0.5, "training.batch_size": 8}
    engine = Listed(Suggestion(values, epochs=2), Suggestion(values, epochs=5, continues=1))
    assert [trial.micro_batch_divisor for trial in play(tmp_path, script, engine=engine)[1]] == [1, 2, 2]


def test_pruned_trials_keep_their_best_value_and_the_reason(tmp_path):
    _, trials, _, _ = play(tmp_path, trials=20, pruner="median", pruner_warmup_epochs=1, pruner_startup_trials=3)
    pruned = [trial for trial in trials if trial.state == "pruned"]
    assert 0 < len(pruned) < 17
    assert all(1 < len(trial.losses) < EPOCHS and trial.loss == min(trial.losses) for trial in pruned)
    assert all("median" in trial.reason for trial in pruned)


@pytest.mark.parametrize("pruner", ["median", "halving"])
def test_a_stopped_search_prunes_as_if_it_had_not_been(tmp_path, pruner):
    settings = {"trials": 20, "pruner": pruner, "pruner_warmup_epochs": 1, "pruner_startup_trials": 3}
    expected = play(tmp_path / "whole", **settings)[1]
    for looks in (5, 31, 40, 17):
        play(tmp_path / "cut", stop=stop_after(looks), **settings)
    assert results(play(tmp_path / "cut", **settings)[1]) == results(expected)
    assert any(trial.state == "pruned" for trial in expected)


def test_two_workers_run_two_trials_at_once(tmp_path):
    at_once = []

    def script(task):
        at_once.append(sum(not trial.is_finished for trial in SearchStore(tmp_path).trials()))
        return (yield from full_script(task))

    end, trials, _, _ = play(tmp_path, script, workers=2)
    assert end == "trials" and max(at_once) == 2
    assert [trial.state for trial in trials] == ["completed"] * 6


def test_running_trials_are_gone_on_with_before_new_ones_start(tmp_path):
    play(tmp_path, stop=stop_after(3), workers=2)
    _, _, _, executor = play(tmp_path)
    assert [task.number for task in executor.tasks] == [0, 1, 2, 3, 4, 5]


def test_the_hours_of_all_sessions_count(tmp_path):
    write_json(tmp_path / "clock.json", {"format": 1, "seconds": 3601})
    assert play(tmp_path, trials=None, hours=1)[:2] == ("hours", [])
    assert play(tmp_path, trials=3, hours=2)[0] == "trials"
    assert read_json(tmp_path / "clock.json")["seconds"] > 3601


def test_a_trial_that_the_hours_cut_goes_on_when_more_are_given(tmp_path):
    hundreds = itertools.count(step=100.0)  # every look at the clock
    end, trials, _, _ = play(tmp_path / "cut", trials=None, hours=1, now=lambda: next(hundreds))
    assert end == "hours" and not trials[-1].is_finished and trials[-1].seconds > 0
    assert results(play(tmp_path / "cut")[1]) == results(play(tmp_path / "whole")[1])


def test_seconds_of_all_attempts_count(tmp_path):
    play(tmp_path, stop=stop_after(3))
    store = SearchStore(tmp_path)
    store.begin(replace(store.trials()[0], seconds=100.0))
    assert play(tmp_path, trials=1)[1][0].seconds > 100


def test_an_engine_that_waits_for_nothing_is_a_bug(tmp_path):
    with pytest.raises(SearchBug, match="waits"):
        play(tmp_path, engine=Listed(NoSuggestion.WAIT))


def test_engines_see_running_trials_and_only_earlier_ones(tmp_path):
    engine = Listed(*[Suggestion({"x": 0.5, "training.batch_size": 8})] * 3)
    store = SearchStore(tmp_path)
    for number in (0, 3):
        store.finish(Trial(number, Suggestion(DEFAULT), state="completed", value=1.0, loss=1.0, losses=(1.0,), best_epoch=1))
    play(tmp_path, engine=engine, trials=4, workers=2)
    assert engine.asked == [[0], [0, 1]]
