"""Quantities in a text: figures, number words, fractions, ranges, money and per cent, with units.

A quantity is an interval [low, high] with a unit. "A few dozen" is [24, 60]; "six missiles" is
[6, 6] missiles; "300 km" is [300, 300] km. What a writer says about it ("about", "at least") is
kept in :attr:`Quantity.bound`, because "about 10,000" and "10,000" are different claims.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from briefing.text.numerals import value
from briefing.text.words import REMEMBERED, Word, is_function_word, words


class Quantity(NamedTuple):
    """One quantity: its span and text, interval, unit, and how exactly it is meant."""

    start: int
    end: int
    text: str
    low: float
    high: float
    unit: str  # "km", "usd", "%", "year", "date", "name" (F-16), a plural noun, or ""
    approximate: bool  # any bound but ""
    bound: str = ""  # "about", "nearly", "over", "under", "at least", "at most" or ""


UNITS = {
    **dict.fromkeys(["km", "kms", "kilometre", "kilometres", "kilometer", "kilometers"], "km"),
    **dict.fromkeys(["mile", "miles", "mi"], "miles"),
    **dict.fromkeys(["metre", "metres", "meter", "meters"], "metres"),
    **dict.fromkeys(["mm", "millimetre", "millimetres", "millimeter", "millimeters"], "mm"),
    **dict.fromkeys(["cm", "centimetre", "centimetres", "centimeter", "centimeters"], "cm"),
    **dict.fromkeys(
        ["kg", "kilogram", "kilograms", "kilogramme", "kilogrammes", "kilo", "kilos"], "kg"
    ),
    **dict.fromkeys(["tonne", "tonnes", "ton", "tons"], "tonnes"),
    **dict.fromkeys(["dollar", "dollars", "usd"], "usd"),
    **dict.fromkeys(["euro", "euros", "eur"], "eur"),
    **dict.fromkeys(["pound", "pounds", "gbp", "sterling"], "gbp"),
    **dict.fromkeys(["yuan", "renminbi"], "cny"),
    **dict.fromkeys(["rouble", "roubles", "ruble", "rubles"], "rub"),
    **dict.fromkeys(["percent", "pct"], "%"),
    **dict.fromkeys(["megawatt", "megawatts", "mw"], "mw"),
    **dict.fromkeys(["gigawatt", "gigawatts", "gw"], "gw"),
    **dict.fromkeys(["hour", "hours"], "hours"),
    **dict.fromkeys(["person", "people"], "people"),
    **dict.fromkeys(["soldier", "soldiers", "troops"], "soldiers"),
}
_MONEY = {"$": "usd", "€": "eur", "£": "gbp", "¥": "jpy", "₴": "uah", "₽": "rub"}
_BOUNDS = (
    (
        r"(?:about|around|roughly|approximately|some|circa|an estimated|estimated|~|approx\.?)",
        "about",
    ),
    (r"(?:nearly|almost|close to|just under)", "nearly"),
    (r"(?:more than|over|above|in excess of|upwards of|exceeding)", "over"),
    (r"(?:less than|fewer than|under|below)", "under"),
    (r"(?:at least|no fewer than|no less than|a minimum of|minimum)", "at least"),
    (r"(?:at most|up to|as many as|as much as|no more than|a maximum of|not more than)", "at most"),
)
_BOUND_BEFORE = [
    (re.compile(rf"(?<![\w]){pattern}\s+(?:the\s+|an?\s+|US|[$€£¥])?$", re.I), bound)
    for pattern, bound in _BOUNDS
]
_BOUND_AFTER = (
    (re.compile(r"\s*(?:[^\W\d_]+\s+){0,2}or (?:more|longer|older)\b", re.I), "at least"),
    (re.compile(r"\s*(?:[^\W\d_]+\s+){0,2}or (?:less|fewer|so)\b", re.I), "about"),
)
_RANGE = re.compile(r"^\s*(?:[-–—]|to|or)\s*$")
_AND_RANGE = re.compile(r"^\s*and\s*$")


def quantities(text: str) -> list[Quantity]:
    """All quantities of ``text`` in order, dates and years among them (unit "date", "year")."""
    return list(_quantities(text))


@lru_cache(maxsize=REMEMBERED)
def _quantities(text: str) -> tuple[Quantity, ...]:
    """A rule asks the same sentence many times; the answer depends on nothing else."""
    found = _read(text, words(text))
    joined: list[Quantity] = []
    for q in found:
        if joined and _is_range(text, joined[-1], q):
            a = joined.pop()
            q = q._replace(
                start=a.start, text=text[a.start : q.end], low=a.low, bound=a.bound or q.bound
            )
        joined.append(q)
    return tuple(joined)


def _is_range(text: str, a: Quantity, b: Quantity) -> bool:
    between = text[a.end : b.start]
    if not a.low < b.high or b.unit in ("date", "name") or a.unit in ("name", "multiple"):
        return False
    if _RANGE.match(between):
        return "to" not in between or not re.search(r"\bfrom\s+\S*\s*$", text[: a.start], re.I)
    return bool(
        _AND_RANGE.match(between) and re.search(r"\bbetween\s+[$€£]?$", text[: a.start], re.I)
    )


def _read(text: str, tokens: list[Word]) -> list[Quantity]:
    found: list[Quantity] = []
    i = 0
    while i < len(tokens):
        found_value = value(text, tokens, i)
        if found_value is None:
            i += 1
            continue
        low, high, after, unit = found_value
        start, end = tokens[i].start, tokens[after - 1].end
        if not unit:
            unit, end = _unit(text, tokens, i, after, end)
        bound = _bound(text, start, end)
        found.append(
            Quantity(start, end, text[start:end], low, high, unit, bool(bound) or low < high, bound)
        )
        i = after
    return found


def _unit(text: str, t: list[Word], first: int, after: int, end: int) -> tuple[str, int]:
    before = text[: t[first].start]
    if money := re.search(r"([$€£¥₴₽])\s*$", before):
        return _MONEY[money.group(1)], end
    if sign := re.match(r"\s?%|\s+per\s*cent\b", text[end:]):
        point = re.match(r"[\s-]+points?\b", text[end + sign.end() :])
        return ("points", end + sign.end()) if point else ("%", end + sign.end())
    last = ""
    for j in range(after, min(after + 6, len(t))):
        gap = text[t[j - 1].end : t[j].start]
        word = t[j].text.lower()
        if gap not in ("", " ", "-", "\N{NO-BREAK SPACE}") or word[0].isdecimal():
            break
        if word in ("of", "more", "such", "other") and j == after:
            continue
        if word in UNITS:
            return UNITS[word], t[j].end if j == after else end
        if is_function_word(t[j].text):
            break
        last = last or word
        if word.endswith("s") and not word.endswith(("ss", "'s", "’s")) and not t[j].text.isupper():
            return word, end
        if word in ("men", "women", "children", "personnel", "aircraft", "police", "staff", "dead"):
            return word, end
    return last, end


def _bound(text: str, start: int, end: int) -> str:
    before = text[max(0, start - 40) : start]
    for pattern, bound in _BOUND_BEFORE:
        if pattern.search(before):
            return bound
    for pattern, bound in _BOUND_AFTER:
        if pattern.match(text[end : end + 30]):
            return bound
    return ""


def bound_span(text: str, q: Quantity) -> tuple[int, int] | None:
    """Where the words stand that make ``q`` a bound ("at least"), when they stand before it."""
    begin = max(0, q.start - 40)
    before = text[begin : q.start]
    for pattern, bound in _BOUND_BEFORE:
        if bound == q.bound and (m := pattern.search(before)):
            words_only = m.group().rstrip(" US$€£")
            return begin + m.start(), begin + m.start() + len(words_only)
    return None
