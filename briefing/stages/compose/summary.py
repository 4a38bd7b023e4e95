"""Subject and bottom line: claims that were kept, chosen and never shortened."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from briefing.news import Brief, Change, Claim
from briefing.stages.compose.material import overlap
from briefing.text.discourse import leans
from briefing.text.words import content_stems, word_count

SUBJECT_WORDS = 12
BOTTOM_LINE_WORDS = 60
BOTTOM_LINE_CLAIMS = 3
SAME = 0.6
"""Two claims that share this much of the shorter one's content words tell the same thing. Chosen
by hand, strict: developments are distinct by `group`, so this meets only leftovers. Measure it on
a labelled day before changing it."""

QUIET = Claim("No development to report", (), 1.0, "quoted", "reported")
"""The subject of an edition without news. It cites nothing, so no line stands behind it."""


def subject(briefs: Sequence[Brief], changes: Sequence[Change] = ()) -> Claim:
    """The first brief's headline, or the next claim of at most twelve words.

    A claim is never cut: a cut sentence may say the opposite. When every one is longer, the
    shortest of all stands.

    Args:
        briefs: those that are news (`briefing.text.novelty.told`).
        changes: they lead where no brief does; what was withdrawn never.
    """
    claims = [claim for brief in briefs for claim in (brief.headline, *brief.claims)]
    claims = claims or [one.claim for one in changes if one.kind != "WITHDRAWN"]
    if not claims:
        return QUIET
    fitting = (c for c in claims if word_count(c.text) <= SUBJECT_WORDS)
    return next(fitting, min(claims, key=lambda c: word_count(c.text)))


def bottom_line(briefs: Sequence[Brief]) -> tuple[Claim, ...]:
    """At most three claims and sixty words, one from each of the first briefs that fit.

    From a brief comes its first written claim, else its first claim; a claim that repeats what
    stands already, leans on a sentence that is not here, or is too long for the room left, gives
    way to the next. ``briefs`` are those that are news: what only repeats is background.
    """
    chosen: list[Claim] = []
    for brief in briefs:
        if len(chosen) == BOTTOM_LINE_CLAIMS:
            break
        room = BOTTOM_LINE_WORDS - sum(word_count(c.text) for c in chosen)
        fitting = (c for c in _standing(brief) if word_count(c.text) <= room)
        claim = next((c for c in fitting if not any(_repeats(c, other) for other in chosen)), None)
        if claim is not None:
            chosen.append(claim)
    return tuple(chosen)


def _standing(brief: Brief) -> Iterator[Claim]:
    """The claims that stand alone, the written ones first."""
    alone = [c for c in brief.claims if not leans(c.text)]
    yield from (c for c in alone if c.wording == "written")
    yield from (c for c in alone if c.wording != "written")


def _repeats(claim: Claim, other: Claim) -> bool:
    if {p.key for p in claim.passages} & {p.key for p in other.passages}:
        return True
    return overlap(set(content_stems(claim.text)), set(content_stems(other.text))) >= SAME
