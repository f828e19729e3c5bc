"""What the coordinator does, with trials that are played in this process."""

from dataclasses import replace

import pytest

from car_classifier.base.errors import SearchBug, UserError
from car_classifier.base.files import read_json, write_json
from search.engine import SearchEngine
from search.loop import BUG
from search.store import SearchStore
from search.trial import NoSuggestion, Suggestion, Trial
from tests.search.fake_executor import WorkerDeath
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


def bad_script(number, outcome):
    """Play full trials, but the one of that number ends in `outcome` after two epochs."""

    def script(task):
        if task.number != number:
            return (yield from full_script(task))
        for epoch in (1, 2):
            yield row_of(task.values, epoch)
        if isinstance(outcome, WorkerDeath):
            raise outcome
        return outcome

    return script


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


def test_a_monitored_figure_that_no_epoch_has_is_refused(tmp_path):
    with pytest.raises(UserError, match="val_loss.*Received: 'val_acuracy'"):
        play(tmp_path, monitor="val_acuracy")


def test_a_trial_without_any_finite_figure_has_failed(tmp_path):
    def script(task):
        yield {"epoch": 1, "val_loss": float("inf")}
        return {"state": "completed"}

    trial = play(tmp_path, script, trials=1)[1][0]
    assert (trial.state, trial.loss, trial.reason) == ("failed", None, "no epoch had a finite val_loss")


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


def test_a_diverged_trial_has_failed_and_the_search_goes_on(tmp_path):
    end, trials, _, _ = play(tmp_path, bad_script(2, {"state": "diverged", "reason": "the loss is nan"}))
    assert end == "trials" and [trial.state for trial in trials].count("completed") == 5
    assert (trials[2].state, trials[2].loss, trials[2].reason) == ("failed", None, "diverged: the loss is nan")
    assert len(trials[2].losses) == 2


def test_out_of_memory_halves_the_batch_until_it_fits(tmp_path):
    def script(task):
        if task.values["training.batch_size"] / task.micro_batch_divisor > 2:
            return {"state": "out_of_memory", "reason": "MemoryError"}
        return (yield from full_script(task))

    _, trials, _, executor = play(tmp_path, script, trials=1)
    assert trials[0].state == "completed" and trials[0].micro_batch_divisor == 4
    assert [task.micro_batch_divisor for task in executor.tasks] == [1, 2, 4]


def test_what_fits_in_no_way_is_infeasible(tmp_path):
    end, trials, _, executor = play(tmp_path, bad_script(0, {"state": "out_of_memory", "reason": "MemoryError"}))
    assert end == "trials" and trials[0].state == "infeasible" and "MemoryError" in trials[0].reason
    assert [task.micro_batch_divisor for task in executor.tasks if task.number == 0] == [1, 2, 4, 8]


def test_a_worker_killed_by_the_kernel_was_out_of_memory(tmp_path):
    def script(task):
        if task.micro_batch_divisor == 1:
            raise WorkerDeath(out_of_memory=True)
        return (yield from full_script(task))

    trials = play(tmp_path, script, trials=1)[1]
    assert (trials[0].state, trials[0].micro_batch_divisor, trials[0].deaths) == ("completed", 2, 0)


def test_less_memory_starts_the_trial_anew(tmp_path):
    def script(task):
        assert not task.folder.exists()
        task.folder.mkdir(parents=True)
        yield row_of(task.values, 1)
        return {"state": "completed"} if task.micro_batch_divisor == 2 else {"state": "out_of_memory", "reason": ""}

    assert play(tmp_path, script, trials=1)[1][0].state == "completed"


def test_a_trial_whose_worker_dies_goes_on(tmp_path):
    deaths = []

    def script(task):
        yield row_of(task.values, 1)
        if not deaths:
            deaths.append(task.number)
            raise WorkerDeath
        for epoch in range(1, EPOCHS + 1):
            yield row_of(task.values, epoch)
        return {"state": "completed"}

    _, trials, observer, _ = play(tmp_path / "died", script)
    assert results(trials) == results(play(tmp_path / "whole")[1])
    assert trials[0].deaths == 1 and observer.of("worker_replaced") == ["worker killed by SIGKILL"]


def test_a_trial_that_kills_five_workers_in_a_row_has_failed(tmp_path):
    end, trials, _, executor = play(tmp_path, bad_script(1, WorkerDeath()))
    assert end == "trials" and (trials[1].state, trials[1].deaths) == ("failed", 5)
    assert [task.number for task in executor.tasks].count(1) == 5
    assert "5 times" in trials[1].reason


def test_deaths_with_an_epoch_between_them_are_no_row(tmp_path):
    reached = []

    def script(task):
        for epoch in range(1, len(reached) + 2):
            yield row_of(task.values, epoch)
        reached.append(epoch)
        if epoch < 9:
            raise WorkerDeath
        return {"state": "completed"}

    trial = play(tmp_path, script, trials=1)[1][0]
    assert (trial.state, trial.deaths, len(trial.losses)) == ("completed", 8, 9)


def test_a_bug_is_recorded_and_ends_the_search_with_its_traceback(tmp_path):
    bug = {"state": "bug", "reason": "ValueError: oh", "traceback": "Traceback …\nValueError: oh\n"}
    with pytest.raises(SearchBug, match="Traceback …\nValueError: oh"):
        play(tmp_path, bad_script(2, bug))
    trials = SearchStore(tmp_path).trials()
    assert len(trials) == 3 and (trials[2].state, trials[2].reason) == ("failed", f"{BUG}ValueError: oh")


def test_a_mended_program_runs_the_trial_of_the_bug_again(tmp_path):
    with pytest.raises(SearchBug):
        play(tmp_path / "mended", bad_script(2, {"state": "bug", "reason": "", "traceback": ""}))
    assert results(play(tmp_path / "mended")[1]) == results(play(tmp_path / "whole")[1])


def test_a_mistake_ends_the_search_and_leaves_the_trial_running(tmp_path):
    with pytest.raises(UserError, match="no such folder"):
        play(tmp_path, bad_script(1, {"state": "error", "reason": "no such folder", "exit_status": 2}))
    assert [trial.state for trial in SearchStore(tmp_path).trials()] == ["completed", "running"]


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
