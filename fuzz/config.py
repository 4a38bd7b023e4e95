"""Target ``config``: the configuration file, one story file, and the environment.

An input is up to five texts with a line ``====`` between them: ``briefing.toml``, the story,
BRIEFING_CACHE, BRIEFING_STORE and BRIEFING_OUT.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import chdir
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from briefing import config
from briefing.errors import ConfigError
from fuzz import corpus, truths
from fuzz.truths import hold

LONGEST = 4096  # bytes of an input
_BREAK = b"\n====\n"
_NAMES = ("BRIEFING_CACHE", "BRIEFING_STORE", "BRIEFING_OUT")
STORY = b"""name = "Harbour strike"
description = "The dock workers' strike in the harbour of Lunden."
[terms]
actors = ["dock workers", "port authority"]
"""


def check(data: bytes) -> None:
    """Raise when something does not hold for this input."""
    said, story, *environ = (data + 4 * _BREAK).split(_BREAK)[:5]
    root = Path(_folder().name)
    file, about = root / "config/briefing.toml", root / "config/stories/harbour-strike.toml"
    file.write_bytes(said)
    about.write_bytes(story or STORY)
    known = {
        name: text.decode("utf-8", "surrogateescape").replace("\0", "")
        for name, text in zip(_NAMES, environ, strict=True)
    }
    with chdir(root), truths.in_time():
        try:
            found = config.load(file, known)
        except ConfigError as error:
            _told(error, {str(file): said, str(about): story or STORY})
            return
    for path in (found.output.folder, found.feeds.file):
        hold(path.is_absolute(), f"a relative path: {path}")
    hold(set(found.stories) == {"harbour-strike"}, "another story")
    one = found.stories["harbour-strike"]
    hold(one.name.strip() and one.description.strip() and one.terms, "an empty story")
    hold(0.5 <= one.minutes <= 30 and 0 <= one.relevance <= 1, "out of bounds")


def _told(error: ConfigError, files: dict[str, bytes]) -> None:
    """The error names the variable, or the file and a line that it has; a person can read it."""
    hold(error.remedy, f"no remedy: {error.message[:200]!r}")
    if error.where in _NAMES:
        return
    found = re.fullmatch(r"(.*\.toml)(?::(\d+))?", error.where, re.DOTALL)
    hold(found and found[1] in files, f"no file: {error.where!r}")
    assert found
    hold(error.message and "Traceback" not in error.message, "no message")
    lines = files[found[1]].decode("utf-8", "replace").count("\n") + 1
    if found[2]:
        hold(1 <= int(found[2]) <= lines, f"line {found[2]} of {lines}")
    else:
        # A key that is not there has no line; nor has what Python gives up without a place
        absent = ("is missing", "UTF-8", "no story is called", "cannot be read", "too long")
        hold(any(words in error.message for words in absent), f"no line: {error.message[:200]!r}")


@cache
def _folder() -> TemporaryDirectory[str]:
    """One folder for all inputs, in memory where the system has that."""
    memory = Path("/dev/shm")
    folder = TemporaryDirectory(prefix="fuzz-config-", dir=memory if memory.is_dir() else None)
    (Path(folder.name) / "config/stories").mkdir(parents=True)
    return folder


def seeds(data: Path | None) -> Iterator[bytes]:
    """Inputs to begin with: the shipped configuration, and what the tests write."""
    del data  # there is no public collection of other people's configuration
    shipped = corpus.ROOT / "config"
    main = (shipped / "briefing.toml").read_bytes()
    for story in sorted((shipped / "stories").glob("*.toml")):
        yield main + _BREAK + story.read_bytes()
    for text in corpus.strings("test_config.py"):
        yield from (text, b"[run]" + _BREAK + text, b"" + _BREAK + STORY + text)
