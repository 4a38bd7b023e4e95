"""Is a sentence a shortening of one passage? In-order alignment with every link checked.

Every content word of the sentence must stand in the passage, in the same order, and every link
between two neighbours of the sentence must be one that the passage makes, or that is left when
the passage loses a modifier, a parenthesis or a phrase at a safe boundary (:mod:`.cuts`). Grammar
words in the link (prepositions, modals, negations, auxiliaries) must be the passage's own. So
nobody's claim goes to a neighbour, giver and receiver keep their places, and *may* stays *may*.

The idea is that of sentence compression by deletion (Knight and Marcu 2002; Filippova and Strube
2008), used the other way round: not to make a compression but to accept only what is one.
"""

from __future__ import annotations

from dataclasses import dataclass

from briefing.stages.check import watched
from briefing.stages.check.cuts import Cuts
from briefing.stages.check.scope import clause_from, limits, verbal
from briefing.stages.check.tails import FINAL, tail
from briefing.stages.check.tokens import QUOTE, THAT, Line, Token
from briefing.text import lexicon

_BE = {form: "be" for form in lexicon.BE - {"been", "being"}}
_SHORT = frozenset({watched.same("usa"), watched.same("uk"), "eu", "un"})
"""Short names that stand before a noun as they are ("U.S. aid")."""
_SHED = lexicon.ARTICLES | {"its", "his", "her", "their"}
"""Words that a headline goes without."""
_CONCEDES = frozenset(
    {"while", "although", "though", "despite", "after", "amid", "during", "following"}
)
"""Openers of a clause or phrase that may be left out before its main clause whatever it says."""
_CONDITIONS = frozenset(
    {"by", "with", "without", "under", "upon", "except", "like", "unlike", "than", "to"}
)
"""Openers of a phrase that may be the condition of what follows: it must stay."""


@dataclass(frozen=True, slots=True)
class Link:
    """Checks the links of one sentence against one passage."""

    sentence: Line
    passage: Line
    headline: bool

    def holds(self) -> bool:
        """Whether the whole sentence follows the passage."""
        s, p = self.sentence, self.passage
        if not s.content:
            return False
        reached = {b for b in range(len(p.content)) if self._fits(0, b) and self._starts(b)}
        for i in range(1, len(s.content)):
            reached = {
                b
                for b in range(len(p.content))
                if self._fits(i, b) and any(a < b and self._joins(i, a, b) for a in reached)
            }
            if not reached:
                return False
        return any(self._ends(a) for a in reached)

    @property
    def _cuts(self) -> Cuts:
        return Cuts(self.passage)

    # -- words ------------------------------------------------------------------------------

    def _fits(self, i: int, b: int) -> bool:
        ours, theirs = self.sentence.content[i], self.passage.content[b]
        if ours.key != theirs.key:
            return False
        if ours.possessive != theirs.possessive or ours.demonym != theirs.demonym:
            return self._of_country(b, ours, theirs)
        return self.headline or not _tense_lifted(ours, theirs)

    def _of_country(self, b: int, ours: Token, theirs: Token) -> bool:
        """ "Russia's forces" and "Russian forces", "U.S. aid" and "American aid"."""
        owned = b + 1 < len(self.passage.content) and not self.passage.gaps[b + 1]

        def owns(token: Token) -> bool:
            return token.possessive or token.demonym or (token.key in _SHORT and owned)

        return owns(ours) and owns(theirs) and ours.capital and theirs.capital

    # -- grammar words ----------------------------------------------------------------------

    def _gap(self, line: Line, k: int) -> list[str]:
        """Grammar words of gap ``k`` in the form in which they are compared.

        All articles are one; finite forms of *be* are one; *that* does not count. A headline may
        leave out articles, possessive pronouns and the *have* of a perfect.
        """
        before = line.content[k - 1] if k else None
        keys = ["'s"] if before and before.possessive else []
        gap = [t.key for t in line.gaps[k] if t.key != QUOTE]
        for n, key in enumerate(gap):
            ahead = gap[n + 1] if n + 1 < len(gap) else ""
            perfect = key in lexicon.HAVE and ahead != "to" and k < len(line.content)
            if key == "that" or (self.headline and (perfect or key in _SHED)):
                continue
            keys += ["the"] if key in lexicon.ARTICLES else _opened(_BE.get(key, key))
        return keys

    def _same(self, ours: list[str], theirs: list[str]) -> bool:
        """Whether the grammar words of a link say the same, commas and safe losses apart."""
        ours, theirs = [k for k in ours if k != ","], [k for k in theirs if k != ","]
        kept = [k for k in theirs if k not in watched.LOOSE]
        if ours in (theirs, kept):
            return True
        if self.headline:
            return ["to" if k == "will" else k for k in kept] == [
                "to" if k == "will" else k for k in ours
            ]
        return False

    def _same_verb(self, i: int, b: int, ours: list[str], theirs: list[str]) -> bool:
        """`_same`, "lowered" for "has lowered", and in a headline "asks" for "has been asking"."""
        if self._same(ours, theirs):
            return True
        if theirs and theirs[-1] in lexicon.HAVE and self.sentence.content[i].text.endswith("ed"):
            return self._same(ours, theirs[:-1])
        token, source = self.sentence.content[i], self.passage.content[b]
        running = self.headline and source.text.endswith("ing") and not source.capital
        if (
            not running
            or token.text.endswith(("ing", "ed"))
            or token.text.lower() in lexicon.IRREGULAR
        ):
            return False
        plain = [k for k in theirs if k not in ("be", "been", "has", "have")]
        return len(plain) < len(theirs) and self._same(ours, plain)

    # -- links ------------------------------------------------------------------------------

    def _starts(self, b: int) -> bool:
        ours = self._gap(self.sentence, 0)
        for k in range(-1, b):
            theirs = self._gap(self.passage, k + 1)
            if k >= 0:
                cut = self._prefix(k)
                if cut < 0:
                    continue
                theirs = theirs[cut:]
            if self._same(ours, theirs) and self._cuts.bare(k, b):
                return True
        return False

    def _joins(self, i: int, a: int, b: int) -> bool:
        ours = self._gap(self.sentence, i)
        for k in range(a, b):
            theirs = self._gap(self.passage, k + 1)
            if k > a:
                opened = self._gap(self.passage, a + 1)[:1]
                if theirs[:1] == [","] and opened != [","] and ours[:1] != [","]:
                    continue
                theirs = theirs[1:] if theirs[:1] in ([","], [")"], ["—"]) else theirs
            if not self._same_verb(i, b, ours, theirs):
                continue
            if (k == a or self._cuts.phrase(a, k, b, comma="," in ours)) and self._cuts.bare(k, b):
                return True
        return False

    def _ends(self, a: int) -> bool:
        ours = [k for k in self._gap(self.sentence, len(self.sentence.content)) if k not in FINAL]
        last = len(self.passage.content) - 1
        if a == last:
            theirs = self._gap(self.passage, a + 1)
            return ours == [k for k in theirs if k not in FINAL]
        return not ours and tail(self.passage, a)

    def _prefix(self, k: int) -> int:
        """How many grammar words of the gap after word ``k`` close a prefix that may be left out.

        -1: the prefix must stay. An adverbial closed by a comma may go, and so may a clause before
        a semicolon or a comma with "and", unless it speaks, doubts or sets a condition.
        """
        gap = self._gap(self.passage, k + 1)
        if (
            not gap
            or gap[0] not in (",", ";")
            or any(THAT in g for g in self.passage.gaps[: k + 1])
        ):
            return -1
        head = [t.key for t in self.passage.gaps[0] if not t.mark]
        region = range(0, k + 1)
        whole = not any(t.mark for g in self.passage.gaps[1 : k + 1] for t in g)
        if gap[0] == "," and whole and head and head[0] in _CONCEDES:
            return 1
        purpose = head[:1] == ["for"] and any(
            t.key == "to" for j in region for t in self.passage.gaps[j]
        )
        if purpose or limits(self.passage, region):
            return -1
        if any(self.passage.content[j].key in watched.ATTITUDE for j in region):
            return -1
        first = self.passage.content[0]
        openers = (lexicon.PREPOSITIONS - _CONDITIONS) | watched.LOOSE
        fronted = (bool(head) and (head[0] in openers)) or lexicon.is_adverb(first.text)
        if gap[0] == "," and whole and fronted and not any(verbal(self.passage, j) for j in region):
            return 1
        if gap[0] == ";":
            return 1
        joined = len(gap) > 1 and gap[1] in ("and", "while", "whereas")
        return 2 if joined and clause_from(self.passage, k + 1) else -1


def _opened(key: str) -> list[str]:
    """Contractions as the words they stand for."""
    if key in ("cannot", "can't"):
        return ["can", "not"]
    if key == "won't":
        return ["will", "not"]
    if key.endswith("n't"):
        return [_BE.get(key[:-3], key[:-3]), "not"]
    return [key]


def _past(text: str) -> bool:
    low = text.lower()
    return low.endswith("ed") or (
        low in lexicon.IRREGULAR and not low.endswith(("s", "ing", "er", "est"))
    )


def _tense_lifted(ours: Token, theirs: Token) -> bool:
    """Whether a plan or a state was turned into something that happened, or the reverse."""
    if ours.key.startswith(("#", "~", "⟨")) or (ours.capital and theirs.capital):
        return False
    return _past(ours.text) != _past(theirs.text)


def follows(sentence: tuple[Line, ...], passage: tuple[Line, ...], *, headline: bool) -> bool:
    """Whether one form of the sentence follows one form of the passage."""
    return any(Link(s, p, headline).holds() for s in sentence for p in passage)
