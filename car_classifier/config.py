"""All settings of the program under one dotted name each."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from car_classifier.base.errors import UnknownNameError, UserError
from car_classifier.training.config import TrainingConfig
from data.augmentation_config import AugmentationConfig
from data.config import DataConfig
from models.config import ModelConfig


class Config(BaseModel):
    """The settings of a run; `training.learning_rate` is the field `learning_rate` of `training`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    data: DataConfig = Field(default_factory=DataConfig)
    augmentation: AugmentationConfig = Field(default_factory=AugmentationConfig)
    model: ModelConfig = Field(default_factory=ModelConfig)
    training: TrainingConfig = Field(default_factory=TrainingConfig)
    seed: int = Field(0, ge=0, description="of all chance: split, weights, order, augmentation, dropout")

    def override(self, values: Mapping[str, Any]) -> "Config":
        """Return new, validated settings with `values` (dotted name to value) in place.

        Raises:
            UserError: a name is unknown or a value is outside its range; the message names the setting.
        """
        tree = self.model_dump()
        for name, value in values.items():
            if name not in dict(self.flat()):
                raise UnknownNameError("setting", name, dict(self.flat()))
            section, _, field = name.rpartition(".")
            (tree[section] if section else tree)[field] = value
        return parse_config(tree)

    def flat(self) -> Iterator[tuple[str, Any]]:
        """Yield each setting's dotted name and value."""
        for section, value in self:
            if isinstance(value, BaseModel):
                yield from ((f"{section}.{field}", inner) for field, inner in value)
            else:
                yield section, value

    def dotted_name(self, flat_name: str) -> str:
        """Return the dotted name of a hyper-parameter: `learning_rate` is `training.learning_rate`.

        Raises:
            UnknownNameError: no setting has that name.
        """
        names = {name.rpartition(".")[2]: name for name, _ in self.flat()}
        if flat_name not in names:
            raise UnknownNameError("hyper-parameter", flat_name, names)
        return names[flat_name]


def parse_config(tree: Mapping[str, Any]) -> Config:
    """Return validated settings from nested ones, as config.json holds them.

    Raises:
        UserError: one line per setting that is wrong.
    """
    try:
        return Config.model_validate(tree)
    except ValidationError as error:
        raise UserError("\n".join(_explain(problem) for problem in error.errors()[:3])) from error


def is_refusal_of(values: Mapping[str, Any], error: UserError) -> bool:
    """Say whether `values` (dotted name to value) are refused by themselves in the words of `error`."""
    try:
        Config().override(values)
    except UserError as own:
        return str(own) == str(error)
    return False


def _explain(problem: Mapping[str, Any]) -> str:
    return f"{'.'.join(str(part) for part in problem['loc'] if not isinstance(part, int))}: {problem_in_words(problem)}"


def problem_in_words(problem: Mapping[str, Any]) -> str:
    """Return what was expected and what was received, from an error of pydantic, without the name of the value."""
    message = problem["msg"].removeprefix("Value error, ").rstrip(".")
    message = message.replace("Input should be", "expected").replace("a valid tuple", "a list in brackets, such as [256]")
    given = problem["input"]
    is_told = "Received" in message or (isinstance(given, str) and repr(given) in message)
    return f"{message}." if is_told else f"{message}. Received: {given!r}."


def parse_assignments(assignments: list[str]) -> dict[str, Any]:
    """Turn `name=value` texts of `--set` into settings; a value is JSON where it can be (`[512]`, `true`, `null`), else text.

    Raises:
        UserError: a text has no "=".
    """
    values = {}
    for text in assignments:
        name, equals, value = text.partition("=")
        if not equals:
            raise UserError(f"--set takes name=value, for example --set training.learning_rate=1e-4. Received: {text!r}.")
        values[name.strip()] = _parse_value(value.strip())
    return values


def value_text(value: Any) -> str:
    """Return a value as `--set` reads it: text as it is where it is not taken for something else."""
    return value if isinstance(value, str) and _parse_value(value.strip()) == value else json.dumps(value)


def _parse_value(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
