"""What goes out."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from briefing.news.following import Edition
from briefing.news.memory import Change, Correction
from briefing.news.sentences import Brief, Claim


@dataclass(frozen=True, slots=True)
class BoardLine:
    """One line of a board: a lead (speaker, date, meaning of a figure) and the claim behind it."""

    lead: str  # "" on the board of what else was reported
    claim: Claim  # for a quote, its text is exactly the quoted words
    note: str = ""  # "sources differ", "date inferred", ...


@dataclass(frozen=True, slots=True)
class Board:
    """A titled list beside the developments."""

    kind: Literal["also", "positions", "answers", "quotes", "figures", "timeline"]
    title: str
    lines: tuple[BoardLine, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """A numbered article in the list of sources. Numbers count only what is cited."""

    number: int
    article: str  # Article.id
    title: str
    publisher: str
    published: datetime | None
    date_origin: Literal["stated", "inferred", "unknown"]
    url: str
    origin: str  # Origin.id: equal for reprints of one report
    credits: tuple[str, ...] = ()
    bloc: str = ""
    state_media: bool = False
    file: str = ""  # path of the article's file, when it came from a folder


@dataclass(frozen=True, slots=True)
class Skip:
    """An expected loss, shown in the footer and by ``briefing status``."""

    stage: str  # "fetch", "parse", "extract", "relate", "select", ...
    subject: str  # article title, address or path
    reason: str  # stable phrase for counting: "off topic", "no text", "http 404", ...
    detail: str = ""  # score, size, message


@dataclass(frozen=True, slots=True)
class FeedReport:
    """What one source answered in this run."""

    source: str  # Feed.url or folder
    title: str
    outcome: Literal["answered", "unchanged", "silent", "waiting"]
    entries: int = 0  # entries seen in the answer
    new: int = 0  # of them never seen before
    detail: str = ""  # why it was silent, until when it waits, where it has moved to


@dataclass(frozen=True, slots=True)
class Accounts:
    """The footer that adds up: ``articles_in == used + sum(left_out)`` and
    ``written == kept + sum(dropped)``."""

    articles_in: int
    used: int
    left_out: tuple[tuple[str, int], ...]  # reason -> count, in falling order
    written: int  # sentences the model wrote (headlines and rewrites included)
    kept: int  # of them passed by the check; not all need be printed
    dropped: tuple[tuple[str, int], ...]  # reason -> count
    printed_written: int  # printed sentences written by the model
    printed_quoted: int  # printed sentences in the source's own words
    feeds: tuple[FeedReport, ...] = ()
    printed_shortened: int = 0  # printed headlines cut by rule from a source's sentence


@dataclass(frozen=True, slots=True)
class ModelIdentity:
    """Which model wrote and which judged, with versions and checksums."""

    writer: str  # "SmolLM2-135M-Instruct Q4_1 (b179c952)"
    adapter: str  # "" when none is loaded
    judge: str
    device: str  # "cpu bf16", "cuda bf16", ...


@dataclass(frozen=True, slots=True)
class Digest:
    """One edition. Holds only claims that were checked."""

    edition: Edition
    story_name: str
    made: datetime  # aware; carries the UTC offset of the story's time zone, as all dates here
    subject: Claim  # the day's top development, twelve words at most
    bottom_line: tuple[Claim, ...]  # at most three sentences and 60 words
    briefs: tuple[Brief, ...]
    boards: tuple[Board, ...]
    sources: tuple[Source, ...]
    skips: tuple[Skip, ...]
    accounts: Accounts
    model: ModelIdentity
    seconds: float = 0.0  # run time
    newest: datetime | None = None  # date of the newest source
    notes: tuple[str, ...] = field(default=())  # "written without the model: ...", one line each
    previous: date | None = None  # day of the edition that changes are counted from
    changes: tuple[Change, ...] = ()  # what is new against it; empty on a first edition
    repeats: int = 0  # articles that tell only what earlier editions knew
    corrections: tuple[Correction, ...] = ()  # of earlier editions
    as_of: bool = False  # made later, as it would have been made at the moment `made`
