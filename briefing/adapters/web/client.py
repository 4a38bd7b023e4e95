"""The one guarded door to the network."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from math import inf
from typing import Literal

import httpcore2
import httpx2

from briefing import __version__
from briefing.adapters.web.addresses import RefusedAddress, literal, networks
from briefing.adapters.web.answers import fresh_for, read, retry_after
from briefing.adapters.web.dialling import Deadline, Dialler, Resolve, system_resolver
from briefing.adapters.web.faults import FOREIGN, translate
from briefing.adapters.web.hosts import TOO_MANY, Hosts
from briefing.adapters.web.robots import MAX_BYTES as MAX_ROBOTS
from briefing.adapters.web.robots import Robots
from briefing.adapters.web.transport import Transport
from briefing.errors import ConfigError, FetchError
from briefing.news import Document, NotModified

DEADLINE_SECONDS = 20.0  # how long one address can hold up a run, redirects included
MAX_BYTES = 15_000_000  # of a body after decoding, so that parsing it fits small machines
MAX_PAGE = 8_000_000  # of an article's page; many are held at once, and none is read any longer
MAX_REDIRECTS = 5
ROBOTS_SECONDS = 10.0  # for a robots.txt, while its pages wait
MAX_ADDRESS = 4096  # characters

_PORTS = {"http": 80, "https": 443}
Kind = Literal["feed", "page", "robots"]

_REDIRECTS = (301, 302, 303, 307, 308)
_PERMANENT = (301, 308)


class GuardedWeb:
    """HTTP and HTTPS to public addresses only, bounded in time, size and redirects, and polite to
    each host. Thread-safe.

    Args:
        contact: address or e-mail in the User-Agent, so that a publisher can write to us.
        allow_private: networks (CIDR) that may be dialled although they are not public.
        allow_ports: ports that may be dialled beside 80 and 443.
        resolve: name -> addresses; the operating system by default.
        tls: certificates to trust; the system's by default.
        deadline: seconds for one fetch, redirects included, waiting for our turn not included.
        max_bytes: size of a body after decoding.
        robots: whether an article's page is fetched only where its site's robots.txt lets us.
        pause: least seconds between the beginnings of two fetches from one host.
        clock: aware "now", for a Retry-After or an Expires that is a date.

    Raises:
        ConfigError: an ``allow_private`` is no network, or an ``allow_ports`` no port.
    """

    def __init__(
        self,
        *,
        contact: str,
        allow_private: tuple[str, ...] = (),
        allow_ports: tuple[int, ...] = (),
        resolve: Resolve = system_resolver,
        tls: ssl.SSLContext | None = None,
        deadline: float = DEADLINE_SECONDS,
        max_bytes: int = MAX_BYTES,
        robots: bool = True,
        pause: float = 0.0,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        try:
            self._allowed = networks(allow_private)
        except ValueError as error:
            raise ConfigError(
                f"allow_private: {error}", remedy="write networks like 192.168.1.0/24"
            ) from error
        if wrong := [port for port in allow_ports if not 0 < port < 65_536]:
            raise ConfigError(
                f"allow_ports: {wrong[0]} is no port", remedy="a port is a number from 1 to 65535"
            )
        about = "".join(c for c in contact if 32 <= ord(c) < 127)
        self._agent = f"briefing/{__version__} (news digest{'; +' + about if about else ''})"
        self._ports = frozenset(allow_ports)
        self._resolve = resolve
        self._tls = tls or httpx2.create_ssl_context(trust_env=False)
        self._seconds = deadline
        self._max_bytes = max_bytes
        self._clock = clock
        self._hosts = Hosts(pause=pause)
        self._robots = Robots(self._robots_of) if robots else None

    def fetch(
        self, url: str, *, etag: str = "", last_modified: str = "", page: bool = False
    ) -> Document | NotModified:
        """Return the document, or the server's word that it has not changed (304).

        Args:
            etag, last_modified: what an earlier :class:`Document` said, verbatim; without them
                the answer is always a document.
            page: it is an article's page, which a site's robots.txt and its wish to be left alone
                may forbid; not a feed, which is offered to programs.

        Raises:
            FetchError: with one of the reasons of ``faults.REASONS``, or "http <status>",
                "too large", "too many redirects", "empty answer", "unknown encoding"; for a page
                also "robots.txt", "robots.txt unreachable" and "no turn".
        """
        return self._fetch(url, "page" if page else "feed", etag=etag, last_modified=last_modified)

    def _robots_of(self, address: str) -> bytes:
        found = self._fetch(address, "robots")
        return found.body if isinstance(found, Document) else b""

    def _fetch(
        self, url: str, kind: Kind, *, etag: str = "", last_modified: str = ""
    ) -> Document | NotModified:
        ask = _Ask(
            url=_without_secrets(url),
            headers=_headers(self._agent, etag=etag, last_modified=last_modified),
            conditional=bool(etag or last_modified),
            deadline=Deadline(min(self._seconds, ROBOTS_SECONDS if kind == "robots" else inf)),
            kind=kind,
            max_bytes=min(self._max_bytes, {"page": MAX_PAGE, "robots": MAX_ROBOTS}.get(kind, inf)),
        )
        network = Dialler(resolve=self._resolve, allowed=self._allowed, deadline=ask.deadline)
        transport = Transport(tls=self._tls, network=network)
        try:
            with httpx2.Client(transport=transport, trust_env=False) as client:
                return self._follow(client, url, ask)
        except FOREIGN as error:
            raise translate(ask.url, error) from error

    def _follow(self, client: httpx2.Client, url: str, ask: _Ask) -> Document | NotModified:
        here = self._admitted(httpx2.URL(_encodable(url)))
        # What follows a temporary redirect says nothing about the address that was asked for
        moved_to, for_good = "", True
        for _ in range(MAX_REDIRECTS + 1):
            if ask.kind == "page":
                self._permitted(here, ask)
            found = self._asked(client, here, moved_to, ask)
            if not isinstance(found, _Redirect):
                return found
            for_good = for_good and found.for_good
            here = self._admitted(here.join(found.target))
            moved_to = str(here) if for_good else moved_to
        raise FetchError(ask.url, "too many redirects", detail=f"the last one to {here}")

    def _asked(
        self, client: httpx2.Client, here: httpx2.URL, moved_to: str, ask: _Ask
    ) -> Document | NotModified | _Redirect:
        """What one address answers, asked in our turn at its host."""
        ask.deadline.extend(self._hosts.take(here.host, url=ask.url, page=ask.kind == "page"))
        began, timed_out = time.monotonic(), False
        try:
            request = client.build_request("GET", here, headers=ask.headers)
            response = client.send(request, stream=True)
            try:
                return _redirect(response) or self._answer(response, str(here), moved_to, ask)
            finally:
                response.close()
        except (httpx2.TimeoutException, httpcore2.TimeoutException):
            timed_out = True
            raise
        except FetchError as error:
            self._heed(here.host, error)
            raise
        finally:
            took = time.monotonic() - began
            self._hosts.give(here.host, took=took, timed_out=timed_out)

    def _heed(self, host: str, error: FetchError) -> None:
        """A host that says it is asked too much is left alone for as long as it wishes."""
        wish = error.retry_after
        if error.reason == "http 429" and wish is None:
            wish = TOO_MANY
        if error.reason in ("http 429", "http 503") and wish:
            self._hosts.leave_alone(host, wish, reason=error.reason)

    def _permitted(self, here: httpx2.URL, ask: _Ask) -> None:
        """Pass when the site lets us have this page; asking it is not the page's time.

        Raises:
            FetchError: it does not.
        """
        self._hosts.admit(here.host, url=ask.url)
        if self._robots is None:
            return
        began = time.monotonic()
        rules = self._robots.rules(str(here.join("/")).rstrip("/"), url=ask.url)
        ask.deadline.extend(time.monotonic() - began)
        self._hosts.slow_down(here.host, rules.pause)
        if not rules.allow(here.raw_path.decode("ascii")):
            raise FetchError(ask.url, "robots.txt", detail=f"{here.host} wants no program there")

    def _admitted(self, url: httpx2.URL) -> httpx2.URL:
        """The address as it is asked for, without its fragment.

        Raises:
            RefusedAddress: scheme, host, port or length is not for us.
        """
        if url.scheme not in _PORTS:
            raise RefusedAddress(f"{url.scheme or 'no scheme'!r}: only http and https are fetched")
        if not url.host or len(str(url)) > MAX_ADDRESS:
            raise RefusedAddress("no host" if not url.host else "address too long")
        if url.userinfo:
            raise RefusedAddress("a name or password in an address would end in logs")
        port = _PORTS[url.scheme] if url.port is None else url.port
        if port not in (80, 443) and port not in self._ports:
            raise RefusedAddress(f"port {port} is not allowed")
        literal(url.raw_host.decode("ascii"))
        return url.copy_with(fragment=None)

    def _answer(
        self, response: httpx2.Response, final: str, moved_to: str, ask: _Ask
    ) -> Document | NotModified:
        status = response.status_code
        now = self._clock()
        if status == 304 and ask.conditional:
            return NotModified(fresh_for(response, now=now), moved_to)
        if status not in (200, 203):
            raise FetchError(
                ask.url,
                "empty answer" if status in (204, 205) else f"http {status}",
                detail="" if final == ask.url else f"from {final}",
                retry_after=retry_after(response.headers.get("retry-after", ""), now=now),
            )
        return read(
            response, url=ask.url, final=final, moved_to=moved_to,
            max_bytes=ask.max_bytes, cut=ask.kind == "robots", tick=ask.deadline.left, now=now,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Ask:
    """What stays the same over all hops of one fetch."""

    url: str  # as it may be shown
    headers: list[tuple[bytes, bytes]]
    conditional: bool  # validators were sent, so that 304 is an answer
    deadline: Deadline
    kind: Kind
    max_bytes: float  # of the body; a robots.txt is cut there, any other is too large


@dataclass(frozen=True, slots=True)
class _Redirect:
    target: str
    for_good: bool


def _headers(agent: str, *, etag: str, last_modified: str) -> list[tuple[bytes, bytes]]:
    """Encoded here: a validator must go back byte for byte, and httpx2 would guess."""
    headers = {
        "User-Agent": agent,
        "Accept": "application/rss+xml, application/atom+xml, application/feed+json, "
        "application/xml;q=0.9, text/xml;q=0.9, text/html;q=0.8, */*;q=0.5",
        "Accept-Encoding": "gzip, deflate",
    }
    if etag:
        headers["If-None-Match"] = etag
    if last_modified:
        headers["If-Modified-Since"] = last_modified
    return [(name.encode(), value.encode("latin-1", "replace")) for name, value in headers.items()]


def _redirect(response: httpx2.Response) -> _Redirect | None:
    if response.status_code not in _REDIRECTS:
        return None
    target = _encodable(response.headers.get("location", ""))
    return _Redirect(target, response.status_code in _PERMANENT) if target else None


def _encodable(url: str) -> str:
    """Without surrounding space, and without lone surrogates, on which httpx2 stumbles."""
    return url.strip().encode("utf-8", "replace").decode("utf-8")


def _without_secrets(url: str) -> str:
    """The address as it may stand in a log: no user name or password."""
    scheme, slashes, rest = url.partition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme}{slashes}{host.rpartition('@')[2]}{slash}{path}"
