"""Settings of the network itself that only some models have; Keras is not needed to check them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from models.compound_scaling import COMPOUND_SCALINGS
from models.head_options import require
from models.registry import MODELS, model_entry

# option: (whether a value is allowed, what is expected)
_CHECKS: dict[str, tuple[Callable[[Any], bool], str]] = {
    "filters": (lambda value: bool(value) and all(count >= 1 for count in value), "numbers of at least 1, one per convolution"),
    "kernel_size": (lambda value: value >= 1, "at least 1"),
    "scaling": (lambda value: value in COMPOUND_SCALINGS, f"one of {', '.join(COMPOUND_SCALINGS)}"),
    "stochastic_depth": (lambda value: 0 <= value < 1, "at least 0 and below 1"),
    "width_multiplier": (lambda value: value > 0, "above 0"),
}
NETWORK_OPTIONS = tuple(_CHECKS)


def network_options(name: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options of the network of model `name`: those given, where they are None or missing the model's own.

    Raises:
        UserError: the model has no such option, or a value is outside its range.
    """
    own = model_entry(name).options
    for option, value in given.items():
        if value is None:
            continue
        owners = ", ".join(other for other, entry in MODELS.items() if option in entry.options)
        require(option in own, option, f"left out for model {name!r}; models that have it: {owners}", value)
        holds, expected = _CHECKS[option]
        require(holds(value), option, expected, value)
    return {**own, **{option: value for option, value in given.items() if value is not None}}


def check_stages(name: str, option: str, stages: Sequence[int], *, received: Any = None) -> None:
    """Raise unless each of `stages` is a stage of model `name`, counted from 1.

    Args:
        received: what the user gave where it is something else than these numbers.

    Raises:
        UserError: names the stages that there are.
    """
    count = len(model_entry(name).stages)
    received = tuple(stages) if received is None else received
    require(count > 0 or not stages, option, f"left out for model {name!r}, which has no stages", received)
    expected = f"stages of model {name!r}, from 1 to {count}, each once"
    require(len(set(stages)) == len(stages) and all(1 <= stage <= count for stage in stages), option, expected, received)
