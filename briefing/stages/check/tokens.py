"""A sentence as content words with the grammar words between them, and its attribution in front.

Two sentences that tell the same with the attribution at different places ("X, Miller said." and
"Miller said that X.") have one form in common.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from briefing.stages.check import watched
from briefing.text import lexicon
from briefing.text.numbers import Quantity, bound_span, quantities
from briefing.text.words import is_function_word, is_possessive, words


@dataclass(frozen=True, slots=True)
class Token:
    """One content word, grammar word or punctuation mark."""

    text: str
    key: str  # what it is compared by
    content: bool
    mark: bool = False  # punctuation
    capital: bool = False
    possessive: bool = False
    demonym: bool = False
    glued: bool = False  # joined to the next word by a hyphen
    start: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """``gaps[i]`` stands before ``content[i]``; the last gap ends the sentence."""

    content: tuple[Token, ...]
    gaps: tuple[tuple[Token, ...], ...]

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(t.key for t in self.content)


_MARK = re.compile(r"[,;:()\[\]—–“”\"‘’…?!]|\s-\s|\.(?=\s|$)")
_SINGLE = frozenset("‘’'")  # apostrophes as often as quote marks: not read
_DOUBLE = frozenset('“”"')
QUOTE = '"'  # key of every double quote mark


@lru_cache(maxsize=8192)
def tokens(text: str) -> tuple[Token, ...]:
    """Tokens of ``text`` in order; a quantity with its direct unit is one."""
    spans: list[tuple[int, int, Token]] = []
    taken: list[tuple[int, int]] = []
    for q in quantities(text):
        spans.append((q.start, q.end, _number(q)))
        taken.append((q.start, q.end))
        if q.bound and (span := bound_span(text, q)):
            token = Token(text[span[0] : span[1]], f"~{q.bound}", content=True, start=span[0])
            spans.append((*span, token))
            taken.append(span)
    for w in words(text):
        if not any(s < w.end and w.start < e for s, e in taken):
            glued = text[w.end : w.end + 1] == "-" and text[w.end + 1 : w.end + 2].isalnum()
            spans.append((w.start, w.end, _word(w.text, w.stem, w.start, glued=glued)))
    inside = [(s, e) for s, e, _ in spans]
    for m in _MARK.finditer(text):
        if not any(s <= m.start() < e for s, e in inside) and m.group() not in _SINGLE:
            spans.append((m.start(), m.end(), _punctuation(m.group().strip(), m.start())))
    return tuple(t for _, _, t in sorted(spans, key=lambda x: x[0]))


def _number(q: Quantity) -> Token:
    unit = q.unit if q.unit in _KEYED or q.text[-1:].isalpha() else ""
    return Token(q.text, f"#{q.low:g}-{q.high:g}{unit}", content=True, start=q.start)


_KEYED = lexicon.every(
    "usd eur gbp jpy cny rub uah % points km miles metres mm cm kg tonnes mw gw ordinal fraction "
    "multiple hours time"
)
"""Units that are part of what a number is compared by; other units are words of their own."""


def _word(text: str, stem: str, start: int, *, glued: bool) -> Token:
    plain = text.lower().replace("’", "'")
    if is_function_word(text) and not (text == "May" and start):
        return Token(text, plain, content=False, start=start)
    bare = re.sub(r"(?:['’]s|['’])$", "", text).lower()
    demonym = bare in lexicon.DEMONYMS and bare not in lexicon.DEMONYMS.values()
    return Token(
        text,
        watched.same(stem),
        content=True,
        capital=text[0].isupper(),
        possessive=is_possessive(text),
        demonym=demonym,
        glued=glued,
        start=start,
    )


def _punctuation(mark: str, start: int) -> Token:
    key = "—" if mark in ("—", "–", "-") else QUOTE if mark in _DOUBLE else mark
    return Token(mark, key, content=False, mark=True, start=start)


def line(parts: tuple[Token, ...]) -> Line:
    """Content words and gaps of a row of tokens."""
    content: list[Token] = []
    gaps: list[tuple[Token, ...]] = []
    gap: list[Token] = []
    for token in parts:
        if token.content:
            content.append(token)
            gaps.append(tuple(gap))
            gap = []
        else:
            gap.append(token)
    return Line(tuple(content), (*gaps, tuple(gap)))


# -- attribution ---------------------------------------------------------------------------------

THAT = Token("that", "⟨that⟩", content=False)
"""Stands after an attribution put in front. It is never dropped nor added."""
_SAID = Token("said", "⟨say⟩", content=True)
_LONGEST_SPEAKER = 24


@lru_cache(maxsize=8192)
def forms(text: str) -> tuple[Line, ...]:
    """``text`` as it stands and, where it has an attribution, with that and `THAT` in front."""
    parts = tokens(text)
    found = [line(parts)]
    for lead in (_leading, _according, _trailing, _middle):
        if moved := lead(parts):
            found.append(line(moved))
    return tuple(dict.fromkeys(found))


def attributed(form: Line) -> bool:
    """Whether the form has its attribution in front."""
    return any(THAT in gap for gap in form.gaps)


def _say(token: Token) -> Token:
    if token.key in watched.SAY or token.key == "accord":
        return replace(_SAID, text=token.text, start=token.start)
    return token


def _is_saying(token: Token) -> bool:
    told = token.content and token.key in watched.SPEAKS and not token.text.endswith("ing")
    return told and not token.capital


def _clean(parts: tuple[Token, ...]) -> bool:
    """Whether a stretch can be one speaker: no verb of saying, no clause word, not too long."""
    bad = any(_is_saying(t) or t.key in lexicon.MODALS or t.key in (";", ".") for t in parts)
    bad = bad or any(
        t.key in lexicon.NEGATIONS or t.key in lexicon.CONJUNCTIONS - {"and"} for t in parts
    )
    if not parts or bad or len(parts) > _LONGEST_SPEAKER or parts[-1].key == "and":
        return False
    first = parts[0]
    return not (first.content and first.text.islower() and first.key in watched.ATTITUDE)


def _strip(parts: tuple[Token, ...]) -> tuple[Token, ...]:
    while parts and parts[0].mark:
        parts = parts[1:]
    while parts and parts[-1].mark:
        parts = parts[:-1]
    return parts


def _leading(parts: tuple[Token, ...]) -> tuple[Token, ...] | None:
    """ "Miller said (on Friday) that X", "Two officials told The Post that X"."""
    for i, token in enumerate(parts):
        if not _is_saying(token):
            continue
        opening, speaker = _adverbial(parts[:i])
        if not _clean(speaker):
            return None
        that = next(
            (j for j in range(i + 1, min(i + 14, len(parts))) if parts[j].key == "that"), None
        )
        told = token.key == "tell"
        if that is None and (told or i + 1 >= len(parts) or not _opens_clause(parts, i + 1)):
            return None
        end = i if that is None else that
        between = parts[i + 1 : end] if that is not None else ()
        if any(_is_saying(t) or t.mark for t in between):
            return None
        rest = parts[end + 1 :]
        addressee = (Token("to", "to", content=False), *between) if told else between
        return (*speaker, _say(token), *addressee, *opening, THAT, *rest)
    return None


def _adverbial(parts: tuple[Token, ...]) -> tuple[tuple[Token, ...], tuple[Token, ...]]:
    """What stands before a first comma, when it opens with a preposition, and the rest."""
    opens = parts and (
        parts[0].key in ("on", "in", "at", "during") or lexicon.is_adverb(parts[0].text)
    )
    if opens and parts[0].text[0].isupper():
        for j, token in enumerate(parts):
            if token.key == ",":
                return parts[:j], parts[j + 1 :]
    return (), parts


def _opens_clause(parts: tuple[Token, ...], i: int) -> bool:
    """Whether a clause with its own subject opens at ``i`` ("said Ukraine had fired")."""
    ahead = parts[i : i + 9]
    if not ahead or ahead[0].key in lexicon.PREPOSITIONS | lexicon.CONJUNCTIONS or ahead[0].mark:
        return False
    finite = lexicon.BE | lexicon.HAVE | lexicon.MODALS | lexicon.DO
    verb = next((n for n, t in enumerate(ahead) if n and t.key in finite), 0)
    return bool(verb) and not any(t.mark for t in ahead[:verb])


def _according(parts: tuple[Token, ...]) -> tuple[Token, ...] | None:
    """ "According to officials, X" and "X, according to officials"."""
    for i, token in enumerate(parts[:-1]):
        if token.key != "accord" or parts[i + 1].key != "to":
            continue
        if i == 0:
            for j in _commas(parts, i + 2):
                if _clean(parts[i + 2 : j]) and j + 1 < len(parts):
                    return (*parts[i + 2 : j], _say(token), THAT, *parts[j + 1 :])
            return None
        speaker = _strip(parts[i + 2 :])
        if _clean(speaker):
            return (*speaker, _say(token), THAT, *_strip(parts[:i]), Token(".", ".", False, True))
    return None


def _commas(parts: tuple[Token, ...], start: int) -> list[int]:
    """Commas after ``start``, the last one before a clause first."""
    return [
        j for j in range(start, min(start + _LONGEST_SPEAKER, len(parts))) if parts[j].key == ","
    ][:1]


def _trailing(parts: tuple[Token, ...]) -> tuple[Token, ...] | None:
    """ "X, Miller said (on Friday)." and "X, said Miller."."""
    comma = [i for i, t in enumerate(parts) if t.key in (",", "?", "!")]
    for i in reversed(comma):
        tail = parts[i + 2 :] if parts[i + 1 : i + 2] and parts[i + 1].mark else parts[i + 1 :]
        says = [j for j, t in enumerate(tail) if _is_saying(t)]
        if len(says) != 1:
            continue
        j = says[0]
        before, after = tail[:j], _strip(tail[j + 1 :])
        if any(t.key in lexicon.CONJUNCTIONS | {"who", "which", "that"} for t in before[:1]):
            continue
        if any(t.key == "that" for t in after) or (before and before[-1].mark):
            continue
        named = next((after[:n] for n, t in enumerate(after) if t.mark), after)
        end = Token(".", ".", False, True)
        if before and _clean(before) and named == after:
            if after and tail[j].key == "tell":
                after = (Token("to", "to", content=False), *after)
            return (*before, _say(tail[j]), *after, THAT, *parts[:i], end)
        if not before and _clean(after) and _inverted(named):
            return (*after, _say(tail[j]), THAT, *parts[:i], end)
    return None


def _inverted(after: tuple[Token, ...]) -> bool:
    """Whether the words after a verb of saying are its subject ("..., said David Miller")."""
    others = lexicon.PREPOSITIONS - {"of", "for", "at", "from"}
    verbs = lexicon.BE | lexicon.HAVE | lexicon.DO | others
    named = after[0].capital or after[0].key in lexicon.ARTICLES or after[0].key.startswith("#")
    return (named or len(after) < 4) and not any(t.key in verbs or t.possessive for t in after)


def _middle(parts: tuple[Token, ...]) -> tuple[Token, ...] | None:
    """ "X, Miller said, Y"."""
    comma = [i for i, t in enumerate(parts) if t.key == ","]
    for a, b in pairwise(comma):
        inner = parts[a + 1 : b]
        says = [j for j, t in enumerate(inner) if _is_saying(t)]
        if len(says) != 1 or len(inner) > 8:
            continue
        j = says[0]
        speaker = inner[:j] or inner[j + 1 :]
        if (
            j not in (0, len(inner) - 1)
            or not _clean(speaker)
            or speaker[0].key in ("who", "which")
        ):
            continue
        return (*speaker, _say(inner[j]), THAT, *parts[:a], *parts[b + 1 :])
    return None
