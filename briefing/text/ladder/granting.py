"""Permission given, or denied: what a verb or a noun of permission says in its clause."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Literal

from briefing.news import Rung, Stand
from briefing.text.ladder import cues
from briefing.text.ladder.answering import refusal, supplied
from briefing.text.ladder.clauses import Clause
from briefing.text.ladder.context import LATER, Context, among_givers, office, pairs, subject
from briefing.text.ladder.parties import GIVERS, UKRAINE, actors, arms, givers, last_giver, leading
from briefing.text.ladder.saying import Voice
from briefing.text.lexicon import DEMONYMS


def denied(clause: Clause, weapons: tuple[str, ...]) -> list[Stand]:
    """Somebody says that a permission was not given, or a weapon not used."""
    text = clause.text
    grants = cues.GRANT.search(text)
    fires = re.search(r"\b(?:fir(?:ed|ing)|us(?:ed|ing)|launch(?:ed|ing))\b", text)
    supplies = weapons == ("Taurus",) and cues.SUPPLY.search(text)
    others = (
        cues.ASK,
        cues.OUGHT,
        cues.NOT,
        cues.REFUSE,
        cues.BACKGROUND,
        cues.DOUBT,
        cues.CONSIDER,
    )
    if not (grants or fires or supplies) or any(cue.search(text) for cue in others):
        return []
    if weapons != ("Taurus",) and supplied(text):
        return []
    sides = among_givers(leading(text)) if grants else []
    if grants and not sides:
        sides = [v.side for v in clause.voices if v.side in GIVERS]
    return pairs(sides, weapons, "denied", clause.text)


def _given(clause: Clause, sides: list[str], weapons: tuple[str, ...]) -> list[Stand]:
    """A permission told as a fact: confirmed where all who say so are the giver's own."""
    weapons = tuple(
        w for w in weapons if w != "Taurus"
    )  # that it was given says nothing of its use
    return [
        replace(stand, rung="confirmed") if _on_record(clause.voices, stand.giver) else stand
        for stand in pairs(sides, weapons, "reported", clause.text)
    ]


_SAID_OF_IT = re.compile(
    r"\b(?:is|are|was|were|has|had|have|will|would|could|may|might|should|remains?|means?)\b"
)


def _on_record_all(voices: tuple[Voice, ...]) -> bool:
    return bool(voices) and all(v.manner == "says" for v in voices)


def _on_record(voices: tuple[Voice, ...], giver: str) -> bool:
    return bool(voices) and all(
        v.kind == "own" and v.manner == "says" and v.side == giver for v in voices
    )


_STILL_TO_COME = re.compile(
    r"\b(?:is|was|are) (?:\w+ )?(?:expected|pending|awaited|due|near|under|close|imminent|possible|"
    r"likely|days|weeks|a matter)\b"
)


def nominal(clause: Clause, weapons: tuple[str, ...]) -> list[Stand]:
    """ "Biden's decision to let Ukraine fire ATACMS": told as a fact in passing."""
    verbs = [g.span() for g in cues.GRANT.finditer(clause.text)]
    for m in cues.NOMINAL.finditer(clause.text):
        if any(start < m.start("noun") < end for start, end in verbs):
            continue  # "gave the green light": the verb is read by itself
        if cues.NO_NOMINAL.search(clause.text[: m.end()]) or cues.NO_FACT.search(m.group()):
            continue
        behind = clause.text[m.end() :]
        if _STILL_TO_COME.search(behind):
            continue
        if not cues.GRANT.search(m.group() + behind) and m["noun"] in (
            "decision",
            "move",
            "step",
            "shift",
            "reversal",
        ):
            continue
        if supplied(behind):
            continue
        near = clause.text[max(0, m.start() - 24) : m.end()]
        return _given(clause, last_giver(near), weapons)
    return []


def lifted(clause: Clause, weapons: tuple[str, ...], context: Context) -> list[Stand]:
    m = cues.LIFTED.search(clause.text)
    if not m or cues.NOT.search(clause.text) or context.conditional or cues.DOUBT.search(m["be"]):
        return []
    sides = givers(" ".join(re.findall(r"\bby [^,]{2,40}", clause.text)))
    return _given(clause, sides, weapons) if not re.search(r"\bbe\b", m["be"]) else []


def granted(
    clause: Clause, m: re.Match[str], weapons: tuple[str, ...], context: Context
) -> list[Stand]:
    """What a verb of permission says, with all that stands ahead of it in its clause."""
    text, lead, behind = clause.text, clause.text[: m.start()], clause.text[m.end() :]
    if supplied(behind) or _of_other_things(behind):
        return []
    if re.match(r"let", m.group(), re.IGNORECASE) and not cues.OBJECT_OF_LET.match(behind):
        return []
    ahead_of_arm = behind[: named[0].start] if (named := arms(behind)) else behind
    if cues.OTHER_ACT.search(ahead_of_arm) or _to_another(behind):
        return []
    if cues.HANDS_OVER.match(m.group()) and not (
        cues.USE.search(text) or cues.RUSSIAN.search(text)
    ):
        return []
    sides = (
        subject(clause, lead, context) or office(lead, weapons) or office(clause.subject, weapons)
    )
    passive = bool(m["got"] or m["getting"]) or (not m["ing"] and bool(cues.PASSIVE.search(lead)))
    if m["done"] and m["done"].lower().endswith("ed") and behind.startswith(" to ") and not sides:
        passive = passive or leading(lead)[:1] == (UKRAINE,)  # "Ukraine allowed to fire ..."
    if passive:
        sides = givers(" ".join(re.findall(r"\b(?:by|from) [^,]{2,40}", text)))
    elif m["ing"] and cues.FACTIVE_ING.search(lead):
        sides = (
            givers(lead) if re.search(r" (?:joined|followed) ", lead) else last_giver(lead) or sides
        )
    if not sides and not passive:
        return []
    if not leading(lead) and not clause.opener:
        lead = f"{clause.subject} {lead}"  # "Britain could follow the US, and lift ..."
    if verdict := _held_back(clause, lead, m):
        return pairs(sides, weapons, verdict, clause.text) if verdict != "nothing" else []
    own = _from_subject(lead)
    if context.conditional and cues.CONSIDER.search(own):
        return []
    if cues.CONSIDER.search(own) or (re.search(r"(?:^|\w )to $", lead) and _headline(lead)):
        return pairs(sides, weapons, "considered", clause.text)
    if not _is_fact(clause, lead, m):
        return []
    return _given(clause, sides, weapons)


_YET_TO_GET = re.compile(r"(?:get|receive|win|obtain|secure)\b", re.IGNORECASE)


def _from_subject(lead: str) -> str:
    """``lead`` without what stands ahead of its subject: "After weeks of debate Biden has"."""
    starts = [p.start for p in actors(lead) if p.side in GIVERS]
    return lead[starts[0] :] if starts and not cues.MODAL.search(lead[: starts[0]]) else lead


def _of_other_things(behind: str) -> bool:
    """ "Approved $600 million in aid": what is allowed is no strike."""
    named = arms(behind)
    other = _MONEY.search(behind[: named[0].start] if named else behind)
    other = other or cues.OTHER_THINGS.search(behind[: named[0].start] if named else behind)
    if named or cues.LONG_RANGE.search(behind):
        return bool(other) and not (cues.USE.search(behind) or cues.RUSSIAN.search(behind))
    return bool(other)


def _to_another(behind: str) -> bool:
    """ "Let Israel use its bombs": another country is allowed something."""
    country = re.match(r" ([A-Z][a-z]+)\b(?!-|'s)", behind)
    return country is not None and country[1].lower() in _COUNTRIES


_COUNTRIES = frozenset(DEMONYMS.values()) - {"ukraine"}
_MONEY = re.compile(r"[$€£]\s?\d|\b(?:million|billion)\b")


def _headline(lead: str) -> bool:
    """ "Biden to let ...": a subject right before "to"."""
    return bool(re.fullmatch(r"(?:\W*(?:the )?[A-Z][\w.]*){1,3} to ", lead))


def _held_back(clause: Clause, lead: str, m: re.Match[str]) -> Rung | Literal["nothing", ""]:
    """What a refusal, a negation or an opinion ahead of the verb makes of it; "" when there is
    none."""
    text = clause.text
    if cues.OPEN.search(lead):
        return "considered"
    if cues.NO_LONGER.search(lead):
        return "nothing"
    if cues.REFUSE.search(lead):
        return refusal(clause)
    if cues.NO_PLAN.search(lead):
        return "refused"
    if cues.WILL_NOT.search(lead):
        return "refused"
    if cues.DO_NOT.search(f"{lead}{m.group()}"):
        return "refused" if not cues.BACKGROUND.search(text) else "nothing"
    weighs = cues.CONSIDER.search(lead.partition("whether")[0]) and "whether" in lead
    if cues.NOT.search(lead) or (cues.OUGHT.search(lead) and not weighs) or cues.ASK.search(lead):
        return "nothing"
    return ""


def _is_fact(clause: Clause, lead: str, m: re.Match[str]) -> bool:
    if cues.NO_FACT.search(lead) or cues.DOUBT.search(lead):
        return False
    if m["base"]:
        word = m["base"].lower()
        if word == "let" and not re.search(r"\b(?:to|not|will|did) $", lead):
            return clause.opener not in LATER
        return bool(cues.FACTIVE_TO.search(lead))
    if m["getting"]:
        return bool(re.search(r"\b(?:after|having|by) $|^after $", lead, re.IGNORECASE))
    if m["ing"] and not lead.strip() and _on_record_all(clause.voices):
        return not _SAID_OF_IT.search(clause.text[m.end() :])  # "acknowledged giving Kyiv ..."
    if m["ing"]:
        opens = not re.sub(r"^(?:after|by|in|thus|while) ?$", "", lead.strip())
        return bool(cues.FACTIVE_ING.search(lead)) or (
            opens
            and bool(clause.ahead or clause.opener == "after")
            and not cues.CONSIDER.search(clause.ahead)
        )
    if m["got"] and _YET_TO_GET.match(m["got"]):
        return False
    present = m["done"] and m["done"].lower().split()[0].endswith("s")
    return not (present and clause.opener in LATER)
