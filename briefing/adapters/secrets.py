"""Passwords and keys: from the environment, or from a file that nobody else can read.

What they hold is never part of a message. Should another library quote one all the same,
:func:`redacted` takes it out of everything that is printed or logged.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import stat
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from briefing.errors import ConfigError

KEY_VARIABLE = "BRIEFING_SECRET"
"""Environment variable that holds the site's key, 64 hex digits, instead of a file."""

KEY_BYTES = 32  # as long as the digest of HMAC-SHA256 (RFC 2104, 3)
MAX_BYTES = 65_536  # of a file; a larger one is not what was meant

PASSWORD_VARIABLE = "BRIEFING_PASSWORD"
"""Environment variable that holds the password of the mail account, instead of a file."""

SHORTEST = 6
"""Characters of a secret that is looked for in texts; a shorter one would take out whole words."""

_KEY = re.compile(r"[0-9a-fA-F]{64}")
_HIDDEN = "***"
# Greedy: a password may hold an "@" itself. The name of a user of the web is as good as a password.
_IN_WEB_ADDRESS = re.compile(r"(https?://)[^\s/?#]*@", re.I)
_IN_ADDRESS = re.compile(r"(://[^\s/?#:@]*:)[^\s/?#]*@")
_IN_OPTIONS = re.compile(r"([?&](?:ssl)?passw(?:or)?d=)[^&\s\"'<>]*", re.I)

_seen: set[str] = set()  # each secret that this process has read, in every form that may be printed


def read_secret(*, environ: Mapping[str, str], name: str, file: str, what: str) -> str:
    """A secret of the user's.

    Args:
        environ: the environment.
        name: variable looked at first; an empty one counts as missing.
        file: looked at next; one line end at its end is not part of the secret. Empty: no file.
        what: the secret for people, as "password of [mail]".

    Raises:
        ConfigError: there is none, or its file is not ours alone.
    """
    if value := environ.get(name, ""):
        return _noted(value)
    if not file:
        raise ConfigError(
            f"no {what}", remedy=f"Set {name} in the environment, or name a file that holds it."
        )
    try:
        text = _own_text(Path(file), what)
    except FileNotFoundError:
        raise ConfigError(
            f"{what}: no file {file}",
            remedy=f"Write the file, readable by its owner alone (chmod 600), or set {name}.",
        ) from None
    secret = text.removesuffix("\n").removesuffix("\r")
    if not secret:
        raise ConfigError(f"{what}: {file} is empty", remedy=f"Write it there, or set {name}.")
    return _noted(secret)


def expect_own_file(file: str, what: str) -> None:
    """Pass when nobody but this user can read the file of a secret, or write it.

    Raises:
        FileNotFoundError: there is none.
        ConfigError: it cannot be read, or is open to others.
    """
    _own_text(Path(file), what)


def own_key(file: str | Path, environ: Mapping[str, str]) -> bytes:
    """The key that signs addresses of the site: 32 bytes.

    From ``BRIEFING_SECRET`` if that is set, else from ``file``, which is made with a random
    key when it is missing. Several processes that make it at once all get the same key.

    Raises:
        ConfigError: what is there is no key, is not ours alone, or cannot be made.
    """
    what = "key of the site"
    if value := environ.get(KEY_VARIABLE, ""):
        return _parsed(value, what, KEY_VARIABLE)
    path = Path(file)
    try:
        text = _own_text(path, what)
    except FileNotFoundError:
        try:
            _make(path, secrets.token_hex(KEY_BYTES) + "\n")
        except OSError as error:
            raise ConfigError(
                f"{what}: {path} cannot be made: {error.strerror}",
                remedy=f"Make its folder writable, name another file, or set {KEY_VARIABLE}.",
            ) from None
        text = _own_text(path, what)  # ours, or that of a process which was quicker
    return _parsed(text, what, str(path))


def redacted(text: str) -> str:
    """The text without any secret that this process has read, and without those in addresses.

    ``https://name:password@host/`` and ``postgresql://name:password@host/`` lose the password, the
    first one the name too, which may be a token.
    """
    for secret in sorted(_seen, key=len, reverse=True):
        text = text.replace(secret, _HIDDEN)
    if "://" not in text:
        return text
    text = _IN_WEB_ADDRESS.sub(rf"\1{_HIDDEN}@", text)
    return _IN_OPTIONS.sub(rf"\1{_HIDDEN}", _IN_ADDRESS.sub(rf"\1{_HIDDEN}@", text))


def without_secrets(environ: Mapping[str, str], *, keep: Sequence[str] = ()) -> dict[str, str]:
    """The environment for a child process that does not need our secrets, but those in ``keep``."""
    dropped = {PASSWORD_VARIABLE, KEY_VARIABLE} - set(keep)
    return {name: value for name, value in environ.items() if name not in dropped}


def no_core_dumps() -> None:
    """A crash of this process and its children leaves no copy of their memory on the disk."""
    try:
        import resource
    except ImportError:  # Windows writes none
        return
    _, most = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, most))


def _noted(secret: str) -> str:
    if len(secret) >= SHORTEST:
        _seen.update((secret, json.dumps(secret)[1:-1], repr(secret)[1:-1]))
    return secret


def _parsed(text: str, what: str, where: str) -> bytes:
    _noted(text.strip())
    if not _KEY.fullmatch(text.strip()):
        raise ConfigError(
            f"{what}: {where} holds no key of 64 hex digits",
            remedy="Give it one as `openssl rand -hex 32` prints. Links signed by the key before "
            "it, such as those to unsubscribe in mails already sent, then end.",
        )
    return bytes.fromhex(text.strip())


def _own_text(path: Path, what: str) -> str:
    """What a file of ours holds.

    Raises:
        FileNotFoundError: there is none.
        ConfigError: it cannot be read, or others can read or write it.
    """
    try:
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)  # not waiting at a pipe
    except FileNotFoundError:
        raise
    except OSError as error:
        raise ConfigError(
            f"{what}: {path} cannot be read: {error.strerror}",
            remedy=f"Make it this user's own file (chmod 600 {path}).",
        ) from None
    try:
        _expect_own(os.fstat(handle), path, what)  # of the open file: nobody can swap it
        with open(handle, "rb", closefd=False) as opened:
            raw = opened.read(MAX_BYTES + 1)
    finally:
        os.close(handle)
    if len(raw) > MAX_BYTES:
        raise ConfigError(f"{what}: {path} is too large", remedy="Name another file.")
    try:
        return raw.decode()
    except UnicodeDecodeError:
        raise ConfigError(f"{what}: {path} is not UTF-8", remedy="Write it as UTF-8.") from None


def _expect_own(found: os.stat_result, path: Path, what: str) -> None:
    mode = stat.S_IMODE(found.st_mode)
    if not stat.S_ISREG(found.st_mode):
        raise ConfigError(f"{what}: {path} is no plain file", remedy="Name a plain file.")
    if found.st_uid != os.geteuid():
        raise ConfigError(
            f"{what}: {path} belongs to another user",
            remedy=f"Make it this user's own (chown {os.geteuid()} {path}).",
        )
    if mode & 0o177:
        raise ConfigError(
            f"{what}: {path} is open to others (mode {mode:04o})", remedy=f"chmod 600 {path}"
        )


def _make(path: Path, text: str) -> None:
    """Put a new file in place, whole and down to the disk; one that is there already stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # mode 0600
    try:
        with open(handle, "w", encoding="ascii") as new:
            new.write(text)
            new.flush()
            os.fsync(new.fileno())
        with suppress(FileExistsError):
            os.link(name, path)
    finally:
        os.unlink(name)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
