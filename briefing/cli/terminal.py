"""The one way to the terminal: everything that is printed passes here.

What is printed quotes others: headlines, titles of feeds, names of files, answers of servers. None
of it may move the cursor, colour, ring, reach the clipboard, or look like a line of ours. So a line
is given as one argument, and a line break inside it is spelled out like every other character
that a terminal obeys (:mod:`briefing.text.unsafe`).

Streams are guarded besides (:func:`guard`): a traceback, a warning or another library's message
may quote the same texts, and is not printed by us.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, TextIO

import click

from briefing.adapters.secrets import redacted
from briefing.text.unsafe import spelled_out


def say(*lines: str, err: bool = False) -> None:
    """Print each argument as one line, on the error stream if ``err``."""
    click.echo("\n".join(map(spelled_out, lines)), err=err)


def say_document(text: str) -> None:
    """Print a text of many lines that is ours as a whole: a rendering, a script, a file."""
    click.echo(spelled_out(text, keep="\n\t"), nl=not text.endswith("\n"))


def say_json(value: Any) -> None:
    """Print ``value`` as one JSON object: dataclasses as objects, dates as ISO 8601."""
    say_document(json.dumps(value, default=_plain, ensure_ascii=False, indent=2))


def table(rows: Iterable[Sequence[object]], *, indent: str = "  ") -> list[str]:
    """Rows as lines of aligned columns; the last column is not padded."""
    texts = [[spelled_out(str(cell)) for cell in row] for row in rows]
    if not texts:
        return []
    widths = [max(len(row[i]) for row in texts) for i in range(len(texts[0]))]
    return [
        indent
        + "  ".join(
            cell if i == len(row) - 1 else cell.ljust(widths[i]) for i, cell in enumerate(row)
        ).rstrip()
        for row in texts
    ]


class Guarded:
    """A text stream that takes out secrets and spells out what a terminal obeys; all else is the
    stream's own."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream

    def write(self, text: str) -> int:
        self.stream.write(spelled_out(redacted(text), keep="\n\t"))
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)


def guard() -> None:
    """Guard the output and error streams of this process, once and until it ends."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is not None and not isinstance(stream, Guarded):
            setattr(sys, name, Guarded(stream))


def unguarded(stream: TextIO) -> TextIO:
    """The stream itself, for the bars of a run, whose escapes are ours."""
    return stream.stream if isinstance(stream, Guarded) else stream


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Path):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")
