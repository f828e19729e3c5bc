"""Where the program reads and writes."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Places:
    """The folders that `doctor` looks at; none need exist.

    Args:
        runs_dir: folder of all runs.
        home: folder of data sets; downloaded weights lie in its `weights`.
        checkout: folder of the program, with its requirements.txt.
    """

    runs_dir: Path
    home: Path
    checkout: Path
