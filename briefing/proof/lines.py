"""Each printed sentence against the stored articles."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import replace

from briefing.news import Article, Claim, Digest, Passage
from briefing.news.following import SINCE
from briefing.ports import Models
from briefing.proof.finding import Articles, Finding, around
from briefing.proof.leads import day
from briefing.stages.check import labels, pair, proves
from briefing.stages.compose import Line, cited
from briefing.text.novelty import told, without_news

NO_JUDGE = "none"
_TIME = re.compile(r"(?:[01]\d|2[0-3])[0-5]\d", re.ASCII)
TOLERANCE = 0.08
"""How far a support score may move between two machines: bf16 against fp32 moved the judge's by at
most 0.043 (66 sentences made from the seeds; by 0.014 where it was 0.9 or more)."""


def shape(digest: Digest) -> Iterator[Finding]:
    """What no rendering can be made of: citations of nothing, dates that are none."""
    numbers = {source.article for source in digest.sources}
    for line in cited(digest):
        if not line.claim.passages:
            yield Finding(line.id, "cites nothing")
        for passage in line.claim.passages:
            if passage.article not in numbers:
                yield Finding(line.id, f"cites {passage.key}, which is not among the sources")
        if not math.isfinite(line.claim.score):
            yield Finding(line.id, "has no score", "0 to 1", str(line.claim.score))
    if not digest.subject.passages and not without_news(digest):
        yield Finding("subject", "cites nothing")
    for edition in (digest.edition, *(one.edition for one in digest.corrections)):
        if not _slot(edition.slot):
            yield Finding("digest.json", f"{edition.day} has no such edition", found=edition.slot)
    if not math.isfinite(digest.seconds):
        yield Finding("digest.json", "the run time is no number")
    for board in digest.boards:
        for number, row in enumerate(board.lines, 1):
            if board.kind == "timeline" and day(row.lead) is None:
                yield Finding(f"timeline/{number}", "has no date", found=row.lead)


def _slot(text: str) -> bool:
    """Whether an edition may be called so: "", a time of day, or the start of a catch-up."""
    if text.startswith(SINCE):
        return day(text.removeprefix(SINCE)) is not None
    return not text or bool(_TIME.fullmatch(text))


def prove(
    line: Line, digest: Digest, stored: Articles, floor: float, trust: float
) -> Iterator[Finding]:
    """One printed sentence against the stored articles: words, rules, label and score."""
    claim = line.claim
    missing = {p.article for p in claim.passages} - set(stored)
    if missing:
        yield Finding(
            line.id,
            f"cannot be proven: the store lacks article {', '.join(sorted(missing))}",
            remedy="Name the store that the edition was made with (store.url in the "
            "configuration), or read the articles in again with `briefing run`.",
        )
        return
    wrong_words = [_words(line.id, p, stored[p.article]) for p in claim.passages]
    yield from (finding for finding in wrong_words if finding)
    if not any(wrong_words):
        # Nobody answers for a sentence in other words where no judge was at hand.
        bar = math.inf if digest.model.judge == NO_JUDGE else trust
        for fault in _faults(line, stored, bar):
            yield Finding(line.id, fault, " | ".join(p.text for p in claim.passages), claim.text)
    given = sorted(labels(claim.passages, stored))
    if given and claim.sourcing not in given:
        yield Finding(line.id, "wrong sourcing label", " or ".join(given), claim.sourcing)
    low = 1.0 if claim.wording == "quoted" else floor
    if claim.passages and not low <= claim.score <= 1:
        yield Finding(line.id, "score out of bounds", f"{low:g} to 1", f"{claim.score:g}")
    if line.id.startswith(("subject", "bottom-line/")) and claim not in _leading(digest):
        yield Finding(line.id, "is no sentence of a development", found=claim.text)


def _leading(digest: Digest) -> set[Claim]:
    """What may stand at the top: sentences of the developments that are news, and changes."""
    news = digest.briefs[: told(digest.briefs, digest.changes, digest.previous)]
    kept = {claim for brief in news for claim in (brief.headline, *brief.claims)}
    return kept | {one.claim for one in digest.changes if one.kind != "WITHDRAWN"}


def _faults(line: Line, stored: Articles, trust: float) -> list[str]:
    """What the rules say of each citation by itself: none may stand beside one that proves.

    A sentence that the judge answers for is held to the rules with all its citations.

    The words on the board of quotes stand without the comma that joins them to their sentence, so
    their own proof (`leads`) holds them to the quote marks, byte for byte.
    """
    claim = line.claim
    if not line.id.startswith("quotes/"):
        if claim.wording == "quoted":
            return proves(claim, stored)  # all its passages together are the words
        if claim.wording == "written" and claim.score >= trust:
            return proves(claim, stored, trust=trust)
        alone = [replace(claim, passages=(p,)) for p in claim.passages]
        return [fault for one in alone for fault in proves(one, stored)]
    if claim.wording != "quoted":
        return ["a quotation was rewritten"]
    known = all(p in stored[p.article].passages for p in claim.passages)
    return [] if known else ["cites no passage of the article"]


def _words(where: str, passage: Passage, article: Article) -> Finding | None:
    """The cited words against the article's own, byte for byte."""
    own = article.text[passage.start : passage.end]
    if own == passage.text:
        return None
    expected, found = around(own, passage.text)
    return Finding(where, f"cites words that article {article.id} does not have", expected, found)


def support(digest: Digest, models: Models) -> Iterator[Finding]:
    """The judge's score of every line that is not the source's own words, computed again.

    An edition that was made without a judge has no scores to compare; the rules prove it alone.
    """
    if digest.model.judge == NO_JUDGE:
        return
    written = [line for line in cited(digest) if line.claim.wording != "quoted"]
    pairs = [pair(x.claim) for x in written]
    for line, score in zip(written, models.support(pairs) if pairs else [], strict=True):
        if not abs(score - line.claim.score) <= TOLERANCE:  # no number is no proof either
            given = f"{line.claim.score:.3f}"
            yield Finding(line.id, "the judge gives another score", f"{score:.3f}", given)
