"""`verify` proves an edition with sentences in other words, and names the line of every change."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from briefing.news import (
    Accounts,
    Article,
    Brief,
    Claim,
    Digest,
    Edition,
    ModelIdentity,
    Option,
    Origin,
    Pair,
    Passage,
    Story,
)
from briefing.proof import verify
from briefing.stages import render
from briefing.stages.check import sourcing
from briefing.stages.compose import cited, compose

FLOOR, TRUST = 0.1, 0.9
MODEL = ModelIdentity("Writer 1 (abc)", "writer (def)", "judge (123)", "cpu")
WHEN = datetime(2024, 11, 21, 8, tzinfo=UTC)


def article(key: str, publisher: str, *said: str) -> Article:
    text = "\n\n".join(said)
    made, start = [], 0
    for n, one in enumerate(said):
        made.append(Passage(key, n, start, start + len(one), one, n + 1))
        start += len(one) + 2
    return Article(
        key, f"https://{key}.example", "", "made", publisher, WHEN, "stated", text, tuple(made)
    )


CLOSE = (
    "The harbour authority of Velmar, which runs the town market, said on Monday that it would "
    "close two of its four piers for repairs."
)
COST = (
    "Repairs to the piers of Velmar will take until spring and cost 4 million crowns, Mayor Ada "
    "Brenn said."
)
FERRY = "The ferry operator Norlinje will use the open piers of Velmar until the repairs end."
POST, HERALD = article("post", "Velmar Post", CLOSE), article("herald", "Sulm Herald", COST, FERRY)
STORED = {"post": POST, "herald": HERALD}
GOOD = "Velmar’s harbour authority said it would close two of its four piers for repairs."
HEAD = "Ferry operator Norlinje will use open piers of Velmar until repairs end"
SHORT = CLOSE.replace(", which runs the town market,", "")
SCORES = {GOOD: 0.95, HEAD: 0.3, SHORT: 0.3}


def claim(text: str, *passages: Passage) -> Claim:
    labels = {sourcing(p, STORED[p.article]) for p in passages}
    label = min(labels, key=("reported", "on record").index)
    if text in SCORES:
        return Claim(text, passages, SCORES[text], "written", label)
    return Claim(text, passages, 1.0, "quoted", label)


CITED, (PRICE, BOATS) = POST.passages[0], HERALD.passages
BRIEFS = (
    Brief(
        "d",
        claim(HEAD, BOATS),
        (claim(GOOD, CITED), claim(SHORT, CITED), claim(COST, PRICE)),
        ("post", "herald"),
        2,
        latest=WHEN,
    ),
)
EDITION = Edition("velmar", date(2024, 11, 22))
DIGEST = compose(
    edition=EDITION,
    story=Story("velmar", "Velmar", "Piers and ferries.", {}),
    briefs=BRIEFS,
    articles=STORED,
    origins=[Origin("post", ("post",)), Origin("herald", ("herald",))],
    skips=[],
    accounts=Accounts(2, 2, (), 4, 3, (("support", 1),), 0, 0),
    model=MODEL,
    made=datetime(2024, 11, 22, 5, tzinfo=UTC),
    sourcing=sourcing,
    seconds=12.5,
)


class Judge:
    """Gives the scores of the edition, or others; 0.0 for a sentence that it does not know."""

    identity = MODEL

    def __init__(self, scores: Mapping[str, float] = SCORES) -> None:
        self.scores = scores

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        raise AssertionError("not needed")

    def generate(
        self,
        prompts: Sequence[str],
        *,
        candidates: int = 1,
        among: Sequence[Sequence[Option]] = (),
    ) -> list[list[str]]:
        raise AssertionError("not needed")

    def support(self, pairs: Sequence[Pair]) -> list[float]:
        return [self.scores.get(pair.sentence, 0.0) for pair in pairs]


def lookup(ids: Iterable[str]) -> dict[str, Article]:
    return {id_: STORED[id_] for id_ in ids if id_ in STORED}


def places(
    folder: Path, digest: Digest, *, judge: Judge | None = None, trust: float = TRUST
) -> set[str]:
    """Where something is found; all files are made again from the digest."""
    for name, text in render.files(digest, STORED).items():
        (folder / name).write_bytes(text.encode())
    found = verify(folder, articles=lookup, models=judge, floor=FLOOR, trust=trust)
    return {finding.where for finding in found}


def changed(old: str, change: Callable[[Claim], Claim], digest: Digest = DIGEST) -> Digest:
    """The digest with one sentence changed wherever it stands."""

    def swap(found: Claim) -> Claim:
        return change(found) if found.text == old else found

    return replace(
        digest,
        subject=swap(digest.subject),
        bottom_line=tuple(map(swap, digest.bottom_line)),
        briefs=tuple(
            replace(brief, headline=swap(brief.headline), claims=tuple(map(swap, brief.claims)))
            for brief in digest.briefs
        ),
        boards=tuple(
            replace(b, lines=tuple(replace(r, claim=swap(r.claim)) for r in b.lines))
            for b in digest.boards
        ),
    )


LINE = {GOOD: "developments/1/1", HEAD: "developments/1/headline", SHORT: "developments/1/2"}


# -- the honest edition ------------------------------------------------------------------------


def test_the_sample_holds_other_words_and_shortenings() -> None:
    lines = {line.id: line.claim for line in cited(DIGEST)}
    for text, name in LINE.items():
        assert lines[name].text == text
    assert {claim.wording for claim in lines.values()} == {"written", "quoted"}


def test_an_honest_edition_is_proven(tmp_path: Path) -> None:
    assert places(tmp_path, DIGEST) == set()
    assert places(tmp_path, DIGEST, judge=Judge()) == set()


def test_without_trust_other_words_are_not_proven(tmp_path: Path) -> None:
    for trust in (0.94, 0.96, math.inf):
        found = places(tmp_path, DIGEST, trust=trust)
        assert (LINE[GOOD] in found) == (trust > 0.95)
        assert not {LINE[HEAD], LINE[SHORT]} & found


def test_nobody_answers_for_an_edition_made_without_a_judge(tmp_path: Path) -> None:
    forged = replace(DIGEST, model=replace(MODEL, judge="none"))
    found = places(tmp_path, forged, judge=Judge())
    assert LINE[GOOD] in found
    assert LINE[SHORT] not in found


# -- every change ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "old", "new"),
    [
        (GOOD, "two", "three"),
        (GOOD, "four", "five"),
        (GOOD, "Velmar", "Sulm"),
        (GOOD, "repairs", "repairs until spring"),
        (GOOD, "would", "must"),
        (GOOD, "would", "would not"),
        (GOOD, "said", "denied"),
        (GOOD, "close", "sell"),
        (HEAD, "Norlinje", "Brenn"),
        (HEAD, "until repairs", "before repairs"),
        (HEAD, "will use open piers", "will open piers"),
        (SHORT, "two", "three"),
        (SHORT, "Monday", "Friday"),
    ],
)
def test_a_changed_word_or_number_is_found(tmp_path: Path, text: str, old: str, new: str) -> None:
    assert old in text
    forged = changed(text, lambda c: replace(c, text=text.replace(old, new, 1)))
    assert LINE[text] in places(tmp_path, forged)


def test_a_change_that_only_the_judge_sees_is_found_by_the_judge(tmp_path: Path) -> None:
    text = "Velmar’s town said it would close two of its four piers for repairs."
    forged = changed(GOOD, lambda c: replace(c, text=text))
    assert LINE[GOOD] not in places(tmp_path, forged)
    assert LINE[GOOD] in places(tmp_path, forged, judge=Judge())


@pytest.mark.parametrize("text", [GOOD, HEAD, SHORT])
@pytest.mark.parametrize("score", [0.3, 0.99])
def test_a_needless_citation_is_found(tmp_path: Path, text: str, score: float) -> None:
    for other in (CITED, PRICE, BOATS):
        more = changed(
            text,
            lambda c, p=other: replace(c, passages=(*c.passages, p), score=max(c.score, score)),
        )
        own = other == (BOATS if text == HEAD else CITED)
        assert own or LINE[text] in places(tmp_path, more)


@pytest.mark.parametrize("text", [GOOD, HEAD, SHORT])
def test_another_citation_or_none_is_found(tmp_path: Path, text: str) -> None:
    for other in (CITED, PRICE, BOATS):
        forged = changed(text, lambda c, p=other: replace(c, passages=(p,), score=0.99))
        own = other == (BOATS if text == HEAD else CITED)
        assert own or LINE[text] in places(tmp_path, forged)
    # Nothing can be rendered of a line that cites nothing: the digest alone is changed.
    files = render.files(DIGEST, STORED)
    files["digest.json"] = render.json(changed(text, lambda c: replace(c, passages=())))
    for name, content in files.items():
        (tmp_path / name).write_bytes(content.encode())
    found = verify(tmp_path, articles=lookup, models=None, floor=FLOOR, trust=TRUST)
    assert LINE[text] in {finding.where for finding in found}


@pytest.mark.parametrize("score", [0.0, 0.5, 0.89, 1.01])
def test_a_score_below_trust_or_above_one_is_found(tmp_path: Path, score: float) -> None:
    assert LINE[GOOD] in places(tmp_path, changed(GOOD, lambda c: replace(c, score=score)))


def test_a_score_that_the_judge_does_not_give_is_found(tmp_path: Path) -> None:
    doubting = Judge({**SCORES, GOOD: 0.85})
    raised = changed(GOOD, lambda c: replace(c, score=0.94))
    assert places(tmp_path, raised) == set()
    assert LINE[GOOD] in places(tmp_path, raised, judge=doubting)
    assert LINE[GOOD] in places(tmp_path, DIGEST, judge=Judge({**SCORES, GOOD: 0.5}))


def test_a_shortening_is_held_to_the_floor(tmp_path: Path) -> None:
    assert LINE[SHORT] in places(tmp_path, changed(SHORT, lambda c: replace(c, score=0.05)))


@pytest.mark.parametrize("wording", ["quoted", "shortened"])
def test_another_wording_does_not_pass_for_what_the_judge_proved(
    tmp_path: Path, wording: str
) -> None:
    forged = changed(GOOD, lambda c: replace(c, wording=wording))  # type: ignore[arg-type]
    assert LINE[GOOD] in places(tmp_path, forged)
