"""Was a weapon fired inside Russia, as a fact or as somebody's claim?"""

from __future__ import annotations

import re

from briefing.news import Stand
from briefing.text.ladder import cues
from briefing.text.ladder.clauses import Clause
from briefing.text.ladder.context import Context, pairs
from briefing.text.ladder.parties import RUSSIA, UKRAINE, arms, leading
from briefing.text.ladder.saying import REPORTS


def used(clause: Clause, weapons: tuple[str, ...], context: Context) -> list[Stand]:
    text = clause.text
    if (
        REPORTS in clause.voices
        or not _fired(
            text, f"{clause.ahead} {context.before}", clause.subject, unnamed=weapons == ("",)
        )
        or cues.DOUBT.search(text)
        or cues.NOT.search(text)
    ):
        return []
    if any(v.kind == "media" for v in clause.voices) and not any(
        v.kind != "media" for v in clause.voices
    ):
        return []
    russian = any(v.side == RUSSIA for v in clause.voices)
    told = russian and (cues.FIRED.search(text) or cues.THAT_STRIKE.search(text))
    if not (cues.RUSSIAN_PLACE.search(text) or told or context.attacked):
        return []
    return [s for s in pairs([], weapons, "used", text) if s.giver]


_THEM = re.compile(r"\bmissiles?\b|\bthem\b", re.IGNORECASE)
_BETWEEN = re.compile(r"(?<!up )\b(?:to|for|his|her|that|permission|after|before|with|in)\b")


def _reaches(between: str) -> bool:
    """Whether the words between a verb and a weapon leave the weapon its object."""
    return len(between.split()) <= 8 and not _BETWEEN.search(between)


def _fired(text: str, ahead: str, subject: str, *, unnamed: bool) -> bool:
    named = arms(text)
    spans = [(a.start, a.end) for a in named if not cues.NOT_FIRED.search(text[a.end :])]
    if named and not spans:
        return False
    if unnamed or arms(ahead):
        spans = spans or [m.span() for m in _THEM.finditer(text)]
    if not spans:
        return False
    first, last = spans[0][0], spans[-1][1]
    ours = leading(text[:first])[:1] in ((), (UKRAINE,), ("",))
    if cues.FIRED_FROM.search(text) or cues.LANDED.search(text, first):
        return True
    for m in cues.FIRED.finditer(text):
        if re.search(r"\b(?:be|to be|to have) $", text[: m.start()]):
            continue
        before = leading(text[: m.start()])
        if before[:1] != (RUSSIA,) and (first < m.start() or _reaches(text[m.end() : first])):
            return True
    if cues.DOWNED.search(text):
        return True
    struck = cues.STRUCK.search(text)
    by_means = re.search(
        r"\b(?:with|using|by) (?!drones)(?:(?!than\b|drones\b)[\w.,'-]+ ){0,6}$", text[:first]
    )
    passive = by_means and by_means.group().lower().startswith("by")
    if struck and struck.start() < last and by_means and (ours or passive):
        return True
    if cues.AFTER_FIRING.search(text) and leading(subject)[:1] != (RUSSIA,):
        return True
    if cues.FIRST_USE.search(text) or cues.THAT_STRIKE.search(text):
        return True
    means = re.search(r"\b(?:with|using|by|involving)\b", text[:last])
    return any(m.start() < first < m.end() or means for m in cues.THE_STRIKE.finditer(text))
