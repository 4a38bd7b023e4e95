"""The nouns that the stages hand to each other.

Frozen, slotted dataclasses with small properties and no behaviour. ``Article.text`` is the only
evidence: every :class:`Passage` is a span of it, every :class:`Claim` cites passages, and a
:class:`Digest` is made of claims alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from hashlib import sha256
from typing import Literal

Sourcing = Literal[
    "on record", "unnamed officials", "claimed by a party to the war", "analysis", "reported"
]
"""Who stands behind a sentence, taken from the passage and never guessed."""

Wording = Literal["written", "shortened", "quoted"]
"""``written``: the model's sentence, checked. ``shortened``: the source's own sentence, from which
a rule left words out (a headline), checked like a written one. ``quoted``: the source's own words,
marked so."""


# -- what a reader follows ---------------------------------------------------------------------


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


# -- what comes in -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Document:
    """Bytes as they came, from the web or a folder."""

    address: str  # final URL, or the path relative to the source folder
    body: bytes
    media_type: str = ""  # "text/html"; empty when nobody said
    charset: str = ""  # as declared by the transport; empty when nobody said
    etag: str = ""  # verbatim
    last_modified: str = ""  # verbatim
    fresh_for: float = 0.0  # seconds for which it wants to be kept; 0 when nobody said
    moved_to: str = ""  # where permanent redirects led; "" when there were none


@dataclass(frozen=True, slots=True)
class NotModified:
    """The server's word that the document is still the one it gave before (304)."""

    fresh_for: float = 0.0  # as of a Document
    moved_to: str = ""  # as of a Document


@dataclass(frozen=True, slots=True)
class Entry:
    """What the feed or folder *said* about one article. Not evidence yet."""

    key: str  # stable within its source: guid, else link, else a hash of title and body
    source: str  # Feed.url, or "folder:<name>"
    link: str  # absolute http(s) address of the page; "" when there is none
    title: str  # plain text; "" when none was given
    published: datetime | None  # aware, UTC
    body: str  # content or summary, raw
    body_format: Literal["html", "text", "markdown"]
    publisher: str = ""
    bloc: str = ""
    state_media: bool = False
    language: str = ""

    @property
    def id(self) -> str:
        """Identity across the store: 16 hex digits of the source and the key."""
        named = f"{self.source}\0{self.key}".encode("utf-8", "backslashreplace")
        return sha256(named).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Passage:
    """One sentence (or the stated headline) of an article: ``Article.text[start:end] == text``."""

    article: str  # Article.id
    index: int  # position within Article.passages
    start: int
    end: int
    text: str
    paragraph: int  # paragraph number; the headline is paragraph 0
    kind: Literal["title", "sentence"] = "sentence"

    @property
    def key(self) -> str:
        """Identity within a run and in evidence: ``article:index``."""
        return f"{self.article}:{self.index}"


@dataclass(frozen=True, slots=True)
class Removed:
    """Text taken out of an article before anyone could cite it."""

    text: str
    reason: str  # "advert", "comments notice", "credit line", "byline", "far from the article", ...


@dataclass(frozen=True, slots=True)
class Article:
    """What the page says, cleaned. **The only evidence.**

    ``text`` starts with the headline when the source stated one (paragraph 0), then the body;
    paragraphs are separated by a blank line. Straight and curly quote marks are kept as they are.
    """

    id: str  # Entry.id; posts of a live blog add "-1", "-2", ...
    url: str  # "" when there is no page
    title: str
    title_origin: Literal["stated", "made"]
    publisher: str  # "" when nobody said
    published: datetime | None  # aware, UTC; a date without time is its midnight
    date_origin: Literal["stated", "inferred", "unknown"]
    text: str
    passages: tuple[Passage, ...]
    credits: tuple[str, ...] = ()  # outlets that the article itself credits
    removed: tuple[Removed, ...] = ()
    bloc: str = ""
    state_media: bool = False
    language: str = "en"
    source: str = ""  # Entry.source; for a file with its path: "folder:seeds/one.txt"
    relevance: float = 0.0  # set by `relate`

    @property
    def body(self) -> tuple[Passage, ...]:
        """The sentences without the headline."""
        return tuple(p for p in self.passages if p.kind == "sentence")

    @property
    def file(self) -> str:
        """Path of the article's file, when it came from a folder; else ""."""
        return self.source.removeprefix("folder:") if self.source.startswith("folder:") else ""

    @property
    def label(self) -> str:
        """How the article is named where a publisher is wanted: publisher, else file or site."""
        return self.publisher or self.file or self.url


# -- what is understood ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Origin:
    """Articles that are one report told many times (wire copy, reprint, rewrite)."""

    id: str  # id of its first article
    articles: tuple[str, ...]  # ids, earliest first
    evidence: str = ""  # why they are one: "61% of paragraphs align in order", "credits Reuters"


@dataclass(frozen=True, slots=True)
class Fact:
    """One to three overlapping passages that say the same: what one sentence is written from."""

    passages: tuple[Passage, ...]  # the most typical first
    leads_in: tuple[Passage, ...] = ()  # sentences just before the first passage that it leans on
    weight: float = 0.0  # salience within the day, used by `select`

    @property
    def id(self) -> str:
        """Identity within a run: the keys of its passages."""
        return "+".join(p.key for p in self.passages)


@dataclass(frozen=True, slots=True)
class Development:
    """One thing that happened or was said, as one to three facts from one or several articles."""

    id: str
    facts: tuple[Fact, ...]  # the main fact first
    articles: tuple[str, ...]  # ids of all articles that tell it
    origins: int  # number of independent origins among them
    latest: datetime | None  # newest date among its articles
    score: float = 0.0  # rank within the day


# -- what is written and checked ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Option:
    """One sentence that the writer may write, and what it is worth beside its likelihood."""

    text: str
    worth: float = 0.0  # nats
    own: bool = False  # more than a near copy of its passage


@dataclass(frozen=True, slots=True)
class Prompt:
    """What the model is asked, for one fact."""

    fact: Fact
    text: str  # the whole user message; the model adapter adds its chat template
    attempt: int = 1  # 2: the one rewrite
    options: tuple[Option, ...] = ()  # the only answers there are; none: any answer will do


@dataclass(frozen=True, slots=True)
class Draft:
    """What the model wrote for one fact. Nobody has checked it."""

    fact: Fact
    headline: str
    statement: str
    attempt: int = 1


@dataclass(frozen=True, slots=True)
class Pair:
    """One sentence to be proven and the passages it cites: the input of ``models.support``."""

    sentence: str
    evidence: tuple[str, ...]  # texts of the passages


@dataclass(frozen=True, slots=True)
class Claim:
    """One printable sentence with the passages that support it. Made only by `check.judge`."""

    text: str
    passages: tuple[Passage, ...]
    score: float  # support by the passages, 0 to 1; 1.0 for the source's own words
    wording: Wording
    sourcing: Sourcing


@dataclass(frozen=True, slots=True)
class Dropped:
    """A sentence the model wrote that will not be printed."""

    text: str
    reason: str  # stable phrase for counting: "number", "name", "quote", "modality", "support", ...
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Brief:
    """What we are willing to print of one development. Made only by `check.judge`."""

    id: str  # Development.id
    headline: Claim
    claims: tuple[Claim, ...]  # one to three sentences
    articles: tuple[str, ...]
    origins: int
    dropped: tuple[Dropped, ...] = ()
    latest: datetime | None = None


# -- what goes out -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class BoardLine:
    """One line of a board: a lead (speaker, date, meaning of a figure) and the claim behind it."""

    lead: str  # "" on the board of what else was reported
    claim: Claim  # for a quote, its text is exactly the quoted words
    note: str = ""  # "sources differ", "date inferred", ...


@dataclass(frozen=True, slots=True)
class Board:
    """A titled list beside the developments: quotes, figures, timeline."""

    kind: Literal["also", "quotes", "figures", "timeline"]
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
