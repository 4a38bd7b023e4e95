"""Editions that remember: what changed, what only repeats, what must be corrected.

Whole runs over a real store and real files, day after day; the fake models stand at their port.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from test_pipeline import STORY, Pages, WordModels, quiet

from briefing.adapters.confined import InPlace
from briefing.adapters.engine import ThreadEngine
from briefing.adapters.files import DigestFiles
from briefing.adapters.folder import ArticleFolder
from briefing.adapters.store import open_store
from briefing.news import Digest, Edition
from briefing.pipeline import Limits, Ports, RunResult, run
from briefing.proof import verify

FIRST = date(2024, 11, 18)


class Desk:
    """A folder of articles, a store, and an edition for each day."""

    def __init__(self, where: Path) -> None:
        self.where = where
        self.articles = where / "articles"
        self.articles.mkdir()
        self.day = FIRST

    def write(self, name: str, title: str, *sentences: str, publisher: str = "The Courier") -> None:
        """An article of the day."""
        head = f"<title>{title}</title><meta property='og:site_name' content='{publisher}'>"
        moment = f"{self.day.isoformat()}T08:00:00+00:00"
        head += f"<meta property='article:published_time' content='{moment}'>"
        body = "".join(f"<p>{sentence}</p>" for sentence in sentences)
        article = f"<article><h1>{title}</h1>{body}</article>"
        page = f"<html><head>{head}</head><body>{article}</body></html>"
        (self.articles / f"{name}.html").write_text(page, encoding="utf-8")

    def edition(self) -> RunResult:
        """The edition of the day, every line of it proven; then the day is over."""
        with open_store(f"sqlite:///{self.where / 'briefing.db'}") as store:
            web = Pages({})
            files = DigestFiles(self.where / "digests")
            result = run(
                Ports(web, store, WordModels(), files, ThreadEngine(), InPlace()),
                story=STORY,
                source=ArticleFolder(self.articles),
                day=self.day,
                now=datetime(self.day.year, self.day.month, self.day.day, 20, tzinfo=UTC),
                window=timedelta(days=3),
                limits=Limits(),
                progress=quiet,
            )
            recorded = store.edition

            def printed(edition: Edition) -> Digest | None:
                found = recorded(edition)
                return found.digest if found else None

            found = verify(
                result.folder, articles=store.articles, models=None, floor=0.0, recorded=printed
            )
            assert [str(one) for one in found] == []
        self.day += timedelta(days=1)
        return result


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


ALLOWED = (
    "Washington lets Ukraine fire ATACMS missiles into Russia",
    "The United States has allowed Ukraine to fire ATACMS missiles at targets inside Russia.",
    "Officials in Washington said the missiles may be used in the Kursk region of Russia.",
)


def test_a_first_edition_speaks_of_no_changes(desk: Desk) -> None:
    desk.write("one", *ALLOWED)
    digest = desk.edition().digest
    assert digest.briefs
    assert digest.previous is None
    assert digest.changes == ()
    assert all(brief.since is None for brief in digest.briefs)


def test_what_is_told_again_is_no_news(desk: Desk) -> None:
    desk.write("one", *ALLOWED)
    desk.edition()
    desk.write("two", *ALLOWED, publisher="The Herald")
    digest = desk.edition().digest
    assert digest.previous == FIRST
    assert digest.changes == ()
    assert digest.repeats == 1
    assert digest.bottom_line == ()
    assert digest.subject.passages == ()
    assert all(brief.since == FIRST for brief in digest.briefs)


def test_another_matter_is_new_beside_what_is_known(desk: Desk) -> None:
    desk.write("one", *ALLOWED)
    desk.edition()
    desk.write("two", *ALLOWED, publisher="The Herald")
    desk.write(
        "three",
        "Germany refuses to send Taurus missiles to Ukraine",
        "The German chancellor has ruled out sending Taurus cruise missiles to Ukraine.",
    )
    digest = desk.edition().digest
    assert [change.kind for change in digest.changes] == ["NEW"]
    assert "Taurus" in digest.changes[0].claim.text
    assert digest.briefs[0].since is None


def test_a_toll_that_rises_is_an_update_with_both_values(desk: Desk) -> None:
    desk.write(
        "one",
        "Missile strike on Velmar kills two",
        "A Russian missile strike on the town of Velmar killed at least two people, the governor of"
        " the Ukrainian region said.",
    )
    desk.edition()
    desk.write(
        "two",
        "Missile strike on Velmar kills nine",
        "A Russian missile strike on the town of Velmar killed at least nine people, the governor "
        "of the Ukrainian region said.",
    )
    digest = desk.edition().digest
    assert [change.kind for change in digest.changes] == ["UPDATED"]
    change = digest.changes[0]
    assert change.was is not None
    assert "two" in change.was.text
    assert change.said == FIRST
    assert (change.before, change.after) == ("at least two people", "at least nine people")


def test_an_edition_made_again_sees_what_it_saw_the_first_time(desk: Desk) -> None:
    desk.write("one", *ALLOWED)
    first = desk.edition().digest
    desk.day = FIRST
    again = desk.edition().digest
    assert (again.previous, again.changes, again.briefs) == (None, (), first.briefs)


def test_a_later_edition_made_again_has_the_same_changes(desk: Desk) -> None:
    desk.write("one", *ALLOWED)
    desk.edition()
    desk.write(
        "two",
        "Germany refuses to send Taurus missiles to Ukraine",
        "The German chancellor has ruled out sending Taurus cruise missiles to Ukraine.",
    )
    changes = desk.edition().digest.changes
    desk.day -= timedelta(days=1)
    assert changes
    assert desk.edition().digest.changes == changes


def test_a_sentence_that_its_source_has_changed_is_corrected_once(desk: Desk) -> None:
    desk.write("one", *ALLOWED)
    desk.edition()
    edited = ALLOWED[1].replace("ATACMS missiles at", "nine ATACMS missiles at")
    desk.day = FIRST
    desk.write("one", ALLOWED[0], edited, ALLOWED[2])
    desk.day = FIRST + timedelta(days=1)
    corrections = desk.edition().digest.corrections
    assert {one.reason for one in corrections} == {"edited"}
    assert {one.edition.day for one in corrections} == {FIRST}
    wrong = corrections[0]
    assert wrong.now is not None
    assert "nine" not in wrong.sentence.text
    assert "nine" in wrong.now.text
    assert desk.edition().digest.corrections == ()


def test_a_withdrawn_article_is_corrected(desk: Desk) -> None:
    desk.write("one", *ALLOWED)
    desk.edition()
    desk.day = FIRST
    desk.write("one", f"WITHDRAWN: {ALLOWED[0]}", "This article has been withdrawn.")
    desk.day = FIRST + timedelta(days=1)
    corrections = desk.edition().digest.corrections
    assert {one.reason for one in corrections} == {"withdrawn"}
    assert all(one.now is None for one in corrections)


def test_what_was_withdrawn_is_a_change_and_known_no_more(desk: Desk) -> None:
    desk.write("one", *ALLOWED)
    assert [board.kind for board in desk.edition().digest.boards][:1] == ["positions"]
    desk.day = FIRST
    desk.write("one", f"WITHDRAWN: {ALLOWED[0]}", "This article has been withdrawn.")
    desk.day = FIRST + timedelta(days=1)
    digest = desk.edition().digest
    assert {change.kind for change in digest.changes} == {"WITHDRAWN"}
    assert {change.said for change in digest.changes} == {FIRST}
    desk.write("two", *ALLOWED, publisher="The Herald")
    again = desk.edition().digest
    assert {change.kind for change in again.changes} == {"NEW"}


def test_what_another_article_tells_too_stays_known(desk: Desk) -> None:
    desk.write("one", *ALLOWED)
    desk.write("two", *ALLOWED, publisher="The Herald")
    desk.edition()
    desk.day = FIRST
    desk.write("one", f"WITHDRAWN: {ALLOWED[0]}", "This article has been withdrawn.")
    desk.day = FIRST + timedelta(days=1)
    desk.write("three", *ALLOWED, publisher="The Mail")
    digest = desk.edition().digest
    assert {change.kind for change in digest.changes} <= {"WITHDRAWN"}
    assert [board.kind for board in digest.boards][:1] == ["positions"]


def test_a_claim_leaves_the_ledger_with_its_edition(desk: Desk) -> None:
    desk.write("one", *ALLOWED)
    desk.edition()
    with open_store(f"sqlite:///{desk.where / 'briefing.db'}") as store:
        tomorrow = Edition(STORY.slug, desk.day)
        known = store.known(tomorrow, since=FIRST)
        assert {passage.article for claim in known for passage in claim.passages}
        assert any(claim.printed for claim in known)
        assert store.known(Edition(STORY.slug, FIRST), since=FIRST) == []
