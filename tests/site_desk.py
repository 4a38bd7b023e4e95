"""What the tests of the site share: a real store with editions, and a real server."""

from __future__ import annotations

import http.client
import socket
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import uvicorn
from starlette.applications import Starlette

from briefing.adapters.store import SqlStore, open_store
from briefing.news import (
    Accounts,
    Article,
    Board,
    BoardLine,
    Brief,
    Claim,
    Digest,
    Edition,
    Entry,
    ModelIdentity,
    Passage,
    Schedule,
    Source,
    Story,
)
from briefing.post import Subscriber
from briefing.serve.archive import StoreArchive
from briefing.site import Readings, application
from briefing.stages import render
from briefing.text.assemble import assemble

EET = timezone(timedelta(hours=2))
DAY = date(2024, 11, 22)
NOW = datetime(2024, 11, 22, 12, 0, tzinfo=UTC)
SECRET = b"a secret of the tests, long enough"
HARBOUR = Story(
    "harbour",
    "Harbour strike",
    "The dock workers' strike in Lunden.",
    {},
    timezone="Europe/Berlin",
    schedule=Schedule((time(6, 30),)),
)
FERRY = Story("ferry-line", "The night ferry", "The night ferry to Lunden.", {})

OFFER = (
    "Port authority offers dock workers a raise",
    (
        "The harbour of Lunden stood still for a third day. The port authority offered the dock "
        "workers a raise of 4 percent on Thursday. It had refused to talk before.",
        "“We will put it to a vote,” said Anna Weber, who speaks for the dock workers. "
        "Fourteen ships wait outside.",
    ),
)
WALKOUT = (
    "Dock workers walk out in Lunden",
    ("Some 310 dock workers walked out of the harbour on Tuesday, after talks on wages failed.",),
)


def article(key: str, title: str, paragraphs: Sequence[str], **other: Any) -> Article:
    text, passages = assemble(key, title, paragraphs)
    given: dict[str, Any] = {"url": f"https://news.example/{key}?a=1&b=2"}
    given |= {"publisher": f"The {key.title()} Post", "date_origin": "stated"}
    given |= {"published": datetime(2024, 11, 21, 11, 15, tzinfo=UTC)}
    return Article(
        id=key, title=title, title_origin="stated", text=text, passages=passages, **(given | other)
    )


ARTICLES = {"offer": article("offer", *OFFER), "walkout": article("walkout", *WALKOUT)}


def passage(key: str, words: str) -> Passage:
    """The passage of an article that has these words."""
    return next(p for p in ARTICLES[key].passages if words in p.text)


def claim(text: str, *passages: Passage, wording: Any = "written") -> Claim:
    return Claim(text, passages, 1.0 if wording == "quoted" else 0.934, wording, "on record")


RAISE = passage("offer", "4 percent")
REFUSED = passage("offer", "refused")
VOTE = passage("offer", "Anna Weber")
SHIPS = passage("offer", "Fourteen")
OUT = passage("walkout", "310")


def source(number: int, found: Article) -> Source:
    return Source(
        number,
        found.id,
        found.title,
        found.publisher,
        found.published,
        "stated",
        found.url,
        found.id,
    )


def digest(day: date = DAY, slot: str = "", *, story: Story = HARBOUR, **other: Any) -> Digest:
    """An edition of seven kinds of line."""
    own = claim(OUT.text, OUT, wording="quoted")
    raised = claim("The port authority offered dock workers 4 percent.", RAISE, REFUSED)
    hour = time(int(slot[:2]), int(slot[2:]), tzinfo=EET) if slot else time(6, 30, tzinfo=EET)
    given: dict[str, Any] = {
        "edition": Edition(story.slug, day, slot),
        "story_name": story.name,
        "made": datetime.combine(day, hour),
        "subject": claim("Port authority offers a raise", RAISE, wording="shortened"),
        "bottom_line": (raised, own),
        "briefs": (
            Brief("d1", claim("Port authority offers a raise", RAISE), (raised,), ("offer",), 1),
            Brief("d2", claim("310 walked out", OUT), (own,), ("walkout",), 1),
        ),
        "boards": (
            Board(
                "quotes",
                "Quotes",
                (
                    BoardLine(
                        "Anna Weber", claim("We will put it to a vote", VOTE, wording="quoted")
                    ),
                ),
            ),
            Board("figures", "Figures", (BoardLine("Ships: 14", claim(SHIPS.text, SHIPS)),)),
        ),
        "sources": (source(1, ARTICLES["offer"]), source(2, ARTICLES["walkout"])),
        "skips": (),
        "accounts": Accounts(2, 2, (), 5, 5, (), 4, 2),
        "model": ModelIdentity("writer 1", "", "judge 1", "cpu"),
        "newest": datetime(2024, 11, 21, 11, 15, tzinfo=UTC),
    }
    return Digest(**(given | other))


def quiet(day: date) -> Digest:
    """An edition with nothing to report."""
    nothing = Claim("No development to report", (), 1.0, "quoted", "reported")
    return digest(
        day, subject=nothing, bottom_line=(), briefs=(), boards=(), sources=(), newest=None
    )


@dataclass
class Desk:
    """The service's archive, but that a confirmation is caught on its way to the outbox."""

    store: SqlStore
    stories: dict[str, Story] = field(default_factory=lambda: {HARBOUR.slug: HARBOUR})
    confirmed: list[Subscriber] = field(default_factory=list)
    now: datetime = NOW
    reasons: list[str] = field(default_factory=list)
    readings: Readings = field(default_factory=Readings)

    def renew(self, store: SqlStore) -> None:
        """Begin anew over another store, two hours later."""
        self.store = store
        self.stories.clear()
        self.stories[HARBOUR.slug] = HARBOUR
        self.confirmed.clear()
        self.reasons = []
        self.readings = Readings()
        self.now += timedelta(hours=2)

    def put(self, *digests: Digest, articles: Iterable[Article] = ARTICLES.values()) -> None:
        for found in articles:
            entry = Entry(found.id, "test", found.url, found.title, None, "", "text")
            self.store.add(entry, [found], now=self.now)
        known = self.store.articles([a.id for a in articles]) or ARTICLES
        for one in digests:
            evidence = render.evidence(one, known)
            self.store.record(one, [], skips=[], evidence=evidence)

    def application(self, **other: Any) -> Starlette:
        given: dict[str, Any] = {
            "archive": self,
            "stories": self.stories,
            "secret": SECRET,
            "clock": lambda: self.now,
            "signup": True,
            "ready": lambda: self.reasons,
            "metrics": lambda: self.readings,
        }
        return application(**(given | other))

    # -- briefing.site.Archive, over whichever store is here now -------------------------------

    editions = StoreArchive.editions
    edition = StoreArchive.edition
    articles = StoreArchive.articles
    subscriber = StoreArchive.subscriber
    sign_up = StoreArchive.sign_up
    set_standing = StoreArchive.set_standing

    def send_confirmation(self, subscriber: Subscriber) -> None:
        self.confirmed.append(subscriber)


@contextmanager
def open_desk(folder: Path) -> Iterator[Desk]:
    """An empty archive in a store of its own."""
    with open_store(f"sqlite:///{folder / 'site.db'}") as store:
        yield Desk(store)


@contextmanager
def running_desk(folder: Path) -> Iterator[tuple[Desk, str]]:
    """A desk and the address where it answers; each test gives it a store (:func:`renewed`)."""
    with open_desk(folder) as desk, served(desk.application()) as base:
        yield desk, base


@contextmanager
def renewed(desk: Desk, folder: Path) -> Iterator[Desk]:
    """The running desk over an empty store: to start a server for each test would cost more."""
    with open_store(f"sqlite:///{folder / 'site.db'}") as store:
        desk.renew(store)
        yield desk


@contextmanager
def served(application: Starlette) -> Iterator[str]:
    """The address at which uvicorn answers, as the service starts it."""
    server = uvicorn.Server(
        uvicorn.Config(
            application, port=0, log_config=None, access_log=False, server_header=False,
            lifespan="off", timeout_graceful_shutdown=1,
        )
    )  # fmt: skip
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=server.run, args=[[listening]], daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(10)
            assert not thread.is_alive()


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


def ask(
    base: str,
    path: str,
    *,
    method: str = "GET",
    body: bytes | dict[str, str] | Iterable[bytes] | None = None,
    headers: dict[str, str] | None = None,
) -> Answer:
    """One request over the wire; a dictionary is sent as a form."""
    given = dict(headers or {})
    if isinstance(body, dict):
        body = urlencode(body).encode()
        given.setdefault("Content-Type", "application/x-www-form-urlencoded")
    host, _, port = base.removeprefix("http://").partition(":")
    connection = http.client.HTTPConnection(host, int(port), timeout=10)
    try:
        connection.request(method, path, body=body, headers=given)
        answer = connection.getresponse()
        return Answer(answer.status, answer.headers, answer.read())
    finally:
        connection.close()


def later(one: Digest, **other: Any) -> Digest:
    """The same edition, made again."""
    return replace(one, made=one.made + timedelta(hours=1), **other)
