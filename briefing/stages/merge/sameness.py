"""When are two printed sentences of different days one claim?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from briefing.news import Claim, Remembered
from briefing.text.names import names
from briefing.text.numbers import quantities
from briefing.text.quotes import normalise
from briefing.text.retelling import has_words
from briefing.text.words import content_stems

SAME = 0.6
"""Share of the shorter sentence's content words from which two sentences of one development say the
same; as for the bottom line (`compose.summary`)."""
SAME_APART = 0.9
"""The same for sentences of two developments, which the editions have told apart."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """What the store remembers of the sentences: which claim and which development each tells."""

    claims: Mapping[str, str]  # Passage.key -> Remembered.id
    threads: Mapping[str, str]  # Passage.key -> Remembered.thread

    @staticmethod
    def of(remembered: Iterable[Remembered]) -> Ledger:
        """By passage; where two claims name one, the earlier claim has it."""
        claims: dict[str, str] = {}
        threads: dict[str, str] = {}
        for one in remembered:
            for passage in one.passages:
                claims.setdefault(passage.key, one.id)
                threads.setdefault(passage.key, one.thread)
        return Ledger(claims, threads)

    def signs(self, claim: Claim) -> frozenset[str]:
        """What two tellings of one claim share: words, a passage, or a place in the ledger."""
        keys = [passage.key for passage in claim.passages]
        known = (f"claim {self.claims[key]}" for key in keys if key in self.claims)
        return frozenset((plain(claim.text), *(f"passage {key}" for key in keys), *known))

    def threads_of(self, claims: Iterable[Claim]) -> frozenset[str]:
        """The developments that the claims belong to."""
        keys = (passage.key for claim in claims for passage in claim.passages)
        return frozenset(f"thread {self.threads[key]}" for key in keys if key in self.threads)


def plain(text: str) -> str:
    """The words alone, for comparing."""
    return normalise(text).casefold()


def stands_in(value: str, sentence: str) -> bool:
    """Whether the words stand in the sentence, whole: "9" does not stand in "19"."""
    return has_words(plain(sentence), plain(value))


def same_value(one: str, other: str) -> bool:
    """Whether two values are one: the same words, or the same numbers ("two", "2 dead")."""
    if plain(one) == plain(other):
        return True
    first, second = ([(q.low, q.high) for q in quantities(v)] for v in (one, other))
    return bool(first) and first == second


def repeats(claim: Claim, told: Sequence[Claim], *, share: float = SAME) -> bool:
    """Whether one of ``told`` has said it: from the same passage, or in much the same words.

    Sentences of which each names what the other does not tell of two things.

    Args:
        share: of the shorter one's content words that both must have.
    """
    keys, stems = {p.key for p in claim.passages}, set(content_stems(claim.text))
    for other in told:
        if keys & {p.key for p in other.passages}:
            return True
        if _elsewhere(claim.text, other.text):
            continue
        theirs = set(content_stems(other.text))
        smaller = min(len(stems), len(theirs))
        if smaller and len(stems & theirs) / smaller >= share:
            return True
    return False


def _elsewhere(one: str, other: str) -> bool:
    first, second = ({plain(name.text) for name in names(text)} for text in (one, other))
    return bool(first - second and second - first)
