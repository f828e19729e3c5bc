"""Giving one trial the training state of another."""

import os
import shutil
from pathlib import Path


def copy_state(source: Path, target: Path) -> None:
    """Copy a training state, so that `target` is there either whole or not at all; nothing to do where it is there already.

    Args:
        source: folder of the state; where it is gone, the trial trains from the start.
        target: folder of the trial that goes on from it.
    """
    if target.exists() or not source.exists():
        return
    partial = target.with_name(f"{target.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    shutil.copytree(source, partial)
    os.replace(partial, target)
