"""The guarded door to the network, against real servers on loopback that misbehave."""

from __future__ import annotations

import gzip
import socket
import time
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import httpx2
import pytest
from door_server import LOOPBACK, Server, door, moved, refusal, reply, serving

from briefing.adapters.web import GuardedWeb
from briefing.adapters.web.answers import read
from briefing.errors import ConfigError, FetchError
from briefing.news import Document, NotModified


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as made:
        yield made


# -- honest answers ----------------------------------------------------------------------------


def test_a_document_keeps_what_the_server_said(server: Server) -> None:
    server.answers["/feed"] = reply(
        b"<rss/>",
        "Content-Type: Application/RSS+XML; charset=KOI8-R",
        'ETag: W/"a\xe9,b"',
        "Last-Modified: tuesday, sort of",
        "Cache-Control: max-age=600",
    )
    found = door(server).fetch(server.url("/feed#part"))
    assert found == Document(
        address=server.url("/feed"),
        body=b"<rss/>",
        media_type="application/rss+xml",
        charset="koi8-r",
        etag='W/"a\xe9,b"',
        last_modified="tuesday, sort of",
        fresh_for=600.0,
    )


def test_the_request_is_honest_and_names_a_contact(server: Server) -> None:
    server.answers["/"] = reply(b"x")
    door(server).fetch(server.url("/"))
    head = server.requests[0].decode().lower()
    assert "user-agent: briefing/" in head
    assert "+https://briefing.example/contact" in head
    assert f"host: 127.0.0.1:{server.port}" in head
    assert "accept-encoding: gzip, deflate\r\n" in head
    assert "if-none-match" not in head
    assert "if-modified-since" not in head


def test_validators_go_back_byte_for_byte_and_304_is_no_document(server: Server) -> None:
    server.answers["/feed"] = reply(
        b"", "Cache-Control: max-age=600", "Age: 60", status="304 Not Modified", length=None
    )
    web = door(server)
    found = web.fetch(server.url("/feed"), etag='W/"a\xe9,b"', last_modified="sort of")
    assert found == NotModified(fresh_for=540.0)
    assert b'If-None-Match: W/"a\xe9,b"\r\n' in server.requests[0]
    assert b"If-Modified-Since: sort of\r\n" in server.requests[0]


def test_304_to_a_question_without_validators_is_no_answer(server: Server) -> None:
    server.answers["/feed"] = reply(status="304 Not Modified", length=None)
    assert refusal(door(server), server.url("/feed")).reason == "http 304"


def test_a_validator_cannot_inject_a_header(server: Server) -> None:
    server.answers["/"] = reply(b"x")
    with pytest.raises(FetchError) as caught:
        door(server).fetch(server.url("/"), etag='"x"\r\nX-Evil: 1')
    assert caught.value.reason == "protocol error"
    assert server.requests == []


@pytest.mark.parametrize("body", [b"", b" \r\n\t"], ids=["nothing", "white space"])
def test_an_empty_200_is_an_error(server: Server, body: bytes) -> None:
    server.answers["/"] = reply(body)
    assert refusal(door(server), server.url("/")).reason == "empty answer"


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("204 No Content", "empty answer"),
        ("206 Partial Content", "http 206"),
        ("300 Multiple Choices", "http 300"),
        ("302 Found", "http 302"),  # without a Location
        ("404 Not Found", "http 404"),
        ("410 Gone", "http 410"),
        ("503 Busy", "http 503"),
    ],
)
def test_statuses_that_are_no_document(server: Server, status: str, reason: str) -> None:
    server.answers["/"] = reply(b"" if status[:3] == "204" else b"body", status=status)
    assert refusal(door(server), server.url("/")).reason == reason


def test_retry_after_reaches_the_error(server: Server) -> None:
    server.answers["/"] = reply(
        b"", "Retry-After: Fri, 22 Nov 2024 06:31:00 GMT", status="429 Too Many Requests"
    )
    error = refusal(door(server), server.url("/"))
    assert (error.reason, error.retry_after) == ("http 429", 60.0)


# -- redirects ---------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_followed_to_a_relative_address(server: Server, status: int) -> None:
    server.answers |= {"/a/b": moved("../c?x=1#frag", status), "/c": reply(b"here")}
    found = door(server).fetch(server.url("/a/b"))
    assert isinstance(found, Document)
    assert (found.address, found.body) == (server.url("/c?x=1"), b"here")


def test_five_redirects_are_followed_and_six_are_not(server: Server) -> None:
    server.answers |= {f"/{n}": moved(f"/{n - 1}") for n in range(1, 7)}
    server.answers["/0"] = reply(b"end")
    assert isinstance(door(server).fetch(server.url("/5")), Document)
    server.requests.clear()
    error = refusal(door(server), server.url("/6"))
    assert error.reason == "too many redirects"
    assert error.url == server.url("/6")
    assert len(server.requests) == 6


def test_a_redirect_loop_ends(server: Server) -> None:
    server.answers |= {"/a": moved("/b"), "/b": moved("/a")}
    assert refusal(door(server), server.url("/a")).reason == "too many redirects"
    assert len(server.requests) == 6


# -- time and size -----------------------------------------------------------------------------


def drip(head: bytes) -> Callable[[socket.socket, bytes], None]:
    def answer(connection: socket.socket, request: bytes) -> None:
        connection.sendall(head)
        for _ in range(200):
            connection.sendall(b"x")
            time.sleep(0.05)

    return answer


@pytest.mark.parametrize(
    "head",
    [reply(b"", length=1000), b"HTTP/1.1 200 OK\r\nX-Slow: ", b"H", b""],
    ids=["body", "header", "status line", "nothing"],
)
def test_a_drip_is_cut_at_the_total_deadline(server: Server, head: bytes) -> None:
    server.answers["/"] = drip(head) if head else lambda connection, _: time.sleep(3)
    began = time.monotonic()
    assert refusal(door(server, deadline=0.6), server.url("/")).reason == "timeout"
    assert 0.5 < time.monotonic() - began < 1.6


def test_redirects_share_one_deadline(server: Server) -> None:
    def slow(connection: socket.socket, request: bytes) -> None:
        time.sleep(0.3)
        connection.sendall(moved("/"))

    server.answers["/"] = slow
    began = time.monotonic()
    assert refusal(door(server, deadline=0.7), server.url("/")).reason == "timeout"
    assert time.monotonic() - began < 1.7


def test_a_name_server_that_hangs_is_cut() -> None:
    def hang(host: str, port: int) -> list[str]:
        time.sleep(5)
        return []

    began = time.monotonic()
    web = GuardedWeb(contact="", resolve=hang, deadline=0.3)
    assert refusal(web, "http://slow.example/").reason == "timeout"
    assert time.monotonic() - began < 1.5


def test_an_endless_body_is_cut_at_the_cap(server: Server) -> None:
    def endless(connection: socket.socket, request: bytes) -> None:
        connection.sendall(reply(b"", length=None))
        while True:
            connection.sendall(b"x" * 65536)

    server.answers["/"] = endless
    assert refusal(door(server, max_bytes=300_000), server.url("/")).reason == "too large"


def test_an_announced_size_is_believed_before_reading(server: Server) -> None:
    server.answers |= {"/a": reply(b"x", length=16_000_000), "/b": reply(b"x", length=10**18)}
    assert refusal(door(server), server.url("/a")).detail == "16000000 bytes announced"
    assert refusal(door(server), server.url("/b")).reason == "too large"


def test_a_body_of_exactly_the_cap_passes(server: Server) -> None:
    server.answers |= {"/fits": reply(b"x" * 1000), "/over": reply(b"x" * 1001)}
    web = door(server, max_bytes=1000)
    assert isinstance(web.fetch(server.url("/fits")), Document)
    assert refusal(web, server.url("/over")).reason == "too large"


@pytest.fixture(scope="module")
def bomb() -> bytes:
    """500 MB of zeros in under 1 MB."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    packed = b"".join(packer.compress(bytes(10_000_000)) for _ in range(50)) + packer.flush()
    assert len(packed) < 1_000_000
    return packed


def test_a_bomb_is_cut_and_takes_little_memory(server: Server, bomb: bytes) -> None:
    server.answers["/"] = reply(bomb, "Content-Encoding: gzip")
    web = door(server, deadline=60)  # tracing takes its time
    tracemalloc.start()
    try:
        assert refusal(web, server.url("/")).reason == "too large"
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


class Pieces(httpx2.SyncByteStream):
    """A body that comes two bytes at a time."""

    def __iter__(self) -> Iterator[bytes]:
        return (b"%02d" % (n % 100) for n in range(50_000))


def test_a_body_in_tiny_pieces_takes_little_more_than_its_size() -> None:
    answer = httpx2.Response(200, stream=Pieces())
    tracemalloc.start()
    try:
        found = read(
            answer, url="u", final="f", moved_to="", max_bytes=1e6, cut=False,
            tick=lambda: None, now=datetime(2024, 11, 22, tzinfo=UTC),
        )  # fmt: skip
        assert tracemalloc.get_traced_memory()[1] < 1_000_000  # a list of them takes 2 MB
    finally:
        tracemalloc.stop()
    assert len(found.body) == 100_000


def test_a_page_is_no_longer_than_what_is_read_of_one(server: Server) -> None:
    server.answers["/long"] = reply(b"x" * 8_000_001)
    assert isinstance(door(server).fetch(server.url("/long")), Document)
    assert refusal(door(server), server.url("/long"), page=True).reason == "too large"


@pytest.mark.parametrize("named", ["gzip, gzip", "gzip\r\nContent-Encoding: gzip"])
def test_a_bomb_within_a_bomb_is_not_opened(server: Server, bomb: bytes, named: str) -> None:
    twice = gzip.compress(bomb)
    assert len(twice) < 10_000
    server.answers["/"] = reply(twice, f"Content-Encoding: {named}")
    assert refusal(door(server), server.url("/")).reason == "unknown encoding"


# -- encodings of the transport ----------------------------------------------------------------


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzip.compress(b"words " * 40_000)),
        ("x-gzip", gzip.compress(b"words " * 40_000)),
        ("GZIP , identity", gzip.compress(b"words " * 40_000)),
        ("gzip", gzip.compress(b"words " * 20_000) * 2),  # two members
        ("gzip", gzip.compress(b"words " * 40_000) + b"\0\0\0"),  # padded
        ("deflate", zlib.compress(b"words " * 40_000)),
        ("deflate", raw_deflate(b"words " * 40_000)),
        ("identity", b"words " * 40_000),
    ],
)
def test_encodings_that_are_decoded(server: Server, encoding: str, body: bytes) -> None:
    server.answers["/"] = reply(body, f"Content-Encoding: {encoding}")
    found = door(server).fetch(server.url("/"))
    assert isinstance(found, Document)
    assert found.body == b"words " * 40_000


@pytest.mark.parametrize("encoding", ["br", "zstd", "compress", "gzip;q=1", "deflate, gzip"])
def test_encodings_nobody_asked_for_are_refused(server: Server, encoding: str) -> None:
    server.answers["/"] = reply(b"??", f"Content-Encoding: {encoding}")
    assert refusal(door(server), server.url("/")).reason == "unknown encoding"


@pytest.mark.parametrize(
    "body",
    [
        gzip.compress(b"words " * 1000)[:-20],
        gzip.compress(b"words " * 1000)[:-2],
        gzip.compress(b"words " * 1000)[:1],
        gzip.compress(b"words " * 1000)[:-8] + b"\0" * 8,  # wrong checksum
        b"plain text that only claims to be packed",
    ],
    ids=["cut", "cut in the checksum", "one byte", "checksum", "not packed"],
)
def test_a_damaged_body_is_never_taken_for_whole(server: Server, body: bytes) -> None:
    server.answers["/"] = reply(body, "Content-Encoding: gzip")
    assert refusal(door(server), server.url("/")).reason == "damaged body"


# -- servers that break the protocol -----------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (reply(b"short", length=500), "protocol error"),
        (reply(b"x", "Content-Length: 7"), "protocol error"),  # two lengths
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nabc", "protocol error"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc", "protocol error"),
        (b"SSH-2.0-OpenSSH_9.2\r\n\r\n", "protocol error"),
        (b"HTTP/1.1 200 OK\r\n" + b"X: " + b"y" * 200_000 + b"\r\n\r\n", "protocol error"),
        (b"", "protocol error"),
    ],
    ids=["cut", "lengths", "cut chunk", "bad chunk", "no http", "endless header", "silent close"],
)
def test_broken_answers(server: Server, answer: bytes, reason: str) -> None:
    server.answers["/"] = answer
    assert refusal(door(server), server.url("/")).reason == reason


def test_nobody_listens() -> None:
    with socket.socket() as taken:  # bound and not listening
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        web = GuardedWeb(contact="", allow_private=LOOPBACK, allow_ports=(port,))
        assert refusal(web, f"http://127.0.0.1:{port}/").reason == "connection failed"


def test_a_server_without_tls_behind_https(server: Server) -> None:
    error = refusal(door(server), f"https://127.0.0.1:{server.port}/")
    assert error.reason == "tls failure"


def test_the_name_and_not_the_address_stands_in_host_and_handshake(server: Server) -> None:
    server.answers["/"] = reply(b"x")
    web = GuardedWeb(
        contact="",
        allow_private=LOOPBACK,
        allow_ports=(server.port,),
        resolve=lambda host, port: ["127.0.0.1"],
    )
    assert isinstance(web.fetch(f"http://news.example:{server.port}/"), Document)
    refusal(web, f"https://news.example:{server.port}/")
    plain, greeting = server.requests
    assert f"Host: news.example:{server.port}\r\n".encode() in plain
    assert b"\x00\x0cnews.example" in greeting


# -- politeness, threads, secrets --------------------------------------------------------------


def test_one_host_sees_two_fetches_at_once_and_none_is_lost(server: Server) -> None:
    busy: list[bytes] = []
    seen: list[int] = []

    def slow(connection: socket.socket, request: bytes) -> None:
        busy.append(request)
        seen.append(len(busy))
        time.sleep(0.1)
        busy.remove(request)
        connection.sendall(reply(request.split()[1]))

    server.answers["/"] = slow
    # Ten fetches take 0.5 s in turns of two; waiting for a turn is not counted as the server's time
    web = door(server, deadline=0.4)
    with ThreadPoolExecutor(10) as pool:
        found = list(pool.map(lambda n: web.fetch(server.url(f"/?{n}")), range(10)))
    assert [document.body.decode() for document in found if document] == [
        f"/?{n}" for n in range(10)
    ]
    assert max(seen) == 2


def test_a_failed_fetch_gives_its_turn_back(server: Server) -> None:
    server.answers |= {"/bad": b"", "/good": reply(b"x")}
    web = door(server)
    for _ in range(5):
        refusal(web, server.url("/bad"))
    assert isinstance(web.fetch(server.url("/good")), Document)


def test_a_password_in_an_address_is_refused_and_never_shown(server: Server) -> None:
    error = refusal(door(server), f"http://reader:canary@127.0.0.1:{server.port}/")
    assert error.reason == "refused address"
    assert "canary" not in str(error)
    assert server.requests == []


def test_proxies_of_the_environment_are_ignored(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.answers["/"] = reply(b"direct")
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    found = door(server).fetch(server.url("/"))
    assert isinstance(found, Document)
    assert found.body == b"direct"


def test_a_bad_network_is_a_configuration_error() -> None:
    with pytest.raises(ConfigError, match="allow_private"):
        GuardedWeb(contact="", allow_private=("10.0.0.1/8",))
