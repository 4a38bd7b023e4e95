"""httpx2 over one httpcore2 pool that knows only our backend: no proxy, no second way out."""

from __future__ import annotations

import ssl
from collections.abc import Iterator

import httpcore2
import httpx2


class Transport(httpx2.BaseTransport):
    """Requests of one fetch, over the network as ``network`` sees it; no connection is kept."""

    def __init__(self, *, tls: ssl.SSLContext, network: httpcore2.NetworkBackend) -> None:
        self._pool = httpcore2.ConnectionPool(
            ssl_context=tls, max_keepalive_connections=0, network_backend=network
        )

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send one request; the body of the answer is read as it is asked for."""
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
        """Close every connection."""
        self._pool.close()


class _Stream(httpx2.SyncByteStream):
    def __init__(self, answer: httpcore2.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        yield from self._answer.iter_stream()

    def close(self) -> None:
        self._answer.close()
