"""robots.txt for article pages: what RFC 9309 asks, and what a hostile one cannot do."""

from __future__ import annotations

import gzip
import socket
import time
import tracemalloc
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from door_server import Answer, Server, door, moved, refusal, reply, serving

from briefing.adapters.web import robots
from briefing.adapters.web.robots import Robots, parse
from briefing.errors import FetchError
from briefing.news import Document


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as made:
        made.answers["/a"] = reply(b"page a")
        yield made


def robots_txt(text: str | bytes, *headers: str) -> bytes:
    body = text.encode() if isinstance(text, str) else text
    return reply(body, "Content-Type: text/plain", *headers)


# -- what it says ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "path", "allowed"),
    [
        ("", "/a", True),
        ("User-agent: *\nDisallow: /", "/a", False),
        ("User-agent: *\nDisallow:", "/a", True),
        ("User-agent: *\nDisallow: /news/\nAllow: /news/today", "/news/today/1", True),
        ("User-agent: *\nAllow: /news/today\nDisallow: /news/", "/news/old", False),
        ("User-agent: *\nAllow: /p\nDisallow: /", "/page", True),  # the longest match
        ("User-agent: *\nAllow: /folder\nDisallow: /folder", "/folder/a", True),  # of equals, allow
        ("User-agent: *\nDisallow: /*.pdf$", "/files/a.pdf", False),
        ("User-agent: *\nDisallow: /*.pdf$", "/files/a.pdf?x=1", True),
        ("User-agent: *\nDisallow: /*/print/", "/2024/print/7", False),
        ("User-agent: *\nDisallow: /a%3cb", "/a%3Cb", False),
        ("User-agent: *\nDisallow: /a/b%2Fc", "/a/b/c", True),
        ("User-agent: *\nDisallow: /новини", "/%D0%BD%D0%BE%D0%B2%D0%B8%D0%BD%D0%B8/1", False),
        ("User-agent: *\nDisallow: /a?id=", "/a?id=7", False),
        ("User-agent: *\nDisallow: //x", "//x/y", False),
        ("\ufeffUser-agent: *\nDisallow: /", "/a", False),
        ("User-agent: *\r\nDisallow: /\r\n", "/a", False),
        ("user-AGENT : *\n disallow : /  # why not", "/a", False),
        ("Disallow: /", "/a", True),  # belongs to nobody
        ("User-agent: *\nDisallow: /\nAllow: /robots.txt", "/robots.txt", True),
        ("User-agent: *\nDisallow: /", "/robots.txt", True),
        ("<!doctype html><html><body>Disallow: /</body></html>", "/a", True),
    ],
)
def test_rules(text: str, path: str, allowed: bool) -> None:
    assert parse(text.encode()).allow(path) == allowed


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("User-agent: briefing\nDisallow: /", False),
        ("User-agent: Briefing/2.0\nDisallow: /", False),
        ("User-agent: *\nDisallow: /\n\nUser-agent: briefing\nDisallow:", True),
        ("User-agent: briefing\nDisallow: /b\n\nUser-agent: *\nDisallow: /", True),
        ("User-agent: otherbot\nUser-agent: briefing\nDisallow: /", False),
        ("User-agent: briefing\nDisallow: /b\n\nUser-agent: briefing\nDisallow: /a", False),
        ("User-agent: otherbot\nDisallow: /", True),
        # Names that ours only begins or ends with are other programs
        ("User-agent: brief\nDisallow: /", True),
        ("User-agent: briefingbot\nDisallow: /", True),
        ("User-agent: news-briefing\nDisallow: /", True),
        ("User-agent: brief\nDisallow:\n\nUser-agent: *\nDisallow: /", False),
    ],
)
def test_only_the_groups_that_name_us_or_everybody_count(text: str, allowed: bool) -> None:
    assert parse(text.encode()).allow("/a") == allowed


@pytest.mark.parametrize(
    ("delay", "pause"),
    [("3", 3.0), ("0.5", 0.5), ("-1", 0.0), ("soon", 0.0), ("nan", 0.0), ("1e999", 0.0)],
)
def test_the_pause_it_asks_for(delay: str, pause: float) -> None:
    assert parse(f"User-agent: *\nCrawl-delay: {delay}".encode()).pause == pause


@pytest.mark.parametrize(
    "body",
    [
        b"\xff\xfe\x00garbage\x00" * 1000,
        "User-agent: *\nDisallow: /\ud800".encode("utf-8", "surrogatepass"),
        b"User-agent: *\nDisallow: " + b"*a" * 250_000,
        b"User-agent: *\nDisallow: /" + b"%" * 100_000,
    ],
    ids=["binary", "surrogate", "wildcards", "percents"],
)
def test_garbage_is_read_without_harm(body: bytes) -> None:
    began = time.monotonic()
    parse(body).allow("/a" * 2000)
    assert time.monotonic() - began < 1


def test_names_times_rules_do_not_fill_the_memory() -> None:
    names = "".join(f"User-agent: n{n}\n" for n in range(14_000))
    rules = "".join(f"Disallow: /{n}\n" for n in range(14_000))
    body = (names + rules).encode()
    assert len(body) < robots.MAX_BYTES
    tracemalloc.start()
    try:
        parse(body)
        assert tracemalloc.get_traced_memory()[1] < 30_000_000
    finally:
        tracemalloc.stop()


# -- at the door -------------------------------------------------------------------------------


def test_a_page_is_asked_for_only_where_it_may_be(server: Server) -> None:
    server.answers["/robots.txt"] = robots_txt("User-agent: briefing\nDisallow: /a\n")
    server.answers["/b"] = reply(b"page b")
    web = door(server)
    error = refusal(web, server.url("/a"), page=True)
    assert (error.reason, error.detail) == ("robots.txt", "127.0.0.1 wants no program there")
    found = web.fetch(server.url("/b"), page=True)
    assert isinstance(found, Document)
    assert server.asked == ["/robots.txt", "/b"]  # and that only once


def test_a_feed_is_asked_for_all_the_same(server: Server) -> None:
    server.answers["/robots.txt"] = robots_txt("User-agent: *\nDisallow: /\n")
    assert isinstance(door(server).fetch(server.url("/a")), Document)
    assert server.asked == ["/a"]


def test_it_can_be_switched_off(server: Server) -> None:
    server.answers["/robots.txt"] = robots_txt("User-agent: *\nDisallow: /\n")
    assert isinstance(door(server, robots=False).fetch(server.url("/a"), page=True), Document)
    assert server.asked == ["/a"]


def test_where_a_page_moves_to_is_asked_about_as_well(server: Server) -> None:
    server.answers |= {
        "/a": moved("/private/a"),
        "/robots.txt": robots_txt("User-agent: *\nDisallow: /private/\n"),
    }
    assert refusal(door(server), server.url("/a"), page=True).reason == "robots.txt"
    assert server.asked == ["/robots.txt", "/a"]


def test_each_site_has_its_own(server: Server) -> None:
    def by_host(connection: socket.socket, request: bytes) -> None:
        rule = b"/" if b"Host: closed." in request else b""
        connection.sendall(robots_txt(b"User-agent: *\nDisallow: " + rule))

    server.answers["/robots.txt"] = by_host
    server.answers["/b"] = moved(f"//closed.example:{server.port}/a")
    web = door(server, resolve=lambda host, port: ["127.0.0.1"])
    open_site = f"http://open.example:{server.port}"
    assert isinstance(web.fetch(f"{open_site}/a", page=True), Document)
    assert refusal(web, f"{open_site}/b", page=True).reason == "robots.txt"
    assert server.asked == ["/robots.txt", "/a", "/b", "/robots.txt"]


@pytest.mark.parametrize(
    "answer",
    [
        reply(b"", status="404 Not Found"),
        reply(b"", status="401 Unauthorized"),
        reply(b"", status="403 Forbidden"),
        reply(b"", status="410 Gone"),
        reply(b""),
        reply(b"", status="204 No Content", length=None),
        moved("/robots.txt"),  # for ever
        reply(b"", status="302 Found"),  # nowhere
    ],
)
def test_a_site_without_one_allows_everything(server: Server, answer: bytes) -> None:
    server.answers["/robots.txt"] = answer
    assert isinstance(door(server).fetch(server.url("/a"), page=True), Document)


def test_one_that_has_moved_is_found(server: Server) -> None:
    rules = robots_txt("User-agent: *\nDisallow: /")
    server.answers |= {"/robots.txt": moved("/1"), "/4": moved("/5"), "/5": rules}
    server.answers |= {f"/{n}": moved(f"/{n + 1}") for n in range(1, 4)}
    assert refusal(door(server), server.url("/a"), page=True).reason == "robots.txt"


@pytest.mark.parametrize(
    ("answer", "reason", "detail"),
    [
        (reply(b"no", status="500 Oh"), "robots.txt unreachable", "http 500"),
        (reply(b"no", status="429 Slow"), "http 429", "left alone"),
        (reply(b"no", "Retry-After: 9", status="503 Busy"), "http 503", "left alone"),
        (b"", "protocol error", "robots.txt: "),
        (reply(b"x", "Content-Encoding: gzip"), "damaged body", "robots.txt: "),
    ],
)
def test_a_site_that_cannot_say_is_left_alone_for_now(
    server: Server, answer: bytes, reason: str, detail: str
) -> None:
    server.answers["/robots.txt"] = answer
    web = door(server)
    first = refusal(web, server.url("/a"), page=True)
    assert first.reason in (reason, "robots.txt unreachable")
    second = refusal(web, server.url("/a"), page=True)
    assert second.reason == reason
    assert detail in second.detail
    assert server.asked == ["/robots.txt"]


def test_a_site_that_is_not_there_keeps_its_usual_reason(server: Server) -> None:
    dead = refusal(door(server), f"http://127.0.0.2:{server.port}/a", page=True)
    assert dead.reason == "connection failed"
    refused = refusal(door(server, allow_private=()), server.url("/a"), page=True)
    assert refused.reason == "refused address"
    assert "loopback" in refused.detail
    assert server.asked == []


def test_a_slow_one_is_cut_and_not_waited_for_twice(server: Server) -> None:
    server.answers["/robots.txt"] = lambda connection, request: time.sleep(2)
    web = door(server, deadline=0.4)
    began = time.monotonic()
    for _ in range(3):
        assert refusal(web, server.url("/a"), page=True).reason == "timeout"
    assert time.monotonic() - began < 1.2
    assert server.asked == ["/robots.txt"]


def test_asking_it_is_not_the_page_s_time(server: Server) -> None:
    def slow(answer: bytes) -> Answer:
        def send(connection: socket.socket, request: bytes) -> None:
            time.sleep(0.4)
            connection.sendall(answer)

        return send

    server.answers |= {"/robots.txt": slow(robots_txt("")), "/a": slow(reply(b"x"))}
    assert isinstance(door(server, deadline=0.6).fetch(server.url("/a"), page=True), Document)


@pytest.mark.parametrize("packed", [False, True])
def test_of_a_long_one_the_first_500_kilobytes_are_read(server: Server, packed: bool) -> None:
    filler = b"# " + b"x" * 98 + b"\n"
    text = b"User-agent: *\nDisallow: /a\n" + filler * 8000 + b"Disallow: /b\n"
    body, headers = (gzip.compress(text), ["Content-Encoding: gzip"]) if packed else (text, [])
    server.answers |= {"/robots.txt": robots_txt(body, *headers), "/b": reply(b"page b")}
    web = door(server)
    assert refusal(web, server.url("/a"), page=True).reason == "robots.txt"
    assert isinstance(web.fetch(server.url("/b"), page=True), Document)


def test_many_threads_ask_once(server: Server) -> None:
    server.answers["/robots.txt"] = robots_txt("User-agent: *\nDisallow: /b\n")
    web = door(server)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: web.fetch(server.url("/a"), page=True), range(16)))
    assert len(found) == 16
    assert server.asked.count("/robots.txt") == 1


# -- kept --------------------------------------------------------------------------------------


class Publisher:
    """Answers for robots.txt, and a clock."""

    def __init__(self) -> None:
        self.now = 0.0
        self.asked: list[str] = []
        self.says: bytes | FetchError = b"User-agent: *\nDisallow: /a"
        self.robots = Robots(self._fetch, clock=lambda: self.now)

    def _fetch(self, address: str) -> bytes:
        self.asked.append(address)
        if isinstance(self.says, FetchError):
            raise self.says
        return self.says

    def allows(self, origin: str = "https://news.example") -> bool:
        return self.robots.rules(origin, url=f"{origin}/a").allow("/a")


def test_rules_hold_for_a_day_and_no_longer() -> None:
    site = Publisher()
    assert not site.allows()
    site.says, site.now = b"", robots.KEPT - 1
    assert not site.allows()
    site.now = robots.KEPT + 1
    assert site.allows()
    assert site.asked == ["https://news.example/robots.txt"] * 2


def test_rules_that_were_known_hold_on_while_the_site_fails() -> None:
    site = Publisher()
    assert not site.allows()
    site.now += robots.KEPT + 1
    site.says = FetchError("https://news.example/robots.txt", "http 500")
    assert not site.allows()
    assert not site.allows()
    assert len(site.asked) == 2
    site.now, site.says = site.now + robots.KEPT_FAILURE + 1, b""
    assert site.allows()


def test_a_failure_is_forgotten_after_five_minutes() -> None:
    site = Publisher()
    site.says = FetchError("https://news.example/robots.txt", "timeout")
    with pytest.raises(FetchError, match="timeout"):
        site.allows()
    site.now, site.says = robots.KEPT_FAILURE + 1, b""
    assert site.allows()


def test_what_is_kept_of_many_sites_is_bounded() -> None:
    site = Publisher()
    site.says = b"User-agent: *\n" + b"Disallow: /a\n" * 30_000  # 390 kB
    origins = [f"https://{n}.example" for n in range(6)]
    for origin in origins:
        assert not site.allows(origin)
    assert len(site.asked) == 6
    assert not site.allows(origins[-1])
    assert len(site.asked) == 6
    assert not site.allows(origins[0])  # forgotten, and asked again
    assert len(site.asked) == 7
