"""The settings of a command that trains: from its options to a configuration and the folder of the run."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from car_classifier.augmentation_preset import yield_to_preset
from car_classifier.base.errors import UserError
from car_classifier.base.files import read_json
from car_classifier.commands.options import build_config
from car_classifier.config import Config, parse_assignments
from car_classifier.defaults import default_model, run_name
from car_classifier.places import data_home
from data.registry import check_source
from models.registry import MODELS
from models.weight_files import weights_of
from results.run_store import find_run

BEST_FORMAT = 1  # of a search's best.json


@dataclass(frozen=True, kw_only=True)
class SettingsRequest:
    """The options that all commands share that train.

    Args:
        command: "train", "demo", "search"; begins the run's name.
        shorthand: dotted name to value of options with a name of their own; None: not given.
        settings: texts of `--set`.
        hyperparameters: "default", a run, or a JSON file of dotted names.
        data_dir: of `--data-dir`.
        run: name of the run; None: made from the settings.
        runs_dir: folder of all runs.
        identity: what besides the settings makes this run another one, for its name.
    """

    command: str
    shorthand: dict[str, Any]
    settings: tuple[str, ...]
    hyperparameters: str
    data_dir: Path | None
    run: str | None
    runs_dir: Path
    identity: dict[str, Any] = field(default_factory=dict)


def gather_settings(request: SettingsRequest, home: Path) -> tuple[Config, set[str]]:
    """Return the settings, with what the user left open still open, and the dotted names of those that were given."""
    assigned = parse_assignments(list(request.settings))
    source = assigned.get("data.source", request.shorthand["data.source"])
    hyperparameters = yield_to_preset(read_hyperparameters(request.hyperparameters, request.runs_dir), assigned)
    config = build_config({**request.shorthand, "data.directory": str(home)}, list(request.settings), hyperparameters)
    given = given_by_options(request) | set(hyperparameters)
    if "model.name" not in given:
        config = config.override({"model.name": default_model(source)})
    if config.model.weights is not None:
        config = config.override({"model.weights": weights_source(config.model.weights, request.runs_dir)})
    return config, given


def check_words(request: SettingsRequest) -> None:
    """Raise where a name or a value of the options is wrong; it costs no backend, which takes seconds to load.

    Raises:
        UserError: says what was meant.
    """
    config, _ = gather_settings(request, data_home(request.data_dir))
    check_source(config.data.source)


def given_by_options(request: SettingsRequest) -> set[str]:
    """Return the dotted names of the settings that an option or `--set` gives; not those of `--hyperparameters`."""
    options = {name for name, value in request.shorthand.items() if value is not None}
    return options | set(parse_assignments(list(request.settings)))


def check_model(config: Config, home: Path) -> None:
    """Raise before a run is made when its weights are not at hand or its pictures are too small for the model.

    Raises:
        UserError: says what to do.
    """
    weights_of(config.model, home / "weights")
    check_image_size(config)


def check_image_size(config: Config) -> None:
    """Raise when the pictures are too small for the model.

    Raises:
        UserError: says what to do.
    """
    smallest = config.model.entry.min_image_size
    if config.data.image_size < smallest:
        raise UserError(
            f"Model {config.model.name!r} needs pictures of at least {smallest}×{smallest} pixels. Received: --image-size "
            f"{config.data.image_size}.\nPass --image-size {smallest} or more, or choose another model."
        )


def weights_source(weights: str, runs_dir: Path) -> str:
    """Return the model file of a run for its name; names of published weights and files stay."""
    if any(weights == published.name for entry in MODELS.values() for published in entry.weights):
        return weights
    if (runs_dir / weights / "run.json").is_file() or (Path(weights) / "run.json").is_file():
        return str((find_run(weights, runs_dir) / "model.keras").resolve())
    return weights


def read_hyperparameters(source: str, runs_dir: Path) -> dict[str, Any]:
    """Return dotted settings from `--hyperparameters`: none for "default", a search's winner, those of a
    training, or a JSON file (dotted or flat names).

    Raises:
        UserError: there is no such run or file, the search has found nothing yet, or a name is unknown.
    """
    if source == "default":
        return {}
    path = Path(source)
    if not path.is_file():
        folder = find_run(source, runs_dir)
        path = folder / "best.json"
        if not path.is_file() and (folder / "search.json").is_file():
            raise UserError(f"No trial of {folder} has completed yet, so it has no winner. Type its command again to go on.")
        if not path.is_file():
            return _hyperparameters_of_training(folder)
    content = read_json(path)
    if not isinstance(content, dict):
        raise UserError(f"{path} must hold a JSON object from setting to value. Received: {type(content).__name__}.")
    values = _winner(path, content) if "values" in content else content
    return {name if "." in name else Config().dotted_name(name): value for name, value in values.items()}


def _winner(path: Path, content: dict[str, Any]) -> dict[str, Any]:
    if content.get("format") != BEST_FORMAT:
        raise UserError(f"{path} has format {content.get('format')}; this program reads format {BEST_FORMAT}.")
    return {**content["values"], **content["settings"]}


def _hyperparameters_of_training(folder: Path) -> dict[str, Any]:
    settings = read_json(folder / "config.json")
    return {
        name: value for name, value in settings.items()
        if name.startswith(("model.", "training.", "augmentation.")) and name != "model.weights"
    }


def run_folder(request: SettingsRequest, config: Config) -> Path:
    """Return the folder of the run: the one named, or one named after the settings."""
    return request.runs_dir / (request.run or run_name(request.command, config, request.identity))
