import hashlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from car_classifier.base.errors import UserError
from data.dataset import Dataset, Split
from data.splitting import limit_per_class, split_test, split_validation


def make_dataset(*counts: int) -> Dataset:
    labels = np.repeat(np.arange(len(counts)), counts)
    test = Split((Path("test.png"),), [0])
    train = Split(tuple(Path(f"{number}.png") for number in range(len(labels))), labels)
    return Dataset("made", tuple(f"class {label}" for label in range(len(counts))), {"train": train, "test": test})


def test_validation_is_stratified_and_of_the_right_size():
    dataset = split_validation(make_dataset(40, 100, 60), 0.15, seed=1)
    assert dataset.counts("validation").tolist() == [6, 15, 9]
    assert dataset.counts("train").tolist() == [34, 85, 51]


def test_rounding_keeps_the_total():
    dataset = split_validation(make_dataset(*[5] * 20), 0.15, seed=1)
    assert len(dataset.splits["validation"]) == 15
    assert dataset.counts("validation").max() == 1


def test_no_picture_is_in_both_or_lost():
    before = make_dataset(10, 20)
    after = split_validation(before, 0.3, seed=1)
    train, validation = set(after.splits["train"].paths), set(after.splits["validation"].paths)
    assert not train & validation and train | validation == set(before.splits["train"].paths)


@pytest.mark.parametrize("fraction", [0.15, 0.5, 0.95])
def test_every_class_keeps_a_training_picture(fraction):
    dataset = split_validation(make_dataset(1, 2, 3, 30), fraction, seed=1)
    assert dataset.counts("train").min() >= 1


def test_same_seed_same_split_other_seed_another():
    one, same, other = (split_validation(make_dataset(40, 40), 0.2, seed=seed).splits for seed in (1, 1, 2))
    assert one["validation"].paths == same["validation"].paths
    assert one["validation"].paths != other["validation"].paths


def test_own_validation_split_and_test_stay_untouched():
    dataset = make_dataset(10, 10)
    assert split_validation(dataset, 0.2, seed=1).splits["test"] is dataset.splits["test"]
    own = Dataset("own", dataset.class_names, dataset.splits | {"validation": dataset.splits["test"]})
    assert split_validation(own, 0.2, seed=1) is own


def test_photographs_on_both_sides_train_and_all_others_stay():
    dataset = make_dataset(40, 40)
    before = split_validation(dataset, 0.2, seed=1).splits
    position = {path: place for place, path in enumerate(dataset.splits["train"].paths)}
    trains, validates = ([position[path] for path in before[name].paths] for name in ("train", "validation"))
    alike = [[trains[3], validates[0], validates[5]], trains[:2], validates[7:9]]
    after = split_validation(dataset, 0.2, seed=1, alike=alike)
    moved = {dataset.splits["train"].paths[validates[place]] for place in (0, 5)}
    assert set(after.splits["validation"].paths) == set(before["validation"].paths) - moved
    assert len(after.splits["train"]) == 66 and after.notes[-1].startswith("2 pictures that were to validate train")


def test_what_is_not_torn_changes_no_split():
    dataset = make_dataset(40, 40)
    before, after = (split_validation(dataset, 0.2, seed=1, alike=alike) for alike in ((), [[0], [1]]))
    assert before.splits["validation"].paths == after.splits["validation"].paths and after.notes == ()


def test_where_all_pictures_are_alike_some_validate_still():
    dataset = split_validation(make_dataset(10, 10), 0.2, seed=1, alike=[range(20)])
    assert len(dataset.splits["validation"]) == 4


def test_a_photograph_that_trains_takes_its_group_along():
    dataset = make_grouped([4] * 10)
    before = split_validation(dataset, 0.2, seed=1).splits
    first = before["validation"].groups[0]
    alike = [[dataset.splits["train"].groups.index(before["train"].groups[0]), dataset.splits["train"].groups.index(first)]]
    after = split_validation(dataset, 0.2, seed=1, alike=alike).splits
    assert set(after["validation"].groups) == set(before["validation"].groups) - {first}


def test_fraction_zero_sets_none_apart():
    assert "validation" not in split_validation(make_dataset(10, 10), 0, seed=1).splits


def test_fraction_that_leaves_nothing_is_an_error():
    with pytest.raises(UserError, match=r"validation_fraction=0\.01 of 20 .* lower data\.test_fraction"):
        split_validation(make_dataset(10, 10), 0.01, seed=1)


def test_limit_keeps_the_first_of_every_class():
    dataset = limit_per_class(make_dataset(5, 2, 3), 2)
    assert [path.stem for path in dataset.splits["train"].paths] == ["0", "1", "5", "6", "7", "8"]


def test_no_limit_changes_nothing():
    dataset = make_dataset(5, 2)
    assert limit_per_class(dataset, None) is dataset


def make_grouped(sizes, num_classes=2, rest=0):
    """Each class has a group of each size, and `rest` pictures of no group."""
    labels, groups = [], []
    for label in range(num_classes):
        for number, size in enumerate(sizes):
            labels += [label] * size
            groups += [f"{label}-{number}"] * size
        labels += [label] * rest
        groups += [""] * rest
    train = Split([Path(f"{number}.png") for number in range(len(labels))], labels, groups=groups)
    return Dataset("grouped", tuple(f"class {label}" for label in range(num_classes)), {"train": train})


@pytest.mark.parametrize("seed", range(5))
def test_no_group_is_divided_and_shares_are_met_as_well_as_groups_allow(seed):
    dataset = split_validation(make_grouped([5] * 20, num_classes=3), 0.15, seed=seed)
    train, validation = (set(dataset.splits[name].groups) for name in ("train", "validation"))
    assert not train & validation
    assert dataset.counts("validation").tolist() == [15, 15, 15]


def test_pictures_of_no_group_fill_the_shares_exactly():
    dataset = split_validation(make_grouped([7, 9], rest=30), 0.2, seed=1)
    assert len(dataset.splits["validation"]) == round(0.2 * 92)


def test_groups_larger_than_the_share_still_validate():
    dataset = split_validation(make_grouped([30, 30, 30]), 0.15, seed=1)
    assert dataset.counts("validation").tolist() == [30, 30]


def test_class_with_a_single_group_keeps_its_training_pictures():
    with pytest.raises(UserError, match="smaller groups"):
        split_validation(make_grouped([10]), 0.5, seed=1)


def test_same_seed_same_groups_other_seed_others():
    one, same, other = (split_validation(make_grouped([4] * 30), 0.2, seed=seed).splits for seed in (1, 1, 2))
    assert one["validation"].groups == same["validation"].groups != other["validation"].groups


def test_limit_keeps_groups():
    assert limit_per_class(make_grouped([2, 2]), 3).splits["train"].groups == ("0-0", "0-0", "0-1", "1-0", "1-0", "1-1")


def make_plain(*counts: int, groups=None) -> Dataset:
    """Pictures called `class-number`, without a test split."""
    names = [Path(f"{label}-{number}.png") for label, count in enumerate(counts) for number in range(count)]
    train = Split(names, np.repeat(np.arange(len(counts)), counts), groups=groups)
    return Dataset("plain", tuple(f"class {label}" for label in range(len(counts))), {"train": train})


def digests_of(dataset: Dataset) -> list[str]:
    """As if the content of a picture were its name."""
    return [hashlib.sha256(path.name.encode()).hexdigest() for path in dataset.splits["train"].paths]


def held_out(dataset: Dataset, fraction=0.2, alike=()) -> set[str]:
    split = split_test(dataset, fraction, digests=digests_of(dataset), alike=alike)
    test, train = ({path.name for path in split.splits[name].paths} for name in ("test", "train"))
    assert not test & train and test | train == {path.name for path in dataset.splits["train"].paths}
    return test


def test_every_class_gives_its_share_to_the_test_split():
    dataset = make_plain(40, 100, 3, 2, 1)
    split = split_test(dataset, 0.2, digests=digests_of(dataset), alike=())
    assert split.counts("test").tolist() == [8, 20, 1, 1, 0] and split.counts("train").tolist() == [32, 80, 2, 1, 1]
    assert split.notes[-1].startswith("data.test_fraction=0.2 sets 30 of 146 pictures apart")
    assert "; no picture could be spared of class 4. Runs made of the same pictures without this setting" in split.notes[-1]


def test_added_pictures_move_hardly_any_other_to_the_other_side():
    before, after = held_out(make_plain(100, 50)), held_out(make_plain(110, 50))
    old = {path.name for path in make_plain(100, 50).splits["train"].paths}
    assert len(after) == len(before) + 2 and len(before ^ (after & old)) <= 2
    assert {name for name in before if name[0] == "1"} == {name for name in after if name[0] == "1"}


@pytest.mark.parametrize(("groups", "alike"), [
    (None, ()), (None, [[0, 4, 9], [11, 40, 41]]), ([f"walk {place // 4}" for place in range(60)], [[0, 4], [31, 50]]),
])
def test_order_and_place_of_the_pictures_do_not_count(groups, alike):
    dataset = make_plain(30, 30, groups=groups)
    train = dataset.splits["train"]
    moved = replace(train, paths=tuple(Path("elsewhere", path) for path in train.paths)).take(np.arange(60)[::-1])
    moved_alike = [[59 - place for place in members][::-1] for members in alike]
    for fraction in (0.02, 0.2, 0.5):  # of 0.02 every group is larger than the share
        assert held_out(dataset, fraction, alike) == held_out(replace(dataset, splits={"train": moved}), fraction, moved_alike)


def test_what_is_tied_to_validation_pictures_is_not_tested():
    whole = make_plain(30, 30, groups=[f"walk {place // 3}" if place % 30 < 12 else "" for place in range(60)])
    train = whole.splits["train"]
    splits = {"train": train.take(range(50)), "validation": train.take(range(50, 60))}
    splits["validation"] = replace(splits["validation"], groups=("walk 1", *[""] * 9))
    digests = digests_of(whole)
    for fraction in (0.2, 0.5, 0.9):
        after = split_test(replace(whole, splits=splits), fraction, digests=digests, alike=[[0, 51], [20, 21], [25, 52]]).splits
        tested = {train.paths.index(path) for path in after["test"].paths}
        assert tested and not tested & {0, 1, 2, 3, 4, 5, 25} and len(tested & {20, 21}) != 1
        assert after["validation"] is splits["validation"] and len(after["train"]) + len(tested) == 50


def test_the_test_pictures_of_a_class_do_not_depend_on_the_other_classes():
    one, other = (held_out(make_plain(count, *counts)) for count, counts in ((30, (9,)), (30, (50, 7))))
    assert {name for name in one if name[0] == "0"} == {name for name in other if name[0] == "0"}


@pytest.mark.parametrize("together", [range(0, 40, 2), [3, 40], range(38, 44)])
def test_files_of_one_photograph_are_tested_together_or_not_at_all(together):
    dataset = make_plain(40, 40)
    names = {dataset.splits["train"].paths[place].name for place in together}
    for fraction in (0.1, 0.3, 0.6):
        assert len(names & held_out(dataset, fraction, [together])) in (0, len(names))


def test_photographs_tie_groups_together():
    dataset = make_plain(20, 20, groups=[f"walk {place // 4}" for place in range(40)])
    for fraction in (0.2, 0.4, 0.6):
        test = held_out(dataset, fraction, alike=[[0, 4], [7, 20]])  # walks 0, 1 and 5
        places = [place for place, path in enumerate(dataset.splits["train"].paths) if path.name in test]
        walks = [place // 4 for place in places]
        assert all(walks.count(walk) == 4 for walk in walks) and len({0, 1, 5} & set(walks)) in (0, 3) and walks


def test_own_test_split_stays_and_fraction_zero_makes_none():
    own = make_dataset(10, 10)
    assert split_test(own, 0.2, digests=digests_of(own), alike=()) is own
    plain = make_plain(10, 10)
    assert split_test(plain, 0, digests=digests_of(plain), alike=()) is plain


def test_where_all_pictures_are_alike_there_is_no_test_split_to_make():
    with pytest.raises(UserError, match=r"test_fraction=0\.2 of 20 training pictures leaves none to test on"):
        held_out(make_plain(10, 10), alike=[range(20)])
