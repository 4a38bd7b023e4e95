"""What a passage may lose without saying anything else: modifiers, phrases, parentheses.

There is no parser here: closed word classes, endings, capitals and punctuation decide, and where
they leave a doubt the answer is no.
"""

from __future__ import annotations

from dataclasses import dataclass

from briefing.stages.check import watched
from briefing.stages.check.scope import (
    FENCES,
    SUBORDINATE,
    VERBAL,
    has_verb,
    limits,
    narrow,
    noun_after_to,
    title_case,
    verbal,
)
from briefing.stages.check.tokens import QUOTE, THAT, Line, Token
from briefing.stages.check.wordclass import adjective, full_title, is_date, noun, past, verb_like
from briefing.text.lexicon import is_adverb

_BREAKS = frozenset({",", ";", "—", "(", ":"})
_CLOSING = {",": ",", "(": ")", "—": "—"}
_CLOSES_PHRASE = watched.ADJUNCT | VERBAL | _BREAKS | {")", "not"}
"""What may stand right after a phrase that is left out. Other words may belong to the phrase."""


_INNER = SUBORDINATE | {"to", "and", "or", "that"}
"""Inside a phrase these open another, whose end the phrase does not show."""
_IF = frozenset({"under", "when", "once", "by", "if", "unless", "without", "until"})
"""An aside that opens with one of these may be a condition."""


_DEGREES = watched.INTENSIFIERS | {"almost", "nearly", "quite", "rather", "fairly", "pretty", "all"}


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
        if any(t.key in watched.ATTITUDE | {"⟨say⟩"} and not t.capital for t in run[:-1]):
            return False
        if title_case(self.line) or run[-1].key in ("jr", "sr", "⟨say⟩"):
            return False
        before = self.line.content[k] if k >= 0 else None
        opener = self._words(k + 1)
        owned = (before is not None and before.possessive) or opener[-1:] in (
            ["its"],
            ["his"],
            ["her"],
            ["their"],
        )
        if all(t.capital for t in run) and not any(t.possessive for t in run[:-1]):
            if opener and (opener[-1] in FENCES or opener[-1] in ("of", "for")):
                return False  # an organisation: people have no article
            if self._more_of_name(b) and run[-2].key not in watched.TITLES:
                return False  # "Aaron David Miller" is not "David Miller"
            titled = any(t.key in watched.TITLES for t in run[:-1])
            return titled and run[-1].key not in watched.TITLES
        if run[-1].capital and full_title(run) and (k < 0 or self.line.gaps[k + 1]):
            return not owned
        if narrow(self.line, k + 1) or self._speaks(b):
            return False
        if all(is_adverb(t.text) and t.key not in watched.PROTECTED for t in run[:-1]):
            return not self._intensified(k)
        if self._protected(region) or any(t.possessive for t in run[:-1]):
            return False
        if any(t.demonym and not t.glued for t in run[:-1]) or not noun(run[-1]):
            return False
        if run[-1].capital and any(t.capital and not t.glued for t in run[:-1]):
            return False
        if run[-1].key in watched.ATTITUDE:
            return False
        plain = run[-1].key.startswith(("#", "~")) or run[-1].text.endswith("ing")
        if plain or (adjective(run[-1], None) and not adjective(run[-2], None)):
            return False
        if owned or (opener and opener[-1] in FENCES):
            return not any(verb_like(t, None) or t.text.endswith("ing") for t in run[1:-1])
        return all(adjective(t, run[n - 1] if n else None) for n, t in enumerate(run[:-1]))

    def _speaks(self, b: int) -> bool:
        """Whether a verb of saying comes right after word ``b``, which is no name."""
        after = self.line.content[b + 1 : b + 2]
        told = bool(after) and (after[0].key in watched.ATTITUDE or after[0].key == "⟨say⟩")
        return told and not after[0].capital and not self.line.content[b].capital

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

    def _intensified(self, k: int) -> bool:
        """Whether a word before the gap belongs to the adverb ("almost [certainly]")."""
        kept = self.line.content[k].text.lower() if k >= 0 else ""
        opener = self._words(k + 1)[-1:]
        return (not opener and kept in _DEGREES) or bool(set(opener) & (_DEGREES | {"not"}))

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
        opened, closed = self._marked(a + 1), self._marked(k + 1)
        if self.line.content[a].possessive or not opened:
            return False
        region = range(a + 1, k + 1)
        if limits(self.line, region) or any(THAT in self.line.gaps[j] for j in region):
            return False
        first = opened[0].key
        if first in ("on", "in") and all(is_date(self.line.content[j]) for j in region):
            whole = k + 1 >= len(self.line.content) or not is_date(self.line.content[k + 1])
            return (
                whole and bool(closed) and closed[0].key != "and" and not narrow(self.line, a + 1)
            )
        if first in _CLOSING or [t.key for t in opened[:2]] == ["that", ","]:
            return self._aside(a, k, b, comma=comma)
        if any(t.mark for j in region[1:] for t in self.line.gaps[j]) or narrow(self.line, a + 1):
            return False
        if any(t.key in watched.SCOPE for j in region for t in self.line.gaps[j]):
            return False
        if any(self._verb_in(j, a) for j in region) or self._protected_head(region):
            return False
        if first == "and":
            return self._conjunct(a, k)
        if self.line.content[a].text.endswith("ing"):
            return False  # "belonging | to the firm"
        if self._narrows_speaker(a, b):
            return False
        if first not in watched.PHRASE or (first == "to" and not noun_after_to(self.line, a)):
            return False
        if (not closed or closed[0].key in VERBAL) and self._counted():
            return False  # "spending | on cables | doubled": the figure is that of the phrase
        if not closed:
            following = self.line.content[k + 1]
            return following.key in watched.VERBS | watched.ATTITUDE and past(following.text)
        stacked = any(t.key in watched.PHRASE for j in region[1:] for t in self.line.gaps[j])
        if stacked and closed[0].key in watched.ADJUNCT:
            return False  # "on Sunday with a mass | in four languages"
        return closed[0].key in _CLOSES_PHRASE or closed[0] is THAT

    def _aside(self, a: int, k: int, b: int, *, comma: bool) -> bool:
        """Whether words ``a+1 .. k`` stand between two marks of a pair and are no main clause."""
        opened = [t.key for t in self._marked(a + 1)]
        if opened[0] == "that":
            opened = opened[1:]
        closed, region = self._marked(k + 1), range(a + 1, k + 1)
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
        if set(opened) & {"and", "but", "or"}:
            return False  # ", and second, it could": without the word two clauses run into one
        if len(opened) == 1 and any(
            t.key in ("and", "or") for j in region for t in self.line.gaps[j]
        ):
            return False  # the members of a list
        goes_on = verb or any(t.key in VERBAL for t in self.line.gaps[k + 1])
        if has_verb(self.line, a) or not goes_on:
            return False  # only the subject's apposition may go: else it may be who says all this
        if past(self.line.content[a + 1].text) and len(opened) == 1 and not has_verb(self.line, a):
            return False
        return not any(verbal(self.line, j) for j in region) and not any(
            verb_like(self.line.content[j], None) and not self.line.content[j].text.endswith("ed")
            for j in range(a + 2, k + 1)
        )

    def _counted(self) -> bool:
        return any(t.key.startswith("#") for t in self.line.content)

    def _marked(self, k: int) -> tuple[Token, ...]:
        return tuple(t for t in self.line.gaps[k] if t.key != QUOTE)

    def _narrows_speaker(self, a: int, b: int) -> bool:
        """Whether the phrase says which "authorities" or "office" speaks next."""
        speaks = self.line.content[b].key in watched.ATTITUDE | {"⟨say⟩"}
        return speaks and not self.line.content[a].capital

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
        inner = _INNER if j > a + 1 else SUBORDINATE | {"that"}
        if any(t.key in inner for t in gap):
            return True
        if j > a + 1 and gap and not any(t.key in watched.PHRASE | {"of"} for t in gap):
            return True  # a second noun phrase begins: "on Sunday | the timetable"
        return j > a + 1 and not gap and verb_like(token, self.line.content[j - 1])

    def _protected_head(self, region: range) -> bool:
        """A word that limits the whole sentence ("in part", "in theory") inside a phrase."""
        return any(self.line.content[j].key in watched.PROTECTED for j in region)
