import json

import numpy as np
import pytest

from car_classifier.base.errors import DataError, UserError
from results.comparison import Variant, compare, pair_members
from results.comparison_member import read_member
from results.comparison_words import chance_in_words, sentences
from results.published import Published
from results.statistics import accuracy_interval, wilson_interval
from tests.results.fake_training import answers, make_training

ABOUT = {"title": "Default against tuned", "question": None, "notes": [], "published_of": None, "command": "compare",
         "failed": []}


def variant(place, name, accuracy, *, seeds=(0, 1, 2), **options):
    """A variant of fake trainings."""
    folders = [
        make_training(place / f"{name}-{seed}", answers(accuracy, seed=seed + round(1000 * accuracy)), settings={"seed": seed})
        for seed in seeds
    ]
    cost = {"parameters": 1000, "trainable_parameters": 900, "gflops": 0.5}
    return Variant(name, tuple(read_member(folder, reused=False, cost=cost) for folder in folders), **options)


@pytest.fixture
def default(tmp_path):
    return variant(tmp_path, "default", 0.5)


def test_a_clear_difference_is_said_with_its_interval(tmp_path, default):
    content = compare([default, variant(tmp_path, "tuned", 0.7)], seed=0, **ABOUT)
    difference = content["differences"][0]
    assert difference["distinguishable"] and difference["low"] > 0.1
    assert difference["verdict"].startswith("tuned +1") and "against default; McNemar's test by seed: p < 0.001" in (
        difference["verdict"]
    )
    assert [pair["seed"] for pair in difference["pairs"]] == [0, 1, 2]


def test_a_difference_within_chance_is_called_not_distinguishable(tmp_path, default):
    content = compare([default, variant(tmp_path, "tuned", 0.505)], seed=0, **ABOUT)
    assert "not distinguishable from default" in content["differences"][0]["verdict"]


def test_several_variants_are_held_against_the_first_with_holms_correction(tmp_path, default):
    others = [variant(tmp_path, name, accuracy) for name, accuracy in (("a", 0.6), ("b", 0.51), ("c", 0.52))]
    content = compare([default, *others], seed=0, **ABOUT)
    assert [one["baseline"] for one in content["differences"]] == ["default"] * 3
    assert all(one["p_adjusted"] >= one["p_value"] for one in content["differences"])
    assert content["correction"].startswith("3 variants are set against one") and content["correction"] in sentences(content)


def test_the_best_of_several_is_said_to_be_picked_on_the_test_pictures(tmp_path, default):
    words, better = "picks it on the test pictures", variant(tmp_path, "a", 0.7)
    assert words not in " ".join(sentences(compare([default, better], seed=0, **ABOUT)))
    assert words in " ".join(sentences(compare([default, better, variant(tmp_path, "b", 0.5)], seed=0, **ABOUT)))
    worse = [variant(tmp_path, name, 0.3) for name in ("c", "d")]
    assert words not in " ".join(sentences(compare([default, *worse], seed=0, **ABOUT)))


@pytest.mark.parametrize(
    ("gflops", "settings", "said"), [(0.52, {}, False), (0.53, {}, True), (5.0, {"model.name": "b"}, False)]
)
def test_a_change_to_a_network_that_costs_much_more_is_said_to(tmp_path, default, gflops, settings, said):
    content = compare([default, variant(tmp_path, "tuned", 0.7, settings=settings)], seed=0, **ABOUT)
    content["variants"][1]["gflops"] = gflops
    words = "More than 5 % above the GFLOPs of default: tuned (+6.0 %). What it gains may be owed to what it costs."
    assert (words in sentences(content)) == said and any("GFLOPs" in one for one in sentences(content)) == said


def test_content_is_json_and_leaves_the_making_of_features_out_of_the_time(tmp_path, default):
    content = compare([default, variant(tmp_path, "tuned", 0.7)], seed=0, **ABOUT)
    described = json.loads(json.dumps(content, allow_nan=False))["variants"][0]
    assert described["seconds"] == 20 and described["steps"]["features"]["seconds"] == 99
    assert described["num_seeds"] == 3 and len(described["members"]) == 3
    assert described["accuracy_low"] < described["accuracy"] < described["accuracy_high"]


def test_an_evaluation_that_came_later_does_not_count_as_time_of_the_training(tmp_path, default):
    record = default.members[0].record
    record["steps"]["evaluate validation"] = {"seconds": 500.0, "cpu_seconds": 900.0}
    described = compare([default, variant(tmp_path, "tuned", 0.7)], seed=0, **ABOUT)["variants"][0]
    assert described["seconds"] == 20 and "evaluate validation" not in described["steps"]


def test_classes_without_test_pictures_count(tmp_path):
    folders = [make_training(tmp_path / name, answers(0.5, seed=1, pictures=1)) for name in "ab"]
    members = [read_member(folder, reused=True, cost={"gflops": 1.0}) for folder in folders]
    assert compare([Variant(member.folder.name, (member,)) for member in members], seed=0, **ABOUT)["num_classes"] == 2


def test_an_empty_file_of_answers_is_called_damaged(tmp_path):
    folder = make_training(tmp_path / "run", answers(0.5, seed=0))
    (folder / "predictions.csv").write_text("")
    with pytest.raises(DataError, match=r"predictions\.csv"):
        read_member(folder, reused=True, cost={})


def test_a_test_split_that_was_opened_after_the_training_counts(tmp_path):
    folder = make_training(tmp_path / "run", answers(0.5, seed=0), tested=False)
    place, later = tmp_path / "run" / "evaluations" / "cars-test", make_training(tmp_path / "later", answers(0.7, seed=0))
    for name in ("evaluation.json", "predictions.csv"):
        place.mkdir(parents=True, exist_ok=True)
        (later / name).rename(place / name)
    read = read_member(folder, reused=True, cost={})
    assert np.mean([true == answer for true, answer in read.answers.values()]) == pytest.approx(answers(0.7, seed=0).mean())


def test_runs_on_other_pictures_are_refused(tmp_path, default):
    folder = make_training(tmp_path / "other", answers(0.5, seed=1, pictures=300))
    other = Variant("other", (read_member(folder, reused=True, cost={}),))
    with pytest.raises(UserError, match=r"(?s)different pictures \(400 of cars, 300 of cars\).*data\.test_fraction"):
        compare([default, other], seed=0, **ABOUT)


def test_same_pictures_in_another_folder_are_the_same(tmp_path, default):
    folder = make_training(tmp_path / "moved", answers(0.5, seed=1), home="/elsewhere/cars")
    moved = Variant("moved", (read_member(folder, reused=True, cost=default.members[0].cost),))
    assert compare([default, moved], seed=0, **ABOUT)["num_pictures"] == 400


def test_pairs_are_of_equal_seed_and_in_order_where_none_is_equal(tmp_path, default):
    some, strange = variant(tmp_path, "some", 0.6, seeds=(2, 0)), variant(tmp_path, "strange", 0.6, seeds=(7, 5))
    assert [(one.seed, other.seed) for one, other in pair_members(some, default)] == [(0, 0), (2, 2)]
    assert [(one.seed, other.seed) for one, other in pair_members(strange, default)] == [(5, 0), (7, 1)]


def test_one_seed_is_said_to_be_one(tmp_path):
    variants = [variant(tmp_path, name, 0.5, seeds=(0,)) for name in ("a", "b")]
    assert any(sentence.startswith("With one seed") for sentence in sentences(compare(variants, seed=0, **ABOUT)))


def test_one_seed_each_but_different_ones_is_said_and_nothing_is_claimed_of_seeds(tmp_path):
    variants = [variant(tmp_path, name, 0.5, seeds=(seed,)) for seed, name in enumerate("ab")]
    content = compare(variants, seed=0, **ABOUT)
    assert any(sentence.startswith("With one seed") for sentence in sentences(content))
    assert chance_in_words(content) == "over test pictures"


def test_a_difference_that_rests_on_one_pair_is_said(tmp_path, default):
    content = compare([default, variant(tmp_path, "tuned", 0.6, seeds=(0,))], seed=0, **ABOUT)
    assert any("tuned rests on one pair of trainings" in sentence for sentence in sentences(content))
    assert chance_in_words(content) == "over test pictures, and seeds where a variant has several"


def test_two_seeds_are_said_to_be_few(tmp_path, default):
    two = [variant(tmp_path, name, 0.5, seeds=(0, 1)) for name in ("a", "b")]
    assert any("Two seeds tell little" in sentence for sentence in sentences(compare(two, seed=0, **ABOUT)))
    assert not any("Two seeds" in sentence for sentence in sentences(compare([default], seed=0, **ABOUT)))


def test_all_answers_right_still_have_an_interval(tmp_path):
    described = compare([variant(tmp_path, name, 2.0) for name in ("a", "b")], seed=0, **ABOUT)["variants"][0]
    assert described["accuracy_high"] == pytest.approx(1.0) and 0.98 < described["accuracy_low"] < 1.0


@pytest.mark.parametrize("strength", [0.5, 1.1])
def test_interval_of_one_training_is_that_of_its_own_evaluation(tmp_path, strength):
    described = compare([variant(tmp_path, "default", strength, seeds=(4,))], seed=0, **ABOUT)["variants"][0]
    right = np.arange(400) < round(400 * described["accuracy"])
    assert (described["accuracy_low"], described["accuracy_high"]) == accuracy_interval(right, seed=4)[:2]


def test_interval_of_few_mistakes_is_no_narrower_than_wilsons(tmp_path):
    described = compare([variant(tmp_path, "default", 1.1, seeds=(0, 1))], seed=0, **ABOUT)["variants"][0]
    num_wrong = round(400 * (1 - described["accuracy"]))
    low, high = wilson_interval(400 - num_wrong, 400)
    assert 0 < num_wrong < 10 and described["accuracy_low"] <= low and described["accuracy_high"] >= high


def test_what_a_search_gained_and_what_carried_over_is_said(tmp_path, default):
    search = {"run": "search-1", "monitor": "val_accuracy", "default_value": 0.40, "best_value": 0.50}
    content = compare([default, variant(tmp_path, "tuned", 0.55, search=search)], seed=0, **ABOUT)
    words = content["carry_over"][0]["words"]
    assert "from 40.0 % to 50.0 % (+10.0 points)" in words and "did not carry over" in words
    assert content["carry_over"][0]["test_gain"] == pytest.approx(content["differences"][0]["difference"])


def test_a_gain_within_chance_is_not_said_to_have_carried_over(tmp_path, default):
    search = {"run": "search-1", "monitor": "val_accuracy", "default_value": 0.40, "best_value": 0.50}
    content = compare([default, variant(tmp_path, "tuned", 0.51, search=search)], seed=0, **ABOUT)
    assert content["carry_over"][0]["words"].endswith("did not carry over, if any did: the interval holds 0.")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"status": "interrupted"}, "is not done"),
        ({"kind": "search"}, "is a search, not a training"),
        ({"tested": False}, "was not evaluated on a test split"),
    ],
)
def test_a_run_without_answers_on_test_is_refused(tmp_path, change, message):
    folder = make_training(tmp_path / "run", answers(0.5, seed=0), **change)
    with pytest.raises(UserError, match=message):
        read_member(folder, reused=True, cost={})


def test_a_published_figure_may_be_compared_only_on_the_same_data_and_model(tmp_path, default):
    same, other = Published({"cars": 60.0, "birds": 80.0}, gflops=0.1), Published({"cars": 60.0}, same_conditions=False)
    others = [variant(tmp_path, name, 0.6, published=one) for name, one in (("same", same), ("other", other))]
    content = compare([default, *others], seed=0, **ABOUT)
    assert [one["published"] for one in content["variants"]] == [None, 60.0, None]
    figures = {"accuracy": {"cars": 60.0, "birds": 80.0}, "gflops": 0.1, "weights": None}
    assert content["variants"][1]["published_figures"] == figures


@pytest.mark.parametrize(("same_conditions", "ending"), [(True, "B, 2020."), (False, "against them, with care.")])
def test_what_published_figures_were_measured_on_is_said(tmp_path, default, same_conditions, ending):
    other = variant(tmp_path, "other", 0.6, published=Published({"cars": 60.0}, same_conditions=same_conditions))
    said = sentences(compare([default, other], seed=0, **{**ABOUT, "published_of": "B, 2020"}))
    (words,) = [sentence for sentence in said if sentence.startswith("Published figures: B, 2020.")]
    assert words.endswith(ending)
