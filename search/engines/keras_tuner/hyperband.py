"""Hyperband's brackets from the record, in the terms of KerasTuner; imported in the helper process alone."""

import math
from typing import Any

from keras_tuner.engine.trial import Trial as OracleTrial
from keras_tuner.oracles import HyperbandOracle

from search.engines.keras_tuner.oracles import NEXT, OBJECTIVE, oracle_trial, space_of

Rounds = list[list[dict[str, Any]]]


def ask_hyperband(request: dict[str, Any]) -> dict[str, Any]:
    """Lay the record out as the oracle's brackets, then ask.

    Args:
        request: `seed`, `dimensions`, `epochs`, `exhausted` (no untried configuration is left) and `trials` (`id`, `values`,
            `state`, `loss`, `bracket`, `round` and `continues`, the id of the trial of the round before).

    Returns:
        The oracle's answer: `status` (RUNNING, IDLE or STOPPED) and, when running, `values`.
    """
    oracle = HyperbandOracle(OBJECTIVE, max_epochs=request["epochs"], seed=request["seed"], hyperparameters=space_of(request))
    state = oracle.get_state()
    current = min((trial["bracket"] for trial in request["trials"]), default=state["current_bracket"])
    brackets = {number: _rounds(oracle, request, number) for number in range(state["current_bracket"], current - 1, -1)}
    for number, rounds in brackets.items():
        for place, trials in enumerate(rounds):
            oracle.trials.update(_oracle_trials(oracle, trials, thrown_out=_thrown_out(oracle, number, place)))
    oracle.set_state({
        **state, "current_bracket": current,
        "brackets": [{"bracket_num": number, "rounds": _entries(rounds)} for number, rounds in brackets.items()],
        "ongoing_trials": {name: name for name, trial in oracle.trials.items() if trial.status == "RUNNING"},
    })
    return oracle.populate_space(NEXT)


def _rounds(oracle: HyperbandOracle, request: dict[str, Any], number: int) -> Rounds:
    """Return the trials of a bracket by round; in an exhausted space the first round is filled up with lost trials."""
    rounds: Rounds = [[] for _ in range(number + 1)]
    for trial in request["trials"]:
        if trial["bracket"] == number:
            rounds[trial["round"]].append(trial)
    if request["exhausted"]:
        missing = range(len(rounds[0]), oracle._get_size(number, 0))
        rounds[0] += [{"id": f"{number}-{place}", "values": {}, "state": "lost", "continues": None} for place in missing]
    return rounds


def _thrown_out(oracle: HyperbandOracle, number: int, place: int) -> int:
    return oracle._get_size(number, place) - (oracle._get_size(number, place + 1) if place < number else 0)


def _oracle_trials(oracle: HyperbandOracle, trials: list[dict[str, Any]], *, thrown_out: int) -> dict[str, OracleTrial]:
    """Return the trials of a round by id.

    As many lost trials as the round throws out anyway are its worst ones. The oracle promotes the best as soon as more have
    completed than it throws out, so a failed one would cost a better one its promotion.
    """
    told: dict[str, OracleTrial] = {}
    for trial in trials:
        if trial["state"] != "lost":
            status, score = ("RUNNING", None) if trial["state"] == "running" else ("COMPLETED", trial["loss"])
        else:
            status, score = ("COMPLETED", math.inf) if thrown_out > 0 else ("FAILED", None)
            thrown_out -= 1
        told[trial["id"]] = oracle_trial(oracle, trial, status=status, score=score)
    return told


def _entries(rounds: Rounds) -> list[list[dict[str, Any]]]:
    return [[{"past_id": trial["continues"], "id": trial["id"]} for trial in trials] for trials in rounds]
