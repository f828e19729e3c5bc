"""What `evaluate` does: a trained model on a split of its own pictures, or on others of the same classes."""

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console

from car_classifier.base.errors import DataError, UserError
from car_classifier.base.files import read_json
from car_classifier.config import Config
from car_classifier.evaluation import COVERAGE, LONG, Evaluator, headline, predict_probabilities, warn_of_openings
from car_classifier.model_file import ModelCard, load_model, read_card
from car_classifier.places import data_home
from car_classifier.prepared_data import PreparedData, prepare_data, read_source
from car_classifier.run_pictures import is_of_run, refuse_changed_pictures, stored_config
from car_classifier.screen import create_console, progress_bar
from car_classifier.test_time_augmentation import predict_mirrored
from data.class_choice import choose_where_there
from data.dataset import Dataset, fingerprint
from data.joining import SOURCE, split_source
from results.calibration import temperature_remark
from results.evaluated import Evaluated, split_in_root, weights_checksum
from results.found_hierarchy import find_hierarchy
from results.run_store import EVALUATION_FILES, Run
from results.search_words import interval_text
from results.trained_run import find_trained_run


@dataclass(frozen=True)
class EvaluationRequest:
    """The options of `evaluate`.

    Args:
        run: path or name.
        runs_dir: folder of all runs.
        data: other pictures; None: those the model was trained on.
        data_dir: of `--data-dir`; None: where the run found its pictures.
        split: "test", "validation" or "train"; None: test where there is one, else validation; of other pictures that
            have no splits, all.
        hierarchy: "cars", "birds", "none" or a CSV file; None: what the data tell, or their names.
        mirrored: average the answers over each picture and its mirror image.
    """

    run: str
    runs_dir: Path
    data: str | None
    data_dir: Path | None
    split: str | None
    hierarchy: str | None = None
    mirrored: bool = False


def run_evaluation(request: EvaluationRequest) -> dict[str, Any]:
    """Evaluate, write the files, return what `--json` prints.

    Raises:
        UserError: no such run or split.
        DataError: the pictures show other classes.
    """
    console = create_console()
    folder = find_trained_run(request.run, request.runs_dir)
    config = stored_config(folder)
    run = Run(folder, kind="train", config=read_json(folder / "config.json"))
    try:
        card, network = read_card(folder), load_model(folder)
        hierarchy = find_hierarchy(request.hierarchy, data=card.data, class_names=card.class_names, levels=card.levels)
        evaluator = Evaluator(card, hierarchy, config.seed)
        data, request, is_own = _pictures(request, folder, card, console)
        about = Evaluated(data.dataset.name, request.split, fingerprint(data.dataset), weights_checksum(folder),
                          mirrored=request.mirrored)
        target = _target(run, about, request, is_own=is_own)
        split = data.dataset.splits[request.split]
        with run.step(f"evaluate {request.split}"), progress_bar(console, "Pictures") as told:
            loader, more = data.evaluation_loader(request.split), {}
            if request.mirrored:
                answers = predict_mirrored(network, loader, told)
                probabilities, more = answers.averaged, {"tta": answers.describe(split.labels, seed=config.seed)}
            else:
                probabilities = predict_probabilities(network, loader, told)
        opened = run.record["evaluations_of_test"] + int(is_own and request.split == "test")
        run.update(evaluations_of_test=opened)
        figures = evaluator.write(target, split, probabilities, evaluated=about, more=more)
        if target == run.folder and "summary" in run.record:
            short = {name: value for name, value in figures.items() if name not in LONG}
            run.update(summary=run.record["summary"] | {"test": short})
    finally:
        run.release()
    console.print(f"[bold]{request.split} of {data.dataset.name}[/bold]: {headline(figures)}")
    _tell_details(console, figures, card)
    if is_own and request.split == "test" and opened > 1:
        console.print(warn_of_openings(opened), style="yellow")
    if is_own and (request.split == "train" or (request.split == "validation" and config.training.refit)):
        console.print("The model has trained on these pictures: the figures say nothing about new ones.", style="yellow")
    console.print(f"Written to {target}", markup=False)
    return {"run": str(folder), "data": data.dataset.name, "split": request.split, **figures}


def _tell_details(console: Console, figures: dict[str, Any], card: ModelCard) -> None:
    """Print what is right of groups of classes, what the mirror images brought, and how far probabilities can be believed."""
    if figures["levels"]:
        console.print(" · ".join(f"{level['name']} {100 * level['accuracy']:.1f} %" for level in figures["levels"]))
    console.print(_trust_in_words(figures))
    if "tta" in figures:
        tta = figures["tta"]
        gain = interval_text(tta["gain"], tta["gain_low"], tta["gain_high"])
        console.print(f"With mirror images {gain}, in {tta['seconds']:.1f} s instead of {tta['seconds_plain']:.1f} s "
                      f"({tta['cost']:.1f} times)")
        console.print("Temperature and sets were fitted without mirror images: beside these answers they are approximate.")
    remark = temperature_remark(card.temperature)
    if remark is not None:
        console.print(remark, style="yellow", markup=False)
    if card.thresholds is None:
        console.print("The model holds no temperature: it was trained without validation pictures or by an earlier version. "
                      "Its probabilities are shown as they come.", style="yellow")


def _trust_in_words(figures: dict[str, Any]) -> str:
    """How far probabilities and sets can be believed."""
    error, perfect = (100 * figures[f"expected_calibration_error{name}"] for name in ("", "_by_chance"))
    words = f"calibration error {error:.1f} % (perfect probabilities would show about {perfect:.1f} %, by chance)"
    if figures["set_coverage"] is None:
        return words
    low, high = (100 * end for end in figures["intervals"]["set_coverage"])
    return (f"{words} · {100 * COVERAGE:.0f} % sets hold the right class of {100 * figures['set_coverage']:.1f} % ({low:.1f} "
            f"to {high:.1f}), with {figures['set_size']:.1f} classes on average")


def _is_own_name(data: str | None, config: Config) -> bool:
    return data is None or _is_same(data, config.data.source)


def _is_same(source: str, other: str) -> bool:
    return source == other or (Path(source).exists() and Path(other).exists() and Path(source).samefile(other))


def _is_part(data: str, config: Config) -> bool:
    """Whether `data` is one of the sources that a run on joined data set test pictures apart of."""
    return bool(config.data.test_fraction) and any(_is_same(data, source) for source in split_source(config.data.source))


def _pictures(
    request: EvaluationRequest, folder: Path, card: ModelCard, console: Console
) -> tuple[PreparedData, EvaluationRequest, bool]:
    """Return the pictures, the request with the split decided, and whether they are those of the run, whatever their name."""
    data, is_own = _read_pictures(request, folder, card, console)
    dataset, splits = data.dataset, data.dataset.splits
    if request.split is None:
        split = next(name for name in ("test", "validation", "train") if name in splits)
        request = replace(request, split=split)
        if split != "test":
            chosen = "all pictures" if split == "train" else "validation, by which the best epoch was chosen"
            console.print(f"{dataset.name} has no test split; evaluated: {chosen}.", markup=False)
    if request.split not in splits:
        raise UserError(
            f"{dataset.name} has no split {request.split!r}. Splits: {', '.join(splits)}.\n"
            f"Pass --split {'validation' if 'validation' in splits else 'train'}."
        )
    if card.geometry.cut_to_box and splits[request.split].boxes is None:
        console.print("The model was trained on pictures cut to their boxes; these have none and are taken whole: "
                      "expect fewer right answers.", style="yellow")
    for path, reason in data.skipped:
        console.print(f"skipped {path}: {reason}", style="yellow", markup=False)
    return replace(data, geometry=card.geometry), request, is_own


def _read_pictures(
    request: EvaluationRequest, folder: Path, card: ModelCard, console: Console
) -> tuple[PreparedData, bool]:
    own = stored_config(folder)
    home = data_home(request.data_dir) if request.data_dir else own.data.directory
    config = own.override({"data.directory": str(home), "data.source": request.data or own.data.source})
    is_own_name = _is_own_name(request.data, own)
    dataset = _read_dataset(config, is_own_name=is_own_name)
    with progress_bar(console, "Checking pictures") as told:
        if is_own_name or _num_pictures(dataset) == _num_pictures_found(folder):
            data = prepare_data(config, in_classes(dataset, card), told=told)
            if is_own_name:
                refuse_changed_pictures(folder, data)
            if is_of_run(folder, data):
                return data, True
        whole = {} if _is_part(config.data.source, own) else {"data.limit": None, "data.test_fraction": 0.0}
        whole |= {} if request.split == "validation" else {"data.validation_fraction": 0.0}
        config = config.override(whole)
        dataset = in_classes(_read_dataset(config, is_own_name=is_own_name), card)
        if config.data.test_fraction:
            console.print(f"{dataset.name} is one of the sources of the run. Its test split are the pictures that the run set "
                          f"apart with data.test_fraction={config.data.test_fraction:g}.", markup=False)
        return prepare_data(config, dataset, told=told), False


def _read_dataset(config: Config, *, is_own_name: bool) -> Dataset:
    """The pictures; of other data than those of the run, its choice of classes where they have them."""
    if is_own_name:
        return read_source(config)
    found = read_source(config.override({"data.classes": None, "data.label_level": None, "data.test_fraction": 0.0}))
    return choose_where_there(found, config.data.classes, config.data.label_level)


def _num_pictures(dataset: Dataset) -> int:
    return sum(map(len, dataset.splits.values()))


def _num_pictures_found(folder: Path) -> int:
    """How many pictures the source of a run held, those that could not be used included."""
    data = read_json(folder / "data.json")
    return sum(data["counts"].values()) + len(data["skipped"])


def in_classes(dataset: Dataset, card: ModelCard) -> Dataset:
    """Return `dataset` with the labels of a model's classes, which it may show a part of.

    A model of joined data calls a class that several sources have "photos: heron"; in the pictures of `photos` it is heron.

    Raises:
        DataError: it has classes that the model does not know.
    """
    class_names = card.class_names
    places_of = {name: place for place, name in enumerate(class_names)}
    for place, (source, name) in enumerate(zip(card.levels.get(SOURCE, ()), class_names)):
        if source == dataset.name:
            places_of.setdefault(name.removeprefix(f"{source}: "), place)
    unknown = [name for name in dataset.class_names if name not in places_of]
    if unknown:
        raise DataError(
            f"{dataset.name} has {len(unknown)} classes that the model does not know: {', '.join(unknown[:5])}"
            f"{', …' if len(unknown) > 5 else ''}.\nThe model knows {', '.join(class_names[:5])}, …: rename the folders."
        )
    places = np.array([places_of[name] for name in dataset.class_names], np.int32)
    splits = {name: replace(split, labels=places[split.labels]) for name, split in dataset.splits.items()}
    return replace(dataset, class_names=tuple(class_names), splits=splits, levels={})  # the model knows its own


def _target(run: Run, about: Evaluated, request: EvaluationRequest, *, is_own: bool) -> Path:
    """The run's folder for the first opening of its own test split, else a folder of its own that is never overwritten.

    Figures on validation give the run's folder up to those on test, and move to a folder of their own.
    """
    if is_own and request.split == "test" and not request.mirrored and request.hierarchy is None:
        split = split_in_root(run.folder, run.record.get("summary") or {})
        if split == "validation":
            kept = _free_folder(run.folder, f"{about.data}-{split}")
            for name in EVALUATION_FILES:
                if (run.folder / name).is_file():
                    (kept / name).parent.mkdir(parents=True, exist_ok=True)
                    (run.folder / name).replace(kept / name)
        if not (run.folder / "evaluation.json").exists():
            return run.folder
    return _free_folder(run.folder, f"{about.data}-{about.split}", "-tta" if request.mirrored else "")


def _free_folder(folder: Path, name: str, ending: str = "") -> Path:
    name = re.sub(r"[^A-Za-z0-9_-]+", "_", name) + ending
    candidates = (folder / "evaluations" / (name if number == 1 else f"{name}-{number}") for number in range(1, 10_000))
    return next(place for place in candidates if not (place / "evaluation.json").exists())
