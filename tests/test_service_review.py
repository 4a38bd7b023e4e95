"""What could silence the service for ever, or hold it up when it is to end."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import apscheduler.schedulers.base
import pytest
from apscheduler.schedulers.background import BackgroundScheduler
from killing import free_port
from processes import eventually
from service_desk import MINUTE, NOW, OPERATOR, STORY, Desk, Quick, desk
from store_cases import fast_folder

from briefing import app
from briefing.adapters.store import SqlStore, database, open_store
from briefing.app import mailing
from briefing.app.overview import SITE
from briefing.app.trouble import MAIL_SERVER
from briefing.errors import StoreError
from briefing.serve import children, instance, watching, web
from briefing.serve.children import Children
from briefing.serve.web import Site

YEAR = timedelta(days=365)


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    with fast_folder(tmp_path) as found:
        yield found


# -- the clock of the machine ------------------------------------------------------------------


class Machine(datetime):
    """The hour as the machine shows it; ``off`` is how far it is set wrong."""

    off = timedelta(0)

    @classmethod
    def now(cls, tz: Any = None) -> Any:
        return datetime.now(tz) + Machine.off


@contextmanager
def scheduled(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[BackgroundScheduler, list[float]]]:
    """A scheduler with one job of a turn every fifth of a second, and when it ran."""
    monkeypatch.setattr(apscheduler.schedulers.base, "datetime", Machine)
    monkeypatch.setattr(Machine, "off", timedelta(0))
    ran: list[float] = []
    scheduler = BackgroundScheduler(
        timezone=UTC, job_defaults={"coalesce": True, "misfire_grace_time": None}
    )
    scheduler.add_job(lambda: ran.append(time.monotonic()), instance.Every(0.2))
    scheduler.start()
    try:
        eventually(lambda: ran, "first turn")
        yield scheduler, ran
    finally:
        scheduler.shutdown()


def test_turns_go_on_after_the_clock_went_back(monkeypatch: pytest.MonkeyPatch) -> None:
    with scheduled(monkeypatch) as (scheduler, ran):
        Machine.off = -YEAR
        before = len(ran)
        time.sleep(0.6)
        assert len(ran) <= before + 1, "the scheduler heeds it by itself: no more is needed"
        instance._turn_again(scheduler, Machine.now(UTC))
        eventually(lambda: len(ran) > before + 3, "turns after the clock went back")


def test_a_clock_that_jumps_ahead_is_one_turn_and_not_millions(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with scheduled(monkeypatch) as (_, ran):
        Machine.off = 50 * YEAR
        moment, before = time.monotonic(), len(ran)
        eventually(lambda: len(ran) > before + 3, "turns after the clock jumped")
        assert ran[-1] - moment < 5
        # A turn that a busy machine held up may be followed soon by the next one, and no more.
        assert sum(b - a <= 0.1 for a, b in pairwise(ran[before:])) <= 1


# -- the end of the process --------------------------------------------------------------------


def project(root: Path, port: int) -> SqlStore:
    """A story without a schedule, and a store."""
    stories = root / "config" / "stories"
    stories.mkdir(parents=True)
    (root / "config" / "briefing.toml").write_text(
        f'[run]\nstory = "{STORY}"\nsource = "seeds"\n[serve]\nlease_seconds = 10\n'
        f"[site]\nport = {port}\n",
        "utf-8",
    )
    (stories / f"{STORY}.toml").write_text(
        'name = "Harbour strike"\ndescription = "The strike."\n[terms]\nactors = ["union"]\n',
        "utf-8",
    )
    (root / "state").mkdir()
    return open_store(f"sqlite:///{root}/state/briefing.db")


@contextmanager
def served(root: Path) -> Iterator[tuple[subprocess.Popen[bytes], Callable[[str], int]]]:
    """The service as a process, and how often its log says something."""
    log = root / "log"
    with log.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "briefing", "serve"], cwd=root, stderr=file,
            stdin=subprocess.DEVNULL, env=os.environ | {"OMP_NUM_THREADS": "1"},
        )  # fmt: skip
    try:
        yield process, lambda words: log.read_text("utf-8").count(words)
    finally:
        process.kill()
        process.wait(30)


def test_it_ends_in_time_although_the_store_is_locked(folder: Path) -> None:
    """The main thread waits in the database, where no handler of a signal is called."""
    with project(folder, free_port()) as store:
        file = str(store.file)
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with served(folder) as (process, _):
            threads = Path(f"/proc/{process.pid}/task")
            eventually(lambda: len(list(threads.iterdir())) > 1, "it is heard by another thread")
            time.sleep(0.5)
            begun = time.monotonic()
            process.send_signal(signal.SIGTERM)
            assert process.wait(30) == 0
            assert 8.0 < time.monotonic() - begun < 10.0


def test_it_works_again_after_it_was_taken_over(folder: Path) -> None:
    with project(folder, free_port()) as store, served(folder) as (process, says):
        eventually(lambda: says("site answers"), "it works")
        mine = store.leases.holder(mailing.SERVE, now=datetime.now(UTC))
        assert mine
        store.leases.give_back(mine)
        length = timedelta(days=1)
        other = store.leases.take(
            mailing.SERVE, place="elsewhere:1", now=datetime.now(UTC), length=length
        )
        assert other
        eventually(lambda: says("standing by"), "it stands by")
        store.leases.give_back(other)
        eventually(lambda: says("site answers") == 2, "it works again")
        process.send_signal(signal.SIGTERM)
        assert process.wait(15) == 0
        assert says("service ended") == 1
        assert store.leases.holder(mailing.SERVE, now=datetime.now(UTC)) is None


def test_a_store_that_cannot_be_asked_does_not_end_who_stands_by(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with desk(folder) as made:
        stopped, asked = threading.Event(), []

        def holder(name: str, *, now: datetime) -> None:
            asked.append(name)
            stopped.set()
            raise StoreError("locked")

        monkeypatch.setattr(made.store.leases, "holder", holder)
        monkeypatch.setattr(made.store.leases, "take", lambda *_, **__: None)
        assert instance._lease(made.config, made.app, stopped) is None
        assert asked


# -- processes ---------------------------------------------------------------------------------


@pytest.mark.parametrize("ends", [True, False])
def test_whoever_holds_on_to_the_error_stream_holds_up_nothing(tmp_path: Path, ends: bool) -> None:
    """What a run has left behind has its error stream open, so its end is never heard."""
    file = tmp_path / "program.py"
    file.write_text(
        "import subprocess, sys, time\n"
        "left = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        "print('said', left.pid, file=sys.stderr, flush=True)\n"
        + ("" if ends else "time.sleep(60)\n"),
        "utf-8",
    )
    runner = Children(tmp_path / "briefing.toml", longest=30.0 if ends else 1.5)
    runner._command = [sys.executable, str(file)]
    begun = time.monotonic()
    ended = runner.poll()
    assert time.monotonic() - begun < 10.0
    os.kill(int(ended.said.split()[-1]), signal.SIGKILL)
    assert (ended.done, ended.code) == ((True, 0) if ends else (False, -9))
    assert ended.said.startswith("said" if ends else "it took too long; said")
    assert children.GRACE < instance.ENDS_WITHIN


# -- the operator hears of it ------------------------------------------------------------------


def morning(made: Desk) -> list[str]:
    """An edition that cannot be made, and what the operator was told until noon."""
    for _ in range(12):
        made.clock.now += 30 * MINUTE
        _turn(made)
    assert made.out() == []
    return [one.subject for one in made.post.to(OPERATOR)]


def _turn(made: Desk) -> None:
    ended = threading.Event()
    jobs = (made.service.editions, made.service.poll, made.watch.look, made.service.deliver)
    for job in jobs:
        instance._guarded(job.__name__, job, ended)
    assert not ended.is_set()


def test_a_feeds_file_that_is_gone_does_not_silence_the_alarms(folder: Path) -> None:
    with desk(folder) as made:
        made.service.editions()
        made.watch.look()
        (folder / "config" / "feeds.opml").unlink()
        assert morning(made) == [f"Alarm: failed edition {STORY}/{NOW.date()}"]


def test_a_signing_key_that_is_gone_does_not_silence_the_alarms(folder: Path) -> None:
    key = f'dkim_key_file = "{folder}/none.pem"\ndkim_selector = "x"'
    with desk(folder, more={"mail": key}) as made:
        made.service.editions()
        made.watch.look()
        assert morning(made)[0] == f"Alarm: failed edition {STORY}/{NOW.date()}"


def test_a_disk_that_cannot_be_looked_at_does_not_silence_the_alarms(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with desk(folder) as made:
        assert len(watching.disks(made.config, made.store.file)) == 1

        def gone(_: Any) -> None:
            raise OSError(116, "Stale file handle")

        monkeypatch.setattr(watching.os, "statvfs", gone)
        assert watching.disks(made.config, made.store.file) == []
        made.watch.look()


# -- marks -------------------------------------------------------------------------------------


def test_a_site_that_answers_is_on_record_so_when_the_store_was_busy_before(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with desk(folder, more={"site": f"port = {free_port()}"}) as made:
        marks = made.store.watching
        marks.set_mark(SITE, "cannot answer", now=NOW)
        site = Site(made.service, made.watch)

        def busy(name: str) -> None:
            raise StoreError("locked")

        with monkeypatch.context() as patch:
            patch.setattr(type(marks), "clear_mark", lambda self, name: busy(name))
            with pytest.raises(StoreError):
                site.keep()
        assert marks.mark(SITE) is not None
        site.keep()
        assert marks.mark(SITE) is None
        site.stop()
        site.join(5)


def test_connections_that_ask_nothing_are_closed_and_are_not_too_many(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each is an open file: without a bound, no run could be begun and no mail be sent."""
    monkeypatch.setattr(web, "_ASKS_WITHIN", 0.4)
    monkeypatch.setattr(web, "_MOST", 20)
    port = free_port()
    with desk(folder, more={"site": f"port = {port}"}) as made, ExitStack() as stack:
        site = Site(made.service, made.watch)
        site.keep()
        stack.callback(site.join, 5)
        stack.callback(site.stop)

        def asked(words: bytes) -> socket.socket:
            connection = stack.enter_context(socket.create_connection(("127.0.0.1", port), 5))
            connection.sendall(words)
            return connection

        crowd = [asked(b"") for _ in range(15)]
        crowd += [asked(b"GET /healthz HT") for _ in range(15)]
        assert site._server
        assert len(site._server.server_state.connections) <= 20
        for one in crowd:
            with suppress(ConnectionResetError):
                assert one.recv(1) == b""
        patient = asked(b"")
        for _ in range(6):  # one who asks now and then is not sent away
            patient.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            heard = b""
            while not heard.endswith(b"ok\n"):
                part = patient.recv(4096)
                assert part, "sent away"
                heard += part
            time.sleep(0.15)


def test_mails_sent_by_hand_end_the_trouble_with_the_server(folder: Path) -> None:
    with desk(folder, runner=lambda config, app, clock: Quick(app.store, clock)) as made:
        mail = mailing.alarm(made.config, "x", ["y"], at=NOW)
        assert mail
        made.store.outbox.queue([mail], now=NOW)
        made.store.watching.set_mark(MAIL_SERVER, "{}", now=NOW)
        made.store.leases.give_back(made.service.lease)
        assert app.deliver_now(made.config, made.app, clock=made.clock).sent == 1
        assert made.store.watching.mark(MAIL_SERVER) is None


def test_no_message_names_a_password_given_as_an_option_of_the_address() -> None:
    pytest.importorskip("psycopg")
    store = "postgresql+psycopg://127.0.0.1:1/briefing?user=me&password=hush"
    with pytest.raises(StoreError) as raised:
        open_store(store)
    assert "hush" not in str(raised.value)
    assert "127.0.0.1:1/briefing" in str(raised.value)


# -- mails -------------------------------------------------------------------------------------


def test_a_mail_that_was_taken_is_not_sent_again_because_the_store_was_busy(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server takes it, and for three turns the store is locked when that is to be recorded."""
    monkeypatch.setattr(database, "_PATIENCE", 0.1)
    with (
        desk(folder) as made,
        closing(
            sqlite3.connect(str(made.store.file), isolation_level=None, check_same_thread=False)
        ) as other,
    ):
        first, then = (
            mailing.alarm(made.config, subject, ["y"], at=NOW) for subject in ("one", "two")
        )
        assert first
        assert then
        made.store.outbox.queue([first, then], now=NOW)

        def locks(_: str) -> str:
            if not made.post.taken:
                other.execute("BEGIN IMMEDIATE")
            return ""

        made.post.on_content = locks
        for _ in range(3):
            with pytest.raises(StoreError, match="locked"):
                made.service.deliver()
            made.clock.now += 6 * MINUTE
        assert [one.id for one in made.post.taken] == [first.message_id]
        other.execute("ROLLBACK")
        assert made.service.deliver() == 1
        assert [one.id for one in made.post.taken] == [first.message_id, then.message_id]
        assert [one.state for one in made.store.outbox.letters()] == ["sent", "sent"]
        assert {one.attempts for one in made.store.outbox.letters()} == {1}
