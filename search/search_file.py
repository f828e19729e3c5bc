"""What a search was asked for: search.json, which every later start of the same search must agree with."""

import json
from collections.abc import Collection, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pydantic import ValidationError

from car_classifier.base.errors import DataError, UserError
from car_classifier.base.files import read_json, write_json
from search.space import Space
from search.store import SearchStore

FORMAT = 1
MAY_CHANGE = ("trials", "hours", "workers", "threads", "executor", "ray_address")  # how long and where, not what
MOST_DIFFERENCES = 12


def open_search(folder: Path, asked: dict[str, Any], *, places: Collection[str] = (),
                defaults: Mapping[str, Any] = MappingProxyType({})) -> None:
    """Start a search in `folder`, or go on with the one that it holds.

    Args:
        folder: of the search, locked by this process.
        asked: "space" (a `Space`) and everything else that decides what is found (engine, seed, objective, job, …), in
            built-in types. What `MAY_CHANGE` names is written down and not compared.
        places: dotted names in `asked`, such as `job.weights_dir`, of what may lie elsewhere the next time: not compared.
        defaults: shaped like `asked`; what settings are that search.json does not name, since a version before there were
            these wrote it.

    Raises:
        UserError: the folder holds another search (the differences are listed), or cannot be written.
        DataError: its search.json is damaged, missing or of another version of this program.
        ResourceError: the disk is full.
    """
    path = folder / "search.json"
    wanted = {"format": FORMAT, **json.loads(json.dumps({**asked, "space": asked["space"].model_dump(mode="json")}))}
    if path.exists():
        stored = read_search(folder)
        there = _flat({"format": FORMAT, **defaults}) | _flat(_without_space(stored))
        different = [*asked["space"].lost(stored["space"]), *_differences(there, wanted, {*MAY_CHANGE, *places})]
        if different:
            raise UserError(_listed(folder, different))
    elif SearchStore(folder).peek():
        raise DataError(f"{path} is missing, though there are trials. Put it back, or choose another name with --run.")
    try:
        if not path.exists() or read_json(path) != wanted:
            write_json(path, wanted)
        SearchStore(folder).remove_leftovers()
    except OSError as error:
        raise UserError(f"{folder} cannot be written: {error.strerror}. Make it writable, or choose another --run.") from error


def read_search(folder: Path) -> dict[str, Any]:
    """Return the content of search.json, with "space" as a `Space`.

    Raises:
        DataError: it is missing, damaged, or of another version of this program.
    """
    path = folder / "search.json"
    content = read_json(path)
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise DataError(f"{path} is not of format {FORMAT}, the only one that this program reads.")
    try:
        return {**content, "space": Space.model_validate(content.get("space"))}
    except ValidationError as error:
        raise DataError(f"{path} is damaged: its space is wrong ({error.errors()[0]['msg']}).") from error


def _differences(there: dict[str, Any], wanted: dict[str, Any], may_change: set[str]) -> list[str]:
    here = _flat(_without_space(wanted))
    return [
        f"{name}: {there.get(name)!r} there, {here.get(name)!r} asked for"
        for name in dict.fromkeys([*there, *here])
        if name not in may_change and name.split(".")[0] not in may_change and there.get(name) != here.get(name)
    ]


def _without_space(content: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in content.items() if name != "space"}


def _flat(content: Any, name: str = "") -> dict[str, Any]:
    """Return nested settings by their dotted names."""
    if not isinstance(content, dict) or not content:
        return {name: content}
    return {key: value for part, inner in content.items() for key, value in _flat(inner, f"{name}.{part}".strip(".")).items()}


def _listed(folder: Path, different: list[str]) -> str:
    more = [f"… and {len(different) - MOST_DIFFERENCES} more"] if len(different) > MOST_DIFFERENCES else []
    lines = "\n".join(f"  {line}" for line in [*different[:MOST_DIFFERENCES], *more])
    return f"{folder} holds a search for something else:\n{lines}\nChoose another name with --run; a space may only grow."
