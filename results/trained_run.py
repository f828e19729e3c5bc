"""The run of a training, as commands that use its model look for it."""

from pathlib import Path

from car_classifier.base.errors import UserError
from results.run_store import find_run, read_record

_KINDS = {"search": "search", "compare": "comparison"}


def kind_in_words(kind: str) -> str:
    """Return what a run is called: "training", "search" or "comparison"."""
    return _KINDS.get(kind, "training")


def find_trained_run(name: str | Path, runs_dir: Path) -> Path:
    """Return the folder of a training given by path, or by name under `runs_dir`.

    Raises:
        UserError: there is none, it is a file, or a run of another kind.
    """
    if Path(name).is_file():
        raise UserError(f"{name} is a file. Give the folder of the run that holds it: {Path(name).parent}.")
    folder = find_run(name, runs_dir)
    kind = read_record(folder)["kind"]
    if kind == "search":
        raise UserError(f"{folder} is a search, which keeps no model.\n"
                        f"Train its winner with `train --hyperparameters {folder}`, and give the run of that.")
    if kind != "train":
        raise UserError(f"{folder} is a {kind_in_words(kind)}, which has no model of its own. Give one of its runs.")
    return folder
