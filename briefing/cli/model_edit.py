"""Change values of a section of the configuration file; all else in it stays as it is."""

from __future__ import annotations

import contextlib
import json
import os
import re
import tempfile
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from briefing import tables
from briefing.errors import ConfigError

_HEADING = re.compile(r"\s*\[")


def write(file: Path, section: str, values: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """Give keys of a section new texts, in place: comments, order and line ends are kept.

    A key that is not there is added, unless its new text is empty.

    Returns:
        The keys that changed, with the text before ("" for none) and after.

    Raises:
        ConfigError: the file cannot be read or written, or is laid out in a way that cannot be
            changed without touching more; then it is left as it is.
    """
    document = tables.read(file)
    found = document.tables.get(section, {})
    old = {key: str(found.get(key, "")) for key in values} if isinstance(found, dict) else {}
    fresh = {key: text for key, text in values.items() if old.get(key, "") != text}
    if not fresh:
        return {}
    # Line ends as they are in the file, and its byte order mark, which the tables leave out.
    raw = file.read_bytes().decode("utf-8")
    changed = raw
    for key, text in fresh.items():
        changed = _set(changed, section, key, text)
    if not _as_wanted(document.tables, changed, section, fresh):
        lines = ", ".join(f"{key} = {json.dumps(text)}" for key, text in fresh.items())
        raise ConfigError(
            f"[{section}] is laid out in a way that this command does not change",
            where=document.where(section, ""),
            remedy=f"write there yourself: {lines}",
        )
    _replace(file.resolve(), changed)
    return {key: (old.get(key, ""), text) for key, text in fresh.items()}


def _set(text: str, section: str, key: str, value: str) -> str:
    """The text with one key set; added below the last key of the section, or in a new one."""
    end = "\r\n" if "\r\n" in text else "\n"
    lines = text.splitlines(keepends=True)
    heading = re.compile(rf"\ufeff?\s*\[\s*{re.escape(section)}\s*\]\s*(?:#.*)?$")
    start = next((n for n, line in enumerate(lines) if heading.match(line.rstrip("\r\n"))), None)
    said = f"{key} = {json.dumps(value, ensure_ascii=False)}"
    if start is None:
        gap = end if text and not text.endswith(end + end) else ""
        if text and not text.endswith("\n"):
            gap = end + end
        return f"{text}{gap}[{section}]{end}{said}{end}"
    entry = re.compile(
        rf"(?P<key>\s*[\"']?{re.escape(key)}[\"']?\s*=\s*)"
        r"(?P<value>\"(?:[^\"\\]|\\.)*\"|'[^']*')(?P<gap>[ \t]*)(?P<note>#.*)?$"
    )
    last = start
    for n in range(start + 1, len(lines)):
        if _HEADING.match(lines[n]):
            break
        line = lines[n].rstrip("\r\n")
        if line.strip() and not line.lstrip().startswith("#"):
            last = n
        if match := entry.match(line):
            shown = json.dumps(value, ensure_ascii=False)
            gap = match["gap"]
            if match["note"]:
                column = _column(lines[start + 1 :], but=n - start - 1) or match.start("note")
                gap = " " * max(1, column - len(match["key"]) - len(shown))
            lines[n] = match["key"] + shown + gap + (match["note"] or "") + lines[n][len(line) :]
            return "".join(lines)
    if not lines[last].endswith("\n"):
        lines[last] += end
    lines.insert(last + 1, said + end)
    return "".join(lines)


# A line "key = value # comment", up to the comment.
_NOTED = re.compile(r"(\s*[\w\"'-]+\s*=\s*+(?:\"(?:[^\"\\]|\\.)*\"|'[^']*'|[^#\"'\n]*+)\s*)#")


def _column(lines: Sequence[str], *, but: int) -> int:
    """Where most comments of a section stand, the line ``but`` left out; 0 where there are none."""
    found: Counter[int] = Counter()
    for n, line in enumerate(lines):
        if _HEADING.match(line):
            break
        if n != but and (match := _NOTED.match(line)):
            found[match.end(1)] += 1
    return found.most_common(1)[0][0] if found else 0


def _as_wanted(
    before: Mapping[str, object], text: str, section: str, values: Mapping[str, str]
) -> bool:
    """Whether the text says what the file said, but for the values."""
    try:
        after = tomllib.loads(text.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError:
        return False
    inside = before.get(section, {})
    return isinstance(inside, dict) and after == {**before, section: {**inside, **values}}


def _replace(file: Path, text: str) -> None:
    """Put the text in the file's place in one step, with the file's own permissions."""
    name = ""
    try:
        handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}-")
        with os.fdopen(handle, "wb") as opened:
            opened.write(text.encode("utf-8"))
            opened.flush()
            os.fsync(opened.fileno())
        os.chmod(name, file.stat().st_mode & 0o7777)
        os.replace(name, file)
    except OSError as error:
        if name:
            with contextlib.suppress(OSError):
                os.unlink(name)
        raise ConfigError(
            f"cannot be written ({error.strerror})",
            where=str(file),
            remedy=f"make {file.parent} writable",
        ) from error
