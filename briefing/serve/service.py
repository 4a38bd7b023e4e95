"""What the service does at each turn of its clock. Time is an argument: tests turn the clock.

Which editions are due is a question to our own tables, not to the clock: a turn that comes late,
twice or after three days down asks the same question and does what is left to do.
"""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from briefing import timetable
from briefing.adapters.store import FeedStatus, Lease
from briefing.app import App
from briefing.app.leasing import gone
from briefing.app.making import making_of
from briefing.app.overview import served
from briefing.app.settling import Settling
from briefing.app.trouble import Trouble, forgive_server, note_trouble, trouble
from briefing.config import Config
from briefing.errors import ServerError
from briefing.news import Edition, Feed, Story
from briefing.pipeline.delivery import HALTED, deliver, rest
from briefing.pipeline.pace import turn
from briefing.pipeline.past import WINDOW
from briefing.ports import MailServer
from briefing.serve.children import Runner
from briefing.serve.log import say
from briefing.timetable import Occurrence

RETRY = timedelta(minutes=1)  # after a run that failed; doubled each time
RETRY_LONGEST = timedelta(minutes=30)
HOPELESS = 5
"""Failures in a row, within a quarter of an hour, after which an edition holds up no later one."""
POLL = "poll"


@dataclass(slots=True)
class Rests:
    """Work that failed while this instance lives, and until when it rests.

    A process may end before it has put anything on record; without this it would be begun again
    every few seconds.
    """

    _failed: dict[str, tuple[int, datetime]] = field(default_factory=dict)

    def rests(self, name: str, *, now: datetime) -> bool:
        """Whether its last failure is too fresh."""
        failures, last = self._failed.get(name, (0, now))
        return bool(failures) and last <= now < last + pause(failures)

    def failures(self, name: str) -> int:
        """How often it failed in a row."""
        return self._failed.get(name, (0, None))[0]

    def note(self, name: str, *, done: bool, now: datetime) -> None:
        """Remember how it ended."""
        failures, _ = self._failed.pop(name, (0, now))
        if not done:
            self._failed[name] = (failures + 1, now)


def pause(failures: int) -> timedelta:
    """How long work rests after so many failures in a row (1 or more)."""
    return min(RETRY * (1 << min(failures - 1, 10)), RETRY_LONGEST)


@dataclass(slots=True)
class Service:
    """The work of one instance, over adapters that are open."""

    config: Config
    app: App
    runner: Runner
    clock: Callable[[], datetime]
    feeds: Callable[[], list[Feed]]
    server: MailServer | None = None  # None: no mail is sent
    lease: Lease | None = None
    jitter: Callable[[], float] = random.random
    stopped: threading.Event = field(default_factory=threading.Event)
    _work: threading.Lock = field(default_factory=threading.Lock)  # one process at a time
    _rests: Rests = field(default_factory=Rests)
    _settling: Settling | None = None

    # -- editions ------------------------------------------------------------------------------

    def editions(self) -> int:
        """Make every edition that is due; return how many went out."""
        return sum(self._story(story) for story in self.config.stories.values())

    def due(self, story: Story) -> timetable.Plan:
        """What is to be made of a story now, and what will not be made any more."""
        return timetable.due(
            story,
            now=self.clock(),
            since=self.serves_since(story),
            settled=self.app.store.runs.settled(story.slug),
            policy="each" if self.config.serve.catch_up == "each" else "latest",
            days=self.config.serve.catch_up_days,
        )

    def serves_since(self, story: Story) -> datetime:
        """Since when the story is served by its schedule: what that names before is owed to nobody.

        A schedule that was changed counts from the first look at it.
        """
        watching, now = self.app.store.watching, self.clock()
        name, schedule = served(story), schedule_of(story)
        found = watching.mark(name)
        # Later than now: noted by a clock that was ahead.
        if found is None or found[1] > now or found[0] not in ("", schedule):
            watching.set_mark(name, schedule, now=now)
            return now
        return found[1]

    def _story(self, story: Story) -> int:
        if not story.schedule.times:
            return 0
        plan = self.due(story)
        if plan.missed:
            missed = [one.edition for one in plan.missed]
            why = "the service was down, and a later edition tells what it would have told"
            self.app.store.runs.pass_over(missed, now=self.clock(), reason=why)
            for edition in missed:
                say("edition passed over", edition=edition, level=logging.WARNING)
        made = 0
        for occurrence in plan.make:
            if self.stopped.is_set():
                break
            if self._may_try(occurrence) and self._make(occurrence):
                made += 1
            elif occurrence is plan.make[-1] or not self._hopeless(occurrence.edition):
                break  # the next one would use up what this one still needs
        return made

    def _hopeless(self, edition: Edition) -> bool:
        """Whether an edition failed so often that it must not hold up those after it; if so, it is
        passed over."""
        if self._rests.failures(str(edition)) < HOPELESS:
            return False
        why = "it could not be made, and a later edition was due"
        self.app.store.runs.pass_over([edition], now=self.clock(), reason=why)
        say("edition passed over", edition=edition, level=logging.WARNING)
        return True

    def _may_try(self, occurrence: Occurrence) -> bool:
        """Whether nobody makes it already, and the pause after the last failure is over."""
        edition = occurrence.edition
        if self._rests.rests(str(edition), now=self.clock()) or self._is_made(edition.story):
            return False
        # One that was stopped from outside, as with the service itself, is no failure.
        attempts = [one for one in self.app.store.runs.of(edition) if one.outcome != "stopped"]
        failed = 0
        while failed < len(attempts) and attempts[failed].outcome != "done":
            failed += 1
        if not failed:
            return True
        last = attempts[0].finished or attempts[0].started
        # An attempt that is under way on record has died with its process: nobody else makes it.
        under_way = attempts[0].finished is None
        return under_way or not last <= self.clock() < last + pause(failed)

    def _is_made(self, story: str) -> bool:
        """Whether a process makes an edition of the story now: a person's, or one whose service was
        killed; it goes on, and may well finish."""
        now, length = self.clock(), timedelta(seconds=self.config.serve.lease_seconds)
        maker = self.app.store.leases.holder(making_of(story), now=now)
        # Held for longer than anybody holds it: the clock has been set back since.
        return maker is not None and maker.expires <= now + 2 * length and not gone(maker.place)

    def _make(self, occurrence: Occurrence) -> bool:
        edition = occurrence.edition
        with self._work:
            say("edition begun", edition=edition, due=f"{occurrence.at:%Y-%m-%dT%H:%M}Z")
            ended = self.runner.edition(edition)
        stored = self.app.store.edition(edition)
        out = stored is not None and stored.published is not None
        self._rests.note(str(edition), done=out, now=self.clock())
        tally = self.app.store.outbox.tally(edition)
        if out and stored is not None:
            say(
                "edition out", edition=edition, subject=stored.digest.subject.text,
                readers=tally.total, seconds=round(ended.seconds, 1),
            )  # fmt: skip
        elif self.stopped.is_set():
            say("edition stopped", edition=edition, seconds=round(ended.seconds, 1))
        else:
            say(
                "edition failed", edition=edition, code=ended.code, said=ended.said,
                seconds=round(ended.seconds, 1), level=logging.ERROR,
            )  # fmt: skip
        return out

    # -- feeds ---------------------------------------------------------------------------------

    def poll(self) -> bool:
        """Ask the feeds whose time has come, if there are any; say whether it was done."""
        if self.config.run.source != "feeds" or self.stopped.is_set():
            return False
        if self._rests.rests(POLL, now=self.clock()) or not self._feeds_due():
            return False
        with self._work:
            ended = self.runner.poll()
        self._rests.note(POLL, done=ended.done, now=self.clock())
        if not ended.done:
            say("poll failed", code=ended.code, said=ended.said, level=logging.WARNING)
        return ended.done

    def _feeds_due(self) -> bool:
        pace = timedelta(minutes=self.config.serve.poll_minutes)
        now = self.clock()
        known = {one.url: one for one in self.app.store.feeds()}
        states = (known.get(feed.url) or FeedStatus(feed.url) for feed in self.feeds())
        return any(turn(state, now=now, pace=pace) == "due" for state in states)

    # -- mail ----------------------------------------------------------------------------------

    def deliver(self) -> int:
        """Send what waits in the outbox, unless the server is to be left alone; return how many."""
        if self.server is None or self.stopped.is_set():
            return 0
        known = trouble(self.app.store)
        if known and self._resting(known):
            return 0
        if self._settling is None:
            self._settling = Settling(self.app.store.outbox)
        done = deliver(
            self._settling,
            self.server,
            clock=self.clock,
            give_up=timedelta(hours=self.config.mail.give_up_hours),
            jitter=self.jitter,
            lease=self.lease,
            stopped=self.stopped.is_set,
        )
        if done.answered:
            level = logging.WARNING if done.later or done.dead else logging.INFO
            say("mail", sent=done.sent, later=done.later, dead=done.dead, level=level)
        if done.trouble is not None and not self.stopped.is_set():
            self._note(done.trouble, known)
        elif known and done.answered:
            forgive_server(self.app.store)
            say("mail server works again")
        return done.sent

    def _resting(self, known: Trouble) -> bool:
        # Farther away than any pause: the clock has been set back since.
        return known.not_before - 2 * HALTED < self.clock() < known.not_before

    def _note(self, error: ServerError, before: Trouble | None) -> None:
        now = self.clock()
        errors = before.errors + 1 if before else 1
        again = now + rest(error, errors, jitter=self.jitter())
        since = before.since if before else now
        found = Trouble(error.message, error.halts, error.remedy, errors, since, again)
        note_trouble(self.app.store, found, now=now)
        say("mail server", said=error.message, again=f"{again:%H:%M:%S}Z", level=logging.ERROR)

    # -- what nobody needs any more ------------------------------------------------------------

    def tidy(self) -> None:
        """Forget texts that are older than ``keep_days``, and that no edition and no claim of the
        ledger rests on."""
        store, now = self.app.store, self.clock()
        old = now - timedelta(days=self.config.serve.keep_days)
        known = (now - WINDOW).date() - timedelta(days=1)  # where the story is, it may be yesterday
        articles, mails = store.prune(old, remembered=known), store.outbox.prune(old)
        store.runs.forget(now - timedelta(days=2))
        if articles or mails:
            say("tidied", articles=articles, mails=mails)


def schedule_of(story: Story) -> str:
    """A story's times, weekdays and zone on one line: another line is another schedule."""
    times = " ".join(f"{one:%H:%M}" for one in story.schedule.times)
    return f"{times} on {''.join(map(str, story.schedule.days))} in {story.timezone}"
