"""More epochs for a training that was done: its last state is put together again from what it left."""

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import keras

from car_classifier.model_file import load_model
from car_classifier.training.checkpoint import CheckpointStore
from car_classifier.training.state import TrainingState
from car_classifier.training.variables import copy_variables, name_variables
from results.tables import read_history

LOG = logging.getLogger("car_classifier")


def begin_extension(
    store: CheckpointStore, network: keras.Model, folder: Path, *, phases: Sequence[str], callbacks: dict[str, Any]
) -> None:
    """Make `store` hold a training that stands at the start of the last of its phases; does nothing when it holds one.

    The phase will begin with the weights of model.keras. What was best before stays so until an epoch is better.

    Args:
        store: empty after a training that was done.
        network: as it was when the training began.
        folder: with model.keras, history.csv and, if there is one, top3.keras.
        phases: names of all phases, the new one last.
        callbacks: new ones; they hear of the old epochs.
    """
    if store.load() is not None:
        return
    if store.damaged:
        LOG.warning("The checkpoint of the extension is damaged (%s); the extension starts anew.", ", ".join(store.damaged))
        store.damaged.clear()  # said
    rows = [row for row in read_history(folder / "history.csv") if row["phase"] in phases[:-1]]
    for row in rows:
        for callback in callbacks.values():
            callback.on_epoch_end(row["epoch"], row)
    initial = store.put(copy_variables(network.variables, name_variables(network)))
    files = {"initial": initial, "start": _put(store, network, folder / "model.keras")}
    if callbacks["model"].epoch is not None:
        files |= dict.fromkeys(("model", "model_start"), files["start"])
    if (folder / "top3.keras").is_file():
        files |= dict.fromkeys(("top3", "top3_start"), _put(store, network, folder / "top3.keras"))
    state = TrainingState(
        phase=len(phases) - 1,
        rows=[{**row, "plateau_factor": 1.0} for row in rows],
        best_epochs=[callbacks["model"].epoch or len(rows)] * (len(phases) - 1),
        callbacks={name: callback.state() for name, callback in callbacks.items()},
    )
    store.save(files, state.to_json())


def _put(store: CheckpointStore, network: keras.Model, path: Path) -> str:
    """Store the variables of a model file under the names of `network`, of which it is an offspring."""
    trained = load_model(path)
    pairs = zip(network.variables, trained.variables, strict=True)
    names = name_variables(network)
    return store.put(copy_variables(trained.variables, {id(new): names[id(old)] for old, new in pairs}))
