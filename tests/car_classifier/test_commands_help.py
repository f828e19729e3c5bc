"""What every command must do, over the table of commands."""

import functools
import inspect
import json
import re
import shlex
import subprocess
import sys

import pytest
import typer
from typer.testing import CliRunner

from car_classifier.base.registry import resolve
from car_classifier.cli import COMMANDS, create_app

START = ["python", "-m", "car_classifier"]
HEAVY = ("tensorflow", "keras", "jax", "torch", "albumentations", "cv2", "pandas", "matplotlib")
ASK_ALL = """
import json, sys
from typer.testing import CliRunner
from car_classifier.cli import create_app
app = create_app()
paths = json.loads(sys.argv[1])
answers = {" ".join(path): CliRunner().invoke(app, [*path, "--help"]) for path in paths}
print(json.dumps({
    "status": {path: answer.exit_code for path, answer in answers.items()},
    "heavy": [name for name in json.loads(sys.argv[2]) if name in sys.modules],
}))
"""


def command_paths():
    """Return every command and sub command as the words that follow `python -m car_classifier`."""
    paths = []
    for name in COMMANDS:
        command = resolve("command", name, COMMANDS)
        paths.append((name,))
        if isinstance(command, typer.Typer):
            paths += [(name, sub.name or sub.callback.__name__) for sub in command.registered_commands]
    return paths


def parser_of(words):
    """Return the parser of the command that `words` start with, and the words left for it."""
    parser = typer.main.get_command(create_app())
    while getattr(parser, "commands", None):
        parser, words = parser.commands[words[0]], words[1:]
    return parser, words


def help_of(path):
    parser = typer.main.get_command(create_app())
    for word in path:
        parser = parser.commands[word]
    return inspect.cleandoc(parser.help or "")


@functools.cache
def made_app():
    return create_app()


def shown_help(path, *, columns):
    return CliRunner(env={"COLUMNS": str(columns)}).invoke(made_app(), [*path, "--help"]).output


@pytest.mark.parametrize("path", command_paths(), ids=" ".join)
class TestEveryCommand:
    """Each test sees each command."""

    def test_help_ends_with_an_example_of_this_command(self, path):
        words = shlex.split(help_of(path).splitlines()[-1].removeprefix("Example: "))
        assert words[:3] == START
        assert tuple(words[3 : 3 + len(path)]) == path

    def test_help_begins_with_a_sentence(self, path):
        first = help_of(path).partition("\n\n")[0]
        assert first[0].isupper() and first.endswith(".")

    def test_options_of_the_example_are_accepted(self, path):
        parser, words = parser_of(shlex.split(help_of(path).splitlines()[-1].removeprefix("Example: "))[3:])
        assert parser.make_context(path[-1], list(words)).params

    def test_help_shows_no_type_of_python(self, path):
        assert not re.search(r"<\w|--[\w-]+ +(TEXT|PATH)\b", shown_help(path, columns=80))

    def test_a_narrow_terminal_cuts_nothing_off(self, path):
        narrow, wide = (shown_help(path, columns=columns).count("…") for columns in (80, 400))
        assert narrow == wide


def test_a_flag_takes_no_value():
    assert re.search(r"--refit +At the end", shown_help(("train",), columns=80))


def test_help_of_all_commands_loads_no_heavy_library():
    paths = [(), *command_paths()]
    done = subprocess.run(
        [sys.executable, "-c", ASK_ALL, json.dumps(paths), json.dumps(HEAVY)], capture_output=True, text=True, check=True
    )
    answer = json.loads(done.stdout)
    assert answer == {"status": {" ".join(path): 0 for path in paths}, "heavy": []}
