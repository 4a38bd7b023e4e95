"""Live blogs are split into their dated posts; what only looks like one is not."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

from briefing.news import Article, Document, Entry, Skip
from briefing.stages.extract import extract

AS_OF = date(2024, 11, 22)
ADDRESS = "https://news.example/live"


def read(html: str) -> list[Article]:
    entry = Entry("k", "https://news.example/rss", ADDRESS, "Border talks: live", None, "", "html")
    found = extract(entry, Document(ADDRESS, html.encode(), media_type="text/html"), as_of=AS_OF)
    assert not isinstance(found, Skip), found
    for article in found:
        for passage in article.passages:
            assert passage.article == article.id
            assert article.text[passage.start : passage.end] == passage.text
    return found


def stated(updates: list[object], *, shown: bool = True) -> str:
    """A page that states its posts for machines, and shows them to readers or not."""
    bodies = [u["articleBody"] for u in updates if isinstance(u, dict) and "articleBody" in u]
    data = {"@context": "https://schema.org", "@type": "LiveBlogPosting", "liveBlogUpdate": updates}
    return (
        "<html><head><title>Live</title>"
        f'<script type="application/ld+json">{json.dumps(data)}</script>'
        "</head><body><p>The talks go on and this page will be updated through the day.</p>"
        f"{' '.join(bodies) if shown else ''}</body></html>"
    )


def update(number: int, **rest: object) -> dict[str, object]:
    return {
        "@type": "BlogPosting",
        "headline": f"Post {number} headline",
        "datePublished": f"2024-11-19T{number:02d}:00:00Z",
        "articleBody": f"<p>The envoy said in post {number} that talks went on.</p><p>Nobody "
        f"left.</p>",
        "url": f"{ADDRESS}#post-{number}",
    } | rest


def test_stated_posts_become_articles() -> None:
    found = read(stated([update(n) for n in (9, 8, 7)]))
    base = Entry("k", "https://news.example/rss", "", "", None, "", "html").id
    assert [a.id for a in found] == [f"{base}-1", f"{base}-2", f"{base}-3"]
    assert [a.title for a in found] == [f"Post {n} headline" for n in (9, 8, 7)]
    assert found[0].published == datetime(2024, 11, 19, 9, tzinfo=UTC)
    assert found[0].url == f"{ADDRESS}#post-9"
    assert (
        found[0].text
        == "Post 9 headline\n\nThe envoy said in post 9 that talks went on.\n\nNobody left."
    )


def test_posts_that_no_reader_sees_are_no_posts() -> None:
    [only] = read(stated([update(n) for n in (9, 8, 7)], shown=False))
    assert "envoy" not in only.text
    [here] = read(stated([*(update(n) for n in (9, 8)), update(7, articleBody="Ha.")]))[:1]
    assert here.url == f"{ADDRESS}#post-9"


def test_a_post_does_not_lead_to_another_site() -> None:
    away = [update(n, url=f"https://evil.example/{n}") for n in (9, 8, 7)]
    assert {article.url for article in read(stated(list(away)))} == {ADDRESS}


def test_bad_updates_are_passed_over() -> None:
    updates: list[object] = [
        update(9),
        None,
        "text",
        {"@type": "BlogPosting"},
        update(9),  # told twice
        update(8, articleBody="A plain text post without marks. It has two sentences."),
        update(7, headline="", datePublished="yesterday", url="javascript:alert(1)"),
    ]
    found = read(stated(updates))
    assert len(found) == 3
    assert found[1].text.endswith("It has two sentences.")
    assert found[2].title_origin == "made"
    assert (found[2].published, found[2].url) == (None, ADDRESS)


def posts(wrapper: str, count: int = 4, inside: str = "") -> str:
    each = "".join(
        wrapper.format(
            f'<time datetime="2024-11-19T1{n}:30:00+00:00">1{n}:30</time>'
            f"<h3>Envoy speaks again {n}</h3>"
            f"<p>The envoy told reporters in the hall that round {n} of the talks had "
            f"ended.</p>{inside}"
        )
        for n in range(count)
    )
    return (
        f"<html><head><title>Live</title></head><body><main><h1>Border "
        f"talks</h1>{each}</main></body></html>"
    )


def test_repeated_dated_parts_of_a_page_become_articles() -> None:
    found = read(posts('<article class="post">{}</article>'))
    assert [a.title for a in found] == [f"Envoy speaks again {n}" for n in range(4)]
    assert found[2].published == datetime(2024, 11, 19, 12, 30, tzinfo=UTC)
    assert found[2].text.count("\n\n") == 1
    assert "12:30" not in found[2].text
    wrapped = read(posts('<div class="row"><div class="entry">{}</div></div>'))
    assert len(wrapped) == 4


def test_comments_and_teasers_are_no_live_blog() -> None:
    story = "".join(
        f"<p>Sentence {n} of the report says that engineers closed the gate of the dam.</p>"
        for n in range(9)
    )
    comments = posts('<div class="comment">{}</div>', 20)
    assert len(read(comments.replace("<h1>", f"<article>{story}</article><h1>"))) == 1
    links = posts('<article class="item"><a href="/x">{}</a></article>', 8)
    assert len(read(links.replace("<h1>", f"<div>{story}</div><h1>"))) == 1


def test_one_dated_article_is_no_live_blog() -> None:
    found = read(
        posts("<article>{}</article>", 1, "<p>" + "It went on for hours that day. " * 9 + "</p>")
    )
    assert len(found) == 1
    assert found[0].title == "Border talks: live"
