"""No secret leaves by a side door: logs, messages, tracebacks, arguments, the store, children."""

from __future__ import annotations

import io
import json
import logging
import os
import resource
import socket
import subprocess
import sys
import threading
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from processes import eventually
from smtp_server import ScriptedServer

from briefing import config
from briefing.adapters import secrets
from briefing.adapters.secrets import redacted, without_secrets
from briefing.adapters.store import open_store
from briefing.cli import command, doctor, doctor_holdings
from briefing.errors import StoreError
from briefing.post import Mail
from briefing.serve import log
from briefing.serve.children import Children
from briefing.watch import StandingAlarm

PASSWORD = 'canary-4711"häher'
KEY = "c0ffee" * 10 + "4711"
USER = "briefing@example.org"
NOW = datetime(2026, 5, 2, 12, tzinfo=UTC)


def forms(secret: str) -> list[bytes]:
    """The secret as it could stand in a file or a message."""
    encoded = secret.encode()
    return [
        encoded,
        json.dumps(secret)[1:-1].encode(),
        json.dumps(secret, ensure_ascii=False)[1:-1].encode(),
        b64encode(encoded),
        b64encode(b"\0" + USER.encode() + b"\0" + encoded),
    ]


def leaks(where: str, data: bytes) -> list[str]:
    return [where for secret in (PASSWORD, KEY) for form in forms(secret) if form in data]


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    """This process has read the password and the key."""
    monkeypatch.setattr(secrets, "_seen", set())
    secrets.read_secret(environ={"P": PASSWORD}, name="P", file="", what="password")
    secrets.own_key("", {secrets.KEY_VARIABLE: KEY})


# -- what is taken out -------------------------------------------------------------------------


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"535 no: {PASSWORD}!", "535 no: ***!"),
        (f"key {KEY}", "key ***"),
        (json.dumps({"said": PASSWORD}), '{"said": "***"}'),
        (repr({"p": PASSWORD}), "{'p': '***'}"),
        ("https://ann:pw@feeds.example/rss", "https://***@feeds.example/rss"),
        ("see HTTPS://token@feeds.example", "see HTTPS://***@feeds.example"),
        ("https://ann:p@ss@feeds.example/a@b", "https://***@feeds.example/a@b"),
        ("postgresql://ann:p@ss@db/name", "postgresql://ann:***@db/name"),
        ("postgresql+psycopg://ann@db/name", "postgresql+psycopg://ann@db/name"),
        ("postgresql://db/n?user=a&password=pw&x=1", "postgresql://db/n?user=a&password=***&x=1"),
        ("https://feeds.example/@ann/post?to=a@b", "https://feeds.example/@ann/post?to=a@b"),
        ("mail ann@example.org, or http://x", "mail ann@example.org, or http://x"),
    ],
)
def test_secrets_that_were_read_and_those_in_addresses_are_taken_out(text: str, shown: str) -> None:
    assert redacted(text) == shown


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize("form", ["text", "json"])
def test_no_line_of_the_log_holds_one(form: str) -> None:
    stream = io.StringIO()
    before = logging.getLogger().handlers[:], logging.getLogger().level
    try:
        log.set_up(form, stream=stream)
        log.say(f"event {PASSWORD}", said=PASSWORD, at=f"http://a:{KEY}@h/", path=Path(f"/{KEY}"))
        logging.getLogger("other").error("%s", ValueError(PASSWORD))
        try:
            raise RuntimeError(f"bug with {PASSWORD} and {KEY}")
        except RuntimeError:
            logging.getLogger(log.NAME).exception("failed")
    finally:
        logging.getLogger().handlers[:], level = before
        logging.getLogger().setLevel(level)
    written = stream.getvalue()
    assert leaks(form, written.encode()) == []
    assert written.count("***") >= 6
    assert "RuntimeError: bug with" in written


def test_a_traceback_on_the_error_stream_holds_none(tmp_path: Path) -> None:
    code = (
        "import os, briefing.cli as cli\n"
        "from briefing.adapters import secrets\n"
        "def bug(**_):\n"
        "    word = secrets.read_secret(environ=os.environ, name='BRIEFING_PASSWORD', file='',\n"
        "                               what='p')\n"
        "    print('out', word)\n"
        "    raise RuntimeError('bug: ' + word)\n"
        "cli.command.main = bug\n"
        "cli.main([])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=os.environ | {"BRIEFING_PASSWORD": PASSWORD},
        capture_output=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 1
    assert b"RuntimeError: bug: ***" in done.stderr
    assert done.stdout == b"out ***\n"
    assert leaks("traceback", done.stderr + done.stdout) == []


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://ann:canary-4711@127.0.0.1:1/briefing",
        "postgresql+psycopg://ann:can@ary-4711@127.0.0.1:1/briefing",
        "postgresql+psycopg://127.0.0.1:1/briefing?user=ann&password=canary-4711",
        "postgresql+psycopg://ann:canary-4711@@127.0.0.1:1/briefing",
        "postgresql+psycopg://ann:ca/n?ary-4711@127.0.0.1:1/briefing",
        "postgresql+nothing://ann:canary-4711@127.0.0.1:1/briefing",
        "no address of canary-4711 at all",
    ],
)
def test_the_password_of_a_database_is_in_no_message(
    project: Path, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    """What would be printed, before the streams take secrets out of it."""
    monkeypatch.setenv("BRIEFING_STORE", url)
    told = CliRunner().invoke(command, ["status"])
    assert isinstance(told.exception, StoreError)
    read = config.load(None, os.environ)
    found = [*doctor.store(read), *doctor_holdings.store_file(read)]
    assert found[0].state == "fault"
    assert "ary-4711" not in f"{told.output} {told.exception} {told.exception.remedy} {found}"


# -- children ----------------------------------------------------------------------------------


def test_a_child_gets_what_it_needs_and_no_more() -> None:
    given = {"BRIEFING_PASSWORD": "p", "BRIEFING_SECRET": "s", "PATH": "/bin"}
    assert without_secrets(given) == {"PATH": "/bin"}
    assert without_secrets(given, keep=["BRIEFING_SECRET"]) == {
        "BRIEFING_SECRET": "s", "PATH": "/bin",
    }  # fmt: skip


def test_a_run_gets_the_key_and_a_poll_gets_neither(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from datetime import date

    from briefing.news import Edition

    monkeypatch.setenv("BRIEFING_PASSWORD", PASSWORD)
    monkeypatch.setenv("BRIEFING_SECRET", KEY)
    children = Children(tmp_path / "config", longest=30)
    show = "import os, sys; sys.exit(' '.join(sorted(n for n in os.environ if 'BRIEF' in n)))"
    children._command = [sys.executable, "-c", show]
    assert children.edition(Edition("s", date(2026, 5, 2))).said == "BRIEFING_SECRET"
    assert children.poll().said == ""


# -- a service at work -------------------------------------------------------------------------


@contextmanager
def slow_feed() -> Iterator[int]:
    """A feed that takes connections and says nothing, so that whoever asks it can be looked at."""
    taken: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(60)

        def accept() -> None:
            try:
                while True:
                    taken.append(server.accept()[0])
            except OSError:
                return

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        yield server.getsockname()[1]
        socket.socket.shutdown(server, socket.SHUT_RDWR)
        thread.join(5)
    for one in taken:
        one.close()


def descendants(parent: int) -> list[int]:
    """Every process below this one."""
    found: list[int] = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text("utf-8", "replace").rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == parent:
            child = int(stat.parent.name)
            found += [child, *descendants(child)]
    return found


def core_dumps_allowed() -> None:
    """As on a machine that keeps them."""
    _, most = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (most, most))


def set_up(project: Path, *, mail: int, feed: int) -> None:
    (project / "config" / "briefing.toml").write_text(
        '[run]\nstory = "harbour-strike"\n'
        '[web]\nallow_private = ["127.0.0.0/8"]\n'
        f"allow_ports = [{feed}]\n"
        f'[mail]\nhost = "127.0.0.1"\nport = {mail}\nsecurity = "none"\nusername = "{USER}"\n'
        f'sender = "The Briefing <{USER}>"\noperator = "{USER}"\n'
        "[site]\nport = 0\n",
        "utf-8",
    )
    (project / "config" / "feeds.opml").write_text(
        '<opml version="2.0"><body><outline text="Slow" '
        f'xmlUrl="http://127.0.0.1:{feed}/rss"/></body></opml>',
        "utf-8",
    )
    letter = Mail("<m1@example.org>", "alarm", USER, USER, b"Subject: alarm\r\n\r\ntext\r\n")
    alarm = StandingAlarm("low disk", "/", "no room", "make room", NOW, NOW, None)
    with open_store(f"sqlite:///{project}/state/briefing.db") as store:
        store.watching.put_alarms([alarm], mails=[letter], now=NOW)


def test_a_service_that_a_mail_server_betrays_tells_nobody(project: Path) -> None:
    echo = f"535 5.7.8 {PASSWORD} is wrong for {USER}\r\n".encode()
    environ: dict[str, str] = os.environ | {"BRIEFING_PASSWORD": PASSWORD, "BRIEFING_SECRET": KEY}
    seen: dict[str, bytes] = {}
    with ScriptedServer({"auth": echo}) as server, slow_feed() as feed:
        set_up(project, mail=server.port, feed=feed)
        with (project / "log").open("wb") as errors:
            service = subprocess.Popen(
                [sys.executable, "-m", "briefing", "serve"],
                cwd=project, env=environ, stdin=subprocess.DEVNULL, stderr=errors,
                preexec_fn=core_dumps_allowed,
            )  # fmt: skip
        try:
            eventually(lambda: b"mail server" in (project / "log").read_bytes(), "auth", seconds=60)
            eventually(lambda: descendants(service.pid), "a poll", seconds=60)
            for number in [service.pid, *descendants(service.pid)]:
                place = Path("/proc", str(number))
                seen[f"argv {number}"] = (place / "cmdline").read_bytes()
                limits = (place / "limits").read_text()
                assert limits.partition("Max core file size")[2].split()[0] == "0"
                if number != service.pid:
                    seen[f"environment {number}"] = (place / "environ").read_bytes()
            assert any(name.startswith("environment") for name in seen)
            for words in (["status", "--json"], ["outbox", "list"], ["mail", "test", USER]):
                done = subprocess.run(
                    [sys.executable, "-m", "briefing", *words],
                    cwd=project, env=environ, capture_output=True, timeout=60,
                )  # fmt: skip
                seen[" ".join(words)] = done.stdout + done.stderr
        finally:
            service.terminate()
            service.wait(30)
    assert "AUTH" in " ".join(server.lines)  # it was told the password
    assert b"is wrong for" in (project / "log").read_bytes()  # and its answer was passed on
    for file in project.rglob("*"):
        if file.is_file():
            seen[str(file)] = file.read_bytes()
    assert [leak for where, data in seen.items() for leak in leaks(where, data)] == []


def test_what_is_looked_for_can_be_found() -> None:
    """The search itself, on what it must find."""
    for form in forms(PASSWORD) + forms(KEY):
        assert leaks("here", b"x" + form + b"y")
