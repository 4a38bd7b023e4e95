"""Nouns to JSON and back, exactly: ``from_json(type(x), to_json(x)) == x``.

For what is stored, and for what goes to a process and comes back from it. The type hints of the
nouns are the schema. A field that a stored noun lacks takes its default; a
stored field that the noun no longer has is passed over; anything else that does not fit raises
``ValueError`` with the path to it.
"""

from __future__ import annotations

import binascii
import json
from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date, datetime
from functools import cache
from types import NoneType, UnionType
from typing import (
    Any,
    Literal,
    NoReturn,
    TypeVar,
    Union,
    cast,
    get_args,
    get_origin,
    get_type_hints,
)

N = TypeVar("N")
Reader = Callable[[Any, str], Any]


def to_json(noun: object) -> str:
    """One line of ASCII JSON, so that every text survives any database encoding."""
    return json.dumps(to_plain(noun), ensure_ascii=True, separators=(",", ":"))


def from_json(kind: type[N], text: str) -> N:
    """The noun of ``kind`` that :func:`to_json` wrote.

    Raises:
        ValueError: not JSON, or not such a noun.
    """
    return cast(N, from_plain(kind, json.loads(text), kind.__name__))


def from_plain(kind: Any, value: Any, path: str) -> Any:
    """What :func:`to_plain` made of a value whose type hint is ``kind``.

    Args:
        path: how errors name the value.

    Raises:
        ValueError: it is no such value.
    """
    read: Reader = _reader(kind)
    return read(value, path)


def to_plain(value: Any) -> Any:
    """The value in what JSON has: objects, lists, text, numbers, ``true``, ``false``, ``null``."""
    if is_dataclass(value):
        return {field.name: to_plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple | list):
        return [to_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: to_plain(item) for key, item in value.items()}
    if isinstance(value, bytes):
        return b64encode(value).decode("ascii")
    if isinstance(value, date):  # a datetime is one too
        return value.isoformat()
    if value is None or isinstance(value, str | bool | int | float):
        return value
    raise ValueError(f"a {type(value).__name__} has no place in a noun")


@cache
def _reader(kind: Any) -> Reader:
    """How a value of ``kind`` is read, with the path that errors name: made once, read often."""
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Literal:
        return _one_of(arguments)
    if origin in (UnionType, Union):
        (present,) = (arm for arm in arguments if arm is not NoneType)
        return _optional(_reader(present))
    if origin is tuple:
        if arguments[-1] is Ellipsis:
            return _row(_reader(arguments[0]))
        return _cells([_reader(arm) for arm in arguments])
    if origin is list:
        return _list(_reader(arguments[0]))
    if origin is dict:
        return _table(_reader(arguments[1]))
    return _noun(kind) if is_dataclass(kind) else _scalar(kind)


def _one_of(words: tuple[object, ...]) -> Reader:
    def read(value: Any, path: str) -> Any:
        return value if value in words else _misfit(path, value)

    return read


def _optional(present: Reader) -> Reader:
    def read(value: Any, path: str) -> Any:
        return None if value is None else present(value, path)

    return read


def _row(item: Reader) -> Reader:
    def read(value: Any, path: str) -> Any:
        if type(value) is not list:
            _misfit(path, value)
        return tuple([item(v, f"{path}[{i}]") for i, v in enumerate(value)])

    return read


def _list(item: Reader) -> Reader:
    row = _row(item)

    def read(value: Any, path: str) -> Any:
        return list(row(value, path))

    return read


def _cells(cells: list[Reader]) -> Reader:
    def read(value: Any, path: str) -> Any:
        if type(value) is not list or len(value) != len(cells):
            _misfit(path, value)
        pairs = enumerate(zip(cells, value, strict=True))
        return tuple([cell(v, f"{path}[{i}]") for i, (cell, v) in pairs])

    return read


def _table(item: Reader) -> Reader:
    def read(value: Any, path: str) -> Any:
        if type(value) is not dict:
            _misfit(path, value)
        return {k: item(v, f"{path}[{k!r}]") for k, v in value.items()}

    return read


def _noun(kind: Any) -> Reader:
    hints = get_type_hints(kind)
    parts = [(f.name, f".{f.name}", _reader(hints[f.name]), _required(f)) for f in fields(kind)]

    def read(value: Any, path: str) -> Any:
        if type(value) is not dict:
            _misfit(path, value)
        given = {}
        for name, step, part, required in parts:
            if name in value:
                given[name] = part(value[name], path + step)
            elif required:
                raise ValueError(f"{path}.{name} is missing")
        return kind(**given)

    return read


def _scalar(kind: Any) -> Reader:
    if kind in (date, datetime):
        parse: Callable[[str], date] = kind.fromisoformat

        def moment(value: Any, path: str) -> Any:
            return parse(value) if type(value) is str else _misfit(path, value)

        return moment
    if kind is bytes:
        return _bytes

    def read(value: Any, path: str) -> Any:
        if type(value) is kind:
            return value
        # A whole number is written without its point by others than this module.
        return float(value) if kind is float and type(value) is int else _misfit(path, value)

    return read


def _bytes(value: Any, path: str) -> Any:
    try:
        return b64decode(value, validate=True) if type(value) is str else _misfit(path, value)
    except binascii.Error:
        return _misfit(path, value)


def _required(field: Field[Any]) -> bool:
    return field.default is MISSING and field.default_factory is MISSING


def _misfit(path: str, value: Any) -> NoReturn:
    raise ValueError(f"{path} cannot be {value!r:.80}")
