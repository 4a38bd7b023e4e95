"""The small protocols that a run consumes. Adapters satisfy them; tests fake them.

Nothing here imports an adapter, a model or the network.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec, Protocol, Self, TypeVar

from briefing.news import (
    Article,
    Digest,
    Document,
    Edition,
    Entry,
    Feed,
    ModelIdentity,
    NotModified,
    Option,
    Pair,
    Remembered,
    Revision,
    Sighting,
    Skip,
)
from briefing.post import Letter, Mail, Receipt

if TYPE_CHECKING:  # a parser's worker comes by here, and needs no numpy
    import numpy as np
    from numpy.typing import NDArray

T = TypeVar("T")
R = TypeVar("R")
P = ParamSpec("P")


class Web(Protocol):
    """One guarded door to the network."""

    def fetch(
        self, url: str, *, etag: str = "", last_modified: str = "", page: bool = False
    ) -> Document | NotModified:
        """Return the document, or the server's word that it has not changed (304).

        That word is only had by who sends ``etag`` or ``last_modified``. A ``page`` is an
        article's, which its site may not want us to fetch; a feed is offered to programs.

        Raises:
            FetchError: refused address, time out, too large, bad status, robots.txt, ...
        """


class Folder(Protocol):
    """A folder of article files."""

    name: str

    def read(self) -> Iterator[Document | Skip]:
        """Yield each file, in path order; what cannot be read is a :class:`Skip`."""


PARSER_KILLED = "parser was killed"
PARSER_MISSING = "parser could not be started"
"""Reasons of a Skip whose document is not to blame: somebody ended the parser, twice, by SIGKILL,
or the system has no room for it."""


class Parsers(Protocol):
    """Where parsers meet what strangers wrote, and may break.

    Inside a ``with`` block they are kept ready.
    """

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...

    def read(
        self, function: Callable[P, R], subject: str, /, *given: P.args, **named: P.kwargs
    ) -> R | Skip:
        """What a pure function of the stages makes of its arguments.

        Where it crashes, or takes more time or memory than it may, a :class:`Skip` of its stage
        about ``subject``, with the reason "parser ran out of memory", "parser took longer than
        30 s", "parser crashed (signal 11)", "parser answered nonsense", ``PARSER_KILLED``, ...
        """


class FeedState(Protocol):
    """What the store remembers of a feed between polls."""

    @property
    def etag(self) -> str: ...

    @property
    def last_modified(self) -> str: ...

    @property
    def errors(self) -> int:
        """Failures in a row."""

    @property
    def not_before(self) -> datetime | None:
        """Do not poll earlier than this: a failing feed's back-off, else the feed's own wish."""

    @property
    def last_answered(self) -> datetime | None: ...

    @property
    def last_failed(self) -> datetime | None: ...

    @property
    def wish(self) -> float:
        """Seconds that it wanted to be left alone after its last answer."""


class LeaseHeld(Protocol):
    """The right to do a piece of work alone."""

    @property
    def name(self) -> str: ...

    @property
    def owner(self) -> str: ...


class Memory(Protocol):
    """Answers of models that a run which is begun again need not ask for again."""

    def recalled(self, keys: Iterable[str]) -> dict[str, str]: ...

    def remember(self, values: Mapping[str, str], *, now: datetime) -> None: ...


class MailSession(Protocol):
    """A connection to a mail server that takes mails."""

    def send(self, mail: Mail) -> Receipt:
        """Hand over one mail.

        Raises:
            ServerError: the connection was lost before the mail was offered.
        """


class MailServer(Protocol):
    """The server that takes our mails."""

    def session(self) -> AbstractContextManager[MailSession]:
        """Connect and say who we are.

        Raises:
            ServerError: it cannot be reached, or refuses us.
        """

    def stop(self) -> None:
        """From another thread: end a session that waits, and begin no other."""


class Outbox(Protocol):
    """Mails to be sent."""

    def claim(self, *, now: datetime, lease: LeaseHeld | None = None) -> Letter | None: ...

    def release(self, number: int, *, reply: str) -> None: ...

    def settle(
        self, number: int, receipt: Receipt, *, now: datetime, not_before: datetime | None = None
    ) -> None: ...

    def ready(self, *, now: datetime) -> bool: ...


class Store(Protocol):
    """What outlives a run."""

    def feed_state(self, url: str) -> FeedState: ...

    def feed_answered(
        self,
        feed: Feed,
        document: Document | None,
        *,
        now: datetime,
        entries: int,
        new: int,
        fresh_for: float = 0.0,
        moved_to: str = "",
    ) -> None:
        """Remember the validators verbatim, clear the errors. ``None``: it had not changed.

        The feed may be asked again after ``fresh_for`` seconds.
        """

    def feed_failed(
        self, feed: Feed, *, now: datetime, reason: str, retry_after: float | None = None
    ) -> None:
        """Count the failure and set when the feed may be asked again (back-off, Retry-After)."""

    def unseen(self, entries: Sequence[Entry]) -> list[Entry]:
        """Those whose (source, key) and link were never recorded, in order."""

    def add_all(
        self, outcomes: Sequence[tuple[Entry, Sequence[Article] | Skip]], *, now: datetime
    ) -> None:
        """Record entries as seen, each with its articles or the reason that it gave none.

        In one transaction; recording an entry again changes nothing.
        """

    def pending(
        self, edition: Edition, *, as_of: datetime | None = None, folder: str = ""
    ) -> list[Article]:
        """Articles that no *other* edition of this story has consumed, oldest first.

        As of a past moment: those added before it, or whenever for those of ``folder``
        (``Entry.source``), whatever later editions have used of them.
        """

    def articles(self, ids: Iterable[str]) -> dict[str, Article]:
        """Stored articles by id, and later texts of them by theirs; unknown ids are absent."""

    def known(self, edition: Edition, *, since: date) -> list[Remembered]:
        """Claims that editions of this story saw before ``edition``, by (first, id).

        Those that no edition of the day ``since`` or later saw are left out.
        """

    def printed_before(self, edition: Edition, *, since: date) -> list[Digest]:
        """The editions of this story from the day ``since`` that come before ``edition``."""

    def retold(self, entries: Sequence[Entry], *, since: date) -> list[tuple[Entry, list[Article]]]:
        """Entries that say something else than when they were last compared, with the articles
        of theirs that editions of the day ``since`` or later cite, as last known."""

    def note_said(self, entries: Sequence[Entry]) -> None:
        """Keep what entries say now: they were compared."""

    def cited_from(self, source: str, *, since: date) -> list[tuple[str, Article]]:
        """Articles of a source that editions of the day ``since`` or later cite, as last known,
        each with the key of its entry."""

    def note_revision(self, article: str, revised: Article | None, *, now: datetime) -> None:
        """Keep what a stored article says now; ``None``: it was withdrawn.

        What is known already changes nothing.
        """

    def revisions(
        self, ids: Iterable[str], *, until: datetime | None = None
    ) -> dict[str, Revision]:
        """The newest revision of each of these articles that has one, noticed by ``until``."""

    def record(
        self,
        digest: Digest,
        consumed: Sequence[str],
        *,
        skips: Sequence[Skip],
        evidence: str,
        seen: Sequence[Sighting] = (),
        mails: Sequence[Mail] = (),
        published: datetime | None = None,
        lease: LeaseHeld | None = None,
    ) -> None:
        """In one transaction: the edition, what it consumed, its skips, its evidence, the claims
        that it saw, its mails.

        Raises:
            LeaseLost: ``lease`` is held by another process now; nothing is recorded.
        """


class Models(Protocol):
    """The writer, the embeddings and the judge."""

    @property
    def identity(self) -> ModelIdentity: ...

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors, shape ``(len(texts), dimension)``."""

    def generate(
        self,
        prompts: Sequence[str],
        *,
        candidates: int = 1,
        among: Sequence[Sequence[Option]] = (),
    ) -> list[list[str]]:
        """For each prompt, ``candidates`` raw answers (the first one greedy).

        ``among``: for each prompt the only answers there are; one without options is answered
        freely. Of options one is chosen, whatever ``candidates`` says.

        Raises:
            ModelError: the model is missing, damaged or out of memory.
        """

    def support(self, pairs: Sequence[Pair]) -> list[float]:
        """How far each sentence is supported by its evidence, 0 to 1."""


class Files(Protocol):
    """Where editions are written."""

    def save(self, edition: Edition, files: dict[str, str]) -> Path:
        """Write all files of the edition, whole or not at all; return their folder.

        Raises:
            DeliveryError: the folder cannot be written.
        """


class Engine(Protocol):
    """How a map over many items runs."""

    def map(self, function: Callable[[T], R], items: Sequence[T]) -> Iterator[R]:
        """Results in the order of the items, as they become ready."""


class Progress(Protocol):
    """Told how far a stage has come. ``total`` 0: unknown."""

    def __call__(self, stage: str, done: int, total: int) -> None: ...
