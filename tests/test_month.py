"""A month of the service in half a minute: real feeds that fail, move and repeat themselves, a real
mail server with its moods, a real store, and the clock of the calendar turned by hand.

Editions and polls are made in processes of their own, as in the service; so what this process
holds at the end of each day is what the service itself would hold.
"""

from __future__ import annotations

import gc
import os
import threading
import time as system_time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from itertools import combinations, pairwise
from pathlib import Path
from statistics import median
from zoneinfo import ZoneInfo

import pytest
from month_news import AT, DAY, DAYS, FIRST, HOUR, SUBSCRIBED, ZONE, Month, day_number
from service_desk import OPERATOR, STORY, Apart, Clock, Desk, desk, story_file
from store_cases import fast_folder
from test_pipeline import NONSENSE, WordModels

from briefing.adapters.store import StoredEdition
from briefing.news import Edition
from briefing.stages.compose import cited

PACE = timedelta(hours=3)
DEADLINE = 0.7  # seconds for a fetch; a loaded machine still answers the quick feeds in time
MIDNIGHT = datetime.combine(FIRST, time(), ZoneInfo(ZONE))
START = MIDNIGHT.astimezone(ZoneInfo("UTC"))
FRESH = 5  # days after which the memory has settled
MORE = {
    "serve": 'catch_up = "each"\nkeep_days = 7\npoll_minutes = 180',
}


def hours(day: int) -> Iterator[datetime]:
    """The turns of one day: each hour, and every ten minutes about the hour of the edition."""
    begin = (MIDNIGHT + day * DAY).astimezone(ZoneInfo("UTC"))
    end = (MIDNIGHT + (day + 1) * DAY).astimezone(ZoneInfo("UTC"))
    due = datetime.combine(FIRST + day * DAY, time.fromisoformat(AT), ZoneInfo(ZONE))
    moments = {begin + n * HOUR for n in range(26)}
    moments |= {due.astimezone(ZoneInfo("UTC")) + n * timedelta(minutes=10) for n in range(-1, 5)}
    yield from sorted(moment for moment in moments if begin < moment <= end)


# -- the mail server's moods -------------------------------------------------------------------


@dataclass
class Moods:
    """Grey-lists some readers, is full for a morning, and does not know one of them."""

    clock: Clock
    known: set[tuple[int, str]] = field(default_factory=set)

    def to_recipient(self, address: str) -> str:
        day = day_number(self.clock())
        if address.startswith("gone"):
            return "550 5.1.1 no such user"
        if address.startswith("grey") and (day, address) not in self.known:
            self.known.add((day, address))
            return "451 4.7.1 grey-listed, come back in five minutes"
        return ""

    def to_content(self, address: str) -> str:
        local = self.clock().astimezone(ZoneInfo(ZONE))
        return "452 4.3.1 no room just now" if (local.day, local.hour < 12) == (18, True) else ""


READERS = ("ann@example.net", "bob@example.org", "grey.li@example.net", "grey.mo@example.com")
JOINS, LEAVES = "late@example.net", "tired@example.net"


# -- what a day leaves behind ------------------------------------------------------------------


@dataclass(frozen=True)
class Evening:
    """This process and the store at the end of a day."""

    resident: int  # bytes
    files: int
    threads: int
    store: int  # bytes


def evening(k: Desk) -> Evening:
    for _ in range(100):  # threads of the web server that have just answered
        if threading.active_count() == k_threads:
            break
        system_time.sleep(0.005)
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    assert k.store.file
    return Evening(
        pages * os.sysconf("SC_PAGE_SIZE"),
        len(os.listdir("/proc/self/fd")),
        threading.active_count(),
        k.store.file.stat().st_size,
    )


def slope(values: list[int]) -> float:
    """Bytes a day by the median of all pairs (Theil and Sen): single days do not move it."""
    pairs = combinations(enumerate(values), 2)
    return median((b - a) / (j - i) for (i, a), (j, b) in pairs)
