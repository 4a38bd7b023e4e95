"""A digest as a reader sees it, before any format: every word is chosen here, once.

All texts are cleaned of what no reader can see (control, direction and zero-width characters);
each format escapes them for itself.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from briefing.news import Board, Brief, Claim, Digest, Source
from briefing.stages.render import dates
from briefing.stages.render.footer import footer, left_out
from briefing.text.assemble import one_line
from briefing.text.lines import lines
from briefing.text.words import count


@dataclass(frozen=True, slots=True)
class Sentence:
    """One printed sentence, ready to read."""

    id: str  # line id
    text: str  # with quotation marks around it when it is the source's own sentence
    quoted: bool
    publisher: str  # whose words they are; "" when nobody said or the model wrote them
    sourcing: str
    sources: tuple[int, ...]

    @property
    def anchor(self) -> str:
        """The line id as a link target."""
        return self.id.replace("/", "-")


@dataclass(frozen=True, slots=True)
class Part:
    """One development."""

    number: int
    headline: Sentence
    sentences: tuple[Sentence, ...]
    spread: str  # "4 articles, 2 origins"
    latest: str  # "22 November 2024"; "" when unknown


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


@dataclass(frozen=True, slots=True)
class Reference:
    """One entry of the list of sources."""

    number: int
    title: str
    publisher: str
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
    quiet: str  # the one honest line of an edition without developments; else ""
    notes: tuple[str, ...]
    bottom_line: tuple[Sentence, ...]
    parts: tuple[Part, ...]
    tables: tuple[Table, ...]
    origins: tuple[tuple[Reference, ...], ...]  # reprints of one report together
    footer: tuple[tuple[str, str], ...]
    left_out: tuple[str, ...]

    @property
    def references(self) -> tuple[Reference, ...]:
        """All sources by number."""
        return tuple(sorted((r for group in self.origins for r in group), key=lambda r: r.number))


def view(digest: Digest) -> View:
    """What to print."""
    say = _Speaker(digest)
    return View(
        story=one_line(digest.story_name),
        day=_day(digest),
        stamp=digest.edition.day.isoformat(),
        subject=say.sentence("subject", digest.subject),
        quiet="" if digest.briefs else _quiet(digest),
        notes=tuple(one_line(note) for note in digest.notes),
        bottom_line=tuple(
            say.sentence(f"bottom-line/{n}", c) for n, c in enumerate(digest.bottom_line, 1)
        ),
        parts=tuple(say.part(number, brief) for number, brief in enumerate(digest.briefs, 1)),
        tables=tuple(say.table(board) for board in digest.boards if board.lines),
        origins=_origins(digest),
        footer=tuple((label, one_line(words)) for label, words in footer(digest)),
        left_out=tuple(one_line(words) for words in left_out(digest)),
    )


def own_words(text: str) -> str:
    """``text`` in double quotation marks; double marks inside become single, as is the custom.

    Equal to the source under `briefing.text.quotes.normalise`.
    """
    inner = re.sub(r'(?:(?<=^)|(?<=[\s(\[—–‘“]))"', "‘", text).replace('"', "’")
    return f"“{inner.replace('“', '‘').replace('”', '’')}”"


def safe_url(url: str) -> str:
    """``url`` when it is a plain http or https address, else ""."""
    if re.search(r"[\s<>\"'`\\{}|^\x00-\x20\x7f-\x9f]", url) or url != one_line(url):
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme.lower() in ("http", "https") and parts.netloc else ""


class _Speaker:
    """Turns claims into sentences, knowing the numbers of the sources."""

    def __init__(self, digest: Digest) -> None:
        self._number = {s.article: s.number for s in digest.sources}
        self._publisher = {s.article: s.publisher for s in digest.sources}

    def sentence(self, line: str, claim: Claim) -> Sentence:
        quoted = claim.wording == "quoted" and bool(claim.passages)
        text = one_line(claim.text)
        return Sentence(
            id=line,
            text=own_words(text) if quoted else text,
            quoted=quoted,
            publisher=one_line(self._publisher[claim.passages[0].article]) if quoted else "",
            sourcing=claim.sourcing if claim.passages else "",
            sources=tuple(dict.fromkeys(self._number[p.article] for p in claim.passages)),
        )

    def part(self, number: int, brief: Brief) -> Part:
        sentences = (
            self.sentence(f"developments/{number}/{n}", c) for n, c in enumerate(brief.claims, 1)
        )
        return Part(
            number=number,
            headline=self.sentence(f"developments/{number}/headline", brief.headline),
            sentences=tuple(sentences),
            spread=f"{count(len(brief.articles), 'article')}, {count(brief.origins, 'origin')}",
            latest=dates.day(brief.latest.date()) if brief.latest else "",
        )

    def table(self, board: Board) -> Table:
        rows = []
        for number, line in enumerate(board.lines, 1):
            dated = board.kind == "timeline"
            rows.append(
                Row(
                    lead=dates.day(date.fromisoformat(line.lead)) if dated else one_line(line.lead),
                    stamp=line.lead if dated else "",
                    sentence=self.sentence(f"{board.kind}/{number}", line.claim),
                    note=one_line(line.note),
                )
            )
        return Table(board.kind, one_line(board.title), tuple(rows))


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
    return Reference(
        number=source.number,
        title=one_line(source.title) or "Untitled",
        publisher=one_line(source.publisher),
        when=when,
        credits=f"credits {one_line(', '.join(source.credits))}" if source.credits else "",
        state_media=source.state_media,
        url=safe_url(source.url),
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


def _quiet(digest: Digest) -> str:
    read = digest.accounts.articles_in
    if not read:
        return "No article came in, so there is nothing to report."
    return f"Nothing to report: {count(read, 'article')} came in, and none gave a development."
