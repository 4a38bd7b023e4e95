"""The page behind every printed sentence: what it cites, marked within its paragraph."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from briefing.news import Article, Claim, Digest, Passage
from briefing.stages.render.page import template
from briefing.stages.render.sentence import Sentence
from briefing.stages.render.site.place import Masthead, Place
from briefing.stages.render.view import Reference, View, view
from briefing.text.characters import one_line, visible
from briefing.text.lines import Line, lines

WORDINGS = {
    "written": "Written by the model, checked",
    "shortened": "Shortened by rule from the source’s sentence, checked",
    "quoted": "The source’s own words",
}
PRUNED = "The text of this article is no longer kept; these are the words that were cited."
CHANGED = "The stored text has other words at this place; these are the words that were cited."

_BREAK = "\n\n"  # between paragraphs, see `briefing.text.assemble`


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of an article with what a sentence cites of it."""

    reference: Reference
    where: str  # "headline", "paragraph 4"
    pieces: tuple[tuple[str, bool], ...]  # (text, whether it is cited), in order
    note: str  # why only the cited words are there; "" when the whole paragraph is


@dataclass(frozen=True, slots=True)
class Proof:
    """One printed sentence and the words behind it."""

    sentence: Sentence
    lead: str  # what stands in front of it on its board
    wording: str
    score: str  # "0.93"
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """The lines of one part of the edition."""

    id: str
    title: str
    proofs: tuple[Proof, ...]


def evidence(
    masthead: Masthead, digest: Digest, articles: Mapping[str, Article], *, place: Place
) -> str:
    """The evidence page.

    Args:
        articles: the cited articles by id; of one that is missing, the cited words alone are shown.
        place: three folders below the front page.
    """
    page = view(digest)
    return template("site-evidence.html").render(
        masthead=masthead,
        place=place,
        page=page,
        groups=tuple(_groups(digest, page, articles)),
        digest=f"../{place.index}",
    )


def _groups(digest: Digest, page: View, articles: Mapping[str, Article]) -> Iterator[Group]:
    titles: dict[str, str] = {board.kind: one_line(board.title) for board in digest.boards}
    named = {"subject": "Headline", "bottom-line": "Bottom line", "changes": page.changed}
    named |= {"corrections": "Corrections"} | titles
    said = {sentence.id: (sentence, lead) for sentence, lead in _sentences(page)}
    numbered = {reference.number: reference for reference in page.references}
    references = {source.article: numbered[source.number] for source in digest.sources}
    for part, group in groupby(lines(digest), key=_part):
        kind, _, number = part.partition("/")
        title = f"Development {number}" if number else named[kind]
        proofs = tuple(
            _proof(line.claim, *said[line.id], references=references, articles=articles)
            for line in group
        )
        yield Group(part.replace("/", "-"), title, proofs)


def _part(line: Line) -> str:
    """``developments/2`` for each of its lines, else the first word of the line's id."""
    words = line.id.split("/")
    return "/".join(words[:2]) if words[0] == "developments" else words[0]


def _sentences(page: View) -> Iterator[tuple[Sentence, str]]:
    """Every sentence of the page, with what stands in front of it."""
    for sentence in (page.subject, *page.bottom_line):
        yield sentence, ""
    for move in page.moves:
        yield move.sentence, " ".join(filter(None, (move.kind, move.values, *move.notes)))
        if move.was is not None:
            yield move.was, ", ".join(filter(None, ("Was", move.known)))
    for part in (*page.parts, *page.background):
        for sentence in (part.headline, *part.sentences):
            yield sentence, ""
    for table in page.tables:
        for row in table.rows:
            yield row.sentence, f"{row.lead} ({row.note})" if row.note else row.lead
    for mend in page.mends:
        yield mend.sentence, f"{mend.name}: {mend.what}"
        if mend.now is not None:
            yield mend.now, "Now"


def _proof(
    claim: Claim,
    sentence: Sentence,
    lead: str,
    *,
    references: Mapping[str, Reference],
    articles: Mapping[str, Article],
) -> Proof:
    by_article: dict[str, list[Passage]] = {}
    for passage in claim.passages:
        by_article.setdefault(passage.article, []).append(passage)
    return Proof(
        sentence=sentence,
        lead=lead,
        wording=WORDINGS[claim.wording],
        score=f"{claim.score:.2f}",
        paragraphs=tuple(
            paragraph
            for id_, passages in by_article.items()
            for paragraph in _paragraphs(passages, articles.get(id_), references[id_])
        ),
    )


def _paragraphs(
    passages: Sequence[Passage], article: Article | None, reference: Reference
) -> Iterator[Paragraph]:
    """The paragraphs in which an article's passages stand, each once."""
    ordered = sorted(passages, key=lambda passage: (passage.start, passage.end))
    for number, group in groupby(ordered, key=lambda passage: passage.paragraph):
        cited = list(group)
        where = f"paragraph {number}" if number else "headline"
        if article is not None and all(article.text[p.start : p.end] == p.text for p in cited):
            yield Paragraph(reference, where, tuple(_marked(article.text, cited)), "")
        else:
            pieces = tuple((one_line(p.text), True) for p in cited)
            yield Paragraph(reference, where, pieces, PRUNED if article is None else CHANGED)


def _marked(text: str, cited: Sequence[Passage]) -> Iterator[tuple[str, bool]]:
    """The paragraph around the passages, cut where a cited part begins or ends."""
    start = text.rfind(_BREAK, 0, cited[0].start + 1)
    here = 0 if start < 0 else start + len(_BREAK)
    stop = text.find(_BREAK, max(p.end for p in cited))
    end = len(text) if stop < 0 else stop
    for passage in cited:
        if passage.start > here:
            yield _piece(text[here : passage.start]), False
        if passage.end > here:
            yield _piece(text[max(here, passage.start) : passage.end]), True
            here = passage.end
    if end > here:
        yield _piece(text[here:end]), False


def _piece(text: str) -> str:
    """``text`` without invisible characters; unlike `one_line`, its outer spaces stay."""
    return re.sub(r"\s+", " ", visible(text.encode("utf-8", "ignore").decode()))
