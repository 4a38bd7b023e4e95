"""The site over HTTP: addresses, headers, conditional requests, refusals, and what watches it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from processes import eventually
from prometheus_client.parser import text_string_to_metric_families
from site_desk import (
    DAY,
    NOW,
    SECRET,
    Answer,
    Desk,
    ask,
    digest,
    later,
    renewed,
    running_desk,
    served,
)
from starlette.testclient import TestClient

from briefing.errors import StoreError
from briefing.site import Readings
from briefing.site.answers import HEADERS
from briefing.text import tokens

EDITION = "/2024-11-22/harbour/"
PAGES = [
    "/", "/2024-11/", EDITION, f"{EDITION}evidence/", f"{EDITION}digest.md", f"{EDITION}digest.txt",
    f"{EDITION}digest.json", f"{EDITION}evidence.json", "/feed.atom", "/feed.json", "/style.css",
    "/icon.svg", "/robots.txt",
]  # fmt: skip
SERVICE = ["/subscribe", "/healthz", "/readyz", "/metrics"]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Desk, str]]:
    with running_desk(tmp_path_factory.mktemp("desk")) as found:
        yield found


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A site that the tests only look at."""
    with running_desk(tmp_path_factory.mktemp("shown")) as (desk, base):
        desk.put(digest(), digest(DAY - timedelta(days=1)))
        yield base


@pytest.fixture
def desk(running: tuple[Desk, str], tmp_path: Path) -> Iterator[Desk]:
    with renewed(running[0], tmp_path) as desk:
        desk.put(digest(), digest(DAY - timedelta(days=1)))
        yield desk


@pytest.fixture
def site(running: tuple[Desk, str], desk: Desk) -> str:
    return running[1]


def strict(answer: Answer) -> None:
    """Every header of ours is there, once, and nothing is remembered of a reader."""
    for name, value in HEADERS.items():
        assert answer.headers.get_all(name) == [value], name
    assert "Set-Cookie" not in answer.headers
    assert "Server" not in answer.headers
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script" not in policy
    assert "unsafe" not in policy


# -- what is there -----------------------------------------------------------------------------


@pytest.mark.parametrize("path", PAGES + SERVICE)
def test_every_address_answers_with_strict_headers(shown: str, path: str) -> None:
    answer = ask(shown, path)
    assert answer.status == 200
    strict(answer)
    assert answer.body
    assert int(answer.headers["Content-Length"]) == len(answer.body)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "text/html; charset=utf-8"),
        (EDITION, "text/html; charset=utf-8"),
        (f"{EDITION}digest.md", "text/markdown; charset=utf-8"),
        (f"{EDITION}digest.txt", "text/plain; charset=utf-8"),
        (f"{EDITION}digest.json", "application/json"),
        ("/feed.atom", "application/atom+xml; charset=utf-8"),
        ("/feed.json", "application/feed+json; charset=utf-8"),
        ("/style.css", "text/css; charset=utf-8"),
        ("/icon.svg", "image/svg+xml"),
        ("/robots.txt", "text/plain; charset=utf-8"),
        ("/metrics", "text/plain; version=0.0.4; charset=utf-8"),
    ],
)
def test_each_says_what_it_is(shown: str, path: str, kind: str) -> None:
    assert ask(shown, path).headers["Content-Type"] == kind


def test_the_files_are_those_of_the_edition(desk: Desk, site: str) -> None:
    from briefing.stages import render

    for name, made in render.files(digest(), desk.articles(["offer", "walkout"])).items():
        if name != "digest.html":
            assert ask(site, f"{EDITION}{name}").text == made


@pytest.mark.parametrize("path", PAGES)
def test_head_has_the_headers_and_no_body(shown: str, path: str) -> None:
    whole, head = ask(shown, path), ask(shown, path, method="HEAD")
    assert head.status == 200
    assert head.body == b""
    for name in ("ETag", "Content-Type", "Content-Length", "Last-Modified"):
        assert head.headers[name] == whole.headers[name]


# -- conditional requests ----------------------------------------------------------------------


@pytest.mark.parametrize("path", PAGES)
def test_who_has_the_page_is_told_so(shown: str, path: str) -> None:
    tag = ask(shown, path).headers["ETag"]
    for given in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = ask(shown, path, headers={"If-None-Match": given})
        assert (again.status, again.body) == (304, b""), given
        assert again.headers["ETag"] == tag
        strict(again)
    assert ask(shown, path, headers={"If-None-Match": '"other"'}).status == 200


def test_a_date_is_as_good_unless_there_is_a_tag(shown: str) -> None:
    first = ask(shown, EDITION)
    made = digest().made
    assert first.headers["Last-Modified"] == "Fri, 22 Nov 2024 04:30:00 GMT"

    def since(moment: datetime, **more: str) -> int:
        said = format_datetime(moment.astimezone(NOW.tzinfo), usegmt=True)
        return ask(shown, EDITION, headers={"If-Modified-Since": said, **more}).status

    assert since(made) == 304
    assert since(made + timedelta(hours=1)) == 304
    assert since(made - timedelta(seconds=1)) == 200
    assert since(made, **{"If-None-Match": '"other"'}) == 200
    for odd in ("yesterday", f"Mon, 1 Jan {'9' * 20} 00:00:00 GMT", "Mon, 1 Jan 2024 +" + "9" * 16):
        assert ask(shown, EDITION, headers={"If-Modified-Since": odd}).status == 200, odd


def test_an_edition_made_again_is_a_new_page_for_itself_and_its_neighbour(
    desk: Desk, site: str
) -> None:
    paths = [EDITION, "/2024-11-21/harbour/", "/", "/2024-11/", "/feed.atom", "/feed.json"]
    before = {path: ask(site, path) for path in paths}
    desk.put(later(digest(), subject=digest().bottom_line[0]))
    for path in paths:
        tag = before[path].headers["ETag"]
        asked = {"If-None-Match": tag}
        assert ask(site, path, headers=asked).status == 200, path
        seen = {"If-Modified-Since": before[path].headers["Last-Modified"]}
        assert ask(site, path, headers=seen).status == 200, path


# -- moved -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "way"),
    [
        ("/2024-11-22/harbour", "harbour/"),
        ("/2024-11-22/harbour/evidence", "evidence/"),
        ("/2024-11-22/", "../2024-11/#d-2024-11-22"),
    ],
)
def test_a_cut_off_address_leads_on_by_a_relative_way(shown: str, path: str, way: str) -> None:
    answer = ask(shown, path, headers={"Host": "evil.example"})
    assert answer.status == 308
    assert answer.headers["Location"] == way
    strict(answer)


# -- refusals ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "/nothing", "/2024-11-22/other/", "/2024-11-22/other", "/2024-11-20/", "/2024-12/",
        "/2024-11-31/harbour/", f"{EDITION}digest.html", f"{EDITION}evidence/x",
        f"{EDITION}..%2f..%2fdigest.json", "/2024-11-22/..%2f..%2fetc%2fpasswd/digest.json",
        "/%2e%2e/%2e%2e/etc/passwd", "/..%5c..%5cx/", "/2024-11-22/harbour%00/", "//evil.example/",
        "/2024-11-22/harbour%0d%0aX-Evil:%201", "/2024-11-22/%F0%9F%98%80/", "/confirm/x.y",
        "/unsubscribe/", "/subscribe/", "/favicon.ico", "/digest.json", "/style.css/",
        "/2024-11-22/harbour;x/", f"/{'a' * 3000}/", "/confirm/" + "a" * 3000,
    ],
)  # fmt: skip
def test_what_is_not_there_is_a_page_in_plain_words(shown: str, path: str) -> None:
    answer = ask(shown, path)
    assert answer.status == 404
    assert "There is no such page" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert "X-Evil" not in answer.headers
    strict(answer)


def test_a_refusal_finds_its_style_from_any_depth(shown: str) -> None:
    for path, root in (("/x", ""), ("/x/y", "../"), ("/x/y/", "../../"), ("/%2fx/y?a/b", "../")):
        assert f'<link rel="stylesheet" href="{root}style.css">' in ask(shown, path).text, path


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
@pytest.mark.parametrize("path", ["/", EDITION, "/feed.atom", "/healthz"])
def test_a_page_takes_no_other_method(shown: str, method: str, path: str) -> None:
    answer = ask(shown, path, method=method)
    assert answer.status == 405
    assert "GET" in answer.headers["Allow"]
    assert "That cannot be done here" in answer.text
    strict(answer)


def test_a_body_that_comes_with_a_question_is_not_read(shown: str) -> None:
    assert ask(shown, "/", body=b"x" * 100_000).status == 200


@pytest.mark.parametrize("path", ["/subscribe", "/unsubscribe", "/confirm"])
@pytest.mark.parametrize("chunked", [False, True])
def test_more_than_a_form_is_refused(site: str, desk: Desk, path: str, chunked: bool) -> None:
    known = path != "/subscribe"
    if known:
        who = desk.sign_up("reader@example.org", "harbour", NOW)
        purpose: tokens.Purpose = "confirm" if path == "/confirm" else "unsubscribe"
        path = f"{path}/{tokens.sign(SECRET, purpose, who.id)}"
    large = b"address=" + b"a" * 5000
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    body = iter([large[:2500], large[2500:]]) if chunked else large
    answer = ask(site, path, method="POST", body=body, headers=kind)
    assert answer.status == 413
    assert "That is too much" in answer.text
    strict(answer)
    assert [one.standing for one in desk.store.readers.all()] == ["pending"] * known


def test_a_store_that_cannot_be_read_is_no_page_but_an_answer(
    desk: Desk, site: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(*_: object) -> None:
        raise StoreError("briefing.db: disk I/O error")

    for name in ("editions", "edition", "subscriber"):
        monkeypatch.setattr(desk, name, fails)
    token = tokens.sign(SECRET, "unsubscribe", "a" * 32)
    for path in ("/", EDITION, "/feed.atom", f"/unsubscribe/{token}"):
        answer = ask(site, path)
        assert answer.status == 503
        assert answer.headers["Retry-After"] == "120"
        assert "cannot be read at the moment" in answer.text
        assert "disk" not in answer.text
        strict(answer)
    assert ask(site, "/healthz").status == 200
    facts = [record.__dict__["facts"] for record in caplog.records]
    assert [one["page"] for one in facts] == ["front", "edition", "atom", "unsubscribe"]
    assert "disk I/O error" in facts[0]["error"]
    assert token not in str(facts)


def test_a_fault_of_ours_is_an_answer_and_is_not_hidden(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise ZeroDivisionError("a fault")

    monkeypatch.setattr(desk, "editions", fails)
    with TestClient(desk.application(), raise_server_exceptions=False) as client:
        answer = client.get("/")
    assert answer.status_code == 500
    assert "Something went wrong" in answer.text
    assert "ZeroDivision" not in answer.text
    assert answer.headers["Content-Security-Policy"] == HEADERS["Content-Security-Policy"]
    with TestClient(desk.application()) as client, pytest.raises(ZeroDivisionError):
        client.get("/")


# -- feeds and the address that was asked ------------------------------------------------------


@pytest.mark.parametrize(
    ("host", "base"),
    [
        ("127.0.0.1:8321", "http://127.0.0.1:8321/"),
        ("[::1]:8321", "http://[::1]:8321/"),
        ("briefing.lan", "http://briefing.lan/"),
        ("evil.example/x?", ""),
        ("a b", ""),
        ('"><script>', ""),
        ("user@evil.example", ""),
    ],
)
def test_a_feed_names_the_address_that_was_asked_when_that_is_one(
    desk: Desk, site: str, host: str, base: str
) -> None:
    feed = ask(site, "/feed.json", headers={"Host": host}).text
    assert f'"url": "{base}2024-11-22/harbour/"' in feed
    with served(desk.application(url="https://briefing.example.org/news/")) as public:
        feed = ask(public, "/feed.json", headers={"Host": host}).text
    assert '"url": "https://briefing.example.org/news/2024-11-22/harbour/"' in feed


# -- what watches it ---------------------------------------------------------------------------


def test_ready_says_why_not(desk: Desk, site: str) -> None:
    assert ask(site, "/readyz").text == "ready\n"
    desk.reasons = ["no feed has answered since 05:00 UTC", "12 mails wait since 06:31 UTC"]
    answer = ask(site, "/readyz")
    assert answer.status == 503
    assert answer.text.splitlines() == desk.reasons
    assert ask(site, "/healthz").text == "ok\n"


def test_alive_even_while_every_thread_waits_for_the_store(
    desk: Desk, site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on, waiting = threading.Event(), []

    def waits(_: int) -> list[object]:
        waiting.append(threading.current_thread())
        go_on.wait(60)
        return []

    monkeypatch.setattr(desk, "editions", waits)
    stuck = [threading.Thread(target=ask, args=[site, "/"], daemon=True) for _ in range(45)]
    for one in stuck:
        one.start()
    try:
        eventually(lambda: waiting, "a page waits for the store")
        assert ask(site, "/healthz").status == 200  # who asks gives up before the store does
    finally:
        go_on.set()
        for one in stuck:
            one.join(10)


def test_metrics_are_what_prometheus_reads(desk: Desk, site: str) -> None:
    desk.readings = Readings(
        editions={"harbour": 12},
        latest={"harbour": desk.now - timedelta(hours=2)},
        due={"harbour": desk.now + timedelta(hours=16)},
        run_seconds={"harbour": 41.5},
        mails={"queued": 1, "sent": 30, "dead": 2},
        waiting=desk.now - timedelta(minutes=3),
        subscribers={"active": 4, "pending": 1},
        feeds=9,
        feeds_failing=2,
        answered=desk.now - timedelta(minutes=1),
        alarms={'an "odd" \\ kind\n': 1},
        leading=True,
        store_bytes=4096,
    )
    found = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(ask(site, "/metrics").text)
        for sample in family.samples
    }
    assert found["briefing_editions", "harbour"] == 12
    assert found["briefing_edition_age_seconds", "harbour"] == 7200
    at = (desk.now - timedelta(hours=2)).timestamp()
    assert found["briefing_edition_timestamp_seconds", "harbour"] == at
    due = (desk.now + timedelta(hours=16)).timestamp()
    assert found["briefing_edition_due_timestamp_seconds", "harbour"] == due
    assert found["briefing_run_seconds", "harbour"] == 41.5
    assert found["briefing_mails", "dead"] == 2
    assert found["briefing_mail_waiting_seconds",] == 180
    assert found["briefing_subscribers", "pending"] == 1
    assert found["briefing_feeds",] == 9
    assert found["briefing_feeds_failing",] == 2
    assert found["briefing_feed_answered_timestamp_seconds",] == desk.now.timestamp() - 60
    assert found["briefing_alarms", 'an "odd" \\ kind\n'] == 1
    assert found["briefing_leading",] == 1
    assert found["briefing_store_bytes",] == 4096
    assert found["process_resident_memory_bytes",] > 1_000_000


def test_what_is_unknown_is_no_figure(desk: Desk, site: str) -> None:
    page = ask(site, "/metrics").text
    samples = [line for line in page.splitlines() if line.startswith("briefing_")]
    assert samples == ["briefing_mail_waiting_seconds 0.0"]
