"""`benchmark`: measurements of speed, two sides in turns, and of what search engines find."""

import json
import sys
from typing import Annotated

import typer

from car_classifier.base.registry import check_name
from car_classifier.benchmarks.registry import BENCHMARKS
from car_classifier.commands import options
from car_classifier.config import parse_assignments
from car_classifier.places import data_home

Name = Annotated[str, typer.Argument(metavar="NAME", help=f"What is measured: {', '.join(BENCHMARKS)}.")]
Rounds = Annotated[int, typer.Option("--rounds", min=1, help="Measured turns of each side, after a warm-up; seeds of engines, "
                                     "trials of search.")]
Pictures = Annotated[int | None, typer.Option("--pictures", min=1, help="Pictures per turn, rounded to whole batches.",
                                              show_default="the benchmark's own")]


def benchmark(
    name: Name,
    data: options.Data = "demo",
    data_dir: options.DataDir = None,
    model: options.Model = None,
    set: options.Settings = None,
    batch_size: options.BatchSize = None,
    image_size: options.ImageSize = None,
    seed: options.Seed = None,
    rounds: Rounds = 3,
    pictures: Pictures = None,
    as_json: options.Json = False,
) -> None:
    """Measure two ways to do the same work side by side: A B B A … in one run; medians, ratio and its spread.

    training: `train` with its transforms against Keras' `fit` on arrays in memory. loader: the loader against a bare
    loop on as many threads. augment: `data augment` against such a loop that writes the copies. metrics: all figures
    of an epoch against loss and accuracy alone. features: a head on cached features against the whole network.
    xla, precision: on against off. The last two and metrics take random pictures, the others those of --data. Weights
    are random unless --set model.weights=… says otherwise.
    engines: what the engines of a search find in 30 trials beside chance, on a formula in place of trainings.
    search: seconds per trial on a frozen backbone against KerasTuner's Tuner, as many trials as rounds.

    Example: python -m car_classifier benchmark loader --image-size 64 --pictures 64
    """
    check_name("benchmark", name, BENCHMARKS)
    home = data_home(data_dir)
    shorthand = {
        "data.source": data, "data.directory": str(home), "data.image_size": image_size, "model.name": model,
        "training.batch_size": batch_size, "seed": seed,
    }
    config = options.build_config(shorthand, set, {})
    given = {name for name, value in shorthand.items() if value is not None} | parse_assignments(set or []).keys()
    from car_classifier.backends.quiet import load_backend

    load_backend()
    from car_classifier.benchmarks.request import BenchmarkRequest
    from car_classifier.benchmarks.run import run_benchmark

    summary = run_benchmark(name, BenchmarkRequest(config, frozenset(given), rounds, pictures))
    if as_json:
        sys.stdout.write(json.dumps(summary) + "\n")
