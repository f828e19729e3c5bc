"""`predict`: what pictures show, by a trained model."""

from pathlib import Path
from typing import Annotated

import typer

from car_classifier.commands import options

Places = Annotated[list[Path], typer.Argument(metavar="FILE|FOLDER|CSV", help="Pictures, folders of pictures (searched to the "
                                              "bottom), or CSV files with a column `file` and, where there are boxes, x_min, "
                                              "y_min, x_max, y_max in pixels; their paths start at their own folder.")]
Coverage = Annotated[float, typer.Option(min=0.01, max=0.999, help="Share of the sets that shall hold the true class.")]
Certainty = Annotated[float, typer.Option(min=0, max=1, help="Least probability of an answer; where no class reaches it, the "
                                          "finest group that does is answered.")]


def predict(
    run: Annotated[str, typer.Argument(metavar="RUN", help="A path, or a name under --runs-dir.")],
    places: Places,
    top: Annotated[int, typer.Option("--top", min=1, help="Classes to name per picture.")] = 5,
    coverage: Coverage = 0.9,
    certainty: Certainty = 0.7,
    hierarchy: options.Hierarchy = None,
    batch_size: Annotated[int, typer.Option(min=1, help="Pictures per step; changes no answer.")] = 32,
    csv: Annotated[Path | None, typer.Option("--csv", metavar="FILE", help="Write a line per picture into this file.")] = None,
    runs_dir: options.RunsDir = options.RUNS,
    as_json: options.Json = False,
) -> None:
    """Say what pictures show, with calibrated probabilities; files that cannot be used are named and skipped.

    Example: python -m car_classifier predict my-run photos/unsorted --csv answers.csv
    """
    from car_classifier.backends.quiet import load_backend
    from results.trained_run import find_trained_run

    find_trained_run(run, runs_dir)  # a wrong name costs no backend, which takes seconds to load
    load_backend()
    from car_classifier.predict_command import PredictionRequest, run_prediction

    run_prediction(PredictionRequest(run=run, runs_dir=runs_dir, places=places, top=top, coverage=coverage, certainty=certainty,
                                     hierarchy=hierarchy, batch_size=batch_size, csv=csv, as_json=as_json))
