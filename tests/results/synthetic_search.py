"""Searches that look like real ones: twelve dimensions, conditions, every state, heavy tails; drawn, not trained."""

import math
from datetime import UTC, datetime, timedelta

import numpy as np

from results.search_dimension import SearchDimension
from results.search_record import SearchRecord
from results.search_trial import SearchTrial

DIMENSIONS = (
    SearchDimension("training.optimizer_type", "categorical", choices=("Adam", "AdamW", "SGD", "RMSprop")),
    SearchDimension("training.learning_rate", "float", low=1e-5, high=1e-2, log=True),
    SearchDimension("training.momentum", "float", low=0.0, high=0.99, conditional=True),
    SearchDimension("training.beta_1", "float", low=0.8, high=0.99, conditional=True),
    SearchDimension("training.weight_decay", "float", low=1e-6, high=1e-2, log=True),
    SearchDimension("training.batch_size", "categorical", choices=(16, 32, 64, 128)),
    SearchDimension("training.label_smoothing", "float", low=0.0, high=0.2),
    SearchDimension("training.schedule", "categorical", choices=("none", "plateau", "step", "cosine")),
    SearchDimension("model.fc_layers", "categorical", choices=([], [256], [512], [1024, 512])),
    SearchDimension("model.dropout", "float", low=0.0, high=0.7),
    SearchDimension("model.se_reduction_ratio", "int", low=2, high=32, log=True),
    SearchDimension("data.augmentation_strength", "float", low=0.0, high=1.0),
)
DEFAULT = {
    "training.optimizer_type": "Adam", "training.learning_rate": 1e-3, "training.beta_1": 0.9, "training.weight_decay": 0.0,
    "training.batch_size": 32, "training.label_smoothing": 0.0, "training.schedule": "plateau", "model.fc_layers": [],
    "model.dropout": 0.3, "model.se_reduction_ratio": 16, "data.augmentation_strength": 0.5,
}  # fmt: skip
REASONS = {
    "failed": "diverged: the loss of epoch 3 is no number",
    "infeasible": "out of memory even with a micro-batch of 1",
    "pruned": "worse than the median of 12 trials after epoch 6",
}


def make_search(num_trials, *, maximise=False, seed=1):
    """Return a search of `num_trials` trials; `maximise`: by validation accuracy instead of loss."""
    generator = np.random.default_rng(seed)
    moment, trials = datetime(2026, 11, 20, 8, 0, tzinfo=UTC), []
    for number in range(num_trials):
        values = dict(DEFAULT) if number == 0 else _draw_values(generator, share=number / num_trials)
        trial = _draw_trial(number, values, generator=generator, maximise=maximise, started=moment)
        trials.append(trial)
        moment += timedelta(seconds=trial.seconds + 0.3 + (9 * 3600 if number == num_trials // 2 and number > 3 else 0))
    return SearchRecord(
        name="search-squeezenet-cars-1f2e3d4c", model="squeezenet", data="stanford_cars", engine="optuna:tpe", seed=seed,
        monitor="val_accuracy" if maximise else "val_loss", maximise=maximise, dimensions=DIMENSIONS, trials=tuple(trials),
        num_validation=1221, seconds=sum(trial.seconds for trial in trials),
        interruptions=(("2026-11-20T17:05:00+00:00", "killed"),) if num_trials > 3 else (),
        command=f"python -m car_classifier search --data stanford_cars --model squeezenet --trials {num_trials}",
        train_command="python -m car_classifier train --hyperparameters runs/search-squeezenet-cars-1f2e3d4c",
    )  # fmt: skip


def _draw_values(generator, *, share):
    values = {}
    for dimension in DIMENSIONS:
        if dimension.kind == "categorical":
            values[dimension.name] = dimension.choices[int(generator.integers(len(dimension.choices)))]
        elif dimension.log:
            values[dimension.name] = float(np.exp(generator.uniform(math.log(dimension.low), math.log(dimension.high))))
        else:
            values[dimension.name] = float(generator.uniform(dimension.low, dimension.high))
    if generator.random() < 0.7 * share:  # an engine that learns comes back to what was good
        values |= {"training.optimizer_type": "AdamW", "model.fc_layers": [512]}
        values["training.learning_rate"] = float(np.exp(generator.normal(math.log(8e-4), 0.5)))
    values["model.se_reduction_ratio"] = round(values["model.se_reduction_ratio"])
    optimizer = values["training.optimizer_type"]
    unused = {"training.momentum"} if optimizer != "SGD" else set()
    unused |= {"training.beta_1"} if optimizer not in ("Adam", "AdamW") else set()
    return {name: value for name, value in values.items() if name not in unused}


def _draw_trial(number, values, *, generator, maximise, started):
    rate, optimizer = values["training.learning_rate"], values["training.optimizer_type"]
    best_rate = 6e-3 if optimizer == "SGD" else 8e-4
    miss = math.log10(rate / best_rate)
    goodness = 1.55 + 0.55 * miss**2 + {"AdamW": 0.0, "Adam": 0.05, "RMSprop": 0.12, "SGD": 0.2}[optimizer]
    goodness += 0.5 * (values["model.dropout"] - 0.35) ** 2 + 0.15 * (values["model.fc_layers"] == [])
    goodness += 0.25 * abs(values.get("training.momentum", 0.9) - 0.9) + float(generator.normal(0, 0.03))
    state = "completed"
    if number and (optimizer == "RMSprop" and rate > 4e-3 or generator.random() < 0.01):
        state = "failed"
    elif number and values["training.batch_size"] == 128 and values["model.fc_layers"] == [1024, 512]:
        state = "infeasible"
    elif number > 8 and goodness > 2.1:
        state = "pruned"
    epochs = {"completed": int(generator.integers(14, 31)), "pruned": int(generator.integers(5, 9)), "failed": 2}.get(state, 0)
    steps = np.arange(1, epochs + 1)
    losses = goodness + 2.6 * np.exp(-steps / 4.5) + 0.004 * np.maximum(steps - 18, 0) + generator.normal(0, 0.015, epochs)
    if state == "failed" and epochs:
        losses[-1] = 90.0
    accuracies = np.clip(0.98 - 0.26 * losses, 0.005, 1)
    curve = tuple(map(float, accuracies if maximise else losses))
    best = int(np.argmin(losses)) if epochs else None
    valued = best is not None and state != "failed"
    return SearchTrial(
        number=number, state=state, values=values, value=curve[best] if valued else None, curve=curve,
        best_epoch=best + 1 if valued else None,
        figures={"val_loss": float(losses[best]), "val_accuracy": float(accuracies[best])} if valued else {},
        reason=REASONS.get(state, ""), started=started.isoformat(),
        seconds=float(2.5 + 0.32 * epochs * generator.uniform(0.8, 1.3)),
        micro_batch_divisor=2 if values["training.batch_size"] == 128 else 1,
    )  # fmt: skip
