import numpy as np
import pytest

from data.augmentation_config import AugmentationConfig
from data.batch import Batch
from data.mixing import mix_batch

METHODS = [{"cutmix_alpha": 1.0}, {"mixup_alpha": 0.4}]


def make_batch(size: int = 8) -> Batch:
    """Example k is a picture of value 10·k, of class k and weight k + 1."""
    pictures = np.ones((size, 16, 16, 3), np.uint8) * np.arange(0, 10 * size, 10, dtype=np.uint8)[:, None, None, None]
    return Batch(pictures, np.eye(size, dtype=np.float32), np.arange(1, size + 1, dtype=np.float32))


@pytest.mark.parametrize("method", METHODS)
def test_labels_say_what_the_pixels_show_and_weights_stay(method):
    batch = make_batch()
    for seed in range(20):
        mixed = mix_batch(batch, AugmentationConfig(**method), seed=seed)
        np.testing.assert_allclose(mixed.labels.sum(1), 1, atol=1e-6)
        np.testing.assert_allclose(mixed.pictures.mean((1, 2, 3)), mixed.labels @ np.arange(0, 80, 10), atol=1e-3)
        assert (mixed.weights == batch.weights).all()


@pytest.mark.parametrize("method", METHODS)
def test_partners_that_are_given_leave_the_strength_as_it_is(method):
    batch, config, partners = make_batch(), AugmentationConfig(**method), np.roll(np.arange(8), 1)
    drawn, given = mix_batch(batch, config, seed=1), mix_batch(batch, config, seed=1, partners=partners)
    share = given.labels[0, 0]
    np.testing.assert_allclose(given.labels, share * np.eye(8) + (1 - share) * np.eye(8)[partners], atol=1e-6)
    assert set(drawn.labels.max(axis=1)) <= {max(share, 1 - share), 1}


@pytest.mark.parametrize("method", METHODS)
def test_same_seed_same_batch_and_the_given_one_stays(method):
    batch, config = make_batch(), AugmentationConfig(**method)
    one, same, other = (mix_batch(batch, config, seed=seed) for seed in (1, 1, 2))
    assert (one.pictures == same.pictures).all() and (one.labels == same.labels).all()
    assert (one.labels != other.labels).any()
    assert (batch.pictures == make_batch().pictures).all()


def test_cutmix_pastes_a_rectangle_and_mixup_blends():
    cut = mix_batch(make_batch(), AugmentationConfig(cutmix_alpha=1.0), seed=3)
    assert (np.unique(cut.pictures) % 10 == 0).all()
    blended = mix_batch(make_batch(), AugmentationConfig(mixup_alpha=1.0), seed=3)
    assert all(len(np.unique(picture)) == 1 for picture in blended.pictures)


def test_pictures_are_float32_whether_or_not_the_lot_mixes():
    config = AugmentationConfig(mixup_alpha=1.0, mixing_probability=0.5)
    batches = [mix_batch(make_batch(), config, seed=seed) for seed in range(100)]
    assert all(batch.pictures.dtype == batch.labels.dtype == batch.weights.dtype == np.float32 for batch in batches)
    assert 30 < sum((batch.labels == make_batch().labels).all() for batch in batches) < 70


def test_with_both_methods_each_batch_takes_one():
    config = AugmentationConfig(cutmix_alpha=1.0, mixup_alpha=1.0)
    pasted = [(mix_batch(make_batch(), config, seed=seed).pictures % 10 == 0).all() for seed in range(60)]
    assert 15 < sum(pasted) < 45


def test_batch_of_one_stays():
    batch = make_batch(1)
    assert (mix_batch(batch, AugmentationConfig(mixup_alpha=1.0), seed=1).pictures == batch.pictures).all()
