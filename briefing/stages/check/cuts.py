"""What a passage may lose without saying anything else: modifiers, phrases, parentheses, its tail.

There is no parser here: closed word classes, endings, capitals and punctuation decide, and where
they leave a doubt the answer is no.
"""

from __future__ import annotations

from dataclasses import dataclass

from briefing.stages.check import watched
from briefing.stages.check.scope import (
    SUBORDINATE,
    VERBAL,
    begun,
    has_verb,
    limits,
    narrow,
    title_case,
    verbal,
)
from briefing.stages.check.tokens import THAT, Line, Token
from briefing.stages.check.wordclass import adjective, full_title, is_date, noun, past, verb_like
from briefing.text import lexicon

FINAL = frozenset({".", "!", "?", "…"})
BREAKS = frozenset({",", ";", "—", "(", ":"})
_CLOSING = {",": ",", "(": ")", "—": "—"}
_CLOSES_PHRASE = watched.ADJUNCT | VERBAL | BREAKS | {")", "not"}
"""What may stand right after a phrase that is left out. Other words may belong to the phrase."""
_ADVERBS = watched.stems("rather instead never nearly almost so-called further ahead")


_FENCES = lexicon.ARTICLES | {"its", "his", "her", "their", "this", "these", "those"}
"""After these a noun phrase has begun: what stands before its last word modifies it."""
_EMPTY = watched.stems("exchange response light order addition terms spite part favour charge view")
"""Nouns of fixed phrases that want a complement ("in exchange for")."""
_INNER = frozenset({"to", "and", "or", "who", "which", "that"})
"""Inside a phrase these open another, whose end the phrase does not show."""
_IF = frozenset({"under", "when", "once", "by", "if", "unless", "without", "until"})
"""An aside that opens with one of these may be a condition."""
_COMPLEMENTS = frozenset(
    {"to", "on", "for", "with", "from", "as", "about", "against", "into", "at"}
)
"""After a verb or an adjective these open what it is about: cut off, the rest is no sentence."""


@dataclass(frozen=True, slots=True)
class Cuts:
    """Answers for one passage. Indices count its content words."""

    line: Line

    # -- modifiers before a word --------------------------------------------------------------

    def bare(self, k: int, b: int) -> bool:
        """Whether words ``k+1 .. b-1`` are modifiers right before ``b`` that may be left out."""
        region = range(k + 1, b)
        if not region:
            return True
        run = self.line.content[k + 1 : b + 1]
        if any(self.line.gaps[j] for j in range(k + 2, b + 1)) or self._splits(k, run):
            return False
        if title_case(self.line) or run[-1].key in ("jr", "sr"):
            return False
        if all(t.capital for t in run) and not any(t.possessive for t in run[:-1]):
            opener = self._words(k + 1)
            if opener and (opener[-1] in _FENCES or opener[-1] in ("of", "for")):
                return False  # an organisation: people have no article
            if self._more_of_name(b) and run[-2].key not in watched.TITLES:
                return False  # "Aaron David Miller" is not "David Miller"
            titled = any(t.key in watched.TITLES for t in run[:-1])
            titled = titled and run[-1].key not in watched.TITLES
            return titled or not (self._protected(region) or any(t.demonym for t in run[:-1]))
        if run[-1].capital and full_title(run) and (k < 0 or self.line.gaps[k + 1]):
            return True
        if narrow(self.line, k + 1):
            return False
        if all(t.text.endswith("ly") and t.key not in watched.PROTECTED for t in run[:-1]):
            return True
        if self._protected(region) or any(t.possessive for t in run[:-1]):
            return False
        if any(t.demonym and not t.glued for t in run[:-1]) or not noun(run[-1]):
            return False
        if run[-1].capital and any(t.capital and not t.glued for t in run[:-1]):
            return False
        before = self.line.content[k] if k >= 0 else None
        opener = self._words(k + 1)
        if (opener and opener[-1] in _FENCES) or (before is not None and before.possessive):
            return not any(verb_like(t, None) for t in run[1:-1])
        return all(adjective(t, run[n - 1] if n else None) for n, t in enumerate(run[:-1]))

    def _more_of_name(self, b: int) -> bool:
        following = self.line.content[b + 1 : b + 2]
        return bool(following) and following[0].capital and not self.line.gaps[b + 1]

    def _splits(self, k: int, run: tuple[Token, ...]) -> bool:
        """Whether the cut leaves half a compound, half a name, or a dangling intensifier."""
        if run[-2].glued:
            return True
        kept = self.line.content[k] if k >= 0 and not self.line.gaps[k + 1] else None
        if kept is not None and (
            kept.glued or kept.key in watched.DIRECTIONS or (kept.capital and run[0].capital)
        ):
            return True
        opener = self._words(k + 1)
        return bool(opener) and (
            opener[-1] in watched.INTENSIFIERS
            or (opener[-1] in ("and", "or") and (run[0].capital or run[0].demonym))
        )

    def _words(self, k: int) -> list[str]:
        return [t.key for t in self.line.gaps[k] if not t.mark]

    def _protected(self, region: range) -> bool:
        for j in region:
            token = self.line.content[j]
            if token.key in watched.PROTECTED or token.key.startswith(("#", "~")):
                return True
            if token.key in watched.DIRECTIONS and not token.glued:
                return True
        return False

    # -- phrases after a word -------------------------------------------------------------------

    def phrase(self, a: int, k: int, b: int, *, comma: bool) -> bool:
        """Whether words ``a+1 .. k`` are a phrase or parenthesis after ``a`` that may be left out.

        ``b`` is the next word that is kept; ``comma``: the sentence has a comma in this place.
        """
        opened, closed = self.line.gaps[a + 1], self.line.gaps[k + 1]
        if self.line.content[a].possessive or not opened:
            return False
        region = range(a + 1, k + 1)
        if limits(self.line, region) or any(THAT in self.line.gaps[j] for j in region):
            return False
        first = opened[0].key
        if first in ("on", "in") and all(is_date(self.line.content[j]) for j in region):
            whole = k + 1 >= len(self.line.content) or not is_date(self.line.content[k + 1])
            return whole and not narrow(self.line, a + 1) and (not closed or closed[0].key != "and")
        if first in _CLOSING or [t.key for t in opened[:2]] == ["that", ","]:
            return self._aside(a, k, b, comma=comma)
        if any(t.mark for j in region for t in self.line.gaps[j]) or narrow(self.line, a + 1):
            return False
        if any(t.key in watched.SCOPE for j in region for t in self.line.gaps[j]):
            return False
        if any(self._verb_in(j, a) for j in region) or self._protected_head(region):
            return False
        if first == "and":
            return self._conjunct(a, k)
        if first not in watched.PHRASE or (first == "to" and not self._noun_after_to(a)):
            return False
        if not closed:
            following = self.line.content[k + 1]
            return following.key in watched.VERBS | watched.ATTITUDE and past(following.text)
        return closed[0].key in _CLOSES_PHRASE or closed[0] is THAT

    def _aside(self, a: int, k: int, b: int, *, comma: bool) -> bool:
        """Whether words ``a+1 .. k`` stand between two marks of a pair and are no main clause."""
        opened = [t.key for t in self.line.gaps[a + 1]]
        if opened[0] == "that":
            opened = opened[1:]
        closed, region = self.line.gaps[k + 1], range(a + 1, k + 1)
        if not closed or closed[0].key != _CLOSING[opened[0]] or set(opened) & _IF:
            return False
        if any(t.mark for j in range(a + 2, k + 1) for t in self.line.gaps[j]):
            return False
        after = self.line.content[b]
        verb = after.key in watched.VERBS | watched.ATTITUDE or verb_like(after, None)
        if after.text.endswith("ing") or (comma and (verb or verbal(self.line, k + 1))):
            return False
        if set(opened) & SUBORDINATE:
            return True
        if past(self.line.content[a + 1].text) and len(opened) == 1 and not has_verb(self.line, a):
            return False
        return not any(verbal(self.line, j) for j in region) and not any(
            verb_like(self.line.content[j], None) and not self.line.content[j].text.endswith("ed")
            for j in range(a + 2, k + 1)
        )

    def _conjunct(self, a: int, k: int) -> bool:
        """ "27 fishermen and four trawlers near the island": the second of two nouns may go."""
        between = {t.key for g in self.line.gaps[max(0, a - 3) : a + 1] for t in g}
        if "between" in between or "both" in between or verb_like(self.line.content[a + 1], None):
            return False
        head, last = self.line.content[a], self.line.content[k]
        nominal = all(t.capital or t.text.endswith("s") for t in (head, last))
        closed = self._words(k + 1)
        return nominal and bool(closed) and closed[0] in watched.ADJUNCT | {"near"}

    def _verb_in(self, j: int, a: int) -> bool:
        token, gap = self.line.content[j], self.line.gaps[j]
        if any(t.key in VERBAL for t in gap):
            return True
        if j > a + 1 and any(t.key in _INNER for t in gap):
            return True
        return j > a + 1 and not gap and verb_like(token, self.line.content[j - 1])

    def _protected_head(self, region: range) -> bool:
        """A word that limits the whole sentence ("in part", "in theory") inside a phrase."""
        return any(self.line.content[j].key in watched.PROTECTED for j in region)

    def _noun_after_to(self, a: int) -> bool:
        """Whether "to" after word ``a`` opens a phrase ("to Ukraine") and no verb ("to strike")."""
        fenced = any(t.key in _FENCES for t in self.line.gaps[a + 1])
        return self.line.content[a + 1].capital or fenced

    # -- the tail --------------------------------------------------------------------------------

    def tail(self, a: int, opened: list[str]) -> bool:
        """Whether all after word ``a`` may be left out. ``opened``: the gap after it."""
        rest = range(a + 1, len(self.line.content))
        head = self.line.content[a]
        if head.text.endswith("ly") or head.key in watched.PROTECTED & _ADVERBS:
            return False
        first = opened[0] if opened else ""
        if title_case(self.line) or (any(t.mark for t in self.line.gaps[a]) and a):
            return False
        if first not in BREAKS and narrow(self.line, a + 1):
            return False
        if not opened:
            return self._before_participle(a) and not limits(self.line, rest)
        if first in (",", "(", "—") and self._verb_follows(a):
            return False
        if first not in BREAKS and first not in watched.AFTER and first != "to":
            return False
        if first in _COMPLEMENTS and (verb_like(head, None) or adjective(head, None)):
            return False
        if first == "to" and not self._noun_after_to(a):
            return False
        if not has_verb(self.line, a) and begun(self.line, a):
            return False
        if self._as_complement(a) or self._inside_aside(a) or head.key in _EMPTY:
            return False
        if first == "and":
            if head.text.endswith("est") or adjective(head, None):
                return False
            between = {t.key for g in self.line.gaps[max(0, a - 3) : a + 1] for t in g}
            if between & {"between", "both"}:
                return False
        joined = opened[-1] == "and" and not self.line.content[a + 1].capital
        return not limits(self.line, range(a + 1 + joined, len(self.line.content)))

    def _inside_aside(self, a: int) -> bool:
        """Whether the cut would leave the sentence within a clause that something must follow."""
        for j in range(a, -1, -1):
            keys = [t.key for t in self.line.gaps[j]]
            opens = bool(set(keys) & SUBORDINATE) and (
                j == 0 or "," in keys or "that" in keys or THAT in self.line.gaps[j]
            )
            if opens:
                return any(t.key == "," for g in self.line.gaps[a + 1 :] for t in g)
            if "," in keys:
                return False
        return False

    def _as_complement(self, a: int) -> bool:
        """Whether the tail tells what something is taken for ("positioned X as a hallmark")."""
        for j in range(a + 1, len(self.line.content)):
            gap = self.line.gaps[j]
            if any(t.mark for t in gap):
                return False
            keys = [t.key for t in gap]
            if "as" in keys and set(keys) & _FENCES and not self.line.content[j].capital:
                return True
        return False

    def _verb_follows(self, a: int) -> bool:
        """Whether after the comma behind word ``a`` the main clause goes on with its verb."""
        if has_verb(self.line, a):
            return False
        for j in range(a + 1, len(self.line.content)):
            keys = [t.key for t in self.line.gaps[j]]
            if j > a + 1 and "," not in keys:
                continue
            gap = self._words(j)
            after = self.line.content[j]
            verb = not gap and not after.text.endswith("ing") and verb_like(after, None)
            if verb or (gap and gap[0] in VERBAL):
                return True
        return False

    def _before_participle(self, a: int) -> bool:
        """Whether the passage goes on after a noun with "targeting ..." or "armed with ..."."""
        head, after = self.line.content[a], self.line.content[a + 1]
        if after.capital or not noun(head) or after.key in watched.PROTECTED:
            return False
        if any(t.mark for t in self.line.gaps[a]) or adjective(head, None):
            return False
        if after.text.endswith("ing"):
            return True
        following = [t.key for t in self.line.gaps[a + 2]]
        return after.text.endswith("ed") and following[:1] in (["with"], ["by"])
