import pytest

from car_classifier.base.terminal_text import one_line, without_controls


@pytest.mark.parametrize(("text", "shown"), [
    ("\x1b[2Jcar", "\\x1b[2Jcar"), ("two\nlines", "two\\nlines"), ("\x9b31m", "\\x9b31m"), ("\udcff.jpg", "\\udcff.jpg"),
    ("a\u202egpj", "a\\u202egpj"), ("Ça va\xa0ü 日本", "Ça va\xa0ü 日本"),
])
def test_what_moves_the_cursor_is_spelled_out(text, shown):
    assert one_line(text) == shown


def test_lines_can_be_kept():
    assert without_controls("one\n\rtwo") == "one\n\\rtwo"
