"""What ``briefing doctor --security`` says of what we hold: secrets, the store, editions, and the
process itself."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from briefing.cli.finding import Finding
from briefing.errors import BriefingError

if TYPE_CHECKING:
    from briefing.config import Config

OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH
WEAK = 16  # different bytes in a key of 32; a random one has 26 to 32, by chance never so few

_PASSWORD_IN_ADDRESS = re.compile(r"://[^\s/:@\"']*:[^\s/\"']+@|[?&]password=[^\s&\"']")


# -- secrets -----------------------------------------------------------------------------------


def secret_files(config: Config) -> Iterator[Finding]:
    """Each file of a secret can be read by its owner alone."""
    from briefing.adapters import secrets

    named = {
        "password of [mail]": config.mail.password_file,
        "DKIM key of [mail]": config.mail.dkim_key_file,
        "key of the site": config.site.secret_file,
    }
    there = {what: file for what, file in named.items() if file and os.path.lexists(file)}
    wrong = False
    for what, file in there.items():
        try:
            secrets.expect_own_file(file, what)
        except BriefingError as error:
            wrong = True
            yield Finding("secret files", "fault", error.message, error.remedy)
    if not wrong:
        says = ", ".join(there.values()) or "none yet; the key of the site is made when needed"
        yield Finding("secret files", "well", f"for this user alone: {says}" if there else says)


def key_strength(config: Config) -> Iterator[Finding]:
    """The key that signs addresses cannot be guessed."""
    from briefing.adapters import secrets

    file = config.site.secret_file
    if not (os.environ.get(secrets.KEY_VARIABLE) or Path(file).exists()):
        yield Finding("site key", "well", "made of 256 random bits when it is first needed")
        return
    try:
        key = secrets.own_key(file, os.environ)
    except BriefingError as error:
        yield Finding("site key", "fault", error.message, error.remedy)
        return
    if len(set(key)) < WEAK:
        says = f"256 bits that are not random: {len(set(key))} different bytes of 32"
        remedy = f"`openssl rand -hex 32` into {file}; links in mails already sent then end"
        yield Finding("site key", "fault", says, remedy)
    else:
        yield Finding("site key", "well", "256 bits")


def written_secrets(config: Config) -> Iterator[Finding]:
    """No password stands in the configuration, which is backed up, shown and shared."""
    text = config.path.read_text("utf-8", "replace")
    password = _password(config)
    if (password and password in text) or _PASSWORD_IN_ADDRESS.search(text):
        open_to = "others, who can read it" if _mode(config.path) & 0o077 else "its owner"
        yield Finding(
            "configuration",
            "fault",
            f"a password stands in {config.path}, for {open_to}",
            "take it out: [mail] password_file, and PGPASSWORD or ~/.pgpass for the store",
        )
    elif _mode(config.path) & OTHERS_WRITE:
        yield Finding(
            "configuration", "fault", "others can write it", f"chmod go-w {config.path}"
        )  # fmt: skip
    else:
        yield Finding("configuration", "well", "holds no password, and others cannot write it")


def told_secrets(config: Config) -> Iterator[Finding]:
    """No process shows a secret among its arguments, where every user reads it."""
    found = [secret.encode() for secret in (_password(config), _key(config)) if secret]
    processes = sorted(Path("/proc").glob("[0-9]*/cmdline"))
    if not processes:
        says = "this system does not show the arguments of processes"
        yield Finding("arguments", "note", says, "never give a password as an argument")
        return
    telling = [file.parent.name for file in processes if _tells(_bytes(file), found)]
    if telling:
        says = f"a secret stands in the arguments of process {', '.join(telling)}"
        remedy = "give it by a file or the environment, and change it: others have seen it"
        yield Finding("arguments", "fault", says, remedy)
    else:
        yield Finding("arguments", "well", f"no secret in those of {len(processes)} processes")


# -- files -------------------------------------------------------------------------------------


def store_file(config: Config) -> Iterator[Finding]:
    """The store, which holds readers' addresses, is its owner's alone."""
    from briefing.adapters.store import file_of

    file = file_of(config.store.url)
    if file is None:
        yield Finding("store file", "well", "none here; access is the database server's affair")
    elif not file.exists():
        yield Finding("store file", "well", "made for this user alone when first needed")
    elif _mode(file) & 0o077:
        says = f"others can open it (mode {_mode(file):04o})"
        yield Finding("store file", "fault", says, f"chmod 600 {file}")
    elif (owner := file.stat().st_uid) != os.geteuid():
        says = f"belongs to user {owner}"
        yield Finding("store file", "note", says, f"chown {os.geteuid()} {file}")
    elif _mode(file.parent) & OTHERS_WRITE:
        says = f"others can replace it (folder {file.parent})"
        yield Finding("store file", "fault", says, f"chmod go-w {file.parent}")
    else:
        yield Finding("store file", "well", f"for this user alone: {file}")


def editions(config: Config) -> Iterator[Finding]:
    """Nobody else can change what was written."""
    folder = config.output.folder
    standing = next(p for p in (folder, *folder.parents) if p.exists())
    mode = _mode(standing)
    if mode & OTHERS_WRITE and not mode & stat.S_ISVTX:
        yield Finding(
            "digests", "fault", f"others can change what stands in {standing}",
            f"chmod go-w {standing}",
        )  # fmt: skip
    else:
        who = "others may read, and not write" if mode & 0o005 else "for this user and group"
        yield Finding("digests", "well", f"{who}: {standing}")


# -- the process -------------------------------------------------------------------------------


def user(config: Config) -> Iterator[Finding]:
    """It does not run as the user who may do everything."""
    if os.geteuid() == 0:
        says = "root: whatever takes the program over has the machine"
        yield Finding("user", "note", says, "run it as a user of its own (deploy/briefing.service)")
    else:
        yield Finding("user", "well", f"number {os.geteuid()}, not root")


def umask(config: Config) -> Iterator[Finding]:
    """New files cannot be written by others."""
    mask = os.umask(0o077)
    os.umask(mask)
    if mask & OTHERS_WRITE != OTHERS_WRITE:
        says = f"{mask:04o}: others may write new files"
        yield Finding("umask", "fault", says, "umask 027 before the program, or UMask= in its unit")
    else:
        yield Finding("umask", "well", f"{mask:04o}")


def core_dumps(config: Config) -> Iterator[Finding]:
    """A crash writes no copy of the memory, where passwords are."""
    try:
        import resource
    except ImportError:
        yield Finding("core dumps", "well", "this system writes none")
        return
    if resource.getrlimit(resource.RLIMIT_CORE)[0] == 0:
        yield Finding("core dumps", "well", "off")
    else:
        yield Finding("core dumps", "fault", "a crash writes the memory to the disk", "ulimit -c 0")


CHECKS = (
    secret_files, key_strength, written_secrets, told_secrets, store_file, editions, user, umask,
    core_dumps,
)  # fmt: skip


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def _tells(arguments: bytes, secrets: list[bytes]) -> bool:
    """Whether the arguments hold a secret, or are ours and hold an address with a password."""
    ours = b"briefing" in arguments
    address = ours and _PASSWORD_IN_ADDRESS.search(arguments.decode("utf-8", "replace"))
    return bool(address) or any(secret in arguments for secret in secrets)


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:  # it has ended since, or is somebody else's
        return b""


def _password(config: Config) -> str:
    from briefing.adapters import secrets

    try:
        return secrets.read_secret(
            environ=os.environ, name=secrets.PASSWORD_VARIABLE, file=config.mail.password_file,
            what="password",
        )  # fmt: skip
    except BriefingError:
        return ""


def _key(config: Config) -> str:
    from briefing.adapters import secrets

    if not (os.environ.get(secrets.KEY_VARIABLE) or Path(config.site.secret_file).exists()):
        return ""
    try:
        return secrets.own_key(config.site.secret_file, os.environ).hex()
    except BriefingError:
        return ""
