"""What changed since the edition before, what of earlier editions no longer stands, and the one
line of a day on which nothing changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from briefing.news import Brief, Change, Correction, Digest, Edition
from briefing.stages.render import dates
from briefing.stages.render.sentence import Sentence, Speaker
from briefing.text.characters import one_line
from briefing.text.novelty import without_news
from briefing.text.words import count

WITHDRAWN = "withdrawn by its publisher"
REASONS = {
    "edited": "edited by its publisher",
    "withdrawn": WITHDRAWN,
    "contradicted": "contradicted now",
}
"""What became of a sentence, by `Correction.reason`."""
MOST_NAMES = 4
"""Names of the origins of one development; the rest are counted."""


@dataclass(frozen=True, slots=True)
class Move:
    """One change."""

    kind: str  # "NEW", "UPDATED", "CONTRADICTED", "WITHDRAWN"
    before: str  # old value, "at least two"; "" when the two cannot be named
    after: str
    sentence: Sentence
    fate: str  # "withdrawn by its publisher"; else ""
    was: Sentence | None
    known: str  # "first known 17 November", of `was` where there is one; "" when not said

    @property
    def values(self) -> str:
        """``at least two → at least nine``; "" when they cannot be named."""
        return f"{self.before} → {self.after}" if self.before else ""

    @property
    def notes(self) -> tuple[str, ...]:
        """What is said behind the sentence, beside its label."""
        return tuple(filter(None, (self.fate, "" if self.was else self.known)))


@dataclass(frozen=True, slots=True)
class Mend:
    """One correction of an earlier edition."""

    edition: Edition
    name: str  # "Edition of 18 November, 17:00"
    line: str  # line id in that edition
    sentence: Sentence
    what: str  # "edited by its publisher"
    now: Sentence | None

    @property
    def target(self) -> str:
        """Anchor of the sentence on the page of that edition."""
        return self.line.replace("/", "-")


def moves(say: Speaker, digest: Digest) -> tuple[Move, ...]:
    """The changes, in their order."""
    day = digest.edition.day
    return tuple(_move(say, number, c, day) for number, c in enumerate(digest.changes, 1))


def _move(say: Speaker, number: int, change: Change, day: date) -> Move:
    before, after = one_line(change.before), one_line(change.after)
    both = bool(before and after)
    return Move(
        kind=change.kind,
        before=before if both else "",
        after=after if both else "",
        sentence=say.sentence(f"changes/{number}", change.claim),
        fate=WITHDRAWN if change.kind == "WITHDRAWN" else "",
        was=None if change.was is None else say.sentence(f"changes/{number}/was", change.was),
        known=f"first known {_on(change.said, day)}" if change.said else "",
    )


def mends(say: Speaker, digest: Digest) -> tuple[Mend, ...]:
    """The corrections, in their order."""
    day = digest.edition.day
    return tuple(_mend(say, number, c, day) for number, c in enumerate(digest.corrections, 1))


def _mend(say: Speaker, number: int, correction: Correction, day: date) -> Mend:
    now = correction.now
    return Mend(
        edition=correction.edition,
        name=f"Edition of {named(correction.edition, day)}",
        line=correction.line,
        sentence=say.sentence(f"corrections/{number}", correction.sentence),
        what=REASONS[correction.reason],
        now=None if now is None else say.sentence(f"corrections/{number}/now", now),
    )


def heading(digest: Digest) -> str:
    """``What changed since 18 November``"""
    since = _since(digest)
    return f"What changed {since}" if since else "What changed"


def quiet(digest: Digest) -> str:
    """The one honest line of an edition without news; "" for one that has some."""
    if not without_news(digest):
        return ""
    head = unchanged(digest)
    return f"{head}; {_rest(digest)}." if head else _nothing(digest.accounts.articles_in)


def unchanged(digest: Digest) -> str:
    """``No material change since 18 November``: what an edition without news is called; "" for a
    first edition."""
    if digest.previous is None:
        return ""
    what = "new development" if digest.changes else "material change"
    return f"No {what} {_since(digest)}"


def spread(brief: Brief, day: date) -> tuple[str, ...]:
    """``3 origins: Reuters, AFP, own report; 11 reprints``, since when it is known, how new it is.

    Where nobody says what the origins are called: ``4 articles, 2 origins``.
    """
    known = f"known since {_on(brief.since, day)}" if brief.since else ""
    latest = f"newest {dates.day(brief.latest.date())}" if brief.latest else ""
    return tuple(filter(None, (_told(brief), known, latest)))


def _told(brief: Brief) -> str:
    origins = count(brief.origins, "origin")
    names = list(dict.fromkeys(one_line(name) for name in brief.told_by))
    if not names:
        return f"{count(len(brief.articles), 'article')}, {origins}"
    words = ", ".join(names[:MOST_NAMES])
    if len(names) > MOST_NAMES:
        words += f" and {len(names) - MOST_NAMES} more"
    reprints = len(brief.articles) - brief.origins
    return f"{origins}: {words}" + (f"; {count(reprints, 'reprint')}" if reprints > 0 else "")


def named(edition: Edition, day: date) -> str:
    """``18 November``, ``18 November, 17:00``: an edition, as one of ``day`` names it."""
    time = dates.of_slot(edition.slot)
    return dates.short(edition.day, day) + (f", {time}" if time else "")


def _since(digest: Digest) -> str:
    """``since 18 November``; "" on a first edition."""
    if digest.previous is None:
        return ""
    if digest.previous == digest.edition.day:  # one of several editions of a day
        return "since the edition before"
    return f"since {dates.short(digest.previous, digest.edition.day)}"


def _on(value: date | None, day: date) -> str:
    return dates.short(value, day) if value else ""


def _rest(digest: Digest) -> str:
    """What there was instead of news."""
    if digest.changes:
        verb = "was" if len(digest.changes) == 1 else "were"
        return f"{count(len(digest.changes), 'report')} {verb} withdrawn"
    if digest.repeats:
        verb = "repeats" if digest.repeats == 1 else "repeat"
        return f"{count(digest.repeats, 'article')} {verb} known reports"
    if digest.briefs:
        return "all that came in repeats known reports"
    read = digest.accounts.articles_in
    if not read:
        return "no article came in"
    return f"{count(read, 'article')} came in, and none gave a development"


def _nothing(read: int) -> str:
    if not read:
        return "No article came in, so there is nothing to report."
    return f"Nothing to report: {count(read, 'article')} came in, and none gave a development."
