"""A service that is killed at a named step of its work, and started again.

One real interpreter (:class:`Interpreter`, this file run as a program) is started for many tries.
It does the first piece of work itself, so that all imports are paid once, and forks a process for
each that follows. Such a process opens the store, takes the lease, makes the edition that is due
and sends what waits, as the service does: configuration, feeds over HTTP, SQLite, files and SMTP
are real, and only the models are made up. It dies by SIGKILL of its own hand at a :class:`Step`,
which is a function of ours, wrapped from here.
"""

from __future__ import annotations

import importlib
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn, Protocol

from processes import LONGEST, bounded, ended, forked

TESTS = Path(__file__).parent
SEEDS = TESTS.parent / "seeds"
STORY = "missiles"
NOW = datetime(2024, 11, 22, 6, 31, tzinfo=UTC)  # a minute after the edition was due
MINUTE = timedelta(minutes=1)
DAY = date(2024, 11, 22)
NAMES = ("ann@example.org", "bo@example.org", "cy@example.org")
TWINS = ["text/plain", "text/html"]


# -- steps -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Step:
    """Where a process dies: at the ``nth`` call of a function.

    ``when`` is "before" or "after" the call, or, of the call that hands a mail's content over,
    "half" of it or "undotted": all but the dot; "answered": before it, but with the server's
    answer there to be read. ``word``: only calls with this argument count. "line": before the
    ``nth`` line of the code below the folder ``target``.
    """

    name: str
    target: str  # module:dotted.name
    when: str = "after"
    nth: int = 1
    word: str = ""


def die() -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("not reached")


def arm(step: Step) -> None:
    """Make this process die at the step."""
    if step.when == "line":
        _arm_line(step)
        return
    module, _, dotted = step.target.partition(":")
    owner: Any = importlib.import_module(module)
    *parents, name = dotted.split(".")
    for parent in parents:
        owner = getattr(owner, parent)
    real: Callable[..., Any] = getattr(owner, name)
    count = 0

    def wrapped(*arguments: Any, **named: Any) -> Any:
        nonlocal count
        count += not step.word or step.word in arguments
        due = count == step.nth and (not step.word or step.word in arguments)
        if due and step.when != "after":
            if step.when == "answered":
                select.select([arguments[0].sock], [], [], 10)
            elif step.when in ("half", "undotted"):
                wire, content = arguments
                wire.send(content[: len(content) // 2 if step.when == "half" else -3])
            die()
        result = real(*arguments, **named)
        if due:
            die()
        return result

    setattr(owner, name, wrapped)


def _arm_line(step: Step) -> None:
    folder, count = str(TESTS.parent / step.target), 0

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal count
        if not frame.f_code.co_filename.startswith(folder):
            return None
        count += event == "line"
        if count == step.nth:
            die()
        return trace

    sys.settrace(trace)


WIRE = "briefing.adapters.smtp.wire:Wire"
OUTBOX = "briefing.adapters.store.outbox:Outbox"
DELIVERY: list[tuple[Step, set[int]]] = [
    (Step("before it connects", f"{WIRE}.dial", "before"), {1}),
    (Step("greeted", f"{WIRE}.greet"), {1}),
    (Step("claimed", f"{OUTBOX}.claim", nth=2), {1}),
    (Step("after MAIL", f"{WIRE}.ask", nth=2, word="MAIL"), {1}),
    (Step("after RCPT", f"{WIRE}.ask", nth=2, word="RCPT"), {1}),
    (Step("after DATA", f"{WIRE}.ask", nth=2, word="DATA"), {1}),
    (Step("half of the content is sent", f"{WIRE}.give", "half", nth=2), {1}),
    (Step("all but the dot is sent", f"{WIRE}.give", "undotted", nth=2), {1}),
    (Step("the dot is sent", f"{WIRE}.give", nth=2), {1, 2}),
    (Step("the dot is answered", f"{WIRE}.verdict", "answered", nth=2), {2}),
    (Step("the 250 is heard", "briefing.adapters.smtp.session:Session.send", nth=2), {2}),
    (Step("it is to be settled", f"{OUTBOX}.settle", "before", nth=2), {2}),
    (Step("settled", f"{OUTBOX}.settle", nth=2), {1}),
    (Step("all are settled", f"{WIRE}.farewell", "before"), {1}),
]
"""Steps of a delivery to three readers; and how many copies the second one then may find in the
end. Twice is allowed in two windows: after the final dot, and after the 250 until it is settled."""


# -- the house ---------------------------------------------------------------------------------


@dataclass
class House:
    """A folder with configuration, store and editions of one service."""

    root: Path
    port: int = 0  # of the mail server; 0: nothing listens there
    source: str = "seeds"  # or "feeds"
    allowed: Sequence[int] = ()  # ports of feeds

    def furnish(self) -> House:
        """Write its files; return itself."""
        stories = self.root / "config" / "stories"
        stories.mkdir(parents=True, exist_ok=True)
        (self.root / "config" / "briefing.toml").write_text(
            f'[run]\nstory = "{STORY}"\nsource = "{self.source}"\n'
            f'[web]\nallow_private = ["127.0.0.0/8"]\nallow_ports = {list(self.allowed)}\n'
            f'[mail]\nhost = "127.0.0.1"\nport = {self.port or 1}\nsecurity = "none"\n'
            'sender = "The Briefing <briefing@example.org>"\n'
            '[site]\nurl = "https://briefing.example.org"\nport = 0\n',
            "utf-8",
        )
        (stories / f"{STORY}.toml").write_text(
            'name = "Missiles"\nrelevance = 0.3\n'
            'description = "Ukraine may strike inside Russia with ATACMS missiles. '
            'Russia answers."\n'
            '[schedule]\ntimes = ["06:30"]\n'
            '[terms]\nweapons = ["ATACMS", "missile", "missiles"]\n'
            'parties = ["Ukraine", "Russia"]\n',
            "utf-8",
        )
        return self

    def subscribe(self, *, served: bool) -> House:
        """Give it its readers; ``served``: since yesterday, so that the edition is due."""
        with self.store() as store:
            for name in NAMES:
                store.readers.add(name, STORY, standing="active", now=NOW)
            if served:
                store.watching.set_mark(f"serves {STORY}", "", now=NOW - timedelta(days=1))
        return self

    def copy(self, root: Path, *, port: int) -> House:
        """The same elsewhere, with another mail server."""
        shutil.copytree(self.root, root)
        return replace(self, root=root, port=port).furnish()

    def config(self) -> Any:
        from briefing import config

        return config.load(self.root / "config" / "briefing.toml", {})

    def store(self) -> Any:
        from briefing.adapters.store import open_store

        return open_store(self.config().store.url)

    @property
    def asked(self) -> Path:
        """What models were asked, one JSON object on each line."""
        return self.root / "asked"

    def queue(self) -> House:
        """Queue a made-up edition of seven developments for its readers."""
        import editions

        from briefing.app import mailing

        config, digest = self.config(), editions.digest()
        with self.store() as store:
            mails = [
                mailing.edition_mail(config, digest, reader, at=NOW)
                for reader in store.readers.all(STORY)
            ]
            assert store.outbox.queue(mails, now=NOW) == len(NAMES)
        return self


# -- what the process does ---------------------------------------------------------------------


def work(house: House, now: datetime, models: Any) -> None:
    """One turn of the service: editions that are due, then the outbox."""
    from briefing import app
    from briefing.app import leasing, mailing
    from briefing.pipeline import Limits
    from briefing.serve.children import Ended
    from briefing.serve.service import Service

    def clock() -> datetime:
        return now

    config = house.config()
    opened = replace(app.open(config), models=models)

    class Here:
        """Makes editions in this process, so that its death is theirs."""

        def edition(self, edition: Any) -> Ended:
            app.make_edition(
                config, opened, edition=edition, source=config.run.source, clock=clock, send=True,
                bar=Limits(style="confined", floor=0.5), progress=lambda stage, done, total: None,
            )  # fmt: skip
            return Ended(True, 0, "", 0.0)

        def poll(self) -> Ended:
            return Ended(True, 0, "", 0.0)

        def stop(self) -> None:
            """Nothing runs elsewhere."""

    lease = opened.store.leases.take(
        mailing.SERVE, place=leasing.place(), now=now, length=MINUTE, gone=leasing.gone
    )
    assert lease is not None
    service = Service(
        config=config, app=opened, runner=Here(), clock=clock, feeds=lambda: app.feeds(config),
        server=mailing.server(config) if house.port else None, lease=lease, jitter=lambda: 0.0,
    )  # fmt: skip
    service.editions()
    service.deliver()
    opened.store.leases.give_back(lease)
    opened.store.close()


def noting(file: Path) -> Any:
    """Models that write down what they are asked, each question before its answer."""
    from test_pipeline import WordModels

    @dataclass
    class Noting(WordModels):
        def _note(self, kind: str, asked: Sequence[object]) -> None:
            with file.open("a", encoding="utf-8") as notes:
                notes.write(json.dumps({"pid": os.getpid(), "kind": kind, "asked": asked}) + "\n")

        def embed(self, texts: Sequence[str]) -> Any:
            self._note("embed", [len(texts)])
            return super().embed(texts)

        def generate(self, prompts: Sequence[str], **named: Any) -> list[list[str]]:
            self._note("write", list(prompts))
            return super().generate(prompts, **named)

        def support(self, pairs: Sequence[Any]) -> list[float]:
            self._note("judge", [[pair.sentence, list(pair.evidence)] for pair in pairs])
            return super().support(pairs)

    return Noting()


# -- the interpreter ---------------------------------------------------------------------------


@dataclass(frozen=True)
class End:
    """How a process ended."""

    pid: int
    code: int  # negative: the signal that ended it
    said: str  # its error stream

    @property
    def killed(self) -> bool:
        return self.code == -signal.SIGKILL

    @property
    def well(self) -> bool:
        return self.code == 0


@dataclass
class Interpreter:
    """Runs :func:`work` in processes of its own."""

    process: subprocess.Popen[str] = field(init=False)

    def __enter__(self) -> Interpreter:
        one_thread = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        environ = {k: v for k, v in os.environ.items() if not k.startswith("BRIEFING_")}
        self.process = subprocess.Popen(
            [sys.executable, str(Path(__file__))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environ | one_thread | {"PYTHONPATH": f"{TESTS.parent}{os.pathsep}{TESTS}"},
        )
        return self

    def __exit__(self, *_: object) -> None:
        self.process.communicate(timeout=LONGEST)

    def start(self, house: House, step: Step | None = None, *, at: datetime = NOW) -> End:
        """A turn of the service in this house, killed at the step if there is one.

        The first one is done by the interpreter itself, and must be let live.
        """
        told = {
            "house": asdict(house) | {"root": str(house.root)},
            "at": at.isoformat(),
            "step": asdict(step) if step else None,
        }
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps(told) + "\n")
        self.process.stdin.flush()
        return End(**json.loads(self.process.stdout.readline()))


def main() -> None:
    """Fork for each line of the input, and say how the child ended."""
    for number, line in enumerate(sys.stdin):
        bounded(2 * LONGEST)
        told = json.loads(line)
        house = House(**(told["house"] | {"root": Path(told["house"]["root"])}))
        at = datetime.fromisoformat(told["at"])
        step = Step(**told["step"]) if told["step"] else None
        end = End(os.getpid(), 0, "")
        if number == 0:
            work(house, at, noting(house.asked))
        else:
            end = _died(house, at, step)
        print(json.dumps(asdict(end)), flush=True)
        bounded(0)  # the next one may be a long time off


def _died(house: House, at: datetime, step: Step | None) -> End:
    """What became of a process that was told to work, and to die at the step."""
    log = house.root / "errors"

    def live() -> None:
        os.dup2(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 2)
        os.dup2(2, 1)
        if step:
            arm(step)
        work(house, at, noting(house.asked))

    child = forked(live)
    return End(child, ended(child), log.read_text("utf-8", "replace")[-4000:])


# -- mail servers ------------------------------------------------------------------------------


class Post(Protocol):
    """A mail server, and what its readers find."""

    port: int

    def take(self) -> list[tuple[str, bytes]]:
        """All mails since the last look, as recipient and content."""
        ...


class Aiosmtpd:
    """A mail server that others wrote. Satisfies :class:`Post`."""

    def __init__(self) -> None:
        self.port = free_port()
        self._taken: list[tuple[str, bytes]] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        for recipient in envelope.rcpt_tos:
            self._taken.append((recipient, envelope.original_content))
        return "250 2.0.0 taken"

    def take(self) -> list[tuple[str, bytes]]:
        taken, self._taken = self._taken, []
        return taken


@contextmanager
def aiosmtpd() -> Iterator[Aiosmtpd]:
    """A server of aiosmtpd, until the block ends."""
    from aiosmtpd.controller import Controller

    post = Aiosmtpd()
    controller = Controller(post, hostname="127.0.0.1", port=post.port)
    controller.start()
    try:
        yield post
    finally:
        controller.stop()


@dataclass
class Scene:
    """What all tries at a mail server share."""

    interpreter: Interpreter
    post: Any  # satisfies :class:`Post`
    queued: House  # with three mails to be sent

    def house(self, where: Path) -> House:
        """A house of its own for a try."""
        return self.queued.copy(where / "house", port=self.post.port)


@contextmanager
def scene(post: Post, folder: Path) -> Iterator[Scene]:
    """An interpreter that has delivered the mails once, unharmed."""
    with Interpreter() as interpreter:
        queued = House(folder / "queued").furnish()
        made = Scene(interpreter, post, queued.subscribe(served=False).queue())
        unharmed = made.house(folder / "unharmed")
        first = interpreter.start(unharmed)
        assert first.well, first.said
        assert copies(unharmed, post) == dict.fromkeys(NAMES, 1)
        yield made


def copies(house: House, post: Post) -> dict[str, int]:
    """How many copies each reader found, all of them to the byte the mail that was queued."""
    with house.store() as store:
        assert store.damage() == []
        letters = store.outbox.letters()
    queued = {letter.mail.recipient: letter.mail for letter in letters}
    assert sorted(queued) == sorted(NAMES)
    assert len({mail.message_id for mail in queued.values()}) == len(NAMES)
    found: Counter[str] = Counter()
    for recipient, content in post.take():
        assert content == queued[recipient].content
        parsed = message_from_bytes(content, policy=policy.default)
        assert parsed["Message-ID"] == queued[recipient].message_id
        assert not parsed.defects
        assert [part.get_content_type() for part in parsed.iter_parts()] == TWINS
        found[recipient] += 1
    return {name: found[name] for name in NAMES}


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    return port


if __name__ == "__main__":
    main()
