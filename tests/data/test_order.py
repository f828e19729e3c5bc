import numpy as np
import pytest

from data.order import epoch_order

LABELS = np.repeat([0, 1, 3], [60, 30, 10])


def order(epoch: int = 0, *, seed: int = 7, shuffle: bool = True, balanced: bool = False) -> np.ndarray:
    return epoch_order(LABELS, seed=seed, epoch=epoch, shuffle=shuffle, balanced=balanced)


def test_every_picture_comes_once_in_a_new_order_each_epoch():
    assert sorted(order(0)) == sorted(order(1)) == list(range(100))
    assert (order(0) != order(1)).any() and (order(0) != order(0, seed=8)).any()


def test_order_of_an_epoch_is_pinned():
    order = epoch_order(np.zeros(8, int), seed=1, epoch=2, shuffle=True, balanced=False)
    assert order.tolist() == [0, 6, 1, 2, 5, 7, 4, 3]


def test_without_shuffling_the_order_is_the_splits_own():
    assert order(3, shuffle=False).tolist() == list(range(100))


def test_balanced_draws_every_class_equally_often():
    drawn = np.concatenate([LABELS[order(epoch, balanced=True)] for epoch in range(30)])
    assert np.bincount(drawn)[[0, 1, 3]] == pytest.approx(1000, rel=0.1)


def test_balanced_uses_the_pictures_of_a_class_in_turn():
    times = np.bincount(order(balanced=True), minlength=100)
    for label in (0, 1, 3):
        assert np.ptp(times[label == LABELS]) <= 1
    assert (order(balanced=True) == order(balanced=True)).all()
