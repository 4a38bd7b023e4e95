"""A mail server on loopback that misbehaves where it is told to.

``behaviour`` maps a stage to what the server does there: "4xx", "5xx", "close", "reset", "hang",
"drip", "garbage", "flood", "keep" (at the dot: take the mail, and never say so), "ok", the bytes it
answers, or several of these in a tuple.

Stages are "tls" (the handshake), "banner", "ehlo", "starttls", "auth", "rset", "mail", "rcpt",
"data", "content" (the first bytes of it have come), "dot", "after" (the answer to the dot is out)
and "quit". "dot#2" is the dot of the second mail that this server was offered, "ehlo#2" the second
EHLO, "rcpt:a@b.example" one address.
"""

from __future__ import annotations

import socket
import ssl
import struct
from base64 import b64decode
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Event, Thread
from types import TracebackType

import trustme

Action = str | bytes | tuple[str | bytes, ...]

DRIP_SECONDS = 0.02

FEATURES = ("SIZE 10000000", "8BITMIME", "SMTPUTF8", "AUTH PLAIN LOGIN", "PIPELINING")

_GOOD = {
    "banner": "220 scripted.example ESMTP",
    "starttls": "220 2.0.0 go ahead",
    "auth": "235 2.7.0 welcome",
    "data": "354 go on",
    "dot": "250 2.0.0 taken",
    "quit": "221 2.0.0 bye",
}
_LATER = {"auth": "454 4.7.0 no authentication just now", "banner": "451 4.3.2 too busy"}
_NEVER = {
    "banner": "554 5.3.2 no service for you",
    "starttls": "554 5.7.3 no TLS for you",
    "auth": "535 5.7.8 wrong user name or password",
    "rcpt": "550 5.1.1 no such user",
}


@cache
def authority() -> trustme.CA:
    """Signs the certificates of all servers here."""
    return trustme.CA()


@cache
def certified(*names: str) -> ssl.SSLContext:
    """What a server with a certificate of these names speaks TLS with."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority().issue_cert(*names).configure_cert(context)
    return context


def written_authority(folder: Path) -> str:
    """Path of the authority's certificate, for ``ca_file``."""
    file = folder / "ca.pem"
    authority().cert_pem.write_to_path(file)
    return str(file)


@dataclass(frozen=True)
class Taken:
    """A mail that the server said it took."""

    sender: str
    recipient: str
    content: bytes  # dots undoubled


class _Hangup(Exception):
    """This connection is over."""


class ScriptedServer:
    """Use as a context manager; it then answers at ``port`` of 127.0.0.1 (or ``host``)."""

    def __init__(
        self,
        behaviour: Mapping[str, Action] | None = None,
        *,
        features: Sequence[str] = FEATURES,
        tls: ssl.SSLContext | None = None,
        implicit: bool = False,
        credentials: tuple[str, str] = ("ann", "secret"),
        host: str = "127.0.0.1",
    ) -> None:
        self.behaviour = dict(behaviour or {})
        self.features = tuple(features)
        self.tls = tls
        self.implicit = implicit
        self.credentials = credentials
        self.lines: list[str] = []  # commands, as they came
        self.clear: list[str] = []  # of them those that came without TLS
        self.taken: list[Taken] = []
        self.offered = 0  # MAIL commands
        self.reached: list[str] = []  # stages, in order
        self.connections = 0
        self._seen: Counter[str] = Counter()
        self._over = Event()
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._listener = socket.create_server((host, 0), family=family)
        self.port: int = self._listener.getsockname()[1]
        self._open: list[socket.socket] = []
        self._threads: list[Thread] = []

    def __enter__(self) -> ScriptedServer:
        self._start(self._accept)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        for sock in (self._listener, *self._open):
            with suppress(OSError):
                socket.socket.shutdown(sock, socket.SHUT_RDWR)
        for thread in list(self._threads):
            thread.join(5)
            assert not thread.is_alive()
        self._listener.close()

    def _start(self, target: object, *arguments: object) -> None:
        thread = Thread(target=target, args=arguments, daemon=True)  # type: ignore[arg-type]
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self._over.is_set():
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._open.append(sock)
            self._start(self._serve, sock)

    def _serve(self, sock: socket.socket) -> None:
        connection = _Connection(self, sock)
        try:
            connection.run()
        except (_Hangup, OSError, ssl.SSLError):
            pass
        finally:
            connection.sock.close()
            sock.close()

    def action(self, stage: str, detail: str = "") -> Action:
        self._seen[stage] += 1
        self.reached.append(stage)
        turn = self.offered if stage in ("mail", "rcpt", "data", "content", "dot", "after") else 0
        for key in (f"{stage}:{detail}", f"{stage}#{turn or self._seen[stage]}", stage):
            if key in self.behaviour:
                return self.behaviour[key]
        return "ok"


class _Connection:
    def __init__(self, server: ScriptedServer, sock: socket.socket) -> None:
        self.server = server
        self.sock = sock
        self.buffer = b""
        self._searched = 0
        self.secure = False
        self.sender: str | None = None
        self.recipient: str | None = None

    def run(self) -> None:
        if self.server.implicit:
            self._handshake()
        self._say("banner")
        while True:
            line = self._until(b"\r\n").decode("utf-8", "replace")
            self.server.lines.append(line)
            if not self.secure:
                self.server.clear.append(line)
            verb, _, rest = line.partition(" ")
            step = getattr(self, f"_{verb.lower()}", None)
            if step is None:
                self._send(b"500 5.5.2 what?\r\n")
            else:
                step(rest)

    # -- commands ------------------------------------------------------------------------------

    def _ehlo(self, _: str) -> None:
        features = [*self.server.features]
        if self.server.tls and not self.secure:
            features.append("STARTTLS")
        lines = ["scripted.example", *features]
        good = "".join(f"250-{one}\r\n" for one in lines[:-1]) + f"250 {lines[-1]}"
        self._say("ehlo", good=good)

    def _starttls(self, _: str) -> None:
        if self._say("starttls"):
            self._handshake()

    def _auth(self, rest: str) -> None:
        way, _, first = rest.partition(" ")
        if way == "PLAIN":
            _, user, password = b64decode(first).decode().split("\0")
        else:
            self._send(b"334 VXNlcm5hbWU6\r\n")
            user = b64decode(self._until(b"\r\n")).decode()
            self._send(b"334 UGFzc3dvcmQ6\r\n")
            password = b64decode(self._until(b"\r\n")).decode()
        right = (user, password) == self.server.credentials
        self._say("auth", good="" if right else _NEVER["auth"])

    def _rset(self, _: str) -> None:
        self.sender = self.recipient = None
        self._say("rset")

    def _mail(self, rest: str) -> None:
        self.server.offered += 1
        if self.sender is not None:
            self._send(b"503 5.5.1 one at a time\r\n")
        elif self._say("mail"):
            self.sender = _address(rest)

    def _rcpt(self, rest: str) -> None:
        if self._say("rcpt", detail=_address(rest)):
            self.recipient = _address(rest)

    def _data(self, _: str) -> None:
        if not self._say("data"):
            return
        content = self._content()
        action = self.server.action("dot")
        if action in ("ok", "keep") or (isinstance(action, bytes) and action[:1] == b"2"):
            # before it is said, so that whoever hears it finds it
            taken = Taken(self.sender or "", self.recipient or "", content)
            self.server.taken.append(taken)
            self.sender = self.recipient = None
        self._do(action, "dot", _GOOD["dot"])
        self._do(self.server.action("after"), "after", "")

    def _quit(self, _: str) -> None:
        self._say("quit")
        raise _Hangup

    def _content(self) -> bytes:
        self._fill()
        self._do(self.server.action("content"), "content", "")
        data = bytearray(b"\r\n" + self.buffer)  # the dot may be all there is
        while (end := data.find(b"\r\n.\r\n", self._searched)) < 0:
            self._searched = max(0, len(data) - 4)
            data += self._received()
        self._searched = 0
        self.buffer = bytes(data[end + 5 :])
        lines = bytes(data[2 : end + 2]).splitlines(True) if end else []
        return b"".join(line.removeprefix(b".") for line in lines)

    # -- behaviour -----------------------------------------------------------------------------

    def _say(self, stage: str, *, good: str = "", detail: str = "") -> bool:
        """Answer as told; true when the answer was a good one."""
        good = good or _GOOD.get(stage, "250 2.1.0 fine")
        return self._do(self.server.action(stage, detail), stage, good)

    def _do(self, action: Action, stage: str, good: str) -> bool:
        match action:
            case tuple():
                return all([self._do(one, stage, good) for one in action])
            case bytes():
                self._send(action)
                return action[:1] in (b"2", b"3")
            case "ok":
                self._send(f"{good}\r\n".encode() if good else b"")
                return good[:1] in ("2", "3")
            case "4xx":
                self._send(f"{_LATER.get(stage, f'451 4.3.0 {stage} not now')}\r\n".encode())
            case "5xx":
                self._send(f"{_NEVER.get(stage, f'550 5.0.0 {stage} refused')}\r\n".encode())
            case "close":
                raise _Hangup
            case "reset":
                self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                raise _Hangup
            case "hang" | "keep":
                self.server._over.wait()
                raise _Hangup
            case "drip":
                self._send(f"{good[:3] or 250}-".encode())
                while not self.server._over.wait(DRIP_SECONDS):
                    self._send(b"x")
                raise _Hangup
            case "garbage":
                self._send(b"\0\xff hello?\x1b[31m\r\n")
            case "flood":
                while not self.server._over.is_set():
                    self._send(f"{good[:3] or 250}-more\r\n".encode() * 100)
            case _:
                raise AssertionError(f"no action {action!r}")
        return False

    # -- bytes ---------------------------------------------------------------------------------

    def _handshake(self) -> None:
        action = self.server.action("tls")
        if action != "ok":
            self._fill()  # the client's first word, so that ours does not come before it
        if action == "drip":
            self._send(b"\x16\x03\x03\x20\x00")  # a handshake record of 8192 bytes
            while not self.server._over.wait(DRIP_SECONDS):
                self._send(b"\0")
        if action != "ok":
            self._do(action, "tls", "")
            raise _Hangup
        assert self.server.tls
        self.sock = self.server.tls.wrap_socket(self.sock, server_side=True)
        self.server._open.append(self.sock)
        self.secure = True

    def _send(self, data: bytes) -> None:
        self.sock.sendall(data)

    def _until(self, end: bytes) -> bytes:
        while end not in self.buffer:
            self._fill()
        found, _, self.buffer = self.buffer.partition(end)
        return found

    def _fill(self) -> None:
        self.buffer += self._received()

    def _received(self) -> bytes:
        data = self.sock.recv(65_536)
        if not data:
            raise _Hangup
        return data


def _address(text: str) -> str:
    return text.partition("<")[2].partition(">")[0]
