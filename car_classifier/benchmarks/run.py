"""A benchmark from request to summary."""

from typing import Any

import keras

from car_classifier.base.registry import resolve
from car_classifier.benchmarks.registry import BENCHMARKS
from car_classifier.benchmarks.report import describe_machine, show_machine, show_result
from car_classifier.benchmarks.request import BenchmarkRequest
from car_classifier.defaults import jsonable
from car_classifier.screen import create_console


def run_benchmark(name: str, request: BenchmarkRequest) -> dict[str, Any]:
    """Measure, show each comparison as soon as it is done, and return all of them as `--json` prints them.

    Raises:
        UnknownNameError: there is no benchmark of that name.
    """
    console, machine = create_console(), describe_machine()
    show_machine(console, machine)
    policy, comparisons = keras.config.dtype_policy(), []
    try:
        for comparison in resolve("benchmark", name, BENCHMARKS)(request):
            show_result(console, comparison, rounds=request.rounds)
            comparisons.append(comparison.to_json())
    finally:
        keras.config.set_dtype_policy(policy)
    settings = {setting: value for setting, value in jsonable(request.config).items() if setting in request.given}
    return {"benchmark": name, "rounds": request.rounds, **machine, "settings": settings, "comparisons": comparisons}
