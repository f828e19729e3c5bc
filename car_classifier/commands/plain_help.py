"""Help in which a flag takes no value and every other option says in plain words what it takes."""

from functools import partial
from pathlib import Path
from typing import Any, get_args, get_origin

from typer.core import TyperArgument, TyperCommand, TyperGroup

WORDS = {int: "NUMBER", float: "NUMBER", str: "TEXT", Path: "PATH"}


class _PlainHelp:
    """Mixed into what Typer makes of commands and groups.

    Typer shows the names of Python's types, `<bool>` for a flag too, wherever a declaration has no metavar.
    """

    def get_params(self, ctx: Any) -> list[Any]:
        """Return all options and arguments, `--help` included, in plain words."""
        params = super().get_params(ctx)
        for param in params:
            param.display_type = partial(_placeholder, param)
        return params


class PlainCommand(_PlainHelp, TyperCommand):
    """A command with plain help."""


class PlainGroup(_PlainHelp, TyperGroup):
    """A command that has sub commands, with plain help."""


def _placeholder(param: Any, _: Any) -> str:
    """Return what Typer shows in the place of a type: an argument is told by its name, a flag by nothing."""
    if isinstance(param, TyperArgument) or param.is_flag:
        return ""
    described = param.type_descriptor
    if described.is_choice:
        return "|".join(map(str, described.choices))
    kind = described.annotation
    return WORDS[get_args(kind)[0] if get_origin(kind) is list else kind]
