"""Sentences that are nearly one: how near in words, and what stands in place of what.

A sentence that an outlet prints again with one word changed is the gravest case of all: any
embedding takes it for a repeat, and the one word may be the news. So nothing is read here but the
words that only one of the two has, wherever they stand: an attribution that moved from the end to
the front leaves nothing over.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache

import numpy as np

from briefing.news import Value
from briefing.text.acts import AGAINST, TOWARDS
from briefing.text.dates import mentions
from briefing.text.ladder.parties import arms
from briefing.text.lexicon import every
from briefing.text.names import weapons
from briefing.text.numbers import Quantity, quantities
from briefing.text.values import as_written, close, comparable
from briefing.text.voices import voices
from briefing.text.words import REMEMBERED, Word, content_stems, is_function_word, stem, words

NEARLY_ONE = 0.7
"""Share of the shorter sentence's content stems from which two sentences are nearly one."""
LONGER = 1.6
"""How much longer one of them may be."""
COPY = 0.8
"""Share of the *longer* sentence's content stems from which one is a copy of the other, with a word
or two changed; of a short one, one word."""
LEAST = 4
"""Content words below which nothing can be said."""

_MAYBE = frozenset(
    stem(word)
    for word in every("may might could can possibly possible consider weigh mull expected likely")
)
_FUTURE = every("will shall would")
_GIVING = frozenset(
    stem(word)
    for word in every("allow authorise approve permit let lift ease greenlight permission")
)
_AUXILIARY = re.compile(
    r"(?:(?:has|have|had|is|are|was|were|been|will|would|may|might|could|not|now) )+$", re.I
)
_VERB_BEHIND = re.compile(r"(?: not| now| be)* \w+")
_FEW = 2
"""Words that may be added or left out alone; more are a clause of their own."""


@lru_cache(maxsize=2 * REMEMBERED)
def _stems(text: str) -> Counter[str]:
    return Counter(content_stems(text))


def shared(one: str, other: str) -> tuple[int, int, int]:
    """Content stems that both hold, of the shorter and of the longer one."""
    a, b = _stems(one), _stems(other)
    count_a, count_b = a.total(), b.total()
    both = sum(min(n, b[s]) for s, n in a.items() if s in b)
    return both, min(count_a, count_b), max(count_a, count_b)


def nearly_one(new: str, old: str) -> bool:
    """Whether two sentences share most of their content words."""
    both, fewer, more = shared(new, old)
    return fewer >= LEAST and more <= LONGER * fewer and both >= NEARLY_ONE * fewer


def is_copy(new: str, old: str) -> bool:
    """Whether one is the other with a word or two changed, moved or left out."""
    both, fewer, more = shared(new, old)
    return fewer >= LEAST and (both >= COPY * more or both >= more - 1)


def overlap(new: str, old: str) -> float:
    """How near two sentences are in words, 0 to 1 (Dice 1945)."""
    both, fewer, more = shared(new, old)
    return 2 * both / (fewer + more) if fewer + more else 0.0


class Texts:
    """Many sentences, of which those near to another in words are found without a look at each."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = texts
        self._lengths = np.array([_stems(text).total() for text in texts], dtype=np.int64)
        where: dict[str, list[int]] = {}
        for number, text in enumerate(texts):
            for one in _stems(text):
                where.setdefault(one, []).append(number)
        self._where = {one: np.array(numbers) for one, numbers in where.items()}

    def near(self, text: str) -> list[int]:
        """Numbers of the sentences that are nearly one with ``text`` or copies of it, in order."""
        own = _stems(text)
        if own.total() < LEAST or not len(self._lengths):
            return []
        # Of a word that comes twice, both may be shared: counted once, and made good for.
        both = np.full(len(self._lengths), own.total() - len(own))
        for one in own:
            if one in self._where:
                both[self._where[one]] += 1
        fewer = np.minimum(self._lengths, own.total())
        likely = np.flatnonzero((fewer >= LEAST) & (both >= NEARLY_ONE * fewer))
        return [
            n for n in map(int, likely)
            if nearly_one(text, self._texts[n]) or is_copy(text, self._texts[n])
        ]  # fmt: skip


# -- what stands in place of what ---------------------------------------------------------------


def numbers(new: str, old: str) -> tuple[str, str] | None:
    """A number of ``old`` that ``new`` no longer has, and what it has in its place."""
    ours, theirs = _counted(new), _counted(old)
    fresh, gone = list(ours), list(theirs)
    for value in ours:
        same = next((other for other in gone if _equal(value, other)), None)
        if same is not None:
            gone.remove(same)
            fresh.remove(value)
    if not fresh or not gone:
        return None
    pairs = [(o, v) for v in fresh for o in gone if o.meaning == v.meaning]
    was, now = pairs[0] if pairs else (gone[0], fresh[0])
    return was.text, now.text


def _counted(text: str) -> list[Value]:
    """Every number but those of dates, by its unit."""
    found = []
    for q in quantities(text):
        if q.unit not in ("date", "year", "name") and not _of_a_day(text, q):
            unit = q.unit if q.unit in ("km", "miles") else ""
            found.append(Value(unit or "number", "", q.low, q.high, unit, as_written(text, q)))
    return found


def _of_a_day(text: str, q: Quantity) -> bool:
    """Whether a number is one of a date, a time, or of the days of the war."""
    if any(m.start < q.end and q.start < m.end for m in mentions(text)):
        return True
    clock = ":" in q.text or re.match(r"\s?(?:[ap]\.?m\b|GMT|UTC)", text[q.end :])
    return bool(clock) or bool(re.search(r"\b(?:day|\d:)\s*$", text[: q.start], re.I))


def _equal(a: Value, b: Value) -> bool:
    return (comparable(a, b) or {a.unit, b.unit} <= {"km", "miles"}) and close(a, b)


def named_weapons(text: str) -> list[tuple[str, str]]:
    """Every mention of a weapon: its usual name, and as written."""
    found = {w.start: (w.text.removesuffix("-EG"), w.text) for w in weapons(text)}
    found |= {a.start: (a.weapon, text[a.start : a.end]) for a in arms(text)}
    return [found[start] for start in sorted(found)]


def named_parties(text: str) -> list[tuple[str, str]]:
    """Every mention of a party: its usual name, and as written."""
    return [(v.name, text[v.start : v.end]) for v in voices(text)]


def replaced(
    new: Sequence[tuple[str, str]], old: Sequence[tuple[str, str]], *, counted: bool
) -> tuple[str, str] | None:
    """Something named in ``old`` and not in ``new``, and what is named in its place.

    Args:
        new, old: usual names, and as written.
        counted: whether each mention counts, and not only each name.
    """
    fresh, gone = _left(new, old, counted), _left(old, new, counted)
    return (gone[0][1], fresh[0][1]) if fresh and gone else None


def _left(
    own: Iterable[tuple[str, str]], other: Sequence[tuple[str, str]], counted: bool
) -> list[tuple[str, str]]:
    held = Counter(name for name, _ in other)
    left = []
    for name, written in own:
        if held[name] <= 0:
            left.append((name, written))
        elif counted:
            held[name] -= 1
    return left


def holds(text: str, value: str) -> bool:
    """Whether ``text`` has a value of another sentence: the same words, number, weapon or party."""
    if re.search(rf"(?<!\w){re.escape(value)}(?!\w)", text, re.I):
        return True
    for read in (named_weapons, named_parties):
        if wanted := {name for name, _ in read(value)}:
            return wanted <= {name for name, _ in read(text)}
    counted = _counted(value)
    return bool(counted) and all(any(_equal(v, o) for o in _counted(text)) for v in counted)


def turned(new: str, old: str) -> tuple[str, str] | None:
    """The words by which ``new`` says the opposite of its copy ``old``; "" where it has none.

    It does when the words that only one of them has turn it round an odd number of times more.
    """
    fresh, gone = _in_place(new, old)
    ours = [word for word in fresh if _is_against(word, new)]
    theirs = [word for word in gone if _is_against(word, old)]
    if (len(ours) - len(theirs)) % 2 == 0:
        return None
    return _permits(old, theirs, gone), _permits(new, ours, fresh)


def _is_against(word: Word, text: str) -> bool:
    if word.stem == "rul":
        return text[word.end :].startswith(" out")
    contracted = word.text.lower().replace("’", "'").endswith("n't")
    return contracted or (word.stem in AGAINST and word.text.lower() != "note")


def _permits(text: str, shown: Sequence[Word], changed: Sequence[Word]) -> str:
    """The words by which ``text`` shows what has changed: these, else its words of permission."""
    towards = [word for word in changed if word.stem in TOWARDS]
    for word in shown or towards:
        return _phrase(text, word)
    verbs = [word for word in words(text) if word.stem in _GIVING]
    return _phrase(text, verbs[0]) if verbs else ""


def _phrase(text: str, word: Word) -> str:
    """A word with the auxiliaries before it, and one of modality with the verb behind it."""
    before = _AUXILIARY.search(text[: word.start])
    start = before.start() if before else word.start
    behind = _VERB_BEHIND.match(text, word.end) if _key(word) in _MAYBE | _FUTURE else None
    return text[start : behind.end() if behind else word.end]


def hedged(new: str, old: str) -> tuple[str, str] | None:
    """The words by which one of two copies tells of what may be and the other of what is; or the
    older of what is to come and the newer of what has come. The other way round, "will allow" for
    "allows" is only another way to say it.
    """
    fresh, gone = _in_place(new, old)
    for kind in (_MAYBE, _FUTURE):
        ours, theirs = ([w for w in part if _key(w) in kind] for part in (fresh, gone))
        if bool(ours) == bool(theirs) or (ours and kind is _FUTURE):
            continue
        verbs = [w for w in words(old if theirs else new) if w.start > (theirs or ours)[0].end]
        other = new if theirs else old
        bare = [w for verb in verbs[:2] for w in words(other) if w.stem == verb.stem]
        if kind is _FUTURE and not any(_is_past(other, w, verbs[:2]) for w in bare):
            continue
        before = _permits(old, theirs or bare, gone)
        return before, _permits(new, ours or bare, fresh)
    return None


def _is_past(text: str, word: Word, verbs: Sequence[Word]) -> bool:
    """Whether a verb that was in the future stands in the past or the perfect."""
    changed = all(word.text.lower() != verb.text.lower() for verb in verbs)
    auxiliary = _AUXILIARY.search(text[: word.start])
    perfect = auxiliary is not None and auxiliary.group().lower().startswith(("ha", "was", "were"))
    return perfect or (changed and not word.text.endswith(("s", "ing")))


def _in_place(new: str, old: str) -> tuple[list[Word], list[Word]]:
    """The words in which two copies differ, unless one of them only has a clause more."""
    fresh, gone = changed_words(new, old)
    if (not fresh or not gone) and len(fresh) + len(gone) > _FEW:
        return [], []
    return fresh, gone


def _key(word: Word) -> str:
    return word.text.lower() if is_function_word(word.text) else word.stem


def changed_words(new: str, old: str) -> tuple[list[Word], list[Word]]:
    """The words that only one of two sentences has, function words among them: (new, old)."""
    ours, theirs = words(new), words(old)
    return _minus(ours, theirs), _minus(theirs, ours)


def _minus(own: Sequence[Word], other: Sequence[Word]) -> list[Word]:
    left = Counter(map(_key, other))
    found = []
    for word in own:
        if left[_key(word)] > 0:
            left[_key(word)] -= 1
        else:
            found.append(word)
    return found
