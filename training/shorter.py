"""True shortenings for the judge: a sentence from which something was left out, and nothing added.

Most of what the product's judge is asked about is of this kind, and what it must let pass. There
are two ways: the shortenings that the product itself makes and its rules prove, and cuts that lose
nothing on which the rest depends: a participle or a clause with *after* at the end, an aside that
says who somebody is. Sentences with a condition, a limit or a denial in them are left alone,
because what is cut may be what it was limited to.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random

from briefing.news import Passage
from briefing.stages import check, write
from training.pairs import Example, Labelled

WEIGHT = 0.5
LEAST = 6  # words of what is left

_LIMITED = re.compile(
    r"\b(?:not|no|never|nor|neither|nobody|nothing|none|only|unless|without|except|if|or|than|until|"
    r"rather|instead|but|whether|few|hardly|first|last|will|would|can|could|may|might|should|must|"
    r"plans|denied|denies|doubts?|refused|refuses|rejected)\b|n[’']t\b",
    re.I,
)
_PART = r"[^,;:“”\"()]"
_TAIL = re.compile(
    r", (?!(?:according|depending|pending|providing|assuming|barring|excluding|during|being|"
    r"acting|managing|leading|sitting|everything|nothing|something|anything)\b)"
    rf"[a-z]+ing {_PART}{{8,90}}"
    r"(?<!said)(?<!says)(?<!wrote)(?<!announced)(?<!reports)(?<!reported)\.$"
)
_AFTER = re.compile(
    rf"(?<!hours)(?<!days)(?<!weeks)(?<!months)(?<!years)(?<!day)(?<!week)(?<!month)(?<!year)"
    rf"(?<!soon)(?<!shortly)(?<!immediately)(?<!long)(?<!even)(?<!just)(?<!minutes)(?<!hour)"
    rf",? after [a-z]+ing {_PART}{{8,90}}\.$"
)
_ASIDE = re.compile(
    rf"^({_PART}{{3,80}}), (?:who|which|whose|an?|the) {_PART}{{3,60}}, "
    r"(?=(?:was|were|is|are|has|have|had|said|says|told|wrote|announced|went|came|took|gave)\b)"
)


def shorter(example: Example, random: Random) -> list[Labelled]:
    """At most three rows of one example, each with one sentence cut."""
    rows: list[Labelled] = []
    for text in random.sample(example.evidence, len(example.evidence)):
        made = proven(text) or list(cut(text))
        if made and len(rows) < 2:
            there = (text,) if random.random() < 0.7 else example.evidence
            rows.append(_row(there, random.choice(made)))
    said = random.choice(example.statements)
    if made := list(cut(said)):
        there = (said,) if random.random() < 0.5 else example.evidence
        rows.append(_row(there, random.choice(made)))
    return rows


def _row(evidence: tuple[str, ...], text: str) -> Labelled:
    return Labelled(evidence, text, True, kind="shortening", weight=WEIGHT)


def proven(text: str) -> list[str]:
    """The product's own shortenings of ``text``; a headline with a full stop is none."""
    made = check.proven_by(Passage("", 0, 0, len(text), text, 1), write.shortenings(text))
    return [one for one in made if one.rstrip(".") != text.rstrip(".")]


def cut(text: str) -> Iterator[str]:
    """``text`` with one part left out, in each way that is known to lose nothing."""
    if re.search(r"[.!?][”\"’']? \S", text) or not text.endswith("."):
        return  # more than one sentence, or none
    for pattern in (_TAIL, _AFTER):
        if (found := pattern.search(text)) and _free(left := text[: found.start()]):
            yield f"{left}."
    if (found := _ASIDE.match(text)) and _free(left := f"{found[1]} {text[found.end() :]}"):
        yield left


def _free(left: str) -> bool:
    """Whether a sentence is left, on which nothing hung: ", its president" is no end of one."""
    last = left.rpartition(",")[2].split()
    return len(left.split()) >= LEAST and len(last) >= LEAST - 1 and not _LIMITED.search(left)
