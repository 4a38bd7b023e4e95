"""What the stages make of strangers' bytes, read where parsers may break, and taken with care.

A parser that was taken over by what it read can still answer: so it may speak for the document that
it was given and for no other, and what later steps rely on is looked at again here.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from briefing.news import Article, Document, Entry, Feed, Skip
from briefing.ports import Parsers
from briefing.stages.extract import extract
from briefing.stages.parse import Reading, parse_file, read_feed

NONSENSE = "parser answered nonsense"


def feed_said(parsers: Parsers, document: Document, feed: Feed) -> Reading | Skip:
    """The entries of a feed, and its wish."""
    found = parsers.read(read_feed, feed.url, document, feed)
    if isinstance(found, Reading) and not _of(found.entries, feed.url, feed.bloc, feed.state_media):
        return Skip("parse", feed.url, NONSENSE)
    return found


def file_said(parsers: Parsers, document: Document, *, source: str) -> list[Entry] | Skip:
    """The entries of a file."""
    found = parsers.read(parse_file, document.address, document, source=source)
    if not isinstance(found, Skip) and not _of(found, source, "", False):
        return Skip("parse", document.address, NONSENSE)
    return found


def articles_of(
    parsers: Parsers, entry: Entry, page: Document | None, *, as_of: date
) -> list[Article] | Skip:
    """The articles of an entry and its page.

    A page that breaks its parser leaves the entry's own words, as one that cannot be fetched does;
    where those give no article either, the page's reason stands.
    """
    found = page_said(parsers, entry, page, as_of=as_of)
    if page is None or not isinstance(found, Skip):
        return found
    own = page_said(parsers, entry, None, as_of=as_of)
    return found if isinstance(own, Skip) else own


def page_said(
    parsers: Parsers, entry: Entry, page: Document | None, *, as_of: date
) -> list[Article] | Skip:
    """The articles of an entry and its page, or why there is none."""
    subject = entry.title or entry.link or entry.key
    found = parsers.read(extract, subject, entry, page, as_of=as_of)
    if not isinstance(found, Skip) and not all(_told_by(entry, article) for article in found):
        return Skip("extract", subject, NONSENSE)
    return found


def _of(entries: Iterable[Entry], source: str, bloc: str, state_media: bool) -> bool:
    """Whether all of them are of this source, with links and dates that can be used."""
    return all(
        (entry.source, entry.bloc, entry.state_media) == (source, bloc, state_media)
        and _is_address(entry.link)
        and (entry.published is None or entry.published.tzinfo is not None)
        for entry in entries
    )


def _told_by(entry: Entry, article: Article) -> bool:
    """Whether it is an article of this entry, and its passages are what its text says."""
    return (
        (article.source, article.bloc, article.state_media)
        == (entry.source, entry.bloc, entry.state_media)
        and (article.id == entry.id or article.id.startswith(f"{entry.id}-"))
        and _is_address(article.url)
        and (article.published is None or article.published.tzinfo is not None)
        and all(
            passage.article == article.id
            and article.text[passage.start : passage.end] == passage.text
            for passage in article.passages
        )
    )


def _is_address(link: str) -> bool:
    return not link or link.startswith(("http://", "https://"))
