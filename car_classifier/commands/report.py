"""`report`: what a run found, as one page to show to others."""

import json
import sys
from typing import Annotated

import typer

from car_classifier.commands import options


def report(
    run: Annotated[str, typer.Argument(metavar="RUN|SEARCH|COMPARISON", help="A path, or a name under --runs-dir.")],
    data_dir: options.DataDir = None,
    runs_dir: options.RunsDir = options.RUNS,
    as_json: options.Json = False,
) -> None:
    """Write the page of a training, a search or a comparison: `report.html` in its folder, one file that needs no network.

    A training also gets `model_card.md`. Nothing is trained, and the test split is not opened again.

    Example: python -m car_classifier report my-run
    """
    from car_classifier.backends.quiet import load_backend
    from results.run_store import find_run

    find_run(run, runs_dir)  # a wrong name costs no backend, which takes seconds to load
    load_backend()
    from car_classifier.report_command import ReportRequest, run_report

    written = run_report(ReportRequest(run, runs_dir, data_dir))
    if as_json:
        sys.stdout.write(json.dumps(written) + "\n")
