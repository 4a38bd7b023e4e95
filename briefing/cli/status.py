"""``briefing status``: whether today's edition went out, to how many, and what is wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from briefing.cli import console
from briefing.text.words import count

if TYPE_CHECKING:
    from briefing.adapters.store import EditionSummary, FeedStatus, Tally
    from briefing.app.overview import Overview, StoryState
    from briefing.config import Config
    from briefing.news import Skip


@click.command("status", short_help="Say whether today's edition went out, and what is wrong.")
@click.option(
    "--editions",
    "limit",
    type=click.IntRange(1, 1000),
    default=7,
    show_default=True,
    help="How many editions to list.",
)
@click.option(
    "--check", is_flag=True, help="Print only what is wrong; exit code 3 when anything is."
)
@console.machine_output
@console.config_option
def command(limit: int, check: bool, as_json: bool) -> None:
    """Say whether today's edition went out and to how many, which feeds are silent, and the rest.

    The first lines answer the morning's question; then follow mails, alarms, feeds, the latest
    editions, and what the last run left out. Times are those of each story's zone.

    \b
    Examples:
      briefing status
      briefing status --check || echo "look at it"
      briefing status --editions 30
      briefing status --json | jq '.feeds[] | select(.errors > 0)'
    """
    from briefing import app
    from briefing.app.overview import overview

    config, now = console.configuration(), console.now()
    store = app.open(config).store
    seen = overview(config, store, now=now)
    if check:
        wrong = list(_wrong(config, seen, now))
        console.say(*wrong or ["nothing is wrong"])
        click.get_current_context().exit(console.LEFT_OUT if wrong else console.DONE)
    editions = store.editions(limit)
    skips = store.last_skips()
    if as_json:
        console.say_json(_plain(seen) | {"editions": editions, "skips": skips})
        return
    console.say(
        *[_service(seen), *(line for one in seen.stories for line in _story(one, now)), ""],
        *[*_mail(config, seen), *_alarms(seen), ""],
        *[*_feeds(seen.feeds, now), ""],
        *[*_editions(editions), ""],
        *_skips(skips),
    )


def _wrong(config: Config, seen: Overview, now: datetime) -> Iterator[str]:
    """One line for each thing that somebody should look at."""
    if seen.service is None and any(one.story.schedule.times for one in seen.stories):
        yield "no service is running: `briefing serve`"
    late = timedelta(minutes=config.serve.late_minutes)
    for one in seen.stories:
        if one.owed and one.last is not None and now - one.last.at > late:
            yield f"{one.last.edition} was due at {one.last.at:%H:%M} UTC and is not out"
    for alarm in seen.alarms:
        yield f"{alarm.kind}: {alarm.text}"
    if seen.trouble:
        yield f"mail server: {seen.trouble.said}"
    if seen.site:
        yield f"site: {seen.site}"


def _service(seen: Overview) -> str:
    if seen.service is None:
        return "Service: not running; `briefing serve` starts it"
    return f"Service: works at {seen.service.place}"


def _story(one: StoryState, now: datetime) -> Iterator[str]:
    """Whether the newest edition that was due went out, and when the next one is."""
    yield one.story.name
    zone = ZoneInfo(one.story.timezone)

    def local(moment: datetime) -> str:
        there = moment.astimezone(zone)
        today = there.date() == now.astimezone(zone).date()
        return f"{there:%H:%M}" if today else f"{there:%d %B %H:%M}".lstrip("0")

    if one.last is not None:
        yield f"  Due {local(one.last.at)}: {_fate(one, local)}"
    elif one.edition is not None:
        yield f"  Latest: {one.edition.edition.day}, made by hand"
    if one.edition is not None:
        yield f"    {one.edition.digest.subject.text}"
    if one.next is not None:
        yield f"  Next: {local(one.next.at)}"


def _fate(one: StoryState, local: Callable[[datetime], str]) -> str:
    if one.out is not None:
        return f"out at {local(one.out)}, {_readers(one.mails)}"
    if one.passed_over:
        return "passed over: the service was down"
    attempt = one.attempt
    if attempt is None:
        return "NOT OUT, not begun"
    if attempt.finished is None:
        return f"not out yet: being made since {local(attempt.started)}, stage {attempt.stage}"
    return f"NOT OUT: {attempt.outcome} at {local(attempt.finished)}. {attempt.detail}".rstrip(". ")


def _readers(mails: Tally) -> str:
    if not mails.total:
        return "to nobody by mail"
    parts = [f"{mails.sent} sent"] if mails.queued or mails.dead else []
    parts += [f"{mails.queued} waiting"] if mails.queued else []
    parts += [f"{mails.dead} refused"] if mails.dead else []
    told = f" ({', '.join(parts)})" if parts else ""
    return f"to {count(mails.total, 'reader')}{told}"


def _mail(config: Config, seen: Overview) -> Iterator[str]:
    if not config.mail.host and not seen.mails.total:
        yield "Mail: none; [mail] host is empty"
        return
    since = f" since {seen.waiting_since:%Y-%m-%d %H:%M} UTC" if seen.waiting_since else ""
    mails = seen.mails
    yield f"Mail: {mails.queued} waiting{since}, {mails.sent} sent, {mails.dead} dead"
    if seen.mails.dead:
        yield "  `briefing outbox list --state dead` says why; `briefing outbox retry` tries again"
    if seen.trouble:
        yield f"  Server: {seen.trouble.said}; tried again at {seen.trouble.not_before:%H:%M} UTC"
    if seen.site:
        yield f"Site: {seen.site}"


def _alarms(seen: Overview) -> Iterator[str]:
    if not seen.alarms:
        yield "Alarms: none"
        return
    yield f"Alarms: {len(seen.alarms)}"
    for alarm in seen.alarms:
        yield f"  {alarm.kind}: {alarm.text}"
        yield f"    {alarm.remedy}"


def _plain(seen: Overview) -> dict[str, object]:
    return {
        "service": seen.service and {"place": seen.service.place, "until": seen.service.expires},
        "stories": [
            {
                "story": one.story.slug,
                "due": one.last and one.last.at,
                "edition": one.edition and str(one.edition.edition),
                "out": one.out,
                "owed": one.owed,
                "mails": one.mails,
                "attempt": one.attempt,
                "next": one.next and one.next.at,
            }
            for one in seen.stories
        ],
        "mails": seen.mails,
        "waiting_since": seen.waiting_since,
        "mail_server": seen.trouble,
        "alarms": seen.alarms,
        "feeds": seen.feeds,
    }


def _editions(editions: Sequence[EditionSummary]) -> list[str]:
    if not editions:
        return ["Editions: none yet; `briefing run` makes one"]
    rows = [(one.edition.day, one.edition.name, one.subject) for one in editions]
    return ["Editions", *console.table(rows)]


def _feeds(feeds: Sequence[FeedStatus], now: datetime) -> list[str]:
    if not feeds:
        return ["Feeds: none was asked yet"]
    failing = [feed for feed in feeds if feed.errors]
    day = timedelta(days=1)
    heard = sum(1 for feed in feeds if feed.last_answered and now - feed.last_answered <= day)
    told = f"Feeds: {len(feeds)} known, {heard} answered in the last day, {len(failing)} failing"
    rows = [
        (
            feed.title or feed.url,
            f"{feed.errors} in a row",
            feed.last_error,
            f"asked again after {feed.not_before:%Y-%m-%d %H:%M} UTC" if feed.not_before else "",
        )
        for feed in failing
    ]
    return [told, *console.table(rows)]


def _skips(skips: Sequence[Skip]) -> list[str]:
    if not skips:
        return ["Left out by the last run: nothing"]
    counts = Counter((skip.stage, skip.reason) for skip in skips)
    lines = [f"Left out by the last run: {len(skips)}"]
    for (stage, reason), number in counts.most_common():
        examples = [s for s in skips if (s.stage, s.reason) == (stage, reason)][:3]
        shown = "; ".join(" ".join(f"{s.subject} {s.detail}".split()) for s in examples)
        lines.append(f"  {stage}: {reason}, {number}: {shown}{' …' if number > 3 else ''}")
    return lines
