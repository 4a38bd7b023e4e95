"""The mail server of ``[mail]``: how a connection is opened, secured and signed in."""

from __future__ import annotations

import ssl
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from ipaddress import ip_address
from threading import Lock
from typing import NoReturn

from briefing.adapters.smtp.faults import Broken, Untrusted, blamed
from briefing.adapters.smtp.replies import Reply
from briefing.adapters.smtp.session import Session
from briefing.adapters.smtp.wire import Wire
from briefing.errors import ConfigError


@dataclass(frozen=True, slots=True)
class SmtpSettings:
    """Which server, and how it is spoken to."""

    host: str
    port: int = 587
    security: str = "starttls"  # "starttls", "tls" from the first byte, or "none"
    ca_file: str = ""  # PEM of the authority that signed the certificate; "": the system's
    username: str = ""  # "": no authentication
    password: str = field(default="", repr=False)
    timeout: float = 120.0  # seconds for one command and its answer, in all
    final_timeout: float = 600.0  # for the answer to a whole mail (RFC 5321, 4.5.3.2.6)
    local_hostname: str = ""  # what EHLO calls us; "": this machine's full name, or its address


class SmtpServer:
    """Takes mails over SMTP. Satisfies :class:`briefing.ports.MailServer`.

    Raises:
        ConfigError: the file of the certificate authority cannot be read, or the account has no
            password.
    """

    def __init__(self, settings: SmtpSettings) -> None:
        self._settings = settings
        self._to = f"{settings.host}:{settings.port}"
        self._open: set[Wire] = set()
        self._stopped = False
        self._lock = Lock()
        if settings.username and not settings.password:
            raise ConfigError(
                f"[mail] username {settings.username} has no password",
                remedy="Give the password in the environment or in password_file.",
            )
        if settings.security != "none" and settings.ca_file:
            try:
                self._trust()
            except OSError as error:
                raise ConfigError(
                    f"[mail] ca_file {settings.ca_file}: {error.strerror or error}",
                    remedy="Name a PEM file of certificates, or leave it empty for the system's.",
                ) from None

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Connect, take TLS, sign in; says QUIT at the end.

        Raises:
            ServerError: trouble before any mail was offered.
        """
        settings = self._settings
        wire = Wire(
            timeout=settings.timeout,
            final_timeout=settings.final_timeout,
            secrets=_secrets(settings),
        )
        with self._lock:
            if self._stopped:
                self._blame("connect", "stopped")
            self._open.add(wire)
        try:
            self._greet(wire)
            yield Session(wire, to=self._to)
            wire.farewell()
        finally:
            with self._lock:
                self._open.discard(wire)
            wire.close()

    def stop(self) -> None:
        """From another thread: end open sessions within about a second, and open no more.

        A mail whose last dot is sent gets that second for its answer, since without it the mail
        would be sent again.
        """
        with self._lock:
            self._stopped = True
            wires = tuple(self._open)
        for wire in wires:
            wire.cut()

    def verifies(self) -> bool:
        """Whether the server must prove by a certificate that it has its name."""
        context = self._trust()
        return context.verify_mode is ssl.CERT_REQUIRED and context.check_hostname

    # -- the steps before the first mail -------------------------------------------------------

    def _greet(self, wire: Wire) -> None:
        settings = self._settings
        with self._at("connect"):
            wire.dial(settings.host, settings.port, name=settings.local_hostname)
        if settings.security == "tls":
            with self._at("tls"):
                wire.secure(self._context("tls"), settings.host)
        with self._at("banner"):
            self._expect("banner", wire.hear(), 220)
        with self._at("ehlo"):
            self._expect("ehlo", wire.greet(), 250)
        if settings.security not in ("tls", "none"):
            with self._at("starttls"):
                if "starttls" not in wire.esmtp_features:
                    self._blame("starttls", "the server offers no STARTTLS", halts=True)
                self._expect("starttls", wire.ask("STARTTLS"), 220)
                wire.secure(self._context("starttls"), settings.host)
            with self._at("ehlo"):  # what was offered in clear may have been anybody's word
                self._expect("ehlo", wire.greet(), 250)
        if settings.username:
            with self._at("auth"):
                self._sign_in(wire)

    def _sign_in(self, wire: Wire) -> None:
        """AUTH PLAIN (RFC 4616), else LOGIN; tried once, since failures may lock the account."""
        settings = self._settings
        if settings.security == "none" and not ip_address(wire.peer()).is_loopback:
            self._blame("auth", "no password is sent without TLS to another machine", halts=True)
        offered = wire.esmtp_features.get("auth", "").upper().split()
        if "PLAIN" in offered:
            reply = wire.ask("AUTH", f"PLAIN {_plain(settings)}")
        elif "LOGIN" in offered:
            reply = wire.ask("AUTH", "LOGIN")
            for answer in (settings.username, settings.password):
                if reply.code == 334:
                    reply = wire.ask(_base64(answer))
        else:
            ways = ", ".join(offered)[:80] or "none"
            self._blame("auth", f"no way to sign in that we know, offered: {ways}", halts=True)
        self._expect("auth", reply, 235)

    def _trust(self) -> ssl.SSLContext:
        """Which certificates are good: read anew for each session, as authorities change."""
        return ssl.create_default_context(cafile=self._settings.ca_file or None)

    def _context(self, stage: str) -> ssl.SSLContext:
        try:
            return self._trust()
        except OSError as error:  # it could be read when the service began
            said = f"ca_file {self._settings.ca_file}: {error.strerror or error}"
            self._blame(stage, said, halts=True)

    # -- errors --------------------------------------------------------------------------------

    @contextmanager
    def _at(self, stage: str) -> Iterator[None]:
        try:
            yield
        except Untrusted as broken:
            self._blame(stage, str(broken), halts=True)
        except Broken as broken:
            self._blame(stage, str(broken))

    def _expect(self, stage: str, reply: Reply, code: int) -> None:
        if reply.code != code:
            self._blame(stage, reply.text, code=reply.code, halts=reply.code >= 500)

    def _blame(self, stage: str, text: str, *, code: int = 0, halts: bool = False) -> NoReturn:
        raise blamed(self._to, stage, text, code=code, halts=halts) from None


def _base64(text: str) -> str:
    return b64encode(text.encode("utf-8", "surrogateescape")).decode()


def _plain(settings: SmtpSettings) -> str:
    return _base64(f"\0{settings.username}\0{settings.password}")


def _secrets(settings: SmtpSettings) -> tuple[str, ...]:
    """The password in every form that travels, for it may be echoed; the longest first."""
    if not settings.password:
        return ()
    return (_plain(settings), _base64(settings.password), settings.password)
