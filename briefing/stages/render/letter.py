"""The edition as a mail: its subject, its preheader, its HTML and its plain text.

The HTML is for the small screen of a mail client: tables for layout, every style inline, nothing
loaded from elsewhere. A citation's number leads out of the mail, to the evidence in the archive or
to the source, because clients take anchors inside a mail away.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, replace

from briefing.news import Digest
from briefing.stages.render.page import template
from briefing.stages.render.plain import COLUMNS, text
from briefing.stages.render.sentence import Sentence
from briefing.stages.render.site.place import EVIDENCE
from briefing.stages.render.view import View, safe_url, view
from briefing.text.characters import one_line
from briefing.text.words import count

LARGEST = 90_000
"""Bytes of HTML. Gmail cuts a mail off near 102 kB, encoding and its own additions included."""

PREHEADER = (40, 90)
"""Characters: fewer let the page's first words follow in the list of mails, more are not shown."""

LONGEST_SUBJECT = 200
LONGEST_STORY = 60
"""Characters of the subject, and of the story's name in it. Twelve words take 120 at most in
practice, and the date and time 25."""


@dataclass(frozen=True, slots=True)
class Links:
    """Where the mail leads; an empty address is left out."""

    archive: str  # the edition's own page, ending in "/"
    unsubscribe: str


def letter_subject(digest: Digest) -> str:
    """``Story, 22 November 2024, 17:00: the day's top development``, 200 characters at most.

    A checked sentence is never cut: where there is no room for it, story and date stand alone.
    """
    page = view(digest)
    day = page.day.partition(" ")[2]  # without the weekday
    story = page.story
    if len(story) > LONGEST_STORY:
        story = story[:LONGEST_STORY].rpartition(" ")[0].rstrip(" ,.:;–—-") or story[:LONGEST_STORY]
        story += "…"
    whole = f"{story}, {day}: {page.subject.text}"
    return whole if len(whole) <= LONGEST_SUBJECT else f"{story}, {day}"


def letter_html(
    digest: Digest, *, archive: str = "", unsubscribe: str = "", largest: int = LARGEST
) -> str:
    """The HTML of the mail, of at most ``largest`` bytes in UTF-8.

    What does not fit is left out in this order, and the page says so: the list of what was left
    out, the boards from the last to the first, the list of sources. Developments always stand, so
    texts of a length that no check lets through could still make it longer.

    Args:
        archive: address of the edition's page in the archive; citations lead to its evidence.
        unsubscribe: address under which this reader can leave.
    """
    links = _links(archive, unsubscribe)
    page = ""
    for shown, missing in _shorter(view(digest)):
        page = _render(shown, missing, links)
        if len(page.encode()) <= largest:
            break
    return page


def letter_text(digest: Digest, *, archive: str = "", unsubscribe: str = "") -> str:
    """The plain text of the mail: all of ``digest.txt``, and where the mail leads."""
    links = _links(archive, unsubscribe)
    end = []
    if links.archive:
        end += ["This edition, with the evidence for every sentence:", links.archive, ""]
    if links.unsubscribe:
        reader = f"You get this mail as a reader of “{view(digest).story}”. To get no more of them:"
        end += [*textwrap.wrap(reader, COLUMNS), links.unsubscribe, ""]
    if not end:
        return text(digest)
    return "\n".join([text(digest), "THIS MAIL", "---------", *end])


def preheader(page: View) -> str:
    """What a list of mails shows beside the subject: whole checked sentences, 40 to 90 characters.

    Never a part of a sentence. Where no sentence or pair of sentences has the length, the number
    of developments and sources stands there.
    """
    least, most = PREHEADER
    if page.quiet:
        return page.quiet
    chosen = ""
    for sentence in _worth_saying(page):
        longer = f"{chosen} · {sentence}" if chosen else sentence
        if len(longer) <= most:
            chosen = longer
        if len(chosen) >= least:
            return chosen
    sources = count(len(page.references), "source")
    developments = len(page.parts) + len(page.background)
    return f"{count(developments, 'development')} from {sources}, each sentence with its source"


def _worth_saying(page: View) -> Iterator[str]:
    """Sentences for the preheader, the weightiest first; what the subject says is not repeated."""
    said = {page.subject.text}
    news = [move.sentence for move in page.moves if move.kind != "WITHDRAWN"]
    heads = [part.headline for part in page.parts]
    rest = [s for part in page.parts for s in part.sentences]
    for sentence in (*page.bottom_line, *news, *heads, *rest):
        # A headline that was cut by rule says less than its sentence, which comes later
        if sentence.text not in said and not sentence.text.endswith(("…", "…”")):
            said.add(sentence.text)
            yield sentence.signed


def _shorter(page: View) -> Iterator[tuple[View, tuple[str, ...]]]:
    """The page and ever shorter ones, each with the titles of the parts that are missing."""
    yield page, ()
    last = ("what was left out",) if page.left_out else ()
    page = replace(page, left_out=())
    yield page, last
    for kept in range(len(page.tables) - 1, -1, -1):
        cut = tuple(table.title for table in page.tables[kept:])
        yield replace(page, tables=page.tables[:kept]), (*cut, *last)
    cut = tuple(table.title for table in page.tables)
    yield replace(page, tables=(), origins=()), (*cut, "sources", *last)


def _render(page: View, missing: tuple[str, ...], links: Links) -> str:
    sources = {r.number: r.url for r in page.references}

    def cited(sentence: Sentence, number: int) -> str:
        """Where a citation leads; "" when its source has no address."""
        if links.archive:
            return f"{links.archive}{EVIDENCE}#{sentence.anchor}"
        return sources.get(number, "")

    return template("mail.html").render(
        page=page,
        preheader=preheader(page),
        missing=missing,
        links=links,
        cited=cited,
    )


def _links(archive: str, unsubscribe: str) -> Links:
    archive = safe_url(one_line(archive))
    return Links(archive and archive.rstrip("/") + "/", safe_url(one_line(unsubscribe)))
