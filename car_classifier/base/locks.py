"""A folder that only one process works in."""

from pathlib import Path

from filelock import FileLock, Timeout

from car_classifier.base.errors import RunInUseError


def lock_folder(folder: Path) -> FileLock:
    """Lock `folder` for this process until `release()` or the process's end, however it ends.

    Args:
        folder: made when missing; the lock is the file `.lock` in it, held by the kernel (a dead process holds none).

    Raises:
        RunInUseError: another process holds the lock.
    """
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / ".lock")
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise RunInUseError(
            f"{folder} is in use by another process. Wait for it to end, or choose another name with --run."
        ) from error
    return lock
