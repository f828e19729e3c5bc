"""Archives given as data."""

import sys
from pathlib import Path

from car_classifier.base.terminal_text import one_line
from car_classifier.places import program_home
from data.archive import unpack_once


def unpack_archive(archive: Path) -> Path:
    """Return the folder with the content of `archive`: unpacked once, into the program's own folder, and said so on stderr."""

    def say(target: Path) -> None:
        sys.stderr.write(f"Unpacking {one_line(archive)} into {target}, once …\n")

    return unpack_once(archive, program_home() / "unpacked", told=say)
