"""How often the kernel has killed a process for want of memory."""

import re
from pathlib import Path


def count_oom_kills(root: Path = Path("/")) -> int:
    """Return the kernel's count of processes killed for want of memory: in our control group, and on the machine.

    The sum means nothing by itself: that it has risen does. 0 where the system does not count.

    Args:
        root: of the file system.
    """
    return sum(_read_count(path) for path in [root / "proc/vmstat", *_files_of_control_groups(root)])


def _files_of_control_groups(root: Path) -> list[Path]:
    """Return the files that may hold the count of our group, in version 2 and 1, seen from outside and inside a container."""
    try:
        lines = (root / "proc/self/cgroup").read_text().splitlines()
    except OSError:
        return []
    found = []
    for _, controllers, group in (line.split(":", 2) for line in lines):
        if controllers in ("", "memory"):
            top = root / "sys/fs/cgroup" / controllers
            name = "memory.oom_control" if controllers else "memory.events"
            found += [folder / name for folder in (top / group.lstrip("/"), top) if (folder / name).is_file()][:1]
    return found


def _read_count(path: Path) -> int:
    try:
        match = re.search(r"^oom_kill (\d+)$", path.read_text(), re.MULTILINE)
    except OSError:
        return 0
    return int(match[1]) if match else 0
