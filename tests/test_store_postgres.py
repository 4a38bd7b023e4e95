"""The same promises on a real PostgreSQL, where one is installed."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from processes import forked, succeeded
from store_cases import (
    EVENING,
    MORNING,
    STATEMENT,
    STEP_ONE,
    article_id,
    killed_at_line,
    mail,
    sighting,
)
from store_cases import digest as edition_of
from store_cases import pair as folder_pair

from briefing.adapters.store import SqlStore, open_store
from briefing.adapters.store.migrations import MIGRATIONS
from briefing.errors import LeaseLost, StoreError
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
from briefing.post import Receipt

pytest.importorskip("psycopg", reason="the PostgreSQL driver is an extra")
PLACES = os.pathsep.join(  # Debian puts its programs beside the path
    [os.environ["PATH"], *map(str, sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True))]
)
INITDB, POSTGRES = (shutil.which(name, path=PLACES) for name in ("initdb", "postgres"))
if not (INITDB and POSTGRES):
    pytest.skip("no PostgreSQL server is installed", allow_module_level=True)

NOW = datetime(2024, 11, 22, 6, 30, tzinfo=UTC)
FRIDAY = Edition("harbour", date(2024, 11, 22))
SATURDAY = Edition("harbour", date(2024, 11, 23))
FEED = Feed("https://harbour.example/rss", "Harbour", "The Harbour Post")


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The address of a fresh server's maintenance database."""
    # Not among pytest's folders: each start of pytest closes those to all but its own user.
    with TemporaryDirectory(prefix="postgres") as name:
        yield from running(Path(name))


def running(folder: Path) -> Iterator[str]:
    user = None
    if os.geteuid() == 0:  # the server refuses to run as root
        user = 65534
        os.chown(folder, user, -1)
    data = folder / "data"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = (folder / "log").open("wb")
    command = [INITDB, "-D", str(data), "-U", "reader", "-A", "trust", "-N"]
    subprocess.run(command, user=user, check=True, stdout=log, stderr=log, cwd=folder)
    command = [POSTGRES, "-D", str(data), "-p", str(port), "-k", str(folder), "-h", "127.0.0.1"]
    command += ["-F"]  # no power fails here, and syncs take long on a busy disk
    process = subprocess.Popen(command, user=user, stdout=log, stderr=log, cwd=folder)
    address = f"postgresql://reader@127.0.0.1:{port}"
    import psycopg

    for _ in range(200):
        try:
            psycopg.connect(f"{address}/postgres").close()
            break
        except psycopg.OperationalError:
            assert process.poll() is None
            subprocess.run(["sleep", "0.05"], check=True)
    yield address
    process.send_signal(signal.SIGQUIT)  # at once: nobody will open it again
    process.wait(timeout=30)
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
        known = len(MIGRATIONS)
        connection.execute(f"INSERT INTO migrations VALUES ({known + 1}, 'x'), ({known + 2}, 'y')")
    with pytest.raises(StoreError, match="newer version"), open_store(url) as store:
        touch(store)


# -- the old schema ----------------------------------------------------------------------------


def old(url: str, *, more: str = "") -> None:
    import psycopg

    with psycopg.connect(url) as connection:
        connection.execute(STEP_ONE + more)


def test_the_first_released_schema_becomes_that_of_today(url: str) -> None:
    import psycopg

    old(url)
    with open_store(url) as store:
        assert [line.edition for line in store.editions(3)] == [FRIDAY]
        assert store.last_skips() == [Skip("relate", "x", "off topic")]
        assert (store.pending(SATURDAY), len(store.pending(FRIDAY))) == ([], 1)
        assert store.runs.settled("harbour") == set()
    with psycopg.connect(url, autocommit=True) as connection:
        for table, rows in (("editions", 1), ("consumed", 1), ("cited", 0), ("skips", 1)):
            slots = connection.execute(f"SELECT slot FROM {table}").fetchall()
            assert slots == [("",)] * rows
        with pytest.raises(psycopg.errors.ForeignKeyViolation):
            connection.execute("INSERT INTO cited VALUES ('harbour', '2024-11-22', '', 'ghost')")
        connection.execute("DELETE FROM editions")
        for table in ("consumed", "cited", "skips"):
            assert connection.execute(f"SELECT * FROM {table}").fetchall() == []


def test_several_processes_open_an_old_store_at_once(url: str) -> None:
    old(url)

    def work() -> None:
        with open_store(url) as store:
            assert len(store.editions(9)) == 1

    assert succeeded(*[forked(work) for _ in range(4)])


def test_killed_in_the_middle_of_the_migration_the_store_opens_whole(url: str) -> None:
    import psycopg

    steps, number, was_killed = set(), 60, True
    while was_killed:
        with psycopg.connect(url) as connection:
            connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        old(url)
        was_killed = killed_at_line(number, lambda: open_store(url).close())
        with psycopg.connect(url) as connection:
            steps.add(connection.execute("SELECT max(number) FROM migrations").fetchone())
        with open_store(url) as store:
            assert [line.edition for line in store.editions(3)] == [FRIDAY]
            assert store.last_skips() == [Skip("relate", "x", "off topic")]
            assert store.outbox.queue([mail("r")], now=NOW) == 1
        number += 11
    assert steps == {(number,) for number in range(1, len(MIGRATIONS) + 1)}


# -- memory ------------------------------------------------------------------------------------


def test_the_ledger(url: str) -> None:
    odd = "a\0b\ud800"
    with open_store(url) as store:
        store.add_all([folder_pair(key) for key in "abc"], now=NOW)
        statement = replace(STATEMENT, speaker=odd)
        first = sighting("c", "b", text=odd, statement=statement, printed="x")
        for made, seen in (
            (SATURDAY, [sighting("c", "c"), sighting("z", "b")]),
            (EVENING, [sighting("c", "a"), sighting("e", "b")]),
            (MORNING, [first, sighting("m", "b")]),
        ):
            for _ in range(2):
                store.record(edition_of(made, "S"), [], skips=[], evidence="", seen=seen)
        sunday = Edition("harbour", date(2024, 11, 24))
        found = store.known(sunday, since=FRIDAY.day)
        assert [one.id for one in found] == ["c", "m", "e", "z"]
        assert found[0].statement == statement
        assert [p.article for p in found[0].passages] == [article_id(key) for key in "bac"]
        assert (found[0].text, found[0].first, found[0].last) == (
            "a\\x00b\\ud800",
            MORNING,
            SATURDAY,
        )
        assert [one.id for one in store.known(EVENING, since=FRIDAY.day)] == ["c", "m"]
        assert [one.id for one in store.known(sunday, since=SATURDAY.day)] == ["c", "z"]
        ghost = [sighting("c", "ghost")]
        with pytest.raises(StoreError, match=r"(?s)not stored.*Remedy"):
            store.record(edition_of(SATURDAY, "S"), [], skips=[], evidence="", seen=ghost)
        store.record(edition_of(MORNING, "S"), [], skips=[], evidence="")
        assert [one.id for one in store.known(sunday, since=FRIDAY.day)] == ["c", "e", "z"]
        assert store.prune(NOW + timedelta(days=1)) == 0
        assert store.prune(NOW + timedelta(days=9)) == 3


def test_revisions(url: str) -> None:
    with open_store(url) as store:
        store.add_all([folder_pair(key) for key in "abc"], now=NOW)
        store.record(edition_of(FRIDAY, "S", "a", "b"), [], skips=[], evidence="")
        a, b = article_id("a"), article_id("b")
        edited = replace(folder_pair("a")[1][0], text="A quay \0 \ud800")
        for moment in (NOW, NOW + timedelta(hours=1)):
            store.note_revision(a, edited, now=moment)
            store.note_revision(b, None, now=moment)
        assert store.revisions([a, b], until=NOW - timedelta(hours=1)) == {}
        found = store.revisions([a, b])
        spoken = replace(edited.passages[0], article=f"{a}~1")
        named = replace(edited, id=f"{a}~1", passages=(spoken,))
        assert (found[a].revised, found[a].noticed, found[b].kind) == (named, NOW, "withdrawn")
        assert store.articles([f"{a}~1", f"{b}~1"]) == {f"{a}~1": named}
        changed = [replace(folder_pair(key)[0], title="T\0") for key in "ac"]
        ((entry, articles),) = store.retold(changed, since=FRIDAY.day)
        assert (entry.key, articles) == ("a", [edited])
        store.note_said(changed)
        assert store.retold(changed, since=FRIDAY.day) == []
        keys = [key for key, _ in store.cited_from("folder:seeds", since=FRIDAY.day)]
        assert sorted(keys) == ["a", "b"]
        with pytest.raises(StoreError, match=r"(?s)foreign key.*Remedy"):
            store.note_revision("ghost", None, now=NOW)


# -- the service -------------------------------------------------------------------------------


def test_editions_of_a_day_with_their_mails(url: str) -> None:
    body = bytes(range(256)) * 9
    with open_store(url) as store:
        store.add_all([pair("a")], now=NOW)
        mails = [mail("r", edition=MORNING, content=body), mail("s", edition=MORNING)]
        made = edition_of(MORNING, "morning")
        ids = [pair("a")[1][0].id]
        for moment in (NOW, NOW + timedelta(hours=9)):  # made again
            store.record(made, ids, skips=[], evidence="", mails=mails, published=moment)
        assert (len(store.pending(MORNING)), len(store.pending(EVENING))) == (1, 0)
        lost = store.leases.take("x", place="a:1", now=NOW, length=timedelta(minutes=1))
        store.leases.take("x", place="b:1", now=NOW + timedelta(hours=1), length=timedelta(hours=1))
        evening = edition_of(EVENING, "evening")
        with pytest.raises(LeaseLost):
            store.record(
                evening, [], skips=[], evidence="", mails=[mail("t")], published=NOW, lease=lost
            )
        (only,) = store.editions(9)
        assert (only.edition, only.published) == (MORNING, NOW)
        letter = store.outbox.claim(now=NOW)
        assert letter is not None
        assert letter.mail == mails[0]
        later = Receipt("later", "rcpt", 451, "busy\0")
        moment = NOW + timedelta(hours=1)
        store.outbox.settle(letter.number, later, now=NOW, not_before=moment)
        second = store.outbox.claim(now=NOW)
        assert second is not None
        store.outbox.settle(second.number, Receipt("sent", "dot", 250, "ok"), now=NOW)
        assert store.outbox.claim(now=NOW) is None
        assert store.outbox.claim(now=moment) is not None
        assert store.outbox.prune(NOW + timedelta(days=1)) == 1
        assert (store.outbox.tally(MORNING).sent, store.outbox.tally().queued) == (1, 1)


def test_processes_race_for_a_lease_and_for_mails(url: str) -> None:
    with open_store(url) as store:
        store.outbox.queue([mail(f"r{n}") for n in range(30)], now=NOW)

    def work() -> None:
        now = datetime.now(UTC)
        with open_store(url) as own:
            while own.outbox.ready(now=now):
                lease = own.leases.take("x", place="p:1", now=now, length=timedelta(hours=1))
                if lease is None:
                    continue
                letter = own.outbox.claim(now=now, lease=lease)
                if letter is not None:
                    own.outbox.settle(letter.number, Receipt("sent", "dot", 250, "ok"), now=now)
                own.leases.give_back(lease)

    assert succeeded(*[forked(work) for _ in range(4)])
    with open_store(url) as store:
        letters = store.outbox.letters(limit=99)
        assert {(one.state, one.attempts) for one in letters} == {("sent", 1)}
        assert len(letters) == 30


def test_readers_runs_alarms_and_answers(url: str) -> None:
    with open_store(url) as store:
        reader = store.readers.add("Ä@Example.net", "harbour", standing="pending", now=NOW)
        assert store.readers.find("ä@example.net", "harbour") == reader
        assert store.readers.set_standing(reader.id, "active", now=NOW) is not None
        number = store.runs.begin(EVENING, now=NOW)
        assert store.runs.begin(EVENING, now=NOW) == number + 1
        assert [run.outcome for run in store.runs.of(EVENING)] == ["running", "cut off"]
        store.runs.remember({f"k{n}": "v" for n in range(1200)}, now=NOW)
        assert len(store.runs.recalled(f"k{n}" for n in range(1300))) == 1200
        store.watching.set_mark("m", "v\0", now=NOW)
        assert store.watching.mark("m") == ("v\\x00", NOW)


def test_a_backup_is_left_to_the_server_s_own_tool(url: str, tmp_path: Path) -> None:
    with (
        open_store(url.replace("reader@", "reader:s3cret@")) as store,
        pytest.raises(StoreError, match=r"(?s)is no SQLite file.*Remedy.*pg_dump") as caught,
    ):
        store.backup(tmp_path / "copy.db")
    assert "s3cret" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []
