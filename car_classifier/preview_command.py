"""What `data preview` does: a sheet of the pictures that training will see."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from car_classifier.base.seeds import derive_seed
from car_classifier.config import Config
from car_classifier.defaults import resolve_config, resolve_for_data
from car_classifier.prepared_data import PreparedData, prepare_data, read_source
from car_classifier.screen import create_console, progress_bar
from data.augmentation import PictureAugmentation
from data.batch import Batch
from data.mixing import mix_batch
from data.split_picture import open_picture
from results.plots.preview import PreviewBatch, PreviewRow, plot_preview

PICTURES = 5
CHAINS = 3
MIXED = 8  # pictures of a mixed batch that are shown
SMALLEST_SHARE = 0.005  # of a class in a mixed label, to be named


@dataclass(frozen=True)
class PreviewRequest:
    """The options of `data preview`.

    Args:
        config: settings, open ones still open.
        given: dotted names that the user set.
        output: the PNG file.
    """

    config: Config
    given: frozenset[str]
    output: Path


def run_preview(request: PreviewRequest) -> dict[str, Any]:
    """Draw the sheet and return what `--json` prints."""
    console = create_console()
    dataset = read_source(request.config)
    config = resolve_for_data(resolve_config(request.config, set(request.given)), dataset)
    with progress_bar(console, "Checking pictures") as told:
        data = prepare_data(config, dataset, told=told)
    rows = list(_rows(data))
    size, count = config.data.image_size, len(data.dataset.class_names)
    title = f"{data.dataset.name}, {count} classes: what training sees at {size}×{size} pixels (seed {config.seed})"
    plot_preview(rows, list(_batches(data)), request.output, title=title, subtitle=_subtitle(config))
    console.print(f"Written to {request.output}", markup=False)
    return {"file": str(request.output), "data": data.dataset.name, "image_size": size, "classes": count,
            "pictures": [row.class_name for row in rows]}


def _subtitle(config: Config) -> str:
    state = "as often as the settings say" if config.augmentation.augment else "which these settings switch off"
    return f"Photographs as the model sees them; each transform alone, made certain; the whole chain, {state}"


def _rows(data: PreparedData) -> Iterator[PreviewRow]:
    split, config = data.dataset.splits["train"], data.config
    for label in _classes_far_apart(split.labels, PICTURES):
        index = int(np.flatnonzero(split.labels == label)[0])
        original, box = open_picture(split, index, max_megapixels=config.data.max_megapixels), None
        if split.boxes is not None:
            box = split.boxes[index]
        square = data.geometry.apply(original, box)
        steps = {"what the model sees": square, **_transformed(square, config, place=index)}
        yield PreviewRow(data.dataset.class_names[label], original, box, steps)


def _classes_far_apart(labels: np.ndarray, most: int) -> np.ndarray:
    classes = np.unique(labels)
    return classes[np.linspace(0, len(classes) - 1, min(most, len(classes))).round().astype(int)]


def _transformed(square: np.ndarray, config: Config, *, place: int) -> dict[str, np.ndarray]:
    """Each transform alone, made certain, and the chain as often as it is."""
    steps, augmentation = {}, config.augmentation
    for name in augmentation.transform_order:
        certain = {"transform_order": (name,), f"{name}_probability": 1.0}
        alone = PictureAugmentation(augmentation.model_copy(update=certain))
        steps[name.replace("_", " ")] = alone(square, derive_seed(config.seed, "preview", place))
    chain = PictureAugmentation(augmentation)
    for number in range(1, CHAINS + 1):
        steps[f"chain, {number}. draw"] = chain(square, derive_seed(config.seed, "chain", place, number))
    return steps


def _batches(data: PreparedData) -> Iterator[PreviewBatch]:
    """A batch of each way of mixing; one that the settings leave out is shown at α = 1, and says so."""
    augmentation, plain = data.config.augmentation, _plain_batch(data)
    classes, seed = plain.labels.argmax(axis=1), derive_seed(data.config.seed, "mix")
    for name, field in (("CutMix", "cutmix_alpha"), ("MixUp", "mixup_alpha")):
        alpha = getattr(augmentation, field)
        off = {"cutmix_alpha": 0.0, "mixup_alpha": 0.0, "mixing_probability": 1.0}
        certain = augmentation.model_copy(update={**off, field: alpha or 1.0})
        batch = mix_batch(plain, certain, seed=seed, partners=_partners_of_other_classes(classes))
        state = f"α = {alpha:g}" if alpha else f"off; shown with augmentation.{field}=1"
        names = data.dataset.class_names
        shared = "one λ and rectangle" if name == "CutMix" else "one λ"
        title = f"{name} ({state}; {shared} per batch; here with partners of other classes where there are such)"
        yield PreviewBatch(title, batch.pictures, [_shares(label, names) for label in batch.labels])


def _partners_of_other_classes(classes: np.ndarray) -> np.ndarray:
    """For each example the place of one of another class, for as many as have such; training leaves it to chance."""
    order = np.argsort(classes, kind="stable")
    partners = np.empty_like(order)
    partners[order] = np.roll(order, np.bincount(classes).max())
    return partners


def _plain_batch(data: PreparedData) -> Batch:
    unmixed = data.config.augmentation.model_copy(update={"cutmix_alpha": 0.0, "mixup_alpha": 0.0})
    changes = {"augmentation": unmixed, "training": data.config.training.model_copy(update={"batch_size": MIXED})}
    train = data.dataset.splits["train"]
    chosen = np.array(_one_class_after_another(train.labels))
    dataset = replace(data.dataset, splits={"train": train.take(chosen)})
    batches = PreparedData(dataset, data.skipped, data.geometry, data.config.model_copy(update=changes)).train_loader().epoch(0)
    try:
        return next(batches)
    finally:
        batches.close()


def _one_class_after_another(labels: np.ndarray) -> list[int]:
    """Places of pictures: one of each class before the second of any, and classes far apart first."""
    columns = [np.flatnonzero(labels == label) for label in _classes_far_apart(labels, MIXED)]
    return [int(column[row]) for row in range(MIXED) for column in columns if row < len(column)][:MIXED]


def _shares(label: np.ndarray, names: tuple[str, ...]) -> list[tuple[str, float]]:
    order = np.argsort(-label, kind="stable")
    return [(names[place], float(label[place])) for place in order if label[place] >= SMALLEST_SHARE]
