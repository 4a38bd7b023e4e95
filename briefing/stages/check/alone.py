"""Which of a source's own sentences can be read without the one before it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from briefing.news import Passage
from briefing.stages.check.whole import fragment
from briefing.text.discourse import connective, enumerates, refers_back, unresolved
from briefing.text.words import word_count

LONGEST = 45
"""Most words of a quoted sentence: three lines on a phone."""
SHORTEST = 6

_SOFT = re.compile(
    r"^(?:in response|now|meanwhile|later|earlier|recently|since then|the "
    r"(?:move|decision|shift|report|plan|"
    r"announcement|statement|officials?|strike|attack|missiles?|company|group|ministry))\b"
    r"|\bthe (?:move|shift|development|announcement)\b",
    re.IGNORECASE,
)


def complete(passage: Passage) -> bool:
    """Whether the sentence is whole, of a printable length, and its quotation has a speaker."""
    text = passage.text
    if passage.kind == "title" or not SHORTEST <= word_count(text) <= LONGEST:
        return False
    if not re.search(r"[.!][”\"’)]*$", text) or not re.match(r"[A-Z0-9“\"‘']", text):
        return False
    if (
        text.count("“") != text.count("”")
        or text.count('"') % 2
        or text.count("(") != text.count(")")
    ):
        return False
    if fragment(text) or re.match(r"(?:And|Plus|Also),", text):
        return False  # a teaser, not a report
    opens = re.match(r"[“\"‘']", text)
    return not opens or bool(re.search(r"[”\"’'],?\s+\S", text[1:]))


def stands_alone(passage: Passage) -> bool:
    """Whether the sentence is complete and leans on nothing before it."""
    text = passage.text
    return complete(passage) and not (refers_back(text) or enumerates(text) or unresolved(text))


def best(passages: Sequence[Passage]) -> Passage | None:
    """The passage that reads best alone, ``None`` when none does. Earlier ones win a tie."""
    fit = [p for p in passages if stands_alone(p)]
    if not fit:
        return None
    return min(fit, key=lambda p: (_cost(p.text), passages.index(p)))


def _cost(text: str) -> int:
    """0 for a sentence that reads well; more for connectives, soft pointers and long sentences."""
    return bool(connective(text)) + len(_SOFT.findall(text)) + max(0, word_count(text) - 30) // 10
