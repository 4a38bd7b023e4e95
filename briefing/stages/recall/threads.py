"""Which development of today goes on which of earlier days?"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from briefing.news import Article, Development, Passage, Remembered
from briefing.stages.recall.compare import comments, elsewhere, one_question
from briefing.stages.recall.copies import nearly_one
from briefing.text.acts import SAYING, act_of, apart
from briefing.text.likeness import Telling, likeness_and_following, telling
from briefing.text.statements import explains, main_clause
from briefing.text.words import content_stems, stem, words

Vectors = NDArray[np.float32]

THREAD = 0.45
"""Likeness from which a development goes on an earlier one. On 18 to 20 November of the replay week
the most developments were told right, new from known, between .4 and .5."""


FOLLOWS = 0.5
"""How probable it must be that a development goes on with an earlier one in other words."""
EXPLAINED = 0.1
"""The same where all its headlines announce an explanation: it is told because of what is known."""
SURELY_NEW = 0.3
"""Score up to which an article surely goes on no earlier matter; from 1 it does."""
UNLIKE = 0.5
"""Factor for a thread that is about another act (striking against allowing to strike)."""
OF_ITS_OWN = 0.8
"""Factor where all of its tellings share a word that the thread never had."""
ANOTHER = 0.3
"""Factor for a thread that is about another strike: another weapon, another place, a lower toll."""
STILL = 4
"""Days after its last telling in which a toll or a permission goes on whatever the words."""
_TOLL = re.compile(
    r"\b(?:toll|number of (?:dead|deaths)|(?:rises|risen|climbs|climbed|rose) to)\b", re.I
)
_ONE_QUESTION = (
    frozenset(("permit", "refuse", "consider", "ask", "supply")),
    frozenset(("close", "reopen")),
    frozenset(("talk", "consider")),
)
"""Acts by which one matter goes on."""


def tellings(
    development: Development, articles: Mapping[str, Article], vectors: Mapping[str, Vectors]
) -> list[Telling]:
    """What each article of the development tells of it.

    The headline of an article speaks for it where the development holds the whole article; of a
    longer one, of which it holds a part, the first of those sentences does.
    """
    held: dict[str, list[Passage]] = {}
    for fact in development.facts:
        for passage in fact.passages:
            held.setdefault(passage.article, []).append(passage)
    found = []
    for id_ in development.articles:
        article = articles[id_]
        part = sorted(held.get(id_, ()), key=lambda p: p.index)
        if passages := article.passages if id_ in development.whole else part:
            day = article.published.date() if article.published else None
            rows = [vectors[p.key] for p in passages]
            found.append(telling(id_, [p.text for p in passages], rows, day))
    return found


def known_tellings(
    ledger: Sequence[Remembered], rows: Mapping[str, Vectors]
) -> tuple[list[Telling], list[str]]:
    """What each article of earlier days told of each thread, and the thread of each telling.

    Args:
        rows: unit vector of the text of each claim by ``Remembered.id``.
    """
    groups: dict[tuple[str, str], list[Remembered]] = {}
    latest: dict[str, date] = {}
    for claim in ledger:
        latest[claim.thread] = max(latest.get(claim.thread, date.min), claim.last.day)
        groups.setdefault((claim.thread, claim.passages[0].article), []).append(claim)
    found = []
    for (thread, article), claims in groups.items():
        claims.sort(key=lambda c: c.passages[0].index)
        # What is still told today is no older than what was first told of it.
        day = latest[thread]
        found.append(telling(article, [c.text for c in claims], [rows[c.id] for c in claims], day))
    return found, [thread for thread, _ in groups]


def known_matters(
    articles: Sequence[Article],
    ledger: Sequence[Remembered],
    *,
    vectors: Mapping[str, Vectors],
    rows: Mapping[str, Vectors],
) -> dict[str, str]:
    """The thread that each article goes on by itself, by ``Article.id``; "" where it surely goes on
    none, and no entry where that is not certain.

    Two reports that go on different matters are not one development, however near they are.
    """
    told = [
        (a.id, telling(
            a.id, [p.text for p in a.passages], [vectors[p.key] for p in a.passages],
            a.published.date() if a.published else None,
        ))
        for a in articles if a.passages
    ]  # fmt: skip
    known, owners = known_tellings(ledger, rows)
    found = scored_threads([[one] for _, one in told], known, owners)
    return {
        id_: thread if score >= 1.0 else ""
        for (id_, _), (score, thread) in zip(told, found, strict=True)
        if score >= 1.0 or score <= SURELY_NEW
    }


def threads(
    groups: Sequence[Sequence[Telling]], known: Sequence[Telling], owners: Sequence[str]
) -> list[str]:
    """For each group of tellings the thread that it goes on; "" for a new one."""
    return [
        thread if score >= 1.0 else "" for score, thread in scored_threads(groups, known, owners)
    ]


def scored_threads(
    groups: Sequence[Sequence[Telling]], known: Sequence[Telling], owners: Sequence[str]
) -> list[tuple[float, str]]:
    """For each group of tellings the thread that it most likely goes on, and how likely: from 1 it
    does.

    The likeness of a group and a thread is the mean over the group of each telling's best match in
    the thread, and over as many of the thread's tellings the other way round.
    """
    if not known:
        return [(0.0, "")] * len(groups)
    flat = [telling for group in groups for telling in group]
    like, follows = likeness_and_following(flat, known)
    for i, new in enumerate(flat):
        for j in map(int, np.nonzero(like[i] >= THREAD / 10)[0]):
            old = known[j]
            if nearly_one(new.lead, old.lead) and not elsewhere(
                new.head, old.head, new_text=new.lead, old_text=old.lead
            ):
                like[i, j] = max(float(like[i, j]), 0.9)
    columns: dict[str, list[int]] = {}
    for j, owner in enumerate(owners):
        columns.setdefault(owner, []).append(j)
    matters = {thread: _Matter([known[j] for j in own]) for thread, own in columns.items()}
    found, start = [], 0
    for group in groups:
        part = like[start : start + len(group)]
        start += len(group)
        ours = _Matter(group)
        goes_on = follows[start - len(group) : start]
        scored = [
            (
                max(
                    ours.weighed(_of_thread(part[:, own]), matters[thread]) / THREAD,
                    _of_thread(goes_on[:, own])
                    * ours.apart(matters[thread])
                    / (EXPLAINED if ours.explains else FOLLOWS),
                ),
                thread,
            )
            for thread, own in columns.items()
        ]
        found.append(max(scored, default=(0.0, "")))
    return found


class _Matter:
    """What a set of tellings is about, as far as it can be told apart exactly."""

    def __init__(self, tellings: Sequence[Telling]) -> None:
        acts = Counter(t.head.act for t in tellings if t.head.act)
        most = acts.most_common(1)
        self.act = most[0][0] if most and 2 * most[0][1] > sum(acts.values()) else ""
        read = [s for t in tellings for s in (t.head, *t.body)]
        arms = Counter(arm for t in tellings for arm in t.weapons).most_common(1)
        self.weapon = arms[0][0] if arms else ""
        self.places = {place for t in tellings for place in t.head.places}
        self.words = {w.stem for t in tellings for x in (t.lead, *t.rest) for w in words(x)}
        self.theme = _theme(tellings)
        self.tolls = [v.high for s in read for v in s.values if v.meaning == "killed"]
        self.day = max((t.day for t in tellings), default=date.min)
        self.names = {name for t in tellings for name in t.names}
        self.explains = all(explains(t.lead) for t in tellings)
        self.acts = {s.act for t in tellings for s in (t.head, *t.body[:1]) if s.act}
        told = [t for t in tellings if not explains(t.lead) and not comments(t.head)]
        self.headed = {s for t in told for s in t.head.stands if s.giver}
        self.stands = self.headed | {s for t in told for b in t.body[:1] for s in b.stands}
        self.counts = any(_TOLL.search(text) for t in tellings for text in (t.lead, *t.rest))

    def weighed(self, score: float, known: _Matter) -> float:
        """The likeness to an earlier matter, by what can be told exactly of the two."""
        factor = self.factor(known)
        near = (self.day - known.day).days <= STILL
        if factor == 1.0 and near and (self.answers(known) or self.is_toll_of(known)):
            return (1.0 + score) / 2
        return score * factor

    def answers(self, known: _Matter) -> bool:
        """Whether it is about one permission: who may let what be used."""
        acts = self.act in _ONE_QUESTION[0] | {"", "say"} and known.act in _ONE_QUESTION[0]
        return acts and any(one_question(a, b) for a in self.headed for b in known.stands)

    def is_toll_of(self, known: _Matter) -> bool:
        """Whether it counts the dead of an earlier strike anew, on the same spot."""
        spots = {stem(place) for place in known.places}
        return (
            self.counts
            and known.act == "strike"
            and bool(known.tolls and self.tolls)
            and max(self.tolls) >= max(known.tolls)
            and bool(self.names & spots)
        )

    def factor(self, known: _Matter) -> float:
        """What the likeness to an earlier matter is worth: less for another act or strike."""
        pair = {self.act, known.act}
        if "" in pair:
            return 1.0
        if len(pair) > 1:
            return 1.0 if any(pair <= one for one in _ONE_QUESTION) else UNLIKE
        return ANOTHER if self.act == "strike" and self._is_another_strike(known) else 1.0

    def apart(self, known: _Matter) -> float:
        """The same for a follow-up in other words: only some acts are never one matter."""
        if apart(self.act, known.acts):
            return UNLIKE
        if self.theme - known.words:
            return OF_ITS_OWN
        return ANOTHER if self.act == "strike" and self._is_another_strike(known) else 1.0

    def _is_another_strike(self, known: _Matter) -> bool:
        if self.weapon and known.weapon and self.weapon != known.weapon:
            return True
        if self.places and not any(stem(place) in known.words for place in self.places):
            return True
        # The dead of one strike do not become fewer: a lower toll on a later day is another's.
        tolls = bool(self.tolls and known.tolls)
        return tolls and self.day > known.day and max(self.tolls) < max(known.tolls)


def _theme(tellings: Sequence[Telling]) -> frozenset[str]:
    """The content words that each of several tellings has in its main clauses, but those of acts
    and of who says it: they are what all of it is about."""
    if len(tellings) < 2:
        return frozenset()
    held = [{w for x in (t.lead, *t.rest) for w in content_stems(main_clause(x))} for t in tellings]
    return frozenset(
        w for w in set.intersection(*held) if not act_of(w) and w not in SAYING and len(w) > 2
    )


def _of_thread(part: NDArray[np.float64]) -> float:
    if not len(part):
        return 0.0
    back = np.sort(part.max(axis=0))[::-1][: len(part)]
    return float((part.max(axis=1).mean() + back.mean()) / 2)
