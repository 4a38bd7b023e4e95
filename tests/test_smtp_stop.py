"""A connection that does not come, and the end of one that waits."""

from __future__ import annotations

import errno
import os
import socket
import ssl
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest
from processes import eventually
from smtp_server import ScriptedServer, certified, written_authority

from briefing.adapters.smtp import SmtpServer, SmtpSettings
from briefing.adapters.smtp import wire as wires
from briefing.adapters.smtp.faults import translate
from briefing.errors import ServerError
from briefing.post import Mail, Receipt

MAIL = Mail(
    message_id="<1@example.org>",
    kind="edition",
    sender="briefing@example.org",
    recipient="reader@example.net",
    content=b"Subject: one\r\n\r\nText.\r\n",
)
LONG = 60.0  # seconds that nobody waits here


def settings(port: int, **changes: object) -> SmtpSettings:
    plain = SmtpSettings(
        host="127.0.0.1", port=port, security="none", timeout=LONG, final_timeout=LONG
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


class Sending(threading.Thread):
    """Sends one mail, as the delivery thread of the service does."""

    def __init__(self, server: SmtpServer, mail: Mail = MAIL) -> None:
        super().__init__(daemon=True)
        self.server = server
        self.mail = mail
        self.outcome: Receipt | ServerError | None = None
        self.start()

    def run(self) -> None:
        try:
            with self.server.session() as session:
                self.outcome = session.send(self.mail)
        except ServerError as error:
            self.outcome = error

    def ended(self) -> Receipt | ServerError | None:
        self.join(10)
        assert not self.is_alive()
        return self.outcome


class Deaf:
    """A port whose queue of connections is full: a further one waits without an answer."""

    def __enter__(self) -> int:
        self.listener = socket.socket()
        self.listener.bind(("127.0.0.1", 0))
        self.listener.listen(0)
        port: int = self.listener.getsockname()[1]
        self.waiting = []
        for _ in range(3):
            one = socket.socket()
            one.setblocking(False)
            one.connect_ex(("127.0.0.1", port))
            self.waiting.append(one)
        return port

    def __exit__(self, *_: object) -> None:
        for one in (*self.waiting, self.listener):
            one.close()


# -- a connection that does not come -----------------------------------------------------------


def connecting(settings: SmtpSettings) -> ServerError:
    with pytest.raises(ServerError) as caught, SmtpServer(settings).session():
        pytest.fail("a session was opened")
    assert (caught.value.stage, caught.value.code, caught.value.halts) == ("connect", 0, False)
    return caught.value


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    assert connecting(settings(port)).text == "connection refused"


def test_nobody_answers() -> None:
    began = time.monotonic()
    with Deaf() as port:
        assert connecting(settings(port, timeout=0.2)).text == "no answer within 0.2 s"
    assert 0.2 <= time.monotonic() - began < 2.0


def test_no_such_server() -> None:
    assert connecting(settings(25, host="mail.example")).text.startswith("no such host")


@pytest.mark.parametrize("host", ["mail..example", "x" * 64 + ".example"])
def test_no_name_of_a_server(monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    # as the system's own look-up does, which tests may not ask
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, *_: host.encode("idna"))
    assert connecting(settings(25, host=host)).text == "no name of a host"


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (TimeoutError("timed out"), "no answer within 7 s"),
        (ConnectionResetError(errno.ECONNRESET, "x"), "hung up"),
        (BrokenPipeError(errno.EPIPE, "x"), "hung up"),
        (ConnectionRefusedError(errno.ECONNREFUSED, "x"), "connection refused"),
        (OSError(errno.EHOSTUNREACH, "x"), "no route to host"),
        (OSError(errno.ENETUNREACH, "x"), "network is unreachable"),
        (ssl.SSLEOFError(8, "x"), "hung up"),
        (ssl.SSLZeroReturnError(6, "x"), "hung up"),
        (ssl.SSLError(1, "ODD_THING"), "no TLS: odd thing"),
        (ssl.SSLCertVerificationError("x"), "certificate refused: ('x',)"),
        (OSError("x"), "x"),
        (OSError(), "OSError"),
    ],
)
def test_foreign_errors(error: OSError, text: str) -> None:
    assert str(translate(error, seconds=7.0)) == text


def test_name_servers_that_do_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    over = threading.Event()

    def slow(*_: object, **__: object) -> list[object]:
        over.wait(10)
        raise socket.gaierror(socket.EAI_AGAIN, "try again")

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    began = time.monotonic()
    assert connecting(settings(25, timeout=0.2)).text == "no answer within 0.2 s"
    assert time.monotonic() - began < 2.0
    over.set()


def test_a_connection_that_comes_too_late_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    over = threading.Event()
    connect = socket.create_connection

    def slow(*arguments: object, **options: object) -> socket.socket:
        over.wait(10)
        return connect(*arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "create_connection", slow)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        connecting(settings(listener.getsockname()[1], timeout=0.1))
        over.set()
        listener.settimeout(5)
        accepted, _ = listener.accept()
        with accepted:
            accepted.settimeout(5)
            assert accepted.recv(1) == b""


# -- the end of one that waits -----------------------------------------------------------------


@pytest.mark.parametrize(
    "stage", ["tls", "banner", "ehlo", "starttls", "ehlo#2", "auth", "mail", "rcpt", "data"]
)
def test_stop_ends_a_wait_and_blames_no_mail(
    stage: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wires, "DOUBT_SECONDS", LONG)  # there is none here, so nobody waits
    name = stage.partition("#")[0]
    scripted = ScriptedServer({stage: "hang"}, tls=certified("127.0.0.1"), implicit=False)
    with scripted:
        server = SmtpServer(
            settings(
                scripted.port,
                security="starttls",
                ca_file=written_authority(tmp_path),
                username="ann",
                password="secret",
            )
        )
        sending = Sending(server)
        turns = 2 if "#" in stage else 1
        eventually(lambda: scripted.reached.count(name) == turns, stage)
        began = time.monotonic()
        server.stop()
        outcome = sending.ended()
        assert time.monotonic() - began < 5.0
    assert isinstance(outcome, ServerError)
    assert (outcome.text, outcome.code, outcome.halts) == ("stopped", 0, False)
    at = {"tls": ("starttls",), "banner": ("banner", "connect")}.get(name, (name,))
    assert outcome.stage in at  # the server may know of a connection before we do


def test_stop_ends_a_connection_that_does_not_come(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wires, "DOUBT_SECONDS", LONG)
    with Deaf() as port:
        server = SmtpServer(settings(port))
        sending = Sending(server)
        eventually(
            lambda: any(t.name.startswith("connect") for t in threading.enumerate()), "it connects"
        )
        began = time.monotonic()
        server.stop()
        outcome = sending.ended()
        assert time.monotonic() - began < 5.0
    assert isinstance(outcome, ServerError)
    assert (outcome.stage, outcome.text) == ("connect", "stopped")


def test_stop_waits_a_moment_for_the_answer_to_a_whole_mail(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(wires, "DOUBT_SECONDS", 0.3)
    with ScriptedServer({"dot": "hang"}) as scripted:
        server = SmtpServer(settings(scripted.port))
        sending = Sending(server)
        eventually(lambda: scripted.reached[-1:] == ["dot"], "dot")
        began = time.monotonic()
        server.stop()
        assert sending.ended() == Receipt("later", "dot", 0, "stopped")
        assert 0.3 <= time.monotonic() - began < 5.0


@pytest.mark.parametrize("action", ["close", b"552 5.3.4 too much\r\n", "ok"])
def test_without_doubt_stop_waits_for_nothing(
    monkeypatch: pytest.MonkeyPatch, action: str | bytes
) -> None:
    monkeypatch.setattr(wires, "DOUBT_SECONDS", LONG)
    big = replace(MAIL, content=MAIL.content + b"x\r\n" * 2_000_000)
    with ScriptedServer({"content": action}) as scripted:
        server = SmtpServer(settings(scripted.port))
        with server.session() as session:
            assert session.send(big).stage == ("dot" if action == "ok" else "data")
            began = time.monotonic()
            server.stop()
            assert time.monotonic() - began < 5.0


def test_a_goodbye_that_nobody_answers_is_soon_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wires, "QUIT_SECONDS", 0.2)
    with ScriptedServer({"quit": "drip"}) as scripted:
        with SmtpServer(settings(scripted.port)).session() as session:
            assert session.send(MAIL).state == "sent"
            began = time.monotonic()
        assert 0.2 <= time.monotonic() - began < 5.0


def test_the_moment_fits_a_stop_of_ten_seconds() -> None:
    assert 0.5 <= wires.DOUBT_SECONDS <= 2.0
    assert wires.QUIT_SECONDS <= 5.0


def test_stop_ends_a_mail_that_the_server_does_not_take(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wires, "DOUBT_SECONDS", 0.1)
    big = replace(MAIL, content=MAIL.content + b"x\r\n" * 3_000_000)
    with ScriptedServer({"content": "hang"}) as scripted:
        server = SmtpServer(settings(scripted.port))
        sending = Sending(server, big)
        eventually(lambda: scripted.reached[-1:] == ["content"], "content")
        server.stop()
        outcome = sending.ended()
    assert isinstance(outcome, ServerError)
    assert (outcome.stage, outcome.text) == ("data", "stopped")


def test_an_answer_that_comes_within_the_moment_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wires, "DOUBT_SECONDS", LONG)
    answer = threading.Event()

    class Slow(ScriptedServer):
        def action(self, stage: str, detail: str = "") -> str | bytes | tuple[str | bytes, ...]:
            action = super().action(stage, detail)
            if stage == "dot":
                answer.wait(10)
            return action

    with Slow() as scripted:
        server = SmtpServer(settings(scripted.port))
        sending = Sending(server)
        eventually(lambda: scripted.reached[-1:] == ["dot"], "dot")
        threading.Timer(0.1, answer.set).start()
        began = time.monotonic()
        server.stop()
        assert time.monotonic() - began < 5.0
        assert sending.ended() == Receipt("sent", "dot", 250, "2.0.0 taken")
    assert len(scripted.taken) == 1
    assert "QUIT" not in scripted.lines


def test_after_stop_nothing_is_sent_and_nothing_opened() -> None:
    with ScriptedServer() as scripted:
        server = SmtpServer(settings(scripted.port))
        with server.session() as session:
            assert session.send(MAIL).state == "sent"
            server.stop()
            for _ in range(2):
                with pytest.raises(ServerError, match="stopped"):
                    session.send(MAIL)
        with pytest.raises(ServerError, match="stopped"), server.session():
            pytest.fail("a session was opened")
    assert scripted.connections == 1
    assert scripted.offered == 1


def test_stop_between_connecting_and_the_first_word(monkeypatch: pytest.MonkeyPatch) -> None:
    with ScriptedServer() as scripted:
        server = SmtpServer(settings(scripted.port))
        name = wires._own_name

        def stopped_here(sock: socket.socket) -> str:
            server.stop()
            return name(sock)

        monkeypatch.setattr(wires, "_own_name", stopped_here)
        with pytest.raises(ServerError, match="connect: stopped"), server.session():
            pytest.fail("a session was opened")
    assert scripted.lines == []


def test_sessions_leave_nothing_open() -> None:
    handles, threads = len(os.listdir("/proc/self/fd")), threading.active_count()
    for behaviour in ({}, {"banner": "5xx"}, {"dot": "close"}):
        with ScriptedServer(behaviour) as scripted:
            assert Sending(SmtpServer(settings(scripted.port))).ended() is not None
    # The one that connected may lag behind
    eventually(lambda: threading.active_count() <= threads, "no thread is left")
    assert len(os.listdir("/proc/self/fd")) <= handles


# -- who we say we are -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("configured", "node", "host", "said"),
    [
        ("me.example", "box.example.org", "127.0.0.1", "me.example"),
        ("", "box.example.org", "127.0.0.1", "box.example.org"),
        ("", "box", "127.0.0.1", "[127.0.0.1]"),
        ("", "a..b", "127.0.0.1", "[127.0.0.1]"),
        ("", "bö.x", "::1", "[IPv6:::1]"),
    ],
)
def test_our_name(
    monkeypatch: pytest.MonkeyPatch, configured: str, node: str, host: str, said: str
) -> None:
    if host == "::1" and not _has_ipv6():
        pytest.skip("no IPv6 here")
    monkeypatch.setattr(os, "uname", lambda: os.uname_result(("Linux", node, "", "", "")))
    scripted = ScriptedServer(host=host)
    server = SmtpServer(settings(scripted.port, host=host, local_hostname=configured))
    with scripted, server.session():
        pass
    assert scripted.lines == [f"ehlo {said}", "QUIT"]


def _has_ipv6() -> bool:
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            return True
    except OSError:
        return False
