"""What `explain` does: maps over single pictures, or the share of the maps inside the boxes of a split."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console

from car_classifier.base.counts import describe_count
from car_classifier.base.errors import CarClassifierError, DataError, PictureError, UnknownNameError, UserError
from car_classifier.base.files import write_json
from car_classifier.grad_cam import GradCam, attention_layers
from car_classifier.heat import spread_over_picture
from car_classifier.model_file import ModelCard, load_model, read_card
from car_classifier.prepared_data import PreparedData
from car_classifier.run_pictures import read_run_pictures, stored_config
from car_classifier.screen import create_console, progress_bar
from data.dataset import Split
from data.machine import num_processors
from data.picture import decode_picture
from data.split_picture import open_picture
from results.box_share import share_in_box, summarise_shares
from results.calibration import apply_temperature
from results.plots.heat import plot_explanation
from results.run_words import share_text
from results.search_words import interval_text
from results.trained_run import find_trained_run

ATTENTION = "attention"
PANELS = {"head_attention": "attention gate of the head", "head_se": "channel gate (SE) of the head"}
WHOLE = 0.98  # share of the picture above which a box leaves nothing outside


@dataclass(frozen=True)
class ExplainRequest:
    """The options of `explain`.

    Args:
        run: path or name.
        runs_dir: folder of all runs.
        files: pictures; none with `split`.
        split: whose boxes the maps are held against; None with `files`.
        layers: names; "attention" means every gate of the head and block between stages; none: the backbone's last feature map.
        class_name: whose maps; None: those of the class answered.
        data_dir: where the run's data lies now; None: where the run found it.
    """

    run: str
    runs_dir: Path
    files: tuple[Path, ...] = ()
    split: str | None = None
    layers: tuple[str, ...] = ()
    class_name: str | None = None
    data_dir: Path | None = None


def run_explanation(request: ExplainRequest) -> dict[str, Any]:
    """Explain, write the files, return what `--json` prints.

    Raises:
        UserError: neither pictures nor a split, or an unknown run, layer or class.
        DataError: the split has no boxes, or its pictures have changed.
    """
    if bool(request.files) == bool(request.split):
        raise UserError("Give either picture files or --split. Example: python -m car_classifier explain my-run photo.jpg")
    folder = find_trained_run(request.run, request.runs_dir)
    card, network = read_card(folder), load_model(folder)
    layers = [name for wanted in request.layers or (None,) for name in
              (attention_layers(network) if wanted == ATTENTION else [wanted])]
    if request.class_name is not None and request.class_name not in card.class_names:
        raise UnknownNameError("class", request.class_name, card.class_names)
    if request.split and len(layers) > 1:
        raise UserError(f"--split holds the maps of one layer against the boxes. Received: {', '.join(layers)}.\n"
                        f"Pass one of them: --layer {layers[0]}")
    explained = [GradCam(network, layer) for layer in layers]
    if request.split:
        return _explain_split(request, folder, card, explained[0])
    return _explain_files(request, folder, card, explained)


def _explain_files(request: ExplainRequest, folder: Path, card: ModelCard, explained: Sequence[GradCam]) -> dict[str, Any]:
    console = create_console()
    boxes = _boxes_of(request, folder, card, console)
    written, skipped, targets = [], [], _targets(request, folder / "explanations")
    for file in request.files:
        try:
            picture = decode_picture(file)
        except PictureError as error:
            console.print(f"skipped {error}", style="yellow", markup=False)
            skipped.append({"file": str(file), "reason": error.reason})
            continue
        target = targets[file]
        line = _explain_file(request, card, explained, file=file, picture=picture, box=boxes.get(file.resolve()), target=target)
        answer = f"{line['class_name']}, {share_text(line['probability'], 0)}{_true_class(file, card)}"
        console.print(f"{file}: {answer} → {target}", markup=False, soft_wrap=True)
        written.append(line)
    return {"run": str(folder), "pictures": written, "skipped": skipped}


def _targets(request: ExplainRequest, folder: Path) -> dict[Path, Path]:
    """Return where each picture is written: named after it, its folder and what was asked, then numbered.

    In class folders many files have the same name.
    """
    asked = "".join(f"-{part}" for part in (*request.layers, request.class_name) if part)
    targets, taken = {}, Counter()
    for file in dict.fromkeys(request.files):
        name = re.sub(r"[^\w.-]+", "_", f"{file.resolve().parent.name}-{file.name}{asked}")
        taken[name] += 1
        targets[file] = folder / (f"{name}.png" if taken[name] == 1 else f"{name}-{taken[name]}.png")
    return targets


def _explain_file(request: ExplainRequest, card: ModelCard, explained: Sequence[GradCam], *, file: Path,
                  picture: np.ndarray, box: np.ndarray | None, target: Path) -> dict[str, Any]:
    part = card.geometry.seen_part(picture.shape, box)
    square = card.geometry.apply(picture, box)[None]
    wanted = None if request.class_name is None else [card.class_names.index(request.class_name)]
    maps = []
    for layer in explained:
        values, probabilities = layer.explain(square, wanted)
        empty = "" if values.max() > 0 else ": nothing speaks for the class"
        maps.append((f"{PANELS.get(layer.layer, layer.layer)}{empty}", spread_over_picture(values[0], picture.shape, part)))
    probabilities = apply_temperature(probabilities[0], card.temperature)
    answer = int(probabilities.argmax())
    class_name, probability = card.class_names[answer], float(probabilities[answer])
    title = f"{class_name}, {share_text(probability, 0)}"
    if wanted:
        title = f"{request.class_name}, {share_text(probabilities[wanted[0]], 0)} (answered: {class_name})"
    plot_explanation(picture, maps, title=f"{title}{_true_class(file, card)}",
                     subtitle=f"{file.name} · Grad-CAM: bright is what speaks for the class", path=target)
    return {"file": str(file), "png": str(target), "class_name": class_name, "probability": probability,
            "explained_class": request.class_name or class_name, "layers": [layer.layer for layer in explained]}


def _true_class(file: Path, card: ModelCard) -> str:
    """Say which class a picture lies in, where its folder is called after one."""
    folder = file.resolve().parent.name
    return f" (in the folder {folder})" if folder in card.class_names else ""


def _boxes_of(request: ExplainRequest, folder: Path, card: ModelCard, console: Console) -> dict[Path, np.ndarray]:
    """Return the boxes of the run's own pictures, which a model that sees pictures cut to their boxes needs."""
    if not card.geometry.cut_to_box:
        return {}
    boxes = {}
    try:
        with progress_bar(console, "Checking pictures") as told:
            data = read_run_pictures(folder, card, data_dir=request.data_dir, told=told)
        for split in data.dataset.splits.values():
            boxes |= {path.resolve(): box for path, box in zip(split.paths, split.boxes if split.boxes is not None else ())}
    except CarClassifierError as error:
        console.print(f"The boxes of the run's pictures are not at hand: {error}", style="yellow", markup=False)
    if any(file.resolve() not in boxes for file in request.files):
        console.print("The model was trained on pictures cut to their boxes; those without a box are taken whole.",
                      style="yellow")
    return boxes


def _explain_split(request: ExplainRequest, folder: Path, card: ModelCard, explained: GradCam) -> dict[str, Any]:
    console = create_console()
    with progress_bar(console, "Checking pictures") as told:
        data = read_run_pictures(folder, card, data_dir=request.data_dir, told=told)
    if request.split not in data.dataset.splits:
        raise UserError(f"{data.dataset.name} has no split {request.split!r}. Splits: {', '.join(data.dataset.splits)}.")
    split = data.dataset.splits[request.split]
    if split.boxes is None:
        raise DataError(f"The pictures of {data.dataset.name} have no boxes to hold the maps against.\n"
                        "Give picture files instead, to look at their maps.")
    wanted = None if request.class_name is None else card.class_names.index(request.class_name)
    shares, areas, empty = [], [], 0
    with progress_bar(console, "Pictures") as told:
        for squares, parts, boxes in _opened(data, split):
            maps, _ = explained.explain(squares, None if wanted is None else [wanted] * len(squares))
            for values, part, box in zip(maps, parts, boxes):
                if values.max() == 0:
                    empty += 1
                    continue
                share, area = share_in_box(values, box, part)
                shares.append(share)
                areas.append(area)
            told(len(shares) + empty, len(split))
    if not shares:
        raise DataError(f"No map of layer {explained.layer} is above 0 anywhere: nothing there speaks for the answers.")
    seed = stored_config(folder).seed
    figures = {"split": request.split, "layer": explained.layer, "class_name": request.class_name,
               "cut_to_box": card.geometry.cut_to_box, "num_empty": empty,
               **summarise_shares(np.array(shares), np.array(areas), seed=seed)}
    target = folder / "explanations" / f"{request.split}-{explained.layer}.json"
    write_json(target, {"format": 1, **figures})
    for line in shares_in_words(figures):
        console.print(line, markup=False, soft_wrap=True)
    console.print(f"Written to {target}", markup=False)
    return {"run": str(folder), **figures}


def _opened(data: PreparedData, split: Split) -> Iterator[tuple[np.ndarray, Sequence[tuple[float, ...]], np.ndarray]]:
    """Yield batches: what the model sees of the pictures, which part of them that is, and their boxes."""

    def read(index: int) -> tuple[np.ndarray, tuple[float, ...]]:
        picture = open_picture(split, index, max_megapixels=data.config.data.max_megapixels)
        box = split.boxes[index]
        return data.geometry.apply(picture, box), data.geometry.seen_part(picture.shape, box)

    size = data.config.training.batch_size
    with ThreadPoolExecutor(num_processors()) as pool:
        for start in range(0, len(split), size):
            squares, parts = zip(*pool.map(read, range(start, min(start + size, len(split)))))
            yield np.stack(squares), parts, split.boxes[start : start + size]


def shares_in_words(figures: dict[str, Any]) -> list[str]:
    """Return what the shares say, for the terminal."""
    words = [
        f"{figures['split']}, {figures['num_pictures']:,} pictures, layer {figures['layer']}: "
        f"{share_text(figures['share'])} of the map lies in the box ({share_text(figures['share_low'])} to "
        f"{share_text(figures['share_high'])}).",
        f"An even map would have {share_text(figures['area'])} there: the box takes that share of what the model sees. The "
        f"difference is {interval_text(figures['gain'], figures['gain_low'], figures['gain_high'])}.",
    ]
    if figures["area"] > WHOLE:
        words.append("The boxes take nearly all of what the model sees, so these figures say nothing about where it looks.")
    elif figures["cut_to_box"]:
        words.append("The model saw pictures cut to their boxes, so little outside of them is left to look at; "
                     "train with --set data.cut_to_box=false to learn where it looks by itself.")
    if figures["num_empty"]:
        words.append(f"{describe_count(figures['num_empty'], 'map')} with 0 everywhere not counted.")
    return words
