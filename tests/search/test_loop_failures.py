"""How the coordinator bears trials that fail, with trials that are played in this process."""

import pytest

from car_classifier.base.errors import SearchBug, UserError
from search.batch_division import next_divisor
from search.executor import Event
from search.loop import BUG
from search.store import SearchStore
from tests.search.fake_executor import WorkerDeath
from tests.search.quadratic import row_of
from tests.search.searching import EPOCHS, full_script, play, results


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


def test_a_monitored_figure_that_no_epoch_has_is_refused(tmp_path):
    with pytest.raises(UserError, match="val_loss.*Received: 'val_acuracy'"):
        play(tmp_path, monitor="val_acuracy")


def test_a_trial_without_any_finite_figure_has_failed(tmp_path):
    def script(task):
        yield {"epoch": 1, "val_loss": float("inf")}
        return {"state": "completed"}

    trial = play(tmp_path, script, trials=1)[1][0]
    assert (trial.state, trial.loss, trial.reason) == ("failed", None, "no epoch had a finite val_loss")


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


@pytest.mark.parametrize(("batch_size", "divisors"), [(24, [2, 4, 8, 24]), (15, [3, 15]), (7, [7]), (1, [])])
def test_the_parts_of_a_batch_are_of_equal_size_down_to_single_pictures(batch_size, divisors):
    found, divisor = [], 1
    while (divisor := next_divisor(batch_size, divisor)) is not None:
        found.append(divisor)
    assert found == divisors


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


def test_values_that_cannot_be_trained_are_infeasible(tmp_path):
    refused = {"state": "refused", "reason": "`se_ratio` must be no larger than 8.", "exit_status": 2}
    end, trials, _, _ = play(tmp_path, bad_script(2, refused))
    assert end == "trials" and [trial.state for trial in trials].count("completed") == 5
    assert (trials[2].state, trials[2].loss, trials[2].reason) == ("infeasible", None, refused["reason"])


def test_a_default_configuration_that_cannot_be_trained_ends_the_search(tmp_path):
    with pytest.raises(UserError, match="se_ratio"):
        play(tmp_path, bad_script(0, {"state": "refused", "reason": "`se_ratio` is wrong.", "exit_status": 2}))
    assert [trial.state for trial in SearchStore(tmp_path).trials()] == ["running"]


def test_deaths_of_workers_between_trials_are_in_a_row_only_without_an_epoch_between_them(tmp_path):
    died = Event("died", None, {"reason": "worker killed by SIGKILL", "out_of_memory": False})

    def script(task):
        for epoch in range(1, EPOCHS + 1):
            yield from [died] * 4
            yield row_of(task.values, epoch)
        return {"state": "completed"}

    assert play(tmp_path, script, trials=2)[0] == "trials"


def test_a_mistake_ends_the_search_and_leaves_the_trial_running(tmp_path):
    with pytest.raises(UserError, match="no such folder"):
        play(tmp_path, bad_script(1, {"state": "error", "reason": "no such folder", "exit_status": 2}))
    assert [trial.state for trial in SearchStore(tmp_path).trials()] == ["completed", "running"]
