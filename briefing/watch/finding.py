"""What is wrong now, read off the readings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

from briefing.watch.readings import (
    ClockStep,
    DiskHealth,
    Limits,
    OwedEdition,
    Readings,
)
from briefing.watch.trouble import Alarm

FRESH = timedelta(days=1)
"""So long an event is worth an alarm."""

SLACK = timedelta(minutes=2)
"""A clock set back by less was only put right."""

LONGEST_REST = timedelta(days=1, minutes=1)
"""No feed is left alone for longer than a day: what says so was noted by a clock that was ahead."""

LONGEST = 300
"""Characters of what a server or a run said; the whole is in the log and in `briefing status`."""


def alarms(readings: Readings, limits: Limits, *, now: datetime) -> list[Alarm]:
    """Everything that is wrong now, editions first; one alarm for each matter.

    A service that has just come back from a long pause is given the same time as any: lateness is
    counted from its start when that is later.
    """
    since = _past(readings.since, readings, now)
    found = [
        *_editions(readings.editions, limits, since=since, now=now),
        *_mails(readings, limits, since=since, now=now),
        *_feeds(readings, limits, since=since, now=now),
        *_disks(readings.disks, limits, now=now),
        *_clock(readings.clock, now=now),
    ]
    return list({one.matter: one for one in reversed(found)}.values())[::-1]


def _editions(
    owed: tuple[OwedEdition, ...], limits: Limits, *, since: datetime, now: datetime
) -> Iterator[Alarm]:
    for one in sorted(owed, key=lambda each: each.due):
        named, late = str(one.edition), span(now - one.due)
        if one.passed_over is not None:
            if _fresh(one.passed_over, now):
                yield Alarm(
                    "skipped edition",
                    named,
                    f"{named} will not be made: a newer edition fell due before it could be",
                    "nothing need be done, the newer edition tells what is still news;"
                    ' catch_up = "each" in [serve] makes every edition, however late',
                    one.passed_over,
                )
        elif now - max(one.due, since) < limits.late:
            continue
        elif one.failure:
            yield Alarm(
                "failed edition",
                named,
                f"{named} is not out {late} after its time, its runs fail: {line(one.failure)}",
                "`briefing status` shows the last run and `briefing doctor` what is missing;"
                " the service goes on trying by itself",
                one.due,
            )
        else:
            yield Alarm(
                "missed edition",
                named,
                f"{named} is not out {late} after its time, and no failure is known",
                "`briefing status` says whether a run is under way; if none is, look at the"
                " service's log and start it again",
                one.due,
            )


def _mails(
    readings: Readings, limits: Limits, *, since: datetime, now: datetime
) -> Iterator[Alarm]:
    outbox = readings.outbox
    waiting = _count(outbox.queued, "mail waits", "mails wait")
    oldest = _past(outbox.waiting_since, readings, now) if outbox.waiting_since else None
    if outbox.halted:
        yield Alarm(
            "mail halted",
            "",
            f"the mail server refuses the service, {waiting}: {line(outbox.halted)}",
            line(outbox.halted_remedy)
            or "mend [mail] in briefing.toml, then `briefing mail test ADDRESS`",
            _past(outbox.halted_since or now, readings, now),
        )
    elif oldest and now - max(oldest, since) >= limits.stuck:
        yield Alarm(
            "stuck outbox",
            "",
            f"{waiting}, the oldest for {span(now - oldest)}" + _because(outbox.reply),
            "`briefing outbox list --state queued` shows what the server said to each, `briefing"
            " mail test ADDRESS` asks it now; all are tried again by themselves",
            oldest,
        )
    if outbox.dead and outbox.last_dead and _fresh(outbox.last_dead, now):
        yield Alarm(
            "dead letters",
            "",
            f"{_count(outbox.dead, 'mail was', 'mails were')} given up in the last day"
            + _because(outbox.dead_reply),
            "`briefing outbox list --state dead` shows them, `briefing outbox retry` sends them"
            " again; a reader whose address was refused is suspended: `briefing subscribers list`",
            outbox.last_dead,
        )


def _feeds(
    readings: Readings, limits: Limits, *, since: datetime, now: datetime
) -> Iterator[Alarm]:
    feeds = readings.feeds
    answers = [_past(one.last_answered, readings, now) for one in feeds if one.last_answered]
    # A feed that answered and asked to be left alone for a while is silent because we are.
    asked_for = [one.not_before for one in feeds if one.not_before and not one.errors]
    resting = [one for one in asked_for if one < now + LONGEST_REST]
    silent_since = max([*answers, since])
    if not feeds or now - max([silent_since, *resting]) < max(limits.dark, 2 * limits.poll):
        return
    reasons = Counter(line(one.last_error) or "no reason known" for one in feeds if one.errors)
    said = ", ".join(f"{count} × {reason}" for reason, count in reasons.most_common(3))
    yield Alarm(
        "dark feeds",
        "",
        f"none of {_count(len(feeds), 'feed', 'feeds')} has answered for "
        f"{span(now - silent_since)}: {said or 'no failure is known, they may not be asked'}",
        "`briefing feeds check` asks each and says what it answers; if none can be reached, look"
        " at this machine's network and name server",
        silent_since,
    )


def _disks(disks: tuple[DiskHealth, ...], limits: Limits, *, now: datetime) -> Iterator[Alarm]:
    for one in disks:
        if one.free < limits.least_free:
            yield Alarm(
                "low disk",
                line(one.path),
                f"{max(one.free, 0) / 1e6:.0f} MB are left for {line(one.holds)}"
                f" at {line(one.path)}",
                "make room on that disk; what is written stays whole, but on a full disk no edition"
                " is made and no mail is queued",
                now,
            )


def _clock(step: ClockStep | None, *, now: datetime) -> Iterator[Alarm]:
    if step and step.back >= SLACK and _fresh(step.seen, now):
        yield Alarm(
            "clock went back",
            "",
            f"the clock of this machine went back by {span(step.back)}, to"
            f" {step.seen:%Y-%m-%d %H:%M} UTC",
            "see that the machine keeps time (`timedatectl`); nothing is made or mailed twice",
            step.seen,
        )


def _past(moment: datetime, readings: Readings, now: datetime) -> datetime:
    """A moment that lies ahead was noted before the clock went back; it counts as that step."""
    if moment <= now:
        return moment
    return readings.clock.seen if readings.clock and readings.clock.seen <= now else now


def _fresh(event: datetime, now: datetime) -> bool:
    return abs(now - event) < FRESH


def _because(reply: str) -> str:
    return f": {line(reply)}" if line(reply) else ""


def _count(number: int, one: str, many: str) -> str:
    """``1 mail waits``, ``3 mails wait``; with "no" for none."""
    return f"{number or 'no'} {one if number == 1 else many}"


def line(said: str) -> str:
    """What somebody else said, fit for one line of a mail: no control characters, and short."""
    plain = " ".join("".join(c if c.isprintable() else " " for c in said).split())
    return plain if len(plain) <= LONGEST else plain[: LONGEST - 1].rstrip() + "…"


def span(length: timedelta) -> str:
    """``20 minutes``, ``7 hours``, ``3 days``: rounded down, in the largest unit of which there
    are two."""
    minutes = max(length, timedelta()) // timedelta(minutes=1)
    for unit, size in (("days", 1440), ("hours", 60)):
        if minutes >= 2 * size:
            return f"{minutes // size} {unit}"
    return f"{minutes} minute{'' if minutes == 1 else 's'}"
