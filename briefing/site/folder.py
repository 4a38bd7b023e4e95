"""A folder whose files we wrote: each put in place whole, and none removed that is not ours.

A marker file lists what we wrote. It is written before anything else with the old and the new
names, and after everything else with the new ones, so that a run killed in between leaves no file
that the next one would not know.
"""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from briefing.errors import DeliveryError

MARKER = ".briefing-site"
_TITLE = "# By `briefing site build`, which removes the files below when it makes them no more."
# Our own names alone, so that a marker somebody edited names nothing outside the folder.
_OURS = re.compile(r"(?:[A-Za-z0-9][A-Za-z0-9._-]*/)*[A-Za-z0-9][A-Za-z0-9._-]*", re.ASCII)

_REMEDIES = {
    errno.ENOSPC: "Free some space, then run it again; it goes on where it stopped.",
    errno.EDQUOT: "Free some of your quota, then run it again.",
    errno.EACCES: "Make the folder writable for this user, or name another.",
    errno.EPERM: "Make the folder writable for this user, or name another.",
    errno.EROFS: "The disk is mounted read-only: name another folder.",
    errno.ENOTDIR: "A file stands where a folder should be: move it, or name another folder.",
    errno.EEXIST: "A file stands where a folder should be: move it, or name another folder.",
    errno.EISDIR: "A folder stands where a file should be: move it, or name another folder.",
}


class OwnFolder:
    """One folder. Every method may raise ``DeliveryError``."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made: set[Path] = set()  # folders known to be real ones of ours

    def claim(self, names: Iterable[str]) -> None:
        """Make the folder, or make sure that it is ours, and mark the files to come.

        Raises:
            DeliveryError: it holds files and no marker: somebody else's, or a wrong folder.
        """
        with self._translated():
            self._folder.mkdir(parents=True, exist_ok=True)
            marked = (self._folder / MARKER).is_file()
            if not marked and any(self._folder.iterdir()):
                raise DeliveryError(
                    str(self._folder),
                    "it holds other files, and none of them is marked as this archive's",
                    remedy="Name an empty or a new folder.",
                )
            self._mark(sorted({*self._names(), *names}))

    def put(self, name: str, content: bytes) -> bool:
        """Write a file, whole or not at all; false when it holds that already."""
        target = self._folder / name
        with self._translated():
            self._make(target.parent)
            if _content(target) == content:
                return False
            _replace(target, content)
        return True

    def sweep(self, names: Iterable[str]) -> int:
        """Remove what we wrote before and not now, with folders that become empty; how many."""
        kept = set(names)
        removed = 0
        with self._translated():
            for name in self._names():
                target = self._folder / name
                if not self._is_inside(target.parent):
                    continue
                if _is_file(unfinished := _unfinished(target)):  # of a run that was killed
                    unfinished.unlink()
                if name not in kept and _is_file(target):
                    target.unlink()
                    removed += 1
                    self._clear(target.parent)
            self._mark(sorted(kept))
        return removed

    def _names(self) -> list[str]:
        """What the marker lists."""
        try:
            lines = (self._folder / MARKER).read_text("utf-8", "replace").splitlines()
        except FileNotFoundError:
            return []
        return [line for line in lines if _OURS.fullmatch(line)]

    def _mark(self, names: Iterable[str]) -> None:
        _replace(self._folder / MARKER, "\n".join([_TITLE, *names, ""]).encode())

    def _make(self, folder: Path) -> None:
        """Make a folder below ours; a link in its place would lead our files elsewhere."""
        if folder in self._made:
            return
        if folder != self._folder:
            self._make(folder.parent)
            if folder.is_symlink():
                raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder))
            folder.mkdir(exist_ok=True)
        self._made.add(folder)

    def _is_inside(self, folder: Path) -> bool:
        """Whether no link on the way leads out of our folder."""
        while folder != self._folder:
            if folder.is_symlink():
                return False
            folder = folder.parent
        return True

    def _clear(self, folder: Path) -> None:
        with suppress(OSError):  # it holds something still
            while folder != self._folder:
                folder.rmdir()
                folder = folder.parent

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise DeliveryError(
                str(error.filename or self._folder),
                error.strerror or str(error),
                remedy=_REMEDIES.get(error.errno or 0, ""),
            ) from error


def _content(file: Path) -> bytes | None:
    """What a file holds; ``None`` when there is none, or something else in its place."""
    if not _is_file(file):
        return None
    return file.read_bytes()


def _is_file(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()


def _unfinished(target: Path) -> Path:
    """Where a file is written before it takes its place."""
    return target.with_name(f".{target.name}.new")


def _replace(target: Path, content: bytes) -> None:
    """Put a file in place by one rename, once its content is down on the disk."""
    new = _unfinished(target)
    try:
        with new.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(new, target)
    except OSError:
        with suppress(OSError):
            new.unlink()
        raise
