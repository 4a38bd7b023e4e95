"""The one guarded door to the network."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import httpcore2
import httpx2

from briefing import __version__
from briefing.adapters.web.addresses import RefusedAddress, literal, networks
from briefing.adapters.web.answers import fresh_for, read, retry_after
from briefing.adapters.web.dialling import Deadline, Dialler, Resolve, Turns, system_resolver
from briefing.adapters.web.faults import FOREIGN, translate
from briefing.errors import ConfigError, FetchError
from briefing.news import Document, NotModified

DEADLINE_SECONDS = 20.0  # how long one address can hold up a run, redirects included
MAX_BYTES = 15_000_000  # of a body after decoding, so that parsing it fits small machines
MAX_REDIRECTS = 5
PER_HOST = 2  # fetches from one host at once, as RFC 2616, 8.1.4 asked of browsers
MAX_ADDRESS = 4096  # characters

_PORTS = {"http": 80, "https": 443}
_REDIRECTS = (301, 302, 303, 307, 308)
_PERMANENT = (301, 308)


class GuardedWeb:
    """HTTP and HTTPS to public addresses only, bounded in time, size and redirects. Thread-safe.

    Args:
        contact: address or e-mail in the User-Agent, so that a publisher can write to us.
        allow_private: networks (CIDR) that may be dialled although they are not public.
        allow_ports: ports that may be dialled beside 80 and 443.
        resolve: name -> addresses; the operating system by default.
        tls: certificates to trust; the system's by default.
        deadline: seconds for one fetch, redirects included, waiting for our turn not included.
        max_bytes: size of a body after decoding.
        clock: aware "now", for a Retry-After or an Expires that is a date.

    Raises:
        ConfigError: an ``allow_private`` is no network.
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
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        try:
            self._allowed = networks(allow_private)
        except ValueError as error:
            raise ConfigError(
                f"allow_private: {error}", remedy="write networks like 192.168.1.0/24"
            ) from error
        about = "".join(c for c in contact if 32 <= ord(c) < 127)
        self._agent = f"briefing/{__version__} (news digest{'; +' + about if about else ''})"
        self._ports = frozenset(allow_ports)
        self._resolve = resolve
        self._tls = tls or httpx2.create_ssl_context(trust_env=False)
        self._seconds = deadline
        self._max_bytes = max_bytes
        self._clock = clock
        self._turns = Turns(PER_HOST)

    def fetch(self, url: str, *, etag: str = "", last_modified: str = "") -> Document | NotModified:
        """Return the document, or the server's word that it has not changed (304).

        ``etag`` and ``last_modified`` are what an earlier :class:`Document` said, verbatim;
        without them the answer is always a document.

        Raises:
            FetchError: with one of the reasons of ``faults.REASONS``, or "http <status>",
                "too large", "too many redirects", "empty answer", "unknown encoding".
        """
        headers = {
            "User-Agent": self._agent,
            "Accept": "application/rss+xml, application/atom+xml, application/feed+json, "
            "application/xml;q=0.9, text/xml;q=0.9, text/html;q=0.8, */*;q=0.5",
            "Accept-Encoding": "gzip, deflate",
        }
        if etag:
            headers["If-None-Match"] = etag
        if last_modified:
            headers["If-Modified-Since"] = last_modified
        ask = _Ask(
            url=_without_secrets(url),
            # Encoded here: a validator must go back byte for byte, and httpx2 would guess.
            headers=[(k.encode(), v.encode("latin-1", "replace")) for k, v in headers.items()],
            conditional=bool(etag or last_modified),
            deadline=Deadline(self._seconds),
        )
        network = Dialler(resolve=self._resolve, allowed=self._allowed, deadline=ask.deadline)
        transport = _Transport(tls=self._tls, network=network)
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
            ask.deadline.extend(self._turns.take(here.host))
            try:
                request = client.build_request("GET", here, headers=ask.headers)
                response = client.send(request, stream=True)
                try:
                    target = _redirect(response)
                    if not target:
                        return self._answer(response, str(here), moved_to, ask)
                    for_good = for_good and response.status_code in _PERMANENT
                finally:
                    response.close()
            finally:
                self._turns.give(here.host)
            here = self._admitted(here.join(target))
            moved_to = str(here) if for_good else moved_to
        raise FetchError(ask.url, "too many redirects", detail=f"the last one to {here}")

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
            max_bytes=self._max_bytes, tick=ask.deadline.left, now=now,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Ask:
    """What stays the same over all hops of one fetch."""

    url: str  # as it may be shown
    headers: list[tuple[bytes, bytes]]
    conditional: bool  # validators were sent, so that 304 is an answer
    deadline: Deadline


class _Transport(httpx2.BaseTransport):
    """httpx2 over one httpcore2 pool that knows only our backend: no proxy, no second way out."""

    def __init__(self, *, tls: ssl.SSLContext, network: httpcore2.NetworkBackend) -> None:
        self._pool = httpcore2.ConnectionPool(
            ssl_context=tls, max_keepalive_connections=0, network_backend=network
        )

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        url = request.url
        answer = self._pool.handle_request(
            httpcore2.Request(
                method=request.method,
                url=httpcore2.URL(
                    scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
                ),
                headers=request.headers.raw,
            )
        )
        return httpx2.Response(
            status_code=answer.status,
            headers=answer.headers,
            stream=_Stream(answer),
            extensions=answer.extensions,
        )

    def close(self) -> None:
        self._pool.close()


class _Stream(httpx2.SyncByteStream):
    def __init__(self, answer: httpcore2.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        yield from self._answer.iter_stream()

    def close(self) -> None:
        self._answer.close()


def _redirect(response: httpx2.Response) -> str:
    if response.status_code not in _REDIRECTS:
        return ""
    return _encodable(response.headers.get("location", ""))


def _encodable(url: str) -> str:
    """Without surrounding space, and without lone surrogates, on which httpx2 stumbles."""
    return url.strip().encode("utf-8", "replace").decode("utf-8")


def _without_secrets(url: str) -> str:
    """The address as it may stand in a log: no user name or password."""
    scheme, slashes, rest = url.partition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme}{slashes}{host.rpartition('@')[2]}{slash}{path}"
