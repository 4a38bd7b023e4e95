"""A digest as a reader sees it, before any format: every word is chosen here, once.

All texts are cleaned of what no reader can see (control, direction and zero-width characters);
each format escapes them for itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from briefing.news import Board, Brief, Digest, Source
from briefing.stages.render import changed, dates
from briefing.stages.render.changed import Mend, Move
from briefing.stages.render.footer import footer, left_out
from briefing.stages.render.sentence import Sentence, Speaker
from briefing.text.characters import one_line
from briefing.text.hosts import names_another, plain_address
from briefing.text.lines import lines
from briefing.text.novelty import told, without_news
from briefing.text.scripts import mixed


@dataclass(frozen=True, slots=True)
class Part:
    """One development."""

    number: int
    headline: Sentence
    sentences: tuple[Sentence, ...]
    spread: tuple[str, ...]  # "4 articles, 2 origins", "known since 18 November", "newest ..."


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a board."""

    lead: str
    stamp: str  # ISO date of a timeline row; else ""
    sentence: Sentence
    note: str


@dataclass(frozen=True, slots=True)
class Table:
    """One board."""

    kind: str
    title: str
    rows: tuple[Row, ...]

    @property
    def plain(self) -> bool:
        """Whether some line has nothing in front of it: a list rather than terms."""
        return not all(row.lead for row in self.rows)


@dataclass(frozen=True, slots=True)
class Reference:
    """One entry of the list of sources."""

    number: int
    title: str
    publisher: str  # and its host, where the title names another one
    when: str  # "22 November 2024 (date inferred)", "undated"
    credits: str  # "credits Reuters, AP"; "" when none
    state_media: bool
    url: str  # http or https; "" when there is none
    file: str  # "" when it came from the web
    places: tuple[tuple[str, str], ...]  # (name of the place, anchor) of first citations


@dataclass(frozen=True, slots=True)
class View:
    """The whole edition."""

    story: str
    day: str
    stamp: str  # ISO date
    subject: Sentence
    quiet: str  # the one honest line of an edition without news; else ""
    notes: tuple[str, ...]
    bottom_line: tuple[Sentence, ...]
    changed: str  # "What changed since 18 November"
    moves: tuple[Move, ...]
    parts: tuple[Part, ...]
    background: tuple[Part, ...]  # developments that only repeat what is known, numbered on
    tables: tuple[Table, ...]
    mends: tuple[Mend, ...]
    origins: tuple[tuple[Reference, ...], ...]  # reprints of one report together
    footer: tuple[tuple[str, str], ...]
    left_out: tuple[str, ...]

    @property
    def chapters(self) -> tuple[tuple[str, str, tuple[Part, ...]], ...]:
        """(anchor, title, developments): the news, then the background; empty ones left out."""
        both = (
            ("developments", "Developments", self.parts),
            ("background", "Background", self.background),
        )
        return tuple(chapter for chapter in both if chapter[2])

    @property
    def references(self) -> tuple[Reference, ...]:
        """All sources by number."""
        return tuple(sorted((r for group in self.origins for r in group), key=lambda r: r.number))


def view(digest: Digest) -> View:
    """What to print."""
    say = Speaker(digest)
    news = told(digest.briefs, digest.changes, digest.previous)
    parts = [_part(say, n, brief, digest.edition.day) for n, brief in enumerate(digest.briefs, 1)]
    bottom_line = [say.sentence(f"bottom-line/{n}", c) for n, c in enumerate(digest.bottom_line, 1)]
    return View(
        story=one_line(digest.story_name),
        day=_day(digest),
        stamp=digest.edition.day.isoformat(),
        subject=_subject(say, digest),
        quiet=changed.quiet(digest),
        notes=tuple(one_line(note) for note in digest.notes),
        bottom_line=tuple(bottom_line),
        changed=changed.heading(digest),
        moves=changed.moves(say, digest),
        parts=tuple(parts[:news]),
        background=tuple(parts[news:]),
        tables=tuple(_table(say, board) for board in digest.boards if board.lines),
        mends=changed.mends(say, digest),
        origins=_origins(digest),
        footer=tuple((label, one_line(words)) for label, words in footer(digest)),
        left_out=tuple(one_line(words) for words in left_out(digest)),
    )


def _subject(say: Speaker, digest: Digest) -> Sentence:
    """The headline; of an edition without news, that."""
    subject = say.sentence("subject", digest.subject)
    words = changed.unchanged(digest) if without_news(digest) else ""
    return replace(subject, text=words) if words else subject


def safe_url(url: str) -> str:
    """``url`` with its real host in it (`hosts.plain_address`); "" when nobody may be led there."""
    return plain_address(url) if url == one_line(url) else ""


def _part(say: Speaker, number: int, brief: Brief, day: date) -> Part:
    sentences = (
        say.sentence(f"developments/{number}/{n}", c) for n, c in enumerate(brief.claims, 1)
    )
    return Part(
        number=number,
        headline=say.sentence(f"developments/{number}/headline", brief.headline),
        sentences=tuple(sentences),
        spread=changed.spread(brief, day),
    )


def _table(say: Speaker, board: Board) -> Table:
    rows = [
        Row(
            lead=_lead(board.kind, line.lead),
            stamp=line.lead if board.kind == "timeline" else "",
            sentence=say.sentence(f"{board.kind}/{number}", line.claim),
            note=one_line(line.note),
        )
        for number, line in enumerate(board.lines, 1)
    ]
    return Table(board.kind, one_line(board.title), tuple(rows))


def _lead(kind: str, lead: str) -> str:
    """What stands in front of a board's line, as a reader has it."""
    if kind == "timeline":
        return dates.day(date.fromisoformat(lead))
    return one_line(lead.capitalize() if kind == "answers" else lead)


def _origins(digest: Digest) -> tuple[tuple[Reference, ...], ...]:
    """Sources with their reprints, in the order of the lowest number of each group."""
    groups: dict[str, list[Reference]] = {}
    for source in digest.sources:
        places = _places(digest, source)
        groups.setdefault(source.origin, []).append(_reference(source, places))
    return tuple(tuple(group) for group in groups.values())


def _reference(source: Source, places: Sequence[tuple[str, str]]) -> Reference:
    when = dates.moment(source.published) if source.published else "undated"
    if source.published and source.date_origin == "inferred":
        when += " (date inferred)"
    title, url = one_line(source.title) or "Untitled", safe_url(source.url)
    if mixed(title):
        when += ", letters of two scripts in one word of its title"
    elsewhere = names_another(title, url)
    return Reference(
        number=source.number,
        title=title,
        publisher=", ".join(filter(None, (one_line(source.publisher), elsewhere))),
        when=when,
        credits=f"credits {one_line(', '.join(source.credits))}" if source.credits else "",
        state_media=source.state_media,
        url=url,
        file=one_line(source.file),
        places=tuple(places),
    )


def _places(digest: Digest, source: Source) -> list[tuple[str, str]]:
    """Where a source is cited: the first line of each place of the page."""
    found: dict[str, str] = {}
    for line in lines(digest):
        if any(p.article == source.article for p in line.claim.passages):
            place, _, rest = line.id.partition("/")
            number = rest.partition("/")[0]
            name = number if place == "developments" else place.replace("-", " ")
            found.setdefault(name, line.id.replace("/", "-"))
    return list(found.items())


def _day(digest: Digest) -> str:
    """``Friday 22 November 2024``, and the time of day where there are several editions."""
    day, slot = dates.long_day(digest.edition.day), digest.edition.slot
    return f"{day}, {dates.of_slot(slot)}" if slot else day
