"""What the store promises a run, on real SQLite files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.adapters.store import SqlStore, backoff, open_store
from briefing.adapters.store.links import page, page_id
from briefing.errors import StoreError
from briefing.news import (
    Accounts,
    Article,
    Claim,
    Digest,
    Document,
    Edition,
    Entry,
    Feed,
    ModelIdentity,
    Passage,
    Removed,
    Skip,
    Source,
)

NOW = datetime(2024, 11, 22, 6, 30, tzinfo=UTC)
FRIDAY = Edition("harbour", date(2024, 11, 22))
SATURDAY = Edition("harbour", date(2024, 11, 23))
OTHER = Edition("railway", date(2024, 11, 22))
FEED = Feed("https://harbour.example/rss", "Harbour", "The Harbour Post")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    with open_store(f"sqlite:///{tmp_path}/briefing.db") as opened:
        yield opened


def entry(key: str, *, link: str | None = None, source: str = FEED.url) -> Entry:
    link = f"https://harbour.example/{key}" if link is None else link
    return Entry(key, source, link, f"Title {key}", NOW, "body", "text")


def article(of: Entry, text: str = "The pier was closed.", *, hours: int = 0) -> Article:
    passage = Passage(of.id, 0, 0, len(text), text, 1)
    return Article(
        id=of.id,
        url=of.link,
        title=of.title,
        title_origin="stated",
        publisher="The Harbour Post",
        published=NOW - timedelta(hours=hours),
        date_origin="stated",
        text=text,
        passages=(passage,),
        removed=(Removed("Subscribe!", "advert"),),
        source=of.source,
    )


def digest(edition: Edition, *articles: Article, subject: str = "Pier closed") -> Digest:
    passages = tuple(a.passages[0] for a in articles)
    claim = Claim(subject, passages, 1.0, "quoted", "reported")
    sources = tuple(
        Source(n, a.id, a.title, a.publisher, a.published, a.date_origin, a.url, a.id)
        for n, a in enumerate(articles, 1)
    )
    accounts = Accounts(len(articles), len(articles), (), 0, 0, (), 0, 1)
    model = ModelIdentity("writer", "", "judge", "cpu")
    return Digest(
        edition, "Harbour", NOW, claim, (), (), (), sources, (), accounts, model, notes=("n",)
    )


def stored(store: SqlStore, *keys: str) -> list[Article]:
    entries = [entry(key) for key in keys]
    made = [article(e, hours=len(keys) - n) for n, e in enumerate(entries)]
    store.add_all(zip(entries, [[a] for a in made], strict=True), now=NOW)
    return made


def record(store: SqlStore, made: Digest, *consumed: Article, skips: tuple[Skip, ...] = ()) -> None:
    store.record(made, [a.id for a in consumed], skips=skips, evidence="{}")


# -- feeds -------------------------------------------------------------------------------------


def test_validators_come_back_verbatim(store: SqlStore) -> None:
    assert store.feed_state(FEED.url).etag == ""
    etag, modified = 'W/"a\u00e9 \\"x"', "Fri, 22 Nov 2024 06:00:00 +0000 (odd)"
    document = Document(FEED.url, b"<rss/>", etag=etag, last_modified=modified)
    store.feed_answered(FEED, document, now=NOW, entries=3, new=2)
    state = store.feed_state(FEED.url)
    assert (state.etag, state.last_modified, state.errors) == (etag, modified, 0)
    later = NOW + timedelta(hours=1)
    store.feed_answered(FEED, None, now=later, entries=0, new=0)
    state = store.feed_state(FEED.url)
    assert (state.etag, state.last_modified, state.last_answered) == (etag, modified, later)
    assert (state.entries, state.new) == (3, 0)


def test_an_empty_answer_keeps_the_old_validators(store: SqlStore) -> None:
    store.feed_answered(FEED, Document(FEED.url, b"x", etag="good"), now=NOW, entries=1, new=1)
    store.feed_answered(FEED, Document(FEED.url, b"", etag="empty"), now=NOW, entries=0, new=0)
    assert store.feed_state(FEED.url).etag == "good"


def test_failures_back_off_and_an_answer_clears_them(store: SqlStore) -> None:
    waits = []
    for _ in range(12):
        store.feed_failed(FEED, now=NOW, reason="timeout")
        not_before = store.feed_state(FEED.url).not_before
        assert not_before is not None
        waits.append((not_before - NOW).total_seconds() / 60)
    assert waits[:4] == [5, 10, 20, 40]
    assert waits[8:] == [1280, 1440, 1440, 1440]
    store.feed_answered(FEED, None, now=NOW, entries=0, new=0)
    (state,) = store.feeds()
    assert (state.errors, state.not_before, state.last_error) == (0, None, "timeout")
    assert (state.title, state.last_failed) == ("Harbour", NOW)


@pytest.mark.parametrize(
    ("retry_after", "minutes"),
    [(None, 5), (10, 5), (3600, 60), (10**9, 1440), (float("inf"), 1440), (-5, 5), (0, 5)],
)
def test_retry_after_is_honoured_up_to_a_day(retry_after: float | None, minutes: int) -> None:
    assert backoff.wait(1, retry_after=retry_after) == timedelta(minutes=minutes)


@given(st.integers(min_value=-3, max_value=10**9), st.floats() | st.none())
def test_a_wait_is_always_between_five_minutes_and_a_day(errors: int, retry: float | None) -> None:
    wait = backoff.wait(errors, retry_after=retry)
    assert timedelta(minutes=5) <= wait <= timedelta(days=1)
    assert wait <= backoff.wait(errors + 1, retry_after=retry)


def test_one_bad_feed_hurts_only_itself(store: SqlStore) -> None:
    other = replace(FEED, url="https://other.example/rss")
    store.feed_failed(other, now=NOW, reason="http 500", retry_after=float("nan"))
    assert store.feed_state(FEED.url).errors == 0
    assert [(s.url, s.errors) for s in store.feeds()] == [(other.url, 1)]


# -- seen --------------------------------------------------------------------------------------


def test_polling_twice_gives_nothing_new(store: SqlStore) -> None:
    entries = [entry(f"k{n}") for n in range(1200)]
    assert store.unseen(entries) == entries
    store.add_all([(e, [article(e)]) for e in entries], now=NOW)
    assert store.unseen(entries) == []


def test_a_skip_is_seen_too(store: SqlStore) -> None:
    store.add(entry("a"), Skip("extract", "Title a", "no text"), now=NOW)
    assert store.unseen([entry("a"), entry("b")]) == [entry("b")]
    assert store.pending(FRIDAY) == []


def test_same_key_of_another_source_is_another_entry(store: SqlStore) -> None:
    store.add(entry("7", link=""), [], now=NOW)
    assert store.unseen([entry("7", link="", source="https://other.example/rss")]) != []


def test_a_moved_feed_gives_nothing_new(store: SqlStore) -> None:
    stored(store, "a")
    assert store.unseen([entry("a", source="https://new.example/rss")]) == []
    assert store.unseen([replace(entry("a"), key="new guid")]) == []


def test_one_batch_holds_each_entry_once_and_the_first_wins(store: SqlStore) -> None:
    first, same_page = entry("a"), entry("b", link="http://www.HARBOUR.example/a/?utm_source=x")
    assert store.unseen([first, first, same_page, entry("c")]) == [first, entry("c")]


def test_entries_without_link_are_not_taken_for_one(store: SqlStore) -> None:
    entries = [entry("a", link=""), entry("b", link="")]
    assert store.unseen(entries) == entries
    site = "https://harbour.example/"  # feeds that give the site's address for every entry
    entries = [entry("c", link=site), entry("d", link=site)]
    assert store.unseen(entries) == entries


@pytest.mark.parametrize(
    "link",
    [
        "https://harbour.example/a",
        "http://harbour.example/a",
        "https://www.harbour.example:443/a/",
        "HTTPS://Harbour.Example/a?utm_source=rss&utm_medium=feed",
        "https://harbour.example/a?fbclid=1#xtor=RSS-1",
        "  https://harbour.example/a?  ",
    ],
)
def test_links_to_one_page(link: str) -> None:
    assert page(link) == "harbour.example/a"


def test_links_to_different_pages() -> None:
    pages = ("a", "b", "A", "a?id=1", "a?id=2", "a#post-1", "a#post-2", "a?data=1", "a?utm=1")
    found = {page_id(f"https://harbour.example/{path}") for path in pages}
    found |= {page_id("https://harbour.example:8080/a"), page_id("https://news.harbour.example/a")}
    assert len(found) == len(pages) + 2


@given(st.text(st.characters(codec=None)))
def test_any_link_has_an_identity_that_is_stable(link: str) -> None:
    assert page_id(link) == page_id(f" {link} ")
    assert len(page_id(link)) in (0, 32)
    page_id(f"https://{link}")
    page_id(f"https://harbour.example/{link}?{link}#{link}")


@pytest.mark.parametrize("odd", ["a\0b", "x" * 9000, "\u202e🚢'\"; DROP TABLE seen;--", "%s:1"])
def test_odd_texts_are_kept(store: SqlStore, odd: str) -> None:
    given = replace(entry(odd, link=f"https://harbour.example/{odd}"), title=odd + "\ud800")
    kept = replace(article(given), title=odd + "\ud800", text=odd)
    store.add(given, [kept], now=NOW)
    assert store.unseen([given]) == []
    assert store.articles([kept.id]) == {kept.id: kept}


# -- articles ----------------------------------------------------------------------------------


def test_articles_come_back_as_they_were(store: SqlStore) -> None:
    made = stored(store, *(f"k{n}" for n in range(1100)))
    found = store.articles([a.id for a in made] + ["unknown"])
    assert found == {a.id: a for a in made}
    assert store.removed([made[0].id, "unknown"]) == {made[0].id: made[0].removed}


def test_adding_again_changes_nothing(store: SqlStore) -> None:
    (first,) = stored(store, "a")
    store.add(entry("a"), [replace(first, text="Another text.")], now=NOW + timedelta(days=1))
    store.add(entry("a"), Skip("extract", "a", "no text"), now=NOW)
    assert store.articles([first.id]) == {first.id: first}
    assert store.pending(FRIDAY) == [first]


def test_a_live_blog_gains_posts(store: SqlStore) -> None:
    blog = entry("blog")
    posts = [replace(article(blog, hours=9 - n), id=f"{blog.id}-{n}") for n in (1, 2, 3)]
    store.add(blog, posts[:2], now=NOW)
    store.add(blog, posts, now=NOW)
    assert store.pending(FRIDAY) == posts


def test_a_skip_may_give_articles_later(store: SqlStore) -> None:
    late = entry("late")
    store.add(late, Skip("fetch", "late", "timeout"), now=NOW)
    store.add(late, [article(late)], now=NOW)
    assert store.pending(FRIDAY) == [article(late)]


def test_pending_is_oldest_first_and_dateless_ones_stand_where_they_came(store: SqlStore) -> None:
    old, new, undated = (entry(k) for k in ("old", "new", "undated"))
    made = [
        article(old, hours=50),
        article(new, hours=-1),
        replace(article(undated), published=None),
    ]
    store.add_all([(new, [made[1]]), (undated, [made[2]]), (old, [made[0]])], now=NOW)
    assert store.pending(FRIDAY) == [made[0], made[2], made[1]]


def test_what_an_edition_consumed_is_pending_for_it_alone(store: SqlStore) -> None:
    a, b = stored(store, "a", "b")
    record(store, digest(FRIDAY, a), a)
    assert store.pending(FRIDAY) == [a, b]  # made again, it is made of the same
    assert store.pending(SATURDAY) == [b]
    assert store.pending(OTHER) == [a, b]  # another story has its own count


def test_nothing_is_lost_between_add_and_record(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/briefing.db"
    with open_store(url) as store:
        made = stored(store, "a", "b")
    with open_store(url) as store:  # the run that added them never recorded
        assert store.unseen([entry("a"), entry("b")]) == []
        assert store.pending(FRIDAY) == made


def test_pruning_forgets_text_but_not_that_it_was_seen(store: SqlStore) -> None:
    a, b, c = stored(store, "a", "b", "c")
    record(store, digest(FRIDAY, a), a, b)
    assert store.prune(NOW) == 0  # added at NOW, not before
    assert store.prune(NOW + timedelta(seconds=1)) == 2
    assert store.prune(NOW + timedelta(seconds=1)) == 0
    assert store.articles([a.id, b.id, c.id]) == {a.id: a}
    assert store.unseen([entry("a"), entry("b"), entry("c")]) == []
    assert store.pending(SATURDAY) == []
    store.add(entry("b"), [b], now=NOW)
    assert store.articles([b.id]) == {}
    record(store, digest(FRIDAY, a), a, b)  # and the edition can still be recorded again


# -- editions ----------------------------------------------------------------------------------


def test_an_edition_comes_back_as_it_was(store: SqlStore) -> None:
    (a,) = stored(store, "a")
    made = digest(FRIDAY, a)
    store.record(made, [a.id], skips=(), evidence='{"é": 1}\n')
    back = store.edition(FRIDAY)
    assert back is not None
    assert (back.digest, back.evidence, back.made) == (made, '{"é": 1}\n', NOW)
    assert store.edition(SATURDAY) is None


def test_recording_again_replaces_in_one_piece(store: SqlStore) -> None:
    a, b = stored(store, "a", "b")
    record(store, digest(FRIDAY, a), a, b, skips=(Skip("relate", "x", "off topic", "0.1"),))
    record(store, digest(FRIDAY, b, subject="Pier open"), b, skips=(Skip("select", "y", "long"),))
    assert [line.subject for line in store.editions(9)] == ["Pier open"]
    assert store.pending(SATURDAY) == [a]
    assert store.last_skips() == [Skip("select", "y", "long")]
    assert store.prune(NOW + timedelta(days=1)) == 1  # a is cited no more


def test_an_edition_that_cites_what_is_not_stored_is_refused_whole(store: SqlStore) -> None:
    a, b = stored(store, "a", "b")
    record(store, digest(FRIDAY, a), a)
    ghost = article(entry("ghost"))
    with pytest.raises(StoreError, match=r"(?s)FOREIGN KEY.*Remedy"):
        record(store, digest(FRIDAY, ghost, subject="Ghost"), b)
    with pytest.raises(StoreError):
        record(store, digest(FRIDAY, b), b, ghost)
    assert [line.subject for line in store.editions(9)] == ["Pier closed"]
    assert store.pending(SATURDAY) == [b]


def test_an_article_consumed_twice_stays_with_the_first(store: SqlStore) -> None:
    a, b = stored(store, "a", "b")
    record(store, digest(FRIDAY, a), a)
    record(store, digest(SATURDAY, b), a, b, b)
    assert store.pending(FRIDAY) == [a]
    assert store.pending(SATURDAY) == [b]


def test_editions_and_skips_are_told_in_order(store: SqlStore) -> None:
    (a,) = stored(store, "a")
    skips = tuple(Skip("relate", f"s{n}", "off topic") for n in range(12))
    assert (store.editions(5), store.last_skips(), store.latest_edition("harbour")) == (
        [],
        [],
        None,
    )
    record(store, digest(SATURDAY, a), a)
    record(store, digest(FRIDAY, a), skips=skips)  # a replay of a past day
    record_days = [line.edition for line in store.editions(5)]
    assert record_days == [SATURDAY, FRIDAY]
    assert [line.edition for line in store.editions(1)] == [SATURDAY]
    assert store.last_skips() == list(skips)
    assert store.latest_edition("harbour") == SATURDAY
    assert store.latest_edition("railway") is None
