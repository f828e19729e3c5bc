"""What a search looks for."""

from tests.search.quadratic import quadratic_problem


def test_a_trial_has_the_batch_of_its_values_or_that_of_all():
    assert quadratic_problem().batch_size_of({"training.batch_size": 64}) == 64
    assert quadratic_problem().batch_size_of({"x": 0.5}) == 8
