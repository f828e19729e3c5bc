"""What is wrong with a study file, in words that name the file, the variant and the key."""

import textwrap
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from car_classifier.base.errors import UnknownNameError
from car_classifier.config import Config, problem_in_words

MOST_MISTAKES = 3  # in one message
TABLES = "expected tables, each begun with [[variants]] and with keys of its own"


@dataclass(frozen=True)
class StudyMistakes:
    """The mistakes of one file.

    Args:
        path: the file.
        content: what it holds.
        keys: that a study may have.
        keys_of_variant: that each of its variants may have.
    """

    path: Path
    content: Mapping[str, Any]
    keys: Collection[str]
    keys_of_variant: Collection[str]

    def in_words(self, problems: Sequence[Mapping[str, Any]]) -> str:
        """Return what the first of `problems`, as pydantic found them, are; only unknown keys where there are any.

        A misspelt key is missing under its true name, too: to say both would be to say it twice.
        """
        unknown = [problem for problem in problems if problem["type"] == "extra_forbidden"]
        return "\n".join(self._said(problem) for problem in (unknown or problems)[:MOST_MISTAKES])

    def _said(self, problem: Mapping[str, Any]) -> str:
        where, key = self._place(problem["loc"])
        if problem["type"] == "extra_forbidden":
            return f"{where}: {self._unknown(key, self.keys if where == str(self.path) else self.keys_of_variant)}"
        if problem["type"] == "missing":
            return f"{where}: the key {key!r} is missing. Expected: a text. Add the line {key} = \"…\"."
        if problem["loc"] and key in ("", "variants"):  # what should be a variant, or all of them
            return f"{where}: {TABLES}. Received: {textwrap.shorten(repr(problem['input']), 80, placeholder=' …')}."
        if not key:
            return f"{where}: {problem['msg'].removeprefix('Value error, ').rstrip('.')}."
        message = problem["msg"].replace("a valid tuple", "a list in brackets").replace("a valid dictionary", "a table")
        return f"{where}: {key}: {problem_in_words({**problem, 'msg': message})}"

    def _place(self, loc: Sequence[str | int]) -> tuple[str, str]:
        """The file, with the variant where it is one that is wrong, and the key."""
        if len(loc) < 2 or loc[0] != "variants":
            return str(self.path), ".".join(map(str, loc))
        variant = self.content["variants"][loc[1]]
        name = variant.get("name") if isinstance(variant, dict) else None
        called = f"variant {name!r}" if isinstance(name, str) and name else f"variant number {loc[1] + 1}"
        return f"{self.path}, {called}", ".".join(map(str, loc[2:]))

    def _unknown(self, key: str, known: Collection[str]) -> str:
        if key in Config.model_fields and key not in known:
            return f"Unknown key {key!r}. Settings stand in `settings`: settings.{key}. Known: {', '.join(known)}."
        return str(UnknownNameError("key", key, known))
