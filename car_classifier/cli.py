"""The command line: one function per command, and the meaning of exit statuses."""

import os
import signal
import sys

import typer

from car_classifier.base.errors import CarClassifierError, ResourceError, is_out_of_memory
from car_classifier.base.registry import resolve
from car_classifier.commands.plain_help import PlainCommand, PlainGroup
from car_classifier.safe_console import safe_console

COMMANDS = {
    "train": "car_classifier.commands.train:train",
    "search": "car_classifier.commands.search:search",
    "evaluate": "car_classifier.commands.evaluate:evaluate",
    "compare": "car_classifier.commands.compare:compare",
    "study": "car_classifier.commands.study:study",
    "explain": "car_classifier.commands.explain:explain",
    "predict": "car_classifier.commands.predict:predict",
    "report": "car_classifier.commands.report:report",
    "demo": "car_classifier.commands.demo:demo",
    "data": "car_classifier.commands.data:data",
    "models": "car_classifier.commands.models:models",
    "runs": "car_classifier.commands.runs:runs",
    "doctor": "car_classifier.commands.doctor:doctor",
    "benchmark": "car_classifier.commands.benchmark:benchmark",
}

INTERRUPTED = 130


def create_app() -> typer.Typer:
    """Return the command line with all commands."""
    app = typer.Typer(
        name="car_classifier",
        cls=PlainGroup,
        help="Classify look-alike things from photographs: train, evaluate, compare.\n\nStart with: "
        "python -m car_classifier demo",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode="markdown",
    )
    for name in COMMANDS:
        command = resolve("command", name, COMMANDS)
        if isinstance(command, typer.Typer):
            app.add_typer(command, name=name)
        else:
            app.command(name, cls=PlainCommand)(command)
    return app


def main() -> None:
    """Run the command line; a user's mistake costs one to three lines, a bug keeps its traceback."""
    # TensorFlow's own chatter drowns ours; its errors still come through.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    try:
        status = create_app()(standalone_mode=False)
        if status == INTERRUPTED:  # typer has caught Ctrl-C
            _say("Stopped.")
        sys.exit(status)
    except typer.TyperException as error:
        if error.format_message().strip():  # empty when the help has been shown instead
            _say(_explain(error))
        sys.exit(error.exit_code)
    except CarClassifierError as error:
        _say(str(error))
        sys.exit(error.exit_status)
    except PermissionError as error:
        _say(f"{error.filename or 'A file'} cannot be read or written: {error.strerror}. Change its permissions, or those of "
             "its folder, or work on a copy.")
        sys.exit(ResourceError.exit_status)
    except (KeyboardInterrupt, typer.Abort):
        _say("Stopped.")
        sys.exit(INTERRUPTED)
    except Exception as error:
        if not is_out_of_memory(error):
            raise
        _say("Out of memory. Lower --batch-size (and raise training.accum_steps to keep the effective batch) or --image-size.")
        sys.exit(ResourceError.exit_status)


def _explain(error: typer.TyperException) -> str:
    """What the parser found wrong, and where to look it up."""
    context = getattr(error, "ctx", None)  # of a class that typer keeps to itself
    # The parser checks values with pydantic, and hands its words on.
    message = error.format_message().strip().replace("Value error, ", "").replace("Input should be", "expected")
    return message if context is None else f"{message}\nSee {context.command_path} --help"


def _say(message: str) -> None:
    safe_console(stderr=True, highlight=False, soft_wrap=True).print(message, markup=False)
