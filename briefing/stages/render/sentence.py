"""A claim as a reader sees it: its words, whose they are, its label, its numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass

from briefing.news import Claim, Digest
from briefing.text.characters import one_line


@dataclass(frozen=True, slots=True)
class Sentence:
    """One printed sentence, ready to read."""

    id: str  # line id
    text: str  # with quotation marks around it when it is the source's own sentence
    quoted: bool
    publisher: str  # whose words they are; "" when nobody said or the model wrote them
    sourcing: str
    sources: tuple[int, ...]

    @property
    def anchor(self) -> str:
        """The line id as a link target."""
        return self.id.replace("/", "-")

    @property
    def signed(self) -> str:
        """The words, with the publisher behind them where they are a source's own."""
        return f"{self.text} — {self.publisher}" if self.publisher else self.text


class Speaker:
    """Turns the claims of a digest into sentences, knowing the numbers of its sources."""

    def __init__(self, digest: Digest) -> None:
        self._number = {s.article: s.number for s in digest.sources}
        self._publisher = {s.article: s.publisher for s in digest.sources}

    def sentence(self, line: str, claim: Claim) -> Sentence:
        """The claim under its line id."""
        quoted = claim.wording == "quoted" and bool(claim.passages)
        text = one_line(claim.text)
        return Sentence(
            id=line,
            text=own_words(text) if quoted else text,
            quoted=quoted,
            publisher=one_line(self._publisher[claim.passages[0].article]) if quoted else "",
            sourcing=claim.sourcing if claim.passages else "",
            sources=tuple(dict.fromkeys(self._number[p.article] for p in claim.passages)),
        )


def own_words(text: str) -> str:
    """``text`` in double quotation marks; double marks inside become single, as is the custom.

    Equal to the source under `briefing.text.quotes.normalise`.
    """
    inner = re.sub(r'(?:(?<=^)|(?<=[\s(\[—–‘“]))"', "‘", text).replace('"', "’")
    return f"“{inner.replace('“', '‘').replace('”', '’')}”"
