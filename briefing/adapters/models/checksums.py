"""Checksums of model files, and those that are pinned.

::

    <cache>/checksums/<name>.json    digests that need not be computed again
    shipped/SHA256SUMS               of the adapters that come with the package
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from briefing.adapters.models.runtime import translated
from briefing.adapters.models.settings import SHIPPED
from briefing.errors import ModelError
from briefing.ports import Progress

SUMS = SHIPPED / "SHA256SUMS"


def shipped(folder: Path) -> dict[str, str]:
    """Pinned checksums of the files of an adapter; empty unless it came with the package.

    Raises:
        ModelError: it did, and the list of them is missing or names none of its files.
    """
    if folder.resolve().parent != SHIPPED.resolve():
        return {}
    with translated(f"read {SUMS}", remedy=_AGAIN):
        rows = [line.split("  ", 1) for line in SUMS.read_text("utf-8").splitlines()]
    start = f"{folder.resolve().name}/"
    found = {row[1].removeprefix(start): row[0] for row in rows if row[-1].startswith(start)}
    if "adapter_model.safetensors" not in found:
        raise ModelError(f"{SUMS} names no weights of {folder}", remedy=_AGAIN)
    return found


def as_shipped(folder: Path) -> None:
    """Compare an adapter that came with the package with its checksums, all computed now.

    Raises:
        ModelError: a file is missing or is another file.
    """
    compare(folder, shipped(folder), cache=None, on_progress=_untold, remedy=_AGAIN)


def heard(name: str, on_progress: Progress) -> Progress:
    """Who is told while a file is read: nobody, where it is a small one."""
    return on_progress if name.endswith((".safetensors", ".gguf")) else _untold


def _untold(stage: str, done: int, total: int) -> None:
    """It takes a moment."""


_AGAIN = "install the program again, or set another adapter in [models]"


def compare(
    folder: Path,
    pinned: Mapping[str, str],
    *,
    cache: Path | None,
    on_progress: Progress,
    remedy: str,
) -> None:
    """Compare files of a folder with their pinned SHA-256.

    Args:
        cache: where checksums are remembered; None: all are computed now.

    Raises:
        ModelError: a file is missing or is another file; ``remedy`` mends it.
    """
    for name, wanted in pinned.items():
        path = folder / name
        found = checksum(path, cache=cache, on_progress=heard(name, on_progress))
        if found != wanted:
            raise ModelError(
                f"{path} is damaged or was replaced: SHA-256 {found[:16]}…, "
                f"expected {wanted[:16]}…",
                remedy=remedy,
            )


def checksum(path: Path, *, cache: Path | None, on_progress: Progress) -> str:
    """SHA-256 of a file, remembered under ``cache`` for as long as size and time stay the same."""
    with translated(f"read {path}"):
        path = path.resolve()
        stat = path.stat()
        if cache is None:
            return _hash(path, stat.st_size, on_progress)
        facts = {"path": str(path), "size": stat.st_size, "mtime_ns": stat.st_mtime_ns}
        name = hashlib.sha256(str(path).encode("utf-8", "surrogateescape")).hexdigest()[:24]
        memo = cache / "checksums" / f"{name}.json"
        with contextlib.suppress(OSError, ValueError):  # absent, unreadable or not JSON: hash again
            known = json.loads(memo.read_text("utf-8"))
            if isinstance(known, dict) and known.items() >= facts.items():
                return str(known["sha256"])
        digest = _hash(path, stat.st_size, on_progress)
        with contextlib.suppress(OSError):  # a cache that cannot be written costs time, no more
            _replace(memo, json.dumps(facts | {"sha256": digest}))
        return digest


def fingerprint(files: Sequence[Path], *, cache: Path, on_progress: Progress) -> str:
    """SHA-256 of the weights of a folder.

    Of one file the file's own, as a hub shows it; of several that of their list as
    ``sha256sum *.safetensors`` prints it.

    Raises:
        ModelError: a file cannot be read.
    """
    digests = [
        (file.name, checksum(file, cache=cache, on_progress=on_progress))
        for file in sorted(files, key=lambda f: f.name)
    ]
    if len(digests) == 1:
        return digests[0][1]
    listed = "".join(f"{digest}  {name}\n" for name, digest in digests)
    return hashlib.sha256(listed.encode()).hexdigest()


def _hash(path: Path, size: int, on_progress: Progress) -> str:
    digest, done = hashlib.sha256(), 0
    with path.open("rb") as file:
        while block := file.read(1 << 22):
            digest.update(block)
            done += len(block)
            on_progress("verify", done, size)
    return digest.hexdigest()


def _replace(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(name, path)
