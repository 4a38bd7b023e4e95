"""``briefing serve`` as a process, with the real models in its children: an edition goes out, and
whatever is killed or stopped meanwhile, it goes out once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

import processes
import pytest
from killing import NAMES, aiosmtpd, free_port
from smtp_server import ScriptedServer

from briefing.adapters.store import SqlStore, open_store
from briefing.app.mailing import SERVE
from briefing.news import Edition
from briefing.proof import verify

pytestmark = pytest.mark.models

STORY = "harbour-strike"
LEASE = 10  # seconds: the shortest that can be configured
ENDS_WITHIN = 10.0  # promise P10
PATIENCE = 90.0  # for a run with the real models on a busy machine

ARTICLES = {
    "one.json": (
        "Dock workers shut the harbour of Lunden",
        "Dock workers shut the harbour of Lunden on Monday after the port authority refused to "
        "raise their pay, the union said. Forty ships wait outside the harbour.",
    ),
    "two.json": (
        "Union of Lunden refuses the offer",
        "The union of the dock workers in Lunden refused an offer of 3 per cent more pay, its "
        "leader Anna Berg said. The port authority will meet the union on Friday, it said.",
    ),
}


eventually = partial(processes.eventually, seconds=PATIENCE, every=0.05)


@dataclass
class Project:
    """A folder with one story whose edition of today is due."""

    root: Path
    mail_port: int
    site_port: int = field(default_factory=free_port)

    def __post_init__(self) -> None:
        now = datetime.now(UTC)
        ahead = 12 - now.hour  # a zone in which it is about noon: no test meets midnight
        self.day: date = (now + timedelta(hours=ahead)).date()
        self.edition = Edition(STORY, self.day)
        stories = self.root / "config" / "stories"
        stories.mkdir(parents=True)
        (self.root / "config" / "briefing.toml").write_text(
            f'[run]\nstory = "{STORY}"\nsource = "articles"\n'
            f'[serve]\nlease_seconds = {LEASE}\ncatch_up = "latest"\n'
            f'[mail]\nhost = "127.0.0.1"\nport = {self.mail_port}\nsecurity = "none"\n'
            'sender = "The Briefing <briefing@example.org>"\n'
            f"[site]\nport = {self.site_port}\n",
            "utf-8",
        )
        (stories / f"{STORY}.toml").write_text(
            'name = "Harbour strike"\nrelevance = 0.2\n'
            'description = "The dock workers\' strike in the harbour of Lunden."\n'
            f'timezone = "Etc/GMT{-ahead:+d}"\n'
            '[schedule]\ntimes = ["06:00"]\n'
            '[terms]\nactors = ["dock workers", "port authority", "union", "Lunden"]\n',
            "utf-8",
        )
        (self.root / "articles").mkdir()
        for name, (title, text) in ARTICLES.items():
            article = f'{{"title": "{title}", "date": "{self.day}", "text": "{text}"}}'
            (self.root / "articles" / name).write_text(article, "utf-8")
        with self.store() as store:
            for name in NAMES:
                store.readers.add(name, STORY, standing="active", now=now)
            store.watching.set_mark(f"serves {STORY}", "", now=now - timedelta(hours=12))

    def store(self) -> SqlStore:
        (self.root / "state").mkdir(exist_ok=True)
        return open_store(f"sqlite:///{self.root}/state/briefing.db")

    def stage(self) -> str:
        """What the newest attempt is at; "" when it is over, or there was none."""
        with self.store() as store:
            latest = store.runs.latest()
            return latest[0].stage if latest and latest[0].finished is None else ""

    def works(self, *stages: str) -> bool:
        return self.stage() in (stages or ("embed", "relate", "group", "load writer"))

    def is_out(self) -> bool:
        with self.store() as store:
            made = store.edition(self.edition)
            return made is not None and made.published is not None

    def get(self, address: str) -> tuple[int, str]:
        """Status and text of a page of the site; 0 when nobody answers."""
        url = f"http://127.0.0.1:{self.site_port}{address}"
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, ""
        except OSError:
            return 0, ""

    def sent(self) -> bool:
        with self.store() as store:
            tally = store.outbox.tally(self.edition)
            return (tally.queued, tally.sent, tally.dead) == (0, len(NAMES), 0)

    def is_whole(self, taken: list[tuple[str, bytes]]) -> None:
        """One edition, on record and on disk, and each reader has it once."""
        with self.store() as store:
            assert store.damage() == []
            assert [line.edition for line in store.editions(9)] == [self.edition]
            letters = {x.mail.recipient: x.mail.content for x in store.outbox.letters()}
            folder = self.root / "digests" / self.day.isoformat() / STORY
            assert verify(
                folder, articles=store.articles, models=None, floor=0.5,
                recorded=lambda edition: (found := store.edition(edition)) and found.digest,
            ) == []  # fmt: skip
            assert not store.edition(self.edition).digest.notes  # with its models
        assert sorted(taken) == sorted(letters.items())
        assert sorted(letters) == list(NAMES)


@dataclass
class Serving:
    """A running service."""

    process: subprocess.Popen[bytes]
    log: Path

    def said(self, event: str) -> bool:
        return event in self.log.read_text("utf-8")

    def waits_for(self, event: str) -> None:
        eventually(lambda: self.said(event) or self.process.poll() is not None, event)
        assert self.said(event), self.log.read_text("utf-8")

    def terminate(self) -> float:
        """SIGTERM; return the seconds until it ended."""
        started = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(30)
        seconds = time.monotonic() - started
        assert code == 0, self.log.read_text("utf-8")
        assert self.said("service ended") or self.said("would not end")
        assert not self.lives(), "a child is left"
        return seconds

    def lives(self) -> bool:
        """Whether any process of its group is left: itself or a run."""
        try:
            os.killpg(self.process.pid, 0)
        except ProcessLookupError:
            return False
        return True

    def kill(self) -> None:
        """SIGKILL of the service alone."""
        self.process.kill()
        self.process.wait(30)


@contextmanager
def serving(project: Project) -> Iterator[Callable[[], Serving]]:
    """Starts services; none of them, nor a child of theirs, outlives the block."""
    started: list[Serving] = []
    environ = os.environ | {"OMP_NUM_THREADS": "1"}

    def start() -> Serving:
        log = project.root / f"log{len(started)}"
        command = [sys.executable, "-m", "briefing", "serve"]
        with log.open("wb") as file:
            process = subprocess.Popen(
                command, cwd=project.root, env=environ, stderr=file, stdin=subprocess.DEVNULL,
                start_new_session=True,
            )  # fmt: skip
        started.append(Serving(process, log))
        return started[-1]

    try:
        yield start
    finally:
        for one in started:
            with suppress(ProcessLookupError):
                os.killpg(one.process.pid, signal.SIGKILL)  # its orphans too
            one.process.wait(30)


def test_an_edition_goes_out_and_the_second_instance_takes_over(tmp_path: Path) -> None:
    with aiosmtpd() as post:
        project = Project(tmp_path, post.port)
        with serving(project) as start:
            first = start()
            first.waits_for("service works")
            second = start()
            second.waits_for("standing by")
            first.waits_for("edition out")
            eventually(project.sent, "the mails are sent")
            taken = post.take()
            project.is_whole(taken)
            assert project.get("/readyz")[0] == 200
            assert f"{project.day}/{STORY}/" in project.get("/")[1]
            assert ARTICLES["one.json"][0] in project.get(f"/{project.day}/{STORY}/")[1]
            assert not second.said("service works")
            killed = time.monotonic()
            first.kill()
            second.waits_for("service works")
            assert time.monotonic() - killed < LEASE
            eventually(lambda: project.get("/readyz")[0] == 200, "the second answers")
            assert second.terminate() < ENDS_WITHIN
            assert project.get("/readyz")[0] == 0
            with project.store() as store:
                assert store.leases.holder(SERVE, now=datetime.now(UTC)) is None
                assert [run.outcome for run in store.runs.of(project.edition)] == ["done"]
            project.is_whole(taken)
            assert post.take() == []


def test_stopped_and_killed_while_it_works_it_loses_and_doubles_nothing(tmp_path: Path) -> None:
    with ScriptedServer({"data#1": "hang"}) as post:
        project = Project(tmp_path, post.port)
        with serving(project) as start:
            # SIGTERM while a run is under way
            one = start()
            eventually(project.works, "a run is under way")
            assert one.terminate() < ENDS_WITHIN
            assert one.said("edition stopped")
            assert not one.said("edition failed")
            with project.store() as store:
                assert store.editions(9) == []
                assert store.leases.holder(SERVE, now=datetime.now(UTC)) is None
            # SIGKILL of the service: its run goes on alone, and the next service lets it
            two = start()
            # At once: who was stopped did not fail, and need not rest for a minute
            eventually(project.works, "the run is begun again", seconds=45)
            two.kill()
            three = start()
            three.waits_for("service works")
            eventually(project.is_out, "the edition is out")
            assert not three.said("edition failed")
            # SIGTERM while the mail server hangs in the middle of the first mail
            eventually(lambda: "data" in post.reached, "the first mail is under way")
            assert three.terminate() < ENDS_WITHIN
            assert post.taken == []
            post.behaviour = {}
            four = start()
            eventually(project.sent, "the mails are sent")
            assert four.terminate() < ENDS_WITHIN
            assert not four.said("edition begun")
            project.is_whole([(mail.recipient, mail.content) for mail in post.taken])
            with project.store() as store:
                assert [run.outcome for run in store.runs.of(project.edition)] == [
                    "done",
                    "stopped",
                ]
