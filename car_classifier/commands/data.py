"""`data`: what can be done with pictures before a training."""

import typer

from car_classifier.base.registry import resolve
from car_classifier.commands.plain_help import PlainCommand, PlainGroup

SUB_COMMANDS = {
    "import": "car_classifier.commands.data_import:data_import",
    "inspect": "car_classifier.commands.data_inspect:data_inspect",
    "augment": "car_classifier.commands.data_augment:data_augment",
    "preview": "car_classifier.commands.data_preview:data_preview",
}


def _create_app() -> typer.Typer:
    app = typer.Typer(
        cls=PlainGroup,
        help="Import, check, augment and look at pictures.\n\nExample: python -m car_classifier data import stanford_cars "
        "--from Downloads",
        no_args_is_help=True,
        rich_markup_mode="markdown",
    )
    for name in SUB_COMMANDS:
        app.command(name, cls=PlainCommand)(resolve("command", name, SUB_COMMANDS))
    return app


data = _create_app()
