"""Frozen dataclasses to plain JSON values and back, by their fields and type hints.

Every stored value carries the version of its shape. A value of a newer shape is refused
rather than read in part, because writing it back would lose what was not understood.
"""

from __future__ import annotations

import math
import types
from collections.abc import Callable
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime, time
from enum import Enum
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from ci_checker.errors import RequestError

VERSION = 1
T = TypeVar("T")
Plain = dict[str, Any]


def encode(value: Any) -> Plain:
    """Return a dataclass instance as a JSON object with its version and type name.

    Raises
    ------
    TypeError
        No dataclass, or a field of a type that has no JSON form here.
    ValueError
        A number that JSON does not have.
    """
    if not is_dataclass(value) or isinstance(value, type):
        raise TypeError(f"{type(value).__name__} is not a dataclass instance")
    return {"version": VERSION, "type": type(value).__name__, "value": _out(value)}


def decode(kind: type[T], stored: Plain) -> T:
    """Return the instance of ``kind`` that ``encode`` wrote.

    Raises
    ------
    RequestError
        The stored value is of a newer version, of another type, or damaged.
    """
    version = stored.get("version") if isinstance(stored, dict) else None
    if isinstance(version, int) and version > VERSION:
        raise RequestError(f"a stored {kind.__name__} was written by a newer ci-checker", todo="Update ci-checker.")
    if version != VERSION or stored.get("type") != kind.__name__:
        raise RequestError(f"a stored {kind.__name__} is damaged", todo="Restore the database from a copy.")
    try:
        hint: Any = kind
        found: T = _reader(hint)(stored.get("value"))
    except (TypeError, ValueError, KeyError, AttributeError) as error:
        raise RequestError(
            f"a stored {kind.__name__} cannot be read ({error})",
            todo="Update ci-checker, or restore the database from a copy.",
        ) from error
    return found


def _out(value: Any) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, str | int):
        return value
    if isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError(f"{value} has no JSON form")
        return value
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_out(each) for each in value]
    if is_dataclass(value) and not isinstance(value, type):
        # A transcript holds thousands of words; a default that is nothing need not be written.
        return {
            name: _out(inner)
            for name, empty in _written(type(value))
            if not ((inner := getattr(value, name)) is empty or (empty == () and inner == ()))
        }
    raise TypeError(f"{type(value).__name__} has no JSON form")


@cache
def _written(kind: type) -> tuple[tuple[str, Any], ...]:
    """Return field names with the default that is left out (``None`` or ``()``, else a marker)."""
    return tuple(
        (each.name, each.default if each.default is None or each.default == () else MISSING) for each in fields(kind)
    )


@cache
def _reader(hint: Any) -> Callable[[Any], Any]:
    """Return the function that turns a JSON value into a value of a type hint."""
    origin, args = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        inner = [each for each in args if each is not type(None)]
        if len(inner) != 1:
            raise TypeError(f"{hint} is ambiguous")
        read = _reader(inner[0])
        return lambda value: None if value is None else read(value)
    if origin is tuple:
        return _tuple_reader(args)
    if is_dataclass(hint):
        return _dataclass_reader(hint)  # type: ignore[arg-type]
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint
    if hint in (datetime, date, time):
        return hint.fromisoformat  # type: ignore[no-any-return]
    if hint is float:
        return lambda value: float(_checked(value, (int, float)))
    if hint in (str, int, bool):
        return lambda value: _checked(value, (hint,))
    raise TypeError(f"{hint} has no JSON form")


def _checked(value: Any, kinds: tuple[type, ...]) -> Any:
    if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
        raise TypeError(f"{type(value).__name__} where {kinds[-1].__name__} was expected")
    return value


def _tuple_reader(args: tuple[Any, ...]) -> Callable[[Any], tuple[Any, ...]]:
    if len(args) == 2 and args[1] is Ellipsis:
        read = _reader(args[0])
        return lambda value: tuple(read(each) for each in _checked(value, (list,)))
    readers = [_reader(each) for each in args]
    return lambda value: tuple(read(each) for read, each in zip(readers, _checked(value, (list,)), strict=True))


def _dataclass_reader(kind: type) -> Callable[[Any], Any]:
    hints = get_type_hints(kind)
    readers = {each.name: _reader(hints[each.name]) for each in fields(kind)}

    def read(value: Any) -> Any:
        return kind(**{name: readers[name](inner) for name, inner in _checked(value, (dict,)).items()})

    return read
