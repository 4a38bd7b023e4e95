"""What the service tells of itself: alarms to its operator, whether it is ready, its figures."""

from __future__ import annotations

import json
import logging
import os
from collections import Counter
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path

from briefing import watch
from briefing.adapters.store import GIVEN_UP
from briefing.app import mailing
from briefing.app.overview import Overview, overview
from briefing.config import Config
from briefing.errors import BriefingError
from briefing.news import Feed
from briefing.serve.log import say
from briefing.serve.service import Service
from briefing.site import Readings

CLOCK = "clock"
"""Mark of the last look; a look before it says that the clock was set back."""
STEP = "clock went back"
SINCE = "running since"
DAY = timedelta(days=1)


class Watch:
    """Looks at everything, and tells whom it concerns."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._config = service.config
        self._marks = service.app.store.watching
        self._since = self._running_since()

    def look(self) -> None:
        """Find what is wrong, and write to the operator where that is news."""
        now = self._service.clock()
        step = self._clock_step(now)
        seen = overview(self._config, self._service.app.store, now=now)
        found = watch.alarms(self._readings(seen, step, now), self._limits(), now=now)
        known = self._marks.alarms(standing=False)
        changed = watch.changes(known, found, now=now, repeat_after=DAY)
        told = watch.message(changed)
        mail = mailing.alarm(self._config, told[0], told[1], at=now) if told else None
        if changed.write:
            self._marks.put_alarms(changed.write, mails=[mail] if mail else [], now=now)
        for one in changed.raised:
            say("alarm", kind=one.kind, subject=one.subject, text=one.text, level=logging.ERROR)
        for one in changed.cleared:
            say("alarm over", kind=one.kind, subject=one.subject)

    def not_ready(self) -> list[str]:
        """Why the service cannot do its work now."""
        if self._service.stopped.is_set():
            return ["the service is ending"]
        try:
            holder = self._service.app.store.leases.holder(mailing.SERVE, now=self._service.clock())
        except BriefingError as error:
            return [f"store: {error.message}"]
        mine = self._service.lease
        if mine is None or holder is None or holder.owner != mine.owner:
            return ["another instance does the work, or none"]
        return []

    def readings(self) -> Readings:
        """The figures of ``/metrics``."""
        store, now = self._service.app.store, self._service.clock()
        seen = overview(self._config, store, now=now)
        stories = {one.story.slug: one for one in seen.stories}
        runs = {run.edition.story: run for run in reversed(store.runs.latest(50)) if run.finished}
        return Readings(
            editions={slug: store.count_editions(slug) for slug in stories},
            latest={slug: one.edition.made for slug, one in stories.items() if one.edition},
            due={slug: one.next.at for slug, one in stories.items() if one.next},
            run_seconds={
                slug: (run.finished - run.started).total_seconds()
                for slug, run in runs.items()
                if run.finished and slug in stories
            },
            mails=asdict(seen.mails),
            waiting=seen.waiting_since,
            subscribers=Counter(one.standing for one in store.readers.all()),
            feeds=len(seen.feeds),
            feeds_failing=sum(1 for one in seen.feeds if one.errors),
            answered=seen.answered,
            alarms=Counter(one.kind for one in seen.alarms),
            leading=not self.not_ready(),
            store_bytes=store.file.stat().st_size if store.file else None,
        )

    # -- what is read --------------------------------------------------------------------------

    def _readings(
        self, seen: Overview, step: watch.ClockStep | None, now: datetime
    ) -> watch.Readings:
        feeds = self._feeds() if self._config.run.source == "feeds" else []
        known = {one.url: one for one in seen.feeds}
        health = []
        for feed in feeds:
            state = known.get(feed.url)
            health.append(
                watch.FeedHealth(
                    title=feed.title or feed.url,
                    last_answered=state.last_answered if state else None,
                    errors=state.errors if state else 0,
                    last_error=state.last_error if state else "",
                    not_before=state.not_before if state else None,
                )
            )
        return watch.Readings(
            since=self._since,
            editions=tuple(one for story in seen.stories for one in story.owed_editions),
            feeds=tuple(health),
            outbox=self._outbox(seen, now),
            disks=tuple(disks(self._config, self._service.app.store.file)),
            clock=step,
        )

    def _feeds(self) -> list[Feed]:
        try:
            return self._service.feeds()
        except BriefingError:  # the runs fail by it too, and of that the operator must hear
            return []

    def _outbox(self, seen: Overview, now: datetime) -> watch.OutboxHealth:
        outbox = self._service.app.store.outbox
        dead = [
            one
            for one in (outbox.letters(state="dead", limit=100) if seen.mails.dead else [])
            if one.settled and now - one.settled < DAY and one.reply not in GIVEN_UP
        ]
        halted = seen.trouble if seen.trouble and seen.trouble.halts else None
        said = seen.trouble.said if seen.trouble else seen.waiting_reply
        return watch.OutboxHealth(
            queued=seen.mails.queued,
            waiting_since=seen.waiting_since,
            reply=said,
            halted=halted.said if halted else "",
            halted_since=halted.since if halted else None,
            halted_remedy=halted.remedy if halted else "",
            dead=len(dead),
            last_dead=max((one.settled for one in dead if one.settled), default=None),
            dead_reply=dead[0].reply if dead else "",
        )

    def _limits(self) -> watch.Limits:
        serve = self._config.serve
        return watch.Limits(
            late=timedelta(minutes=serve.late_minutes),
            stuck=timedelta(minutes=serve.stuck_minutes),
            dark=timedelta(hours=serve.dark_hours),
            poll=timedelta(minutes=serve.poll_minutes),
        )

    def _running_since(self) -> datetime:
        now = self._service.clock()
        known, last = self._marks.mark(SINCE), self._marks.mark(CLOCK)
        since = watch.running_since(
            datetime.fromisoformat(known[0]) if known else None, last[1] if last else None, now=now
        )
        self._marks.set_mark(SINCE, since.isoformat(), now=now)
        return since

    def _clock_step(self, now: datetime) -> watch.ClockStep | None:
        """The last time that the clock was found to have gone back."""
        last = self._marks.mark(CLOCK)
        if last is not None and now < last[1]:
            step = {"seen": now.isoformat(), "back": (last[1] - now).total_seconds()}
            self._marks.set_mark(STEP, json.dumps(step), now=now)
        self._marks.set_mark(CLOCK, "", now=now)
        found = self._marks.mark(STEP)
        if found is None:
            return None
        said = json.loads(found[0])
        return watch.ClockStep(
            datetime.fromisoformat(said["seen"]), timedelta(seconds=said["back"])
        )


def disks(config: Config, store: Path | None) -> list[watch.DiskHealth]:
    """The file systems of the store and the editions, each once."""
    wanted = [("editions", config.output.folder)]
    if store is not None:
        wanted.insert(0, ("the store", store.parent))
    found: dict[int, tuple[list[str], Path]] = {}
    for holds, folder in wanted:
        with suppress(OSError):  # a folder that cannot be looked at must not silence the others
            there = next(one for one in (folder, *folder.parents) if one.exists())
            found.setdefault(there.stat().st_dev, ([], there))[0].append(holds)
    health = []
    for held, path in found.values():
        with suppress(OSError):
            state = os.statvfs(path)
            free = state.f_bavail * state.f_frsize
            health.append(watch.DiskHealth(" and ".join(held), str(path), free))
    return health
