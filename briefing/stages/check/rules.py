"""One small rule each: what it finds wrong with a sentence, or "" when it finds nothing.

Each rule sees the sentence and the texts it cites. None repairs anything.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from briefing.stages.check import watched
from briefing.stages.check.tokens import tokens
from briefing.text import lexicon
from briefing.text.names import names
from briefing.text.numbers import Quantity, quantities
from briefing.text.quotes import normalise, quotations
from briefing.text.words import content_stems, is_possessive, stem, word_count, words

HEADLINE_WORDS = 12
"""Most words of a headline (DIGEST: "twelve words at most")."""
STATEMENT_WORDS = (6, 40)
"""Fewest and most words of a statement. The adapters are trained on 10 to 28."""

_LEFTOVER = re.compile(
    r"\[\d*\]|<\||\|>|</?\w+>|^\W*(?:reports?|text|headline|statement|summary|answer|note|"
    r"rewrite|source)s?\s*:"
    r"|\bwrite one\b|\brewrite\b.*\bsentence\b|\bas an "
    r"ai\b|https?://|www\.|[\x00-\x08\x0b-\x1f\x7f�]",
    re.IGNORECASE,
)
_YOU = re.compile(r"\b(?:you|your|yours|please|click|subscribe|let['’]s|let us)\b", re.IGNORECASE)
_STRANDED = lexicon.every(
    "up down out off in on over since before around through along inside outside below above within"
)
_OPEN_END = (
    lexicon.ARTICLES
    | (lexicon.PREPOSITIONS - _STRANDED)
    | lexicon.every("and or but nor while because which who whose his their its if told")
)
"""Words on which no sentence ends."""


def length(text: str, *, headline: bool) -> str:
    """Too short to say anything, or too long for its place."""
    count = word_count(text)
    if headline:
        return "" if 2 <= count <= HEADLINE_WORDS else f"{count} words"
    return "" if STATEMENT_WORDS[0] <= count <= STATEMENT_WORDS[1] else f"{count} words"


def shape(text: str, *, headline: bool) -> str:
    """Not one complete clean sentence: leftovers of a prompt, fragments, repetition, open marks."""
    if found := _LEFTOVER.search(text):
        return f"leftover {found.group().strip()!r}"
    unquoted = _outside_quotes(text)
    if found := _YOU.search(unquoted):
        return f"addresses the reader: {found.group()!r}"
    if not headline and not re.search(r"[.!][”\"’)]*$", text):
        return "no full stop at the end"
    if re.search(r"…[.!]?$", text):
        return "breaks off in the source"
    if "\n" in text or "  " in text or text != text.strip():
        return "stray space or line break"
    if not re.match(r"[A-Z0-9“\"‘'£€$À-Þ]|[a-z]+[A-Z]", text):
        return "starts in the middle"
    if not headline and re.search(r"[a-z]{3,}[.!?][”\"’]?\s+[A-Z“\"]", unquoted):
        return "more than one sentence"
    if (
        text.count("(") != text.count(")")
        or text.count("“") != text.count("”")
        or text.count('"') % 2
    ):
        return "open bracket or quote mark"
    if found := re.search(r"\b[Aa] (?!one\b|once\b|eu|uni|us|U\.)[aeio]\w+", text):
        return f"article: {found.group()!r}"
    ends = words(text)
    if ends and ends[-1].text in _OPEN_END and ends[-1].text.islower():
        return f"breaks off after {ends[-1].text!r}"
    if found := re.search(r"\b[Aa]n [bcdfgjklmnpqrstvwxyz]\w*", text):
        return f"article: {found.group()!r}"
    if not _has_clause(text, headline=headline):
        return "no main clause"
    return _repeats(text)


_FRONTED = re.compile(
    r"^(?:(?:yet|however|but|now|also|and),? )?(?:even "
    r"if|if|while|although|though|as|since|when|whenever|after|before|by|to|without|despite|"
    r"because|"
    r"unless|until|once|in|on|at|for|with|under|during|amid|following|given|from|throughout)\b",
    re.IGNORECASE,
)


def _has_clause(text: str, *, headline: bool) -> bool:
    """Whether a finite verb stands outside a clause or phrase put in front."""
    main = text
    if fronted := _FRONTED.match(text):
        main = text[fronted.end() :].partition(",")[2]
    found = words(main)
    for before, w in zip([None, *found], found, strict=False):
        low = w.text.lower()
        bound = before is not None and (is_possessive(before.text) or before.text == "to")
        if bound or (w.text[0].isupper() and w.start) or main[: w.start].endswith("-"):
            continue  # "Trump's chosen adviser", "a decision to lift", "President-elect"
        known = low in lexicon.IRREGULAR or w.stem in watched.VERBS | watched.ATTITUDE
        if low in _FINITE or low.endswith("ed") or known:
            return True
        if not headline and low.endswith("s") and not low.endswith("ss"):
            return True
    planned = re.search(r"(?:[A-Z]\w*|\w+s) to (?!the\b|an?\b)[a-z]+", main)
    return "n't" in main or "n’t" in main or (headline and planned is not None)


_FINITE = lexicon.BE | lexicon.HAVE | lexicon.DO | lexicon.MODALS


def _repeats(text: str) -> str:
    row = [w.text.lower() for w in words(text)]
    for a, b in pairwise(row):
        if a == b and a not in ("had", "that"):
            return f"{a!r} twice"
    for size in (3, 4, 5):
        grams = [tuple(row[i : i + size]) for i in range(len(row) - size + 1)]
        if len(set(grams)) < len(grams):
            return "a phrase twice"
    return ""


def _outside_quotes(text: str) -> str:
    for q in reversed(quotations(text)):
        text = text[: q.start] + " " + text[q.end :]
    return text


def number(text: str, sources: Sequence[str]) -> str:
    """A quantity that no cited passage gives with the same unit and the same bound."""
    theirs = [q for source in sources for q in quantities(source)]
    for ours in quantities(text):
        if ours.unit in ("year", "date"):
            continue
        if not any(_equal(ours, q) for q in theirs):
            return ours.text
    return ""


def _equal(a: Quantity, b: Quantity) -> bool:
    if (a.low, a.high, a.bound) != (b.low, b.high, b.bound):
        return False
    alike = a.unit == b.unit or _unit(a.unit) == _unit(b.unit)
    return alike or not {a.unit, b.unit} & _MEASURES


def _unit(unit: str) -> str:
    return watched.same(stem(unit))


_MEASURES = lexicon.every(
    "km miles metres mm cm kg tonnes usd eur gbp jpy cny rub uah % points mw gw minutes hours days "
    "weeks months years fraction multiple ordinal name time cent cents"
)
"""Units that two equal numbers must share; the nouns that others count are read too roughly."""


_RELATIVE = frozenset({"today", "yesterday", "tomorrow", "tonight", "now", "currently"})


def date(text: str, sources: Sequence[str]) -> str:
    """A weekday, month, day, year or relative day that no cited passage names."""
    theirs = set().union(*(_dates(s) for s in sources)) if sources else set()
    missing = sorted(_dates(text) - theirs)
    return missing[0] if missing else ""


def _dates(text: str) -> set[str]:
    named = {
        w.text.lower().removesuffix("'s").removesuffix("’s")
        for w in words(text)
        if w.text[0].isupper() or w.text in _RELATIVE
    }
    calendar = named & (set(lexicon.MONTHS) | set(lexicon.WEEKDAYS) | _RELATIVE)
    return calendar | {f"{q.low:g}" for q in quantities(text) if q.unit in ("year", "date")}


def name(text: str, sources: Sequence[str]) -> str:
    """A name with a word that no cited passage has as part of a name."""
    theirs = {w.stem for s in sources for w in words(s) if not w.text.islower()}
    america = {"usa", "america"}
    for found in names(text):
        for word in words(found.text):
            if word.text.islower() or word.text[0].isdigit():
                continue
            known = word.stem in theirs or (word.stem in america and theirs & america)
            if not known:
                return found.text
    return ""


def quote(text: str, sources: Sequence[str]) -> str:
    """Quoted words that no cited passage quotes, or short quoted words told without their marks."""
    spoken = [normalise(q.words) for s in sources for q in quotations(s)]
    for ours in quotations(text):
        said = normalise(ours.words).rstrip(" ,.")
        if not ours.closed:
            return f"open quotation {ours.words[:40]!r}"
        if not any(_inside(said, s) for s in spoken):
            return ours.words
    plain = [stem(w.text) for w in words(_outside_quotes(text))]
    for s in spoken:
        row = [stem(w.text) for w in words(s)]
        if content_stems(s) and len(row) <= _SCARE and _contains(plain, row):
            return f"marks dropped: {s}"
    return ""


_SCARE = 7
"""Words of the longest quotation that is taken for a phrase somebody used ("a new phase"), not for
a whole sentence that may be told as reported speech."""


def _inside(short: str, long: str) -> bool:
    return bool(short) and bool(re.search(rf"(?<!\w){re.escape(short)}(?!\w)", long))


def _contains(row: list[str], part: list[str]) -> bool:
    return any(row[i : i + len(part)] == part for i in range(len(row) - len(part) + 1))


def first_person(text: str) -> str:
    """ "I" or "we" outside quote marks: whose words would they be?"""
    found = re.search(
        r"\b(?:I|[Ww]e|[Mm]y|[Oo]urs?|[Mm]e|us|ourselves|myself)\b", _outside_quotes(text)
    )
    return found.group() if found else ""


def added(text: str, sources: Sequence[str]) -> str:
    """A content word that no cited passage has in any form."""
    theirs = {t.key for s in sources for t in tokens(s) if t.content}
    says = theirs & (watched.SAY | {"accord"})
    for token in tokens(text):
        if not token.content or token.key in theirs:
            continue
        if token.key in ("say", "accord", "tell") and says:
            continue
        return token.text
    return ""


def modality(text: str, sources: Sequence[str]) -> str:
    """A modal, negation or doubt that no cited passage has. Lost ones: see the alignment."""
    ours, theirs = _moods(text), [_moods(s) for s in sources]
    union = set().union(*theirs) if theirs else set()
    extra = sorted(ours - union)
    return f"{extra[0]!r} added" if extra else ""


def _moods(text: str) -> set[str]:
    found = set()
    for w in words(text):
        low = w.text.lower().replace("’", "'")
        if low in lexicon.MODALS and not (low == "may" and w.text[0].isupper() and w.start):
            found.add(low)
        if low in lexicon.NEGATIONS or low.endswith("n't"):
            found.add("not")
        if w.stem in watched.DOUBT:
            found.add(w.stem)
    return found
