"""The page of one edition: the words of ``digest.html``, each sentence leading to its evidence."""

from __future__ import annotations

from briefing.news import Digest
from briefing.stages.render import dates
from briefing.stages.render.page import template
from briefing.stages.render.site.place import EVIDENCE, Issue, Masthead, Place
from briefing.stages.render.view import view
from briefing.text.assemble import one_line

FORMATS = (
    ("digest.md", "Markdown"),
    ("digest.txt", "plain text"),
    ("digest.json", "JSON"),
    ("evidence.json", "evidence as JSON"),
)
"""The same edition as files: name and what it is called."""


def edition(
    masthead: Masthead,
    digest: Digest,
    *,
    earlier: Issue | None,
    later: Issue | None,
    place: Place,
) -> str:
    """The digest's page.

    Args:
        earlier, later: the same story's neighbouring editions.
        place: two folders below the front page.
    """
    return template("site-digest.html").render(
        masthead=masthead,
        place=place,
        page=view(digest),
        evidence=EVIDENCE + place.index,
        formats=FORMATS,
        earlier=_named(earlier),
        later=_named(later),
    )


def _named(issue: Issue | None) -> tuple[str, str, str] | None:
    """(path, day, headline) of a neighbour."""
    if issue is None:
        return None
    day = dates.day(issue.edition.day) + (f", {issue.time}" if issue.time else "")
    return issue.path, day, one_line(issue.headline)
