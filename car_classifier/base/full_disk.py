"""What is said when no more can be written."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from car_classifier.base.errors import ResourceError


def is_full_disk(error: BaseException) -> bool:
    """Say whether the system has refused to write because the disk, or the user's share of it, is full."""
    return isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)


@contextmanager
def full_disk_named(failure: str) -> Iterator[None]:
    """Let a full disk in this block be a `ResourceError` that says what failed and what to do.

    Args:
        failure: what did not happen, such as "notes.txt could not be written".

    Raises:
        ResourceError: the disk is full.
    """
    try:
        yield
    except OSError as error:
        if is_full_disk(error):
            raise ResourceError(f"The disk is full: {failure}. Free some space and type the same command again.") from error
        raise
