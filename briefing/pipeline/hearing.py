"""What a feed's answer comes to: entries, or silence with its reason."""

from __future__ import annotations

from dataclasses import dataclass

from briefing.errors import FetchError
from briefing.news import Document, Entry, Feed, NotModified, Skip
from briefing.pipeline.pace import LONGEST, fresh_for
from briefing.pipeline.parsing import feed_said
from briefing.ports import FeedState, Parsers


@dataclass(frozen=True, slots=True)
class Heard:
    """What a feed answered."""

    document: Document | None  # None: it had not changed
    entries: list[Entry]
    fresh_for: float  # seconds
    moved_to: str  # where it lives now for good
    beyond: int = 0  # entries that it has beside these, and that are not read

    def detail(self, *, left: int) -> str:
        """For the reader; ``left``: new entries that wait for the next intake."""
        parts = [
            f"moved to {self.moved_to}" if self.moved_to else "",
            f"{left} new ones left for the next time" if left else "",
            f"{self.beyond} too many, not read" if self.beyond else "",
        ]
        return "; ".join(filter(None, parts))


@dataclass(frozen=True, slots=True)
class Silence:
    """Why a feed gave nothing that can be read."""

    reason: str  # for counting
    detail: str  # for the reader
    retry_after: float | None = None  # seconds


def hear(
    feed: Feed, state: FeedState, answer: Document | NotModified | FetchError, parsers: Parsers
) -> Heard | Silence:
    if isinstance(answer, FetchError):
        if answer.reason == "http 410":  # for good (RFC 9110, 15.5.11), unless by mistake
            return Silence("gone", "gone", LONGEST.total_seconds())
        detail = f" ({answer.detail})" if answer.detail else ""
        return Silence(answer.reason, answer.reason + detail, answer.retry_after)
    moved = answer.moved_to
    if isinstance(answer, NotModified):
        return Heard(None, [], fresh_for(state, said=answer.fresh_for, own=None), moved)
    reading = feed_said(parsers, answer, feed)
    if isinstance(reading, Skip):
        return Silence(reading.reason, f"{reading.reason}: {reading.detail}")
    wish = fresh_for(state, said=answer.fresh_for, own=reading.wish)
    return Heard(answer, reading.entries, wish, moved, reading.beyond)
