import threading

import numpy as np
import pytest

from car_classifier.base.errors import DataError, PictureError, UserError
from data.augmentation_config import AugmentationConfig
from data.geometry import PictureGeometry
from data.loader import PictureLoader
from data.loader_options import LoaderOptions
from data.picture import decode_picture
from data.registry import read_dataset

GEOMETRY = PictureGeometry(image_size=16)
AUGMENTED = AugmentationConfig(cutmix_alpha=1.0, mixup_alpha=0.5)


def make_loader(split, *, geometry=GEOMETRY, num_classes=3, **options) -> PictureLoader:
    options = {"batch_size": 4, "seed": 7, "shuffle": True, "threads": 2} | options
    return PictureLoader(split, num_classes=num_classes, geometry=geometry, options=LoaderOptions(**options))


def collect(batches) -> tuple[np.ndarray, ...]:
    return tuple(np.concatenate(parts) for parts in zip(*batches, strict=True))


def assert_equal(one, other):
    assert all((left == right).all() and left.dtype == right.dtype for left, right in zip(one, other, strict=True))


def test_batches_hold_pictures_labels_and_weights(split):
    loader = make_loader(split, shuffle=False)
    pictures, labels, weights = collect(loader.epoch(0))
    assert (loader.num_pictures, loader.num_batches) == (11, 3)
    assert pictures.shape == (11, 16, 16, 3) and pictures.dtype == np.uint8
    assert labels.dtype == np.float32 and (labels == np.eye(3)[split.labels]).all()
    assert weights.dtype == np.float32 and (weights == 1).all()
    assert (pictures[9] == GEOMETRY.apply(decode_picture(split.paths[9]))).all()


def test_last_batch_may_be_smaller(split):
    assert [len(batch.pictures) for batch in make_loader(split).epoch(0)] == [4, 4, 3]


@pytest.mark.parametrize("augmentation", [None, AugmentationConfig(), AUGMENTED])
def test_pixels_do_not_depend_on_threads_or_memory(split, augmentation):
    expected = collect(make_loader(split, augmentation=augmentation, threads=1, memory_cache_gb=0).epoch(3))
    for threads, memory_cache_gb in ((4, 0), (3, 1), (2, 3000e-9)):
        loader = make_loader(split, augmentation=augmentation, threads=threads, memory_cache_gb=memory_cache_gb)
        for _ in range(2):  # the second time from memory
            assert_equal(collect(loader.epoch(3)), expected)


@pytest.mark.parametrize("start", [0, 1, 2])
def test_epoch_continues_exactly_after_an_interruption(split, start):
    whole = list(make_loader(split, augmentation=AUGMENTED).epoch(5))
    rest = list(make_loader(split, augmentation=AUGMENTED).epoch(5, start))
    assert len(rest) == 3 - start
    for one, other in zip(whole[start:], rest, strict=True):
        assert_equal(one, other)


def test_epoch_that_was_finished_continues_with_nothing(split):
    assert list(make_loader(split).epoch(0, start_batch=3)) == []


def test_the_nth_example_does_not_depend_on_the_batch_size(split):
    expected = collect(make_loader(split, augmentation=AugmentationConfig()).epoch(1))
    assert_equal(collect(make_loader(split, augmentation=AugmentationConfig(), batch_size=5).epoch(1)), expected)


def test_every_epoch_has_its_own_order_and_augmentation(split):
    loader = make_loader(split, augmentation=AugmentationConfig())
    first, second = collect(loader.epoch(0)), collect(loader.epoch(1))
    assert (first[1] != second[1]).any()
    assert first[1].sum(0).tolist() == second[1].sum(0).tolist() == [5, 4, 2]
    still = make_loader(split, augmentation=AugmentationConfig(), shuffle=False)
    assert (collect(still.epoch(0))[0] != collect(still.epoch(1))[0]).any()


def test_augmentation_can_be_switched_off(split):
    plain = collect(make_loader(split).epoch(0))
    assert_equal(collect(make_loader(split, augmentation=AugmentationConfig(augment=False)).epoch(0)), plain)


def test_mixed_batches_are_float_with_labels_that_sum_to_one(split):
    config = AugmentationConfig(augment=False, mixup_alpha=1.0)
    pictures, labels, _ = collect(make_loader(split, augmentation=config).epoch(0))
    assert pictures.dtype == np.float32
    np.testing.assert_allclose(labels.sum(1), 1, atol=1e-6)
    assert (labels.max(1) < 1).any()


def test_class_weights_are_for_the_loss_and_not_in_the_examples(split):
    loader = make_loader(split, class_weights=np.array([1, 2, 5.5]))
    assert loader.class_weights.tolist() == [1, 2, 5.5] and loader.unaugmented().class_weights is None
    assert (collect(loader.epoch(0))[2] == 1).all()


def test_class_weights_of_another_length_are_refused(split):
    with pytest.raises(UserError, match="each of the 3 classes"):
        make_loader(split, class_weights=np.ones(4))


def test_balanced_sampling_draws_the_small_class_as_often(split):
    loader = make_loader(split, balanced=True, batch_size=11)
    drawn = sum(collect(loader.epoch(epoch))[1].sum(0) for epoch in range(40))
    assert drawn == pytest.approx(440 / 3, rel=0.2)


def test_balanced_sampling_without_shuffling_is_refused(split):
    with pytest.raises(UserError, match="shuffle=True"):
        make_loader(split, balanced=True, shuffle=False)


def test_boxes_are_cut_when_the_geometry_says_so(split):
    geometry = PictureGeometry(image_size=16, cut_to_box=True, box_margin=0)
    pictures, _, _ = collect(make_loader(split, shuffle=False, geometry=geometry).epoch(0))
    assert (pictures[0] == GEOMETRY.apply(decode_picture(split.paths[0])[2:20, 4:28])).all()


def test_broken_picture_is_named_and_ends_the_epoch(split):
    split.paths[3].write_bytes(b"\x89PNG\r\n\x1a\n broken")
    with pytest.raises(PictureError, match="03.png"):
        list(make_loader(split).epoch(0))


def test_empty_split_is_refused(split):
    with pytest.raises(DataError, match="no pictures"):
        make_loader(split.take([]))


def test_no_threads_are_left_behind(split):
    loader = make_loader(split, batch_size=1, augmentation=AugmentationConfig())
    before = set(threading.enumerate())
    for epoch in range(20):
        batches = loader.epoch(epoch)
        for _ in range(epoch % 13):
            next(batches, None)
        batches.close()
    for thread in set(threading.enumerate()) - before:
        thread.join(10)
    assert set(threading.enumerate()) <= before


def test_delivered_batches_belong_to_the_receiver(split):
    loader = make_loader(split)
    expected = collect(loader.epoch(0))
    for batch in loader.epoch(0):
        batch.pictures[:] = 0
    assert_equal(collect(loader.epoch(0)), expected)


def test_real_cars_arrive_as_they_are_on_disk(real_data):
    from data.config import DataConfig

    config = DataConfig(source="stanford_cars", directory=real_data, limit=1, validation_fraction=0)
    dataset = read_dataset(config, seed=0)
    geometry = PictureGeometry(image_size=64, cut_to_box=True)
    loader = make_loader(dataset.splits["test"], shuffle=False, geometry=geometry, num_classes=196, batch_size=50)
    pictures, labels, _ = collect(loader.epoch(0))
    assert (labels.argmax(1) == dataset.splits["test"].labels).all()
    for index in (0, 100, 195):
        test = dataset.splits["test"]
        assert (pictures[index] == geometry.apply(decode_picture(test.paths[index]), test.boxes[index])).all()


def test_unaugmented_loader_gives_the_same_pictures_in_the_order_of_the_split(split):
    loader = make_loader(split, augmentation=AUGMENTED, class_weights=np.array([1, 2, 3]))
    assert_equal(collect(loader.unaugmented().epoch(0)), collect(make_loader(split, shuffle=False).epoch(0)))
    assert loader.is_augmented and not loader.unaugmented().is_augmented


def test_views_are_fixed_unmixed_and_differ(split):
    one, two = ([collect(view.epoch(0)) for view in make_loader(split, augmentation=AUGMENTED).views(2)] for _ in "ab")
    for view, same in zip(one, two, strict=True):
        assert_equal(view, same)
        assert (view[1].argmax(1) == split.labels).all() and (view[1].max(1) == 1).all()
    assert (one[0][0] != one[1][0]).any()


def test_identity_changes_with_files_geometry_and_augmentation_only(split):
    identity = make_loader(split).identity
    assert identity == make_loader(split, threads=3, batch_size=2, seed=8).identity
    others = [
        make_loader(split.take(range(10))),
        make_loader(split, geometry=PictureGeometry(image_size=17)),
        make_loader(split, augmentation=AugmentationConfig()),
        make_loader(split, augmentation=AugmentationConfig(), seed=8),
    ]
    assert len({identity, *(loader.identity for loader in others)}) == 5
    split.paths[0].write_bytes(split.paths[1].read_bytes() + b"\0")
    assert make_loader(split).identity != identity
