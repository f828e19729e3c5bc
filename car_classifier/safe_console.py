"""Terminals on which names of files and classes can do nothing but be read."""

from collections.abc import Iterator
from typing import Any

from rich.console import Console, ConsoleOptions, ConsoleRenderable, RenderHook
from rich.segment import Segment

from car_classifier.base.terminal_text import without_controls


def safe_console(**options: Any) -> Console:
    """Return a rich console that spells out control characters in all that is printed; its own colours stay.

    Args:
        options: of `rich.console.Console`.
    """
    console = Console(**options)
    console.push_render_hook(_SpellOut())
    return console


class _SpellOut(RenderHook):
    def process_renderables(self, renderables: list[ConsoleRenderable]) -> list[ConsoleRenderable]:
        return [_SpelledOut(renderable) for renderable in renderables]


class _SpelledOut:
    def __init__(self, content: ConsoleRenderable):
        self._content = content

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Segment]:
        for segment in console.render(self._content, options):
            # What rich itself does with the cursor is marked as such.
            yield segment if segment.control else segment._replace(text=without_controls(segment.text))
