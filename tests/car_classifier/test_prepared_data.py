import shutil

from car_classifier.config import Config
from car_classifier.defaults import resolve_config, resolve_for_data
from car_classifier.prepared_data import prepare_data, read_source
from tests.car_classifier.picture_folder import draw_picture_folder


def test_files_of_one_photograph_train_or_validate_together(tmp_path):
    folder = draw_picture_folder(tmp_path / "cars", train=6, test=1)
    for path in sorted((folder / "train").rglob("*")):
        if path.stem in ("000", "001"):
            shutil.copy(path, path.with_stem(f"{path.stem}-again"))
    config = resolve_config(Config().override({"data.source": str(folder), "data.validation_fraction": 0.4}), set())
    dataset = read_source(config)
    data = prepare_data(resolve_for_data(config, dataset), dataset, told=lambda done, total: None)
    assert len(data.dataset.splits["validation"]) > 3 and len(data.duplicates) >= 6
    assert not [group.splits for group in data.duplicates if {"train", "validation"} <= set(group.splits)]
    assert data.dataset.notes[-1].endswith("because others of the same photographs train.")


def test_test_pictures_are_the_same_for_every_seed_and_files_of_one_photograph_stay_together(tmp_path):
    folder = draw_picture_folder(tmp_path / "cars", train=10) / "train"
    for path in sorted(folder.rglob("*")):
        if path.stem in ("000", "001", "002"):
            shutil.copy(path, path.with_stem(f"{path.stem}-again"))
    config = resolve_config(Config().override({"data.source": str(folder), "data.test_fraction": 0.3}), set())
    dataset = read_source(config)
    one, other = (prepare_data(config.override({"seed": seed}), dataset, told=lambda done, total: None) for seed in (0, 1))
    assert one.dataset.splits["test"].paths == other.dataset.splits["test"].paths
    assert one.dataset.splits["validation"].paths != other.dataset.splits["validation"].paths
    assert one.dataset.counts("test").tolist() == [4, 4, 4]
    assert len(one.duplicates) == 9 and not any(group.cross_splits for group in one.duplicates)


def test_copies_of_validation_pictures_are_not_tested(tmp_path):
    folder = draw_picture_folder(tmp_path / "cars", train=6)
    (folder / "test").rename(folder / "validation")
    for path in sorted((folder / "train").rglob("00[0-3].*")):
        shutil.copy(path, folder / "validation" / path.parent.name / f"copy-{path.name}")
    config = resolve_config(Config().override({"data.source": str(folder), "data.test_fraction": 0.4}), set())
    data = prepare_data(config, read_source(config), told=lambda done, total: None)
    assert {path.stem for path in data.dataset.splits["test"].paths} == {"004", "005"}
