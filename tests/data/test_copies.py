"""Writing augmented copies, stopping in between, and reading them again."""

import json
import os
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from car_classifier.base.errors import DataError, ResourceError, UserError
from data import copy_writer
from data.augmentation_config import AugmentationConfig
from data.augmented_copies import AugmentedCopies
from data.copy_record import JOURNAL, MANIFEST, CopyRecord, read_manifest
from data.copy_settings import CopySettings
from data.copy_writer import CopyWriter
from data.dataset import Dataset
from data.picture import decode_picture
from data.readers.class_folders import read_class_folders
from data.splitting import split_validation


class Stopped(Exception):
    """Somebody asks for the end."""


def settings(**changes) -> CopySettings:
    usual = {"num_copies": 2, "image_size": 12, "quality": 90, "seed": 3, "cut_to_box": True, "box_margin": 0.0,
             "limit": None, "augmentation": AugmentationConfig()}
    return CopySettings(**{**usual, **changes})


@pytest.fixture
def dataset(split, tmp_path) -> Dataset:
    (tmp_path / "test").mkdir()
    shutil.copy(split.paths[0], tmp_path / "test" / "t.png")
    test = replace(split.take([0]), paths=(tmp_path / "test" / "t.png",))
    return Dataset("cars", ("a", "b", "c"), {"train": split, "test": test})


def write(dataset: Dataset, folder: Path, chosen: CopySettings | None = None, *, threads=2, told=lambda done, total: None):
    folder.mkdir(exist_ok=True)
    chosen = chosen or settings()
    record = CopyRecord(folder, chosen.to_json())
    return CopyWriter(folder, chosen, max_megapixels=50).write(dataset, record, threads=threads, told=told)


def content_of(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_same_seed_gives_the_same_bytes_whatever_the_number_of_threads(dataset, tmp_path):
    write(dataset, tmp_path / "one", threads=1)
    write(dataset, tmp_path / "four", threads=4)
    write(dataset, tmp_path / "other", settings(seed=4))
    one, four, other = (content_of(tmp_path / name) for name in ("one", "four", "other"))
    assert one == four and len(one) == 23  # two copies of eleven, and the manifest
    assert one.keys() == other.keys() and all(one[name] != other[name] for name in one)


def test_copies_are_cut_to_their_boxes_and_shrunk_and_originals_stay(dataset, tmp_path):
    before = [path.read_bytes() for path in dataset.splits["train"].paths]
    rows = write(dataset, tmp_path / "copies", settings(image_size=9))
    for row in rows:
        for copy in row["copies"]:
            assert decode_picture(tmp_path / "copies" / copy["file"]).shape == (9, 12, 3)  # boxes of 24 by 18 pixels
    assert [path.read_bytes() for path in dataset.splits["train"].paths] == before


def test_small_pictures_are_not_grown(dataset, tmp_path):
    rows = write(dataset, tmp_path / "copies", settings(image_size=500, cut_to_box=False))
    assert {(row["width"], row["height"]) for row in rows} == {(32, 24)}


def test_an_interrupted_run_goes_on_to_the_same_bytes(dataset, tmp_path, monkeypatch):
    monkeypatch.setattr(copy_writer, "_TOGETHER", 1)
    write(dataset, tmp_path / "whole")
    broken = tmp_path / "broken"
    for stop_after in (2, 5, 9):
        def told(done, total, last=stop_after):
            if done == last:
                raise Stopped

        with pytest.raises(Stopped):
            write(dataset, broken, told=told)
        assert not (broken / MANIFEST).is_file()
    with open(broken / JOURNAL, "a", encoding="utf-8") as journal:
        journal.write('{"original": "train/to')  # torn by a crash
    write(dataset, broken)
    assert content_of(broken) == content_of(tmp_path / "whole")


def test_what_is_noted_is_not_made_again_unless_it_is_damaged(dataset, tmp_path, monkeypatch):
    folder = tmp_path / "copies"
    rows = write(dataset, folder)
    expected, made = content_of(folder), []
    (folder / rows[3]["copies"][1]["file"]).write_bytes(b"half")
    (folder / rows[5]["copies"][0]["file"]).unlink()
    make = CopyWriter._make
    monkeypatch.setattr(CopyWriter, "_make", lambda self, original: made.append(original.place) or make(self, original))
    write(dataset, folder)
    assert sorted(made) == sorted([rows[3]["original"], rows[5]["original"]])
    assert content_of(folder) == expected


def test_copies_follow_the_pictures_of_the_data_set(dataset, tmp_path):
    folder = tmp_path / "copies"
    rows = write(dataset, folder)
    fewer = replace(dataset, splits={**dataset.splits, "train": dataset.splits["train"].take(range(1, 11))})
    write(fewer, folder)
    assert not (folder / rows[0]["copies"][0]["file"]).exists()
    assert len(read_manifest(folder)["originals"]) == 10
    write(dataset, folder)
    assert len(content_of(folder)) == 23


def test_broken_pictures_are_named_and_left_out(dataset, tmp_path):
    dataset.splits["train"].paths[2].write_bytes(b"\x89PNG\r\n\x1a\n broken")
    rows = write(dataset, tmp_path / "copies")
    (skipped,) = read_manifest(tmp_path / "copies")["skipped"]
    assert skipped in rows and skipped["original"].endswith("02.png") and "damaged" in skipped["reason"]


def test_other_settings_and_strange_folders_are_refused(dataset, tmp_path):
    write(dataset, tmp_path / "copies")
    with pytest.raises(UserError, match=r"other settings \(quality\)"):
        write(dataset, tmp_path / "copies", settings(quality=80))
    with pytest.raises(UserError, match="holds other files"):
        write(dataset, tmp_path / "test")


def test_full_disk_is_said(dataset, tmp_path, monkeypatch):
    def fail(path, content):
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(copy_writer, "_write", fail)
    with pytest.raises(ResourceError, match="disk is full"):
        write(dataset, tmp_path / "copies")


def test_mixing_and_online_switch_change_no_copy():
    assert settings(augmentation=AugmentationConfig(mixup_alpha=1.0, augment=False)).digest == settings().digest
    assert settings(augmentation=AugmentationConfig(rotate_limit=3)).digest != settings().digest


def test_a_split_is_extended_by_the_copies_of_its_pictures_only(dataset, tmp_path):
    grouped = replace(dataset.splits["train"], groups=tuple("ppqqrrssttu"))
    dataset = replace(dataset, splits={**dataset.splits, "train": grouped})
    write(dataset, tmp_path / "copies")
    divided = split_validation(dataset, 0.3, seed=0)
    train, validation = divided.splits["train"], divided.splits["validation"]
    copies = AugmentedCopies(tmp_path / "copies", divided)
    extended, others = copies.extend(train), copies.extend(validation)
    assert len(extended) == 3 * len(train) and extended.paths[: len(train)] == train.paths
    assert not set(extended.paths) & set(others.paths)
    owner = {str(tmp_path / "copies" / copy["file"]): row for row in read_manifest(tmp_path / "copies")["originals"]
             for copy in row["copies"]}
    by_name = {path.name: (dataset.class_names[label], group)
               for path, label, group in zip(train.paths, train.labels, train.groups, strict=True)}
    for path, label, box, group in list(
        zip(extended.paths, extended.labels, extended.boxes, extended.groups, strict=True)
    )[len(train) :]:
        row = owner[str(path)]
        assert by_name[Path(row["original"]).name] == (dataset.class_names[label], group)
        assert box.tolist() == [0, 0, row["width"], row["height"]]


def test_unfinished_copies_are_refused(dataset, tmp_path):
    write(dataset, tmp_path / "copies")
    (tmp_path / "copies" / MANIFEST).rename(tmp_path / "copies" / JOURNAL)
    with pytest.raises(DataError, match="not finished"):
        AugmentedCopies(tmp_path / "copies", dataset)
    with pytest.raises(DataError, match="holds no augmented copies"):
        AugmentedCopies(tmp_path / "nothing", dataset)


def test_copies_of_other_pictures_are_refused(dataset, tmp_path):
    folder, first = tmp_path / "copies", dataset.splits["train"].paths[0]
    write(replace(dataset, splits={**dataset.splits, "train": dataset.splits["train"].take(range(1, 11))}), folder)
    with pytest.raises(DataError, match="hold no copy of .*00.png"):
        AugmentedCopies(folder, dataset).extend(dataset.splits["train"])
    write(dataset, folder)
    with pytest.raises(DataError, match="1 classes that the data do not have, such as 'b'"):
        AugmentedCopies(folder, replace(dataset, class_names=("a", "x", "c")))
    first.write_bytes(first.read_bytes() + b"\0")
    with pytest.raises(DataError, match="00.png has changed"):
        AugmentedCopies(folder, dataset)
    first.unlink()
    with pytest.raises(DataError, match="00.png cannot be read"):
        AugmentedCopies(folder, dataset)


@pytest.mark.parametrize("file", ["../precious.txt", "pictures/../../precious.txt", "manifest.json", 3])
@pytest.mark.parametrize("name", [MANIFEST, JOURNAL])
def test_a_record_that_names_other_files_deletes_and_reads_none(dataset, tmp_path, file, name):
    folder, precious = tmp_path / "copies", tmp_path / "precious.txt"
    precious.write_text("mine", encoding="utf-8")
    write(dataset, folder)
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    strange = {**manifest["originals"][0], "original": "gone.png"}
    strange["copies"] = [{**strange["copies"][0], "file": file}]
    manifest["originals"].append(strange)
    content = {MANIFEST: [manifest], JOURNAL: [{"settings": manifest["settings"]}, strange]}[name]
    (folder / name).write_text("\n".join(map(json.dumps, content)), encoding="utf-8")
    with pytest.raises(DataError, match="did not write"):
        write(dataset, folder)
    assert precious.exists()
    if name == MANIFEST:
        with pytest.raises(DataError, match="did not write"):
            AugmentedCopies(folder, dataset)


def test_copies_of_a_picture_that_was_edited_and_kept_its_size_are_refused(dataset, tmp_path):
    write(dataset, tmp_path / "copies")
    path = dataset.splits["train"].paths[4]
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(DataError, match="04.png has changed: as many bytes"):
        AugmentedCopies(tmp_path / "copies", dataset)


def test_a_copy_that_is_gone_is_named(dataset, tmp_path):
    rows = write(dataset, tmp_path / "copies")
    (tmp_path / "copies" / rows[4]["copies"][0]["file"]).unlink()
    with pytest.raises(DataError, match="data augment"):
        AugmentedCopies(tmp_path / "copies", dataset)


def test_manifest_of_another_format_is_refused(dataset, tmp_path):
    write(dataset, tmp_path / "copies")
    path = tmp_path / "copies" / MANIFEST
    path.write_text(json.dumps({**json.loads(path.read_text(encoding="utf-8")), "format": 99}), encoding="utf-8")
    with pytest.raises(DataError, match="format 99"):
        AugmentedCopies(tmp_path / "copies", dataset)


def test_one_file_with_two_boxes_has_copies_of_both(dataset, tmp_path):
    train = dataset.splits["train"].take([0, 0, 9])
    train.boxes[1] = [0, 0, 10, 10]
    rows = write(replace(dataset, splits={"train": train}), tmp_path / "copies")
    assert [(row["width"], row["height"]) for row in rows] == [(16, 12), (10, 10), (16, 12)]
    assert len({copy["file"] for row in rows for copy in row["copies"]}) == 6
    copies = AugmentedCopies(tmp_path / "copies", replace(dataset, splits={"train": train}))
    assert np.array_equal(copies.extend(train).boxes[3:6, 2], [16, 16, 10])


def test_copies_beside_class_folders_are_no_class(dataset, tmp_path, write_pictures):
    write_pictures(tmp_path / "set", "coupe", "van")
    (tmp_path / "set" / "augmented").mkdir()
    write(dataset, tmp_path / "set" / "augmented" / "set-1234abcd")
    assert read_class_folders(tmp_path / "set").class_names == ("coupe", "van")
    write_pictures(tmp_path / "other", "augmented", "van")
    assert read_class_folders(tmp_path / "other").class_names == ("augmented", "van")


def test_copies_have_no_banner_and_need_none_cut_off(dataset, tmp_path):
    train = replace(dataset.splits["train"], boxes=None, banners=[12] * 11)
    bannered = replace(dataset, splits={"train": train})
    chosen = settings(cut_to_box=False, image_size=24)
    rows = write(bannered, tmp_path / "copies", chosen)
    assert {(row["width"], row["height"]) for row in rows} == {(32, 12)}
    extended = AugmentedCopies(tmp_path / "copies", bannered).extend(train)
    assert extended.banners.tolist() == [12] * 11 + [0] * 22


def test_settings_without_a_choice_of_classes_are_those_of_earlier_copies():
    assert not {"classes", "label_level"} & settings().to_json().keys()
    assert settings(classes=("a", "b")).digest != settings(label_level="make").digest != settings().digest
