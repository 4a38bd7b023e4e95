"""The log of the service: one line for each thing that happened, on the error stream.

``time=2024-11-22T06:30:04Z level=info event="edition published" story=harbour mails=3`` or the same
as one JSON object. No line holds a password, and none a mail's text.
"""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime
from typing import TextIO

from briefing.adapters.secrets import redacted

NAME = "briefing"
_PLAIN = frozenset(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,:;/@+_-<>()[]%*#"
)


class Lines(logging.Formatter):
    """``key=value`` pairs; a value that is no plain word stands in quotes."""

    def format(self, record: logging.LogRecord) -> str:
        return " ".join(f"{key}={_value(value)}" for key, value in _pairs(self, record).items())


class Objects(logging.Formatter):
    """One JSON object on each line."""

    def format(self, record: logging.LogRecord) -> str:
        return json.dumps(_pairs(self, record), ensure_ascii=True, default=str)


def set_up(form: str, *, stream: TextIO | None = None) -> logging.Logger:
    """The service's log, as ``text`` or ``json``; warnings of other libraries go there too."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(Objects() if form == "json" else Lines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    # Its warnings say that a job still runs when its next turn comes, which is as intended.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    log = logging.getLogger(NAME)
    log.setLevel(logging.INFO)
    return log


def say(event: str, *, level: int = logging.INFO, **facts: object) -> None:
    """Write one line."""
    logging.getLogger(NAME).log(level, event, extra={"facts": facts})


def _pairs(formatter: logging.Formatter, record: logging.LogRecord) -> dict[str, object]:
    moment = datetime.fromtimestamp(record.created, UTC)
    pairs: dict[str, object] = {
        "time": f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z",
        "level": record.levelname.lower(),
        "event": record.getMessage(),
    }
    if record.name != NAME:
        pairs["from"] = record.name
    pairs |= getattr(record, "facts", {})
    if record.exc_info:
        pairs["traceback"] = formatter.formatException(record.exc_info)
    return {
        key: value if isinstance(value, int | float | None) else redacted(str(value))
        for key, value in pairs.items()
    }


def _value(value: object) -> str:
    text = str(value)
    return text if text and set(text) <= _PLAIN else json.dumps(text, ensure_ascii=True)
