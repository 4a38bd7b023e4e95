"""What stands in the blocks of changes and should not, and the changes within a day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from briefing.news import Claim
from briefing.pipeline import RunResult
from evals.memory_articles import article_id
from evals.memory_gold import Gold, Item, Row
from evals.memory_week import Place

_SHOWN = 240  # characters of a line in the table


def block(
    pairs: Mapping[Place, Gold], listed: Sequence[Item], results: Mapping[date, RunResult]
) -> dict[str, int]:
    """What stands in the blocks of changes and should not, and the changes within a day."""
    by_article = {article_id(item): item for item in listed}
    lines = [(day, c) for day in results for c in results[day].digest.changes]
    inner = [row for each in pairs.values() for row in each.within_day if row.day in results]
    repeated = 0
    for day, change in lines:
        item = by_article.get(change.claim.passages[0].article)
        pair = pairs.get((day, item.cluster)) if item else None
        repeated += pair is not None and pair.labelled and pair.kind == "REPEATED"
    return {
        "lines_of_changes": len(lines),
        "repeated_in_changes": sum(_is_repeat(c.claim, results[day]) for day, c in lines),
        "gold_repeated_in_changes": repeated,
        "within_day": len(inner),
        "within_day_both": sum(_both(row, by_article, results[row.day]) for row in inner),
    }


def _is_repeat(claim: Claim, result: RunResult) -> bool:
    """Whether a fact that the claim is of is REPEATED."""
    keys = {passage.key for passage in claim.passages}
    return any(
        fact.id in result.recalled
        and result.recalled[fact.id].kind == "REPEATED"
        and keys & {passage.key for passage in fact.passages}
        for development in result.developments
        for fact in development.facts
    )


def _both(row: Row, by_article: Mapping[str, Item], result: RunResult) -> bool:
    """Whether the edition cites evidence of the old value and of the new: the first link and a
    later one."""
    cited = {p.article for claim in _printed(result) for p in claim.passages}
    links = {by_article[key].link for key in cited if key in by_article}
    return len(row.links) > 1 and row.links[0] in links and bool(links & set(row.links[1:]))


def _printed(result: RunResult) -> list[Claim]:
    """Everything that the edition prints."""
    claims = [c for brief in result.digest.briefs for c in (brief.headline, *brief.claims)]
    claims += [line.claim for board in result.digest.boards for line in board.lines]
    return claims + [change.claim for change in result.digest.changes]


def within_day(
    pairs: Mapping[Place, Gold], listed: Sequence[Item], results: Mapping[date, RunResult]
) -> list[dict[str, Any]]:
    """Each change within a day, and what the edition prints of its cluster, for reading."""
    by_article = {article_id(item): item for item in listed}
    found = []
    for row in (row for each in pairs.values() for row in each.within_day if row.day in results):
        lines = [
            claim.text[:_SHOWN]
            for claim in _printed(results[row.day])
            if any(
                p.article in by_article and by_article[p.article].cluster == row.cluster
                for p in claim.passages
            )
        ]
        told = {"old": row.old, "new": row.new, "lines": list(dict.fromkeys(lines))}
        found.append({"day": f"{row.day:%F}", "cluster": row.cluster, **told})
    return found
