"""What a number of a sentence counts, what was done with it, and what it is about.

"Ukraine fired eight ATACMS missiles at Bryansk" counts *missiles*, *fired* by *ukraine*, of the
weapon *ATACMS*. Two numbers can only differ where all of this is one.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from briefing.text.lexicon import DEMONYMS
from briefing.text.names import Name, weapons
from briefing.text.numbers import Quantity, quantities
from briefing.text.roles import ARMS, TROOPS, actor_of, gap, role_of
from briefing.text.words import words


class Count(NamedTuple):
    """One number of a sentence by what it counts."""

    meaning: str  # "Killed", "Missiles", "Range": a lead of the board
    value: str  # as the text has it, with the words that bound it: "at least nine"
    low: float  # in `unit`; distances in km
    high: float
    unit: str  # "km", a currency, or "" for counts
    bound: str  # of numbers.Quantity: "over", "at least", ...
    role: str  # what was done: "fired", "given later", "each", ...; "" when not said
    about: str  # the weapon or nationality; "" when not certain
    actor: str  # who did it: "russia", "ukraine", ...; "" when not certain
    part: str  # the kind of people counted, or the end of a distance; "" when nothing is said


KM = {"km": 1.0, "miles": 1.609344, "metres": 0.001, "meters": 0.001}
MONEY = frozenset(("usd", "eur", "gbp", "uah", "rub", "chf", "jpy", "cny"))
_SOLDIERS = frozenset(
    ("soldiers", "troops", "servicemen", "servicemembers", "personnel", "fighters", "recruits")
)
_ANYBODY = frozenset(("people", "persons", "residents", "civilians", "dead", "others"))
_PEOPLE = _SOLDIERS | _ANYBODY | {"children", "men", "women", "police", "guards", "workers"}
_MISSILES = frozenset(("missiles", "rockets"))
_COUNTED = re.compile(
    r"(?:drone|tank|jet|plane|helicopter|shell|launcher|bomb|system|batterie|vehicle|ship|strike|"
    r"attack|target|airfield|site|region|countrie|prisoner|settlement|village|brigade|battalion|"
    r"division|explosion|round|munition|warhead)s|aircraft"
)
_KILLED = r"kill(?:s|ed|ing)?|dead|died|dies|deaths?|fatalities|lost their lives|death toll"
_WOUNDED = r"wound(?:s|ed|ing)|injur(?:ed|es|ing|ies)|hurt"
_HARM = re.compile(rf"\b(?:(?P<killed>{_KILLED})|(?P<wounded>{_WOUNDED})|casualties)\b", re.I)
_WERE_HARMED = re.compile(
    rf"\s+(?:others? )?(?:(?:was|were|had|have|had been|have been) )?(?:{_KILLED}|{_WOUNDED})\b",
    re.I,
)
_HARMING = re.compile(
    r"\b(?:kill|wound|injur)(?:ed|ing) (?:and (?:wound|injur)(?:ed|ing) )?"
    r"(?:(?:at least|about|some|another|more than|up to|around|nearly) )?$",
    re.I,
)
_TOLL = re.compile(
    r"\btoll\b[^.;,]{0,60}?\b(?:at|to|of|is|was|stands|stood|rose|reached)\s+$", re.I
)
_RANGE = re.compile(
    r"\b(?:range|ranges|reach(?:es)?|can (?:\w+ )?(?:hit|strike|fly|travel|destroy)|"
    r"capable of (?:hitting|striking|reaching))\b",
    re.I,
)
_STOCK = re.compile(r"\b(?:number|stock|stocks|stockpile|supply|inventory|handful)\b", re.I)
_BOUND = re.compile(
    r"(?:\b(?:about|approximately|around|roughly|nearly|almost|some|over|under|at least|at most|"
    r"up to|as many as|more than|fewer than|less than|just over|just under|just a|a|several|"
    r"between|only)\s+)+$",
    re.I,
)
_SIGN = re.compile(r"(?:US|A|C)?[$€£¥₴₽]\s?$")
_UNIT_APART = re.compile(r"\s+(?:of\s+)?(?:kilomet\w+|miles|met(?:re|er)s)\b")
_NEAR = 30  # characters between a weapon and the number that is about it, when several are named
_NOUN = r"(?P<noun>missiles|rockets|drones|troops|soldiers|people|prisoners|tanks|shells|warheads)"
_OF_THE = re.compile(
    r"\s+of (?:the|those|these|its|their) (?:[\w-]+ ){0,3}?"
    r"(?P<noun>missiles|rockets|drones|troops|soldiers|prisoners|tanks|warheads)\b"
)
_NUMBER_OF = re.compile(
    rf"\bnumber of (?:[\w-]+ ){{0,3}}?{_NOUN}\b[^.;,]{{0,40}}?\b(?:at|to|is|was|as|reached)\s+"
    r"(?:[a-z]+ ){0,2}$"
)
_EACH = re.compile(r"\b(?:each|a single|apiece|per (?:missile|round|unit)|one|every)\b", re.I)
_VERSION = re.compile(
    r"\b(?:older|newer|early|earlier|later|export|shorter|longer|extended|reduced|new|first|block"
    r" \w+)\b(?=[\w\s-]{0,25}\b(?:version|variant|model|missile|ATACMS|one))",
    re.I,
)
_FROM = re.compile(r"\s*(?:km|kilomet\w+|miles?)?[^.;]{0,20}?\bfrom\s+(?P<end>[^,.;]{3,40})", re.I)


_MOST = 60  # numbers of a sentence; a longer row of them is a table


def counts(text: str) -> tuple[Count, ...]:
    """What the numbers of a sentence count, in order.

    Ordinals, years, dates, durations and counts of nothing tangible are left out.
    """
    found = []
    for quantity in quantities(text)[:_MOST]:
        meaning, role, part = _meaning(text, quantity)
        if not meaning:
            continue
        scale = KM.get(quantity.unit, 1.0)
        found.append(
            Count(
                meaning,
                _value(text, quantity),
                quantity.low * scale,
                quantity.high * scale,
                "km" if quantity.unit in KM else quantity.unit if quantity.unit in MONEY else "",
                quantity.bound,
                role,
                _about(text, quantity, meaning),
                actor_of(text, quantity, role),
                part,
            )
        )
    return tuple(found)


def _meaning(text: str, q: Quantity) -> tuple[str, str, str]:
    """What the number counts, what was done with it, and the part that it is of; or three ""."""
    unit = q.unit.casefold() or _noun_apart(text, q)
    around = text[max(0, q.start - 60) : q.end + 60]
    if unit in KM:
        return _length(text, q, around)
    if unit in MONEY:
        role = "each" if _EACH.search(text) else ""
        return "Cost", role or ("package" if re.search(r"\bpackage\b", text) else ""), ""
    if harmed := _harm(text, q):
        part = "" if unit in _ANYBODY or _HARM.fullmatch(unit) else unit
        return harmed, "", "soldiers" if unit in _SOLDIERS else part
    if unit == "warheads":
        return "Warheads", "", ""
    if unit in _PEOPLE:
        noun = "Soldiers" if unit in _SOLDIERS else "People" if unit == "people" else ""
        return noun, role_of(text, q, TROOPS), ""
    if unit in _MISSILES:
        return _arms(text, q, "Missiles")
    if _COUNTED.fullmatch(unit):
        if unit in ("prisoners",):
            return "Prisoners", role_of(text, q, ("freed", "captured")), ""
        if re.search(r"\b(?:the|both|these|those)\s+$", text[: q.start], re.I):
            return "", "", ""  # "the two countries": known ones
        if unit in ("regions", "countries", "settlements", "villages", "sites", "airfields"):
            return unit.capitalize(), role_of(text, q, ("captured", "hit")), ""
        return _arms(text, q, unit.capitalize())
    before = text[max(0, q.start - 90) : q.start]
    if not unit and _STOCK.search(before) and weapons(before):
        return ("Stock", "left", "") if q.high > 1 else ("", "", "")
    return "", "", ""


def _noun_apart(text: str, q: Quantity) -> str:
    """The noun of "two of the ATACMS missiles" and of "put the number of troops at 12,000"."""
    noun = _OF_THE.match(text[q.end :]) or _NUMBER_OF.search(text[: q.start])
    return noun["noun"].casefold() if noun else ""


def _arms(text: str, q: Quantity, noun: str) -> tuple[str, str, str]:
    joined = re.match(r"[\s\w-]{0,30}?\b(missiles|drones) and (missiles|drones)\b", text[q.end :])
    if joined and joined[1] != joined[2] and not re.search(r"\band\s*$", text[: q.start]):
        noun = "Missiles and drones"
    if _whole_of(text, q):
        return "", "", ""
    if re.search(r"\b\w+ of (?:the |those )?$", text[: q.start]) and _part_before(text, q):
        return noun, "fired", ""
    return noun, role_of(text, q, ARMS), ""


def _whole_of(text: str, q: Quantity) -> bool:
    """ "five of six missiles": the part; what it is of is the figure."""
    return bool(re.match(r"\s+of (?:the |those )?(?:\d+|[a-z]+) ", text[q.end :])) and any(
        other.start >= q.end and other.start - q.end < 12 for other in quantities(text)
    )


def _part_before(text: str, q: Quantity) -> bool:
    return any(0 < q.start - other.end < 12 for other in quantities(text))


def _harm(text: str, q: Quantity) -> str:
    """ "Killed", "Wounded" or "Casualties", where the number counts people who were harmed."""
    unit = q.unit.casefold()
    if not unit and _TOLL.search(text[: q.start]):
        return "Killed"
    if not unit and (told := _NUMBER_OF.search(text[: q.start])):  # "of people wounded at 22"
        near = _HARM.search(told.group())
        return "" if near is None else "Killed" if near["killed"] else "Wounded"
    counted = unit in _PEOPLE or bool(_HARM.fullmatch(unit))
    alone = _WERE_HARMED.match(text[q.end :]) or _HARMING.search(text[: q.start])
    if not counted and (unit or not alone):
        return ""
    near = min(
        (m for m in _HARM.finditer(text) if gap(m, q) <= 60),
        key=lambda m: (gap(m, q), m.start() < q.start),
        default=None,
    )
    if near is None:
        return ""
    return "Killed" if near["killed"] else "Wounded" if near["wounded"] else "Casualties"


def _length(text: str, q: Quantity, around: str) -> tuple[str, str, str]:
    far = _FROM.match(text[q.end :])
    if far and not (_RANGE.search(text[: q.start]) and weapons(text)):
        return "Distance", "", " ".join(w.stem for w in words(far["end"]))
    if _RANGE.search(around) or (weapons(text) and _RANGE.search(text)):
        version = _VERSION.search(text)
        return "Range", version.group().lower() if version else "", ""
    return "Distance", "", ""


def _value(text: str, q: Quantity) -> str:
    """The number as the text has it, with the words that bound it ("approximately 300 km")."""
    sign = _SIGN.search(text[: q.start])
    start = sign.start() if sign else q.start
    bound = _BOUND.search(text[:start])
    unit = _UNIT_APART.match(text[q.end :]) if q.unit in KM else None
    return text[bound.start() if bound else start : q.end + (unit.end() if unit else 0)]


def _about(text: str, q: Quantity, meaning: str) -> str:
    """What a figure is about: the one weapon of the sentence, or one right beside the number;
    for people, the nationality between the number and its noun."""
    if meaning in ("Soldiers", "Killed", "Wounded", "Casualties", "People"):
        beside = [w.text.casefold() for w in words(text[q.end : q.end + 30])]
        return next((DEMONYMS[w] for w in beside if w in DEMONYMS), "")
    named = weapons(text)
    if len({w.text.casefold() for w in named}) > 1:
        named = [w for w in named if _beside(text, w, q)]
    arms = {w.text.casefold() for w in named}
    return arms.pop() if len(arms) == 1 else ""


def _beside(text: str, weapon: Name, q: Quantity) -> bool:
    """Whether weapon and number stand close, with no comma or "and" between them."""
    between = text[weapon.end : q.start] or text[q.end : weapon.start]
    return len(between) <= _NEAR and not re.search(r"[,;]|\band\b", between)
