"""``digest.json``: a digest as data, and back.

Keys are the fields of the nouns in :mod:`briefing.news`, in their order. Each printed claim carries
its line id and the numbers of its sources besides, so that a program needs no second look-up.
"""

from __future__ import annotations

import json as codec
import typing
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from functools import cache
from types import UnionType
from typing import Any

from briefing.errors import BriefingError
from briefing.news import Claim, Digest, Edition
from briefing.text.lines import Line, lines
from briefing.text.unsafe import spelled_out

SCHEMA = "briefing/digest/2"
EARLIER = frozenset(("briefing/digest/1",))
"""Schemas of earlier versions, which said nothing of changes and corrections."""
_DERIVED = frozenset(("line", "sources"))  # keys of a claim that follow from the rest


def json(digest: Digest) -> str:
    """The digest as JSON text of the published schema ``digest-2.schema.json``."""
    numbers = {source.article: source.number for source in digest.sources}
    plain = encoded(digest)
    printed = list(lines(digest))
    if not digest.subject.passages:  # a quiet edition's subject is no line
        printed.insert(0, Line("", digest.subject))
    for (name, claim), data in zip(printed, _claims(plain), strict=True):
        data["line"] = name
        data["sources"] = list(dict.fromkeys(numbers[p.article] for p in claim.passages))
    return dumps({"schema": SCHEMA, **plain})


def parse_json(text: str) -> Digest:
    """The digest that :func:`json` wrote: ``parse_json(json(d)) == d``, and the same bytes again.

    Raises:
        BriefingError: the text is no JSON, of an earlier version or another schema, or lacks or
            adds a field.
    """
    try:
        data = codec.loads(text)
    except ValueError as error:
        raise _damaged(f"not JSON ({error})") from error
    if not isinstance(data, dict) or data.get("schema") != SCHEMA:
        found = data.get("schema", "none") if isinstance(data, dict) else "none"
        if isinstance(found, str) and found in EARLIER:
            raise _outdated(found)
        raise _damaged(f"schema {SCHEMA!r} expected, {found!r} found")
    del data["schema"]
    digest = _decode(data, Digest, "digest")
    assert isinstance(digest, Digest)
    return digest


def dumps(data: object) -> str:
    """JSON, indented, readable, with every unsafe character escaped; ends with a newline."""
    plain = codec.dumps(data, ensure_ascii=False, indent=1, allow_nan=False)
    return spelled_out(plain, keep="\n") + "\n"


def _claims(plain: dict[str, Any]) -> list[dict[str, Any]]:
    """The encoded claims in the order of print."""
    found = [plain["subject"], *plain["bottom_line"]]
    for change in plain["changes"]:
        found += [change["claim"], change["was"]]
    for brief in plain["briefs"]:
        found += [brief["headline"], *brief["claims"]]
    found += [row["claim"] for board in plain["boards"] for row in board["lines"]]
    for correction in plain["corrections"]:
        found += [correction["sentence"], correction["now"]]
    return [claim for claim in found if claim is not None]


def encoded(value: Any) -> Any:
    """A noun as dictionaries, lists and texts that JSON has."""
    if is_dataclass(value) and not isinstance(value, type):
        data = {f.name: encoded(getattr(value, f.name)) for f in fields(value)}
        if isinstance(value, Edition) and not value.slot:
            del data["slot"]  # stated only where a day has several editions
        return data
    if isinstance(value, tuple):
        return [encoded(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    return value


@cache
def _hints(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def _decode(value: Any, kind: Any, where: str) -> Any:
    """``value`` as ``kind``, one of the annotations that the nouns use."""
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if is_dataclass(kind):
        return _decode_noun(value, typing.cast(type, kind), where)
    if origin is tuple:
        return _decode_tuple(value, inner, where)
    if origin is UnionType or origin is typing.Union:  # "datetime | None"
        present = next(k for k in inner if k is not type(None))
        return None if value is None else _decode(value, present, where)
    if origin is typing.Literal:
        if value not in inner:
            raise _damaged(f"{where}: {value!r} is none of {', '.join(map(repr, inner))}")
        return value
    if kind in (datetime, date):
        return _decode_date(value, kind, where)
    if kind is float and isinstance(value, int | float) and not isinstance(value, bool):
        return value
    if type(value) is not kind:
        raise _damaged(f"{where}: {kind.__name__} expected, {value!r} found")
    return value


def _decode_noun(value: Any, kind: type, where: str) -> Any:
    if not isinstance(value, dict):
        raise _damaged(f"{where}: an object expected")
    hints = _hints(kind)
    wanted = {f.name for f in fields(kind)}
    given = set(value) - _DERIVED if kind is Claim else set(value)
    if kind is Edition and "slot" not in given:
        wanted.remove("slot")
    if given != wanted:
        raise _damaged(
            f"{where}: missing {wanted - given or '{}'}, unknown {given - wanted or '{}'}"
        )
    return kind(**{n: _decode(value[n], hints[n], f"{where}.{n}") for n in wanted})


def _decode_tuple(value: Any, inner: tuple[Any, ...], where: str) -> tuple[Any, ...]:
    if not isinstance(value, list):
        raise _damaged(f"{where}: a list expected")
    if inner[-1] is Ellipsis:
        return tuple(_decode(v, inner[0], f"{where}[{n}]") for n, v in enumerate(value))
    if len(value) != len(inner):
        raise _damaged(f"{where}: {len(inner)} items expected")
    return tuple(_decode(v, k, where) for v, k in zip(value, inner, strict=True))


def _decode_date(value: Any, kind: type[date], where: str) -> date:
    try:
        found = kind.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise _damaged(f"{where}: no date ({value!r})") from error
    if isinstance(found, datetime) and found.tzinfo is None:
        raise _damaged(f"{where}: a date without a time zone ({value!r})")
    return found


def _damaged(why: str) -> BriefingError:
    return BriefingError(
        f"digest.json cannot be read: {why}",
        remedy="restore the file from the archive, or make the edition again with `briefing run`",
    )


def _outdated(found: str) -> BriefingError:
    return BriefingError(
        f"digest.json was made by an earlier version of this program ({found}; {SCHEMA} is read)",
        remedy="make the edition again with `briefing run`, or prove it with the version that made "
        "it",
    )
