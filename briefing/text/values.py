"""The numbers of a sentence by what they count, each with the words that bound it."""

from __future__ import annotations

import re

from briefing.news import Value
from briefing.text.numbers import Quantity, bound_span, quantities
from briefing.text.words import stem

ROUNDING = 0.07
"""How far apart a rounded value and another may be: 300 km is told as 190 miles, 188 drones as
"nearly 200"."""
KM_A_MILE = 1.609344

_NO_VALUES = frozenset(("date", "year", "name", "hours", "multiple", "ordinal", "fraction"))
_UNITS = frozenset(("km", "miles", "usd", "eur", "gbp", "%"))
_COUNTED_AS = {"civilians": "people", "persons": "people", "residents": "people"}
_LASTING = re.compile(r"[- ](?:years?|months?|weeks?|days?)\b", re.I)
_NUMBERED = re.compile(r"\b(?:day|article|chapter|round|phase|no\.?|number)\s+$", re.I)
_HURT = re.compile(r"\b(?:wound|injur|hurt|hospitali)", re.I)
_DEAD = re.compile(r"\b(?:kill|dead|deaths?\b|died?\b|dying|lives\b|toll\b|bod(?:y|ies)\b)", re.I)
_PERSONS = frozenset((
    "", "people", "civilians", "dead", "killed", "others", "children", "soldiers", "wounded",
    "injured", "men", "women", "residents", "persons", "casualties", "victims", "deaths", "lives",
    "workers", "policemen", "firefighters",
))  # fmt: skip
_SOME = frozenset(("children", "soldiers", "men", "women", "workers", "policemen", "firefighters"))
"""Of whom a toll is often only a part: "three children among the dead"."""
_AMONG = re.compile(r"^[\w ]*, (?:including|among them|of (?:them|whom)) [^,;]*, ")
_RISING = re.compile(
    r"\b(?:toll|number of (?:dead|deaths|people killed))\b[^.;]{0,70}\b(?:to|at|of|is|was|reached|"
    r"passed|now)(?: at least| as many as| more than)? $",
    re.I,
)
_AHEAD, _BEHIND = 28, 40  # characters in which the verb of a toll stands
_MONEY = frozenset("$€£¥₴₽")
_TURN = re.compile(r"[,;:]| and | but | while ")
"""Where one count of a sentence ends and the next begins."""


def values(text: str) -> tuple[Value, ...]:
    """What ``text`` counts; dates, years, ages, durations and names with numbers left out."""
    found = []
    for q in quantities(text):
        if q.unit in _NO_VALUES or _is_no_count(text, q):
            continue
        if meaning := _meaning(text, q):
            unit = q.unit if q.unit in _UNITS else ""
            found.append(Value(meaning, "", q.low, q.high, unit, as_written(text, q)))
    return tuple(found)


def as_written(text: str, q: Quantity) -> str:
    """The number with the words that bound it: "at least nine", "up to 300"."""
    bound = bound_span(text, q)
    start = q.start - (text[q.start - 1 : q.start] in _MONEY if q.start else 0)
    return text[bound[0] if bound else start : q.end]


def close(a: Value, b: Value) -> bool:
    """Whether two values may be one: equal, or within rounding where one of them is rounded.

    A bound does not make two values differ: "at least nine" tells the nine of "nine killed".
    """
    scale_a, scale_b = (KM_A_MILE if v.unit == "miles" else 1.0 for v in (a, b))
    free = ROUNDING if _rounded(a) or _rounded(b) else 0.0
    low_a, high_a, low_b, high_b = (
        v * scale
        for v, scale in ((a.low, scale_a), (a.high, scale_a), (b.low, scale_b), (b.high, scale_b))
    )
    return low_a <= high_b * (1 + free) and low_b <= high_a * (1 + free)


def comparable(a: Value, b: Value) -> bool:
    """Whether two values count one kind of thing in units that can be compared."""
    lengths = {a.unit, b.unit} <= {"km", "miles"}
    return a.meaning == b.meaning and (a.unit == b.unit or lengths)


def _rounded(value: Value) -> bool:
    return value.unit in ("km", "miles") or bool(
        re.match(
            r"(?:about|around|roughly|some|nearly|almost|approximately|close to)\b",
            value.text,
            re.I,
        )
    )


def _is_no_count(text: str, q: Quantity) -> bool:
    """Ages and durations ("1,000 days"), "day 1,001", and digits of a word ("COP29")."""
    glued = text[max(0, q.start - 1) : q.start].isalpha()
    return glued or bool(_LASTING.match(text, q.end) or _NUMBERED.search(text[: q.start]))


def _meaning(text: str, q: Quantity) -> str:
    unit = q.unit.casefold()
    if unit in ("km", "miles", "metres"):
        return "distance"
    if unit in ("usd", "eur", "gbp"):
        return "money"
    if unit in _PERSONS and (toll := _toll(text, q)):
        return f"{unit} {toll}" if unit in _SOME else toll
    return (
        _COUNTED_AS.get(unit, unit if unit in ("people", "soldiers") else stem(unit))
        if unit
        else ""
    )


def _toll(text: str, q: Quantity) -> str:
    """ "killed" or "wounded", by the nearest verb: behind the number first, in its own clause."""
    after = text[q.end : q.end + 2 * _BEHIND]
    behind = _TURN.split(_AMONG.sub(" ", after)[:_BEHIND], maxsplit=1)[0]
    ahead = _TURN.split(text[max(0, q.start - _AHEAD) : q.start])[-1]
    whole = text[max(0, q.start - _AHEAD) : q.start]
    if _RISING.search(text[: q.start]):
        return "killed"
    for part in (f"{text[q.start : q.end]}{behind}", ahead, whole):
        hurt, dead = _HURT.search(part), _DEAD.search(part)
        if hurt or dead:
            return "killed" if dead and (not hurt or dead.start() < hurt.start()) else "wounded"
    return ""
