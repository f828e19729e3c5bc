"""Giving one trial the training state of another."""

import os
import shutil
from pathlib import Path

from car_classifier.base.errors import ResourceError


def copy_state(source: Path, target: Path) -> None:
    """Copy a training state, so that `target` is there either whole or not at all; nothing to do where it is there already.

    Args:
        source: folder of the state; where it is gone, the trial trains from the start.
        target: folder of the trial that goes on from it.

    Raises:
        ResourceError: it cannot be copied, as on a full disk.
    """
    if target.exists() or not source.exists():
        return
    partial = target.with_name(f"{target.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    try:
        shutil.copytree(source, partial)
    except OSError as error:
        raise ResourceError(
            f"The training state {source} could not be copied: {error}.\nFree some space and type the same command again."
        ) from error
    os.replace(partial, target)
