"""Permission asked for, weighed and refused."""

from __future__ import annotations

import re
from typing import Literal

from briefing.news import Rung, Stand
from briefing.text.ladder import cues
from briefing.text.ladder.clauses import Clause
from briefing.text.ladder.context import Context, among_givers, office, pairs, subject
from briefing.text.ladder.parties import RUSSIA, UKRAINE, arms, givers, leading

BACKGROUND = frozenset(["after", "until", "before", "despite", "since", "following"])
_OF_ANOTHER = re.compile(
    r"\b(?:he|she|it|they|is|was|are|were|has|had|have|\w{3,}ed|\w{3,}ing|\w{3,}s)\b.*?\b((?:Kyiv|"
    r"Ukraine|Zelensk\w+)'s|a Ukrainian) ?(?:\w+ )?$"
)
_BARE = re.compile(r"\b(?:it|that|them|refused|refuses|refusal)\b")


def asked_for(clause: Clause, weapons: tuple[str, ...]) -> list[Stand]:
    """Ukraine asks. What others ask for is their opinion."""
    text = clause.text
    voiced = any(v.side == UKRAINE for v in clause.voices)
    if voiced and cues.NEEDS.search(text) and not cues.NOT.search(text):
        return pairs([], weapons, "asked", text)
    taurus = weapons == ("Taurus",)
    if (
        voiced
        and cues.OUGHT.search(text)
        and (cues.GRANT.search(text) or (taurus and cues.SUPPLY.search(text)))
    ):
        return pairs(among_givers(leading(text)), weapons, "asked", clause.text)
    for m in cues.ASK.finditer(text):
        ahead, behind = text[: m.start()], text[m.end() :]
        if (found := _OF_ANOTHER.search(ahead)) and leading(ahead[: found.start(1)]) != (UKRAINE,):
            continue  # "he approved Kyiv's request": what is told is the answer
        who = leading(ahead) or (leading(clause.subject) if not ahead.strip() else ())
        theirs = who[:1] == (UKRAINE,) or (
            not who
            and (voiced or bool(re.match(r" (?:from|by) (?:Kyiv|Ukraine|Zelensk\w+)", behind)))
        )
        told = text.replace("had asked", "asked") if voiced else text
        if not theirs or cues.BACKGROUND.search(told) or clause.opener in BACKGROUND:
            continue
        if m.group().lower().startswith("want") and not cues.WANTED.search(behind):
            continue  # "wants to use ATACMS"
        if not (cues.ASKED_FOR.search(behind) or taurus) or cues.NOT.search(ahead):
            continue
        if cues.CONSIDER.search(behind) and not cues.GRANT.search(behind):
            continue  # "Kyiv's request ... is being discussed"
        return pairs(givers(behind), weapons, "asked", clause.text)
    return []


def announced_yet(clause: Clause, weapons: tuple[str, ...]) -> list[Stand]:
    """ "Biden is expected to tell Zelenskyy that Ukraine may use ATACMS"."""
    sides = among_givers([v.side for v in clause.voices])
    says = cues.GRANT.search(clause.text) or cues.COULD_USE.search(clause.text)
    if not sides or not says or cues.NOT.search(clause.text):
        return []
    return pairs(sides, weapons, "considered", clause.text)


def could_use(clause: Clause, weapons: tuple[str, ...], context: Context) -> list[Stand]:
    """ "Ukraine could fire SCALP into Russia, the French minister said"."""
    text = clause.text
    sides = among_givers([v.side for v in clause.voices if v.kind in ("own", "unnamed")])
    m = cues.COULD_USE.search(text)
    if not m or not sides or context.conditional or cues.NOT.search(text):
        return []
    if cues.SUPPLY.search(text[: m.start()]):
        return []
    who = leading(text[: m.start()])
    if who[:1] != (UKRAINE,) and not (
        arms(text[: m.start()]) or cues.MISSILES.search(text[: m.start()])
    ):
        return []
    return pairs(sides, weapons, "considered", text)


_NOUN = re.compile(r"\b(?:decision|permission|approval|announcement|change)\b", re.IGNORECASE)


def weighed(clause: Clause, weapons: tuple[str, ...], context: Context) -> list[Stand]:
    """ "A decision by Washington on ATACMS strikes is expected": said of the permission itself."""
    text = clause.text
    m = cues.WEIGHED.search(text)
    topic = text[: m.start()] if m else ""
    if not topic or context.conditional or cues.NOT.search(text) or leading(topic)[:1] == (RUSSIA,):
        return []
    about = arms(topic) or cues.LONG_RANGE.search(topic) or cues.GRANT.search(topic)
    if (
        m
        and m.group().lower().endswith("come")
        and not cues.GRANT.search(topic)
        and not _NOUN.search(topic)
    ):
        return []
    asked = (
        cues.GRANT.search(topic)
        or cues.ASK.search(topic)
        or cues.USE.search(topic)
        or re.search(r"\b(?:decision|permission|approval)\b", topic, re.I)
    )
    if (
        not about
        or not asked
        or re.search(r"\b(?:to|that) (?:let|allow|permit)\w*\b.*\b(?:has|have)\b", topic)
    ):
        return []
    return pairs(givers(topic), weapons, "considered", clause.text)


def told_plainly(clause: Clause, weapons: tuple[str, ...], context: Context) -> list[Stand]:
    """Weighed or refused without a verb of permission: "ruled out Taurus", "is reviewing its
    policy on ATACMS strikes"."""
    text = clause.text
    taurus = weapons == ("Taurus",)
    topic = cues.USE.search(text) or cues.RUSSIAN.search(text) or taurus
    named = arms(text) or cues.LONG_RANGE.search(text) or cues.MISSILES.search(text)
    if not topic or cues.NO_LONGER.search(text) or (not taurus and _handed_over(text)):
        return []
    bare = _BARE.search(text) or cues.RUSSIAN.search(text)
    if not named and not (cues.REFUSE.search(text) and bare):
        return []
    if cues.PRESSED.search(text) and not cues.REFUSE.search(text):
        return []
    if (barred := cues.NOT_FREE.search(text)) and not cues.BACKGROUND.search(text):
        own = among_givers(v.side for v in clause.voices if v.kind == "own")
        certain = own or not barred.group().lower().startswith(("may", "can"))
        return pairs(own, weapons, "refused", text) if certain else []
    refuse, consider = cues.REFUSE.search(text), cues.CONSIDER.search(text)
    predicate = (
        cues.OPEN.search(text)
        or refuse
        or cues.WILL_NOT.search(text)
        or cues.NO_PLAN.search(text)
        or consider
    )
    if predicate is None:
        return []
    ahead = text[: predicate.start()]
    sides = subject(clause, ahead, context) or office(ahead, weapons)
    if cues.OPEN.search(text):
        return pairs(sides, weapons, "considered", clause.text) if sides else []
    if not sides:
        return []
    if refuse:
        verdict = refusal(clause)
        return pairs(sides, weapons, "refused", clause.text) if verdict == "refused" else []
    if cues.NO_PLAN.search(text) or (cues.WILL_NOT.search(text) and taurus):
        return pairs(sides, weapons, "refused", clause.text)
    if cues.NOT.search(text) or context.conditional or cues.OUGHT.search(text):
        return []
    return pairs(sides, weapons, "considered", clause.text)


def refusal(clause: Clause) -> Rung | Literal["nothing"]:
    past = (
        clause.opener in BACKGROUND
        or cues.BACKGROUND.search(clause.text)
        or cues.LONG_PAST.search(f"{clause.ahead} {clause.text}")
    )
    return "nothing" if past or cues.REFUSED_OTHER.search(clause.text) else "refused"


def _handed_over(text: str) -> bool:
    """Whether a verb of supply stands ahead of the weapon."""
    named = arms(text)
    return bool(cues.SUPPLY.search(text[: named[0].start] if named else text))


def supplied(text: str) -> bool:
    """Whether the words speak of handing weapons over, and not of where they are fired."""
    supply = cues.SUPPLY.search(text)
    use = cues.USE.search(text)
    return bool(supply) and not (use or cues.RUSSIAN.search(text))
