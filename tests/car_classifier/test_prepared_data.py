import shutil
from contextlib import nullcontext

import pytest
from typer.testing import CliRunner

from car_classifier.base.errors import UserError
from car_classifier.cli import create_app
from car_classifier.config import Config
from car_classifier.defaults import resolve_config, resolve_for_data
from car_classifier.prepared_data import check_shares, prepare_data, read_source
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


@pytest.mark.parametrize("command", ["train", "search"])
def test_what_leaves_none_to_validate_on_leaves_no_run_behind(command, tmp_path):
    pictures = draw_picture_folder(tmp_path / "cars")
    result = CliRunner().invoke(create_app(), [command, "--data", str(pictures), "--limit", "1", "--weights", "none",
                                               "--image-size", "32", "--runs-dir", str(tmp_path / "runs")])
    assert isinstance(result.exception, UserError) and "of 3 training pictures leaves none to validate" in str(result.exception)
    assert not (tmp_path / "runs").exists()


@pytest.mark.parametrize(
    ("limit", "settings", "left"),
    [(1, {"test_fraction": 0.2}, "none to test"), (2, {"test_fraction": 0.5}, "none to validate"), (12, {}, None),
     (12, {"test_fraction": 0.2}, None), (1, {"validation_fraction": 0.0}, None)],
)
def test_shares_are_checked_without_a_look_at_the_pictures(limit, settings, left, tmp_path):
    pictures = draw_picture_folder(tmp_path / "cars") / "train"
    given = {"data.source": str(pictures), "data.limit": limit, **{f"data.{name}": value for name, value in settings.items()}}
    config = resolve_config(Config().override(given), set(given))
    with pytest.raises(UserError, match=left) if left else nullcontext():
        check_shares(config, read_source(config))
