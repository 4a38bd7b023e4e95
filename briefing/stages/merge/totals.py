"""Sources, counts and notes of several editions as one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from briefing.news import Accounts, Claim, Digest, ModelIdentity, Origin, Source
from briefing.text.date_patterns import MONTHS
from briefing.text.lines import lines
from briefing.text.words import count

LATER = "later than the edition"
"""Reason of an article that waited for a later edition, and was counted there again."""
ELSEWHERE = "in its edition only"
"""Reason of an article that its edition cites and the merged one does not."""
_NONE = "none"


def origin_of(digests: Sequence[Digest], origins: Sequence[Origin]) -> dict[str, str]:
    """Article.id -> Origin.id, where what any edition or ``origins`` joined is one."""
    parents: dict[str, str] = {}

    def root(key: str) -> str:
        while parents.setdefault(key, key) != key:
            key = parents[key]
        return key

    pairs = [(s.article, s.origin) for digest in digests for s in digest.sources]
    pairs += [(article, one.id) for one in origins for article in one.articles]
    for article, other in pairs:
        parents[root(article)] = root(other)
    return {article: root(article) for article, _ in pairs}


def sources(
    draft: Digest, digests: Sequence[Digest], origin: Mapping[str, str]
) -> tuple[Source, ...]:
    """What is cited, numbered in order of first citation; each as its newest edition lists it."""
    known = {source.article: source for digest in digests for source in digest.sources}
    cited = dict.fromkeys(p.article for line in lines(draft) for p in line.claim.passages)
    return tuple(
        replace(known[id_], number=number, origin=origin[id_])
        for number, id_ in enumerate(cited, 1)
    )


def accounts(merged: Digest, digests: Sequence[Digest]) -> Accounts:
    """The footer of all editions together, each article counted once.

    Used is what is cited here; what only its own edition cites is left out under a reason of its
    own. How many sentences were written, kept and dropped is the sum of the editions.
    """
    used = _own(merged) & {id_ for digest in digests for id_ in _own(digest)}
    cited = sum(digest.accounts.used for digest in digests)
    left: Counter[str] = Counter()
    dropped: Counter[str] = Counter()
    for digest in digests:
        left.update(dict(digest.accounts.left_out))
        dropped.update(dict(digest.accounts.dropped))
    del left[LATER]
    here = min(len(used), cited)
    left[ELSEWHERE] = cited - here
    reasons = tuple((reason, number) for reason, number in left.most_common() if number)
    printed = {(line.claim.text, line.claim.wording) for line in lines(merged)}
    return Accounts(
        articles_in=here + sum(number for _, number in reasons),
        used=here,
        left_out=reasons,
        written=sum(digest.accounts.written for digest in digests),
        kept=sum(digest.accounts.kept for digest in digests),
        dropped=tuple(dropped.most_common()),
        printed_written=sum(wording == "written" for _, wording in printed),
        printed_shortened=sum(wording == "shortened" for _, wording in printed),
        printed_quoted=sum(wording == "quoted" for _, wording in printed),
    )


def _own(digest: Digest) -> set[str]:
    """Articles that an edition cites for what is told in it, not for what was known before."""
    claims: list[Claim] = [change.claim for change in digest.changes]
    claims += [c for brief in digest.briefs for c in (brief.headline, *brief.claims)]
    claims += [
        row.claim
        for board in digest.boards
        if board.kind not in ("positions", "answers")
        for row in board.lines
    ]
    return {passage.article for claim in claims for passage in claim.passages}


def model(digests: Sequence[Digest]) -> ModelIdentity:
    """Who wrote and judged: of editions that were made by different models, all of them."""
    with_model = [d.model for d in digests if d.model.writer != _NONE] or [digests[-1].model]
    fields = ((m.writer, m.adapter, m.judge, m.device) for m in with_model)
    writer, adapter, judge, device = (
        "; ".join(dict.fromkeys(filter(None, values))) for values in zip(*fields, strict=True)
    )
    return ModelIdentity(writer, adapter, judge, device)


def notes(digests: Sequence[Digest], *, rest: int, dropped: int) -> tuple[str, ...]:
    """What it is made of, what found no room, and what the editions said of themselves."""
    first, last = digests[0].edition.day, digests[-1].edition.day
    span = _day(first) if first == last else f"{_day(first)} to {_day(last)}"
    quiet = sum(not d.changes if d.previous else not d.briefs for d in digests)
    made = f"Made of {count(len(digests), 'edition')}, {span}"
    made += f"; nothing had changed in {quiet} of them." if quiet else "."
    found = [made]
    if rest:
        found.append(f"{count(rest, 'development')} found no room; `briefing show` has each day.")
    if dropped:
        found.append(f"{count(dropped, 'change')} found no room.")
    found += [f"{_day(digest.edition.day)}: {note}" for digest in digests for note in digest.notes]
    return tuple(found)


def _day(value: date) -> str:
    """``22 November 2024``"""
    month = max((name for name, n in MONTHS.items() if n == value.month), key=len)
    return f"{value.day} {month.title()} {value.year}"
