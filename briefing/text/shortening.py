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
from itertools import pairwise
from typing import NamedTuple

from briefing.text.cutwords import (
    AFTER_COMMA,
    ASIDES,
    CLAUSES_AFTER,
    CONDITIONS,
    CUT_NEVER,
    ENDS_NOTHING,
    FINAL,
    JOINS,
    JOINTS,
    LONGEST_SPEAKER,
    LOOSE,
    NO_LOSS,
    NO_TAILS,
    OWNERS,
    PAIRS,
    PHRASES,
    POSSESSIVE,
    QUANTITIES,
    RELATIVES,
    RESULTS,
    SOURCES,
    SPANS,
    TURNS,
)
from briefing.text.lexicon import (
    ARTICLES,
    BE,
    CONJUNCTIONS,
    MODALS,
    MONTHS,
    PREPOSITIONS,
    WEEKDAYS,
)
from briefing.text.names import WELL_KNOWN
from briefing.text.pieces import (
    ENDED,
    Pieces,
    alike,
    holds,
    is_dash,
    opens_sentence,
    split_words,
)

__all__ = ["ENDED", "Graph", "Step"]

_KNOWN = frozenset(name.lower() for name in WELL_KNOWN)


class Step(NamedTuple):
    """A word that may come next, and whether the mark of the word before it stays."""

    to: int
    mark: bool = True


class Graph(Pieces):
    """The passage as a graph of words: which may follow which.

    ``follow[k + 1]`` are the steps from word ``k``, ``follow[0]`` those from the beginning;
    ``ends[k]`` says whether the sentence may end with word ``k``.
    """

    def __init__(self, passage: str) -> None:
        super().__init__(passage)
        count = len(self.words)
        self.follow = [self._steps(at) for at in range(-1, count)]
        self.ends = [self._may_end(at) for at in range(count)]

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

    # -- ends -----------------------------------------------------------------------------------

    def _may_end(self, at: int) -> bool:
        words = self.words
        if at >= len(words) - 2:
            return at == len(words) - 1  # "switched on": a lone last word is no phrase
        if words[at].inside or is_dash(words[at]) or words[at].plain in ENDS_NOTHING:
            return False
        if at and words[at].comma and words[at - 1].plain in ("a", "an"):
            following = words[at + 1].plain
            if following not in AFTER_COMMA and not following.endswith("ing"):
                return False  # "a new, | hypersonic missile"
        rest = range(at + 1, len(words))
        if any(self._saying[k] or holds(words[k], CUT_NEVER) for k in rest):
            return False
        # "She said on Monday" and no more says nothing.
        if any(self._saying[max(0, at - LONGEST_SPEAKER) : at + 1]) and (
            self._saying[at] or any(words[k].plain in ("that", "whether") for k in rest)
        ):
            return False
        return self._has_main_verb(at) and (
            self._after_mark(at) if words[at].mark else self._before_clause(at)
        )

    def _after_mark(self, at: int) -> bool:
        """Whether what a comma, semicolon or dash closes off may go to the end."""
        mark, first = self.words[at].mark, self.words[at + 1].plain
        if first in RESULTS and self.words[at + 2].plain.endswith("ing"):
            first = self.words[at + 2].plain  # ", further fueling concerns"
        if mark != ",":
            turns = any(self.words[k].plain in TURNS for k in range(at + 1, len(self.words)))
            clause = self.words[at + 1].plain in FINAL
            return mark in ("—", "–") and clause and not turns
        rest = [self.words[k].plain for k in range(at + 1, len(self.words))]
        if {"them", "those", "also"} & set(rest) or rest[-1] == "it" or rest[:3] in PAIRS:
            return False
        if ("the", "other") in pairwise(rest) or self.words[at + 1].core.endswith(("’s", "'s")):
            return False  # "his wife, | Karen’s birthday party"
        if not self._first_comma(at) and self._closes_aside(at):
            return False  # "would hand Sarovia, its patron's rival, | the secret"
        counts = any(self.words[k].core[:1].isdigit() for k in range(at + 1, len(self.words)))
        if first in PHRASES and (counts or "exception" in rest):
            return False
        more = any(self.words[k].mark for k in range(at + 1, len(self.words) - 1))
        verb = any(self._verb(k) for k in range(at + 1, len(self.words)))
        if first in ("and", "or", "but"):
            apart = not any(w.plain in ("other", "others", "also", "too") for w in self.words[:at])
            return verb and not more and apart and self._first_comma(at)
        if first.endswith("ing"):
            # "conspiracies, transporting …, and money laundering"
            listed = any(
                self.words[k].mark and self.words[k + 1].plain == "and"
                for k in range(at + 1, len(self.words) - 1)
            )
            return first not in NO_TAILS and not listed
        if first == "whereas":
            return False
        if first in AFTER_COMMA:
            planned = first == "after" and any(holds(w, MODALS) for w in self.words[: at + 1])
            return (
                not planned
                and (first not in ("as", "while") or verb)
                and (not more or first not in RELATIVES)
            )
        if first in ("because", "among"):
            return not more
        if first in PHRASES | CONDITIONS | {"to", "when", "until", "not", "who"}:
            return False
        joined = any(plain in ("and", "or", "&") for plain in rest[1:])
        if self.words[at + 1].core[:1].isupper():
            return not more and not joined  # a name, not a list or "Lies & Love Bites"
        noun = first in ARTICLES | POSSESSIVE and (verb or not joined)
        bound = verb or joined or counts or first in PREPOSITIONS | CONJUNCTIONS
        return not more and (noun or not bound)

    def _before_clause(self, at: int) -> bool:
        """Whether a clause opens right after, at which the sentence may stop without a comma."""
        words, first = self.words, self.words[at + 1].plain
        if is_dash(words[at + 1]):
            return words[at + 2].plain in FINAL
        if first not in FINAL or self._verb(at) or words[at].plain in SPANS:
            return False
        clause = at
        while clause > 0 and not words[clause - 1].mark and words[clause].plain not in JOINTS:
            clause -= 1
        if not any(self._verb(k) for k in range(clause, at + 1)):
            return False  # "but his friends kneeling | while he spoke was perfect"
        if words[at].plain == words[at + 2].plain:
            return False  # "round after round"
        if first == "after" and any(self._limiting[k] for k in range(at + 1)):
            return False  # "will leave after ..." may be a condition
        if words[at + 2].plain in ("long", "soon", "far"):
            return False  # "as long as"
        return first in ("amid", "after") or any(self._verb(k) for k in range(at + 2, len(words)))


_IN_PASSING = re.compile(
    r"In (?:response|return|turn|an? (?:[\w-]+ ){0,3}(?:shift|move|step|sign|blow|setback|"
    r"turn|reversal|escalation|development))\b"
)
"""What "in" opens here tells nothing of where or when the rest holds."""
