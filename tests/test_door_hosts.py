"""How each host is treated: turns, pauses, its wish to be left alone, and an end to it all."""

from __future__ import annotations

import itertools
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from door_server import Server, door, moved, refusal, reply, serving

from briefing.adapters.web import hosts
from briefing.adapters.web.hosts import Hosts
from briefing.errors import FetchError
from briefing.news import Document

URL = "https://news.example/1"


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as made:
        made.answers["/a"] = reply(b"page a")
        yield made


class Day:
    """Hosts by a clock that stands still unless it is moved, so that nothing is waited for."""

    def __init__(self, *, pause: float = 0.0) -> None:
        self.now = 1000.0
        self.hosts = Hosts(pause=pause, clock=lambda: self.now)

    def page(
        self, *, took: float = 0.0, timed_out: bool = False, host: str = "news.example"
    ) -> None:
        self.hosts.take(host, url=URL, page=True)
        self.now += took
        self.hosts.give(host, took=took, timed_out=timed_out)

    def refusal(self) -> str:
        with pytest.raises(FetchError) as caught:
            self.hosts.admit("news.example", url=URL)
        return caught.value.reason


# -- pauses ------------------------------------------------------------------------------------


def starts(server: Server) -> list[float]:
    seen: list[float] = []

    def note(connection: socket.socket, request: bytes) -> None:
        seen.append(time.monotonic())
        connection.sendall(reply(b"x"))

    server.answers["/"] = note
    return seen


def test_between_two_fetches_from_one_host_there_is_a_pause(server: Server) -> None:
    seen = starts(server)
    # The pause is ours, not the server's: a deadline shorter than all pauses together still holds
    web = door(server, pause=0.15, deadline=0.5)
    with ThreadPoolExecutor(6) as pool:
        assert len(list(pool.map(lambda n: web.fetch(server.url(f"/?{n}")), range(6)))) == 6
    gaps = [later - earlier for earlier, later in itertools.pairwise(seen)]
    assert len(gaps) == 5
    assert min(gaps) > 0.12
    assert sum(gaps) < 2


def test_another_host_does_not_wait(server: Server) -> None:
    seen = starts(server)
    web = door(server, pause=5.0, resolve=lambda host, port: ["127.0.0.1"])
    for host in ("one.example", "two.example", "three.example"):
        web.fetch(f"http://{host}:{server.port}/")
    assert seen[-1] - seen[0] < 2


def test_crawl_delay_is_kept_within_bounds(server: Server) -> None:
    server.answers["/robots.txt"] = reply(b"User-agent: *\nCrawl-delay: 0.3\n")
    seen = starts(server)
    web = door(server)
    for n in range(3):
        web.fetch(server.url(f"/?{n}"), page=True)
    assert min(later - earlier for earlier, later in itertools.pairwise(seen)) > 0.25
    day = Day(pause=0.5)
    day.hosts.slow_down("news.example", 86_400)
    day.page()
    waited: list[float] = []

    def second() -> None:
        waited.append(day.hosts.take("news.example", url=URL, page=True))

    thread = threading.Thread(target=second, daemon=True)
    thread.start()
    time.sleep(0.05)
    assert waited == []
    day.now += hosts.LONGEST_PAUSE
    day.hosts.leave_alone("other.example", 1, reason="http 429")  # wakes those who wait
    thread.join(2)
    assert waited == [hosts.LONGEST_PAUSE]


def test_a_site_cannot_shorten_our_pause() -> None:
    day = Day(pause=2.0)
    day.hosts.slow_down("news.example", 0.1)
    day.page()
    assert day.hosts._host("news.example").next_start == day.now + 2.0


# -- left alone --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "header", "alone"),
    [
        ("429 Too Many Requests", "Retry-After: 60", True),
        ("429 Too Many Requests", "X-Nothing: 1", True),
        ("503 Busy", "Retry-After: Fri, 22 Nov 2024 06:31:00 GMT", True),
        ("503 Busy", "X-Nothing: 1", False),  # this page, perhaps
        ("503 Busy", "Retry-After: 0", False),
        ("500 Oh", "Retry-After: 60", False),
    ],
)
def test_a_host_that_asks_for_patience_gets_it(
    server: Server, status: str, header: str, alone: bool
) -> None:
    server.answers["/busy"] = reply(b"", header, status=status)
    web = door(server, robots=False)
    refusal(web, server.url("/busy"), page=True)
    if not alone:
        assert isinstance(web.fetch(server.url("/a"), page=True), Document)
        return
    error = refusal(web, server.url("/a"), page=True)
    assert error.reason == f"http {status[:3]}"
    assert error.detail.startswith("127.0.0.1 is left alone for ")
    assert error.retry_after == pytest.approx(60, abs=2)
    assert server.asked == ["/busy"]
    assert isinstance(web.fetch(server.url("/a")), Document)  # a feed has its own patience


def test_other_hosts_are_asked_all_the_same(server: Server) -> None:
    server.answers["/busy"] = reply(b"", status="429 Too Many Requests")
    web = door(server, robots=False, resolve=lambda host, port: ["127.0.0.1"])
    refusal(web, f"http://one.example:{server.port}/busy", page=True)
    assert isinstance(web.fetch(f"http://two.example:{server.port}/a", page=True), Document)


def test_who_waits_for_a_turn_hears_that_the_host_wants_none(server: Server) -> None:
    def busy(connection: socket.socket, request: bytes) -> None:
        time.sleep(0.2)
        connection.sendall(reply(b"", status="429 Too Many Requests"))

    server.answers["/busy"] = busy
    web = door(server, robots=False)
    with ThreadPoolExecutor(8) as pool:
        urls = [server.url(f"/busy?{n}") for n in range(8)]
        reasons = list(pool.map(lambda url: refusal(web, url, page=True).reason, urls))
    assert reasons == ["http 429"] * 8
    assert len(server.asked) <= 3  # two at once; a third may have had its turn between them


def test_a_redirect_to_a_host_that_wants_none_is_not_followed(server: Server) -> None:
    server.answers["/busy"] = reply(b"", status="429 Too Many Requests")
    server.answers["/to"] = moved(f"http://one.example:{server.port}/a")
    web = door(server, robots=False, resolve=lambda host, port: ["127.0.0.1"])
    refusal(web, f"http://one.example:{server.port}/busy", page=True)
    assert refusal(web, f"http://two.example:{server.port}/to", page=True).reason == "http 429"
    assert server.asked == ["/busy", "/to"]


# -- an end ------------------------------------------------------------------------------------


def test_a_host_that_times_out_three_times_in_a_row_is_given_up(server: Server) -> None:
    server.answers["/slow"] = lambda connection, request: time.sleep(1)
    web = door(server, robots=False, deadline=0.2)
    began = time.monotonic()
    reasons = [refusal(web, server.url("/slow"), page=True) for _ in range(40)]
    assert {error.reason for error in reasons} == {"timeout"}
    assert time.monotonic() - began < 2  # forty times 0.2 s are 8 s
    assert len(server.asked) == hosts.MOST_TIMEOUTS


def test_one_answer_between_them_and_it_is_asked_on() -> None:
    day = Day()
    for timed_out in (True, True, False, True, True):
        day.page(timed_out=timed_out)
    day.hosts.admit("news.example", url=URL)
    day.page(timed_out=True)
    assert day.refusal() == "timeout"
    day.now += hosts.GIVEN_UP + 1
    day.hosts.admit("news.example", url=URL)


def test_pages_of_one_host_take_ten_minutes_of_an_hour_at_most() -> None:
    day = Day()
    for _ in range(60):
        day.page(took=19.0)
        day.page(took=1.0)
    day.now = 1000.0 + 1800.0
    assert day.refusal() == "no turn"
    day.hosts.take("news.example", url=URL, page=False)  # a feed is asked
    day.hosts.admit("other.example", url=URL)
    day.now = 1000.0 + 3601.0
    day.hosts.admit("news.example", url=URL)


def test_pauses_count_as_well() -> None:
    day = Day(pause=10.0)
    for _ in range(60):
        day.hosts.admit("news.example", url=URL)
        day.page()
        day.now += 10.0
    assert day.refusal() == "no turn"
