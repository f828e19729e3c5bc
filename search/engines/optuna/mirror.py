"""A copy of the record in an Optuna storage, for optuna-dashboard."""

import logging
from collections.abc import Sequence

import optuna
from optuna.storages import RDBStorage
from optuna.trial import FrozenTrial
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from car_classifier.base.errors import UserError
from search.engines.optuna.mirrored_trial import Direction, can_become, is_shown, mirrored_trial
from search.space import Space
from search.trial import Suggestion, Trial

LOG = logging.getLogger("car_classifier")
MARK = "mirror of"  # user attribute of a study that we may delete


def check_url(url: str) -> None:
    """Raise where `url` cannot be that of a data base; whether one answers there is seen later, and stops no search.

    Raises:
        UserError: says how one looks.
    """
    try:
        make_url(url).get_dialect()
    except ArgumentError as error:
        expected = "Expected the URL of a data base, such as sqlite:///search.db or postgresql://user@host/name."
        raise UserError(f"--mirror: {error}.\n{expected} Received: {url!r}.") from error


class OptunaMirror:
    """Keeps a study in a data base up to date; it is only ever written, and made anew where it is missing or differs.

    It needs neither the search nor is needed by it: a mirror that fails says so once and is given up until the next start.

    Args:
        url: of the data base, as SQLAlchemy takes it: `sqlite:///mirror.db`, `postgresql://…`.
        space: what is searched.
        name: of the study.
        direction: of the monitored figure.
    """

    def __init__(self, url: str, space: Space, name: str, *, direction: Direction = "minimize"):
        self._url, self._space, self._name, self._direction = url, space, name, direction
        self._storage: RDBStorage | None = None
        self._study: optuna.Study | None = None
        self._shown: list[FrozenTrial] = []  # what the study holds
        self._given_up = False

    def update(self, trials: Sequence[Trial]) -> None:
        """Show these trials, by their numbers, and no others."""
        wanted = [mirrored_trial(self._space, trial, self._direction) for trial in _without_gaps(trials)]
        for is_last in (False, True):  # the first failure may mean that somebody has deleted the data base
            if self._given_up:
                return
            try:
                return self._show(wanted)
            except Exception as error:  # nothing that a data base or its driver does may stop a search
                self.close()
                self._given_up = is_last
                reason = str(error.__cause__ or error).partition("\n")[0][:200]  # the cause names the driver that is missing
        LOG.warning("The mirror is given up until the search is started again (%s). The search itself goes on.", reason)

    def close(self) -> None:
        """Let go of the data base."""
        if self._storage is not None:
            self._storage.remove_session()
            self._storage.engine.dispose()
        self._storage = self._study = None

    def _show(self, wanted: list[FrozenTrial]) -> None:
        if self._study is None:
            self._open()
        both = list(zip(self._shown, wanted))
        if len(self._shown) > len(wanted) or not all(is_shown(*pair) or can_become(*pair) for pair in both):
            self._make_anew()
            both = []
        for number, (there, trial) in enumerate(both):
            if not is_shown(there, trial):
                self._change(number, trial)
        self._study.add_trials(wanted[len(self._shown):])
        self._shown = wanted

    def _open(self) -> None:
        optuna.logging.set_verbosity(optuna.logging.ERROR)
        self._storage = RDBStorage(self._url)
        self._study = optuna.create_study(
            storage=self._storage, study_name=self._name, direction=self._direction, load_if_exists=True
        )
        self._shown = self._study.get_trials(deepcopy=False)
        if self._shown and MARK not in self._study.user_attrs:
            raise ValueError(f"the study {self._name!r} there is no mirror of a search; delete it, or choose another data base")
        if self._study.direction.name.lower() != self._direction:
            self._make_anew()
        self._study.set_user_attr(MARK, "car_classifier search")

    def _make_anew(self) -> None:
        optuna.delete_study(study_name=self._name, storage=self._storage)
        self._study = optuna.create_study(storage=self._storage, study_name=self._name, direction=self._direction)
        self._study.set_user_attr(MARK, "car_classifier search")
        self._shown = []

    def _change(self, number: int, trial: FrozenTrial) -> None:
        there = self._shown[number]
        trial_id = self._storage.get_trial_id_from_study_id_trial_number(self._study._study_id, number)
        for epoch, loss in trial.intermediate_values.items():
            if there.intermediate_values.get(epoch) != loss:
                self._storage.set_trial_intermediate_value(trial_id, epoch, loss)
        for name, content in trial.user_attrs.items():
            if there.user_attrs.get(name) != content:
                self._storage.set_trial_user_attr(trial_id, name, content)
        if trial.state.is_finished():
            self._storage.set_trial_state_values(trial_id, trial.state, trial.values)


def _without_gaps(trials: Sequence[Trial]) -> list[Trial]:
    """Put an empty trial in the place of each that is lost and will run again, since Optuna numbers by order."""
    known = {trial.number: trial for trial in trials}
    lost = "its record was lost; it runs again"
    return [
        known.get(number) or Trial(number, Suggestion({}), reason=lost) for number in range(max(known, default=-1) + 1)
    ]
