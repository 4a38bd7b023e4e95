"""Articles that their sources changed or took back: the first text stands, the newer beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from time import perf_counter

import pytest
from store_cases import FRIDAY, NOW, OTHER, SATURDAY, article_id, digest, pair

from briefing.adapters.store import SqlStore, open_store
from briefing.adapters.store.links import said_id
from briefing.errors import StoreError
from briefing.news import Article, Claim, Correction, Entry, Revision, Skip

HOUR = timedelta(hours=1)
DAY = FRIDAY.day


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    with open_store(f"sqlite:///{tmp_path}/briefing.db") as opened:
        yield opened


def stored(store: SqlStore, *keys: str, cited: str = "") -> None:
    """Articles, and an edition of Friday that cites those of the keys in ``cited``."""
    store.add_all([pair(key) for key in keys], now=NOW)
    store.record(digest(FRIDAY, "S", *cited), [], skips=[], evidence="{}")


def article(key: str, text: str = "A pier") -> Article:
    return pair(key, text=text)[1][0]


def later(key: str, number: int, text: str) -> Article:
    """The article as it is known by its later text."""
    first = article(key, text)
    id_ = f"{first.id}~{number}"
    return replace(first, id=id_, passages=(replace(first.passages[0], article=id_),))


def entry(key: str, *, body: str = "b", title: str = "", link: str = "") -> Entry:
    first = pair(key)[0]
    return replace(first, body=body, title=title or first.title, link=link)


def retold(store: SqlStore, *entries: Entry, since: date = DAY) -> list[tuple[str, list[str]]]:
    return [
        (one.key, [article.text for article in articles])
        for one, articles in store.retold(entries, since=since)
    ]


# -- what is kept ------------------------------------------------------------------------------


def test_the_newest_revision_of_each_article_comes_back_and_the_first_text_stands(
    store: SqlStore,
) -> None:
    stored(store, "a", "b", "c")
    a, b, c = map(article_id, "abc")
    store.note_revision(a, article("a", "A quay"), now=NOW)
    store.note_revision(a, article("a", "A quay \0 \ud800"), now=NOW + HOUR)
    store.note_revision(b, None, now=NOW + 2 * HOUR)
    assert store.revisions([a, b, c, "ghost"]) == {
        a: Revision(a, NOW + HOUR, "edited", later("a", 2, "A quay \0 \ud800")),
        b: Revision(b, NOW + 2 * HOUR, "withdrawn", None),
    }
    assert store.articles([a, b]) == {a: article("a"), b: article("b")}


def test_a_later_text_can_be_cited_beside_the_first(store: SqlStore) -> None:
    """What stands instead of a corrected sentence has to be proven, too."""
    stored(store, "a", "b", cited="b")
    a, b = map(article_id, "ab")
    store.note_revision(a, article("a", "A quay"), now=NOW)
    store.note_revision(a, None, now=NOW)
    store.note_revision(a, article("b", "A dock"), now=NOW)  # found under another id
    quay, dock = later("a", 1, "A quay"), later("a", 3, "A dock")
    ids = [a, f"{a}~1", f"{a}~2", f"{a}~3", f"{a}~4", f"{b}~1", f"{a}~x", "ghost~1"]
    assert store.articles(ids) == {a: article("a"), f"{a}~1": quay, f"{a}~3": dock}
    sentence = Claim("x", article("b").passages, 1.0, "quoted", "reported")
    now = replace(sentence, passages=quay.passages)
    made = digest(SATURDAY, "S", "b")
    made = replace(made, corrections=(Correction(FRIDAY, "subject", sentence, "edited", now),))
    store.record(made, [], skips=[], evidence="{}")
    assert store.prune(NOW + timedelta(days=90)) == 0
    assert store.articles([f"{a}~1"]) == {f"{a}~1": quay}


def test_what_was_noticed_later_is_not_known_yet(store: SqlStore) -> None:
    stored(store, "a")
    a = article_id("a")
    store.note_revision(a, article("a", "A quay"), now=NOW)
    store.note_revision(a, None, now=NOW + HOUR)
    assert store.revisions([a], until=NOW - HOUR) == {}
    for until, kind in ((NOW, "edited"), (NOW + HOUR / 2, "edited"), (NOW + HOUR, "withdrawn")):
        assert store.revisions([a], until=until)[a].kind == kind


def test_what_is_known_already_changes_nothing(store: SqlStore) -> None:
    stored(store, "a")
    a = article_id("a")

    def noted(revised: Article | None, *, hours: int) -> list[int]:
        store.note_revision(a, revised, now=NOW + hours * HOUR)
        found = store.revisions([a]).values()
        return [(one.noticed - NOW) // HOUR for one in found]

    assert noted(article("a"), hours=1) == []  # as it was stored
    assert noted(article("a", "A quay"), hours=2) == [2]
    assert noted(article("a", "A quay"), hours=3) == [2]
    assert noted(article("a"), hours=4) == [4]  # back to the first text, which is news
    assert noted(article("a"), hours=5) == [4]
    assert noted(None, hours=6) == [6]
    assert noted(None, hours=7) == [6]
    assert noted(article("a"), hours=8) == [8]  # it is there again


def test_a_revision_of_an_article_that_is_not_stored_is_refused(store: SqlStore) -> None:
    with pytest.raises(StoreError, match=r"(?s)FOREIGN KEY.*Remedy"):
        store.note_revision("ghost", None, now=NOW)


def test_revisions_of_many_articles(store: SqlStore) -> None:
    keys = [f"k{number}" for number in range(1200)]
    stored(store, *keys)
    for key in keys[::100]:
        store.note_revision(article_id(key), None, now=NOW)
    started = perf_counter()
    found = store.revisions(map(article_id, keys))
    assert perf_counter() - started < 1
    assert set(found) == set(map(article_id, keys[::100]))


def test_revisions_go_with_the_text_of_their_article(store: SqlStore) -> None:
    stored(store, "a", "b", cited="a")
    for key in "ab":
        store.note_revision(article_id(key), None, now=NOW)
    assert store.prune(NOW + timedelta(days=2)) == 1
    assert set(store.revisions(map(article_id, "ab"))) == {article_id("a")}


# -- what is to be compared --------------------------------------------------------------------


def test_an_entry_that_says_the_same_costs_nothing(store: SqlStore) -> None:
    stored(store, "a", "b", cited="ab")
    assert retold(store, entry("a"), entry("b"), entry("never seen")) == []


@pytest.mark.parametrize("change", [{"title": "Other"}, {"body": "b, and more"}])
def test_an_entry_with_other_words_comes_with_its_article_until_it_was_compared(
    store: SqlStore, change: dict[str, str]
) -> None:
    stored(store, "a", "b", cited="ab")
    changed = entry("b", **change)
    for _ in range(2):
        assert retold(store, entry("a"), changed) == [("b", ["A pier"])]
    store.note_said([changed])
    assert retold(store, entry("a"), changed) == []
    assert retold(store, entry("b")) == [("b", ["A pier"])]  # and back


def test_markup_and_white_space_are_no_words() -> None:
    one = entry("a", body="<p>The pier\n is <b>closed</b>.</p>")
    two = entry("a", body="<div> The pier is <b class='x'>closed</b>.</div><img src='n?1'>")
    assert said_id(one) == said_id(two) != said_id(entry("a", body="The pier is open."))


def test_only_what_a_young_edition_cites_is_compared(store: SqlStore) -> None:
    stored(store, "a", "b", cited="a")
    changed = [entry("a", body="x"), entry("b", body="x")]
    assert retold(store, *changed) == [("a", ["A pier"])]
    assert retold(store, *changed, since=SATURDAY.day) == []
    # It is cited later: what changed meanwhile still counts
    store.record(digest(SATURDAY, "S", "b"), [], skips=[], evidence="{}")
    assert retold(store, *changed, since=SATURDAY.day) == [("b", ["A pier"])]


def test_any_story_may_cite(store: SqlStore) -> None:
    stored(store, "a")
    store.record(digest(OTHER, "S", "a"), [], skips=[], evidence="{}")
    assert retold(store, entry("a", body="x")) == [("a", ["A pier"])]


def test_it_is_compared_with_the_text_as_last_known(store: SqlStore) -> None:
    stored(store, "a", cited="a")
    a = article_id("a")
    store.note_revision(a, article("a", "A quay"), now=NOW)
    assert retold(store, entry("a", body="x")) == [("a", ["A quay"])]
    store.note_revision(a, None, now=NOW)  # withdrawn: there is no newer text
    assert retold(store, entry("a", body="x")) == [("a", ["A quay"])]


def test_an_entry_of_before_is_unknown_and_filled_at_the_next_sight(store: SqlStore) -> None:
    stored(store, "a", cited="a")
    with store._database.writing() as connection:
        connection.exec_driver_sql("UPDATE seen SET said = ''")
    assert retold(store, entry("a", body="x")) == []
    assert retold(store, entry("a", body="x")) == []
    assert retold(store, entry("a", body="y")) == [("a", ["A pier"])]


def test_an_edited_entry_under_a_new_key_is_known_by_its_page(store: SqlStore) -> None:
    first = [entry(key, link=f"https://harbour.example/{key}") for key in "ab"]
    store.add_all([(one, [article(one.key)]) for one in first], now=NOW)
    store.record(digest(FRIDAY, "S", *"ab"), [], skips=[], evidence="{}")
    again = replace(first[1], key="b#1", body="x", link="https://www.harbour.example/b/?utm_id=3")
    elsewhere = replace(again, key="z", source="folder:other")
    assert retold(store, first[0], again) == [("b#1", ["A pier"])]
    assert retold(store, elsewhere) == []  # another feed words the same page in its own way
    assert retold(store, first[1], again) == []  # the entry itself is there still
    store.note_said([again])
    assert retold(store, again) == []


def test_entries_without_an_article_have_nothing_to_compare(store: SqlStore) -> None:
    store.add(entry("a"), Skip("extract", "a", "no text"), now=NOW)
    assert retold(store, entry("a", body="x")) == []


def test_files_that_are_cited_come_with_their_keys(store: SqlStore) -> None:
    stored(store, "one.txt#1", "two.txt#2", "three.txt#3")
    keys = ("one.txt#1", "two.txt#2")
    store.record(digest(FRIDAY, "S", *keys), [], skips=[], evidence="{}")
    store.note_revision(article_id(keys[0]), article(keys[0], "A quay"), now=NOW)
    found = store.cited_from("folder:seeds", since=DAY)
    assert sorted((key, one.text) for key, one in found) == [
        (keys[0], "A quay"),
        (keys[1], "A pier"),
    ]
    assert store.cited_from("folder:seeds", since=SATURDAY.day) == []
    assert store.cited_from("folder:other", since=DAY) == []


def test_looking_at_a_large_feed_of_a_large_store_is_quick(store: SqlStore) -> None:
    keys = [f"k{number}" for number in range(5000)]
    stored(store, *keys)
    store.record(digest(FRIDAY, "S", *keys[:200]), [], skips=[], evidence="{}")
    entries = [entry(key, body="x" if number % 50 == 0 else "b") for number, key in enumerate(keys)]
    started = perf_counter()
    found = store.retold(entries[:1000], since=DAY)
    assert perf_counter() - started < 1
    assert [one.key for one, _ in found] == keys[:200:50]
