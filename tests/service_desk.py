"""The service turned by hand, over a real store, real feeds and real mails."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from email import message_from_bytes, policy
from html import escape
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from feed_site import Reply, Site, serving
from service_work import (
    DAY,
    FLOOR,
    HOUR,
    MINUTE,
    NOW,
    OPERATOR,
    STORY,
    Apart,
    Clock,
    Kitchen,
    Quick,
    story_file,
    wired,
    written,
)

from briefing import app
from briefing.adapters.store import SqlStore
from briefing.app import mailing
from briefing.config import Config
from briefing.news import Digest, Edition
from briefing.proof import Finding, verify
from briefing.serve.children import Runner
from briefing.serve.service import Service
from briefing.serve.watching import Watch

__all__ = [
    "DAY", "DUE", "HOUR", "MINUTE", "NOW", "OPERATOR", "STORY", "Apart", "Clock", "Desk", "Kitchen",
    "Quick", "desk", "edition", "post_office", "quick", "rss", "story_file", "wired",
]  # fmt: skip

DUE = NOW + 30 * MINUTE  # half past six, the time of the one edition of a day
MONDAY = date(2024, 3, 4)
REPORTS = (  # each can be shortened, so that the writer is asked
    "Dock workers stopped a crane at the dry dock in the harbour of Lunden, leaving {} tonnes of "
    "coal on the quay in the open air for the rest of the night.",
    "Police cleared the ferry quay of the harbour of Lunden, ending a blockade in which dock "
    "workers had held up {} lorries that carried grain.",
    "The port authority of Lunden offered {} dock workers a raise, potentially opening the way to "
    "a new round of talks on wages in the harbour.",
)


def edition(day: int, slot: str = "") -> Edition:
    """That of so many days after Monday."""
    return Edition(STORY, MONDAY + day * DAY, slot)


def quick(config: Config, app: app.App, clock: Clock) -> Quick:
    """A runner for :func:`desk` that makes editions up."""
    return Quick(app.store, clock)


def rss(*items: tuple[str, str, str, datetime]) -> bytes:
    """A feed of entries: title, link, text, hour."""
    written = "".join(
        f"<item><title>{escape(title)}</title><link>{escape(link)}</link>"
        f"<description>{escape(text)}</description>"
        f"<pubDate>{at:%a, %d %b %Y %H:%M:%S} GMT</pubDate></item>"
        for title, link, text, at in items
    )
    return f"<rss version='2.0'><channel><title>E</title>{written}</channel></rss>".encode()


# -- who takes the mails -----------------------------------------------------------------------


@dataclass(frozen=True)
class Taken:
    """A mail that the server said it took."""

    at: datetime
    recipient: str
    id: str
    subject: str
    size: int


@dataclass
class PostOffice:
    """What aiosmtpd asks; ``refuses`` gives the answer to a recipient, "" when it is a good one."""

    clock: Clock
    refuses: Callable[[str], str] = lambda address: ""
    on_content: Callable[[str], str] = lambda address: ""
    taken: list[Taken] = field(default_factory=list)
    offered: list[tuple[datetime, str]] = field(default_factory=list)
    port: int = 0

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        self.offered.append((self.clock(), address))
        if answer := self.refuses(address):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 fine"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        (recipient,) = envelope.rcpt_tos
        if answer := self.on_content(recipient):
            return answer
        mail = message_from_bytes(envelope.original_content, policy=policy.default)
        one = Taken(
            self.clock(), recipient, str(mail["Message-ID"]), str(mail["Subject"]),
            len(envelope.original_content),
        )  # fmt: skip
        self.taken.append(one)
        return "250 2.0.0 taken"

    def to(self, recipient: str) -> list[Taken]:
        return [one for one in self.taken if one.recipient == recipient]


@contextmanager
def post_office(clock: Clock) -> Iterator[PostOffice]:
    """A mail server on a free port of loopback."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    office = PostOffice(clock, port=port)
    controller = Controller(office, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield office
    finally:
        controller.stop()


# -- the whole ---------------------------------------------------------------------------------


@dataclass
class Desk:
    """A service, and all that it works with."""

    folder: Path
    config: Config
    clock: Clock
    app: app.App
    service: Service
    watch: Watch
    site: Site
    post: PostOffice

    @property
    def store(self) -> SqlStore:
        return self.app.store

    @property
    def kitchen(self) -> Any:
        return self.service.runner

    def turn(self) -> None:
        """One turn of everything, as the clock of the service gives it."""
        self.service.editions()
        self.service.poll()
        self.service.deliver()
        self.watch.look()

    def turns(self, *, step: timedelta, until: datetime) -> Iterator[datetime]:
        """Turn after turn, up to and including ``until``; yields after each."""
        while self.clock.now < until:
            self.clock.now = min(self.clock.now + step, until)
            self.turn()
            yield self.clock.now

    def go(self, until: datetime, *, step: timedelta = 10 * MINUTE) -> None:
        """All turns up to and including ``until``."""
        for _ in self.turns(step=step, until=until):
            pass

    def tell(self, *days: int, then: Callable[[], object] = lambda: None) -> None:
        """The feed has one report of each of these days, at four in the morning.

        Args:
            then: happens whenever the feed is asked.
        """
        items = [
            (
                f"Dock workers of Lunden, report {day}",
                self.site.url(f"/report/{day}"),
                REPORTS[day % 3].format(310 + day),
                NOW - 2 * HOUR + day * DAY,
            )
            for day in days
        ]

        def feed(_: object) -> Reply:
            then()
            return Reply(rss(*items))

        self.site.pages["/news"] = feed

    def told(self, one: Edition) -> list[str]:
        """The reports that an edition tells of, without those that say what was known before."""
        stored = self.store.edition(one)
        assert stored
        news = {
            passage.article
            for brief in stored.digest.briefs
            for claim in brief.claims
            for passage in claim.passages
        }
        sources = (source for source in stored.digest.sources if source.article in news)
        return sorted(source.url.rpartition("/")[2] for source in sources)

    def subscribe(self, *addresses: str, slots: Sequence[str] = (), story: str = STORY) -> None:
        for address in addresses:
            self.store.readers.add(
                address, story, slots=slots, standing="active", now=self.clock.now
            )

    def out(self) -> list[Edition]:
        """What went out, oldest first."""
        known = self.store.editions(1000)
        return [one.edition for one in reversed(known) if one.published is not None]

    def findings(self, edition: Edition) -> list[Finding]:
        """What cannot be proven of an edition on disk."""

        def recorded(asked: Edition) -> Digest | None:
            stored = self.store.edition(asked)
            return stored.digest if stored else None

        return verify(
            self.app.files.folder(edition), articles=self.store.articles, models=None,
            floor=FLOOR, recorded=recorded,
        )  # fmt: skip


@contextmanager
def desk(
    folder: Path,
    *,
    stories: Mapping[str, str] | None = None,
    feeds: Sequence[str] = ("/news",),
    more: Mapping[str, str] | None = None,
    models: Any = None,
    runner: Callable[[Config, app.App, Clock], Runner] | None = None,
    clock: Clock | None = None,
    deadline: float = 5.0,
) -> Iterator[Desk]:
    """A service on a new or known store in ``folder``; ``feeds`` are paths of its site.

    Args:
        runner: who does the work; a :class:`Kitchen` when not given.
    """
    clock = clock or Clock()
    with ExitStack() as stack:
        site = stack.enter_context(serving())
        post = stack.enter_context(post_office(clock))
        configured = written(
            folder, stories=stories, feeds=[site.url(path) for path in feeds],
            feed_port=site.port, mail_port=post.port, more=more,
        )  # fmt: skip
        opened = wired(configured, clock, models=models, deadline=deadline)
        stack.callback(opened.store.close)
        lease = opened.store.leases.take("serve", place="here:1", now=clock(), length=1000 * DAY)
        service = Service(
            config=configured,
            app=opened,
            runner=(runner or Kitchen)(configured, opened, clock),
            clock=clock,
            feeds=lambda: app.feeds(configured),
            server=mailing.server(configured),
            lease=lease,
            jitter=lambda: 0.0,
        )
        yield Desk(folder, configured, clock, opened, service, Watch(service), site, post)
