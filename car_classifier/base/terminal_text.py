"""Text of strangers, such as names of files, as it may be shown on a terminal."""

import re

# Control characters, line and paragraph separators, turns of the direction of writing, and bytes that are no text.
_ODD = re.compile("[\0-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def one_line(text: object) -> str:
    r"""Return a text in which whatever would move the cursor, or start a line, is spelled out: `\x1b`, `\n`."""
    return _ODD.sub(_spelled_out, str(text))


def without_controls(text: str) -> str:
    """Return a text as `one_line` does, with its lines kept."""
    return "\n".join(map(one_line, text.split("\n")))


def _spelled_out(found: re.Match) -> str:
    return found.group().encode("unicode_escape").decode()
