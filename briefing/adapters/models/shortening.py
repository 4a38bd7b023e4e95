"""Compression by leaving out words: the writer chooses which, and cannot write others.

An untrained small model asked for a shorter sentence copies it whole or invents. Here its choice
at each step is confined to the passage's :class:`~briefing.adapters.models.plan.Plan`: go on with
the next word, leap to a later one, or end. What it writes is a subsequence of the passage's words,
as in sentence compression by deletion (Knight and Marcu 2002; Filippova et al. 2015), with the
language model itself as the judge of fluency.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from briefing.adapters.models.decoding import Guide
from briefing.adapters.models.plan import ENDED, Plan

# The bonus grows with the words written: early cuts lose the point, late ones a detail.
_PATIENCE = 0.5
_USUAL_WORDS = 20
_PER_FACT = 1.5  # nats taken off the bonus for each name or number left out

_LONGEST_HEAD = 28  # tokens of a headline: twelve words of names take 24

_LEAST_WORDS = 6  # of a shortened sentence; shorter ones were fragments


class Headed:
    """A headline in the writer's own words, then the passage shortened.

    ``head`` writes the first line; ``newline`` are the tokens that end it when it does not end
    itself within ``_LONGEST_HEAD`` tokens.
    """

    def __init__(self, head: Guide, rest: Shortening, *, newline: Sequence[int]) -> None:
        self._head: Guide | None = head
        self._rest = rest
        self._newline = tuple(newline)
        self._count = 0

    def take(self, scores: Any) -> Sequence[int]:
        """The next tokens of the headline, then those of the sentence."""
        if self._head is None:
            return self._rest.take(scores)
        taken = self._head.take(scores)
        self._count += len(taken)
        if not taken or self._count > _LONGEST_HEAD or self._newline[-1] in taken:
            self._head = None
            return self._newline
        return taken


@dataclass(frozen=True, slots=True)
class _At:
    """A place in the plan."""

    word: int
    part: Literal["first", "body", "tail", "stop", "over"]
    done: int  # tokens of that part already written


@dataclass(frozen=True, slots=True)
class _Move:
    """One way on."""

    token: int  # whose score decides
    to: _At
    shortens: bool = False  # leaves something out
    facts: int = 0  # names and numbers among it
    silent: bool = False  # the token is weighed, not written


class Shortening:
    """One answer being written as a subsequence of the passage.

    ``bonus`` (nats, at ten words written; more after) is added to a leap and to an early end,
    because a language model left alone copies.
    """

    def __init__(self, plan: Plan, *, bonus: float) -> None:
        self._plan = plan
        self._bonus = bonus
        self._at = _At(-1, "body", 0)
        self._count = 0  # words begun

    def take(self, scores: Any) -> Sequence[int]:
        """The next tokens by ``scores`` (one row of logits), up to the next choice."""
        taken: list[int] = []
        while moves := self._moves():
            if len(moves) == 1:
                move = moves[0]
            elif taken:
                break
            else:
                values = scores[[m.token for m in moves]].tolist()
                bonus = self._bonus * (_PATIENCE + self._count / _USUAL_WORDS)
                weights = [
                    v + max(0.0, bonus - _PER_FACT * m.facts) * m.shortens
                    for v, m in zip(values, moves, strict=True)
                ]
                move = moves[weights.index(max(weights))]
            self._count += move.to.part in ("first", "body") and move.to.done == 1
            self._at = move.to
            if not move.silent:
                taken.append(move.token)
        return taken

    def _moves(self) -> list[_Move]:
        plan, at = self._plan, self._at
        if at.part == "over":
            return []
        if at.word < 0:
            return [_Move(plan.words[to].first[0], _At(to, "first", 1)) for to in plan.follow[0]]
        word = plan.words[at.word]
        tokens = {"first": word.first, "body": word.body, "tail": word.tail, "stop": plan.stop}
        if at.done < len(tokens[at.part]):
            return [_Move(tokens[at.part][at.done], _At(at.word, at.part, at.done + 1))]
        if at.part == "stop":
            return []
        moves: list[_Move] = []
        in_tail = at.part == "tail"
        last = at.word == len(plan.words) - 1
        if word.tail and not in_tail and not last:
            moves.append(_Move(word.tail[0], _At(at.word, "tail", 1)))
        for to in plan.follow[at.word + 1]:
            leap = to > at.word + 1
            # The first comma of an aside may stay: "..., the ministry said".
            if leap or in_tail or not word.tail:
                lost = plan.facts_between(at.word, to)
                moves.append(_Move(plan.words[to].body[0], _At(to, "body", 1), leap, lost))
        if not in_tail and (last or (plan.ends[at.word] and self._count >= _LEAST_WORDS)):
            silent = bool(ENDED.search(word.core))
            end = _At(at.word, "over", 0) if silent else _At(at.word, "stop", 1)
            lost = plan.facts_between(at.word, len(plan.words))
            moves.append(_Move(plan.stop[0], end, not last, lost, silent))
        return moves
