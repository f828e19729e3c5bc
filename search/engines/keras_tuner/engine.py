"""Suggestions of KerasTuner's oracles."""

from collections.abc import Sequence
from typing import Any

from car_classifier.base.seeds import derive_seed
from search.dimensions.categorical import Categorical
from search.dimensions.dimension import Dimension
from search.engine import SearchEngine
from search.engines.flat_space import FlatSpace
from search.engines.keras_tuner.oracle_client import OracleClient
from search.engines.record import told_losses, trials_inside
from search.engines.untried import is_exhausted, suggest_untried, untried_values
from search.space import Space
from search.trial import NoSuggestion, Suggestion, Trial

SEEDS = 2**32 - 1  # NumPy's old generators take no larger ones; to the oracle 0 means none


class KerasTunerEngine(SearchEngine):
    """Chance (random), a Gaussian process (bayesian) or Hyperband.

    The oracle lives in a helper process and is made anew from the record for every suggestion. Dimensions that are not
    active rest in their middle. The Gaussian process has a say after ten trials.

    Hyperband gives many configurations few epochs and lets a third of them go on, in one sweep over its brackets; the note
    of a suggestion holds `bracket` and `round`. A trial that failed or was pruned never goes on. Trials that are not its own,
    such as the default configuration, stand outside the brackets.
    """

    variants = ("random", "bayesian", "hyperband")

    def __init__(self, variant: str, *, epochs: int):
        super().__init__(variant, epochs=epochs)
        self.keeps_training_state = variant == "hyperband"
        self._client = OracleClient()

    def suggest(self, space: Space, trials: Sequence[Trial], *, seed: int) -> Suggestion | NoSuggestion:
        """Return what the oracle proposes; Hyperband may also wait for running trials."""
        flat, seed = FlatSpace(space), derive_seed(seed, "keras-tuner", self.variant, len(trials))
        if self.variant == "hyperband" and flat.dimensions:
            return self._suggest_hyperband(space, trials_inside(space, trials), seed=seed)
        return suggest_untried(space, trials, lambda inside: self._propose(flat, inside, seed=seed), seed=seed)

    def close(self) -> None:
        """End the helper process."""
        self._client.close()

    def _propose(self, flat: FlatSpace, inside: list[Trial], *, seed: int) -> dict[str, Any]:
        if not flat.dimensions:
            return flat.to_values({})
        told = [
            {"id": str(trial.number), "values": flat.to_row(trial.values), "loss": loss}
            for trial, loss in zip(inside, told_losses(inside), strict=True)
        ]
        return flat.to_values(self._ask(flat, seed=seed, trials=told)["values"])

    def _suggest_hyperband(self, space: Space, inside: list[Trial], *, seed: int) -> Suggestion | NoSuggestion:
        flat, exhausted = FlatSpace(space), is_exhausted(space, inside)
        own = {str(trial.number): trial for trial in inside if trial.suggestion.note}
        told = [_bracket_entry(flat, trial) for trial in own.values()]
        reply = self._ask(flat, seed=seed, trials=told, epochs=self.epochs, exhausted=exhausted)
        if reply["status"] == "RUNNING":
            proposed = reply["values"]
            epochs, place = proposed["tuner/epochs"], proposed["tuner/round"]
            if place > 0:
                earlier = own[proposed["tuner/trial_id"]]
                note = {**earlier.suggestion.note, "round": place}  # the oracle names its newest bracket, not always this one
                return Suggestion(earlier.values, epochs=epochs, continues=earlier.number, note=note)
            if not exhausted:
                values = untried_values(space, inside, flat.to_values(proposed), seed=seed)
                return Suggestion(values, epochs=epochs, note={"bracket": proposed["tuner/bracket"], "round": 0})
        running = any(not trial.is_finished for trial in inside)
        return NoSuggestion.WAIT if running else NoSuggestion.EXHAUSTED

    def _ask(self, flat: FlatSpace, *, seed: int, **request: Any) -> dict[str, Any]:
        dimensions = {name: _arguments(dimension) for name, dimension in flat.dimensions.items()}
        return self._client.ask({"oracle": self.variant, "dimensions": dimensions, "seed": seed % SEEDS + 1, **request})


def _arguments(dimension: Dimension) -> dict[str, Any]:
    """Return a dimension as the oracle process takes it."""
    if isinstance(dimension, Categorical):
        return {"kind": "choice", "values": list(range(len(dimension.choices))), "ordered": False}
    ends = {"min_value": dimension.low, "max_value": dimension.high, "sampling": "log" if dimension.log else "linear"}
    return {"kind": dimension.kind, **ends}


def _bracket_entry(flat: FlatSpace, trial: Trial) -> dict[str, Any]:
    """Return a trial of Hyperband's as the oracle process takes it; only what ended well may go on."""
    state = "running" if not trial.is_finished else "completed" if trial.state == "completed" else "lost"
    continues = trial.suggestion.continues
    return {
        "id": str(trial.number), "values": flat.to_row(trial.values), "state": state, "loss": trial.loss,
        **trial.suggestion.note, "continues": None if continues is None else str(continues),
    }
