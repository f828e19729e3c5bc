"""What every reader must do with faults, over all layouts: name each, leave it out, and never end in a traceback."""

import os
import random
import shutil
from pathlib import Path

import pytest

from car_classifier.base.errors import CarClassifierError
from data.config import DataConfig
from data.registry import DATASETS, read_dataset
from tests.data.readers.miniature_cars import BOX, draw, write_by_classes, write_kit, write_single


def write_class_folders(folder: Path) -> None:
    for split, count in (("train", 4), ("test", 2)):
        for number in range(count):
            draw(folder / split / "ab"[number % 2] / f"{number}.png", number)


def write_table(folder: Path) -> None:
    lines = ["file,label,split,group,x_min,y_min,x_max,y_max"]
    for number in range(6):
        draw(folder / "photos" / f"{number}.png", number)
        lines.append(f"photos/{number}.png,{'ab'[number % 2]},{'train' if number < 4 else 'test'},{number // 2},1,2,30,20")
    (folder / "table.csv").write_text("\n".join(lines) + "\n")


def plant_in_class_folders(folder: Path) -> dict[str, str]:
    draw(folder / "train" / "A" / "1.png")
    (folder / "train" / "empty").mkdir()
    draw(folder / "train" / "a" / "deeper" / "1.png")
    (folder / "train" / "b" / "notes.txt").touch()
    (folder / "test" / "a" / "link.png").symlink_to("/etc/hostname")
    (folder / "train" / "b" / os.fsdecode(b"\xff.png")).touch()
    draw(folder / "train" / "stray.png")
    return {
        "classes_alike": "A, a", "class_empty": "empty", "folder_not_searched": "deeper", "file_not_picture": "notes.txt",
        "path_leaves_folder": "link.png", "name_not_text": "udcff.png",
        "file_without_annotation": "stray.png", "class_missing_in_split": "A",
    }


def plant_in_table(folder: Path) -> dict[str, str]:
    draw(folder / "photos" / "9.png")
    draw(folder / "photos" / "8.png")
    with open(folder / "table.csv", "a") as file:
        for values in ("photos/0.png,b,train,,1,2,30,20", "photos/1.png,b,train,,1,2,30,20", "none.png,a,train,,1,2,30,20",
                       "photos/8.png,c,train,,5,5,5,9", "/etc/hostname,a,test,,1,2,3,4", "photos/8.png,b",
                       "photos/8.png,B,test,0,1,2,30,20"):
            file.write(values + "\n")
    return {
        "labels_contradict": "line 8", "file_listed_twice": "line 9", "file_missing": "line 10", "box_without_area": "line 11",
        "path_leaves_folder": "line 12", "annotation_malformed": "line 13", "classes_alike": "B, b", "class_empty": "c",
        "file_without_annotation": "9.png", "class_missing_in_split": "B", "group_in_two_splits": "0",
    }


def plant_in_classes(folder: Path) -> dict[str, str]:
    (folder / "car_data" / "train" / "new").mkdir()
    draw(folder / "car_data" / "train" / "new" / "5.png")
    with open(folder / "names.csv", "a") as file:
        file.write("van 2012\n")
    with open(folder / "anno_train.csv", "a") as file:
        for line in ("00001.png,1,2,30,20,1", "00002.png,1,2,30,20,1", "00009.png,1,2,30,20,1", "00003.png,1,2,1,20,1",
                     "../00003.png,1,2,30,20,1", "00003.png,1,2", "00003.png,1,2,30,20,197"):
            file.write(line + "\n")
    return {
        "labels_contradict": "line 5", "file_listed_twice": "line 6", "file_missing": "line 7", "box_without_area": "line 8",
        "path_leaves_folder": "line 9", "annotation_malformed": "line 10", "label_out_of_range": "line 11",
        "classes_alike": "Van 2012, van 2012", "class_empty": "van 2012", "file_without_annotation": "5.png",
        "folder_contradicts": "new",
    }


MATLAB_FAULTS = (
    ("labels_contradict", (*BOX, 1)), ("box_without_area", (3, 3, 3, 3, 1)), ("label_out_of_range", (*BOX, 197)),
    ("annotation_malformed", (*BOX, "x")),
)


def plant_in_kit(folder: Path) -> dict[str, str]:
    shutil.rmtree(folder)
    extra = [(*values, "00001.png") for _, values in MATLAB_FAULTS]
    write_kit(folder, [*extra, (*BOX, 1, "9.png"), (*BOX, 1, "../9.png"), (*BOX, 1, "00002.png")])
    (folder / "cars_test_annos_withlabels.mat").unlink()
    draw(folder / "cars_train" / "stray.png")
    planted = {kind: f"train_annos.mat, entry {number}" for number, (kind, _) in enumerate(MATLAB_FAULTS, start=5)}
    return planted | {
        "file_missing": "entry 9", "path_leaves_folder": "entry 10", "file_listed_twice": "entry 11",
        "file_without_annotation": "stray.png", "test_labels_missing": "cars_test",
    }


def plant_in_single(folder: Path) -> dict[str, str]:
    shutil.rmtree(folder)
    extra = [("car_ims/000001.png", *values, 0) for _, values in MATLAB_FAULTS]
    write_single(folder, [*extra, ("car_ims/9.png", *BOX, 1, 0), ("/x.png", *BOX, 1, 0), ("car_ims/000002.png", *BOX, 1, 0)])
    draw(folder / "car_ims" / "stray.png")
    planted = {kind: f"cars_annos.mat, entry {number}" for number, (kind, _) in enumerate(MATLAB_FAULTS, start=7)}
    return planted | {
        "file_missing": "entry 11", "path_leaves_folder": "entry 12", "file_listed_twice": "entry 13",
        "file_without_annotation": "stray.png",
    }


LAYOUTS = {  # name: what writes it, what plants faults in it and returns their kinds and places, and what --data names
    "class_folders": (write_class_folders, plant_in_class_folders, ""),
    "table": (write_table, plant_in_table, "table.csv"),
    "by_classes": (write_by_classes, plant_in_classes, ""),
    "development_kit": (write_kit, plant_in_kit, ""),
    "single_file": (write_single, plant_in_single, ""),
}


def read(folder, entry):
    return read_dataset(DataConfig(source=str(folder / entry), validation_fraction=0), seed=0)


@pytest.mark.parametrize(("write", "plant", "entry"), LAYOUTS.values(), ids=LAYOUTS)
class TestEveryLayout:
    """Each test sees each layout."""

    def test_sound_data_have_no_fault(self, tmp_path, write, plant, entry):
        write(tmp_path / "set")
        assert read(tmp_path / "set", entry).faults == ()

    def test_every_planted_fault_is_named_with_its_place(self, tmp_path, write, plant, entry):
        write(tmp_path / "set")
        planted = plant(tmp_path / "set")
        found = read(tmp_path / "set", entry).faults
        for kind, place in planted.items():
            assert [fault.where for fault in found if fault.kind == kind and fault.where.endswith(place)], (kind, found)
        assert {fault.kind for fault in found} == set(planted)
        assert all(fault.message.endswith(".") for fault in found)

    def test_nothing_that_is_left_out_is_used(self, tmp_path, write, plant, entry):
        write(tmp_path / "set")
        plant(tmp_path / "set")
        dataset = read(tmp_path / "set", entry)
        used = [path for split in dataset.splits.values() for path in split.paths]
        inside = os.path.realpath(tmp_path / "set")
        assert len(used) == len(set(used)) and all(os.path.realpath(path).startswith(inside + os.sep) for path in used)

    def test_damaged_annotations_never_end_in_a_traceback(self, tmp_path, write, plant, entry):
        write(tmp_path / "set")
        chance = random.Random(0)
        tables = sorted(path for path in (tmp_path / "set").rglob("*") if path.suffix in (".csv", ".mat"))
        for _ in range(60 if tables else 0):
            path = chance.choice(tables)
            content = path.read_bytes()
            damaged = bytearray(content)
            for _ in range(chance.randint(1, 20)):
                damaged[chance.randrange(len(damaged))] = chance.randrange(256)
            path.write_bytes(damaged)
            try:
                read(tmp_path / "set", entry)
            except CarClassifierError as error:
                assert len(str(error).splitlines()) <= 3
            path.write_bytes(content)


@pytest.mark.parametrize("name", [name for name in DATASETS if name != "demo"])
def test_every_named_set_reports_what_its_folder_holds_beside_it(tmp_path, name):
    folder = tmp_path / name
    (write_by_classes if name == "stanford_cars" else write_class_folders)(folder)
    beside = folder / "car_data" if name == "stanford_cars" else folder
    (beside / "train" / "link").symlink_to("/etc")
    dataset = read_dataset(DataConfig(source=name, directory=tmp_path, validation_fraction=0), seed=0)
    assert [fault.where for fault in dataset.faults if fault.kind == "path_leaves_folder"] == [str(beside / "train" / "link")]
