"""One edition for those that a reader has missed, from what the store has on record.

It is written and printed, never recorded: the ledger knows its claims from the editions themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import numpy as np

from briefing.adapters.files import DigestFiles
from briefing.adapters.store import SqlStore, open_store
from briefing.config import Config
from briefing.errors import BriefingError
from briefing.news import Article, Brief, Change, Claim, Digest, Origin, Story
from briefing.stages import render
from briefing.stages.compose.summary import bottom_line, subject
from briefing.stages.merge import merge, name
from briefing.stages.trace import body_paragraphs, trace
from briefing.text import lexical

MOST_TRACED = 400
"""Articles among which reprints are looked for: about two weeks, and a few seconds."""


@dataclass(frozen=True, slots=True)
class CaughtUp:
    """The merged edition and where it was written."""

    digest: Digest
    editions: int  # merged
    folder: Path | None  # None: not written


def catch_up(
    config: Config,
    *,
    story: str | None,
    since: date,
    until: date | None,
    out: Path | None,
    now: datetime,
    write: bool = True,
) -> CaughtUp:
    """Merge the recorded editions after ``since``, up to ``until``.

    Args:
        since: day of the last edition that the reader knows.
        until: last day; ``None`` for all there are.
        out: folder of editions; ``None`` for the configured one. It is written to ``catch-up`` in
            it.
        write: write the five files.

    Raises:
        BriefingError: configuration, store or output folder are not in order, or there is no
            edition in that time.
    """
    followed = config.story(story)
    with open_store(config.store.url) as store:
        digests = _recorded(store, followed, since, until)
        if not digests:
            raise BriefingError(
                f"there is no edition of {followed.slug} after {since}"
                + (f" up to {until}" if until else ""),
                remedy="`briefing status` lists those there are.",
            )
        last = max(digest.edition.day for digest in digests)
        wanted = {id_ for digest in digests for b in digest.briefs for id_ in b.articles}
        wanted |= {source.article for digest in digests for source in digest.sources}
        articles = store.articles(wanted)
        merged = merge(
            digests,
            since=since,
            made=now,
            head=_head,
            ledger=store.known(name(followed.slug, last, since), since=since),
            origins=_origins(list(articles.values())),
        )
    folder = None
    if write:
        files = DigestFiles((out or config.output.folder) / "catch-up")
        folder = files.save(merged.edition, render.files(merged, articles))
    return CaughtUp(merged, len(digests), folder)


def _recorded(store: SqlStore, story: Story, since: date, until: date | None) -> list[Digest]:
    summaries = store.editions(store.count_editions(story.slug), story=story.slug)
    stored = [
        store.edition(one.edition)
        for one in summaries
        if one.edition.day > since and (until is None or one.edition.day <= until)
    ]
    return [one.digest for one in stored if one is not None]


def _head(briefs: Sequence[Brief], changes: Sequence[Change]) -> tuple[Claim, tuple[Claim, ...]]:
    return subject(briefs, changes), bottom_line(briefs)


def _origins(articles: Sequence[Article]) -> list[Origin]:
    """Reports that are one across days: by their words, so that no model is loaded for it.

    Each is compared with each, so those of a long span are not: see ``merge``.
    """
    if len(articles) > MOST_TRACED:
        return []
    ordered = sorted(articles, key=lambda article: article.id)
    texts = {article.id: body_paragraphs(article) for article in ordered}
    rows = iter(lexical.vectors([text for listed in texts.values() for text in listed]))
    return trace(ordered, {id_: np.array([next(rows) for _ in ts]) for id_, ts in texts.items()})
