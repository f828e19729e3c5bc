"""Stanford Cars as its authors published it: pictures beside MATLAB files, in two layouts."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from car_classifier.base.errors import DataError
from data.dataset import Dataset
from data.faults import Fault
from data.readers.annotated_set import build_dataset, parse_entries
from data.readers.annotation import Annotation, parse_box, parse_class
from data.readers.bad_entry import BadEntry
from data.readers.contained_folder import ContainedFolder
from data.readers.mat_file import read_mat

EDGES = ("bbox_x1", "bbox_y1", "bbox_x2", "bbox_y2")
WITH_LABELS = "cars_test_annos_withlabels.mat"
KIT_LAYOUT = (
    f"cars_train/, cars_test/, devkit/cars_meta.mat, devkit/cars_train_annos.mat, and {WITH_LABELS} in devkit/ or beside it"
)
SINGLE_LAYOUT = "cars_annos.mat, and car_ims/ with the pictures"

Locate = Callable[[dict[str, Any]], tuple[str, str]]


def read_development_kit(folder: Path) -> Dataset:
    """Read `cars_train/`, `cars_test/` and `devkit/`; without the labels of the test pictures there is no test split.

    Raises:
        DataError: a file of the layout is missing or damaged, or nothing is left to train on.
    """
    meta, train = folder / "devkit" / "cars_meta.mat", folder / "devkit" / "cars_train_annos.mat"
    missing = [str(path.relative_to(folder)) for path in (meta, train) if not path.is_file()]
    if missing or not (folder / "cars_train").is_dir():
        raise DataError(f"{folder} lacks {', '.join(missing) or 'cars_train/'}. Expected: {KIT_LAYOUT}.")
    names = _class_names(meta)
    contained = ContainedFolder(folder)
    places = {split: _inner(folder / f"cars_{split}") for split in ("train", "test")}
    test = next((path for path in (folder / "devkit" / WITH_LABELS, folder / WITH_LABELS) if path.is_file()), None)
    annotations, faults = _read(train, names, contained, _in_place(folder, places["train"], "train"))
    if test is None:
        faults += _unlabelled(folder, contained, places.pop("test"))
    else:
        tested, more = _read(test, names, contained, _in_place(folder, places["test"], "test"))
        annotations, faults = annotations + tested, faults + more
    for place in places.values():
        faults += contained.unnamed(place)
    return build_dataset(folder.name, names, annotations, faults)


def read_single_annotation_file(folder: Path) -> Dataset:
    """Read `cars_annos.mat`, which holds the classes and all annotations, and the pictures in `car_ims/`.

    Raises:
        DataError: a file of the layout is missing or damaged, or nothing is left to train on.
    """
    annos = folder / "cars_annos.mat"
    if not annos.is_file() or not (folder / "car_ims").is_dir():
        raise DataError(f"{folder} lacks {'car_ims/' if annos.is_file() else annos.name}. Expected: {SINGLE_LAYOUT}.")
    names = _class_names(annos)
    contained = ContainedFolder(folder)
    annotations, faults = _read(annos, names, contained, _by_flag)
    for place in sorted({folder / "car_ims", *(annotation.path.parent for annotation in annotations)}):
        faults += contained.unnamed(place)
    return build_dataset(folder.name, names, annotations, faults)


def _class_names(path: Path) -> tuple[str, ...]:
    names = read_mat(path, "class_names")
    if not isinstance(names, list) or not all(isinstance(name, str) and name for name in names) or len(set(names)) < len(names):
        raise DataError(f"{path} does not list the classes. Expected: class_names, a cell array of different texts.")
    return tuple(names)


def _read(
    path: Path, names: Sequence[str], contained: ContainedFolder, locate: Locate
) -> tuple[list[Annotation], list[Fault]]:
    entries = read_mat(path, "annotations")
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise DataError(f"{path} does not list annotations. Expected: annotations, an array of structures.")
    return parse_entries(_numbered(path, entries), lambda where, entry: _parse(where, entry, names, contained, locate))


def _numbered(path: Path, entries: list[dict[str, Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
    for number, entry in enumerate(entries, start=1):
        yield f"{path}, entry {number}", entry


def _parse(
    where: str, entry: dict[str, Any], names: Sequence[str], contained: ContainedFolder, locate: Locate
) -> Annotation:
    split, file = locate(entry)
    path = contained.locate(file)
    class_name = parse_class(_number(entry, "class"), names)
    return Annotation(where, path, split, class_name, parse_box([_number(entry, edge) for edge in EDGES]))


def _in_place(folder: Path, place: Path, split: str) -> Locate:
    """Find the pictures of a split by the field `fname`, a plain file name."""
    return lambda entry: (split, str(place.relative_to(folder) / _text(entry, "fname")))


def _by_flag(entry: dict[str, Any]) -> tuple[str, str]:
    return ("test" if _number(entry, "test") else "train"), _text(entry, "relative_im_path")


def _number(entry: dict[str, Any], name: str) -> float:
    value = entry.get(name)
    if value is None or isinstance(value, (str, list)) or len(value) != 1:
        raise BadEntry("annotation_malformed", f"Expected one number in the field {name!r}. Received: {value!r}.")
    return value[0].item()


def _text(entry: dict[str, Any], name: str) -> str:
    value = entry.get(name)
    if not isinstance(value, str) or not value:
        raise BadEntry("annotation_malformed", f"Expected a file in the field {name!r}. Received: {value!r}.")
    return value


def _inner(place: Path) -> Path:
    """The folder itself, or the one of the same name that some archives put into it."""
    return place / place.name if (place / place.name).is_dir() else place


def _unlabelled(folder: Path, contained: ContainedFolder, place: Path) -> list[Fault]:
    count = len(contained.pictures(place))
    return [Fault(
        "test_labels_missing", str(place), f"{count:,} test pictures have no labels, so there is no test split: "
        f"cars_test_annos.mat holds boxes only. Put {WITH_LABELS}, published by the same authors, into {folder / 'devkit'}.",
        "left_out",
    )]
