"""The service as the tests of it see it: turned by hand, over a real store, real feeds and mails.

A fake stands only at the port of the models. Work that the service gives to processes of its own
is done in this process (:class:`Kitchen`), in one forked for each piece (:class:`Apart`), or is
made up (:class:`Quick`) where only the hour of an edition matters.
"""

from __future__ import annotations

import os
import socket
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from html import escape
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from ssl import SSLContext
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from aiosmtpd.controller import Controller
from feed_site import Site, quiet, serving
from httpx2 import create_ssl_context
from store_cases import digest, forked
from test_pipeline import FEED, STRIKE, Pages, WordModels, made
from test_pipeline import rss as news

from briefing import app, config, pipeline
from briefing.adapters.engine import ThreadEngine
from briefing.adapters.files import DigestFiles
from briefing.adapters.store import SqlStore, open_store
from briefing.adapters.web import GuardedWeb
from briefing.app import mailing, making
from briefing.config import Config
from briefing.errors import BriefingError
from briefing.news import Digest, Document, Edition
from briefing.proof import Finding, verify
from briefing.serve.children import Ended, Runner
from briefing.serve.service import Service
from briefing.serve.watching import Watch
from briefing.stages import render

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
NOW = datetime(2024, 3, 4, 6, tzinfo=UTC)  # a Monday
STORY = "harbour-strike"
FLOOR = 0.5
SENDER = "The Briefing <briefing@example.org>"
OPERATOR = "operator@example.org"


@dataclass
class Clock:
    """Shows what it is told to."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


def story_file(*times: str, zone: str = "UTC", more: str = "") -> str:
    """A story of the dock workers' strike with editions at these local times."""
    schedule = ", ".join(f'"{one}"' for one in times)
    return (
        'name = "Harbour strike"\n'
        'description = "The dock workers\' strike in the harbour of Lunden."\n'
        f'timezone = "{zone}"\nrelevance = 0.3\n{more}'
        '[terms]\nactors = ["dock workers", "port authority"]\nplaces = ["Lunden", "harbour"]\n'
        f"[schedule]\ntimes = [{schedule}]\n"
    )


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


# -- who does the work -------------------------------------------------------------------------


@dataclass
class Kitchen:
    """Makes editions as `briefing run --send` does, and polls; in this process."""

    config: Config
    app: app.App
    clock: Callable[[], datetime]
    made: list[tuple[datetime, Edition]] = field(default_factory=list)  # attempts

    def edition(self, edition: Edition) -> Ended:
        self.made.append((self.clock(), edition))
        started = perf_counter()
        try:
            self.cook(edition)
        except BriefingError as error:
            return Ended(False, 1, error.message, perf_counter() - started)
        return Ended(True, 0, "", perf_counter() - started)

    def cook(self, edition: Edition, **options: Any) -> pipeline.RunResult:
        """The run itself; raises what it raises."""
        return making.make_edition(
            self.config,
            self.app,
            edition=edition,
            source=self.config.run.source,
            bar=pipeline.Limits(style="confined", floor=FLOOR),
            progress=options.pop("progress", quiet),
            clock=self.clock,
            **({"send": True} | options),
        )

    def poll(self) -> Ended:
        try:
            self.ask()
        except BriefingError as error:
            return Ended(False, 1, error.message, 0.0)
        return Ended(True, 0, "", 0.0)

    def ask(self) -> pipeline.PollResult:
        now, opened = self.clock(), self.app
        return pipeline.poll(
            pipeline.Ports(opened.web, opened.store, opened.models, opened.files, opened.engine),
            feeds=app.feeds(self.config),
            as_of=now.date(),
            now=now,
            pace=timedelta(minutes=self.config.serve.poll_minutes),
            progress=quiet,
        )

    def stop(self) -> None:
        """Nothing outlives a call."""


@dataclass
class Quick:
    """Makes editions up and puts them on record as out; asks no feed."""

    store: SqlStore
    clock: Callable[[], datetime]
    made: list[tuple[datetime, Edition]] = field(default_factory=list)

    def edition(self, edition: Edition) -> Ended:
        now = self.clock()
        self.made.append((now, edition))
        number = self.store.runs.begin(edition, now=now)
        self.store.record(made_up(edition, now), [], skips=(), evidence="{}", published=now)
        self.store.runs.finish(number, outcome="done", now=now)
        return Ended(True, 0, "", 0.0)

    def poll(self) -> Ended:
        return Ended(True, 0, "", 0.0)

    def stop(self) -> None:
        """Nothing outlives a call."""


def made_up(edition: Edition, now: datetime) -> Digest:
    """An edition without a line."""
    return replace(digest(edition, "Nothing"), made=now)


class Apart:
    """Does each piece of work in a process of its own.

    All are forked from one that is forked from this process before it has a store or a thread, so
    that none inherits a lock, an open file of the store, or the memory of the one before it.
    """

    def __init__(self, folder: Path, *, models: Any = None, deadline: float = 5.0) -> None:
        """
        Args:
            folder: the project, which may be written later.
            models: what each process works with.
        """
        self._folder, self._models, self._deadline = folder, models, deadline
        self.clock: Callable[[], datetime] = Clock()
        self.made: list[tuple[datetime, Edition]] = []
        self._ours, theirs = Pipe()
        self._source = forked(lambda: self._serve(theirs))
        theirs.close()

    def at(self, clock: Callable[[], datetime]) -> Apart:
        """The same, with the hour read from there."""
        self.clock = clock
        return self

    def close(self) -> None:
        self._ours.send(None)
        os.waitpid(self._source, 0)
        self._ours.close()

    def edition(self, edition: Edition) -> Ended:
        self.made.append((self.clock(), edition))
        return self._done(edition)

    def poll(self) -> Ended:
        return self._done("poll")

    def stop(self) -> None:
        """Nothing outlives a call."""

    def _done(self, what: Edition | str) -> Ended:
        started = perf_counter()
        self._ours.send((what, self.clock()))
        said = ""
        while isinstance(answer := self._ours.recv(), str):
            said = answer
        code = -answer if answer else 1 if said else 0
        return Ended(code == 0, code, said, perf_counter() - started)

    def _serve(self, theirs: Connection) -> None:
        self._ours.close()
        tls = _warm()
        while (asked := theirs.recv()) is not None:
            what, now = asked
            child = os.fork()
            if child == 0:
                self._work(theirs, what, now, tls)
            _, status = os.waitpid(child, 0)
            theirs.send(os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0)

    def _work(
        self, theirs: Connection, what: Edition | str, now: datetime, tls: SSLContext
    ) -> None:
        try:
            configured = config.load(self._folder / "config" / "briefing.toml", {})
            clock = Clock(now)
            opened = wired(configured, clock, models=self._models, deadline=self._deadline, tls=tls)
            kitchen = Kitchen(configured, opened, clock)
            if isinstance(what, Edition):
                kitchen.cook(what)
            else:
                kitchen.ask()
        except BriefingError as error:
            theirs.send(error.message)
        except BaseException:
            theirs.send(traceback.format_exc())
        finally:
            os._exit(0)


def _warm() -> SSLContext:
    """Import and compile once what every child would else import and compile for itself."""
    title, link, text = STRIKE
    page = Document(link, f"<body><article><h1>{title}</h1><p>{text}</p></article>".encode())
    with TemporaryDirectory() as folder:
        written(Path(folder))
        result = made(Path(folder), [FEED], web=Pages({FEED.url: news(STRIKE), link: page}))
    render.letter_html(result.digest)
    return create_ssl_context(trust_env=False)


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


def wired(
    configured: Config,
    clock: Callable[[], datetime],
    *,
    models: Any = None,
    deadline: float = 5.0,
    tls: SSLContext | None = None,
) -> app.App:
    """The adapters of a process, with a fake only at the port of the models."""
    web = GuardedWeb(
        contact="",
        allow_private=configured.web.allow_private,
        allow_ports=configured.web.allow_ports,
        deadline=deadline,
        clock=clock,
        tls=tls,
    )
    return app.App(
        open_store(configured.store.url),
        models or WordModels(),
        web,
        DigestFiles(configured.output.folder),
        ThreadEngine(),
    )


def written(
    folder: Path,
    *,
    stories: Mapping[str, str] | None = None,
    feeds: Sequence[str] = (),
    feed_port: int = 1,
    mail_port: int = 1,
    more: Mapping[str, str] | None = None,
) -> Config:
    """A project in ``folder``; ``more`` adds lines to a section."""
    sections = {
        "run": f'story = "{STORY}"',
        "web": f'allow_private = ["127.0.0.0/8"]\nallow_ports = [{feed_port}]',
        "serve": "",
        "mail": f'host = "127.0.0.1"\nport = {mail_port}\nsecurity = "none"\ntimeout = 5.0\n'
        f'final_timeout = 5.0\nsender = "{SENDER}"\noperator = "{OPERATOR}"',
    }
    for name, lines in (more or {}).items():
        sections[name] = sections.get(name, "") + "\n" + lines
    place = folder / "config"
    (place / "stories").mkdir(parents=True, exist_ok=True)
    text = "\n".join(f"[{name}]\n{lines}" for name, lines in sections.items())
    (place / "briefing.toml").write_text(text, "utf-8")
    for slug, story in (stories or {STORY: story_file("06:30")}).items():
        (place / "stories" / f"{slug}.toml").write_text(story, "utf-8")
    outlines = "".join(
        f'<outline type="rss" text="{one.rpartition("/")[2]}" xmlUrl="{escape(one)}"/>'
        for one in feeds
    )
    (place / "feeds.opml").write_text(
        f'<opml version="2.0"><body>{outlines}</body></opml>', "utf-8"
    )
    return config.load(place / "briefing.toml", {})


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
