"""A folder that only one process works in."""

from pathlib import Path

from filelock import FileLock, Timeout

from car_classifier.base.errors import RunInUseError, UserError


def lock_folder(folder: Path) -> FileLock:
    """Lock `folder` for this process until `release()` or the process's end, however it ends.

    Args:
        folder: made when missing; the lock is the file `.lock` in it, held by the kernel (a dead process holds none).

    Raises:
        RunInUseError: another process holds the lock.
        UserError: the folder cannot be made or written.
    """
    lock = FileLock(folder / ".lock")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=0)
    except Timeout as error:
        raise RunInUseError(
            f"{folder} is in use by another process. Wait for it to end, or choose another name with --run."
        ) from error
    except OSError as error:
        raise UserError(f"{folder} cannot be used as a folder: {error.strerror}. Choose another one.") from error
    return lock
