"""What stands in front of a board's line: the speaker, the meaning of a figure, the day."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date

from briefing.news import Article, BoardLine, Digest, Passage
from briefing.proof.finding import Articles, Finding
from briefing.stages.check import sourcing
from briefing.stages.compose.figures import figures
from briefing.stages.compose.material import Material
from briefing.text.dates import mentions, resolve
from briefing.text.persons import full_name
from briefing.text.quotes import quotations, speaker


def leads(digest: Digest, stored: Articles) -> Iterator[Finding]:
    """Every lead that its passage and its article do not give."""
    for board in digest.boards:
        for number, row in enumerate(board.lines, 1):
            yield from _PROOFS[board.kind](f"{board.kind}/{number}", row, digest, stored)


def _quote(where: str, row: BoardLine, digest: Digest, stored: Articles) -> Iterator[Finding]:
    """The words inside the source's quote marks, and whose they are."""
    for passage in row.claim.passages:
        article = stored.get(passage.article)
        if article is None:
            return
        speakers = {
            full_name(who, article.text) if who else ""
            for quotation in quotations(passage.text)
            if quotation.closed and quotation.words.removesuffix(",") == row.claim.text
            for who in [speaker(passage.text, quotation, _before(passage, article))]
        }
        if not speakers:
            what = "is no quotation of the source, byte for byte"
            yield Finding(where, what, passage.text, row.claim.text)
        elif row.lead not in speakers:
            yield Finding(where, "wrong speaker", " or ".join(sorted(speakers)), row.lead)


def _none(where: str, row: BoardLine, digest: Digest, stored: Articles) -> Iterator[Finding]:
    """A line without a lead."""
    if row.lead:
        yield Finding(where, "has a lead where none belongs", "", row.lead)


def _before(passage: Passage, article: Article) -> str:
    """The sentence ahead, at which a pronoun may point."""
    return next((p.text for p in reversed(article.body) if p.index < passage.index), "")


def _figure(where: str, row: BoardLine, digest: Digest, stored: Articles) -> Iterator[Finding]:
    """The meaning and value in front of a figure, as its sentence gives them."""
    alone = Material((), (row.claim,), frozenset(), {}, frozenset())
    leads = {line.lead for line in figures(alone, sourcing)}
    if row.lead not in leads:
        yield Finding(where, "wrong figure", " or ".join(sorted(leads)), row.lead)


def _event(where: str, row: BoardLine, digest: Digest, stored: Articles) -> Iterator[Finding]:
    """The day in front of an event, as its sentence and its article's date give it."""
    published = {source.article: source.published for source in digest.sources}
    days: dict[date, bool] = {}  # day -> inferred
    for passage in row.claim.passages:
        article, moment = stored.get(passage.article), published.get(passage.article)
        if article is None:
            return
        for mention in mentions(passage.text):
            found, certain = resolve(mention, moment.date() if moment else None)
            stated = mention.year is not None or article.date_origin == "stated"
            if found is not None:
                days.setdefault(found, not (certain and stated))
    told = day(row.lead)
    if told not in days:
        expected = " or ".join(d.isoformat() for d in days)
        yield Finding(where, "wrong date", expected, row.lead)
    elif days[told] != bool(row.note):
        note = "date inferred" if days[told] else "(no note)"
        yield Finding(where, "wrong note on the date", note, row.note or "(no note)")


_PROOFS: Mapping[str, Callable[[str, BoardLine, Digest, Articles], Iterator[Finding]]] = {
    "also": _none,
    "quotes": _quote,
    "figures": _figure,
    "timeline": _event,
}


def day(text: str) -> date | None:
    """The ISO date that ``text`` is, or ``None``."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
