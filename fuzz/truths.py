"""What must hold for every text, article and loss, whatever came in.

Written down anew and not taken from the program: a hole in one of its patterns must not be a hole
here too.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from functools import cache
from time import thread_time
from urllib.parse import urlsplit

from briefing.news import Article, Entry, Skip

SECONDS = 4.0
"""Processor time for one input of a fuzzer, at most 64 kB: instrumented, on a busy machine. What
is honest takes a few milliseconds for a kilobyte."""

# Format characters that have a shape of their own: Arabic and Syriac number signs, hieroglyphs
_SHAPED = (*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD)
_GLYPHS = range(0x13430, 0x13460)


class Broken(AssertionError):
    """Something that must hold does not."""


def hold(true: object, what: str) -> None:
    """Raise :class:`Broken` with these words unless ``true``."""
    if not true:
        raise Broken(what)


@contextmanager
def in_time(seconds: float = SECONDS) -> Iterator[None]:
    """The block takes no more processor time than that."""
    begun = thread_time()
    yield
    took = thread_time() - begun
    hold(took <= seconds, f"too slow: {took:.1f} s")


@cache
def unseen(character: str) -> bool:
    """Whether a terminal would obey the character, or no reader see it."""
    kind, code = unicodedata.category(character), ord(character)
    if kind in ("Cc", "Cs") or 0xE0000 <= code <= 0xE0FFF:
        return True
    return kind == "Cf" and code not in _SHAPED and code not in _GLYPHS


def clean_line(text: str, name: str) -> None:
    """One line without control, direction, zero-width and tag characters, of single spaces."""
    bad = sorted({character for character in text if unseen(character)})
    hold(not bad, f"{name} holds {', '.join(f'U+{ord(c):04X}' for c in bad[:5])}: {text[:80]!r}")
    hold(text == " ".join(text.split()), f"{name} is no tidy line: {text[:80]!r}")


def web_address(text: str, name: str) -> None:
    """An absolute http(s) address, or nothing."""
    if not text:
        return
    clean_line(text, name)
    try:
        parts = urlsplit(text)
    except ValueError:
        raise Broken(f"{name} is no address: {text[:80]!r}") from None
    hold(parts.scheme in ("http", "https") and parts.netloc, f"{name} is {text[:80]!r}")


def moment(value: datetime | None, name: str) -> None:
    """No date, or an aware one in UTC."""
    if value is not None:
        hold(value.tzinfo is UTC, f"{name} is not in UTC: {value!r}")


def storable(text: str, name: str) -> None:
    """Has a form in UTF-8, and no NUL."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise Broken(f"{name} has no form in UTF-8: {text[:80]!r}") from None
    hold("\0" not in text, f"{name} holds a NUL")


def skip(value: Skip, stage: str, reasons: Sequence[str]) -> None:
    """A loss of this stage, for one of the reasons that it documents."""
    hold(value.stage == stage, f"a skip of {value.stage!r}")
    hold(value.reason in reasons, f"an unknown reason: {value.reason!r}")


def entries(found: Sequence[Entry]) -> None:
    """What any source may say: keys that tell entries apart, plain titles, whole addresses."""
    hold(len({entry.key for entry in found}) == len(found), "two entries with one key")
    for entry in found:
        hold(entry.key, "an entry without a key")
        clean_line(entry.title, "title")
        web_address(entry.link, "link")
        moment(entry.published, "published")
        hold(entry.body_format in ("html", "text", "markdown"), entry.body_format)
        for name in ("key", "title", "link", "body", "publisher", "language"):
            storable(getattr(entry, name), name)


def article(one: Article, *, as_of: date, said: datetime | None = None) -> None:
    """Its passages are spans of its text, in order; nothing in it is unseen.

    Args:
        said: the date that its feed states, which `extract` leaves as it is.
    """
    clean_line(one.title, "title")
    hold(one.title or not one.passages, "an article without a title")
    clean_line(one.publisher, "publisher")
    web_address(one.url, "url")
    moment(one.published, "published")
    if one.published not in (None, said):
        late = one.published and one.published.date() > as_of + timedelta(1)
        hold(not late, f"from the future: {one.published}")
    hold((one.published is None) == (one.date_origin == "unknown"), "date without an origin")
    paragraphs = one.text.split("\n\n") if one.text else []
    for paragraph in paragraphs:
        clean_line(paragraph, "paragraph")
        hold(paragraph, "an empty paragraph")
    passages(one, paragraphs)
    for removed in one.removed:
        clean_line(removed.text, "removed")
        hold(removed.text and removed.reason, "something removed without words or reason")


def passages(one: Article, paragraphs: Sequence[str]) -> None:
    """Spans of the text, one after another, each inside one paragraph, and all of its words."""
    end = 0
    titled = one.title_origin == "stated"
    for number, passage in enumerate(one.passages):
        hold(passage.article == one.id and passage.index == number, "a passage of another place")
        hold(one.text[passage.start : passage.end] == passage.text, "a passage is no span")
        hold(end <= passage.start < passage.end, "passages out of order")
        hold(not one.text[end : passage.start].strip(), "words between two passages")
        end = passage.end
        place = one.text.count("\n\n", 0, passage.start) + (0 if titled else 1)
        hold(passage.paragraph == place, "a passage of another paragraph")
        hold((passage.kind == "title") == (passage.paragraph == 0), "a headline in the body")
    hold(not one.text[end:].strip(), "words after the last passage")
    hold(bool(one.passages) == bool(paragraphs), "paragraphs without passages")
