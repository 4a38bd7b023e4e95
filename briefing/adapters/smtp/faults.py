"""The one place that turns foreign errors of a connection, and trouble with a server, into ours."""

from __future__ import annotations

import os
import socket
import ssl

from briefing.errors import ServerError

_TLS = "Check host, port, security and ca_file of [mail]."
_SIGN_IN = "Check username, password and security of [mail]."
_REMEDIES = {"tls": _TLS, "starttls": _TLS} | dict.fromkeys(
    ("auth", "mail", "rcpt", "data", "dot"), _SIGN_IN
)


class Broken(Exception):
    """The connection is of no more use; the text says why."""


class Untrusted(Broken):
    """The server's certificate was refused."""


def blamed(to: str, stage: str, text: str, *, code: int = 0, halts: bool = False) -> ServerError:
    """The server ``to`` is of no use, see :class:`ServerError`; with what to do when it halts."""
    remedy = _REMEDIES.get(stage, "Check host and port of [mail].") if halts else ""
    return ServerError(to, text, stage=stage, code=code, halts=halts, remedy=remedy)


def translate(error: OSError | UnicodeError, *, seconds: float) -> Broken:
    """Our error for one of :mod:`socket` or :mod:`ssl`; ``seconds``: how long was waited."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return Untrusted(f"certificate refused: {getattr(error, 'verify_message', error)}")
    return Broken(_said(error, seconds))


def _said(error: OSError | UnicodeError, seconds: float) -> str:
    match error:
        case TimeoutError():
            return f"no answer within {seconds:g} s"
        case UnicodeError():  # of a host: a label without characters, or with more than 63
            return "no name of a host"
        case socket.gaierror():
            return f"no such host: {error.strerror}"
        case ConnectionRefusedError():
            return "connection refused"
        case ConnectionError() | ssl.SSLEOFError() | ssl.SSLZeroReturnError():
            return "hung up"
        case ssl.SSLError():
            reason = getattr(error, "reason", "") or str(error)
            return f"no TLS: {reason.lower().replace('_', ' ')}"
        case _ if error.errno:
            return os.strerror(error.errno).lower()
        case _:
            return str(error) or type(error).__name__
