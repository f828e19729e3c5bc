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
from tests.data.readers.miniature_sets import BIRDS, write_aircraft, write_birds, write_dishes


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


def append(path: Path, *lines: str) -> None:
    with open(path, "a") as file:
        file.write("".join(f"{line}\n" for line in lines))


def plant_in_birds(folder: Path) -> dict[str, str]:
    birds = folder / "images"
    for place in (birds / BIRDS[0] / "stray.jpg", birds / BIRDS[0] / "extra.jpg", birds / BIRDS[1] / "apart.jpg"):
        draw(place)
    (birds / BIRDS[1] / "link.jpg").symlink_to("/etc/hostname")
    known = [f"{BIRDS[0]}/Bird_{number:04d}_{number}.jpg" for number in (1, 2)]
    files = (*known, f"{BIRDS[0]}/none.jpg", "../x.jpg", f"{BIRDS[1]}/apart.jpg", *(f"{BIRDS[0]}/stray.jpg",) * 3)
    append(folder / "images.txt", *(f"{number} {file}" for number, file in enumerate(files, start=10)))
    append(folder / "classes.txt", "4 200.black_footed_albatross")
    append(folder / "image_class_labels.txt", *(f"{number} {label}" for number, label in
                                                zip(range(10, 18), (2, 1, 1, 1, 1, 9, 1, 1))))
    append(folder / "train_test_split.txt", *(f"{number} 1" for number in range(10, 17)), "99 1")
    append(folder / "bounding_boxes.txt", *(f"{number} 1.0 1.0 9.0 9.0" for number in range(10, 16)), "16 1.0 1.0 0.0 9.0")
    return {
        "labels_contradict": "line 10", "file_listed_twice": "line 11", "file_missing": "line 12",
        "path_leaves_folder": "line 13", "file_without_annotation": "extra.jpg",
        "label_out_of_range": "image_class_labels.txt, line 15", "box_without_area": "bounding_boxes.txt, line 16",
        "annotation_malformed": "images.txt, line 17", "folder_contradicts": "apart.jpg",
        "class_empty": "black footed albatross", "classes_alike": "Black footed Albatross, black footed albatross",
    }


def plant_in_aircraft(folder: Path) -> dict[str, str]:
    data = folder / "data"
    for name in ("0000050", "0000051", "0000052"):
        draw(data / "images" / f"{name}.jpg")
    append(data / "images_variant_trainval.txt", "0000000 737-200", "0000001 707-320", "0000049 707-320", "../x 707-320",
           "0000050 Concorde", "0000051 707-320")
    append(data / "images_variant_test.txt", "0000001 707-320")
    append(data / "images_box.txt", "0000051 9 9 1 9")
    append(data / "variants.txt", "f-16a/b")
    return {
        "file_listed_twice": "images_variant_test.txt, line 5", "file_missing": "line 11", "path_leaves_folder": "line 12",
        "label_out_of_range": "line 13", "box_without_area": "images_box.txt, line 13", "annotation_malformed": "line 10",
        "file_without_annotation": "0000052.jpg", "classes_alike": "F-16A/B, f-16a/b", "class_empty": "f-16a/b",
    }


def plant_in_dishes(folder: Path) -> dict[str, str]:
    draw(folder / "train_set" / "stray.jpg")
    append(folder / "train_info.csv", "train_000000.jpg,1", "train_000010.jpg,1", "none.jpg,1", "/etc/hostname,1",
           "train_000020.jpg,9", "train_000020.jpg")
    append(folder / "class_list.txt", "3 Macaron")
    return {
        "labels_contradict": "line 7", "file_listed_twice": "line 8", "file_missing": "line 9", "path_leaves_folder": "line 10",
        "label_out_of_range": "line 11", "annotation_malformed": "line 12", "classes_alike": "macaron, Macaron",
        "class_empty": "Macaron", "file_without_annotation": "stray.jpg",
    }


LAYOUTS = {  # name: what writes it, what plants faults in it and returns their kinds and places, and what --data names
    "class_folders": (write_class_folders, plant_in_class_folders, ""),
    "table": (write_table, plant_in_table, "table.csv"),
    "by_classes": (write_by_classes, plant_in_classes, ""),
    "development_kit": (write_kit, plant_in_kit, ""),
    "single_file": (write_single, plant_in_single, ""),
    "birds": (write_birds, plant_in_birds, ""),
    "aircraft": (write_aircraft, plant_in_aircraft, ""),
    "dishes": (write_dishes, plant_in_dishes, ""),
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
        tables = sorted(path for path in (tmp_path / "set").rglob("*") if path.suffix in (".csv", ".mat", ".txt"))
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


NAMED = {  # what writes each, and one of its folders
    "stanford_cars": (write_by_classes, "car_data/train"), "cifar10": (write_class_folders, "train"),
    "cifar100": (write_class_folders, "train"), "cub200": (write_birds, "images"),
    "fgvc_aircraft": (write_aircraft, "data/images"), "foodx251": (write_dishes, "train_set"),
}


@pytest.mark.parametrize("name", [name for name in DATASETS if name != "demo"])
def test_every_named_set_reports_what_its_folder_holds_beside_it(tmp_path, name):
    write, place = NAMED[name]
    write(tmp_path / name)
    (tmp_path / name / place / "link").symlink_to("/etc")
    dataset = read_dataset(DataConfig(source=name, directory=tmp_path, validation_fraction=0), seed=0)
    named = [fault.where for fault in dataset.faults if fault.kind == "path_leaves_folder"]
    assert named == [str(tmp_path / name / place / "link")]
