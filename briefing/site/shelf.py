"""From the store to pages: what the server answers and what the folder of files holds."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property

from briefing.news import Digest, Edition, Story
from briefing.site.headlines import Headlines, Known
from briefing.site.ports import Editions, Listed, Stored
from briefing.stages import render
from briefing.stages.render import site
from briefing.stages.render.site import Issue, Masthead, Notice, Place
from briefing.text.characters import one_line

ALL = 1_000_000  # editions: more than there will be
CORRECTED_WITHIN = timedelta(days=30)
"""How long after an edition a later one may correct it: as long as claims are remembered."""
HTML = "text/html; charset=utf-8"
TEXT = "text/plain; charset=utf-8"

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_NAME = re.compile(r"([a-z0-9]+(?:-[a-z0-9]+)*)(?:\.(\d{4}|since-\d{4}-\d\d-\d\d))?", re.ASCII)

FILES: Mapping[str, tuple[str, Callable[[Stored], str]]] = {
    "digest.md": ("text/markdown; charset=utf-8", lambda stored: render.markdown(stored.digest)),
    "digest.txt": (TEXT, lambda stored: render.text(stored.digest)),
    "digest.json": ("application/json", lambda stored: render.json(stored.digest)),
    "evidence.json": ("application/json", lambda stored: stored.evidence),
}
"""The files of an edition: media type and how each is made."""


@dataclass(frozen=True, slots=True)
class Page:
    """What one address holds."""

    body: str
    media_type: str
    modified: datetime | None = None  # the newest edition that it shows; None: always the same


def parse_edition(day: str, name: str) -> Edition | None:
    """The edition that an address names; ``None`` for what cannot be one."""
    found = _NAME.fullmatch(name) if len(name) <= 120 else None
    when = parse_day(day)
    return Edition(found[1], when, found[2] or "") if found and when else None


def parse_day(text: str) -> date | None:
    """``2024-11-22`` as a date, and nothing else."""
    try:
        return date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None


def masthead(stories: Mapping[str, Story], *, url: str = "", signup: bool = False) -> Masthead:
    """What stands on every page of a site of these stories."""
    several = len(stories) > 1
    only = next(iter(stories.values()), None)
    name = one_line(only.name) if only and not several else "The Briefing"
    what = "Running stories, one short edition at a time." if several else "One running story."
    about = f"{what} Every sentence is checked against the articles that it cites."
    return Masthead(name, about, several=several, signup=signup, url=url.rstrip("/"))


class Shelf:
    """The archive at one moment: the list of editions is read once."""

    def __init__(
        self,
        archive: Editions,
        *,
        stories: Mapping[str, Story],
        masthead: Masthead,
        headlines: Headlines,
        index: str = "",
    ) -> None:
        """
        Args:
            stories: by slug; names the editions in lists.
            headlines: kept from one shelf to the next.
            index: see :class:`briefing.stages.render.site.Place`.
        """
        self._archive = archive
        self._stories = stories
        self._masthead = masthead
        self._headlines = headlines
        self._index = index
        self._opened: tuple[Edition, Stored | None] | None = None

    @cached_property
    def issues(self) -> list[Issue]:
        """All editions: latest day first, and of a day the latest first."""
        found = [self._issue(one) for one in self._archive.editions(ALL)]
        place = {slug: number for number, slug in enumerate(self._stories)}
        found.sort(key=lambda i: place.get(i.edition.story, len(place)))
        found.sort(key=lambda i: (i.edition.day, i.edition.slot), reverse=True)
        return found

    @cached_property
    def months(self) -> dict[str, int]:
        """The months that have editions, newest first, and how many."""
        return dict(Counter(site.key_of(issue.edition.day) for issue in self.issues))

    def front(self) -> Page:
        """The front page."""
        newest: dict[str, Issue] = {}
        for issue in self.issues:
            newest.setdefault(issue.edition.story, issue)
        followed = [issue for slug, issue in newest.items() if slug in self._stories]
        leads = [
            stored.digest
            for issue in followed or self.issues[:1]
            if (stored := self._stored(issue.edition)) is not None
        ]
        opened = {digest.edition for digest in leads}
        rest = [issue for issue in self.issues if issue.edition not in opened]
        body = site.front(
            self._masthead,
            leads=leads,
            earlier=[self._titled(issue) for issue in rest[: site.ON_FRONT]],
            counts=self.months,
            coming=site.coming(self._stories),
            place=self._place(0),
        )
        return Page(body, HTML, self._newest(self.issues))

    def month(self, key: str) -> Page | None:
        """The page of a month; ``None`` when it has no edition."""
        if key not in self.months:
            return None
        mine = [self._titled(i) for i in self.issues if site.key_of(i.edition.day) == key]
        body = site.month(self._masthead, mine, counts=self.months, place=self._place(1))
        return Page(body, HTML, self._newest(self.issues))

    def edition(self, edition: Edition) -> Page | None:
        """The page of an edition; ``None`` when there is none."""
        stored = self._stored(edition)
        if stored is None:
            return None
        own = [issue for issue in self.issues if issue.edition.story == edition.story]
        at = next((n for n, issue in enumerate(own) if issue.edition == edition), None)
        if at is None:  # recorded between two looks at the store: the next request sees both
            return None
        later = self._titled(own[at - 1]) if at else None
        earlier = self._titled(own[at + 1]) if at + 1 < len(own) else None
        corrected = self._corrected(own[:at], edition)
        body = site.edition(
            self._masthead,
            stored.digest,
            earlier=earlier,
            later=later,
            place=self._place(2),
            corrected=[notice for _, notice in corrected],
            archived={issue.edition for issue in own},
        )
        shown = [issue for issue in (earlier, own[at], later) if issue is not None]
        return Page(body, HTML, self._newest([*shown, *(issue for issue, _ in corrected)]))

    def evidence(self, edition: Edition) -> Page | None:
        """The evidence page of an edition; ``None`` when there is no such edition."""
        stored = self._stored(edition)
        if stored is None:
            return None
        digest = stored.digest
        articles = self._archive.articles([source.article for source in digest.sources])
        body = site.evidence(self._masthead, digest, articles, place=self._place(3))
        return Page(body, HTML, digest.made)

    def file(self, edition: Edition, name: str) -> Page | None:
        """A file of an edition (a key of ``FILES``); ``None`` when there is no such edition."""
        stored = self._stored(edition)
        if stored is None:
            return None
        media_type, make = FILES[name]
        return Page(make(stored), media_type, stored.digest.made)

    def atom(self, base: str) -> Page:
        """The Atom feed; ``base`` is the site's absolute address with "/" at its end, or ""."""
        body = site.atom(self._masthead, list(self._entries()), base=base, index=self._index)
        return Page(body, "application/atom+xml; charset=utf-8", self._newest(self._in_feed))

    def json_feed(self, base: str) -> Page:
        """The JSON feed."""
        body = site.json_feed(self._masthead, list(self._entries()), base=base, index=self._index)
        return Page(body, "application/feed+json; charset=utf-8", self._newest(self._in_feed))

    @property
    def _in_feed(self) -> list[Issue]:
        return self.issues[: site.IN_FEED]

    def _entries(self) -> Iterator[site.Entry]:
        for issue in self._in_feed:
            stored = self._stored(issue.edition)
            if stored is not None:
                yield site.Entry(issue, stored.digest)

    def _stored(self, edition: Edition) -> Stored | None:
        """The edition as recorded; of several looks at the same, one after another, the first."""
        if self._opened is None or self._opened[0] != edition:
            self._opened = edition, self._archive.edition(edition)
        return self._opened[1]

    def _issue(self, listed: Listed) -> Issue:
        story = self._stories.get(listed.edition.story)
        name = story.name if story else listed.edition.story
        return Issue(listed.edition, listed.subject, name, listed.made, listed.published)

    def _corrected(self, later: list[Issue], edition: Edition) -> list[tuple[Issue, Notice]]:
        """What ``later`` editions of the story, newest first, correct of this one; the oldest
        correction first."""
        last = edition.day + CORRECTED_WITHIN
        return [
            (issue, notice)
            for issue in reversed(later)
            if issue.edition.day <= last and (known := self._known(issue)) is not None
            for notice in known.notices
            if notice.correction.edition == edition
        ]

    def _titled(self, issue: Issue) -> Issue:
        """With the headline as it is printed; the stored subject does not say whose words it is."""
        known = self._known(issue)
        return replace(issue, headline=known.headline) if known is not None else issue

    def _known(self, issue: Issue) -> Known | None:
        """What is remembered of an edition; ``None`` when it is gone."""

        def digest() -> Digest | None:
            stored = self._archive.edition(issue.edition)
            return stored.digest if stored is not None else None

        return self._headlines.of(issue.edition, issue.made, digest=digest)

    def _place(self, depth: int) -> Place:
        return Place("../" * depth, self._index)

    @staticmethod
    def _newest(issues: list[Issue]) -> datetime | None:
        return max((issue.made for issue in issues), default=None)


STILL: Mapping[str, Callable[[], Page]] = {
    "style.css": lambda: Page(site.stylesheet(), "text/css; charset=utf-8"),
    "icon.svg": lambda: Page(site.icon(), "image/svg+xml"),
    "robots.txt": lambda: Page(site.ROBOTS, TEXT),
}
"""What never changes while the program runs."""
