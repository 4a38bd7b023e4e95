"""Where parsers run: what breaks them, what they may not do, and what their answers may be."""

from __future__ import annotations

import json
import os
import pickle
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path

import breaking
import pytest
from processes import eventually

from briefing.adapters.confined import Confined, InPlace, confinement
from briefing.news import Document, Feed, Skip
from briefing.ports import PARSER_KILLED
from briefing.stages.extract import extract
from briefing.stages.parse import read_feed

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the fence is Linux's")

FEED = Feed("https://news.example/feed", "News", "Harbour News")
RSS = Document(
    FEED.url,
    b"<rss version='2.0'><channel><item><title>Dam \xe2\x80\x9crepair\xe2\x80\x9d</title>"
    b"<link>https://news.example/1</link><description>&lt;p>The dam was closed.&lt;/p>"
    b"</description></item></channel></rss>",
)


@pytest.fixture
def parsers() -> Iterator[Confined]:
    with Confined(megabytes=300, seconds=1) as made:
        yield made


def test_stages_answer_as_they_do_here(parsers: Confined) -> None:
    reading = parsers.read(read_feed, FEED.url, RSS, FEED)
    assert reading == read_feed(RSS, FEED)
    assert not isinstance(reading, Skip)
    (entry,) = reading.entries
    page = Document(
        entry.link,
        "<html><title>Dam “repair” ends</title><article><p>The café at the dam, which was closed "
        "for a year, opened on 21 November 2024.</p></article></html>".encode(),
        "text/html",
    )
    day = date(2024, 11, 22)
    found = parsers.read(extract, entry.title, entry, page, as_of=day)
    assert found == extract(entry, page, as_of=day)
    assert isinstance(found, list)
    nothing = Document(FEED.url, b"")
    assert parsers.read(read_feed, FEED.url, nothing, FEED) == read_feed(nothing, FEED)


# -- breaking it -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("function", "given", "reason"),
    [
        (breaking.exhaust, (), "parser ran out of memory"),
        (breaking.spin, (), "parser took longer than 1 s"),
        (breaking.sleep, (), "parser took longer than 1 s"),
        (breaking.segfault, (), "parser crashed (signal 11)"),
        (breaking.die, (signal.SIGABRT,), "parser crashed (signal 6)"),
        (breaking.die, (signal.SIGKILL,), PARSER_KILLED),
        (breaking.leave, (3,), "parser crashed (exit 3)"),
        (breaking.leave, (0,), "parser answered nonsense"),
        (breaking.recurse, (), "parser crashed"),
        (breaking.fail, (), "parser crashed"),
        (breaking.deaf, (), "parser took longer than 1 s"),
        (breaking.flood, (), "parser answered too much"),
    ],
)
def test_what_breaks_it_is_a_skip_and_the_next_document_is_read(
    parsers: Confined, function: object, given: tuple[object, ...], reason: str
) -> None:
    began = time.monotonic()
    skip = parsers.read(function, "the document", *given)  # type: ignore[arg-type]
    assert isinstance(skip, Skip)
    assert (skip.subject, skip.reason) == ("the document", reason)
    assert time.monotonic() - began < 20
    assert parsers.read(breaking.echo, "next", "ä\udc80") == "ä\udc80"


def test_an_error_names_its_place(parsers: Confined) -> None:
    skip = parsers.read(breaking.fail, "x")
    assert isinstance(skip, Skip)
    assert "AttributeError: object has no attribute 'title' (tests/breaking.py:" in skip.detail


def test_a_worker_killed_once_reads_the_document_again() -> None:
    with Confined(seconds=30) as parsers:
        assert parsers.read(breaking.echo, "x", "one") == "one"
        first = parsers.process
        assert first
        threading.Timer(0.3, lambda: os.kill(first, signal.SIGKILL)).start()
        found: list[object] = []
        reading = threading.Thread(target=lambda: found.append(parsers.read(breaking.sleep, "x")))
        reading.start()
        eventually(lambda: parsers.process not in (None, first), "a second worker")
        second = parsers.process
        assert second
        os.kill(second, signal.SIGKILL)
        reading.join(20)
        (skip,) = found
        assert isinstance(skip, Skip)
        assert skip.reason == PARSER_KILLED
        assert parsers.read(breaking.echo, "x", "two") == "two"


def test_a_document_leaves_nothing_to_the_next(parsers: Confined) -> None:
    for _ in range(6):
        assert parsers.read(breaking.hoard, "x", 120) == 120_000_000
    skip = parsers.read(breaking.hoard, "x", 400)
    assert isinstance(skip, Skip)
    assert skip.reason == "parser ran out of memory"


def test_time_is_given_to_each_document_anew(parsers: Confined) -> None:
    until = time.monotonic() + 4
    while time.monotonic() < until:
        assert parsers.read(breaking.echo, "x", "x" * 1_000_000)


def test_what_it_prints_is_no_answer(parsers: Confined) -> None:
    assert parsers.read(breaking.shout, "x") == "said"


def test_many_threads_share_it(parsers: Confined) -> None:
    found: list[object] = []
    threads = [
        threading.Thread(target=lambda n=n: found.append(parsers.read(breaking.echo, "x", f"{n}")))
        for n in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(map(str, found)) == sorted(map(str, range(20)))


def test_it_ends_with_the_block_and_with_the_parent(tmp_path: Path) -> None:
    with Confined() as parsers:
        parsers.read(breaking.echo, "x", "y")
        number = parsers.process
    assert not Path(f"/proc/{number}").exists()
    assert parsers.read(breaking.echo, "x", "outside a block") == "outside a block"
    number = parsers.process
    del parsers
    eventually(lambda: not Path(f"/proc/{number}").exists(), "the worker of nobody ends")


def test_one_that_cannot_start_is_a_skip(monkeypatch: pytest.MonkeyPatch) -> None:
    for executable in ("/nowhere/python", "/bin/true"):
        monkeypatch.setattr(sys, "executable", executable)
        with Confined() as parsers:
            skip = parsers.read(breaking.echo, "x", "y")
            assert isinstance(skip, Skip)
            assert skip.reason == "parser could not be started"
            assert parsers.stands() == []


# -- what it may do ----------------------------------------------------------------------------


def test_it_can_do_nothing_but_answer(
    parsers: Confined, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BRIEFING_PASSWORD", "canary")
    monkeypatch.setenv("ANY_TOKEN", "canary")
    parsers.__exit__()  # begun before these were set
    secret = tmp_path / "password"
    secret.write_text("canary")
    held = [os.open(secret, os.O_RDONLY) for _ in range(20)]
    for one in held:
        os.set_inheritable(one, True)
    with socket.create_server(("127.0.0.1", 0)) as canary:
        found = parsers.read(
            breaking.trespass, "x", str(secret), canary.getsockname()[1], str(tmp_path / "new")
        )
        canary.settimeout(0.2)
        with pytest.raises(TimeoutError):
            canary.accept()
    for one in held:
        os.close(one)
    assert isinstance(found, dict)
    assert found.pop("handles") == "1,2,5"
    assert "canary" not in json.dumps(found)
    environment = json.loads(found.pop("environment"))
    assert set(environment) <= {
        "PATH", "LANG", "LC_ALL", "LC_CTYPE", "LD_LIBRARY_PATH", "TZ", "OMP_NUM_THREADS",
        "OPENBLAS_NUM_THREADS",
    }  # fmt: skip
    assert not [name for name, came in found.items() if came.startswith("DONE")]
    assert secret.read_text() == "canary"
    assert os.listdir(tmp_path) == ["password"]


@pytest.mark.parametrize("function", [breaking.spin, breaking.sleep])
def test_a_reader_ends_with_its_worker(parsers: Confined, function: object) -> None:
    assert parsers.read(breaking.echo, "x", "y") == "y"
    session = parsers.process
    assert isinstance(parsers.read(function, "x"), Skip)  # type: ignore[arg-type]
    eventually(lambda: not members(session), "no process of the session is left")


def members(session: int | None) -> list[str]:
    """The processes of a session but for its leader's corpse."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = status.read_text().rpartition(")")[2].split()
            if fields[3] == str(session) and int(status.parent.name) != session:
                found.append(status.parent.name)
    return found


def test_its_fence_stands(parsers: Confined) -> None:
    parts = {"memory", "file size", "open files", "core dumps", "privileges"}
    assert parts <= set(parsers.stands())
    limits = Path(f"/proc/{parsers.process}/limits").read_text()
    assert "300000000" in limits
    assert "NoNewPrivs:\t1" in Path(f"/proc/{parsers.process}/status").read_text()


def test_the_working_folder_is_no_place_to_import_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit('taken over')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with Confined() as parsers:
        assert parsers.read(breaking.echo, "x", "y") == "y"


# -- what it may answer ------------------------------------------------------------------------


class Canary:
    def __reduce__(self) -> tuple[object, ...]:
        return os.abort, ()


@pytest.mark.parametrize(
    "raw",
    [
        pickle.dumps(Canary()).decode("latin-1"),
        "",
        "null",
        "[]",
        "{}",
        '{"kind":0}',
        '{"kind":-1,"value":{}}',
        '{"kind":2,"value":{}}',
        '{"kind":true,"value":{"stage":"parse","subject":"s","reason":"r"}}',
        '{"kind":1,"value":{"stage":"parse","subject":"s"}}',
        '{"kind":1,"value":{"stage":["parse"],"subject":"s","reason":"r"}}',
        '{"kind":1,"value":"Skip"}',
        '{"kind":1,"value":{"stage":"parse","subject":"s","reason":NaN}}',
        '{"kind":1,"value":' + "9" * 5000 + "}",
        "[" * 100_000,
    ],
)
def test_only_what_the_function_returns_is_taken(parsers: Confined, raw: str) -> None:
    found = parsers.read(breaking.forge, "x", raw)
    assert isinstance(found, Skip)
    assert found.reason == "parser answered nonsense"
    assert parsers.read(breaking.echo, "x", "y") == "y"


@pytest.mark.parametrize("raw", ["[" * 1_200_000, "[]," * 1_100_000, '{"":' * 1_200_000])
def test_an_answer_of_too_many_parts_is_not_even_read(parsers: Confined, raw: str) -> None:
    found = parsers.read(breaking.forge, "x", raw)
    assert isinstance(found, Skip)
    assert found.reason == "parser answered too much"


def test_a_forged_answer_of_the_right_form_is_data(parsers: Confined) -> None:
    raw = '{"kind":1,"value":{"stage":"parse","subject":"s","reason":"r","class":"os.system"}}'
    assert parsers.read(breaking.forge, "x", raw) == Skip("parse", "s", "r")


# -- without a worker --------------------------------------------------------------------------


def test_in_place_errors_are_skips_too() -> None:
    with InPlace() as parsers:
        assert parsers.read(breaking.echo, "x", "y") == "y"
        for function in (breaking.fail, breaking.recurse):
            skip = parsers.read(function, "x")
            assert isinstance(skip, Skip)
            assert (skip.stage, skip.reason) == ("breaking", "parser crashed")


def test_a_system_without_limits_has_parsers_in_place(monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(confinement(megabytes=500, seconds=3), Confined)
    monkeypatch.setitem(sys.modules, "resource", None)
    assert isinstance(confinement(megabytes=500, seconds=3), InPlace)
