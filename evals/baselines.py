"""What a sentence costs that no model wrote: the first passage, its main clause, the central one.

Extracts answer how much the writer adds over simply taking a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from briefing.text.sentences import sentences
from briefing.text.words import word_count

Extract = Callable[[Sequence[str]], str]

_BREAK = re.compile(r";\s+|,\s+(?:while|whereas|but|although|though)\s+|\s+[—–]\s+")
_LEAST_CLAUSE = 8  # words; shorter ones rarely stand alone


def lead(passages: Sequence[str]) -> str:
    """The first passage as it is."""
    return passages[0]


def lead_clause(passages: Sequence[str]) -> str:
    """The main clause of the first passage."""
    return _main_clause(passages[0])


def textrank(passages: Sequence[str]) -> str:
    """The most central sentence of the passages by TextRank (Mihalcea and Tarau 2004), from sumy.

    Of two equally central ones, as two always are, the first.

    Raises:
        ModuleNotFoundError: sumy is not installed.
    """
    from sumy.models.dom import ObjectDocumentModel, Paragraph, Sentence
    from sumy.summarizers.text_rank import TextRankSummarizer

    texts = [p[start:end] for p in passages for start, end in sentences(p)]
    document = ObjectDocumentModel([Paragraph([Sentence(t, _Words()) for t in texts])])
    chosen = TextRankSummarizer()(document, 1)
    return str(chosen[0]) if chosen else texts[0]


def _main_clause(text: str) -> str:
    """The beginning of a sentence up to a semicolon, a dash or a contrast, with a full stop.

    The sentence itself where there is no such place, where the beginning is short, or where it
    would cut through a quotation or bracket.
    """
    for found in _BREAK.finditer(text):
        head = text[: found.start()]
        balanced = (
            head.count("“") == head.count("”")
            and head.count('"') % 2 == 0
            and head.count("(") == head.count(")")
        )
        if balanced and word_count(head) >= _LEAST_CLAUSE:
            return head + "."
    return text


class _Words:
    """Stands in for sumy's tokeniser, which would fetch data from the network."""

    def to_words(self, sentence: str) -> tuple[str, ...]:
        return tuple(re.findall(r"\w+", sentence.casefold()))


EXTRACTS: dict[str, Extract] = {
    "LEAD": lead,
    "LEAD, main clause": lead_clause,
    "TextRank": textrank,
}
