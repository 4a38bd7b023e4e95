"""The footer that adds up, and the list of what was left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from briefing.news import Digest, FeedReport, Skip
from briefing.stages.render import dates
from briefing.text.scripts import mixed

MOST_LEFT_OUT = 10  # lines; `briefing status` has them all
FRESH_UNTIL = "fresh until"
"""Start of the detail of a feed that waits because its last answer still holds; any other one
waits because it failed."""
MOST_NAMED = 5  # sources or words, where a line of the footer names some
SENTENCES = ("addressed to the reader or to a machine", "written in look-alike letters")
"""Reasons of skips of the stage "clean" that tell of sentences, as it gives them."""
CHOICES = frozenset({"relate", "select"})
"""Stages whose skips are the editor's choice: counted above, not listed one by one."""


def footer(digest: Digest) -> Iterator[tuple[str, str]]:
    """(label, words) of each line of the footer."""
    a = digest.accounts
    yield (
        "Articles",
        f"{a.articles_in} in = {a.used} used + {_sum(a.left_out)} left out{_reasons(a.left_out)}",
    )
    yield (
        "Sentences",
        f"{a.written} written by the model = {a.kept} kept + {_sum(a.dropped)} dropped"
        f"{_reasons(a.dropped)}",
    )
    noun = "sentence" if a.printed_written == 1 else "sentences"
    yield (
        "Printed",
        f"{a.printed_written} {noun} written by the model, {a.printed_quoted} quoted, "
        f"{a.printed_shortened} shortened by rule",
    )
    if words := _talking(digest):
        yield "Not news", words
    if words := _disguised(digest):
        yield "Look-alikes", words
    if a.feeds:
        yield "Feeds", _feeds(a.feeds)
    if digest.newest is not None:
        age = dates.age(digest.newest, digest.made, digest.edition.day)
        yield "Newest source", f"{dates.moment(digest.newest)}, {age}"
    m = digest.model
    adapter = f" with {m.adapter}" if m.adapter else ""
    yield "Models", f"written by {m.writer}{adapter}, judged by {m.judge}, on {m.device}"
    if digest.as_of:
        yield "Made", f"as of {dates.closing(digest.made)}, seeing nothing later"
        return
    yield (
        "Made",
        f"{dates.day(digest.made.date())}, {digest.made:%H:%M} {dates.offset(digest.made)}, "
        f"in {dates.seconds(digest.seconds)}",
    )


def left_out(digest: Digest) -> Iterator[str]:
    """One line for each loss, the longest lists cut with a count."""
    lost = [skip for skip in digest.skips if skip.stage not in CHOICES and not _told(skip)]
    for skip in lost[:MOST_LEFT_OUT]:
        detail = f" ({skip.detail})" if skip.detail else ""
        yield f"{skip.subject}: {skip.reason}{detail}"
    more = len(lost) - MOST_LEFT_OUT
    if more > 0:
        yield f"and {more} more"


def _told(skip: Skip) -> bool:
    """Whether it is of sentences, which the footer counts, and of no article."""
    return skip.stage == "clean" and skip.reason in SENTENCES


def _talking(digest: Digest) -> str:
    """``2 sentences addressed to the reader or to a machine were left out (Harbour Post)``"""
    parts = []
    for reason in SENTENCES:
        skips = [skip for skip in digest.skips if _told(skip) and skip.reason == reason]
        count = sum(int(skip.detail) for skip in skips if skip.detail.isdecimal())
        if skips:
            names = list(dict.fromkeys(skip.subject or "no name" for skip in skips))
            more = f"; and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
            noun, verb = ("sentence", "was") if count == 1 else ("sentences", "were")
            listed = "; ".join(names[:MOST_NAMED]) + more
            parts.append(f"{count} {noun} {reason} {verb} left out ({listed})")
    return "; ".join(parts)


def _disguised(digest: Digest) -> str:
    """``the title of 3 has letters of two scripts in “Віden”``"""
    return "; ".join(
        f"the title of {source.number} has letters of two scripts in "
        + ", ".join(f"“{word}”" for word in words[:MOST_NAMED])
        for source in digest.sources
        if (words := mixed(source.title))
    )


def _sum(reasons: Sequence[tuple[str, int]]) -> int:
    return sum(number for _, number in reasons)


def _reasons(reasons: Sequence[tuple[str, int]]) -> str:
    shown = ", ".join(f"{number} {reason}" for reason, number in reasons if number)
    return f" ({shown})" if shown else ""


def _feeds(feeds: Sequence[FeedReport]) -> str:
    """``3 asked = 1 answered + 1 unchanged + 1 silent (A Wire: timeout); 1 not asked yet, ...``"""
    by = {
        outcome: [f for f in feeds if f.outcome == outcome]
        for outcome in ("answered", "unchanged", "silent", "waiting")
    }
    asked = len(feeds) - len(by["waiting"])
    parts = [
        f"{len(by[o])} {o}"
        for o in ("answered", "unchanged", "silent")
        if by[o] or o != "unchanged"
    ]
    silent = "; ".join(f"{f.title or f.source}: {f.detail or 'no answer'}" for f in by["silent"])
    words = f"{asked} asked = {' + '.join(parts)}" + (f" ({silent})" if silent else "")
    return words + _waiting(by["waiting"])


def _waiting(feeds: Sequence[FeedReport]) -> str:
    fresh = sum(f.detail.startswith(FRESH_UNTIL) for f in feeds)
    failed = len(feeds) - fresh
    if fresh and failed:
        both = f"{fresh} still fresh + {failed} waiting after earlier failures"
        return f"; {len(feeds)} not asked yet = {both}"
    if fresh:
        return f"; {fresh} not asked yet, still fresh"
    return f"; {failed} not asked yet, waiting after earlier failures" if failed else ""
