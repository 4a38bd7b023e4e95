"""What a sentence in other words may not lose, whatever the judge says of it.

Read off drafts that no other rule refused, that the judge was sure of, and that still said more or
something else: a hedge gone ("[reportedly] falling"), an owner taken for what is owned ("Kyiv['s
allies]"), a modal or a denial gone from a word that was kept, a target gone ("missiles [into
Russia]"). Each rule looks at the words beside a word that the sentence kept, so that side details
may go.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from briefing.stages.check import watched
from briefing.text import lexicon
from briefing.text.words import Word, is_possessive, stem, words

_HEDGES = lexicon.every(
    "reportedly allegedly apparently supposedly purportedly seemingly ostensibly likely unlikely "
    "possibly probably potentially perhaps nearly almost barely partly partially initially "
    "temporarily alleged suspected planned proposed draft attempted failed former acting interim "
    "some several few first only fewer less"
)
"""Words that limit the next one."""
_BOUNDS = re.compile(
    r"\b(?P<bound>at least|at most|up to|more than|less than|fewer than|about|around|nearly|almost|"
    r"roughly|approximately|over|under|as many as|no more than)\s+"
    r"(?P<what>[\w$€£.,-]*\d[\w.,-]*|\w+)",
    re.IGNORECASE,
)
_TARGET = re.compile(
    r"(?P<head>[\w’'-]+)\s+(?:deep )?(?:into|inside|against)\s+(?:the )?(?P<place>[A-Z][\w’'-]+)"
)
_MODALS = lexicon.every("may might could can would will should must")
_FUTURE = {"will": {"will", "would", "to"}, "would": {"will", "would", "to"},
           "can": {"can", "could", "cannot"}, "could": {"can", "could", "may", "might", "cannot"},
           "may": {"may", "might", "could"}, "might": {"may", "might", "could"}}  # fmt: skip


def lost(text: str, source: str) -> str:
    """The first thing that the source has beside a word that was kept, and the sentence has not."""
    ours, theirs = words(text), words(source)
    stems = {w.stem for w in ours}
    plain = {w.text.lower().replace("’", "'") for w in ours}
    return (
        _hedge(theirs, stems)
        or _owner(theirs, ours, stems)
        or _mood(theirs, stems, plain)
        or _target(source, stems)
        or _bound(source, text)
    )


def _hedge(theirs: Sequence[Word], stems: set[str]) -> str:
    for k, word in enumerate(theirs[:-1]):
        low = word.text.lower()
        limited = theirs[k + 1].text.lower() not in lexicon.FUNCTION_WORDS
        kept = limited and theirs[k + 1].stem in stems
        if low in _HEDGES and word.stem not in stems and kept:
            if low == "first" and theirs[k + 1].text.lower() == "time":
                continue
            return f"{word.text!r} before {theirs[k + 1].text!r} is lost"
    return ""


def _owner(theirs: Sequence[Word], ours: Sequence[Word], stems: set[str]) -> str:
    """ "Kyiv's allies" told as "Kyiv"."""
    for k, word in enumerate(theirs[:-1]):
        if not is_possessive(word.text) or not word.text[0].isupper():
            continue
        owned = list(_phrase(theirs[k + 1 :]))
        if not owned or stem(owned[-1].text) in _GOVERNS:
            continue  # "Lebanon's government asked" may be told as "Lebanon asked"
        elsewhere = any(w.stem == word.stem for n, w in enumerate(theirs) if n != k)
        bare = any(w.stem == word.stem and not is_possessive(w.text) for w in ours)
        if bare and not elsewhere and not any(o.stem in stems for o in owned):
            return f"{word.text} {theirs[k + 1].text} became {word.text[:-2]}"
    return ""


def _phrase(theirs: Sequence[Word]) -> Iterator[Word]:
    """The words of a noun phrase, up to the next grammar word, adverb or known verb."""
    for word in theirs:
        low = word.text.lower()
        if low in lexicon.FUNCTION_WORDS or lexicon.is_adverb(low) or word.stem in _VERBS:
            return
        yield word


def _mood(theirs: Sequence[Word], stems: set[str], plain: set[str]) -> str:
    """A modal or denial right before a word that was kept."""
    for k, word in enumerate(theirs[:-1]):
        low = word.text.lower().replace("’", "'")
        after = [w for w in theirs[k + 1 : k + 4] if w.text.lower() not in lexicon.FUNCTION_WORDS]
        kept = after[:1] and after[0].stem in stems and not after[0].text[0].isupper()
        if not kept:
            continue
        modal = low in _MODALS and not (word.text[0].isupper() and word.start)  # "May": a month
        if low in _NOUNS and theirs[k + 1].text.lower() not in lexicon.BE | lexicon.HAVE:
            modal = modal and after[0].stem in _VERBS
        if modal and not plain & _FUTURE.get(low, {low}):
            return f"{word.text!r} before {after[0].text!r} is lost"
        if low == "not" or low.endswith("n't") or low in ("never", "neither", "nor"):
            denies = plain & (lexicon.NEGATIONS | {"denied", "refused", "rejected", "ruled"})
            if not denies and not any(p.endswith("n't") for p in plain):
                return f"{word.text!r} before {after[0].text!r} is lost"
    return ""


_GOVERNS = watched.stems(
    "government administration ministry parliament military army forces officials authorities "
    "leadership cabinet president minister"
)
_NOUNS = frozenset({"will", "might", "can"})
_VERBS = watched.VERBS | watched.ATTITUDE
"""Verbs by stem, so that "will" before a noun of the same form is left alone."""


def _target(source: str, stems: set[str]) -> str:
    for found in _TARGET.finditer(source):
        heads = words(found["head"])
        place = words(found["place"])
        if heads and place and heads[0].stem in stems and place[0].stem not in stems:
            return f"where: {found['place']!r} is lost"
    return ""


def _bound(source: str, text: str) -> str:
    """ "up to 20" told as "20"."""
    for found in _BOUNDS.finditer(source):
        what = found["what"]
        if not (what[0].isdigit() or what[0] in "$€£" or what.lower() in _NUMBERS):
            continue
        there = re.search(rf"(?<!\w){re.escape(what)}(?!\w)", text)
        if there and found["bound"].split()[0].lower() not in text.lower():
            return f"{found['bound']!r} before {what!r} is lost"
    return ""


_NUMBERS = lexicon.every(
    "two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty hundred "
    "half"
)
