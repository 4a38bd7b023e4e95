"""A file system that is small enough to be filled, and what has to be whole in the end."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from service_desk import Desk, edition

READERS = ("ann@example.net", "bob@example.net")
ROOT_ALONE = pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a disk")


@dataclass
class Disk:
    """A file system of a few megabytes."""

    place: Path

    @property
    def ballast(self) -> Path:
        return self.place / "ballast"

    def free(self) -> int:
        state = os.statvfs(self.place)
        return state.f_bavail * state.f_frsize

    def fill(self, *, leave: int = 0) -> None:
        """Take all of it but ``leave`` bytes."""
        with suppress(OSError), self.ballast.open("ab", buffering=0) as file:
            while (size := self.free() - leave) > 0:
                file.write(bytes(min(size, 65_536)))

    def clear(self) -> None:
        self.ballast.unlink(missing_ok=True)


@contextmanager
def mounted(place: Path, *, size: str = "4m") -> Iterator[Disk]:
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)]
    if not shutil.which("mount") or subprocess.run(command, capture_output=True).returncode:
        pytest.skip("mounting is not allowed here")
    try:
        yield Disk(place)
    finally:
        subprocess.run(["umount", str(place)], check=True)


def whole(made: Desk, *days: int) -> None:
    """These editions stand, each with its own report, on disk as on record, mailed once to each."""
    assert made.out() == [edition(day) for day in days]
    for day in days:
        assert made.told(edition(day)) == [str(day)]
        assert made.findings(edition(day)) == []
    mails = [one for one in made.post.taken if one.recipient in READERS]
    assert sorted(one.recipient for one in mails) == sorted(READERS * len(days))
    assert len({one.id for one in mails}) == len(mails)
    assert made.store.damage() == []
    assert list((made.folder / "digests").rglob(".*")) == []
