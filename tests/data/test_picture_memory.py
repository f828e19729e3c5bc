import numpy as np

from data.picture_memory import PictureMemory

PICTURES = np.random.default_rng(0).integers(0, 256, (6, 4, 4, 3), dtype=np.uint8)


def test_kept_pictures_come_back():
    memory = PictureMemory(6, image_size=4, max_bytes=1000)
    assert memory.get(2) is None and memory.take(np.array([2])) is None
    for index, picture in enumerate(PICTURES):
        memory.put(index, picture)
    assert (memory.get(2) == PICTURES[2]).all()
    assert (memory.take(np.array([5, 0, 5])) == PICTURES[[5, 0, 5]]).all()


def test_what_does_not_fit_is_not_kept():
    memory = PictureMemory(6, image_size=4, max_bytes=2 * 48 + 47)
    for index, picture in enumerate(PICTURES):
        memory.put(index, picture)
    assert memory.capacity == 2
    assert memory.get(1) is not None and memory.get(2) is None
    assert memory.take(np.array([0, 1])) is not None and memory.take(np.array([1, 2])) is None


def test_no_memory_keeps_nothing():
    memory = PictureMemory(6, image_size=4, max_bytes=0)
    memory.put(0, PICTURES[0])
    assert memory.get(0) is None and memory.take(np.array([0])) is None
