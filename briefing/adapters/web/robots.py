"""What a site's robots.txt lets us read (RFC 9309). Feeds are not asked about: their publisher
offers them to programs."""

from __future__ import annotations

import re
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from protego import Protego

from briefing.errors import FetchError

TOKEN = "briefing"
"""Our product token: the groups of a robots.txt that name it are meant for us."""

MAX_BYTES = 500 * 1024
"""Of a robots.txt; what stands behind is not read (RFC 9309, 2.5)."""

KEPT = 86_400.0
"""Seconds for which rules hold before they are asked for again (RFC 9309, 2.4)."""

KEPT_FAILURE = 300.0
"""Seconds for which a site whose robots.txt cannot be had is not asked again."""

MOST_KEPT = 1_000_000
"""Characters of rules kept for all sites together; the parsed ones take 30 times as much."""

_ALLOWS_ALL = {"empty answer", "too many redirects"}  # RFC 9309, 2.3.1.2
_AGENT_LINE = re.compile(r"\s*user[- ]?agent\b\s*:?\s*(\*|[a-z_-]*)", re.I)


@dataclass(frozen=True, slots=True)
class Rules:
    """What one robots.txt says to us."""

    size: int  # characters
    parsed: Protego | None  # None: everything is allowed

    def allow(self, path: str) -> bool:
        """Whether ``path``, with its query, may be fetched."""
        # With a host, so that a path of two slashes is not taken for one
        return self.parsed is None or self.parsed.can_fetch(f"http://site{path}", TOKEN)

    @property
    def pause(self) -> float:
        """Seconds between two fetches that it asks for (Crawl-delay); 0.0 for none."""
        return (self.parsed.crawl_delay(TOKEN) or 0.0) if self.parsed else 0.0


def parse(body: bytes) -> Rules:
    """The rules in a robots.txt; whatever is none is passed over."""
    text = "\n".join(
        f"user-agent: {_named(match[1])}" if (match := _AGENT_LINE.match(line)) else line
        for line in body.decode("utf-8-sig", "replace").splitlines()
    )
    return Rules(len(text), Protego.parse(text))


def _named(token: str) -> str:
    """Ours, everybody's, or one name for all others.

    Protego takes the name of a group for ours when ours begins with it, and keeps all rules for
    each name in front of them: 250 kB of names before 250 kB of rules would fill the memory.
    """
    return token.lower() if token.lower() in ("*", TOKEN) else "another"


@dataclass(slots=True)
class _Kept:
    lock: Lock  # held by the one thread that asks
    rules: Rules | None = None
    failure: FetchError | None = None  # why there are no newer rules
    until: float = 0.0


class Robots:
    """The rules of each site, asked for once and kept. Thread-safe.

    Args:
        fetch: address of a robots.txt -> its body, cut at ``MAX_BYTES``. Raises FetchError.
        clock: monotonic seconds.
    """

    def __init__(
        self, fetch: Callable[[str], bytes], *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._fetch = fetch
        self._clock = clock
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._lock = Lock()

    def rules(self, origin: str, *, url: str) -> Rules:
        """The rules of a site, which may have to be asked first.

        Args:
            origin: scheme, host and port, as ``https://news.example``.
            url: the page that they are wanted for.

        Raises:
            FetchError: the site's robots.txt cannot be had, and nobody knows what it says.
        """
        with self._lock:
            kept = self._kept.setdefault(origin, _Kept(Lock()))
            self._kept.move_to_end(origin)
        with kept.lock:
            if self._clock() >= kept.until:
                self._ask(origin, kept)
                self._forget()
            if kept.rules:
                return kept.rules
            assert kept.failure
            raise _unknown(url, kept.failure)

    def _ask(self, origin: str, kept: _Kept) -> None:
        try:
            rules = parse(self._fetch(f"{origin}/robots.txt"))
        except FetchError as error:
            if not _everything(error):
                # Rules that were known hold on while the site does not answer
                kept.failure, kept.until = error, self._clock() + KEPT_FAILURE
                return
            rules = Rules(0, None)
        kept.rules, kept.until = rules, self._clock() + KEPT

    def _forget(self) -> None:
        """Drop the rules that were not wanted for the longest time, when there are too many."""
        with self._lock:
            size = sum(one.rules.size for one in self._kept.values() if one.rules)
            while size > MOST_KEPT and len(self._kept) > 1:
                _, dropped = self._kept.popitem(last=False)
                size -= dropped.rules.size if dropped.rules else 0


def _everything(error: FetchError) -> bool:
    """Whether there are no rules: the site answers, and has no robots.txt."""
    if error.reason == "http 429":  # it has one, and cannot say it now
        return False
    return error.reason in _ALLOWS_ALL or error.reason.startswith(("http 3", "http 4"))


def _unknown(url: str, error: FetchError) -> FetchError:
    """A server that fails gets its own reason; one that is not there, the usual one."""
    reason = "robots.txt unreachable" if error.reason.startswith("http ") else error.reason
    detail = error.reason if error.reason.startswith("http ") else f"robots.txt: {error.detail}"
    return FetchError(url, reason, detail=detail, retry_after=error.retry_after)
