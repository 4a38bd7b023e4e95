"""OPML 2.0 (http://opml.org/spec2.opml): subscription lists, with who stands behind each feed.

Beside ``xmlUrl`` and ``text`` an outline may say ``publisher``, ``bloc``, ``stateMedia`` ("true" or
"false") and ``language``. A feed without ``bloc`` takes the name of the outline around it.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from urllib.parse import urlsplit
from xml.sax import SAXException, SAXParseException
from xml.sax.handler import ContentHandler
from xml.sax.saxutils import quoteattr
from xml.sax.xmlreader import AttributesImpl

import defusedxml.sax
from defusedxml.common import DefusedXmlException

from briefing.errors import ConfigError
from briefing.news import Feed


def read_opml(data: bytes, *, where: str) -> tuple[Feed, ...]:
    """The feeds of a subscription list, in order; of equal addresses the first.

    Args:
        where: the file's name, for errors.

    Raises:
        ConfigError: malformed XML, entity tricks, no OPML, or a bad attribute; names file:line.
    """
    reader = _Reader(where)
    try:
        # ElementTree forgets lines; SAX knows where it is
        defusedxml.sax.parse(io.BytesIO(data), reader)
    except SAXParseException as error:
        raise ConfigError(
            f"malformed XML: {error.getMessage()}",
            where=f"{where}:{error.getLineNumber()}",
            remedy="mend that line, or export the list again from the program that made it",
        ) from error
    except DefusedXmlException as error:
        raise ConfigError(
            "entity declarations are refused",
            where=f"{where}:{reader.line}",
            remedy="remove the <!DOCTYPE ...> with its <!ENTITY ...> lines",
        ) from error
    except (SAXException, ValueError, LookupError) as error:
        raise ConfigError(
            f"not readable as XML: {error}", where=where, remedy="save it as UTF-8"
        ) from error
    unique: dict[str, Feed] = {}
    for feed in reader.feeds:
        unique.setdefault(feed.url, feed)
    return tuple(unique.values())


def write_opml(feeds: Sequence[Feed], *, title: str = "briefing feeds") -> bytes:
    """A subscription list that :func:`read_opml` reads back as the same feeds, in the same order.

    Runs of feeds of one bloc stand in one outline, named like the bloc.
    """
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<opml version="2.0">',
        f"  <head><title>{_text(title)}</title></head>",
        "  <body>",
    ]
    open_bloc: str | None = None
    for feed in feeds:
        if feed.bloc != open_bloc:
            lines += ["    </outline>"] if open_bloc else []
            lines += [f"    <outline text={quoteattr(feed.bloc)}>"] if feed.bloc else []
            open_bloc = feed.bloc
        lines.append(_outline(feed))
    lines += ["    </outline>"] if open_bloc else []
    return "\n".join([*lines, "  </body>", "</opml>", ""]).encode()


def _outline(feed: Feed) -> str:
    said = {
        "type": "rss",
        "text": feed.title,
        "xmlUrl": feed.url,
        "publisher": feed.publisher,
        "bloc": feed.bloc,
        "stateMedia": "true" if feed.state_media else "false",
        "language": feed.language,
    }
    attributes = " ".join(f"{name}={quoteattr(value)}" for name, value in said.items())
    return f"{'      ' if feed.bloc else '    '}<outline {attributes}/>"


def _text(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


class _Reader(ContentHandler):
    """Collects feeds; ``line`` is where it stands."""

    def __init__(self, where: str) -> None:
        super().__init__()
        self.feeds: list[Feed] = []
        self._where = where
        self._folders: list[str] = []
        self._root = ""

    @property
    def line(self) -> int:
        locator = getattr(self, "_locator", None)
        return (locator.getLineNumber() or 1) if locator is not None else 1

    def startElement(self, name: str, attrs: AttributesImpl) -> None:
        if not self._root:
            self._root = name
            if name.lower() not in ("opml", "outlinedocument"):  # the name before OPML 1.0
                raise self._mistake(f"<{name}> is no OPML", "give an OPML file: <opml> ...")
        if name.lower() != "outline":
            return
        said = {key.lower(): " ".join(attrs[key].split()) for key in attrs.getNames()}
        url = said.get("xmlurl", "")
        if url:
            self.feeds.append(self._feed(said, url))
        self._folders.append("" if url else said.get("text") or said.get("title", ""))

    def endElement(self, name: str) -> None:
        if name.lower() == "outline":
            self._folders.pop()

    def _feed(self, said: dict[str, str], url: str) -> Feed:
        try:
            parts = urlsplit(url)
            valid = parts.scheme.lower() in ("http", "https") and bool(parts.hostname)
        except ValueError:
            valid = False
        if "@" in url.partition("://")[2].partition("/")[0]:
            raise self._mistake(
                "xmlUrl holds a name or a password, which would end in logs and digests",
                "give the address without it; feeds behind a sign-in are not read",
            )
        if not valid:
            raise self._mistake(f"xmlUrl {url!r} is no web address", "it starts with https://")
        state = said.get("statemedia", "false").lower()
        if state not in ("true", "false"):
            raise self._mistake(f"stateMedia {state!r}", 'write stateMedia="true" or "false"')
        title = said.get("text") or said.get("title") or (parts.hostname or url)
        return Feed(
            url=url,
            title=title,
            publisher=said.get("publisher", "") or title,
            bloc=said.get("bloc", "") or next((f for f in reversed(self._folders) if f), ""),
            state_media=state == "true",
            language=said.get("language", "") or "en",
        )

    def _mistake(self, message: str, remedy: str) -> ConfigError:
        return ConfigError(message, where=f"{self._where}:{self.line}", remedy=remedy)
