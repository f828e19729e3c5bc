"""Training steps with a setting at one value against steps with it at another."""

from collections.abc import Iterator, Mapping

from car_classifier.benchmarks.alternating import alternate
from car_classifier.benchmarks.comparison import Comparison
from car_classifier.benchmarks.request import BenchmarkRequest
from car_classifier.benchmarks.step_epochs import step_epochs

MODELS = ("squeezenet",)
PICTURES = 64


def benchmark_xla(request: BenchmarkRequest) -> Iterator[Comparison]:
    """Compare steps compiled with XLA and steps that are not."""
    return _compare(request, "training.xla", {"XLA on": "on", "XLA off": "off"})


def benchmark_precision(request: BenchmarkRequest) -> Iterator[Comparison]:
    """Compare steps in mixed bfloat16 and in float32."""
    return _compare(request, "training.precision", {name: name for name in ("mixed_bfloat16", "float32")})


def _compare(request: BenchmarkRequest, setting: str, values: Mapping[str, str]) -> Iterator[Comparison]:
    """On random pictures, so that nothing but the step counts."""
    for model in request.models(*MODELS):
        config = request.settings({"model.name": model})
        pictures = request.num_pictures(PICTURES, batch_size=config.training.batch_size)
        sides = {name: step_epochs(config.override({setting: value}), pictures=pictures) for name, value in values.items()}
        yield alternate(model, sides, rounds=request.rounds, pictures=pictures)
