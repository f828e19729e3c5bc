"""Seeds follow from their parts alone."""

from car_classifier.base.seeds import derive_seed


def test_seed_is_the_same_in_every_process_and_version():
    assert derive_seed(7, "order", 3) == 3894881327134772577


def test_different_parts_give_different_seeds():
    parts = [(1, 23), (12, 3), ("1", 23), (1, "23"), (1, 2, 3), ("a", "b"), ("ab",)]
    assert len({derive_seed(*part) for part in parts}) == len(parts)
