"""A folder that only one process works in."""

from pathlib import Path

from filelock import FileLock, Timeout

from car_classifier.base.errors import RunInUseError, UserError
from car_classifier.base.full_disk import full_disk_named


def lock_folder(folder: Path) -> FileLock:
    """Lock `folder` for this process until `release()` or the process's end, however it ends.

    Args:
        folder: made when missing; the lock is the file `.lock` in it, held by the kernel (a dead process holds none).

    Raises:
        RunInUseError: another process holds the lock.
        UserError: the folder cannot be made or written.
        ResourceError: the disk is full.
    """
    lock = FileLock(folder / ".lock")
    try:
        with full_disk_named(f"{folder} could not be written"):
            folder.mkdir(parents=True, exist_ok=True)
            lock.acquire(timeout=0)
    except Timeout as error:
        raise RunInUseError(
            f"{folder} is in use by another process. Wait for it to end, or choose another name with --run."
        ) from error
    except OSError as error:
        raise UserError(f"{folder} cannot be written: {error.strerror}. Make it writable, or choose another.") from error
    return lock
