"""A folder of article files, nested to any depth."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from briefing.errors import ConfigError
from briefing.news import Document, Skip

SUFFIXES = (".txt", ".md", ".html", ".htm", ".eml", ".json")
_MEDIA_TYPES = {
    ".txt": "text/plain",
    ".md": "text/markdown",
    ".html": "text/html",
    ".htm": "text/html",
    ".eml": "message/rfc822",
    ".json": "application/json",
}
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
MOST_BYTES = 20_000_000  # the largest news page measured has 1.5 million


class ArticleFolder:
    """Reads the article files of one folder; satisfies :class:`briefing.ports.Folder`.

    Args:
        path: the folder.
        name: how entries name it ("folder:<name>"); the folder's own name by default.
        most_bytes: a larger file is a Skip "too large".
    """

    def __init__(self, path: Path, *, name: str = "", most_bytes: int = MOST_BYTES) -> None:
        self.path = path
        self.name = name or Path(os.path.abspath(path)).name or "folder"
        self._most_bytes = most_bytes

    def read(self) -> Iterator[Document | Skip]:
        """Yield every file in path order; its address is the path relative to the folder.

        Hidden files and folders are passed over. A :class:`Skip` of the stage "fetch" stands for
        what cannot be had: "unknown kind of file", "too large", "outside the folder" (a link that
        leaves it), "unreadable file" (no permission, vanished, not a regular file). An empty
        folder yields nothing.

        Raises:
            ConfigError: the folder does not exist, is no folder, or cannot be listed.
        """
        root = self._root()
        for relative in sorted(self._paths(root), key=lambda path: Path(path).parts):
            yield self._document(root, relative)

    def _root(self) -> Path:
        try:
            root = self.path.resolve(strict=True)
            if not root.is_dir():
                raise ConfigError(
                    f"{self.path} is a file, not a folder",
                    remedy="name the folder that holds the article files, not one of them",
                )
            os.scandir(root).close()
        except FileNotFoundError:
            raise ConfigError(
                f"the folder {self.path} does not exist",
                remedy="make it and put article files into it "
                f"({' '.join(SUFFIXES)}), or name another one with --source",
            ) from None
        except OSError as error:  # no permission, a loop of links
            raise ConfigError(
                f"the folder {self.path} cannot be read ({error.strerror or error})",
                remedy="give your user the right to read and enter it",
            ) from error
        except ValueError as error:  # a NUL in the path
            raise ConfigError(
                f"{self.path!r} is no path ({error})", remedy="name a folder"
            ) from error
        return root

    def _paths(self, root: Path) -> Iterator[str]:
        """Relative paths of everything that is not a folder or hidden. Links to folders are not
        entered: they could lead in a circle; each is one path of its own."""
        waiting = [root]
        while waiting:
            folder = waiting.pop()
            try:
                children = list(os.scandir(folder))
            except OSError:
                yield str(folder.relative_to(root))  # shown as unreadable
                continue
            for child in children:
                if child.name.startswith("."):
                    continue
                if child.is_dir(follow_symlinks=False):
                    waiting.append(Path(child.path))
                else:
                    yield str(Path(child.path).relative_to(root))

    def _document(self, root: Path, relative: str) -> Document | Skip:
        path = root / relative
        shown = relative.encode("utf-8", "replace").decode("utf-8")  # undecodable names
        try:
            real = path.resolve(strict=True)
        except (OSError, RuntimeError) as error:  # a dead link, a circle of links
            return Skip("fetch", shown, "unreadable file", _why(error))
        if not real.is_relative_to(root):
            return Skip(
                "fetch", shown, "outside the folder", "a link that leaves it is not followed"
            )
        suffix = path.suffix.lower()
        if real.is_dir():
            reason = "unreadable file" if not path.is_symlink() else "link to a folder"
            return Skip("fetch", shown, reason, "its files are read where they are, or not at all")
        if suffix not in SUFFIXES:
            return Skip("fetch", shown, "unknown kind of file", f"{' '.join(SUFFIXES)} are read")
        return self._read(root, real, shown, suffix)

    def _read(self, root: Path, real: Path, shown: str, suffix: str) -> Document | Skip:
        try:
            handle = _opened(root, real)
        except OSError as error:
            return Skip("fetch", shown, "unreadable file", _why(error))
        try:
            status = os.fstat(handle)
            if not stat.S_ISREG(status.st_mode):
                return Skip("fetch", shown, "unreadable file", "not a regular file")
            with os.fdopen(os.dup(handle), "rb") as file:
                body = file.read(self._most_bytes + 1)
        except OSError as error:
            return Skip("fetch", shown, "unreadable file", _why(error))
        finally:
            os.close(handle)
        if len(body) > self._most_bytes:
            size = f"{max(status.st_size, len(body)) / 1e6:.0f} MB; the limit is "
            return Skip("fetch", shown, "too large", f"{size}{self._most_bytes / 1e6:.0f} MB")
        return Document(shown, body, media_type=_MEDIA_TYPES[suffix])


def _opened(root: Path, real: Path) -> int:
    """A handle of the regular file ``real`` below ``root``.

    No link is followed on the way: what was looked at a moment ago may have been exchanged for one
    that leaves the folder. Neither a device nor a pipe is opened: to open one can do something, or
    wait for ever.
    """
    *folders, name = real.relative_to(root).parts
    here = os.open(root, _FOLDER)
    try:
        for folder in folders:
            inner = os.open(folder, _FOLDER, dir_fd=here)
            os.close(here)
            here = inner
        if not stat.S_ISREG(os.stat(name, dir_fd=here, follow_symlinks=False).st_mode):
            raise OSError(errno.EINVAL, "not a regular file")
        return os.open(name, _FILE, dir_fd=here)
    finally:
        os.close(here)


def _why(error: OSError | RuntimeError) -> str:
    return (error.strerror if isinstance(error, OSError) else "") or str(error)
