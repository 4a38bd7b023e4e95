"""Feeds on a real web server, and who polls them: what the tests of polling share."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np

from briefing import pipeline
from briefing.adapters.confined import InPlace
from briefing.adapters.engine import ThreadEngine
from briefing.adapters.files import DigestFiles
from briefing.adapters.store import SqlStore, open_store
from briefing.adapters.web import GuardedWeb
from briefing.news import Feed, FeedReport, ModelIdentity, Option, Pair
from briefing.ports import Parsers
from briefing.text import lexical

NOW = datetime(2024, 11, 22, 7, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
NO_PACE = timedelta(0)
TLS = ssl.create_default_context()  # made once: many doors are opened


@dataclass(frozen=True)
class Reply:
    """What a page of the site answers."""

    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    status: int = 200


Page = Callable[[Message], Reply]


@dataclass
class Site:
    """A real web server: each path answers by a function of the request's headers."""

    pages: dict[str, Page] = field(default_factory=dict)
    asked: list[tuple[str, Message]] = field(default_factory=list)
    port: int = 0

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def feed(self, path: str) -> Feed:
        return Feed(self.url(path), path, "Harbour News")

    def count(self, path: str) -> int:
        return sum(where == path for where, _ in self.asked)


@contextmanager
def serving() -> Iterator[Site]:
    """A site on a free port of loopback, until the block ends."""
    made = Site()

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            made.asked.append((self.path, self.headers))
            page = made.pages.get(self.path, lambda _: Reply(status=404))
            reply = page(self.headers)
            self.send_response_only(reply.status)
            for name, value in reply.headers:
                self.send_header(name, value)
            if reply.status != 304:
                self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    made.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


class Untouched:
    """Models that nobody may ask."""

    @property
    def identity(self) -> ModelIdentity:
        raise AssertionError("a model was loaded")

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        raise AssertionError("a model was loaded")

    def generate(
        self, prompts: Sequence[str], *, candidates: int = 1, among: Sequence[Sequence[Option]] = ()
    ) -> list[list[str]]:
        raise AssertionError("a model was loaded")

    def support(self, pairs: Sequence[Pair]) -> list[float]:
        raise AssertionError("a model was loaded")


class Words(Untouched):
    """Embeds by words; a poll needs no more."""

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        return lexical.vectors(texts)


@dataclass
class House:
    """What polls: the store and the web are real."""

    store: SqlStore
    port: int  # of the one site that it may ask
    where: Path
    models: Untouched = field(default_factory=Words)
    parsers: Parsers = field(default_factory=InPlace)

    @property
    def web(self) -> GuardedWeb:
        """The door of one process: a host that is to be left alone is remembered no longer."""
        return GuardedWeb(
            contact="",
            allow_private=("127.0.0.0/8",),
            allow_ports=(self.port,),
            robots=False,
            tls=TLS,
            clock=lambda: NOW,
        )

    def poll(
        self, *feeds: Feed, at: datetime = NOW, pace: timedelta = NO_PACE
    ) -> pipeline.PollResult:
        ports = pipeline.Ports(
            self.web, self.store, self.models, DigestFiles(self.where), ThreadEngine(), self.parsers
        )
        return pipeline.poll(ports, feeds=feeds, as_of=at.date(), now=at, pace=pace, progress=quiet)

    def one(self, feed: Feed, *, at: datetime = NOW) -> FeedReport:
        (report,) = self.poll(feed, at=at).reports
        return report


def quiet(stage: str, done: int, total: int) -> None:
    """Nobody looks."""


@contextmanager
def keeping(site: Site, where: Path) -> Iterator[House]:
    """A house with a new store in the folder ``where``, which may ask that site alone."""
    with open_store(f"sqlite:///{where / 'briefing.db'}") as store:
        yield House(store, site.port, where)


def rss(
    *items: str, link: str = "https://news.example", guid: str = "", channel: str = ""
) -> bytes:
    """A feed of these titles; each links to a page of its own."""
    written = "".join(
        f"<item><title>{title}</title><link>{link}/{title}</link>"
        + (f"<guid isPermaLink='false'>{guid}{title}</guid>" if guid else "")
        + f"<description>The dock workers of Lunden laid down tools on {title} morning, and the "
        "port authority said that no ship would leave.</description></item>"
        for title in items
    )
    space = "xmlns:sy='http://purl.org/rss/1.0/modules/syndication/'"
    return f"<rss version='2.0' {space}><channel>{channel}{written}</channel></rss>".encode()


def saying(body: bytes, *headers: tuple[str, str], status: int = 200) -> Page:
    return lambda _: Reply(body, headers, status)


def unchanging(body: bytes, *headers: tuple[str, str], later: tuple[tuple[str, str], ...]) -> Page:
    """Answers once with the body, then with 304 and the headers ``later``."""

    def page(asked: Message) -> Reply:
        if asked["If-None-Match"] == '"one"':
            return Reply(b"", later, 304)
        return Reply(body, (("ETag", '"one"'), *headers))

    return page
