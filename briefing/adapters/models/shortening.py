"""Compression by leaving out words: the writer chooses which, and cannot write others.

An untrained small model asked for a shorter sentence copies it whole or invents. Here its choice
at each step is confined to the passage: go on with the next word, leap to a later one, or end.
What it writes is a subsequence of the passage's words, as in sentence compression by deletion
(Knight and Marcu 2002; Filippova et al. 2015), with the language model itself as the judge of
fluency. Leaps that would change the claim are closed: out of or into a quotation, over a negation,
a modal or a hedge inside a clause, over the words that say who says it, past a condition.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from briefing.text.lexicon import MODALS, NEGATIONS, every

_OPENING = frozenset("“„«([")
_CLOSING = frozenset("”»)]")
_TAIL = re.compile(r"[,;:—–]+$")
_ENDED = re.compile(r"[.!?][”\"’'»)\]]*$")

# Who says it. Dropping one of these turns a report into a fact.
_SAYING = every(
    "said says saying told tells according claimed claims claiming alleged alleges alleging reported"
    " reports reporting reportedly allegedly argued argues arguing warned warns warning suggested"
    " suggests suggesting believes believed believing thinks thought estimated estimates announced"
    " announces confirmed confirms denied denies denying accused accuses accusing called calls"
    " described describes declared declares stated states stating insisted insists explained explains"
    " noted notes added adds revealed reveals acknowledged expects expected fears feared hopes hoped"
    " predicted predicts asked promised promises vowed pledged threatened threatens speculation"
    " contended asserted maintains maintained indicated indicates showed shows citing quoted"
)
# What limits a claim: without it the rest would say more than the source.
_LIMITING = (
    MODALS
    | NEGATIONS
    | every(
        "if unless whether until only except provided pending unclear likely unlikely possible possibly"
        " probable probably perhaps maybe apparently potential potentially about approximately nearly"
        " almost around roughly least most up than some many few several half former acting deputy"
        " proposed planned attempted failed refused stopped partly partially largely mainly mostly"
        " initially first last one-third two-thirds but although though despite"
    )
)
# May stand after the last word kept only if it is kept too.
_CONDITION = NEGATIONS | every("if unless until only except provided pending but whether")

# Open a phrase that may be left out between its head and the next phrase.
_PHRASES = every(
    "in at near from with on for by during since amid against across over within along alongside"
    " among inside outside throughout via toward towards into under around after before through"
)
# Open what may be cut off at the end.
_CLAUSES = _PHRASES | every("while when where and as because who which whose following")

_LEAST_WORDS = 6  # of a shortened sentence; shorter ones were fragments
_HEADLINE_WORDS = 12  # DIGEST: a subject has twelve words at most


@dataclass(frozen=True, slots=True)
class _Word:
    """One word of the passage, between spaces."""

    core: str  # as written, without a trailing comma or the final full stop
    body: tuple[int, ...]  # tokens of the core after a space
    first: tuple[int, ...]  # tokens of the core opening a sentence
    tail: tuple[int, ...]  # tokens of the trailing comma, semicolon, ...
    inside: bool  # a quotation or bracket is still open after it

    @property
    def plain(self) -> str:
        return self.core.strip("\"“”„«»()[]'’‘.").lower()


class Plan:
    """The passage as a graph of words: which may follow which."""

    def __init__(self, passage: str, encode: Callable[[str], Sequence[int]]) -> None:
        self.words = _split(passage, encode)
        self.stop = tuple(encode("."))
        count = len(self.words)
        self._saying = [_is(w, _SAYING) for w in self.words]
        self._limiting = [_is(w, _LIMITING) for w in self.words]
        self.follow = [self._followers(at) for at in range(-1, count)]
        self.ends = [self._may_end(at) for at in range(count)]

    def _followers(self, at: int) -> list[int]:
        """Words that may come after word ``at``; -1 is the beginning."""
        words, count = self.words, len(self.words)
        if at + 1 >= count:
            return []
        after = [at + 1]
        if at >= 0 and words[at].inside:
            return after
        opens = at < 0 or bool(words[at].tail)
        phrase = not opens and words[at + 1].plain in _PHRASES
        adverb = not opens and words[at + 1].plain.endswith("ly")
        limited = broken = False
        for to in range(at + 2, count):
            last_left = words[to - 1]
            if self._saying[to - 1]:
                break
            limited = limited or self._limiting[to - 1]
            if last_left.inside:
                continue
            enclosed = opens and bool(last_left.tail)  # "..., who had resigned, ..."
            inner = phrase and not limited and not broken  # "... in Riga on Monday ..."
            broken = broken or bool(last_left.tail)
            if (
                enclosed
                or (inner and not last_left.tail and words[to].plain in _PHRASES | {"that"})
                or (adverb and to == at + 2 and not limited and not last_left.tail)
            ):
                after.append(to)
        return after

    def _may_end(self, at: int) -> bool:
        words = self.words
        if words[at].inside:
            return False
        if at + 1 < len(words) and not words[at].tail and words[at + 1].plain not in _CLAUSES:
            return False
        return not any(
            self._saying[k] or _is(words[k], _CONDITION) for k in range(at + 1, len(words))
        )


def _is(word: _Word, listed: frozenset[str]) -> bool:
    parts = re.split(r"[-–—/]", word.plain)
    return (
        word.plain in listed
        or word.plain.endswith(("n't", "n’t"))
        or any(p in listed for p in parts)
    )


def _split(passage: str, encode: Callable[[str], Sequence[int]]) -> list[_Word]:
    words: list[_Word] = []
    raw = passage.split()
    depth, straight = 0, False
    for k, text in enumerate(raw):
        depth += sum(c in _OPENING for c in text) - sum(c in _CLOSING for c in text)
        straight ^= text.count('"') % 2 == 1
        tail = _TAIL.search(text)
        core = text[: tail.start()] if tail else text
        if k == len(raw) - 1 and core.endswith("."):
            core = core[:-1]
        if not core:  # a dash between spaces
            core, tail = text, None
        capital = core[0].upper() + core[1:]
        words.append(
            _Word(
                core=core,
                body=tuple(encode(" " + core)),
                first=tuple(encode(capital)),
                tail=tuple(encode(tail.group())) if tail else (),
                inside=depth > 0 or straight,
            )
        )
    return words


@dataclass(frozen=True, slots=True)
class _At:
    """A place in the plan: inside a word's tokens, its tail or the final stop."""

    word: int
    part: str  # "first", "body", "tail" or "stop"
    done: int  # tokens of that part already written


class Shortening:
    """One answer being written as a subsequence of the passage.

    ``bonus`` (nats) is added to a leap or an end, because a language model left alone copies.
    """

    def __init__(self, plan: Plan, *, bonus: float, headline: bool, stop: int) -> None:
        self._plan = plan
        self._bonus = bonus
        self._headline = headline
        self._stop = stop
        self._at: _At | None = None
        self._count = 0  # words begun

    def take(self, scores: Any) -> int | None:
        """The next token by ``scores`` (one row of logits); ``None`` at the end."""
        moves = self._moves()
        if not moves:
            return None
        values = scores[[token for token, _, _ in moves]].tolist()
        best = max(range(len(moves)), key=lambda k: (values[k] + self._bonus * moves[k][2], -k))
        token, place, _ = moves[best]
        if place is None:
            return None
        if place.part in ("first", "body") and place.done == 1:
            self._count += 1
        self._at = place
        return token

    def _moves(self) -> list[tuple[int, _At | None, bool]]:
        """(token, place after it, whether it leaves something out)."""
        plan, at = self._plan, self._at
        if at is None:
            return [(plan.words[to].first[0], _At(to, "first", 1), False) for to in plan.follow[0]]
        word = plan.words[at.word]
        tokens = {"first": word.first, "body": word.body, "tail": word.tail, "stop": plan.stop}
        if at.done < len(tokens[at.part]):
            return [(tokens[at.part][at.done], _At(at.word, at.part, at.done + 1), False)]
        if at.part == "stop":
            return []
        moves: list[tuple[int, _At | None, bool]] = []
        in_tail = at.part == "tail"
        last = at.word == len(plan.words) - 1
        if word.tail and not in_tail and not last:
            moves.append((word.tail[0], _At(at.word, "tail", 1), False))
        for to in plan.follow[at.word + 1]:
            leap = to > at.word + 1
            if leap or in_tail or not word.tail:
                moves.append((plan.words[to].body[0], _At(to, "body", 1), leap))
        if not in_tail and (last or (plan.ends[at.word] and self._count >= _LEAST_WORDS)):
            if self._headline or _ENDED.search(word.core):
                moves.append((self._stop, None, not last))
            else:
                moves.append((plan.stop[0], _At(at.word, "stop", 1), not last))
        return moves
