"""A wrong study file is refused before anything is trained, and the message names file, variant and key."""

import pytest

from car_classifier.base.errors import UserError
from car_classifier.study import read_study

VARIANTS = '[[variants]]\nname = "plain"\n[[variants]]\nname = "more"\nsettings.model.dropout = 0.5\n'
STUDY = f'title = "T"\nquestion = "?"\n{VARIANTS}'


def refusal(tmp_path, text):
    (tmp_path / "own.toml").write_text(text)
    with pytest.raises(UserError) as raised:
        read_study(str(tmp_path / "own.toml"))
    return str(raised.value).replace(str(tmp_path / "own.toml"), "own.toml")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (STUDY.replace("title", "titel"), "own.toml: Unknown key 'titel'. Did you mean 'title'?\nKnown: title, question, "),
        (STUDY.replace("[[variants", "[[variant"), "own.toml: Unknown key 'variant'. Did you mean 'variants'?"),
        (STUDY + "publised = 3", "own.toml, variant 'more': Unknown key 'publised'. Did you mean 'published'?\nKnown: name, "),
        (STUDY + "model.dropout = 3", "own.toml, variant 'more': Unknown key 'model'. Settings stand in `settings`: "),
    ],
)
def test_an_unknown_key_gets_the_nearest_known_one(tmp_path, text, message):
    assert refusal(tmp_path, text).startswith(message)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("seeds = 0\n" + STUDY, "own.toml: seeds: expected greater than or equal to 1. Received: 0."),
        ('notes = "one"\n' + STUDY, "own.toml: notes: expected a list in brackets. Received: 'one'."),
        (STUDY + "note = 3", "own.toml, variant 'more': note: expected a valid string. Received: 3."),
        (STUDY + "[[variants]]\nnote = 'x'", "own.toml, variant number 3: the key 'name' is missing. Expected: a text."),
        (STUDY.replace("[[", "[").replace("]]", "]").rpartition("[variants]")[0],
         "own.toml: expected tables, each begun with [[variants]] and with keys of its own. Received: {'name': 'plain'}"),
        ('title = "T"\nquestion = "?"\nvariants = ["a"]', "own.toml, variant number 1: expected tables, each begun with [[var"),
    ],
)
def test_a_wrong_value_is_told_with_what_was_expected_and_received(tmp_path, text, message):
    assert refusal(tmp_path, text).startswith(message)
