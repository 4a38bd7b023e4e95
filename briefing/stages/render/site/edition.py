"""The page of one edition: the words of ``digest.html``, each sentence leading to its evidence."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from briefing.news import Correction, Digest, Edition
from briefing.stages.render import dates
from briefing.stages.render.changed import REASONS, named
from briefing.stages.render.page import template
from briefing.stages.render.sentence import Speaker
from briefing.stages.render.site.place import EVIDENCE, Issue, Masthead, Place, path
from briefing.stages.render.view import view
from briefing.text.characters import one_line
from briefing.text.lines import lines

FORMATS = (
    ("digest.md", "Markdown"),
    ("digest.txt", "plain text"),
    ("digest.json", "JSON"),
    ("evidence.json", "evidence as JSON"),
)
"""The same edition as files: name and what it is called."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A correction, and where it stands."""

    edition: Edition  # that lists it
    line: str  # its line id there: "corrections/2"
    correction: Correction


@dataclass(frozen=True, slots=True)
class Note:
    """What the page of a corrected edition says of one sentence."""

    anchor: str  # of the sentence on this page
    text: str  # the sentence
    fate: str  # "edited by its publisher"
    mark: str  # "corrected 22 November": stands behind the sentence
    edition: str  # "Edition of 22 November"
    way: str  # to the correction


def notices(digest: Digest) -> tuple[Notice, ...]:
    """The corrections of earlier editions that an edition lists."""
    numbered = enumerate(digest.corrections, 1)
    return tuple(Notice(digest.edition, f"corrections/{n}", one) for n, one in numbered)


def edition(
    masthead: Masthead,
    digest: Digest,
    *,
    earlier: Issue | None,
    later: Issue | None,
    place: Place,
    corrected: Sequence[Notice] = (),
    archived: Collection[Edition] = (),
) -> str:
    """The digest's page.

    Args:
        earlier, later: the same story's neighbouring editions.
        place: two folders below the front page.
        corrected: corrections of this edition by later ones; the page notes those whose sentence
            it still holds, at its top and behind the sentence. Nothing else of it changes.
        archived: the editions that have a page, to which corrections may lead.
    """
    noted = noted_by_line(digest, corrected, place)
    return template("site-digest.html").render(
        masthead=masthead,
        place=place,
        page=view(digest),
        evidence=EVIDENCE + place.index,
        formats=FORMATS,
        earlier=_named(earlier),
        later=_named(later),
        corrected=tuple(dict.fromkeys(noted.values())),
        noted=noted,
        ways=_ways(digest, archived, place),
    )


def noted_by_line(digest: Digest, corrected: Sequence[Notice], place: Place) -> Mapping[str, Note]:
    """Line id of this edition -> the note behind it, in the order of print.

    A correction names one line; the same sentence may stand on others too, and each is noted. A
    correction of a sentence that the edition does not hold (it was made again) is none of it.
    """
    found: dict[str, Note] = {}
    say = Speaker(digest)
    first: dict[Notice, str] = {}
    for line in lines(digest):
        for notice in corrected:
            wrong = notice.correction.sentence
            if notice.correction.edition != digest.edition or line.claim.text != wrong.text:
                continue
            if {p.key for p in line.claim.passages} & {p.key for p in wrong.passages}:
                sentence = say.sentence(line.id, line.claim)
                anchor = first.setdefault(notice, sentence.anchor)
                found.setdefault(line.id, _note(notice, anchor, sentence.signed, digest, place))
    return found


def _note(notice: Notice, anchor: str, text: str, digest: Digest, place: Place) -> Note:
    when = named(notice.edition, digest.edition.day)
    return Note(
        anchor=anchor,
        text=text,
        fate=REASONS[notice.correction.reason],
        mark=f"corrected {when}",
        edition=f"Edition of {when}",
        way=place.page(path(notice.edition), notice.line.replace("/", "-")),
    )


def _ways(digest: Digest, archived: Collection[Edition], place: Place) -> Mapping[Edition, str]:
    """The pages of the editions that this one corrects."""
    corrected = {correction.edition for correction in digest.corrections}
    return {one: place.page(path(one)) for one in corrected if one in archived}


def _named(issue: Issue | None) -> tuple[str, str, str] | None:
    """(path, day, headline) of a neighbour."""
    if issue is None:
        return None
    day = dates.day(issue.edition.day) + (f", {issue.time}" if issue.time else "")
    return issue.path, day, one_line(issue.headline)
