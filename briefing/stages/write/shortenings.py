"""Every shortening of a passage that its graph of words allows: what the writer may choose from.

The passage is taken in each of its versions (:mod:`briefing.text.rewording`): as it stands, in
plain words, and with its speaker first. A shortening leaves words out and adds none, as in sentence
compression by deletion (Knight and Marcu 2002; Filippova et al. 2015). The checks prove each one
before the writer sees it; the language model then chooses, word by word, the one that reads best.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from briefing.news import Option
from briefing.text.lexicon import every
from briefing.text.rewording import plain, versions
from briefing.text.shortening import ENDED, Graph, Step, graph
from briefing.text.wording import wording
from briefing.text.words import words

_LEAST_WORDS = 6
"""Of a shortening; shorter ones were fragments."""
_MOST_LEAPS = 3
"""Places at which one shortening leaves words out, its end among them."""
_LONGEST = 80
"""Words of a passage; a longer one is a text that nobody has parted into sentences."""
_MOST = 240
"""Shortenings of one version: a long sentence has more, and those with few leaps come first."""

_OWN = 6.0
"""Nats for a sentence that is more than a near copy: beside the language model's own likelihood."""
_PER_FACT = 1.5
"""Nats against each name or number left out."""
_JOINS = every("and but so yet or meanwhile however also still then")
_JOINED = 4.0
"""Nats against a sentence that begins with "And" or "Meanwhile"."""
_PER_WORD = 0.12
"""Nats for each word of the passage that the reader is spared."""


def shortenings(text: str) -> list[str]:
    """Sentences made from ``text`` by leaving words out, plain versions first; never ``text``."""
    if len(text.split()) > _LONGEST:
        return []
    found: dict[str, None] = {}
    for version in versions(text):
        ways = graph(version)
        paths = (path for leaps in range(_MOST_LEAPS + 1) for path in _paths(ways, leaps))
        for path in islice(paths, _MOST):
            found[_written(ways, path)] = None
    found.pop(" ".join(text.split()), None)
    return list(found)


def option(sentence: str, passage: str) -> Option:
    """``sentence`` as something to write in place of ``passage``, with what the reader gains."""
    kept = {w.stem for w in words(sentence)}
    lost = sum(fact not in kept for fact in _facts(plain(passage)))
    spared = len(words(passage)) - len(words(sentence))
    own = wording(sentence, [passage]).written
    joined = sentence.partition(" ")[0].strip(",").lower() in _JOINS
    gain = _OWN * own - _PER_FACT * lost + _PER_WORD * spared - _JOINED * joined
    return Option(sentence, gain, own)


def _facts(passage: str) -> set[str]:
    """Stems of the names and numbers of a passage."""
    return {
        w.stem for w in words(passage) if w.start and (w.text[0].isupper() or w.text[0].isdigit())
    }


def _paths(ways: Graph, leaps: int) -> Iterator[list[Step]]:
    """Ways through the graph with exactly so many leaps, its end among them."""
    last = len(ways.words) - 1

    def go(path: list[Step], left: int) -> Iterator[list[Step]]:
        at = path[-1].to
        if at == last:
            if not left:
                yield path
            return
        if left == 1 and ways.ends[at] and len(path) >= _LEAST_WORDS:
            yield path
        for step in ways.follow[at + 1]:
            leap = step.to > at + 1
            if left or not leap:
                yield from go([*path, step], left - leap)

    for step in ways.follow[0]:
        leap = step.to > 0
        if leaps or not leap:
            yield from go([step], leaps - leap)


def _written(ways: Graph, path: list[Step]) -> str:
    pieces = []
    for n, step in enumerate(path):
        word = ways.words[step.to]
        marked = n + 1 < len(path) and path[n + 1].mark
        core = word.core if n or not step.to else word.core[:1].upper() + word.core[1:]
        pieces.append(core + (word.mark if marked else ""))
    text = " ".join(pieces)
    return text if ENDED.search(text) else text + "."
