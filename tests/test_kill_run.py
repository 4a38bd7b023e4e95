"""Promises P1, P3 and P10 for a whole run: killed at any step and started again, the service makes
the one edition that it owed, from everything that came in, and mails it once to each reader."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from email import message_from_bytes, policy
from html import escape
from pathlib import Path
from typing import Any

import pytest
from feed_site import Reply, Site, serving
from killing import (
    DAY,
    MINUTE,
    NAMES,
    NOW,
    SEEDS,
    STORY,
    Aiosmtpd,
    House,
    Interpreter,
    Step,
    aiosmtpd,
)

from briefing.news import Digest, Edition
from briefing.pipeline.remembering import PORTION
from briefing.proof import verify

EDITION = Edition(STORY, DAY)
STORE = "briefing.adapters.store.store"
RUNS = "briefing.adapters.store.runs:Runs"
MODELS = "test_pipeline:WordModels"
FEEDS = ("/one", "/two")

STEPS = [
    Step("the attempt is on record", f"{RUNS}.begin"),
    Step("the first feed is stored", f"{STORE}:SqlStore.add_all"),
    Step("half of the second feed is stored", f"{STORE}:put_entries", nth=2),
    Step("all articles are stored", f"{STORE}:SqlStore.add_all", nth=2),
    Step("both feeds are done", f"{STORE}:SqlStore.feed_answered", nth=2),
    Step("the articles are embedded", f"{MODELS}.embed", nth=3),
    Step("the first portion is written", f"{MODELS}.generate"),
    Step("the first portion is kept", f"{RUNS}.remember"),
    Step("the second portion is asked for", f"{MODELS}.generate", "before", nth=2),
    Step("the judge is asked", f"{MODELS}.support", "before"),
    Step("the judge has answered", f"{RUNS}.remember", nth=3),
    Step("the files are to be written", "briefing.adapters.files:DigestFiles.save", "before"),
    Step("the files are to be put in place", "briefing.adapters.files:_put_in_place", "before"),
    Step("the files are in place", "briefing.adapters.files:DigestFiles.save"),
    Step("the record is half written", f"{STORE}:put_edition"),
    Step("the record is written and not committed", f"{STORE}:put_mails"),
]
RECORDED = [
    Step("the record is committed", f"{STORE}:SqlStore.record"),
    Step("the attempt is done", f"{RUNS}.finish"),
    Step("the edition is told", "briefing.serve.service:Service._make"),
]


LOST = {
    "the first portion is written",
    "the second portion is asked for",
    "the judge is asked",
}
"""Steps at which a portion is asked for, and its answers not kept."""


@dataclass(frozen=True)
class Question:
    """One call of a model."""

    kind: str  # "embed", "write" or "judge"
    asked: list[Any]


@dataclass
class Scene:
    """What all tries share."""

    interpreter: Interpreter
    post: Aiosmtpd
    site: Site
    empty: House  # with readers, and nothing done yet
    whole: Digest  # what a service makes that nobody kills
    asked: list[Question]  # and what it asks the models

    def house(self, where: Path) -> House:
        return self.empty.copy(where / "house", port=self.post.port)


def feed(*seeds: str) -> bytes:
    """A feed that carries seeds in full, and one item of something else."""
    items = [("Cup final", "The home side won the cup final on Friday, its fourth in a row.")]
    for seed in seeds:
        text = (SEEDS / seed).read_text("utf-8")
        items.append((text.splitlines()[0][:80], text))
    written = "".join(
        f"<item><title>{escape(title)}</title><guid isPermaLink='false'>{escape(title)}</guid>"
        f"<description>{escape(''.join(f'<p>{escape(p)}</p>' for p in text.splitlines() if p))}"
        "</description><pubDate>Fri, 22 Nov 2024 04:00:00 GMT</pubDate></item>"
        for title, text in items
    )
    return f"<rss version='2.0'><channel><title>F</title>{written}</channel></rss>".encode()


def publish(site: Site) -> None:
    """Two feeds that answer 304 to whoever has their last answer."""
    names = sorted(file.name for file in SEEDS.glob("*.txt"))
    for path, name in zip(FEEDS, names, strict=True):
        body, tag = feed(name), f'"{path}"'

        def page(asked: Any, body: bytes = body, tag: str = tag) -> Reply:
            if asked["If-None-Match"] == tag:
                return Reply(status=304)
            return Reply(body, (("ETag", tag), ("Content-Type", "application/rss+xml")))

        site.pages[path] = page


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with ExitStack() as stack:
        site = stack.enter_context(serving())
        publish(site)
        post = stack.enter_context(aiosmtpd())
        interpreter = stack.enter_context(Interpreter())
        empty = House(tmp_path_factory.mktemp("empty"), source="feeds", allowed=[site.port])
        outlines = "".join(f'<outline xmlUrl="{site.url(path)}" text="{path}"/>' for path in FEEDS)
        empty.furnish().subscribe(served=True)
        (empty.root / "config" / "feeds.opml").write_text(
            f'<opml version="2.0"><body>{outlines}</body></opml>', "utf-8"
        )
        unharmed = empty.copy(tmp_path_factory.mktemp("unharmed") / "house", port=post.port)
        ended = interpreter.start(unharmed)
        assert ended.well, ended.said
        assert len(post.take()) == len(NAMES)
        with unharmed.store() as store:
            whole = store.edition(EDITION).digest
        asked = questions(unharmed, ended.pid)
        portions = [len(question.asked) for question in asked if question.kind == "write"]
        assert len(portions) >= 2
        assert portions[0] == PORTION
        yield Scene(interpreter, post, site, empty, whole, asked)


def questions(house: House, pid: int) -> list[Question]:
    """What a process asked the models."""
    lines = house.asked.read_text("utf-8").splitlines() if house.asked.exists() else []
    notes = [json.loads(line) for line in lines]
    return [Question(note["kind"], note["asked"]) for note in notes if note["pid"] == pid]


def of(kind: str, asked: list[Question]) -> list[Any]:
    return [one for question in asked if question.kind == kind for one in question.asked]


def outcomes(house: House) -> list[str]:
    with house.store() as store:
        return [run.outcome for run in reversed(store.runs.of(EDITION))]


def is_whole(house: House, scene: Scene) -> None:
    """One edition, the one that nobody's death had changed: on record, on disk and in the post."""
    with house.store() as store:
        assert store.damage() == []
        assert [line.edition for line in store.editions(9)] == [EDITION]
        recorded = store.edition(EDITION).digest
        letters = store.outbox.letters()
        folder = house.root / "digests" / DAY.isoformat()
        assert [file.name for file in folder.iterdir()] == [EDITION.name]
        found = verify(
            folder / EDITION.name, articles=store.articles, models=None, floor=0.5,
            recorded=lambda edition: store.edition(edition).digest,
        )  # fmt: skip
        assert found == []
    for part in ("subject", "bottom_line", "briefs", "boards", "sources", "notes"):
        assert getattr(recorded, part) == getattr(scene.whole, part), part
    assert recorded.accounts.articles_in == scene.whole.accounts.articles_in == 4
    assert sorted(letter.mail.recipient for letter in letters) == list(NAMES)
    assert {(letter.state, letter.attempts) for letter in letters} == {("sent", 1)}
    queued = {letter.mail.recipient: letter.mail for letter in letters}
    taken = scene.post.take()
    assert sorted(recipient for recipient, _ in taken) == list(NAMES), "0 lost, 0 twice"
    for recipient, content in taken:
        assert content == queued[recipient].content
        parsed = message_from_bytes(content, policy=policy.default)
        assert parsed["Message-ID"] == queued[recipient].message_id


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_a_run_killed_before_its_edition_is_on_record_is_made_again(
    tmp_path: Path, scene: Scene, step: Step
) -> None:
    house = scene.house(tmp_path)
    first = scene.interpreter.start(house, step)
    assert first.killed, first.said
    with house.store() as store:
        assert store.damage() == []
        assert store.editions(9) == []
        assert store.outbox.letters() == []
        assert store.runs.latest()[0].outcome == "running"
    assert scene.post.take() == []
    second = scene.interpreter.start(house, at=NOW + MINUTE)
    assert second.well, second.said
    assert outcomes(house) == ["cut off", "done"]
    is_whole(house, scene)
    # What the models had answered, and was kept, is not asked for again
    kept = [one for one in questions(house, first.pid) if one.kind != "embed"]
    if step.name in LOST:
        kept.pop()
    for kind in ("write", "judge"):
        asked = of(kind, kept) + of(kind, questions(house, second.pid))
        assert asked == of(kind, scene.asked), kind


@pytest.mark.parametrize("step", RECORDED, ids=lambda step: step.name)
def test_an_edition_on_record_is_not_made_again_and_its_mails_go_out(
    tmp_path: Path, scene: Scene, step: Step
) -> None:
    house = scene.house(tmp_path)
    first = scene.interpreter.start(house, step)
    assert first.killed, first.said
    with house.store() as store:
        made = store.edition(EDITION)
        assert {letter.state for letter in store.outbox.letters()} == {"queued"}
    second = scene.interpreter.start(house, at=NOW + MINUTE)
    assert second.well, second.said
    assert questions(house, second.pid) == []
    with house.store() as store:
        assert store.edition(EDITION) == made
    assert outcomes(house) in (["running"], ["done"])
    is_whole(house, scene)


def test_started_a_third_time_it_does_nothing_more(tmp_path: Path, scene: Scene) -> None:
    house = scene.house(tmp_path)
    assert scene.interpreter.start(house, STEPS[-1]).killed
    assert scene.interpreter.start(house, at=NOW + MINUTE).well
    is_whole(house, scene)
    third = scene.interpreter.start(house, at=NOW + 2 * MINUTE)
    assert third.well
    assert questions(house, third.pid) == []
    assert scene.post.take() == []
    assert outcomes(house) == ["cut off", "done"]


def test_killed_twice_the_edition_is_made_without_the_models_that_kill_it(
    tmp_path: Path, scene: Scene
) -> None:
    house = scene.house(tmp_path)
    step = next(one for one in STEPS if one.name == "the second portion is asked for")
    assert scene.interpreter.start(house, step).killed
    again = Step("the same, as the first portion is kept", f"{MODELS}.generate", "before")
    assert scene.interpreter.start(house, again, at=NOW + MINUTE).killed
    third = scene.interpreter.start(house, at=NOW + 2 * MINUTE)
    assert third.well, third.said
    assert outcomes(house) == ["cut off", "cut off", "done"]
    assert of("write", questions(house, third.pid)) == []
    with house.store() as store:
        digest = store.edition(EDITION).digest
    assert len(digest.briefs) >= 3
    assert any("cut off" in note for note in digest.notes)
    taken = scene.post.take()
    assert sorted(recipient for recipient, _ in taken) == list(NAMES)
