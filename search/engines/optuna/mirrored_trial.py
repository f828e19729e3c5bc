"""A trial as it is shown in an Optuna storage."""

from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from optuna.trial import FrozenTrial, TrialState

from search.engines.optuna.study import distribution_of, finite_losses, to_parameter
from search.space import Space
from search.trial import Trial

Direction = Literal["minimize", "maximize"]
STATES = {
    "running": TrialState.RUNNING, "completed": TrialState.COMPLETE, "pruned": TrialState.PRUNED, "failed": TrialState.FAIL,
    "infeasible": TrialState.FAIL,
}


def mirrored_trial(space: Space, trial: Trial, direction: Direction) -> FrozenTrial:
    """Return a trial with its learning curve as intermediate values; `direction` is that of the monitored figure.

    What Optuna has no place for are user attributes: the state in our words, the reason, the figures of the best epoch, and
    values that lie outside the space (such as those of the default configuration).
    """
    inside = {name: value for name, value in trial.values.items() if _is_inside(space, name, value)}
    state = STATES[trial.state]
    sign = 1 if direction == "minimize" else -1
    start = datetime.fromisoformat(trial.started) if trial.started else datetime.fromtimestamp(0, UTC)
    return FrozenTrial(
        number=trial.number,
        trial_id=-1,
        state=state,
        value=None if trial.loss is None or state in (TrialState.RUNNING, TrialState.FAIL) else sign * trial.loss,
        datetime_start=_local(start),
        datetime_complete=_local(start + timedelta(seconds=trial.seconds)) if state.is_finished() else None,
        params={name: to_parameter(space.dimensions[name], value) for name, value in inside.items()},
        distributions={name: distribution_of(space.dimensions[name]) for name in inside},
        intermediate_values={epoch: sign * loss for epoch, loss in finite_losses(trial).items()},
        user_attrs=_attributes(trial, outside={name: value for name, value in trial.values.items() if name not in inside}),
        system_attrs={},
    )


def is_shown(there: FrozenTrial, wanted: FrozenTrial) -> bool:
    """Say whether `there` shows what `wanted` does, times apart."""
    return all(getattr(there, name) == getattr(wanted, name) for name in (
        "state", "values", "params", "distributions", "intermediate_values", "user_attrs",
    ))


def can_become(there: FrozenTrial, wanted: FrozenTrial) -> bool:
    """Say whether `there` can be changed into `wanted`; nothing can be taken away, and a finished trial stays as it is."""
    return (
        there.state is TrialState.RUNNING
        and (there.params, there.distributions) == (wanted.params, wanted.distributions)
        and set(there.intermediate_values) <= set(wanted.intermediate_values)
    )


def _is_inside(space: Space, name: str, value: Any) -> bool:
    return name in space.dimensions and space.dimensions[name].contains(value)


def _attributes(trial: Trial, *, outside: dict[str, Any]) -> dict[str, Any]:
    return {
        "state": trial.state, "reason": trial.reason, "value": trial.value, "best_epoch": trial.best_epoch,
        "figures": trial.figures, "seconds": trial.seconds, "micro_batch_divisor": trial.micro_batch_divisor,
        "deaths": trial.deaths, "outside": outside,
    }


def _local(time: datetime) -> datetime:
    """Return a time as Optuna keeps it: of this machine's clock, without a zone."""
    return time.astimezone().replace(tzinfo=None)
