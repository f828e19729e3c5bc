"""The kernel's count of processes killed for want of memory."""

import pytest

from search.executors.oom_kills import count_oom_kills


def write(path, text):
    """Write a file of the kernel."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


@pytest.mark.parametrize(("group", "place"), [
    ("0::/jobs/7", "sys/fs/cgroup/jobs/7/memory.events"),
    ("0::/jobs/7", "sys/fs/cgroup/memory.events"),
    ("4:memory:/jobs/7\n3:cpuset:/", "sys/fs/cgroup/memory/jobs/7/memory.oom_control"),
    ("4:memory:/jobs/7\n0::/", "sys/fs/cgroup/memory/memory.oom_control"),
])
def test_the_count_of_our_control_group_is_found(tmp_path, group, place):
    write(tmp_path / "proc/self/cgroup", group + "\n")
    write(tmp_path / place, "under_oom 0\noom 9\noom_kill 3\noom_group_kill 8\n")
    assert count_oom_kills(tmp_path) == 3


def test_kills_on_the_whole_machine_count_too(tmp_path):
    write(tmp_path / "proc/vmstat", "nr_free_pages 7\noom_kill 2\n")
    assert count_oom_kills(tmp_path) == 2


def test_a_system_that_does_not_count_has_none(tmp_path):
    assert count_oom_kills(tmp_path) == 0
