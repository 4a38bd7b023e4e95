"""Prove a printed line again from the stored articles alone."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise

from briefing.news import Article, Claim, Passage
from briefing.stages.check import rules
from briefing.stages.check.review import Kind, faults, reworded, shortens
from briefing.text.quotes import normalise, quotations


def proves(claim: Claim, articles: Mapping[str, Article], *, trust: float = math.inf) -> list[str]:
    """What is wrong with a printed claim; empty when the articles prove it.

    Every cited passage must be that span of its article. A ``quoted`` claim must be its passage,
    its passages when they follow each other in one article, the beginning of one up to "…", or the
    words inside a pair of its quote marks (after marks and spaces are normalised). Any other claim
    must pass every rule against each passage it cites, on its own; or, when the model wrote it and
    its score reaches ``trust``, the rules for other words against the one passage that it cites.
    The support score is not computed again.
    """
    wrong: list[str] = []
    if not claim.passages:
        return ["no citation"]
    for passage in claim.passages:
        if fault := _span(passage, articles):
            wrong.append(fault)
    if wrong:
        return wrong
    if claim.wording == "quoted":
        if _is_run(claim.passages):
            same = claim.text == " ".join(p.text for p in claim.passages)
        else:
            same = all(_quotes(claim.text, p) for p in claim.passages)
        return [] if same else ["not the source's words"]
    kinds: list[Kind] = ["statement"]
    if not rules.length(claim.text, headline=True):
        kinds.append("headline")
    if claim.wording == "written" and claim.score >= trust:
        shortens = any(_shortens(claim, kind) for kind in kinds)
        faults_found = [_reworded(claim, kind) for kind in kinds]
        return [] if shortens or not all(faults_found) else [str(faults_found[0])]
    for passage in claim.passages:
        found = [_faults(claim.text, passage, kind) for kind in kinds]
        if all(found):
            wrong.append(f"{passage.key}: {found[0]}")
    return wrong


def _shortens(claim: Claim, kind: Kind) -> bool:
    return all(not _faults(claim.text, p, kind) for p in claim.passages)


def _reworded(claim: Claim, kind: Kind) -> str:
    fault = reworded(claim.text, claim.passages, kind)
    if fault:
        return f"{fault[0]}: {fault[1]}"
    if len(claim.passages) == 1:
        return ""
    return "other words must be carried by one passage, and cite it alone"


def _faults(text: str, passage: Passage, kind: Kind) -> str:
    if shortens(text, passage, kind):
        return ""
    fault = faults(text, [passage], kind)
    if fault:
        return f"{fault[0]}: {fault[1]}"
    return "relation: not a shortening of the passage"


def _span(passage: Passage, articles: Mapping[str, Article]) -> str:
    article = articles.get(passage.article)
    if article is None:
        return f"{passage.key}: article unknown"
    if article.text[passage.start : passage.end] != passage.text:
        return f"{passage.key}: text is not in the article at {passage.start}-{passage.end}"
    if passage not in article.passages:
        return f"{passage.key}: not a passage of the article"
    return ""


def _is_run(passages: Sequence[Passage]) -> bool:
    """Whether the passages are neighbours of one article, in its order."""
    return len(passages) > 1 and all(
        a.article == b.article and b.index == a.index + 1 for a, b in pairwise(passages)
    )


def _quotes(text: str, passage: Passage) -> bool:
    if text == passage.text:
        return True
    if text.endswith("…"):
        head = text.removesuffix("…")
        rest = passage.text[len(head) :]
        return bool(head) and passage.text.startswith(head) and not rest[:1].isalnum()
    return any(
        normalise(text) in (normalise(q.words), normalise(q.words.removesuffix(",")))
        for q in quotations(passage.text)
    )
