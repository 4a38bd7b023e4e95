"""The list of sources and the footer that adds up."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, timedelta

from briefing.news import Article, Digest, Source
from briefing.proof.finding import Articles, Finding
from briefing.stages.compose import cited
from briefing.text.outlets import OWN_REPORT, wire_name


def sources(digest: Digest, stored: Articles) -> Iterator[Finding]:
    """Each numbered source against the stored article, and the numbers against the lines."""
    order = dict.fromkeys(p.article for line in cited(digest) for p in line.claim.passages)
    listed = [source.article for source in digest.sources]
    if listed != list(order):
        yield Finding("sources", "are not the cited articles in order", str([*order]), str(listed))
    for place, source in enumerate(digest.sources, 1):
        where = f"sources/{place}"
        if source.number != place:
            yield Finding(where, "wrong number", str(place), str(source.number))
        if article := stored.get(source.article):
            for name, expected, found in _facts(source, article):
                if expected != found:
                    yield Finding(where, f"wrong {name}", str(expected), str(found))
        offset = source.published.utcoffset() if source.published else None
        zone = digest.made.utcoffset()
        if offset and zone is not None and abs(offset - zone) > timedelta(hours=1):
            # Summer time moves an offset by an hour; anything else is another zone.
            yield Finding(where, "stands in another time zone", str(zone), str(offset))


def _facts(source: Source, article: Article) -> Iterator[tuple[str, object, object]]:
    yield "title", article.title, source.title
    yield "publisher", article.publisher, source.publisher
    yield "link", article.url, source.url
    dates = [d.astimezone(UTC) if d else None for d in (article.published, source.published)]
    yield "date", dates[0], dates[1]
    yield "origin of the date", article.date_origin, source.date_origin
    yield "credits", article.credits, source.credits
    yield "bloc", article.bloc, source.bloc
    yield "label of state media", article.state_media, source.state_media
    yield "file", article.file, source.file


def dates(digest: Digest, stored: Articles) -> Iterator[Finding]:
    """The newest dates: of the edition, and of each development among its articles."""
    newest = max((s.published for s in digest.sources if s.published), default=None)
    if digest.newest != newest:
        yield Finding("sources", "wrong newest date", str(newest), str(digest.newest))
    for number, brief in enumerate(digest.briefs, 1):
        told = {stored[id_].published for id_ in brief.articles if id_ in stored}
        if stored.keys() >= set(brief.articles) and brief.latest not in told | {None}:
            expected = " or ".join(sorted(str(date) for date in told if date))
            where = f"developments/{number}/headline"
            yield Finding(where, "wrong newest date", expected, str(brief.latest))


def accounts(digest: Digest) -> Iterator[Finding]:
    """The footer adds up."""
    a = digest.accounts
    printed = {(line.claim.text, line.claim.wording) for line in cited(digest)}
    sums = (
        ("articles in = used + left out", a.articles_in, a.used + sum(n for _, n in a.left_out)),
        ("written = kept + dropped", a.written, a.kept + sum(n for _, n in a.dropped)),
        ("printed, written", a.printed_written, sum(w == "written" for _, w in printed)),
        ("printed, quoted", a.printed_quoted, sum(w == "quoted" for _, w in printed)),
        ("printed, shortened", a.printed_shortened, sum(w == "shortened" for _, w in printed)),
    )
    for what, found, expected in sums:
        if found != expected:
            yield Finding("accounts", f"do not add up: {what}", str(expected), str(found))
    if min(a.articles_in, a.used, a.written, a.kept, *(n for _, n in a.left_out + a.dropped)) < 0:
        yield Finding("accounts", "count less than nothing")
    for number, brief in enumerate(digest.briefs, 1):
        cites = {p.article for c in (brief.headline, *brief.claims) for p in c.passages}
        if not cites <= set(brief.articles):
            where = f"developments/{number}/headline"
            yield Finding(where, "cites an article that is not counted")
        if not 1 <= brief.origins <= len(brief.articles):
            what = f"{brief.origins} origins of {len(brief.articles)} articles"
            yield Finding(f"developments/{number}/headline", what)


def origins(digest: Digest, stored: Articles) -> Iterator[Finding]:
    """What the origins of a development are called: as its articles name publishers and credits."""
    for number, brief in enumerate(digest.briefs, 1):
        where = f"developments/{number}/headline"
        if len(brief.told_by) > brief.origins:
            what = f"{len(brief.told_by)} origins are named, and {brief.origins} counted"
            yield Finding(where, what, found=", ".join(brief.told_by))
        if not stored.keys() >= set(brief.articles):
            continue
        known = {name for id_ in brief.articles for name in _names(stored[id_])}
        for name in brief.told_by:
            if name != OWN_REPORT and name.casefold() not in known:
                what = "an origin is named that no article of it names"
                yield Finding(where, what, found=name)


def _names(article: Article) -> Iterator[str]:
    """Whose report an article may be, in small letters: its publisher, and whoever it credits."""
    for name in (article.publisher, *article.credits):
        yield wire_name(name).casefold()
        yield re.sub(r"^the\s+(?=\S)", "", name.strip().casefold())
