"""A run with a writer that is told what to write and a judge that is told what to believe."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from briefing.adapters.confined import InPlace
from briefing.adapters.engine import ThreadEngine
from briefing.adapters.files import DigestFiles
from briefing.adapters.folder import ArticleFolder
from briefing.adapters.store import open_store
from briefing.errors import ModelError
from briefing.news import Claim, ModelIdentity, Option, Pair, Story
from briefing.pipeline import Limits, Ports, RunResult, run
from briefing.proof import Finding, verify
from briefing.stages.compose import cited
from briefing.text import lexical

FLOOR, TRUST = 0.1, 0.9
STORY = Story(
    slug="velmar",
    name="Velmar",
    description="The harbour authority of Velmar closes piers for repairs; ferries are rerouted.",
    terms={"places": ("Velmar", "harbour", "piers", "pier"), "parties": ("harbour authority",)},
    relevance=0.2,
)
CLOSE = (
    "The harbour authority of Velmar, which runs the town market, said on Monday that it would "
    "close two of its four piers for repairs."
)
FERRY = "Ferries of the operator Norlinje may be rerouted from Velmar to Sulm, said Odile Farr."
COST = (
    "As ferries left for Sulm, Mayor Ada Brenn said repairs of the harbour of Velmar would cost "
    "4 million crowns."
)
GOOD = "Velmar’s harbour authority said it would close two of its four piers for repairs."
HEAD = "Velmar’s harbour authority would close two of its four piers"  # told, not cut
DOUBTFUL = "Odile Farr said ferries of Norlinje may be rerouted from Velmar to Sulm."
WRONG = "Mayor Ada Brenn said repairs of the harbour of Velmar would cost 9 million crowns."
SHORTER = "Mayor Ada Brenn said repairs of the harbour of Velmar would cost 4 million crowns."
CUT = CLOSE.replace(", which runs the town market,", "")
CLOSELY = "close to the wording."


class Told:
    """Writes by the passage it is shown or what is worth most, and believes by the sentence."""

    def __init__(
        self,
        answers: Mapping[str, str],
        beliefs: Mapping[str, float],
        *,
        fails_at: int = 0,
    ) -> None:
        self.answers, self.beliefs = answers, beliefs
        self.fails_at = fails_at  # call of ``support`` that finds no memory; 0: none
        self.prompts: list[str] = []
        self.asked: list[list[Pair]] = []
        self.identity = ModelIdentity("told", "", "believes by the sentence", "none")

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        return lexical.vectors(texts)

    def generate(
        self,
        prompts: Sequence[str],
        *,
        candidates: int = 1,
        among: Sequence[Sequence[Option]] = (),
    ) -> list[list[str]]:
        self.prompts += prompts
        return [
            [max(options, key=lambda o: o.worth).text]
            if options
            else [self._answer(prompt)] * candidates
            for prompt, options in zip(prompts, among, strict=True)
        ]

    def _answer(self, prompt: str) -> str:
        return next((text for passage, text in self.answers.items() if passage in prompt), "")

    def support(self, pairs: Sequence[Pair]) -> list[float]:
        self.asked.append(list(pairs))
        if len(self.asked) == self.fails_at:
            raise ModelError("out of memory while judging")
        return [self.beliefs.get(pair.sentence, 0.95) for pair in pairs]


def made(where: Path, models: Told, *, trust: float = TRUST) -> RunResult:
    folder = where / "in"
    folder.mkdir(exist_ok=True)
    texts = {"post": (CLOSE, FERRY), "herald": (COST,)}
    for name, said in texts.items():
        row = {"title": "", "text": "\n\n".join(said), "date": "2024-11-22"}
        (folder / f"{name}.json").write_text(json.dumps(row), "utf-8")
    with open_store(f"sqlite:///{where / 'briefing.db'}") as store:
        return run(
            Ports(None, store, models, DigestFiles(where / "out"), ThreadEngine(), InPlace()),  # type: ignore[arg-type]
            story=STORY, source=ArticleFolder(folder), day=date(2024, 11, 22),
            now=datetime(2024, 11, 22, 16, tzinfo=UTC), window=timedelta(days=3),
            limits=Limits(floor=FLOOR, trust=trust, style="manners"),
            progress=lambda stage, done, total: None,
        )  # fmt: skip


def findings(
    where: Path, result: RunResult, models: Told, *, trust: float = TRUST
) -> list[Finding]:
    with open_store(f"sqlite:///{where / 'briefing.db'}") as store:
        return verify(
            result.folder, articles=store.articles, models=models, floor=FLOOR, trust=trust
        )


def claims(result: RunResult) -> dict[str, Claim]:
    return {line.claim.text: line.claim for line in cited(result.digest)}


ANSWERS = {CLOSE: f"{HEAD}\n{GOOD}", FERRY: DOUBTFUL, COST: WRONG}
BELIEFS = {DOUBTFUL: 0.6}


def test_a_sentence_in_other_words_is_printed_with_its_citation_and_proven(tmp_path: Path) -> None:
    models = Told(ANSWERS, BELIEFS)
    result = made(tmp_path, models)
    printed = claims(result)
    assert printed[GOOD].wording == "written"
    assert HEAD not in printed
    assert [p.text for p in printed[GOOD].passages] == [CLOSE]
    assert printed[GOOD].score == 0.95
    assert printed[FERRY].wording == "quoted"
    assert DOUBTFUL not in printed
    assert WRONG not in printed
    assert dict(result.digest.accounts.dropped) == {"support": 1, "number": 1, "relation": 1}
    assert findings(tmp_path, result, models) == []
    assert GOOD in (result.folder / "digest.md").read_text("utf-8")


def test_the_judge_is_asked_only_about_what_no_rule_refused(tmp_path: Path) -> None:
    models = Told(ANSWERS, BELIEFS)
    made(tmp_path, models)
    drafted = {pair.sentence for pair in models.asked[0]}
    assert drafted == {GOOD, DOUBTFUL}
    for pairs in models.asked:
        assert all(pair.sentence and pair.evidence for pair in pairs)
        assert WRONG not in {pair.sentence for pair in pairs}
    refused = Told({CLOSE: WRONG, FERRY: WRONG, COST: WRONG}, {})
    (tmp_path / "second").mkdir()
    made(tmp_path / "second", refused)
    # Nothing of it was worth asking; what remains is cut by rule or chosen among what is proven.
    assert WRONG not in {pair.sentence for pairs in refused.asked for pair in pairs}


def test_what_failed_is_asked_again_where_a_shortening_is_proven(tmp_path: Path) -> None:
    models = Told(ANSWERS, BELIEFS)
    result = made(tmp_path, models)
    first = [prompt for prompt in models.prompts if prompt.endswith(CLOSELY)]
    (second,) = models.prompts[len(first) :]
    assert first == models.prompts[:-1]
    for passage in (CLOSE, FERRY, COST):
        assert sum(passage in prompt for prompt in first) == 1
    assert COST in second  # not CLOSE, which passed, nor FERRY, which nothing can be left out of
    printed = claims(result)
    assert printed[SHORTER].wording == "written"
    assert [p.text for p in printed[SHORTER].passages] == [COST]
    assert findings(tmp_path, result, models) == []


def test_the_score_that_counts_is_that_of_the_cited_passages(tmp_path: Path) -> None:
    class Hesitant(Told):
        """Sure of a draft, and no longer sure when it is weighed."""

        def support(self, pairs: Sequence[Pair]) -> list[float]:
            scores = super().support(pairs)
            if len(self.asked) < 2 or any(p.sentence == DOUBTFUL for p in pairs):
                return scores
            return [0.89 if p.sentence == GOOD else s for p, s in zip(pairs, scores, strict=True)]

    models = Hesitant(ANSWERS, BELIEFS)
    printed = claims(made(tmp_path, models))
    assert GOOD not in printed
    assert printed[CLOSE].wording == "quoted"


def test_without_a_judge_only_shortenings_are_written(tmp_path: Path) -> None:
    models = Told(ANSWERS, {})
    result = made(tmp_path, models, trust=float("inf"))
    printed = claims(result)
    assert GOOD not in printed
    assert DOUBTFUL not in printed
    assert printed[SHORTER].wording == printed[CUT].wording == "written"
    assert findings(tmp_path, result, models, trust=float("inf")) == []


@pytest.mark.parametrize("call", [1, 2, 3])
def test_a_judge_that_fails_at_any_time_leaves_the_sources_words(tmp_path: Path, call: int) -> None:
    models = Told(ANSWERS, BELIEFS, fails_at=call)
    result = made(tmp_path, models)
    assert len(models.asked) == call
    assert {claim.wording for claim in claims(result).values()} <= {"quoted", "shortened"}
    assert CLOSE in claims(result)
    assert "out of memory while judging" in result.digest.notes[0]
    assert result.digest.accounts.written == 0
    assert findings(tmp_path, result, models) == []


def test_proof_holds_a_run_to_the_threshold(tmp_path: Path) -> None:
    models = Told(ANSWERS, BELIEFS)
    result = made(tmp_path, models)
    assert findings(tmp_path, result, models, trust=0.96)
    doubting = Told(ANSWERS, {**BELIEFS, GOOD: 0.2})
    assert any("another score" in str(f) for f in findings(tmp_path, result, doubting))
