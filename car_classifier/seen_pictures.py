"""Earlier runs that a training builds on, and that have seen the pictures it is tested on."""

from collections.abc import Iterator
from pathlib import Path

from car_classifier.config import Config
from car_classifier.run_pictures import stored_config
from results.run_store import find_run


def notes_on_seen_pictures(config: Config, hyperparameters: str, runs_dir: Path) -> list[str]:
    """Return a sentence for each run behind a training that did not set the same test pictures apart.

    A test folder is the same for all; a share of a plain folder is set apart only by runs that were told to.

    Args:
        config: of the training, resolved.
        hyperparameters: "default", a run or a file, as `--hyperparameters` takes it.
        runs_dir: folder of all runs.
    """
    fraction = config.data.test_fraction
    if not fraction:
        return []
    earlier = {folder: stored_config(folder).data for folder in _runs_behind(config, hyperparameters, runs_dir)}
    return [
        f"{folder} was made of the same data with data.test_fraction={data.test_fraction:g}: it has seen pictures that are "
        f"tested here, so they flatter what builds on it. Make it again with --set data.test_fraction={fraction:g}."
        for folder, data in earlier.items()
        if Path(data.source).resolve() == Path(config.data.source).resolve() and data.test_fraction < fraction
    ]


def _runs_behind(config: Config, hyperparameters: str, runs_dir: Path) -> Iterator[Path]:
    """The folders of the runs that hyper-parameters and weights come from; other files are of no run."""
    if hyperparameters != "default":
        path = Path(hyperparameters)
        yield from _run_at(path.parent if path.is_file() else find_run(hyperparameters, runs_dir))
    if Path(config.model.weights or "none").is_file():
        yield from _run_at(Path(config.model.weights).parent)


def _run_at(folder: Path) -> list[Path]:
    return [folder] if (folder / "run.json").is_file() else []
