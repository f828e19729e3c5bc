from pathlib import Path

from car_classifier.comparison_budgets import RATE, notes_on_budgets
from car_classifier.comparison_plan import MemberPlan
from car_classifier.config import Config


def member(name, **settings):
    given = {"model.name": "squeezenet", **{setting.replace("__", "."): value for setting, value in settings.items()}}
    return MemberPlan(name, Config().override(given), frozenset(given), name, Path(name), (), ())


SCRATCH = member("scratch", model__weights="none")
TUNED = member("tuned", model__weights="imagenet", training__head_epochs=0)
HEAD_FIRST = member("head first", model__weights="imagenet", training__head_epochs=10, training__learning_rate=1e-4)


def test_equal_epochs_and_rates_need_no_note():
    assert notes_on_budgets([SCRATCH, member("frozen", model__weights="imagenet", model__x_trainable="none")]) == []


def test_epochs_of_the_head_alone_are_part_of_the_budget():
    (note,) = notes_on_budgets([TUNED, HEAD_FIRST])
    assert note == "The budgets differ, in epochs at most: tuned: 30; head first: 10 of the head alone + 30."


def test_main_phases_that_differ_come_with_what_makes_them_equal():
    (note,) = notes_on_budgets([SCRATCH, member("longer", model__weights="none", training__epochs=50)])
    assert note.endswith("scratch: 30; longer: 50. Pass --epochs to give all the same.")


def test_default_rates_that_differ_are_said_and_given_ones_are_not():
    (note,) = notes_on_budgets([SCRATCH, TUNED, member("own", model__weights="none", **{RATE: 0.5})])
    assert note == "Nobody gave these a learning rate, and their defaults differ: scratch: 0.001; tuned: 0.0001."
