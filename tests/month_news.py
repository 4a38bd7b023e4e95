"""A made-up month of one story, told by feeds that fail, move, repeat themselves and dawdle.

What each feed answers depends on the hour of a clock, and on nothing else.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from email.message import Message
from html import escape
from random import Random

from feed_site import Reply, Site

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
FIRST = date(2025, 10, 6)  # the month holds the night in which Europe's clocks go back
DAYS = 30
ZONE = "Europe/Helsinki"
AT = "06:30"
KEEPS = 3  # days that an entry stays in a feed
HANGS = 2.0  # seconds; the deadline of a fetch has to be shorter

SPEAKERS = ("Anna Weber", "Nils Ekdahl", "Marta Soler", "Iver Brandt", "Edith Kroll", "Jonas Raab")
PIERS = ("north pier", "grain terminal", "ferry quay", "oil jetty", "container yard", "dry dock")
THINGS = ("coal", "timber", "grain", "fertiliser", "steel", "machine parts", "sugar", "cement")
TALKS = ("night shifts", "wages", "pensions", "safety rules", "overtime", "holidays", "sick pay")

EVENTS = (
    (
        "Dock workers walk out at the {pier} in Lunden",
        "The port authority of Lunden said that {n} dock workers had walked out at the {pier} of "
        "the harbour after talks on {talk} failed.",
        'Dock workers will stay out "until the offer on {talk} is in writing", {who} said.',
    ),
    (
        "{n} ships wait outside Lunden with {thing}",
        "{n} ships with {thing} were waiting outside the harbour of Lunden, the port authority "
        "said, because dock workers would not unload them.",
        "Captains were told to expect {m} more days of waiting at the {pier}, {who} said.",
    ),
    (
        "Port authority of Lunden offers {m} percent",
        "The port authority of Lunden offered dock workers a raise of {m} percent over {k} years, "
        "potentially opening the way to a new round of talks on {talk} in the harbour.",
        "{who} said that {n} dock workers would vote on the offer at the {pier}.",
    ),
    (
        "A crane at the {pier} of Lunden is stopped",
        "Dock workers stopped a crane at the {pier} in the harbour of Lunden, leaving {n} tonnes "
        "of {thing} on the quay in the open air for the rest of the night.",
        "The port authority put the damage at {m} million crowns, {who} told reporters.",
    ),
    (
        "Court in Lunden hears dock workers on {talk}",
        "A court in Lunden heard {k} dock workers, despite a request by the port authority, which "
        "had dismissed them in a quarrel over {talk} in the harbour.",
        "The court will decide within {m} weeks, {who} said after {n} minutes of hearing.",
    ),
    (
        "Police clear the {pier} of Lunden harbour",
        "Police cleared the {pier} of the harbour of Lunden, ending a blockade in which dock "
        "workers had held up {n} lorries that carried {thing}.",
        'The port authority called the blockade "{k} hours of lost patience", {who} said.',
    ),
)
OFF_TOPIC = (
    "A choir of {n} sings in the town hall",
    "The choir of the town school sang {m} songs for {n} guests on a mild evening.",
)


@dataclass(frozen=True)
class Item:
    """One entry that a feed may carry."""

    path: str  # of its page
    title: str
    text: str
    at: datetime

    @property
    def guid(self) -> str:
        return f"tag:lunden.example,2025:{self.path}"


def day_number(moment: datetime) -> int:
    return (moment.astimezone(UTC).date() - FIRST).days


def news_of(feed: str, number: int, *, share: int) -> list[Item]:
    """What a feed has to say of a day: the events of which it hears, and something else."""
    events = Random(f"day {number}").sample(range(len(EVENTS)), 4)
    items = []
    for place, event in enumerate(events[:share]):
        facts = Random(f"event {number} {event}")
        given = {
            "n": facts.randint(11, 480), "m": facts.randint(2, 9), "k": facts.randint(3, 12),
            "pier": facts.choice(PIERS), "thing": facts.choice(THINGS),
            "talk": facts.choice(TALKS), "who": facts.choice(SPEAKERS),
        }  # fmt: skip
        title, first, second = (part.format(**given) for part in EVENTS[event])
        # Each tells the second sentence or leaves it out, so that reports of one event differ
        more = second if (place + len(feed)) % 2 else f"{feed} was there. {second}"
        at = datetime.combine(FIRST, datetime.min.time(), UTC) + number * DAY
        at += timedelta(minutes=Random(f"{feed} {number} {place}").randint(0, 1300))
        items.append(Item(f"/{feed}/{number}-{place}", title, f"{first} {more}", at))
    if number % 3 == 0:
        title, text = (part.format(n=20 + number, m=3 + number) for part in OFF_TOPIC)
        at = datetime.combine(FIRST, datetime.min.time(), UTC) + number * DAY + HOUR
        items.append(Item(f"/{feed}/{number}-choir", title, text, at))
    return items


@dataclass
class Month:
    """The feeds of the month on a site, and what they were asked and have answered."""

    site: Site
    clock: Callable[[], datetime]
    asked: dict[str, list[datetime]] = field(default_factory=dict)
    served: dict[str, datetime] = field(default_factory=dict)  # page of an entry -> first told

    def __post_init__(self) -> None:
        for path, answer in FEEDS.items():
            self.asked[path] = []
            self.site.pages[path] = self._feed(path, answer)

    def _feed(self, path: str, answer: Answer) -> Callable[[Message], Reply]:
        def page(asked: Message) -> Reply:
            self.asked[path].append(self.clock())
            return answer(self, asked)

        return page

    def items(self, feed: str, *, share: int = 1, told: bool = True) -> list[Item]:
        """What the feed carries now, noted as told if it will be."""
        now = self.clock()
        number = day_number(now)
        carried = [
            item
            for one in range(max(number - KEEPS, -1), number + 1)
            for item in news_of(feed, one, share=share)
            if item.at <= now
        ]
        for item in carried if told else ():
            self.served.setdefault(item.path, now)
        return carried

    def page(self, item: Item) -> None:
        """Give the entry a page of its own."""
        body = (
            f"<!doctype html><html><head><title>{escape(item.title)}</title></head><body>"
            f"<nav><a href='/'>Home</a> <a href='/sport'>Sport</a></nav><article>"
            f"<h1>{escape(item.title)}</h1><p>{escape(item.text)}</p></article>"
            "<footer>Write to us, or follow us.</footer></body></html>"
        )
        self.site.pages[item.path] = lambda _: Reply(
            body.encode(), (("Content-Type", "text/html; charset=utf-8"),)
        )

    def rss(self, items: list[Item], *, guid: bool = True, extra: str = "") -> bytes:
        written = "".join(
            f"<item><title>{escape(one.title)}</title><link>{self.site.url(one.path)}</link>"
            + (f"<guid isPermaLink='false'>{one.guid}</guid>" if guid else "")
            + f"<description>{escape(one.text)}</description>"
            f"<pubDate>{one.at:%a, %d %b %Y %H:%M:%S} GMT</pubDate></item>"
            for one in items
        )
        return (
            f"<rss version='2.0'><channel><title>E</title>{extra}{written}</channel></rss>".encode()
        )

    def atom(self, items: list[Item]) -> bytes:
        written = "".join(
            f"<entry><title>{escape(one.title)}</title><id>{one.guid}</id>"
            f"<link href='{self.site.url(one.path)}'/>"
            f"<updated>{one.at:%Y-%m-%dT%H:%M:%SZ}</updated>"
            f"<content type='html'>&lt;p&gt;{escape(escape(one.text))}&lt;/p&gt;</content></entry>"
            for one in items
        )
        space = "http://www.w3.org/2005/Atom"
        return f"<feed xmlns='{space}'><title>G</title><id>g</id>{written}</feed>".encode()


Answer = Callable[[Month, Message], Reply]


def wire(month: Month, asked: Message) -> Reply:
    """Always there; has pages, validators and a wish to be left alone for two hours."""
    items = month.items("wire", share=2)
    tag = f'"{len(items)}-{items[-1].path if items else ""}"'
    wish = ("Cache-Control", "max-age=7200")
    if asked["If-None-Match"] == tag:
        return Reply(b"", (("ETag", tag), wish), 304)
    for item in items:
        month.page(item)
    return Reply(month.rss(items), (("ETag", tag), wish))


def gazette(month: Month, _: Message) -> Reply:
    """Repeats its entries for days, each day under another headline."""
    number = day_number(month.clock())
    items = month.items("gazette")
    again = [Item(i.path, f"{i.title} (update {number})", i.text, i.at) for i in items]
    return Reply(month.atom(again))


def tribune(month: Month, _: Message) -> Reply:
    """Fails for five days."""
    if 5 <= day_number(month.clock()) < 10:
        return Reply(b"sorry", (), 500)
    return Reply(month.rss(month.items("tribune")))


def moving(month: Month, _: Message) -> Reply:
    """Moves for good on the tenth day."""
    if day_number(month.clock()) >= 10:
        return Reply(b"", (("Location", "/post"),), 301)
    return Reply(month.rss(month.items("post")))


def post(month: Month, _: Message) -> Reply:
    """Where the last one has moved to."""
    return Reply(month.rss(month.items("post")))


def herald(month: Month, _: Message) -> Reply:
    """Answers nothing, a page, half a feed and noise for a day each."""
    number = day_number(month.clock())
    body = month.rss(month.items("herald", told=not 14 <= number <= 17))
    match number:
        case 14:
            return Reply(b"")
        case 15:
            page = b"<!doctype html><html><body><h1>Are you a robot?</h1></body></html>"
            return Reply(page, (("Content-Type", "text/html"),))
        case 16:
            return Reply(body[: len(body) // 2])
        case 17:
            return Reply(Random(17).randbytes(3000), (("Content-Type", "application/rss+xml"),))
    return Reply(body)


def snail(month: Month, _: Message) -> Reply:
    """Takes longer than it is given, for a day."""
    if day_number(month.clock()) == 18:
        time.sleep(HANGS)
    return Reply(month.rss(month.items("snail"), guid=False))


def radio(month: Month, _: Message) -> Reply:
    """Asks to come back much later, once."""
    if day_number(month.clock()) == 22:
        return Reply(b"", (("Retry-After", "43200"),), 503)
    return Reply(month.rss(month.items("radio"), extra="<ttl>180</ttl>"))


FEEDS: dict[str, Answer] = {
    "/wire.rss": wire,
    "/gazette.atom": gazette,
    "/tribune.rss": tribune,
    "/moving.rss": moving,
    "/post": post,
    "/herald.rss": herald,
    "/snail.rss": snail,
    "/radio.rss": radio,
}
SUBSCRIBED = tuple(path for path in FEEDS if path != "/post")
