"""Prove an edition's folder again, line by line, without the network.

::

    digest.json --parse--> Digest
       |-- made again ---------> digest.md, .html, .txt, .json   byte for byte
       |-- line by line -------> evidence.json
       |-- each passage -------> the stored article's own words
       |-- each line ----------> the rules of `check`, or byte equality for quoted words
       |-- each lead, source --> what the stored article says
       |-- changes, repeats ---> old and new in their sentences, known before; none on a quiet day
       |-- corrections --------> of an earlier edition, and of what it printed
       |-- counts -------------> add up
       '-- support ------------> the judge, where models are given

Whatever is found is a :class:`Finding`; a folder without findings is proven.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from pathlib import Path

from briefing.errors import BriefingError
from briefing.news import Article, Digest, Edition
from briefing.ports import Models
from briefing.proof import changes, lines, totals
from briefing.proof.finding import Finding
from briefing.proof.folder import evidence, place, read, record, renderings
from briefing.proof.leads import leads
from briefing.stages import render
from briefing.stages.compose import cited

__all__ = ["Finding", "verify"]


def verify(
    folder: Path,
    *,
    articles: Callable[[Iterable[str]], dict[str, Article]],
    models: Models | None,
    floor: float,
    trust: float = math.inf,
    recorded: Callable[[Edition], Digest | None] | None = None,
) -> list[Finding]:
    """Everything in an edition's folder that cannot be proven; empty when all of it is.

    Args:
        folder: holds the five files of one edition, and may be a copy anywhere.
        articles: stored articles by id (``Store.articles``); unknown ones absent.
        models: given, the support of each written line is computed again.
        floor: least support of a shortened line.
        trust: least support of a line in other words.
        recorded: the edition as the store recorded it, if it did. Proves what no article can:
            counts, skips, model and times.
    """
    # 1. The folder, and the digest in it.
    files, findings = read(folder)
    if "digest.json" not in files:
        return findings
    try:
        digest = render.parse_json(files["digest.json"])
    except BriefingError as error:
        return [*findings, Finding("digest.json", error.message, remedy=error.remedy)]
    except RecursionError:
        return [*findings, Finding("digest.json", "cannot be read: nested too deep")]
    printed = cited(digest)
    wanted = {p.article for line in printed for p in line.claim.passages}
    stored = articles(wanted.union(*(brief.articles for brief in digest.briefs)))

    # 2. The files against each other, when they can be made again at all.
    broken = list(lines.shape(digest))
    findings += [*broken, *place(folder, digest)]
    if not broken:
        findings += renderings(digest, stored, files)
        findings += evidence(digest, stored, files.get("evidence.json", ""))
        findings += record(digest, recorded)

    # 3. The digest against the articles, line by line.
    for line in printed:
        findings += lines.prove(line, digest, stored, floor, trust)
    if not broken:
        findings += leads(digest, stored)
    findings += totals.sources(digest, stored)
    findings += totals.dates(digest, stored)
    findings += totals.accounts(digest)
    findings += totals.origins(digest, stored)
    findings += [*changes.changes(digest), *changes.since(digest)]
    findings += changes.corrections(digest, recorded)
    if models is not None:
        findings += lines.support(digest, models)
    return findings
