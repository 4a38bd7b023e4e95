"""TOML files read strictly: every key known, typed and within bounds, or named by file and line."""

from __future__ import annotations

import difflib
import math
import re
import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import MISSING, dataclass, fields
from pathlib import Path
from typing import Any, TypeVar, cast, get_args, get_type_hints

from briefing.errors import ConfigError

S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Key:
    """What a key means, and the bounds it must keep: annotates a field of a section."""

    says: str
    least: float | None = None
    most: float | None = None
    choices: tuple[str, ...] = ()


def keys(kind: type[Any]) -> dict[str, Key]:
    """The keys of a section, by name, in the order they are written."""
    hints = get_type_hints(kind, include_extras=True)
    return {f.name: hints[f.name].__metadata__[0] for f in fields(kind)}


@dataclass(frozen=True, slots=True)
class Document:
    """A TOML file: its tables, and the text that line numbers come from."""

    file: Path
    text: str
    tables: Mapping[str, Any]

    def only(self, known: Collection[str], *, section: str = "") -> None:
        """Refuse keys of the section ("" for the top of the file) that are not ``known``."""
        found = self.tables.get(section, {}) if section else self.tables
        for key in found:
            if key not in known:
                what = "section" if isinstance(found[key], dict) else "key"
                inside = f" in [{section}]" if section else ""
                raise ConfigError(
                    f"unknown {what} {key!r}{inside}",
                    where=self.where(section, key),
                    remedy=did_you_mean(key, known),
                )

    def section(self, name: str, kind: type[S]) -> S:
        """The section as a ``kind``: a dataclass whose fields are annotated with a :class:`Key`.
        Without a name, the top of the file is the section.

        Raises:
            ConfigError: a key is unknown, missing, of the wrong type, or out of bounds.
        """
        found = self.tables.get(name, {}) if name else self.tables
        if not isinstance(found, dict):
            raise ConfigError(
                f"{name!r} is a section, not a key",
                where=self.where("", name),
                remedy=f"write [{name}] on a line of its own, and its keys below",
            )
        known = keys(kind)
        self.only(known, section=name)
        hints = get_type_hints(kind)
        needed = {f.name for f in fields(cast(Any, kind)) if f.default is MISSING}
        values: dict[str, Any] = {}
        for key, one in known.items():
            if key in found:
                value = self._typed(name, key, found[key], hints[key])
                values[key] = self._bounded(name, key, value, one)
            elif key in needed:
                raise ConfigError(
                    f"the key {key!r} is missing",
                    where=self.where(name, ""),
                    remedy=f"add `{key} = …`: {one.says}",
                )
        return kind(**values)

    def where(self, section: str, key: str) -> str:
        """``file:line`` of a key, or of the section's heading; the file alone when unknown."""
        line = _line(self.text, section, key)
        return f"{self.file}:{line}" if line else str(self.file)

    def first(self, *words: str) -> str:
        """``file:line`` of the first line that holds these words, or else the next ones; the file
        alone when none does."""
        for one in words:
            for number, line in enumerate(self.text.split("\n"), start=1):
                if one in line:
                    return f"{self.file}:{number}"
        return str(self.file)

    def _typed(self, section: str, key: str, value: Any, kind: Any) -> Any:
        wanted, convert = _TYPES[kind]
        if kind is float and type(value) is int:
            try:
                return float(value)
            except OverflowError:
                return math.inf if value > 0 else -math.inf
        each = get_args(kind)[0] if wanted is list else None
        if type(value) is not wanted or (each and not all(type(one) is each for one in value)):
            raise ConfigError(
                f"{key} must be {_SAID[kind]}, not {_shown(value)}",
                where=self.where(section, key),
                remedy=f"write it as {_SHOWN[kind]}",
            )
        return convert(value)

    def _bounded(self, section: str, key: str, value: Any, bounds: Key) -> Any:
        if bounds.choices and value not in bounds.choices:
            raise ConfigError(
                f"{key} must be one of {', '.join(bounds.choices)}, not {_shown(value)}",
                where=self.where(section, key),
                remedy=did_you_mean(value, bounds.choices),
            )
        least, most = bounds.least, bounds.most
        # Written so that "not a number" (nan) fails too.
        if least is not None and most is not None and not least <= value <= most:
            raise ConfigError(
                f"{key} must be from {least:g} to {most:g}, not {_shown(value)}",
                where=self.where(section, key),
                remedy=f"it means: {bounds.says}",
            )
        return value


_TYPES: dict[Any, tuple[type[Any], Any]] = {
    str: (str, str),
    int: (int, int),
    float: (float, float),
    bool: (bool, bool),
    Path: (str, Path),
    tuple[str, ...]: (list, tuple),
    tuple[int, ...]: (list, tuple),
}
_SAID = {
    str: "a text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    Path: "a path",
    tuple[str, ...]: "a list of texts",
    tuple[int, ...]: "a list of whole numbers",
}
_SHOWN = {
    str: 'key = "text"',
    int: "key = 3",
    float: "key = 2.5",
    bool: "key = true",
    Path: 'key = "folder/file"',
    tuple[str, ...]: 'key = ["one", "two"]',
    tuple[int, ...]: "key = [8080, 8443]",
}


def read(file: Path) -> Document:
    """Read one TOML file.

    Raises:
        ConfigError: it cannot be read, is not UTF-8, or is not TOML.
    """
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise ConfigError(
            f"cannot be read ({error.strerror})",
            where=str(file),
            remedy="check that the file exists and that you may read it",
        ) from error
    except UnicodeDecodeError as error:
        raise ConfigError(
            "is not UTF-8 text", where=str(file), remedy="save the file as UTF-8"
        ) from error
    try:
        return Document(file=file, text=text, tables=tomllib.loads(text))
    except (ValueError, RecursionError) as error:  # beside bad TOML: 5,000 digits or brackets
        raise _no_toml(file, text, error) from error


def _no_toml(file: Path, text: str, error: Exception) -> ConfigError:
    said = re.match(r"(.*?) \(at (?:line (\d+), column \d+|end of document)\)$", str(error))
    message, line = (said[1], said[2]) if said else ("a number or a nesting too long", "")
    if said and not line:
        line = str(text.rstrip("\n").count("\n") + 1)
    return ConfigError(
        f"not valid TOML: {message}",
        where=f"{file}:{line}" if line else str(file),
        remedy='texts stand in quotes, as in key = "text"',
    )


def where(file: Path, section: str, key: str) -> str:
    """``file:line`` of a key, read again from the file."""
    return read(file).where(section, key)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A remedy: the nearest known name, or all of them."""
    names = sorted(known)
    near = difflib.get_close_matches(word, names, n=1, cutoff=0.75)
    if near:
        return f"did you mean {near[0]!r}?"
    return f"known names: {', '.join(names)}" if names else ""


def _shown(value: Any) -> str:
    """The value as a message can show it, 80 characters at most."""
    try:
        text = repr(value)
    except ValueError:  # Python writes no number of more than 4,300 digits
        text = "a number that long"
    return text if len(text) <= 80 else text[:80] + "…"


_NAME = r"""(?:[\w-]+|"[^"\n]*"|'[^'\n]*')"""
_NAMES = rf"{_NAME}(?:[ \t]*\.[ \t]*{_NAME})*"
_HEADING = re.compile(rf"[ \t]*\[{{1,2}}[ \t]*({_NAMES})[ \t]*\]")
_KEY = re.compile(rf"[ \t]*({_NAMES})[ \t]*=")


def _line(text: str, section: str, key: str) -> int:
    """Line number of ``key`` in ``[section]``, from 1; else that of the section, however it is
    written (``[section]``, ``section.key = …``, ``section = {…}``); 0 when neither is there."""
    wanted = [section, key] if section and key else [section or key]
    inside: list[str] = []
    best = nearest = 0
    for number, line in enumerate(text.split("\n"), start=1):
        if heading := _HEADING.match(line):
            found = inside = _path(heading[1])
        elif said := _KEY.match(line):
            found = inside + _path(said[1])
        else:
            continue
        near = 0
        while near < min(len(wanted), len(found)) and wanted[near] == found[near]:
            near += 1
        if near > nearest:
            best, nearest = number, near
    return best


def _path(names: str) -> list[str]:
    """The keys of ``a."b c".d``, as TOML reads them."""
    found: list[str] = []
    try:
        value: Any = tomllib.loads(f"{names} = 0")
    except tomllib.TOMLDecodeError:  # inside a text of several lines, anything may stand
        return found
    while isinstance(value, dict):
        (key, value) = next(iter(value.items()))
        found.append(key)
    return found
