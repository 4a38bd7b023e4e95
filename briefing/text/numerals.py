"""What number words and figures are worth: the values behind :mod:`briefing.text.numbers`."""

from __future__ import annotations

import re

from briefing.text import lexicon
from briefing.text.words import Word

Value = tuple[float, float, int, str]
"""Low, high, index after the number's last word, and a unit where the number itself has one."""

_ONES = {
    w: n
    for n, w in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ]
    )
}
_TENS = {
    w: 10 * n
    for n, w in enumerate(
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], 2
    )
}
_SCALES = {
    "hundred": 1e2,
    "thousand": 1e3,
    "million": 1e6,
    "billion": 1e9,
    "trillion": 1e12,
    "k": 1e3,
    "m": 1e6,
    "mn": 1e6,
    "bn": 1e9,
    "tn": 1e12,
    "lakh": 1e5,
    "crore": 1e7,
    "dozen": 12,
}
_VAGUE = {"dozens": (24, 99), "hundreds": (200, 999), "thousands": (2e3, 99e3)} | {
    "millions": (2e6, 99e6),
    "billions": (2e9, 99e9),
    "scores": (40, 99),
}
_ORDINALS = {
    w: n
    for n, w in enumerate(
        [
            "first",
            "second",
            "third",
            "fourth",
            "fifth",
            "sixth",
            "seventh",
            "eighth",
            "ninth",
            "tenth",
            "eleventh",
            "twelfth",
            "thirteenth",
            "fourteenth",
            "fifteenth",
            "sixteenth",
            "seventeenth",
            "eighteenth",
            "nineteenth",
            "twentieth",
        ],
        1,
    )
}
_FRACTIONS = {"half": 2, "halves": 2, "third": 3, "thirds": 3, "quarter": 4, "quarters": 4} | {
    "fifth": 5,
    "fifths": 5,
    "sixth": 6,
    "sixths": 6,
    "eighth": 8,
    "eighths": 8,
    "tenth": 10,
    "tenths": 10,
}
_ROMAN = {"II": 2, "III": 3, "IV": 4, "V": 5, "VI": 6, "VII": 7, "VIII": 8, "IX": 9, "X": 10}
_MULTIPLES = {"double": 2, "doubled": 2, "doubling": 2, "doubles": 2, "twice": 2} | {
    "triple": 3,
    "tripled": 3,
    "tripling": 3,
    "triples": 3,
    "quadruple": 4,
    "quadrupled": 4,
    "halve": 0.5,
    "halved": 0.5,
    "halving": 0.5,
    "halves": 0.5,
}


def value(text: str, t: list[Word], i: int) -> Value | None:
    """Interval, index after the last number word, and a unit where the number itself gives it."""
    low = t[i].text.lower()
    previous = t[i - 1].text if i else ""
    near = bool(i) and text[t[i - 1].end : t[i].start] in (" ", "-", "\N{NO-BREAK SPACE}")
    if t[i].text in _ROMAN and near and previous[:1].isupper() and len(previous) > 1:
        return float(_ROMAN[t[i].text]), float(_ROMAN[t[i].text]), i + 1, "name"
    if low[0].isdecimal():
        return _digits(text, t, i, near)
    if low in _MULTIPLES and low != "halves":
        return _MULTIPLES[low], _MULTIPLES[low], i + 1, "multiple"
    if low in _VAGUE:
        a, b = _VAGUE[low]
        after = i + 1
        while (
            after + 1 < len(t)
            and t[after].text.lower() == "of"
            and t[after + 1].text.lower() in _VAGUE
        ):
            scale = _VAGUE[t[after + 1].text.lower()][0] / 2
            a, b, after = a * scale, b * scale, after + 2
        return a, b, after, ""
    if low in ("few", "several", "couple") and (scaled := _few(t, i)):
        return scaled
    if low == "half" and previous.lower() != "and":
        return 0.5, 0.5, i + 1, "fraction"
    if low in _FRACTIONS and previous.lower() in ("a", "one") and _of_follows(t, i):
        return 1 / _FRACTIONS[low], 1 / _FRACTIONS[low], i + 1, "fraction"
    if low in _ORDINALS:
        return float(_ORDINALS[low]), float(_ORDINALS[low]), i + 1, "ordinal"
    return _number_words(t, i)


def _few(t: list[Word], i: int) -> Value | None:
    j = i + 1
    if j < len(t) and t[j].text.lower() == "of":
        j += 1
    scale = _SCALES.get(t[j].text.lower().removesuffix("s")) if j < len(t) else None
    if scale:
        return 2 * scale, (2 if t[i].text.lower() == "couple" else 5) * scale, j + 1, ""
    return (2.0, 2.0, i + 1, "") if t[i].text.lower() == "couple" else None


def _of_follows(t: list[Word], i: int) -> bool:
    return i + 1 >= len(t) or t[i + 1].text.lower() in ("of", "from", "more", "less", "fewer", "in")


def _digits(text: str, t: list[Word], i: int, near: bool) -> Value:
    raw = re.sub(r"(?:st|nd|rd|th|s)$", "", t[i].text.lower())
    mark = text[t[i].end - 2 : t[i].end].lower()
    if ":" in raw or raw.count(".") > 1:
        number, unit = float(raw.replace(":", "").replace(".", "")), "time"
        return number, number, i + 1, unit
    number = float(re.sub(r",(?=\d{3}(?!\d))", "", raw).replace(",", "."))
    before, after = text[: t[i].start], text[t[i].end :]
    previous = t[i - 1].text if i else ""
    # 1. Designations: F-16, Kh-101, S-400, World War 3, Local 1180.
    if re.search(r"[A-Z][A-Za-z]{0,3}-$", before):
        return number, number, i + 1, "name"
    # 2. Days and years.
    month = previous.lower().rstrip(".")
    following = t[i + 1].text.lower() if i + 1 < len(t) else ""
    if _is_month(month) and number <= 31 and near and raw.isdigit():
        return number, number, i + 1, "date"
    if following[:3] and _is_month(following) and t[i + 1].text[0].isupper() and number <= 31:
        return number, number, i + 1, "date"
    if raw.isdigit() and len(raw) == 4 and 1800 <= number <= 2100 and not _counts(after, before):
        return number, number, i + 1, "year"
    if mark in ("st", "nd", "rd", "th"):
        return number, number, i + 1, "ordinal"
    # 3. Scales: 1.5 million, 920m.
    j = i + 1
    while (
        j < len(t)
        and t[j].text.lower() in _SCALES
        and text[t[j - 1].end : t[j].start] in ("", " ", "-")
    ):
        glued = text[t[j - 1].end : t[j].start] == ""
        if len(t[j].text) <= 2 and not glued and t[j].text.lower() != "bn":
            break
        if t[j].text == "m" and glued and not re.search(r"[$€£]\s*$", before):
            break  # "300m" without a currency is metres
        number *= _SCALES[t[j].text.lower()]
        j += 1
    if (
        near
        and previous[:1].isupper()
        and previous.lower() in ("war", "local", "article", "flight", "channel")
    ):
        return number, number, j, "name"
    return number, number, j, ""


def _counts(after: str, before: str) -> bool:
    """Whether a four-digit number counts something ("2000 troops", "$2000") and is not a year."""
    if re.search(r"[$€£]\s*$", before):
        return True
    if re.search(
        r"\b(?:in|since|by|of|until|from|during|late|early|mid-?|through|before|after)\s+$",
        before,
        re.I,
    ):
        return bool(
            re.match(
                r"[\s-]*(?:km|kilomet|miles|metre|meter|tonnes|tons|people|troops)", after, re.I
            )
        )
    return bool(re.match(r"[\s-]+[a-z]+s\b", after)) and not re.match(
        r"[\s-]+(?:was|is|has|as)\b", after
    )


_MONTHS = frozenset(lexicon.MONTHS) | lexicon.every(
    "jan feb mar apr jun jul aug sep sept oct nov dec"
)


def _is_month(word: str) -> bool:
    return word in _MONTHS


def _number_words(t: list[Word], i: int) -> Value | None:
    total, current, j, seen = 0.0, 0.0, i, False
    while j < len(t):
        w = t[j].text.lower()
        if w in _ONES and (current % 10 == 0 or not seen):
            if seen and current % 100 and _ONES[w] >= 10:
                break
            current += _ONES[w]
        elif w in _TENS and current % 100 == 0:
            current += _TENS[w]
        elif w in _SCALES and len(w) > 2 and (seen or _article_before(t, j)):
            if _SCALES[w] == 100 or w == "dozen":
                current = (current or 1) * _SCALES[w]
            else:
                total, current = total + (current or 1) * _SCALES[w], 0
        elif (
            w == "and"
            and seen
            and j + 1 < len(t)
            and _SCALES.get(t[j - 1].text.lower())
            and (t[j + 1].text.lower() in _ONES or t[j + 1].text.lower() in _TENS)
        ):
            j += 1
            continue
        else:
            break
        seen, j = True, j + 1
    if not seen:
        return None
    value = total + current
    if (
        j < len(t)
        and t[j].text.lower() in _FRACTIONS
        and _FRACTIONS[t[j].text.lower()] > 2
        and value < 10
    ):
        return (
            value / _FRACTIONS[t[j].text.lower()],
            value / _FRACTIONS[t[j].text.lower()],
            j + 1,
            "fraction",
        )
    return value, value, j, ""


def _article_before(t: list[Word], i: int) -> bool:
    return bool(i) and t[i - 1].text.lower() in ("a", "the", "half", "every", "per")
