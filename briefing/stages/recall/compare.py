"""The exact comparison of two sentences: what differs in a way that matters to a reader?

Three scales. A copy of a sentence differs from it where any number, date, weapon, party, negation
or word of modality stands in place of another (:mod:`copies`). Sentences that are nearly one differ
where their sets of these do. Sentences that only tell of one deed differ where both fill the same
place of the normal form with other values; what only one of them says is detail.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from briefing.news import Stand, Statement
from briefing.stages.recall.copies import (
    hedged,
    is_copy,
    named_parties,
    named_weapons,
    nearly_one,
    numbers,
    replaced,
    turned,
)
from briefing.text.acts import act_of
from briefing.text.dates import mentions
from briefing.text.values import close, comparable
from briefing.text.voices import VOICES, voice, voices
from briefing.text.words import stem, words

_LADDER = ("asked", "considered", "reported", "confirmed", "used")
_OPPOSED = frozenset(
    frozenset(pair) for pair in (("permit", "refuse"), ("close", "reopen"), ("permit", "consider"))
)
_WEEK = 7
_ASIDE = re.compile(
    r"\b(?:how|why|what|whether|until now|never (?:before|allowed)|for (?:months|years)|had|"
    r"ha[sd] been)\b",
    re.I,
)
"""Words of sentences that ask, explain or look back: their modality is not that of the news."""
_MODAL = re.compile(
    r"\b(?:may|might|could|can|would|will|shall|should|must|possibly|reportedly|allegedly|not|no|never|"
    r"cannot|\w+n['’]t)\b",
    re.I,
)
_PERMITS = (
    r"(?:allow|authori[sz]|permi(?:t|ss)|approv|grant|lift|eas(?:es?|ed|ing)\b|lets?\b|letting\b|"
    r"green[- ]?light|go-ahead|clear(?:s|ed)\b)\w*"
)
_SHOWS = {
    "asked": r"(?:urg|ask|call|beg|plead|plea|request|demand|appeal|press)\w*",
    "considered": rf"(?:may|might|could) (?:\w+ )?{_PERMITS}|"
    r"(?:consider|weigh|mull|discuss|debat)\w*|may|might|could",
    "reported": _PERMITS,
    "confirmed": r"(?:confirm|acknowledg|announc|admit|recogni)\w*",
    "used": r"(?:fir(?:e|es|ed|ing)|us(?:e|es|ed|ing)|launch\w*|str(?:uck|ikes?|iking)|hits?|"
    r"hitting)",
    "refused": r"(?:refus|reject|declin|rul\w* out|oppos|den(?:y|ies|ied)|will not|won['’]t|"
    rf"does not)\w*(?: to {_PERMITS})?",
    "denied": r"(?:den(?:y|ies|ied)|dismiss\w*|disput\w*|refut\w*|not)",
}
"""By which words a sentence shows the rung that was read off it."""
_SHOWN = {rung: re.compile(rf"\b(?:{pattern})\b", re.I) for rung, pattern in _SHOWS.items()}


_CLAIMS_OF = re.compile(
    r"\b(?P<who>(?:[A-Z][\w.]*+ ?){1,3})(?:['’]s? )? ?"
    r"(?:claims?|allegations?|assertions?) (?:that|of)\b"
)


@dataclass(frozen=True, slots=True)
class Difference:
    """One place in which two sentences differ."""

    what: str  # "figure", "date", "rung", "modality", "weapon", "giver", "source", "act", ...
    before: str = ""  # as the old sentence has it; "" when no word of it can be named
    after: str = ""  # as the new one has it


def difference(
    new: Statement, old: Statement, *, new_text: str, old_text: str
) -> Difference | None:
    """The first difference that matters, the gravest kind first; ``None`` when there is none."""
    if denies(new, old, new_text, old_text):
        return Difference("denial")
    if is_copy(new_text, old_text):
        return _of_copies(new, old, new_text, old_text)
    near = nearly_one(new_text, old_text)
    for compare in (_rung, _figure, _act, _modality):
        if (near or _same_deed(new, old)) and (found := compare(new, old, new_text, old_text)):
            return found
    if not near:
        return None
    return _replaced(new, old, new_text, old_text, counted=False) or confirmed(new, old, new_text)


def elsewhere(new: Statement, old: Statement, *, new_text: str, old_text: str) -> bool:
    """Whether two sentences tell of other places: then they tell of other matters."""
    if not new.places or not old.places or {*new.places} & {*old.places}:
        return False
    ours, theirs = ({w.stem for w in words(text)} for text in (new_text, old_text))
    return not any(stem(p) in theirs for p in new.places) and not any(
        stem(p) in ours for p in old.places
    )


def alike(new: Statement, old: Statement) -> bool:
    """Whether two sentences may say the same: no other act, and no other weapon.

    "Ukraine has fired ATACMS" is nearer to "Ukraine may fire ATACMS" than most repeats are.
    """
    acts = {new.act, old.act}
    return (len(acts) == 1 or bool(acts & {"", "say"})) and (
        not new.weapons or not old.weapons or bool({*new.weapons} & {*old.weapons})
    )


def one_deed(new: Statement, old: Statement) -> bool:
    """Whether two sentences tell of one deed that its doer does not do twice in a few days.

    Strikes and words are many: of them only the likeness of the sentences can say.
    """
    return _same_deed(new, old) and new.act not in ("strike", "defend", "react", "say", "talk")


def fewer_dead(new: Statement, old: Statement) -> bool:
    """Whether a toll is lower than it was: the dead of one strike do not become fewer."""
    ours, theirs = ([v.high for v in s.values if v.meaning == "killed"] for s in (new, old))
    return bool(ours and theirs) and max(ours) < max(theirs)


# -- copies --------------------------------------------------------------------------------------


def _of_copies(new: Statement, old: Statement, new_text: str, old_text: str) -> Difference | None:
    if found := turned(new_text, old_text):
        return Difference("opposite", *found)
    if found := numbers(new_text, old_text):
        return Difference("figure", *found)
    if how := _replaced(new, old, new_text, old_text, counted=True):
        return how
    if found := hedged(new_text, old_text):
        return Difference("modality", *found)
    return confirmed(new, old, new_text)


def _replaced(
    new: Statement, old: Statement, new_text: str, old_text: str, *, counted: bool
) -> Difference | None:
    """Another weapon, party or day in the place of the old one."""
    for what, read in (("weapon", named_weapons), ("giver", named_parties)):
        if found := replaced(read(new_text), read(old_text), counted=counted):
            return Difference(what, *found)
    return _date(new, old, new_text, old_text, some=counted)


def _date(
    new: Statement, old: Statement, new_text: str, old_text: str, *, some: bool
) -> Difference | None:
    """Other days: all of them, or ``some`` on both sides."""
    fresh, gone = {*new.dates} - {*old.dates}, {*old.dates} - {*new.dates}
    if not fresh or not gone or not (some or (fresh == {*new.dates} and gone == {*old.dates})):
        return None
    ours, theirs = ([m.text for m in mentions(text)] for text in (new_text, old_text))
    before = next((m for m in theirs if m not in ours), "")
    after = next((m for m in ours if m not in theirs), "")
    apart = min(abs((a - b).days) for a in fresh for b in gone)
    # The same "Tuesday" of two articles is another day only when a week lies between.
    return Difference("date", before, after) if (before and after) or apart >= _WEEK else None


def denies(new: Statement, old: Statement, new_text: str, old_text: str) -> bool:
    """Whether a sentence denies another: what somebody else said, the one whose claims it names
    where it names them; or its speaker's own words taken back."""
    if not new.denies or old.denies or not new.speaker:
        return False
    if whose := _claims_of(new_text):
        return old.speaker == whose
    return new.speaker != old.speaker or nearly_one(new_text, old_text)


def _claims_of(text: str) -> str:
    """Whose claims a sentence names: "contested US claims that …"."""
    found = _CLAIMS_OF.search(text)
    return voice(found["who"]) if found else ""


def confirmed(new: Statement, old: Statement, new_text: str) -> Difference | None:
    """Whether somebody confirms what ``old`` had from another."""
    if new.confirms and not old.confirms and new.speaker not in ("", old.speaker):
        return Difference("source", "", _surface(new_text, new.speaker))
    return None


def _surface(text: str, whose: str) -> str:
    return next((text[v.start : v.end] for v in voices(text) if v.name == whose), "")


# -- sentences about one deed --------------------------------------------------------------------


def _same_deed(new: Statement, old: Statement) -> bool:
    """One actor, one act, and no weapon that differs."""
    arms = not (new.weapons and old.weapons) or bool({*new.weapons} & {*old.weapons})
    return bool(new.act) and new.act == old.act and new.actor == old.actor != "" and arms


def _rung(new: Statement, old: Statement, new_text: str, old_text: str) -> Difference | None:
    for stand in new.stands:
        for other in old.stands:
            lower = height(stand.rung) < height(other.rung) and height(stand.rung) >= 0
            if lower and not nearly_one(new_text, old_text):
                continue  # an older or more careful telling, not a step back
            if one_question(stand, other) and stand.rung != other.rung:
                return climbed(other, stand, old_text, new_text)
    return None


def climbed(old: Stand, new: Stand, old_text: str, new_text: str) -> Difference:
    """A rung in place of another, by the words that show them."""
    before, after = _SHOWN[old.rung].search(old_text), _SHOWN[new.rung].search(new_text)
    if before and after and before.group().lower() != after.group().lower():
        return Difference("rung", before.group(), after.group())
    return Difference("rung")


def one_question(a: Stand, b: Stand) -> bool:
    """Whether two stands answer one question; a weapon that is not named may be any."""
    return a.giver == b.giver and (a.weapon == b.weapon or not a.weapon or not b.weapon)


def comments(new: Statement) -> bool:
    """Whether another party acts or speaks than the one that gives a permission, or asks for it."""
    others = VOICES - {"ukraine", *(s.giver.lower() for s in new.stands)}
    return bool(new.stands) and bool({new.speaker, new.actor} & others)


def height(rung: str) -> int:
    """How high a rung is; -1 for one that stands beside the ladder."""
    return _LADDER.index(rung) if rung in _LADDER else -1


def _figure(new: Statement, old: Statement, new_text: str, old_text: str) -> Difference | None:
    for value in new.values:
        rivals = [o for o in old.values if comparable(value, o)]
        if rivals and not any(close(value, o) for o in rivals):
            return Difference("figure", rivals[0].text, value.text)
    return None


def _act(new: Statement, old: Statement, new_text: str, old_text: str) -> Difference | None:
    if new.act and old.act and frozenset((new.act, old.act)) in _OPPOSED:
        return Difference("act", _verb(old_text, old.act), _verb(new_text, new.act))
    return None


def _verb(text: str, act: str) -> str:
    return next((w.text for w in words(text) if act_of(w.stem) == act), "")


def _modality(new: Statement, old: Statement, new_text: str, old_text: str) -> Difference | None:
    if new.modality == old.modality:
        return None
    near = nearly_one(new_text, old_text)
    if {new.modality, old.modality} <= {"fact", "planned"}:
        return None  # "is to let" and "has let" are often one report
    if near and _modals(new_text) == _modals(old_text):
        return None  # the same words of modality in another order
    if not near and (
        "if" in (new.modality, old.modality) or _ASIDE.search(new_text) or _ASIDE.search(old_text)
    ):
        return None
    what = "opposite" if "not" in (new.modality, old.modality) else "modality"
    return Difference(what, _modal(old_text), _modal(new_text))


def _modals(text: str) -> Counter[str]:
    return Counter(m.group().lower() for m in _MODAL.finditer(text))


def _modal(text: str) -> str:
    """The word of modality, when the sentence has one."""
    found = _MODAL.search(text)
    return found.group() if found else ""
