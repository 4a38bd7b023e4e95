"""What an edition says of earlier ones: changes, repeats, corrections, and since when."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date

from briefing.news import Change, Correction, Digest, Edition
from briefing.proof.finding import Finding
from briefing.text.lines import lines
from briefing.text.novelty import without_news
from briefing.text.quotes import normalise
from briefing.text.retelling import has_words

_BEFORE = frozenset(("UPDATED", "CONTRADICTED"))
"""Kinds of change that name what was known before."""


def changes(digest: Digest) -> Iterator[Finding]:
    """The lines of what changed, each by itself and against each other."""
    for number, change in enumerate(digest.changes, 1):
        where = f"changes/{number}"
        if change.kind == "REPEATED":
            yield Finding(where, "a repeat stands among the changes", found=change.claim.text)
        yield from _was(where, change, digest.edition)
        yield from _values(where, change)
    for text, number in Counter(change.claim.text for change in digest.changes).items():
        if number > 1:
            yield Finding("changes", f"one change stands {number} times", found=text)


def _was(where: str, change: Change, edition: Edition) -> Iterator[Finding]:
    """What was known, and since when: for an update and a contradiction, and for nothing new."""
    if change.kind in _BEFORE:
        if change.was is None:
            yield Finding(where, f"does not say what it was, and is {change.kind}")
        if change.said is None:
            yield Finding(where, f"does not say since when it was known, and is {change.kind}")
    elif change.was is not None:
        yield Finding(where, f"says what it was, and is {change.kind}", found=change.was.text)
    if change.kind == "NEW" and change.said is not None:
        yield Finding(where, "was known before, and is NEW", found=str(change.said))
    if change.said is not None and not _earlier(change.said, edition):
        what = "was not known before this edition"
        yield Finding(where, what, f"before {edition.day}", str(change.said))
    if change.was is not None and _same(change.was.text, change.claim.text):
        yield Finding(where, "is what it was", found=change.claim.text)


def _values(where: str, change: Change) -> Iterator[Finding]:
    """Old and new value, each as its sentence has it."""
    was = change.was.text if change.was is not None else ""
    sides = (("old", change.before, was), ("new", change.after, change.claim.text))
    for name, value, sentence in sides:
        if value and (change.kind not in _BEFORE or not has_words(sentence, value)):
            yield Finding(where, f"the {name} value is not in its sentence", sentence, value)
    if change.before and _same(change.before, change.after):
        yield Finding(where, "the old value is the new one", found=change.before)


def since(digest: Digest) -> Iterator[Finding]:
    """From which edition changes are counted, and an edition that says nothing changed."""
    previous, edition = digest.previous, digest.edition
    if previous is not None and not _earlier(previous, edition):
        what = "changes are counted from an edition that is not an earlier one"
        yield Finding("changes", what, f"before {edition.day}", str(previous))
    if previous is None and digest.changes:
        yield Finding("changes", "a first edition has changes")
    if not 0 <= digest.repeats <= (digest.accounts.articles_in if previous else 0):
        most = str(digest.accounts.articles_in if previous else 0)
        yield Finding("changes", "wrong number of repeats", f"0 to {most}", str(digest.repeats))
    for number, brief in enumerate(digest.briefs, 1):
        where = f"developments/{number}/headline"
        if brief.since is not None and not _earlier(brief.since, edition):
            what = "was not known before this edition"
            yield Finding(where, what, f"before {edition.day}", str(brief.since))
        if brief.since is not None and previous is None:
            yield Finding(where, "is known from an earlier edition, and this is the first")
        if previous is not None and not digest.changes and brief.since is None:
            yield Finding(where, "is new, in an edition that says nothing changed")
    if without_news(digest) and digest.subject.passages:
        yield Finding("subject", "stands over an edition without news", found=digest.subject.text)
    if without_news(digest) and digest.bottom_line:
        yield Finding("bottom-line/1", "repeats what is known, in an edition without news")


def corrections(
    digest: Digest, recorded: Callable[[Edition], Digest | None] | None
) -> Iterator[Finding]:
    """Each correction: of an earlier edition, once, and of what that edition printed."""
    for number, one in enumerate(digest.corrections, 1):
        where = f"corrections/{number}"
        yield from _earlier_edition(where, one, digest.edition)
        if one.reason == "contradicted" and one.now is None:
            yield Finding(where, "does not say what contradicts it")
        if one.now is not None and _same(one.now.text, one.sentence.text):
            yield Finding(where, "what stands now is what stood", found=one.now.text)
        yield from _printed(where, one, recorded)
    for (edition, text), number in Counter(
        (one.edition, one.sentence.text) for one in digest.corrections
    ).items():
        if number > 1:
            what = f"one sentence of {edition} is corrected {number} times"
            yield Finding("corrections", what, found=text)


def _earlier_edition(where: str, one: Correction, edition: Edition) -> Iterator[Finding]:
    theirs = one.edition
    if theirs.story != edition.story:
        yield Finding(where, "corrects another story", edition.story, theirs.story)
    if (theirs.day, theirs.slot) >= (edition.day, edition.slot):
        yield Finding(where, "corrects no earlier edition", f"before {edition}", str(theirs))


def _printed(
    where: str, one: Correction, recorded: Callable[[Edition], Digest | None] | None
) -> Iterator[Finding]:
    """The corrected sentence stood there, where that edition is on record."""
    known = recorded(one.edition) if recorded else None
    if known is None:
        return
    stood = {line.id: line.claim for line in lines(known)}.get(one.line)
    if stood != one.sentence:
        found = stood.text if stood else "(no such line)"
        what = f"{one.line} of {one.edition} is another sentence"
        yield Finding(where, what, one.sentence.text, found)


def _earlier(day: date, edition: Edition) -> bool:
    """Before the edition's day; of several editions a day, also on it."""
    return day < edition.day or bool(edition.slot and day == edition.day)


def _same(a: str, b: str) -> bool:
    return normalise(a).casefold() == normalise(b).casefold()
