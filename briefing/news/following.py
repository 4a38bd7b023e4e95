"""What a reader follows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

SINCE = "since-"
"""How the slot of a catch-up begins; the day of the last edition before it follows. Its day is that
of the last edition in it. No schedule has such a slot, so it is no edition's name."""


@dataclass(frozen=True, slots=True)
class Feed:
    """A subscription, from the OPML file."""

    url: str
    title: str
    publisher: str
    bloc: str = ""  # "world", "western", "ukrainian", "russian", "defence", ...
    state_media: bool = False  # owned or run by a state
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Schedule:
    """When editions of a story are made, in its own time zone."""

    times: tuple[time, ...] = ()  # local times, ascending; empty: only when asked for
    days: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 6)  # weekdays, Monday is 0

    @property
    def slots(self) -> tuple[str, ...]:
        """Names of a day's editions: "" for the only one, else "0630", "1700", ..."""
        if len(self.times) < 2:
            return ("",)
        return tuple(f"{one:%H%M}" for one in self.times)


@dataclass(frozen=True, slots=True)
class Story:
    """The running story a reader follows, from ``config/stories/*.toml``."""

    slug: str  # names the output folder
    name: str
    description: str  # plain prose: what is and what is not part of the story; embedded by `relate`
    terms: dict[str, tuple[str, ...]]  # group name ("weapons", "actors", ...) -> words and phrases
    minutes: float = 2.0  # reading time of one edition
    timezone: str = "UTC"  # IANA zone in which the edition's date is local
    relevance: float = 0.45  # least score of an article about the story, from 0 to 1
    schedule: Schedule = Schedule()


@dataclass(frozen=True, slots=True)
class Edition:
    """The key under which a digest exists once: (story, local date, slot)."""

    story: str  # Story.slug
    day: date  # in the story's time zone
    slot: str = ""  # one of Schedule.slots: "" for the only edition of a day, else "0630", ...

    @property
    def name(self) -> str:
        """Story and slot, as folders and addresses name them: ``story`` or ``story.1700``."""
        return f"{self.story}.{self.slot}" if self.slot else self.story

    def __str__(self) -> str:
        return f"{self.name}/{self.day.isoformat()}"
