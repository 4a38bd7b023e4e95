"""The small protocols that a run consumes. Adapters satisfy them; tests fake them.

Nothing here imports an adapter, a model or the network.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from briefing.news import (
    Article,
    Digest,
    Document,
    Edition,
    Entry,
    Feed,
    ModelIdentity,
    Option,
    Pair,
    Skip,
)

T = TypeVar("T")
R = TypeVar("R")


class Web(Protocol):
    """One guarded door to the network."""

    def fetch(self, url: str, *, etag: str = "", last_modified: str = "") -> Document | None:
        """Return the document, or ``None`` when the server says it has not changed (304).

        Raises:
            FetchError: refused address, time out, too large, bad status, ...
        """
        ...


class Folder(Protocol):
    """A folder of article files."""

    name: str

    def read(self) -> Iterator[Document | Skip]:
        """Yield each file, in path order; what cannot be read is a :class:`Skip`."""
        ...


class FeedState(Protocol):
    """What the store remembers of a feed between polls."""

    @property
    def etag(self) -> str: ...

    @property
    def last_modified(self) -> str: ...

    @property
    def errors(self) -> int:
        """Failures in a row."""
        ...

    @property
    def not_before(self) -> datetime | None:
        """Do not poll earlier than this."""
        ...


class Store(Protocol):
    """What outlives a run."""

    def feed_state(self, url: str) -> FeedState: ...

    def feed_answered(
        self, feed: Feed, document: Document | None, *, now: datetime, entries: int, new: int
    ) -> None:
        """Remember the validators verbatim, clear the errors. ``None``: it had not changed."""
        ...

    def feed_failed(
        self, feed: Feed, *, now: datetime, reason: str, retry_after: float | None = None
    ) -> None:
        """Count the failure and set when the feed may be asked again (back-off, Retry-After)."""
        ...

    def unseen(self, entries: Sequence[Entry]) -> list[Entry]:
        """Those whose (source, key) and link were never recorded, in order."""
        ...

    def add_all(
        self, outcomes: Sequence[tuple[Entry, Sequence[Article] | Skip]], *, now: datetime
    ) -> None:
        """Record entries as seen, each with its articles or the reason that it gave none.

        In one transaction; recording an entry again changes nothing.
        """
        ...

    def pending(self, edition: Edition) -> list[Article]:
        """Articles that no *other* edition of this story has consumed, oldest first."""
        ...

    def articles(self, ids: Iterable[str]) -> dict[str, Article]:
        """Stored articles by id; unknown ids are absent."""
        ...

    def record(
        self, digest: Digest, consumed: Sequence[str], *, skips: Sequence[Skip], evidence: str
    ) -> None:
        """In one transaction: the edition, what it consumed, its skips and its evidence."""
        ...


class Models(Protocol):
    """The writer, the embeddings and the judge."""

    @property
    def identity(self) -> ModelIdentity: ...

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors, shape ``(len(texts), dimension)``."""
        ...

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
        ...

    def support(self, pairs: Sequence[Pair]) -> list[float]:
        """How far each sentence is supported by its evidence, 0 to 1."""
        ...


class Files(Protocol):
    """Where editions are written."""

    def save(self, edition: Edition, files: dict[str, str]) -> Path:
        """Write all files of the edition, whole or not at all; return their folder.

        Raises:
            DeliveryError: the folder cannot be written.
        """
        ...


class Engine(Protocol):
    """How a map over many items runs."""

    def map(self, function: Callable[[T], R], items: Sequence[T]) -> Iterator[R]:
        """Results in the order of the items, as they become ready."""
        ...


class Progress(Protocol):
    """Told how far a stage has come. ``total`` 0: unknown."""

    def __call__(self, stage: str, done: int, total: int) -> None: ...
