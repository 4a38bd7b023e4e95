"""Hostile servers: each gives its reason, in time and in little memory, and spoils no neighbour."""

from __future__ import annotations

import json
import os
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import trustme
from door_attacks import ATTACKS, DEADLINE, HTML, Attack, deflated, prices
from door_server import LOOPBACK, Server, refusal, reply, serving

from briefing.adapters.web import GuardedWeb
from briefing.adapters.web.client import DEADLINE_SECONDS
from briefing.news import Document
from briefing.sections import WebSection

TESTS = Path(__file__).parent
MOST_MEGABYTES = 20.0
BOUNDS = ("2.0", "3000000")
"""Of a fetch in a poll, in seconds and bytes: eight floods come in at a time."""


def test_a_fetch_has_twenty_seconds_in_use() -> None:
    assert (DEADLINE_SECONDS, WebSection().deadline) == (20.0, 20.0)


@pytest.mark.parametrize("attack", ATTACKS, ids=[one.name for one in ATTACKS])
def test_each_attack_has_its_reason_and_its_bounds(attack: Attack) -> None:
    price = prices()[attack.name]
    assert price.reason in attack.reason.split("|")
    assert price.megabytes < MOST_MEGABYTES
    if price.reason == "timeout":
        assert DEADLINE - 0.05 < price.seconds < DEADLINE + 1
    else:
        assert price.seconds < 10


# -- TLS ---------------------------------------------------------------------------------------


@contextmanager
def secured(context: ssl.SSLContext | None) -> Iterator[Server]:
    """A server behind TLS; without a context it answers the greeting with nonsense."""
    listener = socket.create_server(("127.0.0.1", 0))
    made = Server({"/": reply(b"secret")}, port=listener.getsockname()[1])

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            try:
                with connection:
                    if context is None:
                        connection.sendall(b"\x16\x03\x03\xff\xff" + b"\0" * 65535)
                        connection.recv(1)
                        continue
                    with context.wrap_socket(connection, server_side=True) as safe:
                        made._answer(safe)
            except OSError:  # the client would not go on
                pass

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)


def certified(authority: trustme.CA, *names: str, **more: Any) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*names, **more).configure_cert(context)
    return context


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


def trusting(authority: trustme.CA, server: Server) -> GuardedWeb:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return GuardedWeb(
        contact="", allow_private=LOOPBACK, allow_ports=(server.port,), tls=context, deadline=3,
        resolve=lambda host, port: ["127.0.0.1"],
    )  # fmt: skip


def test_a_certificate_that_fits_is_taken(authority: trustme.CA) -> None:
    with secured(certified(authority, "news.example")) as server:
        found = trusting(authority, server).fetch(f"https://news.example:{server.port}/")
        assert isinstance(found, Document)


@pytest.mark.parametrize(
    "wrong", ["another name", "its address", "expired", "a stranger's", "none"]
)
def test_a_certificate_that_does_not_fit_ends_it(authority: trustme.CA, wrong: str) -> None:
    past = datetime.now(UTC) - timedelta(days=1)
    context = {
        "another name": lambda: certified(authority, "other.example"),
        "its address": lambda: certified(authority, "127.0.0.1"),
        "expired": lambda: certified(authority, "news.example", not_after=past),
        "a stranger's": lambda: certified(trustme.CA(), "news.example"),
        "none": lambda: None,
    }[wrong]()
    with secured(context) as server:
        began = time.monotonic()
        error = refusal(trusting(authority, server), f"https://news.example:{server.port}/")
        assert error.reason == "tls failure"
        assert time.monotonic() - began < 2
        assert server.requests == []


# -- the other feeds ---------------------------------------------------------------------------

LEAD = "The dock workers of Lunden laid down tools on {} morning, the port authority said."
MORE = (
    "<p>No ship would leave before the talks of the evening had ended, it said in its notice.</p>"
)
CHALLENGE = (
    b"<html><head><title>Just a moment...</title></head><body><div id='cf-challenge'>"
    b"<script>window._cf_chl_opt={}</script></div></body></html>"
)
GOOD = [f"{day} strike at the port" for day in ("Monday", "Tuesday", "Wednesday")]


@dataclass
class Polled:
    """What came of one poll."""

    feeds: dict[str, tuple[str, str]]
    skips: dict[str, tuple[str, str]]
    articles: dict[str, str]
    seconds: float
    megabytes: float


def rss(*items: tuple[str, str, str]) -> bytes:
    """A feed of (title, link, description)."""
    told = "".join(
        f"<item><title>{title}</title><link>{link}</link><description>{said}</description></item>"
        for title, link, said in items
    )
    return reply(
        f"<rss version='2.0'><channel>{told}</channel></rss>".encode(),
        "Content-Type: application/rss+xml",
    )


def polled(server: Server, folder: Path, urls: list[str]) -> Polled:
    folder.mkdir()
    told = subprocess.run(
        [
            sys.executable, str(TESTS / "door_poll.py"),
            str(server.port), str(folder), *BOUNDS, *urls,
        ],
        stdout=subprocess.PIPE, text=True, check=True, timeout=240,
        env={**os.environ, "PYTHONPATH": str(TESTS), "OMP_NUM_THREADS": "1"},
    )  # fmt: skip
    found = json.loads(told.stdout)
    for key in ("feeds", "skips"):
        found[key] = {name: tuple(pair) for name, pair in found[key].items()}
    return Polled(**found)


def furnish(server: Server) -> tuple[list[str], list[str]]:
    """Addresses of three honest feeds, and of all the hostile ones; each on a host of its own."""

    def at(host: str, path: str) -> str:
        return f"http://{host}.example:{server.port}{path}"

    deflated()
    honest = []
    for n, title in enumerate(GOOD):
        server.answers[f"/good-{n}"] = rss((title, at(f"good-{n}", f"/page-{n}"), "Soon."))
        told = f"<article><h1>{title}</h1><p>{LEAD.format(title.split()[0])}</p>{MORE}</article>"
        server.answers[f"/page-{n}"] = reply(f"<html><body>{told}</body></html>".encode(), HTML)
        honest.append(at(f"good-{n}", f"/good-{n}"))
    pages = []
    for n, one in enumerate(ATTACKS):
        server.answers[f"/{n}"] = one.answer
        pages.append((f"Page {n}", at(f"attack-{n}", f"/{n}"), ""))
    server.answers |= {
        "/captcha": reply(CHALLENGE, HTML),
        "/robots.txt": reply(b"User-agent: *\nDisallow: /closed"),
    }
    said = LEAD.format("Friday")
    pages += [
        ("Captcha", at("captcha", "/captcha"), ""),
        ("Captcha, told by the feed", at("captcha", "/captcha?2"), said),
        ("Closed", at("closed", "/closed"), ""),
        ("Closed, told by the feed", at("closed", "/closed?2"), said),
        ("Inside", "http://169.254.169.254/latest/meta-data/", ""),
        ("Inside, told by the feed", "http://[::1]/", said),
    ]
    server.answers["/links"] = rss(*pages)
    feeds = [at(f"attack-{n}", f"/{n}") for n in range(len(ATTACKS))]
    return honest, [*feeds, at("links", "/links")]


def test_hostile_sites_spoil_no_other(tmp_path: Path) -> None:
    with serving() as server:
        honest, hostile = furnish(server)
        alone = polled(server, tmp_path / "alone", honest)
        among = polled(server, tmp_path / "among", [*hostile[:20], *honest, *hostile[20:]])
    assert set(alone.articles) == set(GOOD)
    # Every honest article is there, to the letter
    assert {title: among.articles.get(title) for title in GOOD} == alone.articles
    # Every hostile feed is silent with its reason, every hostile page skipped with it
    for n, (one, url) in enumerate(zip(ATTACKS, hostile, strict=False)):
        outcome, detail = among.feeds[url]
        assert outcome == "silent", one.name
        assert detail.partition(" (")[0] in one.reason.split("|"), one.name
        stage, reason = among.skips[f"Page {n}"]
        assert stage == "fetch", one.name
        assert reason in one.reason.split("|"), one.name
    assert among.skips["Captcha"] == ("extract", "captcha")
    assert among.skips["Closed"] == ("fetch", "robots.txt")
    assert among.skips["Inside"] == ("fetch", "refused address")
    told = {"Captcha, told by the feed", "Closed, told by the feed", "Inside, told by the feed"}
    assert set(among.articles) == {*GOOD, *told}
    assert all(LEAD.format("Friday") in among.articles[title] for title in told)
    assert among.megabytes - alone.megabytes < 100
