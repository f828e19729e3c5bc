"""Which settings of a run the user changed."""

from collections.abc import Mapping
from typing import Any

from car_classifier.base.errors import UserError
from car_classifier.config import Config
from car_classifier.defaults import default_model, jsonable, resolve_config
from results.run_store import PLACES


def changed_settings(stored: Mapping[str, Any], *, has_boxes: bool) -> dict[str, Any]:
    """Return those of a run's settings that are not what the program would have chosen, all others being equal.

    Args:
        stored: the content of config.json; settings that this program does not know are left out.
        has_boxes: whether the pictures of the run have boxes.
    """
    known = dict(Config().flat())
    config = Config().override({name: value for name, value in stored.items() if name in known})
    values = jsonable(config)
    return {
        name: values[name] for name in stored
        if name in known and name not in PLACES and not _is_default(config, name, values[name], has_boxes=has_boxes)
    }


def _is_default(config: Config, name: str, value: Any, *, has_boxes: bool) -> bool:
    if name == "model.name":
        return value == default_model(config.data.source)
    if name == "data.cut_to_box":
        return value == has_boxes
    try:
        opened = config.override({name: dict(Config().flat())[name]})
        return value == jsonable(resolve_config(opened, given=set(jsonable(config)) - {name}))[name]
    except UserError:  # the default does not go with the other settings, so this one was chosen
        return False
