"""Tries the door out on this machine: what it must refuse, and somebody behind it who would notice.

For ``briefing doctor --security``. Nobody but this machine is asked.
"""

from __future__ import annotations

import os
import socket
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Event, Thread

from briefing.adapters.web.addresses import RefusedAddress, check, literal
from briefing.adapters.web.client import GuardedWeb
from briefing.errors import FetchError

INSIDE = (
    "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.0.0.1", "100.64.0.1", "169.254.169.254", "172.16.0.1",
    "192.0.0.8", "192.168.0.1", "198.18.0.1", "224.0.0.1", "255.255.255.255", "::", "::1",
    "::127.0.0.1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "fc00::1", "fe80::1",
    "ff02::1", "2130706433", "0x7f.1", "0177.0.0.1", "127.1", "①②⑦.⓪.⓪.①",
)  # fmt: skip
"""Ways to spell this machine and its neighbours; none of them may be dialled."""

HOSTS = ("127.0.0.1", "[::ffff:127.0.0.1]", "localhost", "inside.example")
"""Of addresses that are asked for in earnest; the last is any name that its owner points here."""

_PROXIES = ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy", "ALL_PROXY")
_ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi"


def let_through(spelled: Sequence[str] = INSIDE) -> list[str]:
    """Those of the spellings that the door would dial, and the ways past it that reach a listener
    on this machine: as an address, and behind a name whose owner points it here."""
    passed = [text for text in spelled if _would_dial(text)]
    with _listener() as heard:
        web = GuardedWeb(
            contact="", allow_ports=(heard.port,), resolve=lambda host, port: ["127.0.0.1"]
        )
        for host in HOSTS:
            _asked(web, f"http://{host}:{heard.port}/")
            if heard.times:
                passed.append(f"http://{host}/")
                heard.times = 0
    return passed


def follows_a_proxy() -> bool:
    """Whether a proxy that the environment names gets to see a request."""
    before = {name: os.environ.get(name) for name in _PROXIES}
    with _listener() as proxy, _listener() as page:
        os.environ.update(dict.fromkeys(_PROXIES, f"http://127.0.0.1:{proxy.port}"))
        try:
            web = GuardedWeb(
                contact="", allow_private=("127.0.0.0/8",), allow_ports=(page.port,), deadline=5.0
            )
            _asked(web, f"http://127.0.0.1:{page.port}/")
        finally:
            for name, value in before.items():
                if value is None:
                    os.environ.pop(name, None)
                else:
                    os.environ[name] = value
        return bool(proxy.times)


def verifies(web: GuardedWeb) -> bool:
    """Whether it asks each server for a certificate that is valid for its name."""
    return web._tls.verify_mode is ssl.CERT_REQUIRED and web._tls.check_hostname


def _would_dial(text: str) -> bool:
    try:
        address = literal(text)
        if address is None:  # a name, which a resolver would be asked for
            return True
        check(str(address))
    except RefusedAddress:
        return False
    return True


def _asked(web: GuardedWeb, url: str) -> None:
    try:
        web.fetch(url)
    except FetchError:
        return


class _Heard:
    """Who listens, and how often somebody came."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.times = 0


@contextmanager
def _listener() -> Iterator[_Heard]:
    """A server on loopback that answers everything, and counts."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.1)  # not every system wakes who waits when the socket is shut
        heard = _Heard(server.getsockname()[1])
        over = Event()

        def serve() -> None:
            while not over.is_set():
                try:
                    one, _ = server.accept()
                except OSError:
                    continue
                heard.times += 1
                with one:
                    one.settimeout(2)
                    try:
                        one.recv(65536)
                        one.sendall(_ANSWER)
                    except OSError:
                        continue

        thread = Thread(target=serve, name="listener", daemon=True)
        thread.start()
        try:
            yield heard
        finally:
            over.set()
            thread.join(3)
