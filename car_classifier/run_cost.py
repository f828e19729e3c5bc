"""What the model of a run costs."""

from pathlib import Path
from typing import Any

from results.run_store import read_record


def cost_of_run(folder: Path) -> dict[str, Any]:
    """Return `parameters`, `trainable_parameters` and `gflops` of the model of a finished training.

    They stand in run.json; of a run that older versions left the model is loaded and counted.
    """
    record = read_record(folder)
    if "cost" in record:
        return record["cost"]
    from car_classifier.backends.quiet import load_backend

    load_backend()
    from car_classifier.model_file import load_model
    from models.cost import measure_cost

    return vars(measure_cost(load_model(folder)))
