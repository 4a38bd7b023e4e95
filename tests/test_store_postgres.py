"""The same promises on a real PostgreSQL, where one is installed."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest

from briefing.adapters.store import SqlStore, open_store
from briefing.errors import StoreError
from briefing.news import (
    Accounts,
    Article,
    Claim,
    Digest,
    Document,
    Edition,
    Entry,
    Feed,
    ModelIdentity,
    Passage,
    Skip,
)

pytest.importorskip("psycopg", reason="the PostgreSQL driver is an extra")
if not (shutil.which("initdb") and shutil.which("postgres")):
    pytest.skip("no PostgreSQL server is installed", allow_module_level=True)

NOW = datetime(2024, 11, 22, 6, 30, tzinfo=UTC)
FRIDAY = Edition("harbour", date(2024, 11, 22))
SATURDAY = Edition("harbour", date(2024, 11, 23))
FEED = Feed("https://harbour.example/rss", "Harbour", "The Harbour Post")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a fresh server's maintenance database."""
    folder = tmp_path_factory.mktemp("postgres")
    user = None
    if os.geteuid() == 0:  # the server refuses to run as root
        user = 65534
        os.chown(folder, user, -1)
        for parent in (folder.parent, folder.parent.parent):
            parent.chmod(parent.stat().st_mode | 0o011)
    data = folder / "data"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = (folder / "log").open("wb")
    command = ["initdb", "-D", str(data), "-U", "reader", "-A", "trust", "-N"]
    subprocess.run(command, user=user, check=True, stdout=log, stderr=log, cwd=folder)
    command = ["postgres", "-D", str(data), "-p", str(port), "-k", str(folder), "-h", "127.0.0.1"]
    running = subprocess.Popen(command, user=user, stdout=log, stderr=log, cwd=folder)
    address = f"postgresql://reader@127.0.0.1:{port}"
    import psycopg

    for _ in range(200):
        try:
            psycopg.connect(f"{address}/postgres").close()
            break
        except psycopg.OperationalError:
            assert running.poll() is None
            subprocess.run(["sleep", "0.05"], check=True)
    yield address
    running.terminate()
    running.wait(timeout=30)
    log.close()


@pytest.fixture
def url(server: str, request: pytest.FixtureRequest) -> str:
    import psycopg

    name = f"t{abs(hash(request.node.name))}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    return f"{server}/{name}"


def pair(key: str, *, text: str = "A pier") -> tuple[Entry, list[Article]]:
    entry = Entry(key, FEED.url, f"https://harbour.example/{key}", f"T {key}", NOW, "b", "text")
    passage = Passage(entry.id, 0, 0, len(text), text, 1)
    article = Article(
        entry.id, entry.link, "T", "made", "", NOW, "stated", text, (passage,), source=FEED.url
    )
    return entry, [article]


def digest(subject: str, *keys: str) -> Digest:
    passages = tuple(pair(key)[1][0].passages[0] for key in keys)
    claim = Claim(subject, passages, 1.0, "quoted", "reported")
    accounts = Accounts(len(keys), len(keys), (), 0, 0, (), 0, 1)
    model = ModelIdentity("w", "", "j", "cpu")
    return Digest(FRIDAY, "Harbour", NOW, claim, (), (), (), (), (), accounts, model)


def test_feeds(url: str) -> None:
    with open_store(url) as store:
        document = Document(FEED.url, b"x", etag='W/"é"', last_modified="Fri")
        store.feed_answered(FEED, document, now=NOW, entries=2, new=1)
        store.feed_failed(FEED, now=NOW, reason="timeout\0", retry_after=900)
        (state,) = store.feeds()
    assert (state.etag, state.errors, state.last_answered) == ('W/"é"', 1, NOW)
    assert state.not_before == NOW + timedelta(minutes=15)


def test_entries_articles_and_editions(url: str) -> None:
    with open_store(url) as store:
        entries = [pair(f"k{n}") for n in range(1100)]
        store.add_all(entries, now=NOW)
        store.add(entries[0][0], Skip("x", "y", "z"), now=NOW)
    with open_store(url) as store:
        assert store.unseen([e for e, _ in entries]) == []
        assert len(store.pending(FRIDAY)) == 1100
        one = entries[1][1][0].id
        store.record(digest("old", "k0"), [one], skips=[], evidence="old")
        skip = Skip("relate", "x", "off topic")
        store.record(digest("new", "k1"), [one], skips=[skip], evidence="new")
        stored = store.edition(FRIDAY)
        assert stored is not None
        assert (stored.digest, stored.evidence) == (digest("new", "k1"), "new")
        assert len(store.pending(SATURDAY)) == 1099
        assert store.last_skips() == [skip]
        assert store.latest_edition("harbour") == FRIDAY
        assert store.prune(NOW + timedelta(days=1)) == 1099
        assert list(store.articles(a.id for _, (a,) in entries)) == [one]
        with pytest.raises(StoreError, match=r"(?s)foreign key.*Remedy"):
            store.record(digest("ghost", "ghost"), [], skips=[], evidence="")
        assert [line.subject for line in store.editions(3)] == ["new"]


def test_odd_texts(url: str) -> None:
    odd = "a\0b\ud800" + "🚢" * 5000
    entry, (article,) = pair("odd", text=odd)
    entry = Entry(
        "k" * 9000, "folder:x", "https://harbour.example/" + "p" * 9000, odd, NOW, "", "text"
    )
    with open_store(url) as store:
        store.add(entry, [article], now=NOW)
        assert store.unseen([entry]) == []
        assert store.articles([article.id]) == {article.id: article}


def test_many_open_and_write_at_once(url: str) -> None:
    def work(number: int) -> None:
        with open_store(url) as store:
            store.add_all([pair("shared"), pair(f"own {number}")], now=NOW)
            store.record(digest(f"by {number}", "shared"), [], skips=[], evidence="")

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(work, range(12)))
    with open_store(url) as store:
        assert len(store.pending(FRIDAY)) == 13
        assert len(store.editions(9)) == 1


def test_a_shared_schema_is_respected(url: str) -> None:
    import psycopg

    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE recipes (x INTEGER)")
    open_store(url).close()  # another program's tables may stand beside ours

    def touch(store: SqlStore) -> None:
        store.feed_failed(FEED, now=NOW, reason="x")

    with psycopg.connect(url) as connection:
        connection.execute("INSERT INTO migrations VALUES (2, 'x'), (3, 'y')")
    with pytest.raises(StoreError, match="newer version"), open_store(url) as store:
        touch(store)
