"""Files and rows of a data folder. A bad row is left out, counted and named; a bad file is named.

Data folders come in many states: parts of sets, other sets of the same layout, files cut short. An
eval measures what is there and says what it left out.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from briefing.errors import ConfigError

_SHOWN = 5  # bad rows that are named one by one


class NoData(ConfigError):
    """The data folder holds nothing for this eval."""


@dataclass(slots=True)
class Losses:
    """What was left out of a measurement, as ``file:line: why``."""

    said: list[str] = field(default_factory=list)

    def add(self, where: Path, line: int | None, why: str) -> None:
        """Note one row, or a whole file when there is no line."""
        self.said.append(f"{where}:{line}: {why}" if line else f"{where}: {why}")

    def figures(self) -> dict[str, Any]:
        """For the object of an eval: how many, and the first of them; nothing when none."""
        for each in self.said[:_SHOWN]:
            print(f"left out: {each}", file=sys.stderr)
        if len(self.said) > _SHOWN:
            print(f"left out: {len(self.said) - _SHOWN} rows more", file=sys.stderr)
        if not self.said:
            return {}
        return {"left_out_rows": len(self.said), "left_out_first": self.said[:_SHOWN]}


def files(data: Path, *patterns: str) -> list[Path]:
    """The files below ``data`` that match one of the patterns, in order.

    Raises:
        NoData: there is none.
    """
    found = sorted({path for pattern in patterns for path in data.glob(pattern) if path.is_file()})
    if not found:
        raise NoData(
            f"holds no {' or '.join(patterns)}",
            where=str(data),
            remedy="name the folder that holds it: --data DIR, or BRIEFING_DATA",
        )
    return found


def rows(
    file: Path, needs: Mapping[str, type | tuple[type, ...]], losses: Losses
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Line number and object of each line of a JSON Lines file.

    A line that is no object, or lacks one of ``needs`` (field -> its type), goes to ``losses``. A
    field of type ``str`` must not be blank.

    Raises:
        ConfigError: the file cannot be read at all.
    """
    try:
        body = file.read_bytes()
    except OSError as error:
        raise ConfigError(
            f"cannot be read: {error.strerror}", where=str(file), remedy="check its permissions"
        ) from error
    for number, line in enumerate(body.split(b"\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            losses.add(file, number, f"not JSON: {error}")
            continue
        if why := _lacking(row, needs):
            losses.add(file, number, why)
        else:
            yield number, row


def _lacking(row: Any, needs: Mapping[str, type | tuple[type, ...]]) -> str:
    if not isinstance(row, dict):
        return f"an object is needed, not {type(row).__name__}"
    for key, kind in needs.items():
        if key not in row:
            return f"no {key!r}"
        if not isinstance(row[key], kind):
            return f"{key!r} is {type(row[key]).__name__}"
        if isinstance(row[key], str) and not row[key].strip():
            return f"{key!r} is empty"
    return ""


def write_jsonl(file: Path, records: list[dict[str, Any]]) -> None:
    """One object a line.

    Raises:
        ConfigError: the file cannot be written.
    """
    lines = [json.dumps(record, ensure_ascii=False) for record in records]
    try:
        file.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    except OSError as error:
        raise ConfigError(
            f"cannot be written: {error.strerror}", where=str(file), remedy="name another file"
        ) from error
