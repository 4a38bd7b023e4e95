"""Is a sentence a shortening of one passage? In-order alignment with every link checked.

Every content word of the sentence must stand in the passage, in the same order, and every link
between two neighbours of the sentence must be one that the passage makes, or that is left when
the passage loses a modifier, a parenthesis or a phrase at a safe boundary. Grammar words in the
link (prepositions, modals, negations, auxiliaries) must be the passage's own. So nobody's claim
goes to a neighbour, giver and receiver keep their places, and *may* stays *may*.

The idea is that of sentence compression by deletion (Knight and Marcu 2002; Filippova and Strube
2008), used the other way round: not to make a compression but to accept only what is one.
"""

from __future__ import annotations

from dataclasses import dataclass

from briefing.stages.check import watched
from briefing.stages.check.tokens import THAT, Line, Token
from briefing.text import lexicon

_BE = {form: "be" for form in lexicon.BE - {"been", "being"}}
_ADJECTIVE = ("al", "ive", "ous", "ic", "ful", "able", "ible", "ary", "ern", "ian", "ish", "ent", "ant") + (
    "like", "wide", "some", "ular", "ior", "ly",
)  # fmt: skip
_OPENERS = lexicon.ARTICLES | {"its", "his", "her", "their", "this", "these", "those", "that"}


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
        reached = {b for b, t in enumerate(p.content) if self._fits(0, b) and self._starts(b)}
        for i in range(1, len(s.content)):
            reached = {
                b
                for b in range(len(p.content))
                if self._fits(i, b) and any(a < b and self._joins(i, a, b) for a in reached)
            }
            if not reached:
                return False
        return any(self._ends(a) for a in reached)

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

    def _gap(self, line: Line, k: int) -> list[str]:
        """Grammar words of gap ``k`` in the form in which they are compared."""
        before = line.content[k - 1] if k else None
        keys = ["'s"] if before and before.possessive else []
        gap = [t.key for t in line.gaps[k]]
        following = line.content[k] if k < len(line.content) else None
        for n, key in enumerate(gap):
            ahead = gap[n + 1] if n + 1 < len(gap) else ""
            if key in lexicon.ARTICLES or key == "that":
                continue
            if (
                key in lexicon.HAVE
                and ahead != "to"
                and (ahead == "been" or _participle(following))
            ):
                continue
            keys += _opened(_BE.get(key, key))
        return keys

    def _same(self, ours: list[str], theirs: list[str]) -> bool:
        ours, theirs = [k for k in ours if k != ","], [k for k in theirs if k != ","]
        if ours == theirs:
            return True
        if [k for k in theirs if k not in watched.LOOSE] == ours:
            return True
        if self.headline:
            loose = {"will": "to"}
            return [loose.get(k, k) for k in theirs if k not in watched.LOOSE] == [
                loose.get(k, k) for k in ours
            ]
        return False

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
            if self._same(ours, theirs) and self._bare(k, b):
                return True
        return False

    def _joins(self, i: int, a: int, b: int) -> bool:
        ours = self._gap(self.sentence, i)
        for k in range(a, b):
            theirs = self._gap(self.passage, k + 1)
            if k > a:
                theirs = theirs[1:] if theirs[:1] == [","] or theirs[:1] == [")"] else theirs
            if not self._same(ours, theirs):
                continue
            if (k == a or self._phrase(a, k, b)) and self._bare(k, b):
                return True
        return False

    def _ends(self, a: int) -> bool:
        ours = [k for k in self._gap(self.sentence, len(self.sentence.content)) if k not in _FINAL]
        last = len(self.passage.content) - 1
        theirs = self._gap(self.passage, a + 1)
        if a == last:
            return ours == [k for k in theirs if k not in _FINAL]
        if ours or self.passage.content[a].possessive:
            return False
        if not theirs:
            return self._before_participle(a) and not self._limits(range(a + 1, last + 1))
        first = theirs[0]
        if first not in _BREAKS and first not in watched.AFTER and first != "to":
            return False
        if first in ("and", "to") and not self._cuts_cleanly(first, a):
            return False
        told = self.passage.content[a + 1]
        skip = 1 if "and" in theirs and theirs[-1] == "and" and not told.capital else 0
        return not self._limits(range(a + 1 + skip, last + 1))

    def _before_participle(self, a: int) -> bool:
        """Whether the passage goes on after a noun with "targeting ..." or "armed with ..."."""
        head, after = self.passage.content[a], self.passage.content[a + 1]
        if after.capital or _verb_like(head, None) or after.key in watched.PROTECTED:
            return False
        if after.text.endswith("ing"):
            return True
        following = [t.key for t in self.passage.gaps[a + 2]]
        return after.text.endswith("ed") and following[:1] in (["with"], ["by"])

    def _cuts_cleanly(self, first: str, a: int) -> bool:
        """ "to" before a noun phrase may go; "to" before a verb may not. So with "and"."""
        following = self.passage.gaps[a + 1]
        if first == "to":
            named = self.passage.content[a + 1].capital
            return named or any(t.key in _OPENERS for t in following)
        return "between" not in {
            t.key for gap in self.passage.gaps[max(0, a - 3) : a + 1] for t in gap
        }

    def _limits(self, region: range) -> bool:
        """Whether a part of the passage says something that limits what is kept."""
        for k in region:
            token = self.passage.content[k]
            if token.key in _LIMITING and not token.capital:
                return True
            if any(t.key in watched.SCOPE_AFTER or t is THAT for t in self.passage.gaps[k]):
                return True
        return False

    # -- what may be left out -----------------------------------------------------------------

    def _prefix(self, k: int) -> int:
        """How many grammar words of the gap after word ``k`` close a prefix that may be left out.

        -1: the prefix must stay. An adverbial closed by a comma may go, and so may a clause before
        a semicolon or a comma with "and", unless it speaks, doubts or sets a condition.
        """
        region = range(0, k + 1)
        gap = self._gap(self.passage, k + 1)
        if not gap or gap[0] not in (",", ";"):
            return -1
        head = [t.key for t in self.passage.gaps[0] if not t.mark]
        if gap[0] == "," and head and head[0] in _CONCEDES:
            return 1
        if self._limits(region):
            return -1
        if any(self.passage.content[j].key in watched.ATTITUDE for j in region):
            return -1
        first = self.passage.content[0]
        adverbial = bool(
            head and head[0] in lexicon.PREPOSITIONS | {"as", "while", "when"} | watched.LOOSE
        )
        if head and head[0] in _OPENERS | {"it", "he", "she", "they"}:
            adverbial = False
        if (adverbial or first.text.endswith("ly")) and gap[0] == ",":
            return 1
        if gap[0] == ";":
            return 1
        return 2 if len(gap) > 1 and gap[1] in ("and", "while", "whereas") else -1

    def _phrase(self, a: int, k: int, b: int) -> bool:
        """Whether words ``a+1 .. k`` are a phrase or parenthesis after ``a`` that may be left out."""
        opened = self._gap(self.passage, a + 1)
        closed = self._gap(self.passage, k + 1)
        if self.passage.content[a].possessive or not opened:
            return False
        region = range(a + 1, k + 1)
        if self._limits(region) or any(THAT in self.passage.gaps[j] for j in range(a + 1, k + 1)):
            return False
        pair = {",": ",", "(": ")", "—": "—"}.get(opened[0])
        if pair is not None:
            return closed[:1] == [pair] and not self.passage.content[b].text.endswith("ing")
        if opened[0] not in watched.PHRASE:
            return False
        if any(t.mark for j in range(a + 1, k + 1) for t in self.passage.gaps[j]):
            return False
        if closed[:1] == [","] and not any(t.key == "," for t in self.passage.gaps[a + 1]):
            return True
        if any(t.key in watched.SCOPE for j in region for t in self.passage.gaps[j]):
            return False
        return not any(self._verb_in(j, a) for j in region) and not self._protected(region)

    def _verb_in(self, j: int, a: int) -> bool:
        token, gap = self.passage.content[j], self.passage.gaps[j]
        if any(t.key in lexicon.BE | lexicon.HAVE | lexicon.DO | lexicon.MODALS for t in gap):
            return True
        if any(t.key in ("to", "and", "or", "who", "which") for t in gap) and j > a + 1:
            return True
        return j > a + 1 and not gap and _verb_like(token, self.passage.content[j - 1])

    def _bare(self, k: int, b: int) -> bool:
        """Whether words ``k+1 .. b-1`` are modifiers right before ``b`` that may be left out."""
        region = range(k + 1, b)
        if not region:
            return True
        run = self.passage.content[k + 1 : b + 1]
        if any(self.passage.gaps[j] for j in range(k + 2, b + 1)):
            return False
        named = all(t.capital for t in run) and not any(t.possessive for t in run[:-1])
        if named:
            titled = run[-2].key in watched.TITLES and run[-1].key not in watched.TITLES
            return titled or not self._protected(region)
        if run[-2].glued:
            return False
        if run[-1].capital and self._title(run):
            return True
        if self._protected(region) or any(t.possessive for t in run[:-1]):
            return False
        if run[-1].capital and any(t.capital and not (t.demonym or t.glued) for t in run[:-1]):
            return False
        opener = [t.key for t in self.passage.gaps[k + 1] if not t.mark]
        before = self.passage.content[k] if k >= 0 else None
        fenced = bool(opener and opener[-1] in _OPENERS) or bool(before and before.possessive)
        if fenced:
            return not any(_verb_like(t, None) for t in run[1:])
        return all(_adjective(t, run[n - 1] if n else None) for n, t in enumerate(run[:-1]))

    def _title(self, run: tuple[Token, ...]) -> bool:
        """ "former U.S. ambassador William Courtney": all that stands before a name."""
        names = [t for t in run if t.capital]
        lower = [t for t in run[:-1] if not t.capital]
        tail = run[len(run) - 1]
        return (
            bool(names)
            and bool(lower)
            and lower[-1].key in watched.TITLES
            and tail.key not in watched.TITLES
        )

    def _protected(self, region: range) -> bool:
        for j in region:
            token = self.passage.content[j]
            if token.key in watched.PROTECTED or token.key.endswith(
                ("ordinal", "fraction", "multiple")
            ):
                return True
            if token.key.startswith("~") and j + 1 not in region:
                return True
        return False


_LIMITING = watched.DOUBT | watched.SPEAKS | {"⟨say⟩"}
_SHORT = frozenset({watched.same("usa"), watched.same("uk"), "eu", "un"})
"""Short names that stand before a noun as they are ("U.S. aid")."""
_FINAL = frozenset({".", "!", "?", "…"})
_CONCEDES = frozenset(
    {"while", "although", "though", "despite", "after", "amid", "during", "following"}
)
"""Openers of a clause or phrase that may be left out before its main clause whatever it says."""
_BREAKS = frozenset({",", ";", "—", "(", ":"})


def _opened(key: str) -> list[str]:
    """Contractions as the words they stand for."""
    if key == "cannot" or key == "can't":
        return ["can", "not"]
    if key == "won't":
        return ["will", "not"]
    if key.endswith("n't"):
        return [_BE.get(key[:-3], key[:-3]), "not"]
    return [key]


def _participle(token: Token | None) -> bool:
    return token is not None and token.content and not token.text[0].isdigit()


def _past(text: str) -> bool:
    low = text.lower()
    return low.endswith("ed") or (low in lexicon.IRREGULAR and not low.endswith(("s", "ing")))


def _tense_lifted(ours: Token, theirs: Token) -> bool:
    """Whether a plan or a state was turned into something that happened, or the reverse."""
    if ours.key.startswith(("#", "~", "⟨")) or (ours.capital and theirs.capital):
        return False
    return _past(ours.text) != _past(theirs.text)


def _verb_like(token: Token, before: Token | None) -> bool:
    if token.capital or token.key.startswith(("#", "~")):
        return False
    low = token.text.lower()
    if low.endswith("ed") or low in lexicon.IRREGULAR:
        return True
    if low.endswith("s") and not low.endswith("ss") and before is not None:
        return (before.capital and not before.demonym) or before.text.endswith("s")
    return token.key in watched.VERBS and not low.endswith("s")


def _adjective(token: Token, before: Token | None) -> bool:
    if token.demonym or token.key.startswith(("#", "~")):
        return True
    if token.glued or (before is not None and before.glued):
        return True
    return not token.capital and token.text.lower().endswith(_ADJECTIVE)


def follows(sentence: tuple[Line, ...], passage: tuple[Line, ...], *, headline: bool) -> bool:
    """Whether one form of the sentence follows one form of the passage."""
    return any(Link(s, p, headline).holds() for s in sentence for p in passage)
