"""The tables of engines and executors."""

from car_classifier.base.errors import UnknownNameError, UserError
from car_classifier.base.registry import resolve
from search.engine import SearchEngine

ENGINES = {
    "optuna": "search.engines.optuna.engine:OptunaEngine",
    "skopt": "search.engines.skopt:SkoptEngine",
    "keras-tuner": "search.engines.keras_tuner.engine:KerasTunerEngine",
    "random": "search.engines.random_search:RandomSearch",
    "grid": "search.engines.grid_search:GridSearch",
}

EXECUTORS = {
    "local": "search.executors.local:LocalExecutor",
    "ray": "search.executors.ray.executor:RayExecutor",
}


def create_engine(name: str, *, epochs: int) -> SearchEngine:
    """Return the engine of that name.

    Args:
        name: `optuna:tpe`; the name alone means the engine's first variant.
        epochs: most epochs of a trial, at least 1.

    Raises:
        UnknownNameError: there is no such engine or variant.
        UserError: the engine has no variants, and one was asked for.
    """
    kind, colon, variant = name.partition(":")
    engine = resolve("engine", kind, ENGINES)
    if colon and not engine.variants:
        raise UserError(f"Engine {kind!r} has no variants. Expected: {kind}. Received: {name}.")
    if colon and variant not in engine.variants:
        raise UnknownNameError("engine", name, [f"{kind}:{known}" for known in engine.variants])
    return engine(variant or next(iter(engine.variants), ""), epochs=epochs)
