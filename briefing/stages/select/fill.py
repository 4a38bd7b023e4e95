"""The reader's minutes spent, one fact at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from briefing.news import Development, Fact
from briefing.text.discourse import asks, complete, enumerates, leans, refers_back
from briefing.text.words import word_count

Vectors = NDArray[np.float32]

MOST_FACTS = 3
"""Sentences in a development."""
BEFORE_NAMED = 3
"""Further facts of the told developments that come before the first of the named."""
REPEATED = 0.77
"""Cosine at which a further fact only says again what is chosen."""
OVERLAP = 0.3
"""How much of its likeness to a chosen fact (beyond cosine 0.5) is taken off a fact's weight."""
TURN = 0.95
"""Factor for each fact that the development already has."""
USUAL_WORDS, LENGTH_POWER = 20, 0.15
"""A fact of twice the usual length must be a tenth better to be worth its room."""
SHORTEST, LONGEST = 7, 60
"""Words of a sentence, with what it leans on, that is printed as it is."""


def fact_words(fact: Fact) -> int:
    """Words of a fact when it is printed in its source's own words."""
    return sum(word_count(p.text) for p in (*fact.leads_in, fact.passages[0]))


def filled(
    told: Sequence[Development],
    named: Sequence[Development],
    budget: int,
    vectors: Mapping[str, Vectors],
) -> list[Development]:
    """Each development with the facts that ``budget`` words buy, in reading order.

    First the main fact of each that is told, a few more of the best of these, then the main fact
    of each that is named, then the rest of the told. A list that is begun is completed at once.
    """
    choice = _Choice(budget, vectors)

    def take(developments: Sequence[Development]) -> bool:
        room = [d for d in developments if len(choice.taken.get(d.id, ())) < MOST_FACTS]
        taken = choice.take_best(room)
        while choice.take_best(room, only=enumerates):
            pass
        return taken

    for development in told:
        take([development])
    for _ in range(BEFORE_NAMED):
        take(told)
    for development in named:
        take([development])
    while take(told):
        pass
    return [
        replace(d, facts=tuple(_in_reading_order(choice.taken[d.id])))
        for d in (*told, *named)
        if d.id in choice.taken
    ]


class _Choice:
    """What has been chosen so far, and the words that are left."""

    def __init__(self, budget: int, vectors: Mapping[str, Vectors]) -> None:
        self.taken: dict[str, list[Fact]] = {}
        self._budget = budget
        self._vectors = vectors
        self._rows: list[Vectors] = []
        self._printed: set[str] = set()

    def take_best(
        self, developments: Sequence[Development], *, only: Callable[[str], bool] | None = None
    ) -> bool:
        """Take the fact that adds most; ``False`` when none adds anything or fits.

        With ``only``, a fact whose sentence it accepts and that follows a chosen one.
        """
        offers = [
            (_gain(fact, self.taken.get(d.id, ()), self._rows, self._vectors), fact.id, fact, d)
            for d in developments
            for fact in (_shortened(f, self._printed) for f in d.facts)
            if only is None or (only(fact.passages[0].text) and self._follows(fact))
            if _printable(fact, d, self._printed) and fact_words(fact) <= self._budget
        ]
        gain, _, fact, development = max(
            offers, default=(0.0, "", None, None), key=lambda offer: offer[:2]
        )
        if fact is None or development is None or gain <= 0.0:
            return False
        self.taken.setdefault(development.id, []).append(fact)
        self._rows.append(self._vectors[fact.passages[0].key])
        self._printed |= {p.key for p in (*fact.leads_in, *fact.passages)}
        self._budget -= fact_words(fact)
        return True

    def _follows(self, fact: Fact) -> bool:
        first = fact.passages[0]
        return f"{first.article}:{first.index - 1}" in self._printed


def _gain(
    fact: Fact, held: Sequence[Fact], rows: Sequence[Vectors], vectors: Mapping[str, Vectors]
) -> float:
    """What the fact adds to those already chosen; 0 when it only repeats them."""
    first = fact.passages[0]
    likeness = max((float(vectors[first.key] @ row) for row in rows), default=0.0)
    if likeness >= REPEATED:
        return 0.0
    if enumerates(first.text):  # a list that is begun is completed
        return max([fact.weight, *(f.weight for f in held if enumerates(f.passages[0].text))])
    value = fact.weight * TURN ** len(held) - OVERLAP * max(0.0, likeness - 0.5)
    return float(value * (USUAL_WORDS / max(fact_words(fact), USUAL_WORDS)) ** LENGTH_POWER)


def _shortened(fact: Fact, printed: set[str]) -> Fact:
    """The fact without a lead-in that is printed right before it anyway."""
    first = fact.passages[0]
    before = f"{first.article}:{first.index - 1}"
    return replace(fact, leads_in=()) if fact.leads_in and before in printed else fact


def _printable(fact: Fact, development: Development, printed: set[str]) -> bool:
    """Whether a reader could understand the fact in its source's words, and it is new."""
    first = fact.passages[0]
    if any(p.key in printed for p in fact.passages):
        return False
    if (
        asks(first.text)
        or not complete(first.text)
        or not (SHORTEST <= fact_words(fact) <= LONGEST)
    ):
        return False
    follower = f"{first.article}:{first.index + 1}"
    if not enumerates(first.text) and any(
        f.passages[0].key == follower and enumerates(f.passages[0].text) for f in development.facts
    ):
        return False  # it only announces a list: printed as the lead-in of the first item
    if fact.leads_in and enumerates(first.text) and enumerates(fact.leads_in[-1].text):
        return False  # a later item of a list waits for the one before it
    told = f"{first.article}:{first.index - 1}" in printed
    return told or bool(fact.leads_in) or not leans(first.text)


def _in_reading_order(facts: Sequence[Fact]) -> list[Fact]:
    """The main fact first, then the others, those of its article before those of the rest.

    Where the main fact leans on another, all stand in the order of their articles.
    """
    main = max(facts, key=lambda f: f.weight)
    home = main.passages[0].article

    def place(fact: Fact) -> tuple[bool, str, int]:
        first = fact.passages[0]
        return first.article != home, first.article, first.index

    ordered = sorted(facts, key=place)
    if refers_back(main.passages[0].text) and not main.leads_in:
        return ordered
    rest = [f for f in ordered if f is not main]
    leaning = [f for f in rest if not f.leads_in and refers_back(f.passages[0].text)]
    if any(f.passages[0].index < main.passages[0].index for f in leaning):
        return ordered
    return [main, *rest]
