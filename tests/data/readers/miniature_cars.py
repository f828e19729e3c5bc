"""Stanford Cars in its three layouts, with two classes and a few pictures."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image
from scipy.io import savemat

from tests.data.conftest import random_picture

NAMES = ("Van 2012", "Ram C/V 2012")
EDGES = ("bbox_x1", "bbox_y1", "bbox_x2", "bbox_y2")
KIT_FIELDS = (*EDGES, "class", "fname")
SINGLE_FIELDS = ("relative_im_path", *EDGES, "class", "test")
BOX = (1, 2, 30, 20)


def draw(path: Path, seed: int = 0) -> None:
    """Write a picture of 32×24 pixels."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(random_picture(seed)).save(path)


def write_mat(path: Path, fields: Sequence[str], entries: Sequence[Sequence], *, names: Sequence[str] | None = None) -> None:
    """Write `annotations` as the authors did: a row of structures, every value a 1×1 array of the smallest kind or a text."""
    annotations = np.empty((1, len(entries)), [(name, object) for name in fields])
    for number, values in enumerate(entries):
        annotations[0, number] = tuple(
            value if isinstance(value, str) else np.array([[value]], np.min_scalar_type(value)) for value in values
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    savemat(path, {"annotations": annotations} | ({} if names is None else {"class_names": _cells(names)}), do_compression=True)


def write_meta(path: Path, names: Sequence[str] = NAMES) -> None:
    """Write `class_names` as the authors did: a row of cells."""
    path.parent.mkdir(parents=True, exist_ok=True)
    savemat(path, {"class_names": _cells(names)}, do_compression=True)


def _cells(names: Sequence[str]) -> np.ndarray:
    cells = np.empty((1, len(names)), object)
    cells[0] = list(names)
    return cells


def write_by_classes(folder: Path) -> None:
    """Four training and two test pictures, each with a name of its own."""
    for split, first, count in (("train", 1, 4), ("test", 11, 2)):
        lines = []
        for number in range(first, first + count):
            label = number % 2 + 1
            draw(folder / "car_data" / split / NAMES[label - 1].replace("/", "-") / f"{number:05d}.png", number)
            lines.append(f"{number:05d}.png,{','.join(map(str, BOX))},{label}\n")
        (folder / f"anno_{split}.csv").write_text("".join(lines))
    (folder / "names.csv").write_text("".join(f"{name}\n" for name in NAMES))


def write_kit(folder: Path, extra: Sequence[Sequence] = ()) -> None:
    """The same pictures as the original development kit, with `extra` entries among the training annotations."""
    entries = {"train": [(*BOX, n % 2 + 1, f"{n:05d}.png") for n in range(1, 5)]}
    entries["test"] = [(*BOX, n % 2 + 1, f"{n:05d}.png") for n in range(1, 3)]
    for split, rows in entries.items():
        for number, row in enumerate(rows):
            draw(folder / f"cars_{split}" / row[-1], number)
    write_meta(folder / "devkit" / "cars_meta.mat")
    write_mat(folder / "devkit" / "cars_train_annos.mat", KIT_FIELDS, [*entries["train"], *extra])
    write_mat(folder / "devkit" / "cars_test_annos.mat", (*EDGES, "fname"), [(*row[:4], row[5]) for row in entries["test"]])
    write_mat(folder / "cars_test_annos_withlabels.mat", KIT_FIELDS, entries["test"])


def write_single(folder: Path, extra: Sequence[Sequence] = ()) -> None:
    """The same pictures with one annotation file, and `extra` entries in it."""
    rows = [(f"car_ims/{n:06d}.png", *BOX, n % 2 + 1, int(n > 4)) for n in range(1, 7)]
    for number, row in enumerate(rows):
        draw(folder / row[0], number)
    write_mat(folder / "cars_annos.mat", SINGLE_FIELDS, [*rows, *extra], names=NAMES)
