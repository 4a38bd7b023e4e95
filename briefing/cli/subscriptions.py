"""The OPML file of subscriptions, read and replaced whole; and one question to one feed."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from briefing.errors import ConfigError, DeliveryError, FetchError
from briefing.news import Document, Feed, NotModified, Skip

if TYPE_CHECKING:
    from briefing.app import App


@dataclass(frozen=True, slots=True)
class Answer:
    """What a feed answered just now."""

    url: str
    publisher: str
    outcome: Literal["answered", "silent"]
    entries: int = 0
    newest: datetime | None = None
    detail: str = ""  # why it was silent


def ask(opened: App, feed: Feed) -> Answer:
    """What the feed answers now. Nothing is recorded."""
    from briefing.stages.parse import parse_feed

    try:
        document = opened.web.fetch(feed.url)
    except FetchError as error:
        reason = f"{error.reason} ({error.detail})" if error.detail else error.reason
        return Answer(feed.url, feed.publisher, "silent", detail=reason)
    if isinstance(document, NotModified):
        return Answer(feed.url, feed.publisher, "silent", detail="says that nothing has changed")
    entries = opened.parsers.read(parse_feed, feed.url, document, feed)
    if isinstance(entries, Skip):
        detail = f"{entries.reason} ({entries.detail})" if entries.detail else entries.reason
        return Answer(feed.url, feed.publisher, "silent", detail=detail)
    newest = max((entry.published for entry in entries if entry.published), default=None)
    return Answer(feed.url, feed.publisher, "answered", entries=len(entries), newest=newest)


def fetched(opened: App, url: str) -> Sequence[Feed]:
    """The feeds of a list on the web, which comes through the same door as a feed.

    Raises:
        FetchError: it cannot be had.
        ConfigError: it is no OPML.
    """
    from briefing.stages.parse import opml

    document = opened.web.fetch(url)
    return opml.read_opml(document.body if isinstance(document, Document) else b"", where=url)


# -- the file ----------------------------------------------------------------------------------


def read(file: Path, *, must_exist: bool = False) -> Sequence[Feed]:
    """The feeds of an OPML file; none when there is no file yet."""
    from briefing.stages.parse import opml

    try:
        return opml.read_opml(file.read_bytes(), where=str(file))
    except FileNotFoundError as error:
        if not must_exist:
            return ()
        raise ConfigError("no such file", where=str(file), remedy="name an OPML file") from error
    except OSError as error:
        raise ConfigError(
            f"cannot be read ({error.strerror})",
            where=str(file),
            remedy="check that it is a file and that you may read it",
        ) from error


def write(file: Path, feeds: Sequence[Feed]) -> None:
    """Write the file whole or not at all; a list of subscriptions is never half there."""
    from briefing.stages.parse import opml

    body = opml.write_opml(feeds)
    file = file.resolve()  # a link keeps pointing to the list
    temporary = ""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
        with os.fdopen(handle, "wb") as out:
            out.write(body)
            out.flush()
            os.fsync(out.fileno())
        Path(temporary).chmod(file.stat().st_mode & 0o777 if file.exists() else 0o644)
        Path(temporary).replace(file)
    except OSError as error:
        if temporary:
            with contextlib.suppress(OSError):
                Path(temporary).unlink()
        raise DeliveryError(
            str(file),
            f"cannot be written ({error.strerror})",
            remedy="check the folder's permissions and the space on the disk",
        ) from error
