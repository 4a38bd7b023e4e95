"""One connection to a mail server, every wait of which ends.

:class:`Wire` is :class:`smtplib.SMTP` with its two ends replaced. The library's own timeout begins
anew with each byte, so that a server which drips holds it for ever; here each answer has one
deadline, counted from the command on, and one bound on its size. And before anything is sent, what
the server has said unasked is heard: an answer that came too early is never taken for the next one.
"""

from __future__ import annotations

import os
import re
import smtplib
import socket
import ssl
import time
from collections.abc import Sequence
from contextlib import suppress
from threading import Event
from typing import TYPE_CHECKING, NoReturn

from briefing.adapters.smtp.dialling import Dialling
from briefing.adapters.smtp.faults import Broken, translate
from briefing.adapters.smtp.replies import Reply, cleaned

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

QUIT_SECONDS = 2.0  # all mails are settled by then: whether it says goodbye is of no interest
DOUBT_SECONDS = 1.0  # what `cut` grants the answer to a whole mail: without it, it is sent again
MAX_REPLY = 16_384  # bytes of one answer, all lines together; RFC 5321, 4.5.3.1.5: 512 for a line
BLOCK = 65_536  # bytes handed to the system at once

_LINE = re.compile(rb"([2-5][0-9][0-9])(?:([ -])(.*))?", re.DOTALL)  # RFC 5321, 4.2
_NAME = re.compile(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


class Wire(smtplib.SMTP):
    """A connection. Used by one thread; :meth:`cut` may be called by another.

    Args:
        timeout: seconds for one command and its answer.
        final_timeout: seconds for the answer to a whole mail.
        secrets: what is never repeated from an answer.
    """

    def __init__(
        self, *, timeout: float, final_timeout: float, secrets: Sequence[str] = ()
    ) -> None:
        super().__init__(local_hostname="localhost")  # given, or the library asks a name server
        self.usable = False
        self.stopped = False
        self._seconds = timeout
        self._final_seconds = final_timeout
        self._secrets = tuple(secrets)
        self._allowed = timeout
        self._until = 0.0
        self._heard = bytearray()
        self._early = False
        self._certain = Event()  # not while a whole mail is handed over and unanswered
        self._certain.set()
        self._dialling = Dialling()

    # -- opening -------------------------------------------------------------------------------

    def dial(self, host: str, port: int, *, name: str) -> None:
        """Connect; ``name`` is what we call ourselves, empty: this machine's name or address.

        Raises:
            Broken: no such host, refused, or out of time.
        """
        self._allow(self._seconds)
        self.sock = sock = self._dialling.connect(host, port, seconds=self._seconds)
        self.usable = True
        self.local_hostname = name or _own_name(sock)
        self._allow(self._seconds)  # `cut` may have come before there was anything to cut

    def secure(self, context: ssl.SSLContext, host: str) -> None:
        """Go on under TLS, with a certificate of ``host``.

        Raises:
            Untrusted: the certificate is not one of ``host``, or nobody we trust signed it.
            Broken: no TLS could be agreed on.
        """
        self._allow(self._seconds)
        if self._heard:  # RFC 3207, 6: said in clear by anybody, meant to be read as under TLS
            self._fail("said more than it was asked before TLS")
        try:
            # In place before the handshake, so that `cut` reaches it.
            self.sock = sock = context.wrap_socket(
                self._socket(), server_hostname=host, do_handshake_on_connect=False
            )
            self._allow(self._seconds)
            sock.settimeout(self._left())
            sock.do_handshake()
        except OSError as error:
            self._lose(error)

    def peer(self) -> str:
        """The address at the other end.

        Raises:
            Broken: there is nobody any more.
        """
        try:
            return str(self._socket().getpeername()[0])
        except OSError as error:
            self._lose(error)

    # -- speaking ------------------------------------------------------------------------------

    def hear(self) -> Reply:
        """An answer to nothing: the banner.

        Raises:
            Broken: none came in time, or none that could be understood.
        """
        self._allow(self._seconds)
        return self._reply(*self.getreply())

    def ask(self, command: str, arguments: str = "") -> Reply:
        """Say a command and hear its answer.

        Raises:
            Broken: none came in time, or none that could be understood.
        """
        self._allow(self._seconds)
        return self._reply(*self.docmd(command, arguments))

    def greet(self) -> Reply:
        """EHLO; ``esmtp_features`` then says what the server offers.

        Raises:
            Broken: no answer came in time, or none that could be understood.
        """
        self._allow(self._seconds)
        return self._reply(*self.ehlo())

    def give(self, content: bytes) -> Reply | None:
        """After DATA was granted: the content, and the dot. A reply means the server spoke first,
        and so has not taken the mail; without one, only :meth:`verdict` tells.

        Raises:
            Broken: it did not take all of it; so it cannot have the mail.
        """
        self._allow(self._seconds)
        self._certain.clear()
        try:
            self.send(content)
            if self._early:
                return self._reply(*self.getreply())
        finally:
            if not self.usable or self._early:
                self._certain.set()
        return None

    def verdict(self) -> Reply:
        """The answer to a whole mail.

        Raises:
            Broken: none came in time, or none that could be understood: nobody knows.
        """
        try:
            self._allowed = self._final_seconds  # stopped or not: it is worth hearing
            self._until = time.monotonic() + self._final_seconds
            return self._reply(*self.getreply())
        finally:
            self._certain.set()

    def farewell(self) -> None:
        """QUIT, if there is still somebody to say it to. Waits at most ``QUIT_SECONDS``."""
        if self.usable:
            self._seconds = min(self._seconds, QUIT_SECONDS)
            with suppress(Broken):
                self.ask("QUIT")
            self.usable = False

    def cut(self) -> None:
        """From another thread: end what goes on here. An answer to a whole mail gets a moment."""
        self.stopped = True
        self._dialling.cut()
        self._certain.wait(DOUBT_SECONDS)
        if sock := self.sock:
            # Not SSLSocket.shutdown: that takes TLS off first, and the other thread might yet send.
            with suppress(OSError):
                socket.socket.shutdown(sock, socket.SHUT_RDWR)

    # -- the two ends of smtplib ---------------------------------------------------------------

    def send(self, s: ReadableBuffer | str) -> None:
        """Send, unless the server speaks first or hangs up; :meth:`getreply` then says which."""
        left = memoryview(s.encode() if isinstance(s, str) else s)
        while left and not self._early:
            if self._spoke():
                self._early = True
                return
            try:
                self._socket().settimeout(self._left())
                left = left[self._socket().send(left[:BLOCK]) :]
            except TimeoutError:
                self._fail(f"took nothing for {self._allowed:g} s")
            except OSError:
                self._early = True  # hung up; perhaps it said why before

    def getreply(self) -> tuple[int, bytes]:
        """One answer: its code, and its lines without codes.

        Raises:
            Broken: hung up, silent until the deadline, too long, or no answer by RFC 5321, 4.2.
        """
        code, size, more = 0, 0, True
        texts: list[bytes] = []
        while more:
            line = self._line()
            size += len(line) + 1
            if size > MAX_REPLY:
                self._fail("an answer without an end")
            found = _LINE.fullmatch(line.rstrip(b"\r"))
            if not found or (code and code != int(found[1])):
                self._fail(f"not an SMTP answer: {cleaned(line, self._secrets)[:80]}")
            code, more = int(found[1]), found[2] == b"-"
            texts.append((found[3] or b"").strip())
        if self._early or code == 421:  # 421: it closes (RFC 5321, 3.8)
            self.usable = False
            if code < 400:
                self._fail("answered before it was asked")
        return code, b"\n".join(texts)

    def _line(self) -> bytes:
        """The next line, without its LF."""
        while (end := self._heard.find(b"\n")) < 0:
            if len(self._heard) > MAX_REPLY:
                self._fail("an answer without an end")
            try:
                self._socket().settimeout(self._left())
                data = self._socket().recv(4096)
            except OSError as error:
                self._lose(error)
            if not data:
                self._fail("hung up")
            self._heard += data
        line = bytes(self._heard[:end])
        del self._heard[: end + 1]
        return line

    def _spoke(self) -> bool:
        """Whether the server has said something, or hung up, without being asked."""
        if not self._heard:
            try:
                self._socket().settimeout(0.0)
                self._heard += self._socket().recv(4096)
            except (BlockingIOError, ssl.SSLWantReadError):
                return False
            except OSError:
                pass  # reset; the next read finds out
        return True

    # -- time, and the end of it ---------------------------------------------------------------

    def _allow(self, seconds: float) -> None:
        if self.stopped:
            self._fail("stopped")
        self._allowed = seconds
        self._until = time.monotonic() + seconds

    def _left(self) -> float:
        if (left := self._until - time.monotonic()) <= 0:
            raise TimeoutError
        return left

    def _socket(self) -> socket.socket:
        if self.sock is None:
            self._fail("not connected")
        return self.sock

    def _reply(self, code: int, lines: bytes) -> Reply:
        return Reply(code, cleaned(lines, self._secrets))

    def _lose(self, error: OSError) -> NoReturn:
        self.usable = False
        raise Broken("stopped") if self.stopped else translate(error, seconds=self._allowed)

    def _fail(self, text: str) -> NoReturn:
        self.usable = False
        raise Broken("stopped" if self.stopped else text)


def _own_name(sock: socket.socket) -> str:
    """What EHLO calls us: this machine's full name, else its address (RFC 5321, 4.1.4)."""
    name = os.uname().nodename
    if _NAME.fullmatch(name):
        return name
    address = str(sock.getsockname()[0])
    return f"[IPv6:{address}]" if ":" in address else f"[{address}]"
