"""Editions as folders: ``<out>/<date>/<story>/``, each there whole or not at all. Of several
editions a day, each has its time in the name: ``<story>.1700``.

An edition is written in a hidden folder beside its place, synced, and put in place by one
exchange of names, so that at every moment the old or the new edition stands there complete.
Where the system cannot exchange two names, the old one is renamed aside first; a crash between
the two renames is mended by the next call.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from briefing.errors import DeliveryError
from briefing.news import Edition

_SAFE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")  # no separator, no leading dot
_EXCHANGE = 2  # RENAME_EXCHANGE of renameat2(2), Linux 3.15
_HERE = -100  # AT_FDCWD

_REMEDIES = {
    errno.ENOSPC: "Free some space, then run again. The edition before this one is untouched.",
    errno.EDQUOT: "Free some of your quota, then run again.",
    errno.EFBIG: "Raise the limit on file size (ulimit -f), then run again.",
    errno.EACCES: "Make the folder writable for this user, or choose another with --out.",
    errno.EPERM: "Make the folder writable for this user, or choose another with --out.",
    errno.EROFS: "The disk is mounted read-only: choose another folder with --out.",
    errno.ENOTDIR: "A file stands where a folder should be: move it, or choose another --out.",
    errno.EEXIST: "A file stands where a folder should be: move it, or choose another --out.",
}


class DigestFiles:
    """Writes editions below one folder. Satisfies :class:`briefing.ports.Files`."""

    def __init__(self, out: Path) -> None:
        """``out``: the folder of all editions; made with the first one."""
        self._out = out

    def folder(self, edition: Edition) -> Path:
        """Where the edition stands, or would stand.

        Raises:
            DeliveryError: the story's slug is no plain name.
        """
        return self._out / edition.day.isoformat() / _plain_name(edition.name, edition)

    def save(self, edition: Edition, files: dict[str, str]) -> Path:
        """Write all files of the edition (name to text), whole or not at all; return the folder.

        An older folder of the same edition is replaced with all that is in it.

        Raises:
            DeliveryError: the folder cannot be written; what stood there stands there still.
        """
        target = self.folder(edition)
        contents = {_plain_name(name, edition): _bytes(text, name) for name, text in files.items()}
        day = target.parent
        new, old = (day / f".{target.name}.{end}" for end in ("new", "old"))
        missing: list[Path] = []
        try:
            missing += [folder for folder in (day, self._out) if not folder.exists()]
            day.mkdir(parents=True, exist_ok=True)
            for folder in missing:
                _sync(folder.parent)
            with _alone(day):
                _mend(target, new, old)
                try:
                    _write(new, contents)
                    _put_in_place(new, target, old)
                finally:
                    _remove(new)  # a failed one, or the old edition that changed places with it
                _remove(old)
        except OSError as error:
            if day in missing:
                with suppress(OSError):
                    day.rmdir()
            raise DeliveryError(
                str(target),
                error.strerror or str(error),
                remedy=_REMEDIES.get(error.errno or 0, ""),
            ) from error
        return target


@contextmanager
def _alone(day: Path) -> Iterator[None]:
    """Let one process at a time write editions of this day. The lock ends with its process."""
    handle = os.open(day, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _mend(target: Path, new: Path, old: Path) -> None:
    """Clear what a killed run left behind, giving the place back to an edition set aside."""
    _remove(new)
    if old.exists() and not target.exists():
        os.rename(old, target)
    _remove(old)
    if target.exists() and not target.is_dir():
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target))


def _write(folder: Path, contents: dict[str, bytes]) -> None:
    """Write the files into a new folder, down to the disk."""
    folder.mkdir()
    for name, content in contents.items():
        with (folder / name).open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    _sync(folder)


def _put_in_place(new: Path, target: Path, old: Path) -> None:
    """Give the name ``target`` to the folder ``new``, down to the disk."""
    if not target.exists():
        os.rename(new, target)
    elif not _exchange(new, target):
        os.rename(target, old)
        try:
            os.rename(new, target)
        except OSError:
            os.rename(old, target)
            raise
    _sync(target.parent)


def _exchange(one: Path, other: Path) -> bool:
    """Swap two names in one step; false where the system or the file system cannot."""
    renameat2 = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if renameat2 is None:
        return False
    if renameat2(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP):
        return False
    raise OSError(number, os.strerror(number), str(other))


def _remove(path: Path) -> None:
    """Remove a folder with all that is in it, or a link, if there is one; never fails."""
    if path.is_symlink() or path.is_file():
        with suppress(OSError):
            path.unlink()
    else:
        shutil.rmtree(path, ignore_errors=True)


def _sync(folder: Path) -> None:
    """Bring the names in a folder down to the disk."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _plain_name(name: str, edition: Edition) -> str:
    if not _SAFE_NAME.fullmatch(name):
        raise DeliveryError(
            str(edition),
            f"{name!r} is no name for a file or folder",
            remedy="Use letters, digits, '-', '_' and '.' in the story's slug.",
        )
    return name


def _bytes(text: str, name: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise DeliveryError(name, f"holds what no file can hold: {error.reason}") from error
