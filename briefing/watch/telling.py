"""What the operator is told: that something is wrong, once a day that it still is, that it is over.

What was told is remembered by the caller as :class:`StandingAlarm`, one row for each kind and
subject::

    found    -> row with cleared = None                          told at once, then once a day
    not found-> cleared = now                                    nothing told yet: it may flap
    found again before it has been away for a while              stands as before, nothing told
    away for a while -> mailed = now, which is after cleared     told that it is over; at rest
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from briefing.watch.trouble import EVENTS, Alarm, matter

AWAY = timedelta(minutes=10)
"""What is gone for so long is over."""

AWAY_LONGER = {"low disk": timedelta(hours=2)}
"""Each run and each backup fills a disk a little and empties it again."""


@dataclass(frozen=True, slots=True)
class StandingAlarm:
    """An alarm as it is remembered. It stands while ``cleared`` is ``None``."""

    kind: str
    subject: str
    text: str  # as it was found last
    remedy: str
    since: datetime
    mailed: datetime | None  # when the operator was last told of it; None: never, or no need
    cleared: datetime | None  # since when it was not found any more

    @property
    def matter(self) -> tuple[str, str]:
        """What it is about; see :class:`briefing.watch.Alarm`."""
        return matter(self.kind, self.subject)

    @property
    def at_rest(self) -> bool:
        """Whether it is over, and nothing is left to tell."""
        return self.cleared is not None and (self.mailed is None or self.mailed > self.cleared)


@dataclass(frozen=True, slots=True)
class Changes:
    """What to tell, and what to remember: both in one transaction, else a process that is killed
    in between tells it twice or never."""

    raised: tuple[StandingAlarm, ...]
    repeated: tuple[StandingAlarm, ...]
    cleared: tuple[StandingAlarm, ...]
    write: tuple[StandingAlarm, ...]  # rows that changed, each in place of its kind and subject


def changes(
    standing: Sequence[StandingAlarm],
    now_found: Sequence[Alarm],
    *,
    now: datetime,
    repeat_after: timedelta,
) -> Changes:
    """Compare what is wrong now with what was told.

    An alarm is told when it is raised, again each ``repeat_after`` while it stands, and once when
    it is over; not when it goes and comes back within ten minutes. An event is told when it
    happens, and at most once in ``repeat_after`` when it happens again. Moments that lie ahead,
    told by a clock that has been set back, count as now: they silence nothing for long.

    Args:
        standing: all that is remembered, those at rest included.
        now_found: what :func:`briefing.watch.alarms` says now.
        repeat_after: a day.
    """
    known: dict[tuple[str, str], StandingAlarm] = {}
    for one in sorted(standing, key=lambda row: (row.cleared is None, not row.at_rest)):
        known[one.matter] = one  # of two rows of one matter, the one that stands
    raised: list[StandingAlarm] = []
    repeated: list[StandingAlarm] = []
    write: list[StandingAlarm] = []
    for alarm in now_found:
        before = known.get(alarm.matter)
        told = before.mailed if before else None
        last = min(told, now) if told else None
        again = _tells(alarm, before, last, now=now, repeat_after=repeat_after)
        row = StandingAlarm(
            kind=alarm.kind,
            subject=alarm.subject,
            text=alarm.text,
            remedy=alarm.remedy,
            since=_since(alarm, before),
            mailed=now if again else last,
            cleared=None,
        )
        if again:
            (raised if again == "raised" else repeated).append(row)
        if before and before.kind != alarm.kind and not before.at_rest:
            write.append(replace(before, mailed=None, cleared=now))
        write.append(row)
    gone = [one for key, one in known.items() if key not in {a.matter for a in now_found}]
    absent = [_absent(one, now=now) for one in gone]
    write += absent
    return Changes(
        tuple(raised),
        tuple(repeated),
        tuple(
            one
            for one, before in zip(absent, gone, strict=True)
            if one.at_rest and not before.at_rest and one.mailed
        ),
        tuple(one for one in write if one not in standing),
    )


def _tells(
    alarm: Alarm,
    before: StandingAlarm | None,
    last: datetime | None,
    *,
    now: datetime,
    repeat_after: timedelta,
) -> str:
    """``raised``, ``repeated``, or "" when there is nothing to tell."""
    if before is None or last is None:
        return "raised"
    if alarm.kind in EVENTS:
        if before.kind != alarm.kind:
            return "raised"  # the last word on a matter that was open
        happened = alarm.since > last and now - last >= repeat_after
        return ("repeated" if before.cleared is None else "raised") if happened else ""
    if before.at_rest or (before.kind in EVENTS and before.cleared is not None):
        return "raised"
    return "repeated" if now - last >= repeat_after else ""


def _since(alarm: Alarm, before: StandingAlarm | None) -> datetime:
    """A state began when it was first found; an event is as old as its last occurrence."""
    if before is None or before.at_rest or alarm.kind in EVENTS or before.kind in EVENTS:
        return alarm.since
    return min(alarm.since, before.since)


def _absent(one: StandingAlarm, *, now: datetime) -> StandingAlarm:
    """How an alarm is remembered that was not found this time."""
    if one.at_rest:
        return one
    told = min(one.mailed, now) if one.mailed else None
    if one.cleared is None or one.cleared > now:
        return replace(one, mailed=told, cleared=now)
    if one.kind in EVENTS or now - one.cleared < AWAY_LONGER.get(one.kind, AWAY):
        return one
    return replace(one, mailed=now)


def message(found: Changes) -> tuple[str, list[str]] | None:
    """Subject and lines of one mail to the operator; ``None`` when there is nothing to tell."""
    news = [*found.raised, *found.repeated, *found.cleared]
    if not news:
        return None
    lines = [
        *(_line("", one) for one in found.raised),
        *(_line("again, " if one.kind in EVENTS else "still, ", one) for one in found.repeated),
        *(
            f"over: {_title(one)}, which began {one.since:%Y-%m-%d %H:%M} UTC."
            for one in found.cleared
        ),
    ]
    first = news[0]
    over = "" if found.raised or found.repeated else "over: "
    more = f", and {len(news) - 1} more" if len(news) > 1 else ""
    return f"{over}{_title(first)}{more}", lines


def _title(one: StandingAlarm) -> str:
    return f"{one.kind} {one.subject}".strip()


def _line(how: str, one: StandingAlarm) -> str:
    began = f"since {one.since:%Y-%m-%d %H:%M} UTC: " if how else ""
    return f"{how}{began}{one.kind}: {one.text}. What to do: {one.remedy}."
