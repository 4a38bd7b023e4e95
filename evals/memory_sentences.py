"""Sentences changed by rule: mutations, which change what is said, and paraphrases, which do not.

Each rule takes a sentence and gives a :class:`Changed` or ``None`` where it does not fit. Rules are
plain patterns that would rather not fit than change more or less than they say.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from briefing.text.names import WEAPON


@dataclass(frozen=True, slots=True)
class Changed:
    """A sentence in which ``old`` has become ``new``."""

    text: str
    old: str
    new: str


Rule = Callable[[str], Changed | None]

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTH = r"(?:Jan|Feb|March|April|May|June|July|Aug|Sept|Oct|Nov|Dec)[a-z]*\.?"
_WORDS = {
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12,
}  # fmt: skip
_FIGURE = re.compile(
    r"(?<![\w.,/’'-])(?<!\bthe )(?<!\bwar )(?<!\bday )(?P<n>\d{1,3}(?:,\d{3})+|\d{1,4}|"
    + "|".join(_WORDS)
    + r")"
    r"(?![\w%’'/:-]|[.,]\d)(?! (?:a\.m|p\.m|GMT|UTC|\w+ correspondents))"
)
_DATED = re.compile(rf"{_MONTH} \d{{1,2}}\b|\b\d{{1,2}} {_MONTH}")
_WESTERN = ("ATACMS", "Storm Shadow", "Taurus", "SCALP")
_RUSSIAN = ("Oreshnik", "Kinzhal", "Iskander", "Kalibr")
_PERMITS = re.compile(
    r"\b(?:allow|authori[sz]|permi(?:t|ss)|approv|green light|go-ahead|restriction|lifted|let\b)",
    re.I,
)
_ARMS = re.compile(rf"\b(?:missile|weapon|rocket|strike|long-range|{WEAPON})", re.I)
_GIVERS = (
    (r"Joe Biden", "Keir Starmer"), (r"Biden", "Starmer"),
    (r"The United States|the United States", "the United Kingdom"),
    (r"(?:The |the )?White House", "Downing Street"), (r"Washington(?! Post)", "London"),
    (r"U\.S\.|US|USA", "UK"), 
    (r"(?:[Tt]he )?(?:U\.K\.|UK)", "France"), (r"Britain", "France"), (r"Starmer", "Macron"),
    (r"France", "Germany"), (r"Germany", "France"), (r"Scholz", "Macron"),
)  # fmt: skip
_TO_KYIV = r"(?=(?:the )?(?:Ukrain|Kyiv|it\b))"
_VERBS: tuple[tuple[str, str], ...] = (
    (r"\b(has|have|had) (?:now )?(?:authori[sz]ed|allowed|permitted) (?=\w)",
     r"\1 refused to allow "),
    (r"\b(?:will|would)(?: now)? (?:allow|permit|authori[sz]e|let)\b", "may allow"),
    (r"\b(?:decision|move) (?=to (?:let|allow|authori[sz]e|permit|lift|approve)\b)", "refusal "),
    (r"\bis (?:allowing|letting) " + _TO_KYIV, "may allow "),
    (r"\bauthori[sz]ed the use\b", "refused the use"),
    (r"\b(was|were|is|are|been) allowed to\b", r"\1 refused leave to"),
    (r"\b(?:authori[sz]ed|allowed|permitted) " + _TO_KYIV, "refused to allow "),
    (r"\b(?:authori[sz]es|allows|permits|lets) " + _TO_KYIV, "refuses to allow "),
    (r"\b(gave|given|granted|got|gets|gives) (?=[\w ]{0,30}(?:permission|green light|go-ahead))",
     "refused "),
    (r"\b(has approved|approved|approves)\b", "refused"),
    (r"\bapproval for " + _TO_KYIV, "refusal to allow "),
    (r"\b(has lifted|lifted|lifts)\b", "kept"),
)  # fmt: skip


def figure(sentence: str) -> Changed | None:
    """The first count becomes twice as many and one; years, dates and times are let be."""
    dated = [found.span() for found in _DATED.finditer(sentence)]
    for found in _FIGURE.finditer(sentence):
        text = found["n"]
        number = _WORDS.get(text) or int(text.replace(",", ""))
        year = 1900 <= number <= 2100 and "," not in text
        if year or any(a <= found.start() < b for a, b in dated):
            continue
        new = f"{2 * number + 1:,}" if number >= 500 or "," in text else str(2 * number + 1)
        return _put(sentence, found.start("n"), found.end("n"), new)
    return None


def day(sentence: str) -> Changed | None:
    """Another weekday, or another day of the month."""
    if found := re.search(rf"\b({'|'.join(_DAYS)})\b(?! (?:Briefing|morning briefing))", sentence):
        new = _DAYS[(_DAYS.index(found[1]) + 4) % 7]
        return _put(sentence, *found.span(1), new)
    if found := _DATED.search(sentence):
        number = re.search(r"\d+", found[0])
        assert number is not None
        new = str((int(number[0]) + 6) % 27 + 1)
        start = found.start() + number.start()
        return _put(sentence, start, start + len(number[0]), new)
    return None


def weapon(sentence: str) -> Changed | None:
    """Another weapon of the same side, which the sentence does not name yet."""
    for side in (_WESTERN, _RUSSIAN):
        found = re.search(rf"\b(?:{'|'.join(side)})\b", sentence, re.I)
        if found:
            other = next(
                name for name in (*side[1:], side[0]) if name.lower() not in sentence.lower()
            )
            return _put(sentence, *found.span(), other)
    return None


def giver(sentence: str) -> Changed | None:
    """Who permits becomes another; only where a permission of weapons is spoken of."""
    if not _PERMITS.search(sentence) or not _ARMS.search(sentence):
        return None
    for old, new in _GIVERS:
        found = re.search(rf"(?<![\w.’'-])(?:{old})(?![\w-])", sentence)
        if found and new not in sentence.replace("U.K.", "UK") and _permits(sentence, found):
            text = new[0].upper() + new[1:] if found.start() == 0 else new
            return _put(sentence, *found.span(), text)
    return None


def _permits(sentence: str, found: re.Match[str]) -> bool:
    """Whether what was found is who permits: a verb follows it, or it is asked or thanked."""
    behind, ahead = sentence[: found.start()], sentence[found.end() : found.end() + 70]
    return bool(_PERMITS.search(ahead) or re.search(r"\b(?:from|by) (?:the )?$", behind))


def permission(sentence: str) -> Changed | None:
    """What is allowed becomes what may be allowed, or is refused."""
    if not _ARMS.search(sentence):
        return None
    for old, new in _VERBS:
        if found := re.search(old, sentence):
            return _put(sentence, *found.span(), found.expand(new))
    return None


MUTATIONS: dict[str, Rule] = {
    "figure": figure, "date": day, "weapon": weapon, "giver": giver, "permission": permission
}  # fmt: skip
"""What a reader must be told of, by what has become another."""


# -- the same in other words ---------------------------------------------------------------------

_NAME = r"[A-Z][\w.’'-]*"
_SAYS = re.compile(
    rf"^(?P<matter>[^“”\"‘]{{30,}}), "
    rf"(?P<who>(?:the )?(?:{_NAME}|[a-z-]+)(?: (?:{_NAME}|[a-z-]+)){{0,4}}) "
    r"(?P<said>said|says)(?P<when>(?: on| late)? (?:" + "|".join(_DAYS) + r"))?\.$"
)
_SAID = re.compile(
    rf"^(?P<who>(?:The |Two |Several )?(?:{_NAME}|[a-z-]+)(?: (?:{_NAME}|[a-z-]+)){{0,4}}) "
    r"(?P<said>said|says)(?P<when> on (?:" + "|".join(_DAYS) + r"))?(?: that)? "
    r"(?P<matter>(?:[Tt]he |its |[Tt]hat )?[^“”\"‘,]{20,})\.$"
)
_LEANS = re.compile(r"(?:it|he|she|they|this|that|its|his|her|their)\b", re.I)
_FRONTED = re.compile(r"(?:Among|In|On|At|As|After|With|For|By|From|Of|What|When|It|He|She|They)\b")
_ACCORDING = re.compile(r"^(?P<matter>[^“”\"‘]{30,}), (?P<source>according to [^,“”]{4,60})\.$")
_FIRST = re.compile(r"^According to (?P<source>[^,“”]{4,60}), (?P<matter>.{30,})\.$")
_FIRED = re.compile(
    r"^(?P<who>Ukraine|Russia) (?:has )?(?P<verb>fired|launched|used) (?P<what>(?:an? |[a-z0-9]+ )?"
    r"[^,“”;]{4,60}?) (?P<rest>(?:at|into|on|against|inside|in) [^“”;]{6,120})\.$"
)
_CLAUSE = re.compile(
    r"^(?P<clause>(?:After|As|While|When|Before) [^,“”]{8,80}), (?P<main>[^“”]{20,})\.$"
)
_SYNONYMS: tuple[tuple[str, str], ...] = (
    (r"\bsaid that\b", "stated that"), (r"\b(?<!that )said on\b", "stated on"),
    (r"\bwarned that\b", "cautioned that"), (r"\bauthori[sz]ed\b", "permitted"),
    (r"\ballowed\b(?= (?:Ukrain|Kyiv|it\b|to\b))", "permitted"),
    (r"\bfired\b(?! [A-Z])", "launched"),
    (r"\blaunched\b(?= (?:a|an|its|more|missiles|\d))", "fired"), (r"\blargest\b", "biggest"),
    (r"\bassault\b", "attack"), (r"\battack\b", "assault"),
    (r"\bfor the first time\b", "for the very first time"),
    (r"\bnearly\b", "almost"), (r"\bmore than\b", "over"), (r"\baround\b(?= \d)", "about"),
)  # fmt: skip
_AMERICAN = (
    (r"(?<![Tt]he )(?<!A )(?<!a )\b(?:U\.S\.|US)(?= [a-z-]+)"
     r"(?! (?:and|or|to|has|have|is|was|will|says|said|[a-z]+(?:ed|ing|ows|izes))\b)", "American"),
    (r"\bU\.S\.(?=[ -][A-Za-z])", "US"), (r"\bAmerican(?= [a-z])", "US"),
    (r"\bthe (?:US|U\.S\.)(?= [a-z])", "the United States"), (r"\bthe United States\b", "the US"),
    (r"\bU\.K\.", "UK"), (r"\bUK(?=-made)", "British"), (r"\bBritish(?= [a-z])", "UK"),
)  # fmt: skip


def synonym(sentence: str) -> Changed | None:
    """A reporting verb or another plain word by its synonym."""
    return _first(sentence, _SYNONYMS)


def american(sentence: str) -> Changed | None:
    """A country's name or adjective in another form."""
    return _first(sentence, _AMERICAN)


def attribution(sentence: str) -> Changed | None:
    """Who says so moves to the other end."""
    if found := _SAYS.match(sentence):
        when = found["when"] or ""
        return _whole(sentence, f"{_upper(found['who'])} {found['said']}{when} that "
                                f"{_lower(found['matter'])}.")  # fmt: skip
    if found := _ACCORDING.match(sentence):
        return _whole(sentence, f"{_upper(found['source'])}, {_lower(found['matter'])}.")
    if found := _FIRST.match(sentence):
        return _whole(sentence, f"{_upper(found['matter'])}, according to {found['source']}.")
    found = _SAID.match(sentence)
    if found and not _LEANS.match(found["matter"]) and not _FRONTED.match(found["who"]):
        when = found["when"] or ""
        return _whole(sentence, f"{_upper(found['matter'])}, {_lower(found['who'])} "
                                f"{found['said']}{when}.")  # fmt: skip
    return None


def passive(sentence: str) -> Changed | None:
    """Ukraine fired X at Y: X were fired by Ukraine at Y."""
    found = _FIRED.match(sentence)
    if not found:
        return None
    one = bool(re.match(r"(?:an?|one|its) ", found["what"]))
    was = "was" if one else "were"
    return _whole(
        sentence,
        f"{_upper(found['what'])} {was} {found['verb']} by {found['who']} {found['rest']}.",
    )


def order(sentence: str) -> Changed | None:
    """A clause of time at the front moves to the end, where no pronoun leans on it."""
    found = _CLAUSE.match(sentence)
    if not found or re.search(r"\b(?:he|she|it|they|his|her|its|their)\b", found["clause"]):
        return None
    return _whole(sentence, f"{_upper(found['main'])} {_lower(found['clause'])}.")


PARAPHRASES: dict[str, Rule] = {
    "attribution": attribution, "passive": passive, "order": order, "american": american,
    "synonym": synonym,
}  # fmt: skip
"""What a reader has been told already, by how it is told again."""


def _first(sentence: str, pairs: tuple[tuple[str, str], ...]) -> Changed | None:
    if re.search(r"[“”\"]|(?<!\w)['‘]", sentence):
        return None  # nobody's own words are paraphrased
    for old, new in pairs:
        if found := re.search(old, sentence):
            return _put(sentence, *found.span(), new)
    return None


def _put(sentence: str, start: int, end: int, new: str) -> Changed | None:
    old = sentence[start:end]
    if old == new:
        return None
    return Changed(sentence[:start] + new + sentence[end:], old, new)


def _whole(sentence: str, text: str) -> Changed | None:
    return Changed(text, sentence, text) if text != sentence else None


def _upper(text: str) -> str:
    return text[0].upper() + text[1:]


def _lower(text: str) -> str:
    """Without the capital of a sentence's start, where that is one of these common words."""
    first = text.split(" ", 1)[0]
    small = {
        "The", "A", "An", "It", "This", "That", "Several", "Two", "Three", "Six", "Around", "Some",
        "After", "As", "While", "When", "Before", "Both", "Its", "There", "More", "About", "At",
        "He", "She", "They", "Officials", "According",
    }  # fmt: skip
    return text[0].lower() + text[1:] if first in small else text
