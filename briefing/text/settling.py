"""What a report leaves open, and what a later one settles.

A follow-up seldom repeats the words of what it goes on: "may host talks" becomes "invites both
sides", "nobody claimed the attack" becomes "admits". What the two have in common is the kind of
question: whether it will happen, when, who it was, how many, and whether somebody agrees. Each is
read here by the words that open it and the words that close it; whether two sentences are about
one matter at all, the caller must know.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from briefing.news import Statement
from briefing.text.acts import SAYING, apart
from briefing.text.dates import mentions
from briefing.text.lexicon import DEMONYMS, IRREGULAR, every
from briefing.text.names import names
from briefing.text.numbers import Quantity, quantities
from briefing.text.sayings import said
from briefing.text.statements import explains, main_clause
from briefing.text.turns import (
    ACCEPTS,
    ASIDE,
    CLOSED,
    CONFIRMS,
    GROWS,
    LASTS,
    OFFERED,
    OPEN,
    PARTICIPLE_AS_ADJECTIVE,
    REFUSES,
    SHIFTS,
    SHIFTS_TO,
    TURNS,
    UNKNOWN,
    UNOFFICIAL,
)
from briefing.text.values import as_written, close, comparable
from briefing.text.voices import voice, voices
from briefing.text.words import Word, content_stems, stem, words

Settled = tuple[str, str, str]
"""What differs ("modality", "date", ...), the words of the old sentence and those of the new one
that show it."""


def settles(
    new: Statement, old: Statement, new_text: str, old_text: str, beside: str
) -> Settled | None:
    """What a sentence settles of an earlier one about the same matter; ``None`` for nothing.

    Args:
        beside: what else the earlier report said of the matter.
    """
    if explains(new_text) or explains(old_text):
        return None
    return next(
        (found for rule in _RULES if (found := rule(new, old, new_text, old_text, beside))), None
    )


def is_open(text: str) -> bool:
    """Whether a sentence tells of what has not happened, or is not sure."""
    return bool(OPEN.search(said(text).claim))


def is_done(text: str) -> bool:
    """Whether the main clause of a sentence tells of a deed that is done, with nothing open."""
    claim = said(text).claim
    if LASTS.search(claim):
        return False
    return not OPEN.search(claim) and any(_is_past(claim, word) for word in words(claim))


def _is_past(claim: str, word: Word) -> bool:
    low = word.text.lower()
    if low in ("has", "have", "had", "was", "were", "been", "did", "is", "are"):
        return False
    if stem(low) in SAYING:
        return False
    irregular = low in IRREGULAR and IRREGULAR[low] != low and not low.endswith(("s", "ing"))
    if not irregular and not (low.endswith("ed") and len(low) > 4):
        return False
    return not PARTICIPLE_AS_ADJECTIVE.search(claim[: word.start])


def _refusal(
    new: Statement, old: Statement, new_text: str, old_text: str, beside: str
) -> Settled | None:
    now, was = REFUSES.search(new_text), OFFERED.search(old_text)
    if (
        now
        and was
        and not (CLOSED.search(old_text) or SHIFTS.search(new_text) or SHIFTS_TO.search(new_text))
    ):
        return "act", was.group(), now.group()
    return None


def _consent(
    new: Statement, old: Statement, new_text: str, old_text: str, beside: str
) -> Settled | None:
    now, was = ACCEPTS.search(new_text), OFFERED.search(old_text)
    if now and was and not ACCEPTS.search(old_text) and not is_open(new_text):
        return "act", was.group(), now.group()
    return None


def _turn(
    new: Statement, old: Statement, new_text: str, old_text: str, beside: str
) -> Settled | None:
    now, was = TURNS.search(new_text), CLOSED.search(old_text)
    if now and was and not TURNS.search(old_text):
        return "act", was.group(), now.group()
    return None


def _shift(
    new: Statement, old: Statement, new_text: str, old_text: str, beside: str
) -> Settled | None:
    ours, theirs = ([m.text for m in mentions(said(t).claim)] for t in (new_text, old_text))
    plainly = SHIFTS.search(new_text) and (theirs or OPEN.search(old_text))
    if not plainly and not (SHIFTS_TO.search(new_text) and ours and theirs):
        return None
    if SHIFTS.search(old_text) or SHIFTS_TO.search(old_text):
        return None
    before = next((m for m in theirs if m not in ours), "")
    after = next((m for m in ours if m not in theirs), "")
    return "date", before if after else "", after if before else ""


def _figure(
    new: Statement, old: Statement, new_text: str, old_text: str, beside: str
) -> Settled | None:
    for value in new.values:
        rivals = [o for o in old.values if comparable(value, o)]
        plain = value.meaning not in _LOOSE or GROWS.search(new_text)
        if plain and rivals and not any(close(value, o) for o in rivals):
            return "figure", rivals[0].text, value.text
    if not GROWS.search(new_text):
        return None
    ours, theirs = _counts(new_text), _counts(old_text)
    fresh = [q for q in ours if not any(_equal(q, o) for o in theirs)]
    if fresh and theirs and len(fresh) == len(ours):
        return "figure", as_written(old_text, theirs[0]), as_written(new_text, fresh[0])
    return None


_LOOSE = frozenset(("money", "distance", "%", "people"))
"""What two figures of one matter may well measure of different things."""


def _counts(text: str) -> list[Quantity]:
    return [
        q
        for q in quantities(text)
        if q.unit not in ("date", "year", "name", "multiple", "fraction")
        and not any(m.start < q.end and q.start < m.end for m in mentions(text))
    ]


def _equal(a: Quantity, b: Quantity) -> bool:
    return a.low <= b.high and b.low <= a.high


def _happened(
    new: Statement, old: Statement, new_text: str, old_text: str, beside: str
) -> Settled | None:
    if new.modality == "not" or apart(new.act, {old.act}):
        return None
    was = OPEN.search(ASIDE.split(main_clause(said(old_text).claim), maxsplit=1)[0])
    if was and is_done(new_text):
        return "modality", was.group(), ""
    return None


def _named(
    new: Statement, old: Statement, new_text: str, old_text: str, beside: str
) -> Settled | None:
    old_text = f"{old_text} {beside}"
    was = UNKNOWN.search(old_text)
    if not was or UNKNOWN.search(new_text):
        return None
    known, parties = {*content_stems(old_text)}, {v.name for v in voices(old_text)}
    fresh = [
        name.text
        for name in names(new_text)
        if name.start
        and name.text.lower() not in DEMONYMS
        and not ({w.stem for w in words(name.text)} & known)
        and name.text not in _DAYS
        and voice(name.text) not in parties
    ]
    if weapon := next((w for w in new.weapons if w not in old.weapons), ""):
        return "weapon", "", weapon if weapon in new_text else ""
    if fresh:
        return "name", "", fresh[0]
    if _FOUND.search(new_text):
        return "name", "", ""
    return None


_DAYS = every("Monday Tuesday Wednesday Thursday Friday Saturday Sunday")
_FOUND = re.compile(
    r"\b(?:investigators?|police|experts?|inquiry|judges?|rescuers?|tests?)\b.*\b(?:found|"
    r"identified|"
    r"established|concluded|determined|showed|set off|caused)\b|\b(?:caused|set off) by\b",
    re.I,
)


def _confirmed(
    new: Statement, old: Statement, new_text: str, old_text: str, beside: str
) -> Settled | None:
    old_text = f"{old_text} {beside}"
    now = CONFIRMS.search(new_text)
    if not now or CONFIRMS.search(old_text):
        return None
    unofficial = UNOFFICIAL.search(old_text) or UNKNOWN.search(old_text)
    if new.speaker and new.speaker == old.speaker and not unofficial:
        return None
    if not (unofficial or old.speaker):
        return None
    return "source", "", now.group()


_RULES: tuple[Callable[[Statement, Statement, str, str, str], Settled | None], ...] = (
    _shift, _figure, _turn, _refusal, _consent, _confirmed, _named, _happened,
)  # fmt: skip
"""The gravest first."""
