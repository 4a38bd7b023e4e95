"""A passage as a graph of words: which may follow which in a shortening, where it may end.

Ways that would change the claim are closed: out of or into a quotation, over a negation, a modal or
a hedge, over the words that say who says it, past a condition, out of a list. What may go is a
phrase or concession at the beginning, a relative clause or an apposition between its two commas,
an adverb of a short list, and a clause or apposition at the end. The commas that go with it are
decided here too. There is no parser: closed classes, endings and punctuation decide, and where they
leave a doubt the way is closed.

The writer chooses among the ways through this graph; the checks ask :meth:`Graph.accepts` of every
shortening, whoever made it.

The idea is sentence compression by deletion (Knight and Marcu 2002; Filippova and Strube 2008).
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from briefing.text.cutwords import (
    ASIDES,
    CLAUSES_AFTER,
    CONDITIONS,
    JOINS,
    LONGEST_SPEAKER,
    LOOSE,
    NO_LOSS,
    OWNERS,
    PHRASES,
    POSSESSIVE,
    QUANTITIES,
    RELATIVES,
    SOURCES,
)
from briefing.text.endings import Endings
from briefing.text.lexicon import (
    ARTICLES,
    BE,
    MONTHS,
    PREPOSITIONS,
    WEEKDAYS,
)
from briefing.text.names import WELL_KNOWN
from briefing.text.pieces import (
    ENDED,
    alike,
    holds,
    opens_sentence,
    split_words,
)

__all__ = ["ENDED", "Graph", "Step", "graph"]

_LONGEST = 200  # words: finding the ways takes the square of it
_KNOWN = frozenset(name.lower() for name in WELL_KNOWN)


class Step(NamedTuple):
    """A word that may come next, and whether the mark of the word before it stays."""

    to: int
    mark: bool = True


class Graph(Endings):
    """The passage as a graph of words: which may follow which.

    ``follow[k + 1]`` are the steps from word ``k``, ``follow[0]`` those from the beginning;
    ``ends[k]`` says whether the sentence may end with word ``k``. Nothing may go from a passage of
    more than 200 words, which nobody has parted into sentences.
    """

    def __init__(self, passage: str) -> None:
        super().__init__(passage)
        count = len(self.words)
        if count > _LONGEST:
            self.follow = [*([Step(at)] for at in range(count)), []]
            self.ends = [at == count - 1 for at in range(count)]
            return
        self.follow = [self._steps(at) for at in range(-1, count)]
        self.ends = [self.may_end(at) for at in range(count)]

    def accepts(self, sentence: str) -> bool:
        """Whether the sentence is a way through the graph, commas included."""
        pieces = split_words(sentence)
        if not pieces or not self.words:
            return False
        reached = {s.to for s in self.follow[0] if alike(pieces[0], self.words[s.to], first=True)}
        for before, piece in pairwise(pieces):
            reached = {
                step.to
                for at in reached
                for step in self.follow[at + 1]
                if before.mark == (self.words[at].mark if step.mark else "")
                and alike(piece, self.words[step.to])
            }
        return any(self.ends[at] for at in reached)

    # -- ways on ------------------------------------------------------------------------------

    def _steps(self, at: int) -> list[Step]:
        """What may come after word ``at``; -1 is the beginning."""
        if at + 1 >= len(self.words):
            return []
        if at < 0:
            return [Step(0), *map(Step, self._openings())]
        word = self.words[at]
        if word.inside:
            return [Step(at + 1)]
        return [Step(at + 1), *(self._past_aside(at) if word.comma else self._past_word(at))]

    def _openings(self) -> list[int]:
        """Where the sentence may begin when "In September, ..." or "However, ..." is left out.

        A concession may go from the beginning ("While nobody confirmed it, ..."); a condition and
        the words that say who says it may not.
        """
        found, opener = [], 0
        if [w.plain for w in self.words[:1]] == ["in"] and not _IN_PASSING.match(self.text):
            return []  # "In places like Riga, ..." is where the rest holds
        for k, word in enumerate(self.words[:-1]):
            counted = word.core[:1].isdigit() and not word.core.isdigit()
            sourced = word.plain in SOURCES or self._kept(range(k, k + 1)) or counted
            before = self.words[k - 1].plain if k else ""
            if before == "as" and word.plain in ("it", "things"):
                break  # "As it stands, ..."
            if not opens_sentence(self.words[opener]) or sourced or holds(word, CONDITIONS):
                break
            if k > opener and self._second_noun(opener, k):
                break
            if word.comma:
                opener = k + 1
                if self._phrase_goes_on(opener) or self._pointed_at(range(opener), opener):
                    break
                found.append(opener)
        return found

    def _phrase_goes_on(self, first: int) -> bool:
        """Whether the sentence cannot begin here ("In Riga, which ...", "In return the dean, Brenn,
        signed")."""
        word = self.words[first].plain
        if word in RELATIVES | OWNERS | PHRASES | {"and", "or"} or word.endswith("ing"):
            return True
        close = next((k for k in range(first, len(self.words) - 1) if self.words[k].comma), None)
        if close is not None and self._saying[close]:
            return True  # "However, the agency said, there is no fuel"
        return close is not None and not any(self._verb(k) for k in range(first, close + 1))

    def _second_noun(self, opener: int, at: int) -> bool:
        """Whether a second noun phrase begins at ``at``: "In April | some 6,000 soldiers"."""
        before, word = self.words[at - 1].plain, self.words[at].plain
        if (
            self.words[opener].plain not in PHRASES
            or before in PREPOSITIONS | JOINS
            or at == opener + 1
        ):
            return word in ("them", "those")
        return word in ARTICLES | POSSESSIVE | QUANTITIES or word in ("them", "those")

    def _past_aside(self, at: int) -> list[Step]:
        """The word after "..., who had resigned, ..." or "Brenn, the mayor, ..."."""
        close = next((k for k in range(at + 1, len(self.words) - 1) if self.words[k].mark), None)
        if close is None or not self.words[close].comma or self._kept(range(at + 1, close + 1)):
            return []
        first, after = self.words[at + 1].plain, self.words[close + 1].plain
        if self._pointed_at(range(at + 1, close + 1), close + 1):
            return []
        if close == at + 1 and first in ASIDES:  # "Trump’s allies, however, have ..."
            return [Step(close + 1, mark=False)]
        told = self._has_main_verb(at)
        verb = self._verb(close + 1) and not after.endswith("ing")
        if self._name_between(at, close) and verb:
            return [Step(close + 1, mark=False)]  # "the prime minister, Ada Brenn, | said"
        if first in RELATIVES:
            if first == "who" or self.words[at + 2].plain in BE:
                return []  # it says who or what that is
            if not any(self._verb(k) for k in range(at + 2, close + 1)) or after in OWNERS:
                return []
            again = any(w.plain == first for w in self.words[close + 1 :])
            if again:
                return []  # "which had voted to ..., ... which had voted not to"
            if not told:  # "The line, which carries oil, | remains shut"
                return [Step(close + 1, mark=False)] if verb and self._first_comma(at) else []
            joined = after in CLAUSES_AFTER
            return [Step(close + 1)] if joined or self._speaker_from(close + 1) else []
        person = self.words[at].core[:1].isupper() and self.words[at].plain not in _KNOWN
        subject = not told and verb and self._first_comma(at) and not person
        plain = not any(self._verb(k) for k in range(at + 1, close + 1))
        if subject and first in ("a", "an") and plain and not opens_sentence(self.words[0]):
            return [Step(close + 1, mark=False)]
        return []

    def _name_between(self, at: int, close: int) -> bool:
        """Whether a name stands between the two commas, after an office or the like."""
        inner = self.words[at + 1 : close + 1]
        name = 2 <= len(inner) <= 4 and all(word.core[:1].isupper() for word in inner)
        return name and self.words[at].core.islower() and self.words[at].plain.isalpha()

    def _past_word(self, at: int) -> list[Step]:
        """The word after an adverb, or the "that" after where something was said."""
        words, first = self.words, at + 1
        if words[at].mark or first + 1 >= len(words):
            return []
        if words[first].plain in LOOSE and not words[first].mark:
            bound = any(self._limiting[:first]) or any(holds(w, NO_LOSS) for w in words[:first])
            paired = words[at].plain in ("and", "or") or words[first + 1].plain in ("and", "or")
            return [Step(first + 1)] if self._verb(first + 1) and not (bound or paired) else []
        if not self._saying[at] or words[first].plain not in PHRASES:
            return []
        for k in range(first, min(first + LONGEST_SPEAKER, len(words) - 1)):
            dated = words[k].core[:1].isdigit() or words[k].plain in (*MONTHS, *WEEKDAYS)
            if words[k].mark or self._verb(k) or self._limiting[k] or dated:
                break
            if words[k + 1].plain == "that":
                return [Step(k + 1)]
        return []


_IN_PASSING = re.compile(
    r"In (?:response|return|turn|an? (?:[\w-]+ ){0,3}(?:shift|move|step|sign|blow|setback|"
    r"turn|reversal|escalation|development))\b"
)
"""What "in" opens here tells nothing of where or when the rest holds."""


@lru_cache(maxsize=512)
def graph(passage: str) -> Graph:
    """The graph of ``passage``, made once for all that is asked of it."""
    return Graph(passage)
