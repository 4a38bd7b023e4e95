"""Processes that write to a store until they are killed, one after the other, for many times.

Run as a program of its own, which is small: to fork the tests' own process, with all that they
have loaded, takes longer than the work.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

from processes import killed_at_work
from store_cases import NOW, mail

from briefing.adapters.store import open_store
from briefing.post import Receipt

TESTS = Path(__file__).parent
TAKEN = Receipt("sent", "dot", 250, "2.0.0 taken")


def killed(url: str, log: Path, *, times: int) -> None:
    """Queue mails, claim and settle them, and write to the log what the store acknowledged.

    Raises:
        CalledProcessError: a writer ended by itself; its error stream says why.
    """
    command = [sys.executable, __file__, url, str(log), str(times)]
    path = f"{TESTS.parent}{os.pathsep}{TESTS}"
    subprocess.run(command, check=True, timeout=240, env=os.environ | {"PYTHONPATH": path})


def write(url: str, log: Path) -> None:
    """Until the end of the process: queue a mail, claim the oldest and settle it."""
    number = 0
    with open_store(url) as store, log.open("ab", buffering=0) as file:
        while True:
            number += 1
            queued = mail(f"r{os.getpid()}-{number}", edition=None)
            store.outbox.queue([queued], now=NOW)
            file.write(f"queued {queued.recipient}\n".encode())
            letter = store.outbox.claim(now=NOW)
            assert letter
            store.outbox.settle(letter.number, TAKEN, now=NOW)
            file.write(f"settled {letter.mail.recipient}\n".encode())


def main(url: str, log: Path, times: int) -> None:
    chance = random.Random(11)
    log.touch()
    open_store(url).close()  # so that all is imported that each would else import for itself
    for _ in range(times):
        size = log.stat().st_size
        killed_at_work(
            lambda: write(url, log),
            lambda size=size: log.stat().st_size > size,
            chance.uniform(0, 0.004),
        )


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
