"""When two figures are one, and when two origins give different values for one thing.

Everything that tells two events apart speaks against a conflict: another day, place, actor, weapon,
people, act, or a later report of a toll that rose.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from briefing.news import Claim
from briefing.stages.compose.material import overlap
from briefing.text.counts import Count
from briefing.text.lexicon import DEMONYMS, every
from briefing.text.names import names, weapons
from briefing.text.natures import Nature, excludes
from briefing.text.parties import PARTY
from briefing.text.words import content_stems, words

SAME_MATTER = 0.3
"""Least overlap of the content words of two sentences that speak of the same count."""
ROUNDING = 0.06  # 300 km is told as 190 miles (306 km): the same figure, not a conflict
ROUNDED_UP = 0.15  # "more than 200" is told of 210 or 230
LATER_TOLL = timedelta(hours=18)
"""A toll that is higher in a report this much younger has risen: an update, not a conflict."""
FAR_APART = 8  # times: prices that differ by more are prices of different things
DAYS_APART = 10  # two days of one event are not further apart
RECURRING = frozenset(("attack", "fired", "talks"))
_THE_EVENT = re.compile(
    r"\b[Tt]he (?:\w+ ){0,3}(?:strikes?|attack|blast|explosion|raid|launch|talks|meeting|summit)\b"
)

_KEY = {
    stem: name
    for name, stems in {
        "attack": "strik attack hit shell bombard bomb raid missil rocket drone blast explosion "
        "fir launch salvo",
        "building": "flat apartment block residential building house",
        "depot": "depot arsenal warehouse storag ammunition dump",
        "region": "region oblast area",
    }.items()
    for stem in stems.split()
}
"""Words for one thing, so that two tellings meet."""
HARM = ("Killed", "Wounded", "Casualties")
ANY_HARM = every("kill di dead death wound injur hurt peopl person toll live lost")
"""Stems that every report of victims has: they do not make two of them one."""
_SPEAKER = re.compile(
    r"\b(?:said|says|say|told|according to|wrote|reported|reports|claimed|claims|warned|added)\b"
)
_LOCATIVE = re.compile(
    r"(?:\b(?:in|at|on|over|near|into|outside|around|of|towards?|attacked|struck|hit|hits)\s+"
    r"(?:the\s+|an?\s+)?(?:[a-z]+\s+){0,2})$"
)
_BODY = re.compile(
    r"\b(?:Ministry|Minister|Department|Staff|Agency|Service|Council|Pentagon|Kremlin|NATO|Congress|"
    r"Senate|White House|President|General|Air Force|Army|Officials?|ICBM|IRBM|AFP|Reuters|State|"
    r"Western|West)\b"
)


@dataclass(frozen=True, slots=True, eq=False)
class Figure:
    """One line that the board may show, with what it takes to compare it."""

    count: Count
    claim: Claim
    origins: frozenset[str]
    cited: bool
    stems: frozenset[str]  # what is told about the figure
    places: frozenset[str]  # names of the sentence but those of states, speakers and weapons
    there: frozenset[str]  # of them those that say where
    words: frozenset[str]  # all stems of the sentence
    days: frozenset[date]
    years: frozenset[int]
    published: datetime | None
    told: frozenset[str]  # the sentences that give the value
    nature: Nature | None = None
    day: date | None = None  # of a date, itself the value
    acts: frozenset[str] = frozenset()  # of a date: what happened on it
    ahead: bool = False  # of a date: it is still to come

    @property
    def lead(self) -> str:
        """As it stands in front of the line."""
        return f"{self.count.meaning}: {self.count.value}"


def matter(text: str) -> frozenset[str]:
    """Content stems without weapons, nationalities and numbers, words for one thing made one."""
    apart = {stem for w in weapons(text) for stem in content_stems(w.text)}
    stems = set(content_stems(text)) - apart - set(DEMONYMS) - set(DEMONYMS.values())
    return frozenset(_KEY.get(stem, stem) for stem in stems if not stem[0].isdigit())


def places(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """Stems of names that are no state, body, weapon or speaker; and of those that say where."""
    arms = [(w.start, w.end) for w in weapons(text)]
    found: set[str] = set()
    there: set[str] = set()
    for name in names(text):
        before, after = text[: name.start], text[name.end : name.end + 30]
        if (
            re.fullmatch(PARTY, name.text)
            or _BODY.search(name.text)
            or any(start < name.end and name.start < end for start, end in arms)
            or re.match(r"(?:,[^,]{3,40},)?\s+(?:\w+\s+)?" + _SPEAKER.pattern, after)
            or re.search(_SPEAKER.pattern + r"\s+$", before)
        ):
            continue
        stems = {w.stem for w in words(name.text)} - set(DEMONYMS) - set(DEMONYMS.values())
        found |= stems
        if _LOCATIVE.search(before[-40:]):
            there |= stems
    return frozenset(found), frozenset(there)


def equal(a: Figure, b: Figure) -> bool:
    """One figure told twice; within one sentence, the same value in another unit."""
    if a.count.meaning != b.count.meaning or a.count.unit != b.count.unit:
        return False
    if a.nature or b.nature:
        return a.count.value == b.count.value
    if a.day or b.day:
        return a.day == b.day and _one_event(a, b)
    if not _close(a.count, b.count) or a.count.part != b.count.part:
        return False
    about = bool(a.count.about) and a.count.about == b.count.about
    one = about or one_matter(a, b) or bool(_anchor(a, b))
    return a.claim.text == b.claim.text or (one and not _apart(a, b))


def one_matter(a: Figure, b: Figure) -> bool:
    """Whether the sentences share enough words to speak of one thing."""
    return len(a.stems & b.stems) >= 2 and overlap(a.stems, b.stems) >= SAME_MATTER


def conflict(a: Figure, b: Figure) -> bool:
    """Two origins, one thing, values apart, and nothing that tells two events."""
    if a.count.meaning != b.count.meaning or a.count.unit != b.count.unit:
        return False
    if a.origins == b.origins and len(a.origins) == 1:
        return False
    if a.nature and b.nature:
        return excludes(a.nature, b.nature) and not _apart(a, b)
    if a.told & b.told:
        return False  # one sentence gives both: a part and the whole, or then and now
    if a.day and b.day:
        return _other_day(a, b)
    if _close(a.count, b.count) or not _one_count(a.count, b.count) or _apart(a, b):
        return False
    return not _risen(a, b) and _one_thing(a, b)


def _one_count(a: Count, b: Count) -> bool:
    """Nothing about the numbers themselves says that they count different things."""
    for one, other in ((a.about, b.about), (a.actor, b.actor)):
        if one and other and one != other:
            return False
    return a.role == b.role and (a.part == b.part or bool(a.part and b.part))


def _one_thing(a: Figure, b: Figure) -> bool:
    meaning, about = a.count.meaning, bool(a.count.about) and a.count.about == b.count.about
    shared = len(a.stems & b.stems)
    if meaning in ("Range", "Warheads"):
        return about
    if meaning == "Cost":
        near = max(a.count.high, b.count.high) <= FAR_APART * min(a.count.low, b.count.low)
        return near and bool(a.count.role) and (about or (shared >= 3 and one_matter(a, b)))
    if meaning == "Distance":
        ends = set(a.count.part.split()) & set(b.count.part.split()) - {"the", "of"}
        return bool(ends) and bool(_anchor(a, b))
    if meaning in HARM:
        told = (a.stems & b.stems) - ANY_HARM - a.places - b.places
        return bool(told) if _anchor(a, b) else len(told) >= 3 and _one_day(a, b)
    if not a.count.role:
        return (about or bool(_anchor(a, b))) and one_matter(a, b)
    same_day = bool(a.days & b.days) and bool(a.count.actor)
    return about or bool(_anchor(a, b)) or same_day or (shared >= 4 and one_matter(a, b))


def _anchor(a: Figure, b: Figure) -> frozenset[str]:
    """Names that one sentence has and the other mentions too."""
    return (a.places & b.words) | (b.places & a.words)


def _apart(a: Figure, b: Figure) -> bool:
    """Whether day, year or place tells two events."""
    if a.days and b.days and not a.days & b.days:
        return True
    if a.years and b.years and not a.years & b.years:
        return True
    return bool(a.there and b.there and not (a.there & b.words or b.there & a.words))


def _risen(a: Figure, b: Figure) -> bool:
    if a.count.meaning not in HARM:
        return False
    if a.published is None or b.published is None:
        return False
    early, late = (a, b) if a.published <= b.published else (b, a)
    return not _one_day(a, b) and late.count.low > early.count.low


def _one_day(a: Figure, b: Figure) -> bool:
    if a.published is None or b.published is None:
        return False
    return abs(a.published - b.published) < LATER_TOLL


def _close(a: Count, b: Count) -> bool:
    low, high = sorted((a, b), key=lambda c: c.low)
    room = ROUNDING
    if low.bound in ("over", "at least") and low.low >= 50 and low.low % 10 == 0:
        room = ROUNDED_UP
    return high.low <= low.high * (1 + room)


def _other_day(a: Figure, b: Figure) -> bool:
    if a.day is None or b.day is None:
        return False
    gap = abs((a.day - b.day).days)
    return 0 < gap <= DAYS_APART and _one_event(a, b) and not (a.acts & RECURRING and gap > 3)


def _one_event(a: Figure, b: Figure) -> bool:
    """Whether two dated sentences tell one event: one act, one matter, and a thing it befell."""
    if not a.acts & b.acts or a.ahead != b.ahead:
        return False
    if a.count.about and b.count.about and a.count.about != b.count.about:
        return False
    if a.there and b.there and not (a.there & b.words or b.there & a.words):
        return False
    shared = a.stems & b.stems
    known = _anchor(a, b) or (a.count.about and a.count.about == b.count.about)
    if a.acts & RECURRING:  # only where one of them speaks of it as the one that is known
        known_one = any(_THE_EVENT.search(f.claim.text) for f in (a, b))
        return known_one and bool(_anchor(a, b)) and one_matter(a, b)
    return len(shared) >= (2 if known else 3) and overlap(a.stems, b.stems) >= 0.4
