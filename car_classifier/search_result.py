"""What a search leaves when it ends: best.json, plots, its page, and the summary."""

import shlex
from collections import Counter
from dataclasses import dataclass
from typing import Any

from car_classifier.base.counts import describe_count
from car_classifier.base.files import write_json
from car_classifier.config import Config
from car_classifier.defaults import jsonable
from car_classifier.hyperparameters import divided
from car_classifier.settings import BEST_FORMAT
from results.run_store import Run
from results.search_dimension import SearchDimension
from results.search_importance import SearchImportance, measure_importance
from results.search_record import SearchRecord
from results.search_report import write_search_report
from results.search_table import best_in_words, gain_in_words, importance_in_words, time_in_words
from results.search_trial import SearchTrial
from search.config import SearchConfig
from search.dimensions.dimension import Dimension
from search.space import Space
from search.trial import Trial, best_trial

PICTURES = ("data.source", "data.directory", "data.classes", "data.label_level", "data.limit", "data.validation_fraction",
            "data.test_fraction", "seed", "training.refit")


@dataclass(frozen=True)
class SearchResult:
    """A search as its record tells it.

    Args:
        run: its folder.
        config: of the search.
        space: what varied.
        shared: settings of the default configuration, resolved.
        given: dotted names of those that the user set.
        data_options: options that lead `train` to the same pictures.
        trials: all of them, by number.
    """

    run: Run
    config: SearchConfig
    space: Space
    shared: Config
    given: frozenset[str]
    data_options: tuple[str, ...]
    trials: list[Trial]

    @property
    def best(self) -> Trial | None:
        """The trial that won; None where none has completed."""
        return best_trial(self.trials)

    def write_best(self) -> None:
        """Write best.json, which `train --hyperparameters` reads; nothing while no trial has completed."""
        best = self.best
        if best is None:
            return
        write_json(self.run.folder / "best.json", {
            "format": BEST_FORMAT, "number": best.number, "monitor": self.config.monitor, "value": best.value,
            "best_epoch": best.best_epoch, "values": dict(best.values), "settings": self._settings(best),
        })

    def summary(self) -> dict[str, Any]:
        """Return what `--json` prints."""
        best = self.best
        default = next((trial for trial in self.trials if trial.number == 0), None)
        return {
            "run": str(self.run.folder), "status": "done",
            "trials": dict(Counter(trial.state for trial in self.trials)),
            "best": best and {"number": best.number, "value": best.value, "values": dict(best.values)},
            "default_value": default and default.value,
            "seconds": sum(step["seconds"] for step in self.run.record["steps"].values()),
        }

    def record(self, *, num_validation: int) -> SearchRecord:
        """Return the search as plain data for tables, plots and page."""
        record = self.run.record
        return SearchRecord(
            name=self.run.folder.name,
            model=self.shared.model.name,
            data=self.shared.data.source,
            engine=self.config.engine,
            seed=self.config.seed,
            monitor=self.config.monitor,
            maximise=self.config.direction == "maximize",
            dimensions=tuple(_dimension(name, dimension) for name, dimension in self.space.dimensions.items()),
            trials=tuple(self._trial(trial) for trial in self.trials),
            num_validation=num_validation,
            seconds=self.summary()["seconds"],
            interruptions=tuple((stop["noticed"], stop["reason"]) for stop in record["interruptions"]),
            command=command_line(record["command"]),
            train_command=self.train_command(),
        )

    def words(self, importance: SearchImportance | None, *, num_validation: int) -> str:
        """Return the result in words, for the terminal."""
        record = self.record(num_validation=num_validation)
        return "\n".join([best_in_words(record), gain_in_words(record), importance_in_words(importance), time_in_words(record)])

    def train_command(self) -> str:
        """Return the command that trains the winner."""
        return command_line(["train", *self.data_options, "--hyperparameters", str(self.run.folder)])

    def training_in_words(self) -> str:
        """Say how long `train_command` trains, and how to train longer; or that it trains the default configuration."""
        epochs = self.shared.training.epochs
        if self.best.number == 0:
            return (f"The winner is the default configuration, and trains for at most {describe_count(epochs, 'epoch')}; "
                    "to look further, type the search again with more --trials, or search with more --epochs.")
        reached = self.best.suggestion.epochs or epochs
        same = "as in the search, with the same validation figure" if reached == epochs else f"of which its trial had {reached}"
        most = describe_count(epochs, "epoch")
        return f"The winner trains for at most {most}, {same}; for longer, add --epochs {2 * epochs}."

    def _settings(self, best: Trial) -> dict[str, Any]:
        """What all trials shared because the user said so; not which pictures, nor by which seed."""
        values = jsonable(self.shared)
        names = sorted(self.given.union({"model.name", "model.weights"}) - set(self.space.dimensions) - set(PICTURES))
        shared = {name: values[name] for name in names}
        if best.micro_batch_divisor > 1:  # it did not fit into memory at once, so it is trained in parts again
            shared |= divided(self.shared.override(best.values), best.micro_batch_divisor)
        return shared

    def _trial(self, trial: Trial) -> SearchTrial:
        curve = tuple(float("nan") if loss is None else self.config.loss(loss) for loss in trial.losses)
        return SearchTrial(
            number=trial.number, state=trial.state, values=trial.values, value=trial.value, curve=curve,
            best_epoch=trial.best_epoch, figures=trial.figures, reason=trial.reason, started=trial.started,
            seconds=trial.seconds, micro_batch_divisor=trial.micro_batch_divisor,
        )


def write_result(result: SearchResult, *, num_validation: int) -> str:
    """Write best.json, the plots and report.html; return the result in words, for the terminal."""
    result.write_best()
    importance = write_search_report(result.record(num_validation=num_validation), result.run.folder)
    return result.words(importance, num_validation=num_validation)


def read_result(result: SearchResult, *, num_validation: int) -> str:
    """Return the result of a finished search in words once more, and write nothing."""
    record = result.record(num_validation=num_validation)
    return result.words(measure_importance(record, seed=record.seed), num_validation=num_validation)


def command_line(argv: list[str]) -> str:
    """Return the command that a user would type."""
    return shlex.join(["python", "-m", "car_classifier", *argv])


def _dimension(name: str, dimension: Dimension) -> SearchDimension:
    content = dimension.model_dump(mode="json")
    ends = {key: content[key] for key in ("low", "high", "log", "choices") if key in content}
    return SearchDimension(name=name, kind=content["kind"], conditional=bool(dimension.when), **ends)
