"""What may be dialled: a canary on loopback counts the connections that get through."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.adapters.web import GuardedWeb
from briefing.adapters.web.addresses import RefusedAddress, check, literal, networks
from briefing.errors import FetchError
from briefing.news import Document

TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # made once: the property test opens many doors


class Canary:
    """Counts connections to a port of 127.0.0.1 and of ::1."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.connections = 0
        self.answer = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            with connection:
                connection.recv(65536)
                connection.sendall(self.answer)

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(5)


@pytest.fixture
def canary() -> Iterator[Canary]:
    bird = Canary()
    yield bird
    bird.close()


HOSTS = (
    "127.0.0.1",
    "127.1",
    "2130706433",
    "0x7f000001",
    "0x7f.1",
    "0X7F.0.0.1",
    "0177.0.0.1",
    "017700000001",
    "127.0.0.1.",
    "127.0.0.0x1",
    "0",
    "0.0.0.0",
    "①②⑦.⓪.⓪.①",
    "１２７.0.0.1",
    "127。0。0。1",
    "localhost",
    "[::1]",
    "[::]",
    "[0:0:0:0:0:0:0:1]",
    "[::127.0.0.1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[64:ff9b::7f00:1]",
    "[64:ff9b::127.0.0.1]",
    "[64:ff9b:1::7f00:1]",
    "[2002:7f00:1::]",
    "[2001:0:7f00:1::]",
    "[fe80::1%25lo]",
    "[fe80::1]",
    "[fc00::1]",
    "[ff02::1]",
    "10.0.0.1",
    "100.64.0.1",
    "169.254.169.254",
    "172.31.255.255",
    "192.0.0.8",
    "192.168.0.1",
    "198.18.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "x.example@127.0.0.1",
    "127.0.0.1%2f.x.example",
    "127.0.0.1%00.x.example",
    "",
)


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_no_spelling_of_a_private_address_is_dialled(
    canary: Canary, host: str, scheme: str
) -> None:
    web = GuardedWeb(contact="", allow_ports=(canary.port,), deadline=3)
    with pytest.raises(FetchError) as caught:
        web.fetch(f"{scheme}://{host}:{canary.port}/")
    assert caught.value.reason == "refused address"
    assert canary.connections == 0


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://x.example/",
        "gopher://x.example/",
        "javascript:alert(1)",
        "data:text/xml,<rss/>",
        "//x.example/",
        "x.example",
        "",
        "http://",
        "http:///path",
        "http://x.example:22/",
        "http://x.example:0/",
        "http://x.example:99999/",
        "http://x.example:8a/",
        "http://x..example/",
        "http://-x.example/",
        "http://x y.example/",
        "http://" + "a" * 300 + ".example/",
        "http://x.example/" + "a" * 5000,
        "http://[::1",
        "http://x\x00.example/",
        "http://\ud800.example/",
        "http://\u202e.example/",
        "http:\\\\127.0.0.1\\",
    ],
)
def test_addresses_that_are_not_asked_for(url: str) -> None:
    # What slips past the rules for names would be found on a public address and dialled: a bug
    def resolve(host: str, port: int) -> list[str]:
        host.encode("idna")
        pytest.fail(f"asked for {host}")

    web = GuardedWeb(contact="", resolve=resolve, deadline=3)
    with pytest.raises(FetchError) as caught:
        web.fetch(url)
    assert caught.value.reason == "refused address"


def door(canary: Canary, names: dict[str, list[str]], *, private: tuple[str, ...]) -> GuardedWeb:
    def resolve(host: str, port: int) -> list[str]:
        answers = names[host]
        return [answers.pop(0)] if host.startswith("rebinding") else answers

    return GuardedWeb(
        contact="",
        allow_private=private,
        allow_ports=(canary.port,),
        resolve=resolve,
        deadline=3,
    )


@pytest.mark.parametrize(
    "answers",
    [
        ["127.0.0.1"],
        ["::1"],
        ["93.184.215.14", "127.0.0.1"],
        ["2606:2800:21f:cb07:6820:80da:af6b:8b2c", "127.0.0.1"],
        ["127.0.0.1", "93.184.215.14"],
        ["::ffff:127.0.0.1"],
        ["fe80::1%lo"],
        ["no address"],
    ],
)
def test_a_name_with_one_private_answer_is_not_dialled_at_all(
    canary: Canary, answers: list[str]
) -> None:
    web = door(canary, {"news.example": answers}, private=())
    with pytest.raises(FetchError) as caught:
        web.fetch(f"http://news.example:{canary.port}/")
    assert caught.value.reason == "refused address"
    assert canary.connections == 0


def test_a_name_without_addresses(canary: Canary) -> None:
    web = door(canary, {"news.example": []}, private=())
    with pytest.raises(FetchError, match="connection failed"):
        web.fetch(f"http://news.example:{canary.port}/")


def test_the_checked_address_is_the_dialled_one(canary: Canary) -> None:
    """Rebinding: the first answer is allowed; a second look-up would give the forbidden one."""
    names = {"rebinding.example": ["127.0.0.1", "127.0.0.2"]}
    web = door(canary, names, private=("127.0.0.1/32",))
    assert isinstance(web.fetch(f"http://rebinding.example:{canary.port}/"), Document)
    assert names == {"rebinding.example": ["127.0.0.2"]}  # asked once
    with pytest.raises(FetchError, match="refused address"):
        web.fetch(f"http://rebinding.example:{canary.port}/")
    assert canary.connections == 1


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.2:{port}/",
        "//127.0.0.2:{port}/",
        "http://0x7f000002:{port}/",
        "http://[::1]:{port}/",
        "http://inside.example:{port}/",
        "http://127.0.0.1:22/",
        "file:///etc/passwd",
        "http://name:secret@127.0.0.1:{port}/",
    ],
)
def test_each_hop_of_a_redirect_is_checked_again(canary: Canary, target: str) -> None:
    location = target.format(port=canary.port).encode()
    canary.answer = b"HTTP/1.1 302 Found\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n" % location
    names = {"outside.example": ["127.0.0.1"], "inside.example": ["127.0.0.3"]}
    web = door(canary, names, private=("127.0.0.1/32",))
    with pytest.raises(FetchError) as caught:
        web.fetch(f"http://outside.example:{canary.port}/")
    assert caught.value.reason == "refused address"
    assert "secret" not in str(caught.value)
    assert canary.connections == 1


def test_a_dead_address_gives_way_to_the_next(canary: Canary) -> None:
    names = {"news.example": ["127.0.0.9", "127.0.0.1"]}  # nobody listens on the first
    web = door(canary, names, private=("127.0.0.0/8",))
    assert isinstance(web.fetch(f"http://news.example:{canary.port}/"), Document)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "1.1.1.1", "93.184.215.14", "172.32.0.1", "100.128.0.1", "2606:4700::1"]
)
def test_public_addresses_pass(address: str) -> None:
    assert check(address) == address


def test_ipv4_in_ipv6_clothing_is_judged_as_ipv4() -> None:
    assert check("::ffff:8.8.8.8") == "8.8.8.8"
    assert check("::ffff:10.1.2.3", networks(["10.0.0.0/8"])) == "10.1.2.3"
    with pytest.raises(RefusedAddress):
        check("::ffff:10.1.2.3", networks(["::/0"]))


def test_an_address_of_one_interface_is_never_dialled() -> None:
    assert check("fe80::1", networks(["fe80::/10"])) == "fe80::1"
    with pytest.raises(RefusedAddress, match="one interface"):
        check("fe80::1%lo", networks(["fe80::/10"]))


@given(st.integers(0, 2**32 - 1), st.sampled_from(["::{}", "::ffff:{}", "64:ff9b::{}"]))
def test_no_private_address_passes_in_clothing(number: int, clothing: str) -> None:
    plain = socket.inet_ntoa(number.to_bytes(4, "big"))
    try:
        check(plain)
    except RefusedAddress:
        with pytest.raises(RefusedAddress):
            check(clothing.format(plain))


@given(st.text(max_size=40))
def test_any_host_is_a_name_an_address_or_refused(host: str) -> None:
    try:
        found = literal(host)
    except RefusedAddress:
        return
    assert found is not None or host.isascii()


@given(st.text(max_size=60))
def test_any_address_is_fetched_or_refused(text: str) -> None:
    web = GuardedWeb(contact="", resolve=lambda host, port: ["127.0.0.1"], tls=TLS)
    for url in (text, f"http://{text}/", f"http://x.example/{text}"):
        with pytest.raises(FetchError):
            web.fetch(url)
