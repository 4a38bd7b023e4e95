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
from typing import Any, Literal

from briefing.text.lexicon import (
    ARTICLES,
    BE,
    CONJUNCTIONS,
    DO,
    HAVE,
    MODALS,
    NEGATIONS,
    PREPOSITIONS,
    every,
)
from briefing.text.words import stem

_OPENING = frozenset("“„«([")
_CLOSING = frozenset("”»)]")
_TAIL = re.compile(r"[,;:—–]+$")
_ENDED = re.compile(r"[.!?][”\"’'»)\]]*$")

# Who says it. Dropping one of these turns a report into a fact.
_SAYING = frozenset(
    map(
        stem,
        every(
            "say tell according claim allege report reportedly allegedly argue warn suggest believe"
            " think estimate announce confirm deny accuse call describe declare state insist"
            " explain note add reveal acknowledge expect fear hope predict ask promise vow pledge"
            " threaten speculation find show contend assert maintain indicate cite quote write"
            " tweet post remark point urge demand rule reply conclude"
        ),
    )
)
# What limits a claim: without it the rest would say more than the source.
_LIMITING = (
    MODALS
    | NEGATIONS
    | every(
        "if unless whether until only except provided pending unclear likely unlikely possible"
        " possibly probable probably perhaps maybe apparently potential potentially about nearly"
        " approximately almost around roughly least most up than some many few several half former"
        " acting deputy proposed planned attempted failed refused stopped partly partially largely"
        " mainly mostly initially first last but although though despite significantly fully"
    )
)
# May stand after the last word kept only if it is kept too.
_CONDITIONS = every("if unless until only except provided pending whether")
_CUT_NEVER = NEGATIONS | _CONDITIONS | {"but"}

# Open a phrase that may be left out between its head and the next phrase.
_PHRASES = every(
    "in at near from with on for by during since amid against across over within along alongside"
    " among inside outside throughout via toward towards into under around after before through"
)
_AFTER_PHRASE = _PHRASES | {"that"}
_NOT_IN_PHRASE = BE | HAVE | every("to that which who whose when while where as because")
_PHRASE_WORDS = 6  # longer ones held a verb more often than not
# Open what may be cut off at the end.
_CLAUSES = _PHRASES | every("while when where and as because who which whose following")

# Open what may be left out at the beginning, up to its comma.
_OPENERS = _PHRASES | every(
    "while although though however now meanwhile also yet still then thus therefore moreover but"
    " and as given despite"
)

# The bonus grows with the words written: early cuts lose the point, late ones a detail.
_PATIENCE = 0.5
_USUAL_WORDS = 20

_RELATIVES = every("who which whose where whom when")
_AUXILIARIES = BE | HAVE | DO | MODALS
_ENDS_NOTHING = ARTICLES | PREPOSITIONS - {"up", "down", "out", "off", "over"} | CONJUNCTIONS

_LEAST_WORDS = 6  # of a shortened sentence; shorter ones were fragments


@dataclass(frozen=True, slots=True)
class _Word:
    """One word of the passage, between spaces."""

    core: str  # as written, without a trailing comma or the final full stop
    body: tuple[int, ...]  # tokens of the core after a space
    first: tuple[int, ...]  # tokens of the core opening a sentence
    tail: tuple[int, ...]  # tokens of the trailing comma, semicolon, ...
    mark: str  # the trailing comma, semicolon, ... itself
    inside: bool  # a quotation or bracket is still open after it

    @property
    def comma(self) -> bool:
        return self.mark == ","

    @property
    def plain(self) -> str:
        return self.core.strip("\"“”„«»()[]'’‘.").lower()


class Plan:
    """The passage as a graph of words: which may follow which."""

    def __init__(self, passage: str, encode: Callable[[str], Sequence[int]]) -> None:
        self.words = _split(passage, encode)
        self.stop = tuple(encode("."))
        count = len(self.words)
        self._saying = [stem(w.plain) in _SAYING for w in self.words]
        self._limiting = [_is(w, _LIMITING) for w in self.words]
        self.follow = [self._followers(at) for at in range(-1, count)]
        self.ends = [self._may_end(at) for at in range(count)]

    def _followers(self, at: int) -> list[int]:
        """Words that may come after word ``at``; -1 is the beginning."""
        if at + 1 >= len(self.words):
            return []
        if at < 0:
            return [0, *self._openings()]
        word = self.words[at]
        if word.inside:
            return [at + 1]
        return [at + 1, *(self._past_aside(at) if word.comma else self._past_phrase(at))]

    def _openings(self) -> list[int]:
        """Where the answer may begin when "In September, ..." or "However, ..." is left out.

        A concession may go from the beginning ("While nobody confirmed it, ..."); a condition and
        the words that say who says it may not.
        """
        found, opener = [], 0
        for k, word in enumerate(self.words[:-1]):
            if not _opens_sentence(self.words[opener]) or self._saying[k] or _is(word, _CONDITIONS):
                break
            if word.comma and not word.inside:
                opener = k + 1
                found.append(opener)
        return found

    def _past_aside(self, at: int) -> list[int]:
        """Words after "..., who had resigned, ...", which stands between two commas.

        What follows "In September," or "but on Monday," is no aside, it is the subject.
        """
        start = at
        while start > 0 and not self.words[start - 1].mark:
            start -= 1
        if _opens_sentence(self.words[start]):
            return []
        found = []
        for k in range(at + 1, len(self.words) - 1):
            if self._saying[k] or self._limiting[k]:
                break
            if self.words[k].comma and not self.words[k].inside:
                found.append(k + 1)
        return found

    def _past_phrase(self, at: int) -> list[int]:
        """Words after "... in Riga on ...": one preposition and a few words, no verb among them;
        or after an adverb."""
        words, first = self.words, at + 1
        if words[at].mark or first + 1 >= len(words) or self._limiting[first]:
            return []
        if words[first].plain.endswith("ly") and not words[first].mark:
            return [first + 1]
        if words[first].plain not in _PHRASES:
            return []
        for k in range(first, min(first + _PHRASE_WORDS, len(words) - 1)):
            word = words[k]
            if word.mark or self._saying[k] or self._limiting[k] or word.plain in _NOT_IN_PHRASE:
                break
            if not word.inside and words[k + 1].plain in _AFTER_PHRASE and k > first:
                return [k + 1]
        return []

    def _may_end(self, at: int) -> bool:
        words = self.words
        if at == len(words) - 1:
            return True
        if words[at].inside:
            return False
        if not words[at].mark and words[at + 1].plain not in _CLAUSES:
            return False
        if words[at].plain in _ENDS_NOTHING or not self._has_main_verb(at):
            return False
        # "She said on Monday" and no more says nothing.
        if any(self._saying[max(0, at - _PHRASE_WORDS) : at + 1]) and (
            self._saying[at] or any(w.plain in ("that", "whether") for w in words[at + 1 :])
        ):
            return False
        return not any(
            self._saying[k] or _is(words[k], _CUT_NEVER) for k in range(at + 1, len(words))
        )

    def _has_main_verb(self, at: int) -> bool:
        """Whether words 0 to ``at`` hold a verb outside "While ...," and ", who ...", and another
        after "that"."""
        main, aside = [], False
        for k in range(at + 1):
            if k == 0 or self.words[k - 1].mark:
                aside = _opens_sentence(self.words[k]) or self.words[k].plain in _RELATIVES
            if not aside:
                main.append(k)
        thats = [k for k in main if self.words[k].plain == "that"]
        return any(self._verb(k) for k in main if not thats or k > thats[0])

    def _verb(self, k: int) -> bool:
        plain = self.words[k].plain
        if plain in _AUXILIARIES or self._saying[k]:
            return True
        # "the closed pier" is none
        return plain.endswith("ed") and (k == 0 or self.words[k - 1].plain not in ARTICLES)


def _opens_sentence(word: _Word) -> bool:
    """Whether a clause or phrase that begins so may go from the beginning of a sentence."""
    return word.plain in _OPENERS or word.plain.endswith("ly")


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
                mark=tail.group() if tail else "",
                inside=depth > 0 or straight,
            )
        )
    return words


@dataclass(frozen=True, slots=True)
class _At:
    """A place in the plan."""

    word: int
    part: Literal["first", "body", "tail", "stop", "over"]
    done: int  # tokens of that part already written


@dataclass(frozen=True, slots=True)
class _Move:
    """One way on."""

    token: int  # whose score decides
    to: _At
    shortens: bool = False  # leaves something out
    silent: bool = False  # the token is weighed, not written


class Shortening:
    """One answer being written as a subsequence of the passage.

    ``bonus`` (nats, at ten words written; more after) is added to a leap and to an early end,
    because a language model left alone copies.
    """

    def __init__(self, plan: Plan, *, bonus: float) -> None:
        self._plan = plan
        self._bonus = bonus
        self._at = _At(-1, "body", 0)
        self._count = 0  # words begun

    def take(self, scores: Any) -> Sequence[int]:
        """The next tokens by ``scores`` (one row of logits), up to the next choice."""
        taken: list[int] = []
        while moves := self._moves():
            if len(moves) == 1:
                move = moves[0]
            elif taken:
                break
            else:
                values = scores[[m.token for m in moves]].tolist()
                bonus = self._bonus * (_PATIENCE + self._count / _USUAL_WORDS)
                weights = [v + bonus * m.shortens for v, m in zip(values, moves, strict=True)]
                move = moves[weights.index(max(weights))]
            self._count += move.to.part in ("first", "body") and move.to.done == 1
            self._at = move.to
            if not move.silent:
                taken.append(move.token)
        return taken

    def _moves(self) -> list[_Move]:
        plan, at = self._plan, self._at
        if at.part == "over":
            return []
        if at.word < 0:
            return [_Move(plan.words[to].first[0], _At(to, "first", 1)) for to in plan.follow[0]]
        word = plan.words[at.word]
        tokens = {"first": word.first, "body": word.body, "tail": word.tail, "stop": plan.stop}
        if at.done < len(tokens[at.part]):
            return [_Move(tokens[at.part][at.done], _At(at.word, at.part, at.done + 1))]
        if at.part == "stop":
            return []
        moves: list[_Move] = []
        in_tail = at.part == "tail"
        last = at.word == len(plan.words) - 1
        if word.tail and not in_tail and not last:
            moves.append(_Move(word.tail[0], _At(at.word, "tail", 1)))
        for to in plan.follow[at.word + 1]:
            leap = to > at.word + 1
            # The first comma of an aside may stay: "..., the ministry said".
            if leap or in_tail or not word.tail:
                moves.append(_Move(plan.words[to].body[0], _At(to, "body", 1), shortens=leap))
        if not in_tail and (last or (plan.ends[at.word] and self._count >= _LEAST_WORDS)):
            silent = bool(_ENDED.search(word.core))
            end = _At(at.word, "over", 0) if silent else _At(at.word, "stop", 1)
            moves.append(_Move(plan.stop[0], end, shortens=not last, silent=silent))
        return moves
