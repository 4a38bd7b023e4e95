"""What stands in front of a board's line: the speaker, the meaning of a figure, the day."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date

from briefing.news import Article, BoardLine, Digest, Passage
from briefing.proof.finding import Articles, Finding
from briefing.stages.compose.figures import figure_leads
from briefing.stages.compose.positions import WORDS, leads_of
from briefing.text.answers import answer_of
from briefing.text.dates import mentions, resolve
from briefing.text.persons import full_name
from briefing.text.quotes import quotations, speaker

_RUNGS = "|".join(map(re.escape, WORDS.values()))
_SINCE = re.compile(rf"(?:known since (\d{{1,2}} \w+ \d{{4}})(?:; before: ({_RUNGS}))?)?")


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
    published = {source.article: source.published for source in digest.sources}
    first = next((p.article for p in row.claim.passages), "")
    leads = figure_leads(row.claim, published.get(first))
    if row.lead not in leads:
        yield Finding(where, "wrong figure", " or ".join(sorted(leads)), row.lead)


def _answer(where: str, row: BoardLine, digest: Digest, stored: Articles) -> Iterator[Finding]:
    """Whether a response was announced or took place, as the sentence alone tells it."""
    told = answer_of(row.claim.text)
    if row.lead != told or not told:
        yield Finding(where, "wrong side of said and done", told or "(neither)", row.lead)


def _position(where: str, row: BoardLine, digest: Digest, stored: Articles) -> Iterator[Finding]:
    """Giver, weapon and rung, as the printed words and a passage both give them.

    Since when it stands, and what stood before, is what the ledger knew: here only its form is
    held, and that it is no later day and another rung.
    """
    leads = leads_of(row.claim)
    if row.lead not in leads:
        yield Finding(where, "wrong position", " or ".join(sorted(leads)), row.lead)
    note = _SINCE.fullmatch(row.note)
    if note is None:
        yield Finding(where, "wrong note on a position", "known since DAY; before: RUNG", row.note)
        return
    since = resolve(mentions(note[1])[0], None)[0] if note[1] and mentions(note[1]) else None
    if row.note and (since is None or since > digest.edition.day):
        yield Finding(where, "stands since a day that is none", str(digest.edition.day), row.note)
    if note[2] and row.lead.endswith(f": {note[2]}"):
        yield Finding(where, "was before what it is", found=row.note)


def _event(where: str, row: BoardLine, digest: Digest, stored: Articles) -> Iterator[Finding]:
    """The day in front of an event, as its sentence and its article's date give it."""
    published = {source.article: source.published for source in digest.sources}
    days: dict[date, set[bool]] = {}  # day -> whether it is inferred, by each way to name it
    for passage in row.claim.passages:
        article, moment = stored.get(passage.article), published.get(passage.article)
        if article is None:
            return
        for mention in mentions(passage.text):
            found, certain = resolve(mention, moment.date() if moment else None)
            stated = mention.year is not None or article.date_origin == "stated"
            if found is not None:
                days.setdefault(found, set()).add(not (certain and stated))
    told = day(row.lead)
    if told not in days:
        expected = " or ".join(d.isoformat() for d in days)
        yield Finding(where, "wrong date", expected, row.lead)
    elif bool(row.note) not in days[told]:
        note = "(no note)" if row.note else "date inferred"
        yield Finding(where, "wrong note on the date", note, row.note or "(no note)")


_PROOFS: Mapping[str, Callable[[str, BoardLine, Digest, Articles], Iterator[Finding]]] = {
    "also": _none,
    "positions": _position,
    "answers": _answer,
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
