"""Errors that need no writer: one mechanical change to a true statement, or to its evidence.

They are easier than the written corruptions, but there are as many as one wants, and they cover
what a small model does when it goes wrong at random: two names exchanged, another figure of the
same report, an attribution lost, a hedge lost, half a sentence repeated, the evidence missing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from random import Random

from briefing.text import lexicon
from briefing.text.names import names
from training.pairs import Example, Labelled

_FIGURE = re.compile(
    r"\b(?:\d[\d.,]*\d|\d|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b"
)
_DAY = re.compile(r"\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b")
_HEDGE = re.compile(
    r"\b(?:reportedly|allegedly|likely|probably|nearly|almost|about|at least|up to|some|only|first|"
    r"initially|more than|around|partly|suspected|former) "
)
_MODAL = re.compile(r"\b(?:may|might|could|plans to|is considering|was considering)\b")
_TAIL = re.compile(r",[”\"]? [^,“”\"]{3,70} (?:said|says|announced|argued|claimed)(?: on \w+)?\.$")
_HEAD = re.compile(r"[^,]{3,90}? (?:said|says|announced|argued|claimed)(?: on \w+)?(?: that)? (\w)")


def mechanical(example: Example, others: Sequence[Example], random: Random) -> list[Labelled]:
    """A few wrong rows of one example, and its headline as a true one."""
    evidence = tuple(text for _, text in example.passages)
    statement = random.choice(example.statements)
    found = list(dict.fromkeys(_spoilt(statement, evidence)))
    random.shuffle(found)
    rows = [
        Labelled(evidence, text, False, wrong_from=start, kind="mechanical", weight=0.5)
        for start, text in found[:2]
    ]
    rows.append(Labelled(evidence, example.headline, True, kind="headline", weight=0.5))
    heads = list(_exchanged(example.headline)) + list(_other_figure(example.headline, evidence))
    if heads:
        start, text = random.choice(heads)
        rows.append(Labelled(evidence, text, False, start, kind="headline", weight=0.5))
    if random.random() < 0.15:
        other = random.choice(others)
        if other.id != example.id:
            elsewhere = tuple(text for _, text in other.passages)
            rows.append(Labelled(elsewhere, statement, False, kind="elsewhere", weight=0.5))
    if random.random() < 0.25:
        # A source's own sentence is supported by itself.
        rows.append(Labelled(evidence, random.choice(evidence), True, kind="copy", weight=0.5))
    return rows


def _spoilt(text: str, evidence: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Pairs of where the error begins and the wrong statement."""
    yield from _exchanged(text)
    yield from _other_figure(text, evidence)
    for found in _DAY.finditer(text):
        for day in dict.fromkeys(d for e in evidence for d in _DAY.findall(e)):
            if day != found.group():
                yield found.start(), text[: found.start()] + day + text[found.end() :]
    for found in _HEDGE.finditer(text):
        rest = text[found.end() :]
        start = found.start()
        yield start, text[:start] + (rest if start else rest[:1].upper() + rest[1:])
    for found in _MODAL.finditer(text):
        yield found.start(), text[: found.start()] + "will" + text[found.end() :]
    if tail := _TAIL.search(text):
        yield -1, text[: tail.start()] + "."
    if head := _HEAD.match(text):
        yield -1, head.group(1).upper() + text[head.end() :]
    words = text.split()
    if len(words) > 12:
        half = len(words) // 2
        yield -1, " ".join([*words[:half], *words[half - 4 : half], *words[half:]])


def _exchanged(text: str) -> Iterator[tuple[int, str]]:
    """Two names of the sentence in each other's place."""
    found = [n for n in names(text) if n.text not in lexicon.WEEKDAYS]
    for k, a in enumerate(found):
        for b in found[k + 1 :]:
            if a.text != b.text and a.end < b.start:
                yield (
                    a.start,
                    text[: a.start] + b.text + text[a.end : b.start] + a.text + text[b.end :],
                )


def _other_figure(text: str, evidence: Sequence[str]) -> Iterator[tuple[int, str]]:
    """A figure of the sentence replaced by another one of the evidence."""
    there = list(dict.fromkeys(f for e in evidence for f in _FIGURE.findall(e)))
    for found in _FIGURE.finditer(text):
        for other in there:
            if other != found.group() and other[0].isdigit() == found.group()[0].isdigit():
                yield found.start(), text[: found.start()] + other + text[found.end() :]
