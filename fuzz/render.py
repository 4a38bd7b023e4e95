"""Target ``render``: a digest of any words (see ``making``) in every form we print.

The first byte of an input says in which: as files, as a mail, as pages of the site, or as one of
the short mails.
"""

from __future__ import annotations

import json as codec
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from briefing.errors import ConfigError
from briefing.news import Article, Digest
from briefing.post import Subscriber
from briefing.stages import address, render
from briefing.stages.render import site
from briefing.text.characters import one_line
from fuzz import corpus, markup, truths
from fuzz.making import BREAK, SHAPE, Maker
from fuzz.truths import hold

LONGEST = 4096  # bytes of an input
_ARCHIVE = "https://briefing.example.org/2024-11-22/harbour-strike/"
_LEAVE = "https://briefing.example.org/unsubscribe/0123"
_BASE = "https://briefing.example.org/"
_WHEN = datetime(2024, 11, 22, 17, 30, tzinfo=UTC)
_FIELDS = [
    "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "X-Auto-Response-Suppress",
    "In-Reply-To", "References", "List-Id", "List-Archive", "List-Unsubscribe",
    "List-Unsubscribe-Post", "MIME-Version", "Content-Type",
]  # fmt: skip


def check(data: bytes) -> None:
    """Raise when something does not hold for this input."""
    maker = Maker(data[1:])
    digest = maker.digest()
    part = data[0] if data else 0
    with truths.in_time():
        if part % 4 == 0:
            _files(digest, maker.articles)
        elif part % 4 == 1:
            _mail(digest)
        elif part % 4 == 2:
            _site(digest, maker)
        else:
            _notes(maker)


def _files(digest: Digest, articles: Mapping[str, Article]) -> None:
    made = render.files(digest, articles)
    urls = [source.url for source in digest.sources]
    markup.page(made["digest.html"], own=(), sources=urls)
    claims = [*digest.bottom_line, *(c for b in digest.briefs for c in b.claims)]
    written = [one_line(claim.text) for claim in claims if claim.wording != "quoted"]
    markup.markdown(made["digest.md"], sources=urls, said=written)
    _text(made["digest.txt"])
    hold(render.parse_json(made["digest.json"]) == digest, "JSON that is another digest")
    hold(render.json(render.parse_json(made["digest.json"])) == made["digest.json"], "other bytes")
    for name in ("digest", "evidence"):
        plain = made[f"{name}.json"]
        markup.unseen(plain, name)
        plain.encode()
        _schema(name).validate(codec.loads(plain))


def _text(text: str) -> None:
    markup.unseen(text, "the text")
    for line in text.split("\n"):
        address = line.strip().startswith(("http://", "https://"))
        hold(len(line) <= 72 or address, f"a line of {len(line)}: {line[:80]!r}")


@cache
def _schema(name: str) -> Any:
    text = (corpus.ROOT / f"briefing/schema/{name}-2.schema.json").read_text("utf-8")
    return Draft202012Validator(codec.loads(text))


def _mail(digest: Digest) -> None:
    subject = render.letter_subject(digest)
    truths.clean_line(subject, "subject")
    urls = [source.url for source in digest.sources]
    html = render.letter_html(digest, archive=_ARCHIVE, unsubscribe=_LEAVE)
    markup.page(html, own=[_ARCHIVE, _LEAVE], sources=urls)
    markup.page(render.letter_html(digest), own=(), sources=urls)
    text = render.letter_text(digest, archive=_ARCHIVE, unsubscribe=_LEAVE)
    _text(text)
    mail = address.edition_mail(
        digest, Subscriber("0123", "reader@example.org", "harbour-strike"), subject=subject,
        text=text, html=html, sender="The Briefing <briefing@example.org>", date=_WHEN,
        archive=_ARCHIVE, unsubscribe=_LEAVE,
    )  # fmt: skip
    markup.mail(mail.content, names=_FIELDS, subject=subject, text=text, html=html)


def _site(digest: Digest, maker: Maker) -> None:
    draw = maker.choices
    head = site.Masthead(one_line(draw.text()) or "A", one_line(draw.text()), several=True)
    issue = site.Issue(digest.edition, site.headline(digest), digest.story_name, digest.made)
    urls = [source.url for source in digest.sources]
    two, three = site.Place("../../"), site.Place("../../../")
    notices = site.notices(digest)
    page = site.edition(
        head, digest, earlier=issue, later=issue, place=two, corrected=notices,
        archived=[notice.correction.edition for notice in notices],
    )  # fmt: skip
    own = [
        "../", "./", "2024-11", "evidence/", "digest.", "evidence.json", "feed.", "style.css",
        "icon.svg", "subscribe",
    ]  # fmt: skip
    markup.page(page, own=own, sources=urls)
    markup.page(site.evidence(head, digest, maker.articles, place=three), own=own, sources=urls)
    counts = {"2024-11": 1}
    markup.page(
        site.front(
            head, leads=[digest], earlier=[issue], counts=counts, coming=[draw.text()],
            place=site.Place(),
        ), own=own, sources=(),
    )  # fmt: skip
    markup.page(
        site.month(head, [issue], counts=counts, place=site.Place("../")), own=own, sources=()
    )
    form = site.SignUp((("a", draw.text()), ("b", draw.text())), draw.text(), draw.text())
    said = site.Message(one_line(draw.text()), (draw.text(),), "Send", form)
    markup.page(site.message(head, said, place=site.Place()), own=own, sources=())
    entry = site.Entry(issue, digest)
    markup.atom(site.atom(head, [entry], base=_BASE), own=_BASE, sources=())
    feed = site.json_feed(head, [entry], base=_BASE)
    markup.unseen(feed, "the JSON feed")
    item = codec.loads(feed)["items"][0]
    markup.page(f"<div>{item['content_html']}</div>", own=[_BASE], sources=())


def _notes(maker: Maker) -> None:
    """Mails to and from anybody: one that can be sent, or a refusal."""
    draw = maker.choices
    to, name = draw.text(), draw.text()
    names = _FIELDS[:7]
    for recipient, sender in (
        (to, "briefing@example.org"), ("reader@example.org", f"{name} <briefing@example.org>"),
    ):  # fmt: skip
        try:
            mail = address.alarm_mail(
                draw.text(), [draw.text()], recipient=recipient, sender=sender, date=_WHEN
            )
        except ConfigError as error:
            markup.unseen(error.message, "a refusal")
            continue
        hold(mail.recipient.isascii() and not set(mail.recipient) & set(" \t\r\n<>,;"), "a rcpt")
        head = mail.content.partition(b"\r\n\r\n")[0].decode("ascii")
        found = [line.partition(":")[0] for line in head.split("\r\n") if line[:1] not in " \t"]
        hold(found[:7] == names and set(found[7:]) == _BODY, f"other fields: {found}")


_BODY = {"Content-Type", "Content-Transfer-Encoding", "MIME-Version"}


def seeds(data: Path | None) -> Iterator[bytes]:
    """Inputs to begin with: the strings of the tests of renderings and mails, some at a time."""
    del data  # others' digests are not ours
    shapes = [bytes((step * n + n) % 251 for n in range(SHAPE)) for step in range(1, 9)]
    words = [
        text.replace(BREAK, b" ")
        for pattern in ("test_render*.py", "test_mail_*.py", "test_site_*.py", "test_quotes.py")
        for text in corpus.strings(pattern)
        if len(text) < 2000
    ]
    for start in range(0, len(words), 10):
        texts = BREAK.join(words[start : start + 10])
        for part in range(4):
            yield bytes([part]) + shapes[(start // 10 + part) % 8] + texts
