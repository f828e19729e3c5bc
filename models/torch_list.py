"""The list of tensors in a `.pth` file: a pickle, read by a machine that can build a list of tensors and nothing else.

An unpickler calls what the file names and writes into what it has built, so that even one with a strict `find_class` can be
led to harm. Here an instruction makes a number, a text, a list, a dictionary or a record, or is refused.
"""

import pickletools
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, NamedTuple

_MARK = object()
_MOST_DIMENSIONS, _MOST = 32, 2**63  # of a tensor, and of a number in it
_VALUES = ("BININT", "BININT1", "BININT2", "LONG1", "BINFLOAT", "BINUNICODE", "SHORT_BINUNICODE")
_CONSTANTS: dict[str, Callable[[], Any]] = {
    "NONE": lambda: None, "NEWTRUE": lambda: True, "NEWFALSE": lambda: False, "EMPTY_TUPLE": tuple, "EMPTY_LIST": list,
    "EMPTY_DICT": dict, "MARK": lambda: _MARK,
}
_TUPLES = {"TUPLE1": 1, "TUPLE2": 2, "TUPLE3": 3}


class MoreThanTensorsError(ValueError):
    """The list would have more done than to name tensors: what opens it carelessly may run something."""


class Storage(NamedTuple):
    """Where numbers lie: the kind as PyTorch calls it ("FloatStorage"), the member's name and how many there are."""

    kind: str
    name: str
    count: int


class Tensor(NamedTuple):
    """A part of a storage; offset and strides count numbers, not bytes."""

    storage: Storage
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]


@dataclass(frozen=True)
class _Name:
    module: str
    name: str


_ORDERED_DICT = _Name("collections", "OrderedDict")
_TENSOR = _Name("torch._utils", "_rebuild_tensor_v2")
_PARAMETER = _Name("torch._utils", "_rebuild_parameter")


def read_list(pickled: bytes) -> dict[Any, Any]:
    """Return the dictionary that a pickle describes, with a `Tensor` for each tensor.

    Raises:
        MoreThanTensorsError: it asks for something else than tensors.
        ValueError: it is damaged, or describes something else.
        LookupError: it refers to an object that was not there.
    """
    machine = _Machine()
    for opcode, argument, _ in pickletools.genops(pickled):
        if opcode.name == "STOP":
            break
        machine.run(opcode.name, argument)
    content = machine.stack.pop()
    if type(content) is not dict:
        raise ValueError(f"a dictionary of tensors was expected, {type(content).__name__} received")
    return content


class _Machine:
    def __init__(self):
        self.stack: list[Any] = []
        self._memo: dict[int, Any] = {}

    def run(self, name: str, argument: Any) -> None:
        if name in _VALUES:
            self.stack.append(argument)
        elif name in _CONSTANTS:
            self.stack.append(_CONSTANTS[name]())
        elif name in _TUPLES:
            self.stack.append(tuple(self._pop_last(_TUPLES[name])))
        elif name in ("BINGET", "LONG_BINGET"):
            self.stack.append(self._memo[argument])
        elif name in ("BINPUT", "LONG_BINPUT"):
            self._memo[argument] = self.stack[-1]
        elif name == "GLOBAL":
            self.stack.append(_known_name(*argument.split(" ")))
        elif name not in ("PROTO", "FRAME"):
            self._build(name)

    def _build(self, name: str) -> None:
        stack = self.stack
        match name:
            case "MEMOIZE":
                self._memo[len(self._memo)] = stack[-1]
            case "STACK_GLOBAL":
                stack.append(_known_name(*self._pop_last(2)))
            case "TUPLE":
                stack.append(tuple(self._pop_to_mark()))
            case "APPEND" | "APPENDS":
                values = [stack.pop()] if name == "APPEND" else self._pop_to_mark()
                _expect(list, stack[-1]).extend(values)
            case "SETITEM" | "SETITEMS":
                values = self._pop_last(2) if name == "SETITEM" else self._pop_to_mark()
                _put(_expect(dict, stack[-1]), values)
            case "BINPERSID":
                stack.append(_storage(stack.pop()))
            case "REDUCE":
                function, arguments = self._pop_last(2)
                stack.append(_call(_expect(_Name, function), _expect(tuple, arguments)))
            case "BUILD":  # of an ordered dictionary: what PyTorch notes about it, which nobody needs
                stack.pop()
                _expect(dict, stack[-1])
            case _:
                raise MoreThanTensorsError(f"the instruction {name} has no place in a list of tensors")

    def _pop_last(self, count: int) -> list[Any]:
        values = self.stack[-count:]
        if len(values) < count:
            raise ValueError("values are missing")
        del self.stack[-count:]
        return values

    def _pop_to_mark(self) -> list[Any]:
        values: list[Any] = []
        while (value := self.stack.pop()) is not _MARK:
            values.append(value)
        return values[::-1]


def _known_name(module: str, name: str) -> _Name:
    known = _Name(_expect(str, module), _expect(str, name))
    if known not in (_ORDERED_DICT, _TENSOR, _PARAMETER) and not (module == "torch" and name.endswith("Storage")):
        raise MoreThanTensorsError(f"it asks for {module}.{name}, which is no tensor")
    return known


def _expect(kind: type, value: Any) -> Any:
    # Exactly this kind: a `Tensor` is a tuple, too.
    if type(value) is not kind:
        raise ValueError(f"{kind.__name__.strip('_').lower()} expected, {type(value).__name__} received")
    return value


def _put(content: dict[Hashable, Any], values: list[Any]) -> None:
    for key, value in zip(values[::2], values[1::2], strict=True):
        if type(key) not in (str, int):  # the hash of nested tuples would overrun the stack
            raise ValueError(f"a name expected, {type(key).__name__} received")
        content[key] = value


def _storage(key: Any) -> Storage:
    word, kind, name, _, count = _expect(tuple, key)
    if word != "storage" or _expect(_Name, kind).module != "torch":
        raise ValueError("it asks for something that is no storage of numbers")
    return Storage(kind.name, _expect(str, name), _expect(int, count))


def _call(function: _Name, arguments: tuple[Any, ...]) -> Any:
    """Return what the function would make: it is ours, whatever the file calls it."""
    if function == _ORDERED_DICT and not arguments:
        return {}
    if function == _TENSOR:
        storage, offset, shape, strides, *_ = arguments
        return Tensor(_expect(Storage, storage), *_numbers((offset,)), _numbers(shape), _numbers(strides))
    if function == _PARAMETER:
        return _expect(Tensor, arguments[0])
    raise MoreThanTensorsError(f"it calls {function.module}.{function.name}, which makes no tensor")


def _numbers(values: Any) -> tuple[int, ...]:
    if len(_expect(tuple, values)) > _MOST_DIMENSIONS or not all(0 <= _expect(int, value) < _MOST for value in values):
        raise ValueError("no tensor has such a shape")
    return values
