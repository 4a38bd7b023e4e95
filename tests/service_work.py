"""Who does the work of the service in its tests, over a project in a folder.

What the service gives to processes of its own is done in this process (:class:`Kitchen`), in one
forked for each piece (:class:`Apart`), or is made up (:class:`Quick`) where only the hour of an
edition matters. A fake stands only at the port of the models.
"""

from __future__ import annotations

import gc
import os
import signal
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from html import escape
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from ssl import SSLContext
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any, NoReturn

from feed_site import quiet
from httpx2 import create_ssl_context
from processes import LONGEST, bounded
from store_cases import digest
from test_pipeline import FEED, STRIKE, Pages, WordModels, made
from test_pipeline import rss as news

from briefing import app, config, pipeline
from briefing.adapters.confined import InPlace
from briefing.adapters.engine import ThreadEngine
from briefing.adapters.files import DigestFiles
from briefing.adapters.store import SqlStore, open_store
from briefing.adapters.web import GuardedWeb
from briefing.app import making
from briefing.config import Config
from briefing.errors import BriefingError
from briefing.news import Digest, Document, Edition
from briefing.serve.children import Ended
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


# -- the project ---------------------------------------------------------------------------------


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
        InPlace(),
    )


# -- who does the work -------------------------------------------------------------------------


@dataclass
class Kitchen:
    """Makes editions as `briefing run --send` does, and polls; in this process."""

    config: Config
    app: app.App
    clock: Callable[[], datetime]
    made: list[tuple[datetime, Edition]] = field(default_factory=list)  # attempts
    errors: list[BriefingError] = field(default_factory=list)  # what they died of

    def edition(self, edition: Edition) -> Ended:
        self.made.append((self.clock(), edition))
        started = perf_counter()
        try:
            self.cook(edition)
        except BriefingError as error:
            self.errors.append(error)
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
            self.errors.append(error)
            return Ended(False, 1, error.message, 0.0)
        return Ended(True, 0, "", 0.0)

    def ask(self) -> pipeline.PollResult:
        now, opened = self.clock(), self.app
        return pipeline.poll(
            pipeline.Ports(
                opened.web,
                opened.store,
                opened.models,
                opened.files,
                opened.engine,
                opened.parsers,
            ),
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
        self._source = os.fork()
        if self._source == 0:
            self._serve(theirs)
        theirs.close()

    def at(self, clock: Callable[[], datetime]) -> Apart:
        """The same, with the hour read from there."""
        self.clock = clock
        return self

    def close(self) -> None:
        self._ours.close()
        os.kill(self._source, signal.SIGKILL)  # nothing is under way, so nothing is lost
        os.waitpid(self._source, 0)

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
        while isinstance(answer := self._heard(), str):
            said = answer
        code = -answer if answer else 1 if said else 0
        return Ended(code == 0, code, said, perf_counter() - started)

    def _heard(self) -> str | int:
        """What is said of the work, and in the end the signal that ended it, or 0."""
        assert self._ours.poll(2 * LONGEST), "neither done nor ended in time"
        answer: str | int = self._ours.recv()
        return answer

    def _serve(self, theirs: Connection) -> NoReturn:
        try:
            self._ours.close()
            bounded()
            tls = _warm()
            bounded(0)  # the next piece of work may be a long time off
            gc.freeze()  # what the children share is not copied for looking through it
            while True:
                what, now = theirs.recv()
                child = os.fork()
                if child == 0:
                    self._work(theirs, what, now, tls)
                _, status = os.waitpid(child, 0)
                theirs.send(os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0)
        except EOFError:
            os._exit(0)
        finally:
            traceback.print_exc()
            os._exit(1)

    def _work(
        self, theirs: Connection, what: Edition | str, now: datetime, tls: SSLContext
    ) -> NoReturn:
        try:
            bounded()
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
