"""A full disk is said in one way."""

import errno

import pytest

from car_classifier.base.errors import ResourceError
from car_classifier.base.full_disk import full_disk_named, is_full_disk


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_says_what_failed_and_what_to_do(number):
    with pytest.raises(ResourceError, match="^The disk is full: x could not be written. Free some space"), \
            full_disk_named("x could not be written"):
        raise OSError(number, "no room")


def test_other_errors_stay_what_they_are():
    with pytest.raises(PermissionError), full_disk_named("x could not be written"):
        raise PermissionError(errno.EACCES, "not yours")
    assert not is_full_disk(ValueError("28"))
