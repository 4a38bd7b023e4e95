"""What can go wrong with a run, as one tree.

::

    BriefingError
      ConfigError      bad key or value, named with its file and line; exit 2, before any work
      FetchError       one address could not be had; the pipeline turns it into a Skip
      ModelError       model missing, wrong checksum, out of memory; the run falls back to
                       checked extracts, marked as such
      StoreError       the store cannot be used; ends the run, nothing half-written
        LeaseLost      another process has taken over this work; nothing of ours is recorded
      DeliveryError    an output could not be written or sent; what it held is kept
        ServerError    the mail server could not be used; no mail is to blame, all of them wait

Trouble with one item is a :class:`briefing.news.Skip`; trouble with the run is one of these;
anything else is a bug and keeps its traceback. Foreign errors are translated in one place for
each adapter.
"""

from __future__ import annotations


class BriefingError(Exception):
    """Anything this program expects to go wrong. ``remedy`` says what the user can do about it."""

    def __init__(self, message: str, *, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message}\n  Remedy: {self.remedy}" if self.remedy else self.message


class ConfigError(BriefingError):
    """A configuration file is missing or says something that is not understood.

    ``where`` is ``file:line`` (or the file alone when no line can be named).
    """

    def __init__(self, message: str, *, where: str = "", remedy: str = "") -> None:
        super().__init__(f"{where}: {message}" if where else message, remedy=remedy)
        self.where = where


class FetchError(BriefingError):
    """One address could not be fetched.

    ``reason`` is a short stable phrase for counting (``"timeout"``, ``"too large"``, ``"http 404"``
    or ``"refused address"``); ``retry_after`` is the number of seconds the server asked us to wait.
    """

    def __init__(
        self, url: str, reason: str, *, detail: str = "", retry_after: float | None = None
    ) -> None:
        super().__init__(f"{url}: {reason}" + (f" ({detail})" if detail else ""))
        self.url = url
        self.reason = reason
        self.detail = detail
        self.retry_after = retry_after


class ModelError(BriefingError):
    """A model is missing, damaged, or could not do its work."""


class StoreError(BriefingError):
    """The store cannot be read or written."""


class LeaseLost(StoreError):
    """Another process does this work now: ours was silent for too long."""


class DeliveryError(BriefingError):
    """An edition could not be written or sent to ``to``."""

    def __init__(self, to: str, message: str, *, remedy: str = "") -> None:
        super().__init__(f"{to}: {message}", remedy=remedy)
        self.to = to


class ServerError(DeliveryError):
    """The mail server ``to`` could not be used; no single mail is to blame.

    ``stage`` is where it failed ("connect", "tls", "banner", "ehlo", "starttls", "auth", "rset", or
    the step of a mail); ``code`` the SMTP reply code, 0 when none came; ``text`` what the server
    said or what went wrong, on one line. ``halts``: trying again is of no use until somebody
    changes something (wrong password, refused certificate); else it may pass by itself.
    """

    def __init__(
        self,
        to: str,
        text: str,
        *,
        stage: str,
        code: int = 0,
        halts: bool = False,
        remedy: str = "",
    ) -> None:
        super().__init__(
            to, f"{stage}: {code} {text}" if code else f"{stage}: {text}", remedy=remedy
        )
        self.stage = stage
        self.code = code
        self.text = text
        self.halts = halts
