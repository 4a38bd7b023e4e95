"""A passage as a graph of words: which words may follow which in a shortening, where it may end.

Ways that would change the claim are closed: out of or into a quotation, over a negation, a modal or
a hedge inside a clause, over the words that say who says it, past a condition, without a verb. The
checks judge every answer again; closing a way here only saves an attempt.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

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
ENDED = re.compile(r"[.!?][”\"’'»)\]]*$")

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

_RELATIVES = every("who which whose where whom when")
_IRREGULAR = every(
    "struck hit shot fell rose went came took made gave sent held kept lost won met left cut set"
    " put built brought bought sold led paid ran saw spoke stood withdrew began became broke chose"
    " drew drove flew fought froze grew heard knew laid sank sought shook shut spent split spread"
    " stole swept threw wore wrote means wants plans seeks remains marks faces needs makes takes"
    " gives sends holds keeps leads runs sees stands begins gets got lies comes goes"
)
_AUXILIARIES = BE | HAVE | DO | MODALS
_ENDS_NOTHING = ARTICLES | PREPOSITIONS - {"up", "down", "out", "off", "over"} | CONJUNCTIONS


@dataclass(frozen=True, slots=True)
class Word:
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
        self._facts = [_is_fact(w, first=k == 0) for k, w in enumerate(self.words)]
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

    def facts_between(self, at: int, to: int) -> int:
        """Names and numbers among the words after ``at`` and before ``to``."""
        return sum(self._facts[at + 1 : to])

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
                # "put on hold on Monday": the phrase belongs to the verb more often than not
                return [] if words[k + 1].plain == words[first].plain else [k + 1]
        return []

    def _may_end(self, at: int) -> bool:
        words = self.words
        if at >= len(words) - 2:
            return at == len(words) - 1  # "switched on": a lone last word is no phrase
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
        if plain in _AUXILIARIES or plain in _IRREGULAR or self._saying[k]:
            return True
        # "the closed pier" is none
        return plain.endswith("ed") and (k == 0 or self.words[k - 1].plain not in ARTICLES)


def _is_fact(word: Word, *, first: bool) -> bool:
    bare = word.core.lstrip("\"“„«([‘'")
    return any(c.isdigit() for c in bare) or (bare[:1].isupper() and not first)


def _opens_sentence(word: Word) -> bool:
    """Whether a clause or phrase that begins so may go from the beginning of a sentence."""
    return word.plain in _OPENERS or word.plain.endswith("ly")


def _is(word: Word, listed: frozenset[str]) -> bool:
    parts = re.split(r"[-–—/]", word.plain)
    return (
        word.plain in listed
        or word.plain.endswith(("n't", "n’t"))
        or any(p in listed for p in parts)
    )


def _split(passage: str, encode: Callable[[str], Sequence[int]]) -> list[Word]:
    words: list[Word] = []
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
            Word(
                core=core,
                body=tuple(encode(" " + core)),
                first=tuple(encode(capital)),
                tail=tuple(encode(tail.group())) if tail else (),
                mark=tail.group() if tail else "",
                inside=depth > 0 or straight,
            )
        )
    return words
