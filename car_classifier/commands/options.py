"""Options that several commands share, and the settings they stand for."""

from pathlib import Path
from typing import Annotated, Any

import typer

from car_classifier.base.errors import UserError
from car_classifier.config import Config, parse_assignments


def _plain_name(name: str | None) -> str | None:
    """Refuse a name that would lay a run elsewhere than under --runs-dir, where `runs list` finds it."""
    if name is None or (Path(name).name == name and name not in ("", "..")):
        return name
    raise UserError(
        f"--run must be a plain name, that of a folder under --runs-dir. Received: {name!r}.\n"
        "Leave the folders before it out, and pass them with --runs-dir."
    )


Data = Annotated[str, typer.Option("--data", metavar="NAME|FOLDER|FILE", help="demo, stanford_cars, cub200, fgvc_aircraft, "
                                   "foodx251, cifar10, cifar100, a folder of class folders, a CSV file, an archive; or "
                                   "several, joined by '+'.")]
DataDir = Annotated[Path | None, typer.Option("--data-dir", metavar="FOLDER", help="Folder of data sets and of `weights/`.",
                                              show_default="CAR_CLASSIFIER_HOME or ~/.cache/car_classifier")]
Model = Annotated[str | None, typer.Option("--model", metavar="NAME", help="A model that `models` lists.",
                                           show_default="efficientnetb0; model1 for demo")]
Weights = Annotated[str | None, typer.Option("--weights", metavar="NAME|none|FILE|RUN", help="Where the backbone's "
                                             "weights come from; `models` lists the names: imagenet, imagenet22k.",
                                             show_default="imagenet where published; none for demo")]
Limit = Annotated[int | None, typer.Option("--limit", min=1, help="At most this many pictures per class.")]
Settings = Annotated[list[str] | None, typer.Option("--set", metavar="name=value", help="Change any setting; repeatable.")]
Epochs = Annotated[int | None, typer.Option("--epochs", min=1, help="Most epochs of the main phase.", show_default="30")]
BatchSize = Annotated[int | None, typer.Option("--batch-size", min=1, help="Pictures per step.", show_default="32")]
ImageSize = Annotated[int | None, typer.Option("--image-size", min=8, help="Side of the square pictures in pixels.",
                                               show_default="the model's own")]
Seed = Annotated[int | None, typer.Option("--seed", min=0, help="Of all chance.", show_default="0")]
Hyperparameters = Annotated[str, typer.Option("--hyperparameters", metavar="default|RUN|FILE", help="Settings that a "
                                              "search found, or a JSON file of settings.")]
RunName = Annotated[str | None, typer.Option("--run", metavar="NAME", callback=_plain_name, help="Name of the run; the same "
                                             "name goes on with it.")]
RunsDir = Annotated[Path, typer.Option("--runs-dir", metavar="FOLDER", help="Folder of all runs.")]
Hierarchy = Annotated[str | None, typer.Option("--hierarchy", metavar="cars|birds|none|FILE", help="Groups of classes: from "
                                               "names such as 'Make Model Type Year', or a CSV file with the columns "
                                               "class_name and one per level, finest first.",
                                               show_default="what the data tell, or the names of known data")]
Json = Annotated[bool, typer.Option("--json", help="Print a summary as JSON, as the last line of stdout.")]


RUNS = Path("runs")


def build_config(shorthand: dict[str, Any], settings: list[str] | None, hyperparameters: dict[str, Any]) -> Config:
    """Return settings: defaults, then `hyperparameters`, then options with a name of their own, then `--set`.

    Args:
        shorthand: dotted name to value of the options of the command; None means not given.
        settings: texts of `--set`.
        hyperparameters: dotted names, from `--hyperparameters`.

    Raises:
        UserError: a name is unknown, a value is wrong, or `--set` contradicts an option.
    """
    return Config().override({**hyperparameters, **merge_settings(shorthand, settings)})


def merge_settings(shorthand: dict[str, Any], settings: list[str] | None) -> dict[str, Any]:
    """Return the settings that options with a name of their own and `--set` give, by dotted name.

    Raises:
        UserError: the two contradict each other.
    """
    given = {name: value for name, value in shorthand.items() if value is not None}
    assigned = parse_assignments(settings or [])
    for name in given.keys() & assigned.keys():
        if given[name] != assigned[name] and name != "data.source":
            raise UserError(f"{name} is given twice: {given[name]!r} and, with --set, {assigned[name]!r}. Keep one.")
    return {**given, **assigned}
