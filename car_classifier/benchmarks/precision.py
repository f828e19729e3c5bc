"""Training steps in mixed bfloat16 against float32."""

from collections.abc import Iterator

from car_classifier.benchmarks.alternating import alternate
from car_classifier.benchmarks.comparison import Comparison
from car_classifier.benchmarks.request import BenchmarkRequest
from car_classifier.benchmarks.step_epochs import step_epochs

MODELS = ("squeezenet",)
PICTURES = 64


def benchmark_precision(request: BenchmarkRequest) -> Iterator[Comparison]:
    """Compare a few steps on random pictures, so that nothing but the step counts."""
    for model in request.models(*MODELS):
        config = request.settings({"model.name": model})
        pictures = request.num_pictures(PICTURES, batch_size=config.training.batch_size)
        sides = {
            "mixed_bfloat16": step_epochs(config.override({"training.precision": "mixed_bfloat16"}), pictures=pictures),
            "float32": step_epochs(config.override({"training.precision": "float32"}), pictures=pictures),
        }
        yield alternate(model, sides, rounds=request.rounds, pictures=pictures)
