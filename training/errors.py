"""Errors that need no writer: one mechanical change to a true statement, or to its evidence.

They are easier than the written corruptions, but there are as many as one wants, and they cover
what a small model does when it goes wrong at random: two names exchanged, another name or figure
of the same reports, a denial, an opposite, an attribution lost, a hedge lost, half a sentence
repeated, the evidence missing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from random import Random

from briefing.text import lexicon
from briefing.text.names import names
from training.pairs import Example, Labelled
from training.swap import COUNTRIES

WEIGHT = 0.5  # of a mechanical row against 1 for a written one
MOST = 3  # changes of one statement, beside another name

_FIGURE = re.compile(
    r"\b(?:\d[\d.,]*\d|\d|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b"
)
_DAY = re.compile(r"\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b")
# "About" and "around" only before a figure: elsewhere they are prepositions.
_HEDGE = re.compile(
    r"\b(?:reportedly|allegedly|likely|probably|nearly|almost|at least|up to|some|only|first|"
    r"initially|more than|partly|suspected|former|(?:about|around)(?= [$€£]?\d| (?:an?|half|two|"
    r"three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty)\b)) "
)
_MODAL = re.compile(r"\b(?:may|might|could|plans to|is considering|was considering)\b")
# No modal, whose denial leaves both open.
_DENIED = re.compile(r"\b(?:was|were|has|have|had|would|should|must)\b(?= (?!not\b)\w)")
_DENIAL = re.compile(r"\b(?:is|are|was|were|has|have|had|will|would|can|should|must)( not)(?= \w)")
_PAIRS = """
before/after more/less rose/fell higher/lower won/lost accepted/rejected confirmed/denied
supported/opposed supports/opposes increased/reduced first/last allowed/banned allows/bans
northern/southern eastern/western older/younger larger/smaller buy/sell
"""
_OPPOSITES = dict(pair.split("/") for pair in _PAIRS.split())
_OPPOSITES |= {other: one for one, other in _OPPOSITES.items()}
_OPPOSITE = re.compile(rf"\b(?:{'|'.join(_OPPOSITES)})\b")
_SAID = r"(?:said|says|announced|argued|claimed)(?: on \w+)?"
_TAIL = re.compile(rf",([”\"]?) [^,“”\"]{{3,70}} {_SAID}\.$")
_HEAD = re.compile(rf"[^,]{{3,90}}? {_SAID}(?: that)? (\w)")
_FORMS = [set(forms.split()) for forms in COUNTRIES.strip().replace("\n", "|").split("|")]
# Between two names these say the same of both.
_EVEN = frozenset(["and", "or", "the", "met", "meets", "with"])


def mechanical(example: Example, others: Sequence[Example], random: Random) -> list[Labelled]:
    """A few wrong rows of one example, and its headline as a true one.

    No wrong row is one of the example's true statements. ``others`` lend the evidence that has
    nothing to do with a statement.
    """
    evidence = example.evidence
    statement = random.choice(example.statements)
    found = _wrong(_spoilt(statement, evidence), example)
    random.shuffle(found)
    rows = [
        Labelled(evidence, text, False, wrong_from=start, kind="mechanical", weight=WEIGHT)
        for start, text in found[:MOST]
    ]
    if named := _wrong(_other_name(statement, evidence), example):
        start, text = random.choice(named)
        rows.append(Labelled(evidence, text, False, start, kind="mechanical", weight=WEIGHT))
    rows.append(Labelled(evidence, example.headline, True, kind="headline", weight=WEIGHT))
    heads = _wrong(_exchanged(example.headline), example)
    heads += _wrong(_other_figure(example.headline, evidence), example)
    if heads:
        start, text = random.choice(heads)
        rows.append(Labelled(evidence, text, False, start, kind="headline", weight=WEIGHT))
    if random.random() < 0.15:
        other = random.choice(others)
        if other.id != example.id:
            rows.append(Labelled(other.evidence, statement, False, kind="elsewhere", weight=WEIGHT))
    if random.random() < 0.25:
        # A source's own sentence is supported by itself.
        rows.append(Labelled(evidence, random.choice(evidence), True, kind="copy", weight=WEIGHT))
    return rows


def changes(statement: str, example: Example) -> list[tuple[int, str]]:
    """Every mechanical change to one statement of an example: where it begins, what it becomes."""
    evidence = example.evidence
    found = [*_spoilt(statement, evidence), *_other_name(statement, evidence)]
    return _wrong(iter(found), example)


def _wrong(spoilt: Iterator[tuple[int, str]], example: Example) -> list[tuple[int, str]]:
    """Each once, without those that happen to say what is true."""
    true = {example.headline, *example.statements}
    return [(start, text) for start, text in dict.fromkeys(spoilt) if text not in true]


def _spoilt(text: str, evidence: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Pairs of where the error begins and the wrong statement."""
    yield from _exchanged(text)
    yield from _other_figure(text, evidence)
    days = dict.fromkeys(day for passage in evidence for day in _DAY.findall(passage))
    for found in _DAY.finditer(text):
        for day in days:
            if day != found.group():
                yield _instead(text, found, day)
    for found in _HEDGE.finditer(text):
        yield _instead(text, found, "")
    for found in _MODAL.finditer(text):
        yield _instead(text, found, "will")
    for found in _DENIED.finditer(text):
        yield found.end() + 1, f"{text[: found.end()]} not{text[found.end() :]}"
    for found in _DENIAL.finditer(text):
        yield found.start(1) + 1, text[: found.start(1)] + text[found.end() :]
    for found in _OPPOSITE.finditer(text):
        yield _instead(text, found, _OPPOSITES[found.group()])
    if tail := _TAIL.search(text):
        yield -1, f"{text[: tail.start()]}.{tail[1]}"
    if head := _HEAD.match(text):
        yield -1, head[1].upper() + text[head.end() :]
    words = text.split()
    if len(words) > 12:
        half = len(words) // 2
        yield -1, " ".join([*words[:half], *words[half - 4 : half], *words[half:]])


def _instead(text: str, found: re.Match[str], other: str) -> tuple[int, str]:
    """Where it begins, and the text with something else in place of what was found."""
    return found.start(), text[: found.start()] + other + text[found.end() :]


def _exchanged(text: str) -> Iterator[tuple[int, str]]:
    """Two names of the sentence in each other's place, unless that says the same."""
    found = names(text)
    for k, a in enumerate(found):
        for b in found[k + 1 :]:
            between = text[a.end : b.start]
            one, two = set(a.text.split()), set(b.text.split())
            if one <= two or two <= one or set(re.findall(r"\b[a-z]+", between)) <= _EVEN:
                continue  # one person twice, or "Ankara and Athens"
            yield a.start, text[: a.start] + b.text + between + a.text + text[b.end :]


def _other_figure(text: str, evidence: Sequence[str]) -> Iterator[tuple[int, str]]:
    """A figure of the sentence replaced by another one of the evidence."""
    there = dict.fromkeys(figure for passage in evidence for figure in _FIGURE.findall(passage))
    for found in _FIGURE.finditer(text):
        for other in there:
            if other != found.group() and other[0].isdigit() == found.group()[0].isdigit():
                yield _instead(text, found, other)


def _other_name(text: str, evidence: Sequence[str]) -> Iterator[tuple[int, str]]:
    """A name of the sentence replaced by one of the evidence that the sentence does not have.

    A country's adjective only by another, and nothing by a word of its own country.
    """
    own = names(text)
    said = {word for name in own for word in name.text.split()}
    there = dict.fromkeys(name.text for passage in evidence for name in names(passage))
    for name in own:
        for other in there:
            if said & set(other.split()) or other in text:
                continue
            alike = _adjective(name.text) == _adjective(other)
            if alike and not _country(name.text) & _country(other):
                yield name.start, text[: name.start] + other + text[name.end :]


def _adjective(name: str) -> bool:
    return name.lower() in lexicon.DEMONYMS


def _country(name: str) -> set[int]:
    """The listed countries that a name has a form of."""
    return {k for k, forms in enumerate(_FORMS) if forms & set(name.split())}
