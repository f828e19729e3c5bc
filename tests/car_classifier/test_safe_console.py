"""Names cannot steer the terminal."""

import io

import pytest
from rich.table import Table
from rich.text import Text

from car_classifier.safe_console import safe_console
from car_classifier.screen import show_table

EVIL = "\x1b[2J\x9b1m\udcff.jpg"


def _table(text):
    table = Table()
    table.add_row(text)
    return table


@pytest.mark.parametrize("content", [EVIL, Text(EVIL), _table(EVIL)], ids=["string", "text", "table"])
def test_control_characters_are_spelled_out_wherever_they_stand(content):
    file = io.StringIO()
    safe_console(file=file, width=80).print(content)
    assert "\\x1b[2J\\x9b1m\\udcff.jpg" in file.getvalue() and "\x1b" not in file.getvalue()


def test_colours_and_lines_of_our_own_stay():
    file = io.StringIO()
    safe_console(file=file, width=80, force_terminal=True, color_system="standard").print("[red]one\ntwo[/red]")
    assert file.getvalue() == "\x1b[31mone\x1b[0m\n\x1b[31mtwo\x1b[0m\n"


def test_a_name_with_a_new_line_stays_in_its_row():
    file = io.StringIO()
    show_table(safe_console(file=file, width=80), "Found", [("class", "red\ncar", "")])
    assert file.getvalue().splitlines()[1].split() == ["class", "red\\ncar"]
