"""Where a shortening may end before its passage does."""

from __future__ import annotations

from itertools import pairwise

from briefing.text.cutwords import (
    AFTER_COMMA,
    CONDITIONS,
    CUT_NEVER,
    ENDS_NOTHING,
    FINAL,
    JOINTS,
    LONGEST_SPEAKER,
    NO_TAILS,
    PAIRS,
    PHRASES,
    POSSESSIVE,
    RELATIVES,
    RESULTS,
    SPANS,
    TURNS,
)
from briefing.text.lexicon import (
    ARTICLES,
    CONJUNCTIONS,
    MODALS,
    PREPOSITIONS,
)
from briefing.text.pieces import (
    Pieces,
    holds,
    is_dash,
)


class Endings(Pieces):
    """The words of a passage, with the question whether a sentence may end with one of them."""

    def may_end(self, at: int) -> bool:
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
