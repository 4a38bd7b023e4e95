"""Words, stems and lengths of an English text.

The stemmer undoes inflection only (plural, tense, comparison by a table, possessive, demonym and
spelling variant): *strikes*, *striking* and *struck* share a stem, *decide* and *decision* do not.
The Porter family merges derivations (*organ*, *organisation*), which would let a check take one
word for another.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from briefing.text import lexicon

REMEMBERED = 4096
"""Texts whose words, names, numbers and dates are kept: more than the sentences of a day."""
WORDS_A_MINUTE = 230
"""Silent reading of English non-fiction by adults: 238 on average (Brysbaert 2019), less a margin
for figures and names."""


class Word(NamedTuple):
    """One word of a text: its span, its text as written, and its stem."""

    start: int
    end: int
    text: str
    stem: str


_WORD = re.compile(
    r"(?:United\s+(?:States(?:\s+of\s+America)?|Kingdom|Nations|Arab\s+Emirates)|"
    r"European\s+Union)\b(?:['’]s?(?!\w))?"
    r"|[A-Za-z](?:\.[A-Za-z])+\b\.?(?:['’]s\b)?"  # U.S., p.m., U.S.'s
    r"|\d+(?:[.,:]\d+)*(?:(?:st|nd|rd|th|s)(?![^\W\d_]))?"
    r"|[^\W\d_]+(?:['’][^\W\d_]+)*(?:(?<=s)['’](?![^\W_]))?"
)
_POSSESSIVE = re.compile(r"(?:['’]s|(?<=s)['’])$", re.IGNORECASE)
_VOWEL = re.compile(r"[aeiouy]")


def words(text: str) -> list[Word]:
    """Words of ``text`` in order. Hyphenated words are split; "U.S." and "10,000" are one each.

    "United States", "United Kingdom", "United Nations" and "European Union" are one word, so that
    they share a stem with their short forms.
    """
    return list(_words(text))


@lru_cache(maxsize=REMEMBERED)
def _words(text: str) -> tuple[Word, ...]:
    """A rule asks the same sentence many times; the answer depends on nothing else."""
    return tuple(Word(m.start(), m.end(), m.group(), stem(m.group())) for m in _WORD.finditer(text))


def is_possessive(word: str) -> bool:
    """Whether the word ends in a possessive mark ("Russia's", "allies'")."""
    return bool(_POSSESSIVE.search(word)) and word.lower().replace("’", "'") not in _CONTRACTED


def is_function_word(word: str) -> bool:
    """Whether the word is grammar and not content: articles, pronouns, prepositions, auxiliaries.

    Modal verbs and negations are function words too; what they do to a meaning is watched by the
    check, not here.
    """
    plain = word.lower().replace("’", "'")
    return plain in lexicon.FUNCTION_WORDS and word not in ("US", "IT", "AM")


def content_stems(text: str) -> list[str]:
    """Stems of the content words of ``text``, in order, repeats included."""
    return [w.stem for w in words(text) if not is_function_word(w.text)]


def word_count(text: str) -> int:
    """Number of words as a reader counts them: pieces between spaces with a letter or digit."""
    return sum(1 for piece in text.split() if any(c.isalnum() for c in piece))


def count(number: int, noun: str) -> str:
    """``1 article``, ``4 articles``"""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def reading_minutes(text: str) -> float:
    """Minutes that ``text`` takes to read."""
    return word_count(text) / WORDS_A_MINUTE


def trim(text: str, max_words: int) -> str:
    """``text``, or its first ``max_words`` words with "…" when it has more."""
    pieces = text.split()
    if len(pieces) <= max_words:
        return text
    return " ".join(pieces[:max_words]).rstrip(",;:–—-") + "…"


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """The stem of one word: equal for forms of the same word.

    Case matters only where it tells words apart ("US" and "us", "Polish" and "polish").
    """
    spaced = " ".join(word.split())
    plain = spaced.replace("’", "'")
    if plain.lower() not in _CONTRACTED:
        plain = _POSSESSIVE.sub("", plain)
    if plain in lexicon.ABBREVIATIONS:
        return lexicon.ABBREVIATIONS[plain]
    if plain[:1].isupper() and plain.lower() in lexicon.DEMONYMS:
        return stem(lexicon.DEMONYMS[plain.lower()])
    low = plain.lower()
    if any(c.isdigit() for c in low):
        return low.replace(",", "")
    low = low.replace(".", "")
    if plain.isupper() and len(plain) > 1:
        return low  # an acronym has no endings
    if low in lexicon.IRREGULAR:
        low = lexicon.IRREGULAR[low]
    return _close(_spelling(_inflection(low)))


def _inflection(word: str) -> str:
    """``word`` without a regular ending of plural, third person, past or -ing."""
    if len(word) <= 3 or word in lexicon.UNINFLECTED:
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes", "zzes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    for ending in ("ing", "ed"):
        if word.endswith(ending) and _VOWEL.search(word[: -len(ending)]):
            base = word[: -len(ending)]
            if ending == "ed" and base.endswith("i"):
                return base[:-1] + "y"
            if len(base) < 2 or (len(base) == 2 and base[-1] not in "wxe"):
                return word if ending == "ing" else base
            if base[-1] == base[-2] and base[-1] not in "lsz" and base[-1] not in "aeiou":
                return base[:-1]
            return base
    return word


def _spelling(word: str) -> str:
    """One spelling for British and American forms."""
    if word in lexicon.SPELLINGS:
        return lexicon.SPELLINGS[word]
    if len(word) > 5:
        if word.removesuffix("e") not in lexicon.TRUE_IS:
            word = re.sub(r"is(e?)$", r"iz\1", word)
        word = re.sub(r"isation", "ization", word)
        word = re.sub(r"yse?$", "yz", word)
        word = re.sub(r"our$", "or", word)
    return word


def _close(word: str) -> str:
    """The shape that all forms share: no silent e, single final l, s and z."""
    if len(word) > 3 and word.endswith("e") and not word.endswith("ee"):
        word = word[:-1]
    if len(word) > 4 and word[-1] == word[-2] and word[-1] in "lsz":
        word = word[:-1]
    if len(word) > 3 and word.endswith("y") and word[-2] not in "aeiou":
        word = word[:-1] + "i"
    return word


_CONTRACTED = frozenset(
    ["it's", "he's", "she's", "that's", "what's", "there's", "who's", "let's", "here's", "how's"]
)
