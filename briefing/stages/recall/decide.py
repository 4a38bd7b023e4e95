"""Each fact of today against the claims of its thread."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from hashlib import sha256

from briefing.news import (
    Article,
    Development,
    Fact,
    Kind,
    Pair,
    Passage,
    Recalled,
    Remembered,
    Stand,
    Statement,
)
from briefing.stages.recall.candidates import Candidate, Candidates
from briefing.stages.recall.compare import (
    Difference,
    alike,
    difference,
    elsewhere,
    fewer_dead,
    one_deed,
)
from briefing.stages.recall.copies import holds, is_copy, nearly_one, overlap, shared
from briefing.stages.recall.follow import settled
from briefing.stages.recall.history import (
    all_reached,
    heard_before,
    permission_known,
    said_before,
    same_toll,
)
from briefing.text.dates import mentions
from briefing.text.settling import settles
from briefing.text.statements import explains, statement
from briefing.text.words import content_stems

COMPARED = 0.60
"""Cosine from which a difference between them is a change and not another matter."""
SAME = 0.80
"""Cosine from which two sentences without a difference say the same."""
ONE_DEED = 0.68
"""The same where actor and act are one too."""
SUPPORTED = 0.5
"""Support of each sentence by the other from which they say the same, whatever the cosine."""
COVERED = 0.6
"""Share of a fact's content words that its thread has said already, from which it adds nothing."""
TELLING = 8
"""Content words from which a copy of a sentence is about the same matter whatever its thread:
"Missile strike kills four in Kharkiv" may be written every week."""


def decide(
    developments: Sequence[Development],
    found: Candidates,
    scores: Mapping[Pair, float],
    ledger: Sequence[Remembered],
    articles: Mapping[str, Article],
) -> dict[str, Recalled]:
    """What each fact is against the ledger, by ``Fact.id``.

    Args:
        scores: the judge's support of :func:`pairs`; of a pair that is not there nothing is known.
    """
    claims: dict[str, list[Remembered]] = {}
    for claim in ledger:
        claims.setdefault(claim.thread, []).append(claim)
    reached = frozenset(stand for claim in ledger for stand in claim.statement.stands)
    answers: dict[str, Recalled] = {}
    for development in developments:
        thread = found.thread[development.id]
        held = claims.get(thread, []) if development.id in found.known else []
        matter = _Matter(thread, held, scores, articles, ledger, reached)
        own = [_judged(fact, matter, found) for fact in development.facts]
        if own and not held and all(one.kind != "NEW" and one.old for one in own):
            # All of it was told before: it goes on where the first of it was told.
            known = next(one.old.thread for one in own if one.old)
            own = [replace(one, thread=known) for one in own]
        answers |= {one.fact: one for one in own}
    return answers


def _judged(fact: Fact, matter: _Matter, found: Candidates) -> Recalled:
    """What a fact is, by its first passage; where that is new, by the others, and by the headline
    above it: what changed often stands there, or in another paper."""

    def recalled(one: Fact) -> Recalled:
        return _Fact(one, matter, found.near[one.id], found.goes_on.get(one.id, ())).recalled()

    first = recalled(fact)
    if first.kind != "NEW":
        return first
    others = [recalled(one) for one in found.others.get(fact.id, ())]
    heads = [recalled(one) for one in found.heads.get(fact.id, ())]
    for one in (*others, *heads):
        if one.kind in ("UPDATED", "CONTRADICTED"):
            return replace(one, fact=first.fact, claim=first.claim)
    again = next((one for one in others if one.kind == "REPEATED"), None)
    return replace(again, fact=first.fact) if again else first


class _Matter:
    """What is known of a development before its facts are looked at."""

    def __init__(
        self, thread: str, held: Sequence[Remembered], scores: Mapping[Pair, float],
        articles: Mapping[str, Article], ledger: Sequence[Remembered], reached: Collection[Stand],
    ) -> None:  # fmt: skip
        self.thread, self.held, self.scores, self.articles = thread, held, scores, articles
        self.ledger, self.reached = ledger, reached  # of all threads

    @cached_property
    def said(self) -> frozenset[str]:
        """Every content word of its claims."""
        return frozenset(stem for claim in self.held for stem in content_stems(claim.text))


class _Fact:
    """One fact of today, and what is known of its matter."""

    def __init__(
        self,
        fact: Fact,
        matter: _Matter,
        near: Sequence[Candidate],
        goes_on: Sequence[Remembered],
    ) -> None:
        self._goes_on = goes_on
        self._text, self._matter, self._held = _text(fact), matter, matter.held
        articles = matter.articles
        self._read = read_passage(fact.passages[0], articles)
        self._fresh = Recalled(fact.id, "NEW", matter.thread, claim_id(matter.thread, self._text))
        self._near = [c for c in near if self._concerns(c)]
        self._explains = explains(self._text) or explains(articles[fact.passages[0].article].title)

    def recalled(self) -> Recalled:
        """What it is."""
        copies = [c for c in self._near if self._copies(c)]
        if copies:
            return self._of_copies(copies)
        if not self._held:
            same = (c for c in self._near if self._same(c) and not self._differs(c))
            return next(map(self._goes_on_with, same), None) or self._permission() or self._fresh
        if self._explains or self._read.modality == "if":
            return self._told()
        told = said_before(
            self._read, self._text, self._held,
            near=[c.old for c in self._near], reached=self._matter.reached,
        )  # fmt: skip
        told = told or settled(self._read, self._text, self._held, self._goes_on)
        if told is None and not any(self._same(c) and not self._differs(c) for c in self._near):
            told = self._changed()
        return self._changes(*told) if told else self._told()

    # -- copies ----------------------------------------------------------------------------------

    def _copies(self, candidate: Candidate) -> bool:
        """Whether it copies a claim of its thread, or one so long that it is of its matter."""
        own = bool(self._held) and candidate.old.thread == self._matter.thread
        return is_copy(self._text, candidate.told) and (own or self._is_long(candidate))

    def _of_copies(self, copies: Sequence[Candidate]) -> Recalled:
        """It differs from the nearest that differs, unless another one has what is new in it."""
        judged = [(c, self._differs(c)) for c in copies]
        same = [c for c, how in judged if how is None]
        for candidate, how in judged:
            if how is None or any(self._holds(c, candidate, how) for c in same):
                continue
            known = same_toll(self._read, self._held) if how.what == "figure" else None
            if known is not None:
                return replace(self._fresh, kind="REPEATED", claim=known.id, old=known)
            return self._changes(candidate.old, how)
        return self._repeats(same[0])

    def _holds(self, same: Candidate, other: Candidate, how: Difference) -> bool:
        if how.after:
            return holds(same.told, how.after)
        return overlap(self._text, same.told) >= overlap(self._text, other.told)

    # -- one matter ------------------------------------------------------------------------------

    def _changed(self) -> tuple[Remembered, Difference] | None:
        """The nearest claim that it differs from, and how."""
        for candidate in self._near:
            close = candidate.cosine >= COMPARED or nearly_one(self._text, candidate.told)
            if fewer_dead(self._read, candidate.old.statement):
                continue  # another strike
            how = self._differs(candidate) if close else None
            if how and not (how.what == "rung" and all_reached(self._read, self._matter.reached)):
                return candidate.old, how
        return None

    def _told(self) -> Recalled:
        """The claim that it repeats; it is new to its thread when it says more than was known."""
        for candidate in self._near:
            if self._same(candidate):
                return self._repeats(candidate)
        said = self._matter.said
        own = set(content_stems(self._text))
        counted = all(
            any(holds(c.told, value.text) for c in self._near) for value in self._read.values
        )
        old = next((c.old for c in self._near if alike(self._read, c.old.statement)), None)
        if old and counted and len(own & said) >= COVERED * len(own):
            return replace(self._fresh, kind="REPEATED", old=old)
        return self._permission() or self._fresh

    def _permission(self) -> Recalled | None:
        old = permission_known(self._read, self._matter.ledger)
        return replace(self._fresh, kind="REPEATED", old=old) if old else None

    def _repeats(self, candidate: Candidate) -> Recalled:
        old = candidate.old
        return replace(self._fresh, kind="REPEATED", claim=old.id, old=old)

    def _goes_on_with(self, candidate: Candidate) -> Recalled:
        """A sentence of a new development that is as near as a repeat: it may settle something."""
        old = candidate.old
        how = settles(self._read, old.statement, self._text, old.text, "")
        return self._changes(old, Difference(*how)) if how else self._repeats(candidate)

    def _changes(self, old: Remembered, how: Difference) -> Recalled:
        kind: Kind = "CONTRADICTED" if how.what in ("denial", "opposite") else "UPDATED"
        return replace(
            self._fresh, kind=kind, old=old, what=how.what, before=how.before, after=how.after
        )

    # -- two sentences ---------------------------------------------------------------------------

    def _same(self, candidate: Candidate) -> bool:
        """Whether two sentences say the same, if nothing in their normal forms differs."""
        text, old = self._text, candidate.old.text
        if nearly_one(text, candidate.told):
            return True
        if not alike(self._read, candidate.old.statement):
            return False
        least = ONE_DEED if one_deed(self._read, candidate.old.statement) else SAME
        if candidate.cosine >= least:
            return True
        there, back = Pair(text, (old,)), Pair(old, (text,))
        return (
            min(self._matter.scores.get(there, 0.0), self._matter.scores.get(back, 0.0))
            >= SUPPORTED
        )

    def _differs(self, candidate: Candidate) -> Difference | None:
        old = _statement(candidate)
        how = difference(self._read, old, new_text=self._text, old_text=candidate.told)
        if how and how.what in ("denial", "source") and heard_before(self._read, self._held):
            return None
        return how

    def _concerns(self, candidate: Candidate) -> bool:
        """Whether a claim may be of its matter: of its thread, or a copy in another."""
        old = candidate.old.statement
        if elsewhere(self._read, old, new_text=self._text, old_text=candidate.told):
            return False
        own = not self._held or candidate.old.thread == self._matter.thread
        return own or (is_copy(self._text, candidate.told) and self._is_long(candidate))

    def _is_long(self, candidate: Candidate) -> bool:
        long = shared(self._text, candidate.told)[2] >= TELLING
        return long and not fewer_dead(self._read, candidate.old.statement)


def _statement(candidate: Candidate) -> Statement:
    """The normal form of the telling that is compared."""
    old = candidate.old
    if candidate.told == old.text:
        return old.statement
    read = statement(candidate.told, published=old.first.day)
    relative = any(m.relative is not None for m in mentions(candidate.told))
    # From which day that telling counts its "yesterday" is no longer known.
    return replace(read, dates=()) if relative else read


def _text(fact: Fact) -> str:
    return fact.passages[0].text


def read_passage(passage: Passage, articles: Mapping[str, Article]) -> Statement:
    """The normal form of a passage of an article."""
    article = articles[passage.article]
    day = article.published.date() if article.published else None
    before = next((p.text for p in article.body if p.index == passage.index - 1), "")
    return statement(passage.text, published=day, before=before)


def claim_id(thread: str, text: str) -> str:
    """Identity of a claim in the ledger: its thread and its words."""
    return sha256(f"{thread}\0{text}".encode("utf-8", "backslashreplace")).hexdigest()[:16]
