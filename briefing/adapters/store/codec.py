"""Nouns to JSON and back, exactly: ``from_json(type(x), to_json(x)) == x``.

The type hints of the nouns are the schema. A field that a stored noun lacks takes its default; a
stored field that the noun no longer has is passed over; anything else that does not fit raises
``ValueError`` with the path to it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date, datetime
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

N = TypeVar("N")


def to_json(noun: object) -> str:
    """One line of ASCII JSON, so that every text survives any database encoding."""
    return json.dumps(_plain(noun), ensure_ascii=True, separators=(",", ":"))


def from_json(kind: type[N], text: str) -> N:
    """The noun of ``kind`` that :func:`to_json` wrote.

    Raises:
        ValueError: not JSON, or not such a noun.
    """
    return cast(N, _read(kind, json.loads(text), kind.__name__))


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, date):  # a datetime is one too
        return value.isoformat()
    if value is None or isinstance(value, str | bool | int | float):
        return value
    raise ValueError(f"a {type(value).__name__} has no place in a noun")


def _read(kind: Any, value: Any, path: str) -> Any:
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Literal:
        _expect(value in arguments, path, value)
        return value
    if origin in (UnionType, Union):
        (present,) = (arm for arm in arguments if arm is not NoneType)
        return None if value is None else _read(present, value, path)
    if origin is tuple:
        _expect(isinstance(value, list), path, value)
        if arguments[-1] is Ellipsis:
            return tuple(_read(arguments[0], v, f"{path}[{i}]") for i, v in enumerate(value))
        _expect(len(value) == len(arguments), path, value)
        pairs = zip(arguments, value, strict=True)
        return tuple(_read(arm, v, f"{path}[{i}]") for i, (arm, v) in enumerate(pairs))
    if origin is dict:
        _expect(isinstance(value, dict), path, value)
        return {k: _read(arguments[1], v, f"{path}[{k!r}]") for k, v in value.items()}
    if is_dataclass(kind):
        return _read_noun(kind, value, path)
    return _read_scalar(kind, value, path)


def _read_noun(kind: Any, value: Any, path: str) -> Any:
    _expect(isinstance(value, dict), path, value)
    hints, given = _hints(kind), {}
    for field in fields(kind):
        if field.name in value:
            given[field.name] = _read(hints[field.name], value[field.name], f"{path}.{field.name}")
        elif _required(field):
            raise ValueError(f"{path}.{field.name} is missing")
    return kind(**given)


def _read_scalar(kind: Any, value: Any, path: str) -> Any:
    if kind in (date, datetime):
        _expect(isinstance(value, str), path, value)
        parse: Callable[[str], date] = kind.fromisoformat
        return parse(value)
    if kind is float:
        _expect(isinstance(value, int | float) and not isinstance(value, bool), path, value)
        return float(value)
    _expect(type(value) is kind, path, value)
    return value


def _required(field: Field[Any]) -> bool:
    return field.default is MISSING and field.default_factory is MISSING


def _expect(holds: bool, path: str, value: Any) -> None:
    if not holds:
        raise ValueError(f"{path} cannot be {value!r:.80}")


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)
