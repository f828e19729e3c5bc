"""`run_model_pipeline`: from a model function and hyper-parameters to a trained, stored model."""

import inspect
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import keras
import numpy as np
from pydantic import ValidationError

from car_classifier.base.errors import UnknownNameError, UserError
from car_classifier.base.files import read_json, write_json, write_text
from car_classifier.base.locks import lock_folder
from car_classifier.evaluation import predict_probabilities
from car_classifier.loaders import as_loader
from car_classifier.model_file import ModelCard, save_model
from car_classifier.phase_data import PhaseLoaders, PhasePreparation
from car_classifier.training.callbacks.create import create_callbacks
from car_classifier.training.checkpoint import CheckpointStore
from car_classifier.training.config import TrainingConfig
from car_classifier.training.extension import begin_extension
from car_classifier.training.feature_cache import FeatureCache
from car_classifier.training.history_writer import HistoryWriter
from car_classifier.training.l2_sp import check_l2_sp
from car_classifier.training.loop import TrainingLoop
from car_classifier.training.phases import plan_phases
from car_classifier.training.stop import StopRequest
from models.freezing import freeze


@dataclass(frozen=True)
class PipelineOptions:
    """Where and how a pipeline works, apart from the hyper-parameters.

    Args:
        seed: of the weights and of dropout.
        precision: dtype policy of the model.
        xla: compile the training step with XLA.
        card: stored in the model files; None stores the bare network.
        refit_generator: training and validation pictures together, for `training.refit`.
        features_folder: where features of a frozen backbone are cached; None: beside the checkpoint.
        extended_from: the epochs after which a training in the folder was done, each time that it is to go on with more;
            `epochs` counts all.
        profile: write a profile of a few steps of each phase into `profile/`.
        store: write the model files at the end, and predict the validation pictures; a trial of a search needs neither.
        observers: Keras callbacks that hear of phases, batches and epochs.
        stop: asked after every update.
        step: gives a context manager that measures the named step of the work.
        told_features: called with (pictures done, pictures in all) while features are made.
        told_model: called with the built network and the names of the backbone layers that train.
    """

    seed: int = 0
    precision: str = "float32"
    xla: bool = False
    card: ModelCard | None = None
    refit_generator: Any | None = None
    features_folder: Path | None = None
    extended_from: tuple[int, ...] = ()
    profile: bool = False
    store: bool = True
    observers: Sequence[keras.callbacks.Callback] = ()
    stop: StopRequest = field(default_factory=StopRequest)
    step: Callable[[str], AbstractContextManager] = lambda name: nullcontext()
    told_features: Callable[[int, int], None] = lambda done, total: None
    told_model: Callable[[keras.Model, list[str]], None] = lambda network, names: None


@dataclass(frozen=True)
class PipelineResult:
    """What a pipeline made.

    Args:
        model: the network with its best (or refitted) weights.
        history: a row per epoch.
        best_epoch: counted from 1 over all phases; None without validation.
        validation_probabilities: of the best weights before any refit, float32 [N, C]; None without validation.
        folder: with summary.txt, history.csv, model.keras and top3.keras.
    """

    model: keras.Model
    history: list[dict[str, Any]]
    best_epoch: int | None
    validation_probabilities: np.ndarray | None
    folder: Path


def run_model_pipeline(
    model_func: Callable[..., keras.Model],
    model_name: str,
    hyperparams: Mapping[str, Any],
    input_shape: Sequence[int],
    num_classes: int,
    train_generator: Any,
    test_generator: Any,
    epochs: int,
    accum_steps: int = 1,
    *,
    run_folder: Path | str | None = None,
    options: PipelineOptions | None = None,
) -> PipelineResult:
    """Build, train and store a model; called again with the same arguments it goes on where it stopped.

    Args:
        model_func: `create_<name>_model`; gets those hyper-parameters that its signature names.
        model_name: name of the run's folder under `runs/` when `run_folder` is None.
        hyperparams: flat names; those the model does not take are settings of training (`learning_rate`, …).
        input_shape: height, width and 3.
        num_classes: at least 2.
        train_generator: training pictures: our loader, a Keras `PyDataset`, or arrays `(pictures, one-hot labels)`.
        test_generator: pictures that decide when to stop and which epoch is best (validation, never the test
            split); None trains all epochs.
        epochs: most epochs of the main phase.
        accum_steps: batches per update.
        run_folder: where everything is written.
        options: see `PipelineOptions`.

    Returns:
        The trained model and its history.

    Raises:
        UserError: a hyper-parameter is unknown or outside its range, the folder holds a training with other arguments,
            or the loss is no longer a number.
        RunInUseError: another process trains in the folder.
        InterruptedRun: somebody asked for the end; the same call goes on.
    """
    options = options or PipelineOptions()
    folder = Path(run_folder) if run_folder is not None else Path("runs") / model_name
    own, training = split_hyperparams(model_func, hyperparams, epochs=epochs, accum_steps=accum_steps)
    check_l2_sp(training, pretrained=_is_pretrained(own), x_trainable=_x_trainable(model_func, own))
    loaders = _loaders(train_generator, test_generator, options, batch_size=training.batch_size)
    _check_monitor(training, num_classes=num_classes)
    asked = {"model": model_name, "own": own, "training": training.model_dump(), "input_shape": list(input_shape),
             "pictures": [loader and loader.num_pictures for loader in (loaders.train, loaders.validation, loaders.refit)],
             "num_classes": num_classes, "seed": options.seed, "precision": options.precision,
             "extended_from": options.extended_from}
    lock = lock_folder(folder / "checkpoint")
    try:
        _refuse_other_arguments(folder / "checkpoint" / "arguments.json", json.loads(json.dumps(asked, default=str)))
        return _run(model_func, own, training, (tuple(input_shape), num_classes), loaders, folder, options)
    finally:
        lock.release()


def _run(model_func: Callable[..., keras.Model], own: dict[str, Any], training: TrainingConfig,
         shape: tuple[tuple[int, ...], int], loaders: PhaseLoaders, folder: Path, options: PipelineOptions) -> PipelineResult:
    x_trainable = _x_trainable(model_func, own)
    keras.utils.set_random_seed(options.seed)
    with _dtype_policy(options.precision):
        with options.step("model"):
            network = model_func(*shape, **own)
            write_text(folder / "summary.txt", summarise(network))
            options.told_model(network, freeze(network, x_trainable))
        phases = plan_phases(
            training, pretrained=_is_pretrained(own), x_trainable=x_trainable, extended_from=options.extended_from
        )
        store = CheckpointStore(folder / "checkpoint")
        if options.extended_from:
            callbacks = create_callbacks(training, num_classes=shape[1])
            begin_extension(store, network, folder, phases=[phase.name for phase in phases], callbacks=callbacks)
        loop = _create_loop(network, training, store, options, loaders, folder=folder)
        with options.step("training"):
            history = loop.run(phases)
        if not options.store:
            return PipelineResult(network, history, loop.best_epoch, None, folder)
        with options.step("validation"):
            validated = _validated(loop, network, loaders.validation)
        with options.step("storing"):
            _store(loop, network, folder, options.card)
    return PipelineResult(network, history, loop.best_epoch, validated, folder)


def split_hyperparams(
    model_func: Callable[..., keras.Model], hyperparams: Mapping[str, Any], *, epochs: int, accum_steps: int
) -> tuple[dict[str, Any], TrainingConfig]:
    """Return the hyper-parameters that the signature of `model_func` names, and the others as settings of training.

    Raises:
        UserError: a name that neither knows, or a value outside its range.
    """
    accepted = list(inspect.signature(model_func).parameters)[2:]
    own = {name: value for name, value in hyperparams.items() if name in accepted}
    rest = {name: value for name, value in hyperparams.items() if name not in accepted}
    for name in rest:
        if name not in TrainingConfig.model_fields:
            raise UnknownNameError("hyper-parameter", name, [*accepted, *TrainingConfig.model_fields])
    try:
        return own, TrainingConfig(**{**rest, "epochs": epochs, "accum_steps": accum_steps})
    except ValidationError as error:
        problem = error.errors()[0]
        raise UserError(f"training.{problem['loc'][0]}: {problem['msg']}. Received: {problem['input']!r}.") from error


def _is_pretrained(own: Mapping[str, Any]) -> bool:
    return own.get("weights") not in (None, "none")


def _x_trainable(model_func: Callable[..., keras.Model], own: Mapping[str, Any]) -> str | int:
    parameter = inspect.signature(model_func).parameters.get("x_trainable")
    usual = "all" if parameter is None or parameter.default is parameter.empty else parameter.default
    return own.get("x_trainable", usual)


def summarise(network: keras.Model) -> str:
    """Return the layers of a network as a plain text table: name, kind, output shape, weights, whether they train."""
    rows = [("layer", "kind", "output shape", "weights", "trains")]
    for layer in network.layers:
        trains = ("yes" if layer.trainable else "no") if layer.weights else ""
        rows.append((layer.name, type(layer).__name__, str(layer.output.shape), f"{layer.count_params():,}", trains))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    trainable = sum(int(np.prod(weight.shape)) for weight in network.trainable_weights)
    return "\n".join([*lines, "", f"{network.count_params():,} weights, {trainable:,} of them trainable"]) + "\n"


@contextmanager
def _dtype_policy(name: str) -> Iterator[None]:
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(name)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)


def _loaders(train: Any, validation: Any, options: PipelineOptions, *, batch_size: int) -> PhaseLoaders:
    sources = train, validation, options.refit_generator
    return PhaseLoaders(*(as_loader(source, seed=options.seed, batch_size=batch_size) for source in sources))


def _check_monitor(training: TrainingConfig, *, num_classes: int) -> None:
    for k in (3, 5):
        if training.monitor == f"val_top_{k}_accuracy" and k >= num_classes:
            raise UserError(
                f"training.monitor={training.monitor} says nothing with {num_classes} classes: it would always be 100 %.\n"
                "Choose val_loss or val_accuracy."
            )


def _refuse_other_arguments(path: Path, asked: dict[str, Any]) -> None:
    """A folder goes on with the training that it began with, and with no other."""
    if not path.is_file():
        write_json(path, asked)
    stored = read_json(path)
    # Earlier versions had fewer settings; those of a network that came later are None where nobody chose them.
    stored["training"] = {**TrainingConfig().model_dump(mode="json"), **stored["training"]}
    stored["own"] = {**dict.fromkeys(name for name, value in asked["own"].items() if value is None), **stored["own"]}
    different = [name for name in asked if stored.get(name) != asked[name]]
    if different:
        told = "; ".join(f"{name} was {stored.get(name)}, is {asked[name]}" for name in different)
        message = f"{path.parent.parent} holds a training with other arguments: {told}"
        raise UserError(f"{message}\nGive another `run_folder`, or delete that one.")


def _create_loop(
    network: keras.Model, training: TrainingConfig, store: CheckpointStore, options: PipelineOptions, loaders: PhaseLoaders,
    *, folder: Path,
) -> TrainingLoop:
    cache = FeatureCache(options.features_folder or folder / "features")
    prepare = PhasePreparation(
        network, loaders, config=training, cache=cache, told=options.told_features, step=options.step
    )
    return TrainingLoop(
        network,
        prepare,
        config=training,
        store=store,
        callbacks=create_callbacks(training, num_classes=network.output_shape[-1]),
        observers=_observers(training, folder, options),
        stop=options.stop,
        xla=options.xla,
        profiles=folder / "profile" if options.profile else None,
    )


def _observers(training: TrainingConfig, folder: Path, options: PipelineOptions) -> list[keras.callbacks.Callback]:
    observers = [HistoryWriter(folder), *options.observers]
    if training.tensorboard:
        from car_classifier.training.tensorboard_writer import TensorBoardWriter  # its library takes a second to load

        observers.append(TensorBoardWriter(folder / "tensorboard"))
    return observers


def _validated(loop: TrainingLoop, network: keras.Model, loader: Any) -> np.ndarray | None:
    """A refitted network has trained on the validation pictures: only the weights before it may be judged by them."""
    if loader is None or not loop.weights_of("model"):
        return None
    return predict_probabilities(network, loader)


def _store(loop: TrainingLoop, network: keras.Model, folder: Path, card: ModelCard | None) -> None:
    if loop.weights_of("top3"):
        save_model(network, folder / "top3.keras", card)
    loop.use_final_weights()
    save_model(network, folder / "model.keras", card)
