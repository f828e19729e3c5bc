"""What a comparison shows while its trainings run: a line per training that is done, under them the one under way."""

import time
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.live import Live
from rich.text import Text

from car_classifier.base.errors import DataError
from car_classifier.base.files import read_json
from car_classifier.comparison_plan import MemberPlan
from car_classifier.screen import LOG, describe_duration
from results.evaluated import find_evaluation


class ComparisonScreen:
    """Shows a comparison on the terminal, and writes the same lines to its log.

    Args:
        console: where to print; where it is no terminal, each training has a line when it starts and one when it ends.
        members: all trainings, in their order.
    """

    def __init__(self, console: Console, members: list[MemberPlan]):
        self._console, self._members = console, members
        self._width = max(len(member.variant) for member in members)
        self._seconds: list[float] = []  # of the trainings of this session
        self._started = 0.0
        self._live = Live(console=console, auto_refresh=False, transient=True)

    def __enter__(self) -> "ComparisonScreen":
        reused = sum(member.is_finished for member in self._members)
        self._say(f"{len(self._members)} trainings, {reused} of them there already")
        if self._console.is_terminal:
            self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._live.stop()

    def started(self, member: MemberPlan) -> None:
        """Say that a training starts."""
        self._started = time.monotonic()
        LOG.info("python -m car_classifier %s", " ".join(member.argv))
        if not self._console.is_terminal:
            self._console.print(f"{self._name(member)}  training …", markup=False)

    def waiting(self, member: MemberPlan, words: str) -> None:
        """Show how far the training under way is."""
        took = describe_duration(time.monotonic() - self._started)
        self._live.update(Text(f"{self._name(member)}  {words or _progress(member.folder)}  {took}"), refresh=True)

    def finished(self, member: MemberPlan, *, words: str = "") -> None:
        """Print the line of a training that is done: what it took, or `words` where it was done before."""
        record = read_json(member.folder / "run.json")
        if not words:
            self._seconds.append(time.monotonic() - self._started)
        figures = [f"test {_accuracy(_test_figures(member.folder, record))}",
                   f"validation {_accuracy(record['summary']['validation'])}"]
        took = words or describe_duration(self._seconds[-1])
        self._clear()
        self._say(f"{self._name(member)}  {'  '.join(figures)}  {took:>7}  {self._left(member)}".rstrip())

    def failed(self, member: MemberPlan, reason: str) -> None:
        """Print why a training gave no result."""
        self._clear()
        self._say(f"{self._name(member)}  failed: {reason}", style="yellow")

    def _clear(self) -> None:
        if self._console.is_terminal:
            self._live.update(Text(""), refresh=True)

    def _name(self, member: MemberPlan) -> str:
        number, total = self._members.index(member) + 1, len(self._members)
        return f"{number:>{len(str(total))}}/{total}  {member.variant:<{self._width}}  seed {member.config.seed}"

    def _left(self, member: MemberPlan) -> str:
        left = [other for other in self._members[self._members.index(member) + 1 :] if not other.is_finished]
        if not left or not self._seconds:
            return ""
        return f"~ {describe_duration(len(left) * sum(self._seconds) / len(self._seconds))} left"

    def _say(self, line: str, style: str = "") -> None:
        LOG.info(line.strip())
        self._console.print(line, style=style, markup=False, highlight=False, soft_wrap=True)


def _test_figures(folder: Path, record: dict[str, Any]) -> dict[str, Any] | None:
    place = find_evaluation(folder, "test", record["summary"])
    return None if place is None else read_json(place / "evaluation.json")


def _accuracy(figures: dict[str, Any] | None) -> str:
    return "–" if figures is None else f"{100 * figures['accuracy']:.1f} %"


def _progress(folder: Path) -> str:
    try:
        progress = read_json(folder / "run.json").get("progress")
    except DataError:  # not written yet
        return "starting"
    return "{phase}, epoch {epoch} of {epochs}".format(**progress) if progress else "preparing"
