"""What goes through the pipes between parent, worker and reader.

::

    parent -> worker    a call: lengths of name and body, most bytes of the answer; name; body
    worker -> parent    a reply: exit code of the reader, what it took, length; its bytes

A body is JSON of nouns. A reader may have been taken over by what it read, so its bytes are data
to the parent and nothing else: of bounded length, with a bounded number of parts, and fitted to the
type hints of the function.
"""

from __future__ import annotations

import inspect
import json
import struct
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from types import UnionType
from typing import (
    Any,
    BinaryIO,
    NoReturn,
    TypeVar,
    Union,
    cast,
    get_args,
    get_origin,
    get_type_hints,
)

from briefing.codec import from_plain, to_plain

R = TypeVar("R")

REPLY = struct.Struct("!iIII")
_CALL = struct.Struct("!HII")

NO_MEMORY, TOO_MUCH = 77, 78
"""Exit codes of a reader that ran out of memory, and of one that said more than it may."""

ROOM = 4_000_000
"""Bytes that the answer to the smallest document may have."""

MOST_PARTS = 1_000_000
"""Lists and objects in one answer; 10,000 entries are 10,001. A byte of JSON can become thirty of
memory, so its length alone does not bound what the parent needs."""


def call(
    function: Callable[..., object],
    given: Sequence[Any],
    named: Mapping[str, Any],
    *,
    most: int = ROOM,
) -> bytes:
    """A call as bytes. Half characters of careless feeds pass.

    Args:
        most: bytes of the answer, beside as many times four as the arguments have: an article
            holds its text twice. 0: nobody waits for one.
    """
    name = f"{function.__module__}:{function.__qualname__}".encode()
    body = told({"given": to_plain(tuple(given)), "named": to_plain(dict(named))})
    return _CALL.pack(len(name), len(body), most and most + 4 * len(body)) + name + body


def take_call(calls: BinaryIO) -> tuple[str, int, bytes] | None:
    """Function, most bytes of the answer, and body of the next call; None at the end."""
    header = calls.read(_CALL.size)
    if len(header) < _CALL.size:
        return None
    name, body, most = _CALL.unpack(header)
    return calls.read(name).decode(), most, calls.read(body)


def told(value: object) -> bytes:
    """A value of JSON as bytes."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass")


@dataclass(frozen=True, slots=True)
class End:
    """How a reader ended, and what it took."""

    code: int  # negative: the signal that ended it
    kilobytes: int = 0  # the most memory that it had at a time, what it shares with others included
    milliseconds: int = 0  # of processor time


def reply(end: End, said: bytes) -> bytes:
    """How a reader ended and what it said."""
    return REPLY.pack(end.code, end.kilobytes, end.milliseconds, len(said)) + said


def take_reply(taken: bytearray) -> tuple[End, bytes] | None:
    """What :func:`reply` made; None when it is not all there."""
    if len(taken) < REPLY.size:
        return None
    code, kilobytes, milliseconds, length = REPLY.unpack_from(taken)
    if len(taken) < REPLY.size + length:
        return None
    return End(code, kilobytes, milliseconds), bytes(taken[REPLY.size :])


def do(function: str, asked: Any) -> Any:
    """Do what :func:`call` asks; the answer in what JSON has."""
    module, _, name = function.partition(":")
    found = getattr(import_module(module), name)
    hints = get_type_hints(found)
    names = list(inspect.signature(found).parameters)
    given = [
        from_plain(hints[name], value, name)
        for name, value in zip(names, asked["given"], strict=False)
    ]
    named = {n: from_plain(hints[n], value, n) for n, value in asked["named"].items()}
    result = found(*given, **named)
    kinds = _kinds(hints["return"])
    number = next(n for n, kind in enumerate(kinds) if isinstance(result, get_origin(kind) or kind))
    return {"kind": number, "value": to_plain(result)}


def answer(function: Callable[..., R], said: bytes) -> R:
    """The value that a reader returned of ``function``.

    Raises:
        ValueError: the function returns no such thing.
        Broken: it raised an error, or returned too much.
    """
    if said.count(b"[") + said.count(b"{") > MOST_PARTS:
        raise Broken("parser answered too much", f"more than {MOST_PARTS} lists and objects")
    try:
        value = json.loads(said, parse_constant=_refuse)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    kinds = _kinds(get_type_hints(function)["return"])
    match value:
        case {"broken": str(detail)}:
            raise Broken("parser crashed", detail[:300])
        case {"kind": number, "value": plain} if type(number) is int and 0 <= number < len(kinds):
            return cast(R, from_plain(kinds[number], plain, "answer"))
        case _:
            raise ValueError("no answer")


class Broken(Exception):
    """A document got no answer. ``again``: by no fault of its own, as far as is known."""

    def __init__(self, reason: str, detail: str = "", *, again: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.detail = detail
        self.again = again


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number")


def _kinds(hint: Any) -> tuple[Any, ...]:
    """What a function may return: the arms of its union, told apart by their number."""
    return get_args(hint) if get_origin(hint) in (UnionType, Union) else (hint,)
