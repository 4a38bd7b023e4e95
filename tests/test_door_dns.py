"""No spelling of an inner address is dialled: direct, by redirect, by DNS, by DNS that changes.

One listener stands on every address of this machine. What arrives at 127.0.0.2 is the world
outside, the one address that may be dialled; whatever arrives elsewhere is a canary's death. And
every address that this process dials at all is written down, reached or not.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import httpcore2
import pytest
from dns_server import Names, Zone, naming

from briefing.adapters.web import GuardedWeb
from briefing.adapters.web.addresses import RefusedAddress, networks
from briefing.adapters.web.dialling import Deadline, Dialler
from briefing.errors import FetchError
from briefing.news import Document

OUTSIDE = "127.0.0.2"
TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # made once: many doors are opened

_dialled: list[str] | None = None


def _listening(event: str, arguments: tuple[object, ...]) -> None:
    if event == "socket.connect" and _dialled is not None:
        one, address = arguments
        if one.type == socket.SOCK_STREAM:
            _dialled.append(str(address[0]))


sys.addaudithook(_listening)  # for good; it listens only while a test wants it


@dataclass
class Ground:
    """The listener on all addresses."""

    listener: socket.socket
    answers: dict[str, bytes] = field(default_factory=dict)  # path -> Location
    outside: list[str] = field(default_factory=list)  # paths asked for at the one allowed address
    canary: list[str] = field(default_factory=list)  # own addresses at which somebody arrived

    @property
    def port(self) -> int:
        return self.listener.getsockname()[1]

    def serve(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            with connection:
                at = connection.getsockname()[0].removeprefix("::ffff:")
                if at != OUTSIDE:
                    self.canary.append(at)
                    continue
                request = connection.recv(65536)
                if not request.startswith(b"GET "):
                    continue
                path = request.split()[1].decode()
                self.outside.append(path)
                head = b"HTTP/1.1 200 OK\r\n"
                if path in self.answers:
                    head = b"HTTP/1.1 302 Found\r\nLocation: %s\r\n" % self.answers[path]
                connection.sendall(head + b"Content-Length: 5\r\nConnection: close\r\n\r\nhello")


@pytest.fixture(scope="module")
def listening() -> Iterator[Ground]:
    if socket.has_dualstack_ipv6():
        made = socket.create_server(("::", 0), family=socket.AF_INET6, dualstack_ipv6=True)
    else:
        made = socket.create_server(("0.0.0.0", 0))
    ground = Ground(made)
    thread = threading.Thread(target=ground.serve, daemon=True)
    thread.start()
    yield ground
    made.shutdown(socket.SHUT_RDWR)
    made.close()
    thread.join(5)


@pytest.fixture
def ground(listening: Ground) -> Iterator[Ground]:
    global _dialled
    listening.answers.clear()
    listening.outside.clear()
    listening.canary.clear()
    _dialled = []
    yield listening
    dialled, _dialled = _dialled, None
    assert listening.canary == []
    assert set(dialled) <= {OUTSIDE}


def wild(name: str, before: int) -> list[str]:
    """Whatever name is asked for, it is this machine."""
    return [OUTSIDE] if name == "outside.example" else ["127.0.0.1"]


@pytest.fixture(scope="module")
def names() -> Iterator[Names]:
    with naming(wild) as made:
        yield made


def door(ground: Ground, names: Names, zone: Zone = wild) -> GuardedWeb:
    names.zone = zone
    names.asked.clear()
    return GuardedWeb(
        contact="",
        allow_private=(f"{OUTSIDE}/32",),
        allow_ports=(ground.port,),
        resolve=names.resolve,
        tls=TLS,
        deadline=5,
    )


def refusal(web: GuardedWeb, url: str) -> str:
    with pytest.raises(FetchError) as caught:
        web.fetch(url)
    return caught.value.reason


# -- spellings ---------------------------------------------------------------------------------

ADDRESSES = (
    "127.0.0.1", "127.0.0.3", "127.255.255.254", "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255",
    "100.64.0.1", "100.127.255.254", "169.254.169.254", "169.254.170.2", "172.16.0.1",
    "172.31.255.255", "192.0.0.8", "192.0.0.170", "192.0.2.1", "192.31.196.1", "192.52.193.1",
    "192.88.99.1", "192.168.0.1", "192.168.255.255", "192.175.48.1", "198.18.0.1", "198.19.255.255",
    "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:7f00:1", "::ffff:10.0.0.1",
    "::ffff:169.254.169.254", "::ffff:0:7f00:1", "64:ff9b::7f00:1", "64:ff9b::127.0.0.1",
    "64:ff9b::a9fe:a9fe", "64:ff9b:1::7f00:1", "100::1", "2001::7f00:1", "2001:0:7f00:1::",
    "2001:10::1", "2001:20::1", "2001:db8::1", "2002:7f00:1::", "2002:7f00:1::1", "2002:a00:1::",
    "2002:a9fe:a9fe::", "2620:4f:8000::1", "3fff::1", "4000::1", "5f00::1", "fc00::1", "fd00::1",
    "fd00:ec2::254", "fe80::1", "febf::1", "fec0::1", "ff01::1", "ff02::1", "ff0e::1",
)  # fmt: skip
"""Inner and special addresses as they are written, and as DNS may answer them."""

DISGUISES = (
    # numbers that getaddrinfo and browsers read as 127.0.0.1 or 169.254.169.254
    "2130706433", "0x7f000001", "0x7F.0.0.1", "0X7F000001", "0x7f.1", "0177.0.0.1", "017700000001",
    "00000177.0.0.1", "127.1", "127.0.1", "127.0.0.0x1", "127.0.0.01", "127.000.000.001", "0", "0x",
    "0x0", "00", "2852039166", "0xa9fea9fe", "0251.0376.0251.0376", "169.254.43518", "192.168.257",
    "3232235521", "0300.0250.0.1", "-2130706433", "4294967297", "1e9",
    # digits and dots of other scripts, and what is not seen
    "①②⑦.⓪.⓪.①", "１２７.0.0.1", "𝟏𝟐𝟕.0.0.1", "١٢٧.0.0.1", "127。0。0。1", "127．0．0．1",
    "127｡0｡0｡1",
    "０x7f.1", "①6⑨。②54。①6⑨。②54", "127.0.0.1\u200b", "\u200b127.0.0.1", "1\u00ad27.0.0.1",
    "127.0.0.1\u3000", "\ufeff127.0.0.1",
    # dots
    "127.0.0.1.", "127.0.0.1..", ".127.0.0.1", "127..0.0.1", "localhost", "localhost.", "LOCALHOST",
    "ｌｏｃａｌｈｏｓｔ", "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ", "loca𝗅host", "lоcalhost", "localhost.localdomain",
    "ip6-localhost",
    "127.0.0.1.nip.example", "xn--", "xn--lcalhost-nbh", "faß.example", "ſite.example",
    "аррӏе.example",
    "ⅼocalhost",
    # who is the host?
    "outside.example@127.0.0.1", "outside.example:80@127.0.0.1", "a@b@127.0.0.1", "@127.0.0.1",
    "outside.example\\@127.0.0.1", "127.0.0.1\\@outside.example", "127.0.0.1\\.outside.example",
    "127.0.0.1#@outside.example", "127.0.0.1?@outside.example", "127.0.0.1#.outside.example",
    "127.0.0.1%23.outside.example", "127.0.0.1%2f.outside.example", "127.0.0.1%5c.outside.example",
    "127.0.0.1%00.outside.example", "127.0.0.1\x00.outside.example", "127.0.0.1%09", "127.0.0.1\t",
    "127.0.0.1%0d%0aX: y", "127.0.0.1\r\nX: y", "127.0.0.1 outside.example", "%31%32%37.0.0.1",
    "127.0.0.1:", "127.0.0.1;outside.example", "127.0.0.1,outside.example", "[127.0.0.1]", "[::1",
    "::1", "[::1]]", "[[::1]]", "[::1%lo]", "[::1%25lo]", "[::1%251]", "[fe80::1%25eth0]",
    "[v1.::1]",
    "[0:0:0:0:0:0:0:1]", "[0000::0001]", "[::ffff:0x7f.1]", "[::ffff:127.1]",
    "[::ffff:127.0.0.1%25lo]",
    "[::FFFF:127.0.0.1]", "[0:0:0:0:0:ffff:127.0.0.1]", "",
)  # fmt: skip
"""Other ways to write them, and ways to hide them behind another name. Names that remain names are
asked for, and the name server says that they are this machine."""

SPELLINGS = [*(f"[{one}]" if ":" in one else one for one in ADDRESSES), *DISGUISES]


@pytest.mark.parametrize("spelling", SPELLINGS, ids=ascii)
def test_no_spelling_of_an_inner_address_is_dialled(
    ground: Ground, names: Names, spelling: str
) -> None:
    web = door(ground, names)
    ground.answers["/"] = f"http://{spelling}:{ground.port}/x".encode()
    for url in (
        f"http://{spelling}:{ground.port}/",
        f"https://{spelling}:{ground.port}/",
        f"http://{spelling}/",
        f"http://outside.example:{ground.port}/",  # from where a redirect leads there
    ):
        assert refusal(web, url) in ("refused address", "protocol error"), url
    assert set(ground.outside) <= {"/"}  # reached, and left with a Location


@pytest.mark.parametrize(
    "location",
    [
        "//127.0.0.1:{port}/", "///127.0.0.1:{port}/", "\\\\127.0.0.1:{port}\\",
        "/\\127.0.0.1:{port}/",
        "http:127.0.0.1:{port}/", "http:/127.0.0.1:{port}/", "http:\\\\127.0.0.1:{port}/",
        "HtTp://127.0.0.1:{port}/", " http://127.0.0.1:{port}/", "http://127.0.0.1:{port}",
        "ht\ttp://127.0.0.1:{port}/", "//outside.example@127.0.0.1:{port}/", "//[::1]:{port}/",
        "//2130706433:{port}/", "//127.1:{port}/", "//localhost:{port}/", "//inner.example:{port}/",
        "file:///etc/passwd", "gopher://127.0.0.1:{port}/_x", "ftp://127.0.0.1:{port}/",
        "dict://127.0.0.1:{port}/", "ldap://127.0.0.1:{port}/", "unix:///run/x.sock",
        "data:text/xml,x",
        "javascript:alert(1)", "jar:http://127.0.0.1:{port}!/",
        "view-source:http://127.0.0.1:{port}/",
        "//outside.example:22/", "//outside.example:0/", "//outside.example:65536/",
    ],
)  # fmt: skip
def test_no_redirect_leads_inside(ground: Ground, names: Names, location: str) -> None:
    web = door(ground, names)
    target = location.format(port=ground.port).encode("latin-1")
    ground.answers |= {"/": target, "/again": b"/"}
    for path in ("/", "/again"):
        # Some are a path of the same host after all
        with contextlib.suppress(FetchError):
            found = web.fetch(f"http://outside.example:{ground.port}{path}")
            assert isinstance(found, Document)
            assert found.address.startswith(f"http://outside.example:{ground.port}/")


# -- DNS ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_name_with_one_inner_address_is_not_dialled_at_all(
    ground: Ground, names: Names, address: str
) -> None:
    """Alone; beside a good A or AAAA, before and behind it; and behind another name."""
    zones: dict[str, Zone] = {
        "alone": lambda name, before: [address],
        "first": lambda name, before: [address, OUTSIDE],
        "last": lambda name, before: [OUTSIDE, address],
        "beside": lambda name, before: ["2606:4700::1111", "93.184.215.14", address],
        "alias": lambda name, before: ["inner."] if name != "inner" else [address],
    }
    for zone in zones.values():
        web = door(ground, names, zone)
        for scheme in ("http", "https"):
            assert refusal(web, f"{scheme}://mixed.example:{ground.port}/") == "refused address"
        assert {kind for _, kind in names.asked} == {"A", "AAAA"}
    assert ground.outside == []


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "::ffff:127.0.0.1", "169.254.169.254"])
def test_a_name_that_changes_its_mind_is_believed_at_no_time(
    ground: Ground, names: Names, address: str
) -> None:
    """Outside at the first look-up, inside at every later one; then at every second one."""
    for zone in (
        lambda name, before: [OUTSIDE] if before == 0 else [address],
        lambda name, before: [address] if before % 2 else [OUTSIDE],
    ):
        web = door(ground, names, zone)
        ground.answers.clear()
        ground.outside.clear()
        assert isinstance(web.fetch(f"http://rebinding.example:{ground.port}/one"), Document)
        # It was looked up once: the address that was checked is the one that was dialled
        assert names.asked == [("rebinding.example", "AAAA"), ("rebinding.example", "A")]
        assert refusal(web, f"http://rebinding.example:{ground.port}/two") == "refused address"
        # and within one fetch, by a redirect to itself
        web = door(ground, names, zone)
        ground.answers["/one"] = b"/two"
        assert refusal(web, f"http://rebinding.example:{ground.port}/one") == "refused address"
        assert ground.outside == ["/one", "/one"]
        # and between a site's robots.txt and its page
        web = door(ground, names, zone)
        with pytest.raises(FetchError, match="refused address"):
            web.fetch(f"http://rebinding.example:{ground.port}/three", page=True)
        assert ground.outside == ["/one", "/one", "/robots.txt"]


# -- the connection ----------------------------------------------------------------------------


class Elsewhere(httpcore2.SyncBackend):
    """A network that leads to this machine whatever is dialled, as a second look-up would."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.streams: list[httpcore2.NetworkStream] = []

    def connect_tcp(self, host: str, port: int, *rest: object, **more: object) -> object:
        self.streams.append(super().connect_tcp(OUTSIDE, self.port, **more))
        return self.streams[-1]


def test_nothing_is_said_to_a_peer_that_was_not_dialled(ground: Ground) -> None:
    wire = Elsewhere(ground.port)
    dialler = Dialler(
        resolve=lambda host, port: ["93.184.215.14"], allowed=(), deadline=Deadline(3), wire=wire
    )
    with pytest.raises(RefusedAddress, match=r"93\.184\.215\.14 was dialled, and .*127\.0\.0\.2"):
        dialler.connect_tcp("news.example", 80)
    assert wire.streams[0].get_extra_info("socket").fileno() == -1  # closed


class Recording(httpcore2.SyncBackend):
    """A network on which nobody is at home."""

    def __init__(self) -> None:
        self.dialled: list[str] = []

    def connect_tcp(self, host: str, port: int, *rest: object, **more: object) -> object:
        self.dialled.append(host)
        raise httpcore2.ConnectError("nobody")


@pytest.mark.parametrize(
    ("answers", "dialled"),
    [
        (["192.168.1.7"], ["192.168.1.7"]),
        (["192.168.1.7", "192.168.1.255"], ["192.168.1.7", "192.168.1.255"]),
        (["::ffff:192.168.1.7"], ["192.168.1.7"]),
        (["192.168.2.7"], []),
        (["192.168.0.255"], []),
        (["192.168.1.7", "192.168.2.7"], []),
        (["192.168.1.7", "fe80::1"], []),
        (["64:ff9b::c0a8:107"], []),
        (["2002:c0a8:107::"], []),
        (["127.0.0.1"], []),
    ],
)
def test_a_home_network_may_be_allowed_and_its_neighbour_is_not(
    answers: list[str], dialled: list[str]
) -> None:
    wire = Recording()
    dialler = Dialler(
        resolve=lambda host, port: answers,
        allowed=networks(["192.168.1.0/24"]),
        deadline=Deadline(3),
        wire=wire,
    )
    with pytest.raises(httpcore2.ConnectError if dialled else RefusedAddress):
        dialler.connect_tcp("printer.home", 80)
    assert wire.dialled == dialled
