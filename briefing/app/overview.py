"""How the service stands at one moment: what `briefing status`, the alarms and `/metrics` tell."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from briefing import timetable
from briefing.adapters.store import (
    FeedStatus,
    Lease,
    RunRecord,
    SqlStore,
    StoredEdition,
    Tally,
)
from briefing.app.mailing import SERVE
from briefing.app.trouble import Trouble, trouble
from briefing.config import Config
from briefing.news import Story
from briefing.timetable import Occurrence
from briefing.watch import OwedEdition, StandingAlarm

SITE = "site"
"""Mark of a site that cannot answer."""

LOOK_BACK = timedelta(days=8)
"""A weekly edition is the rarest that a schedule can name."""


@dataclass(frozen=True, slots=True)
class StoryState:
    """One story that has a schedule, or an edition."""

    story: Story
    owed_editions: tuple[OwedEdition, ...]  # due of late and not out, or passed over
    last: Occurrence | None  # the newest edition that was due
    edition: StoredEdition | None  # that edition, once it is made; without a schedule the newest
    passed_over: bool  # it will not be made any more
    mails: Tally  # of that edition
    attempt: RunRecord | None  # the newest attempt at it
    next: Occurrence | None

    @property
    def out(self) -> datetime | None:
        """When the edition went out."""
        return self.edition.published if self.edition else None

    @property
    def owed(self) -> bool:
        """Whether an edition is due and not out."""
        return self.last is not None and self.out is None and not self.passed_over


@dataclass(frozen=True, slots=True)
class Overview:
    """All of it."""

    service: Lease | None  # the instance that works
    stories: tuple[StoryState, ...]
    feeds: tuple[FeedStatus, ...]
    mails: Tally
    waiting_since: datetime | None  # when the mail that waits longest was queued
    waiting_reply: str  # what the server said to it last
    trouble: Trouble | None
    alarms: tuple[StandingAlarm, ...]
    site: str  # why the site does not answer; "" when nothing is known to be wrong

    @property
    def answered(self) -> datetime | None:
        """When any feed answered last."""
        return max((f.last_answered for f in self.feeds if f.last_answered), default=None)


def overview(config: Config, store: SqlStore, *, now: datetime) -> Overview:
    """How everything stands now."""
    days = timedelta(days=config.serve.catch_up_days)
    oldest = store.outbox.oldest()
    states = (_state(store, story, now, days) for story in config.stories.values())
    return Overview(
        service=store.leases.holder(SERVE, now=now),
        stories=tuple(s for s in states if s.edition or s.story.schedule.times),
        feeds=tuple(store.feeds()),
        mails=store.outbox.tally(),
        waiting_since=oldest[0] if oldest else None,
        waiting_reply=oldest[1] if oldest else "",
        trouble=trouble(store),
        alarms=tuple(store.watching.alarms()),
        site=site[0] if (site := store.watching.mark(SITE)) else "",
    )


def served(story: Story) -> str:
    """Mark of a story that the service makes by its schedule: of which one, and since when."""
    return f"serves {story.slug}"


def _state(store: SqlStore, story: Story, now: datetime, days: timedelta) -> StoryState:
    known = store.watching.mark(served(story))
    after = now - LOOK_BACK
    past = timetable.occurrences(story, after=after, up_to=now) if known else []
    # What was due before the story was first served is owed to nobody.
    last = next((one for one in reversed(past) if known and one.at > known[1]), None)
    key = last.edition if last else store.latest_edition(story.slug)
    edition = store.edition(key) if key else None
    attempts = store.runs.of(key) if key else []
    passed = store.runs.passed_over(story.slug)
    settled = store.runs.settled(story.slug)
    owed = tuple(
        _owed(store, one, passed.get(one.edition))
        for one in past
        if known
        and one.at > max(known[1], now - days)  # longer ago, it is not made up for
        and one.edition not in settled - passed.keys()
    )
    return StoryState(
        story=story,
        owed_editions=owed,
        last=last,
        edition=edition,
        passed_over=last is not None and last.edition in passed,
        mails=store.outbox.tally(key) if key else Tally(),
        attempt=attempts[0] if attempts else None,
        next=timetable.next_occurrence(story, after=now),
    )


def _owed(store: SqlStore, one: Occurrence, passed_over: datetime | None) -> OwedEdition:
    attempts = store.runs.of(one.edition)
    failure = ""
    if attempts and attempts[0].finished is not None:
        failure = f"{attempts[0].outcome} at {attempts[0].stage}: {attempts[0].detail}".rstrip(": ")
    return OwedEdition(one.edition, one.at, failure, passed_over)
