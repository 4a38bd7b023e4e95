"""Script vectors in every field of every page, opened in Chromium: nothing runs, nothing is asked.

Each page is opened with its Content Security Policy and without, so that the escaping alone is
proven, and from the disk. Besides, what Chromium has made of a page is compared with the same page
of harmless words: a vector that made an element, an attribute or an address would show.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import cmarkgfm
import pytest
from browser import Browser, Tab, open_browser
from cmarkgfm.cmark import Options
from hostile import CANARY, SCRIPTS
from hostile_edition import EDITION, edition, feeds, pages
from site_desk import HARBOUR, Desk, running_desk

from briefing.site import build
from briefing.stages import render
from briefing.stages.render.page import _environment

URLS = (
    f"javascript:{CANARY}(1)", f"https://{CANARY}.example/\" onfocus={CANARY}(1) x=\"",
    f"data:text/html,<script>{CANARY}(1)</script>", f"JaVa\tScRiPt:{CANARY}(1)", "https://ok.example/x",
)  # fmt: skip
WORDS = tuple(SCRIPTS.values())
TAME = tuple(f"Tame words {n}" for n in range(len(WORDS)))
SKELETON = """
() => [...document.documentElement.querySelectorAll("*")].map(e =>
    [e.tagName, ...[...e.attributes].map(a => ["href", "src", "style", "action", "class", "id"]
        .includes(a.name) ? `${a.name}=${a.value}` : a.name)].join(" "))
"""


@dataclass
class Watched:
    """A tab, and what an attack would do in it."""

    tab: Tab
    calls: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)  # addresses beside the page's own

    def open(self, url: str, *, own: tuple[str, ...] = ()) -> list[str]:
        """Open a page that asks for nothing but its ``own`` files; return its skeleton."""
        self.asked.clear()
        self.tab.goto(url)
        page = self.tab.page
        asked = [a for a in self.asked if a != url and not a.endswith(own or ("\0",))]
        assert asked == []
        found: list[str] = page.evaluate(SKELETON)
        return found

    def forget(self) -> None:
        """Begin anew."""
        for list_ in (self.calls, self.asked, self.tab.elsewhere, self.tab.csp, self.tab.errors):
            list_.clear()

    def nothing_happened(self) -> None:
        assert (self.calls, self.tab.elsewhere, self.tab.csp, self.tab.errors) == ([], [], [], [])


def watched(browser: Browser, *, policy: bool = True, folder: Path | None = None) -> Watched:
    tab = browser.new_page(policy=policy)
    seen = Watched(tab)
    tab.page.context.expose_function(CANARY, lambda *_: seen.calls.append("called"))
    tab.page.on("dialog", lambda dialog: (seen.calls.append("dialog"), dialog.dismiss()))
    tab.page.on("request", lambda request: seen.asked.append(request.url))
    tab.page.on("popup", lambda _: seen.calls.append("popup"))
    if folder is not None:
        tab.page.route(f"{folder.as_uri()}/**", lambda route: route.continue_())
    return seen


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as opened:
        yield opened


def written(folder: Path, texts: dict[str, str]) -> Path:
    for name, text in texts.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8", "replace")
    for name in ("style.css", "icon.svg"):
        (folder / name).write_text("<svg xmlns='http://www.w3.org/2000/svg'/>" * ("icon" in name))
    return folder


def test_the_watch_sees_what_the_vectors_would_do(browser: Browser, tmp_path: Path) -> None:
    """Unescaped, most of them do run or ask: a test that could see nothing would prove nothing."""
    at_work = []
    seen = watched(browser, policy=False, folder=tmp_path)
    for name, vector in SCRIPTS.items():
        file = tmp_path / "raw.html"
        text = f'<!doctype html><title>x</title><p>{vector}</p><p title="{vector}">x</p>'
        file.write_text(text, "utf-8")
        seen.forget()
        seen.tab.page.goto(file.as_uri())
        for _ in range(8):  # some begin a moment after the page is there
            seen.tab.page.wait_for_timeout(15)
            if seen.calls or seen.tab.elsewhere or len(seen.asked) > 1:
                at_work.append(name)
                break
        if seen.tab.elsewhere:  # a page that is on its way elsewhere takes no other
            seen.tab.close()
            seen = watched(browser, policy=False, folder=tmp_path)
    seen.tab.close()
    assert len(at_work) >= 30, at_work
    assert {"script", "onerror", "attribute", "style", "image"} <= {*at_work}


@pytest.mark.parametrize("policy", [True, False], ids=["policy", "bare"])
def test_no_page_runs_asks_or_grows_anything(
    browser: Browser, tmp_path: Path, policy: bool
) -> None:
    tame = written(tmp_path / "tame", pages(TAME, urls=("https://ok.example/x",)))
    wild = written(tmp_path / "wild", pages(WORDS, urls=("https://ok.example/x",)))
    seen = watched(browser, policy=policy, folder=tmp_path)
    for name in pages(("x",)):
        expected = seen.open((tame / name).as_uri(), own=("/style.css", "/icon.svg"))
        found = seen.open((wild / name).as_uri(), own=("/style.css", "/icon.svg"))
        assert found == expected, name
    seen.nothing_happened()
    seen.tab.close()


def test_addresses_of_sources_lead_to_the_web_or_nowhere(browser: Browser, tmp_path: Path) -> None:
    wild = written(tmp_path, pages(WORDS, urls=URLS))
    seen = watched(browser, policy=False, folder=tmp_path)
    for name in ("digest.html", "mail.html", "2024-11-22/harbour/evidence/index.html"):
        seen.open((wild / name).as_uri(), own=("/style.css", "/icon.svg"))
        ways = seen.tab.page.evaluate("[...document.links].map(a => a.href)")
        outside = {
            way for way in ways if not way.startswith(("file:", "https://briefing.example/"))
        }
        assert outside == {"https://ok.example/x"}
    seen.nothing_happened()
    seen.tab.close()


def test_markdown_and_feeds_run_nothing_where_others_show_them(
    browser: Browser, tmp_path: Path
) -> None:
    digest, _ = edition(WORDS, urls=URLS)
    unsafe = Options.CMARK_OPT_UNSAFE  # raw HTML as it stands: the least careful of renderers
    atom, feed = feeds(WORDS)
    wild = written(
        tmp_path,
        {
            "digest.md.html": cmarkgfm.github_flavored_markdown_to_html(
                render.markdown(digest), options=unsafe
            ),
            "feed.xml": atom,
            "feed.json": feed,
            "digest.txt": render.text(digest),
            "digest.json": render.json(digest),
        },
    )
    seen = watched(browser, policy=False, folder=tmp_path)
    for file in sorted(wild.iterdir()):
        seen.tab.page.goto(file.as_uri())
        seen.tab.page.wait_for_timeout(20)
    content = "document.querySelector('content').textContent"
    seen.tab.page.goto((wild / "feed.xml").as_uri())
    inner = seen.tab.page.evaluate(content)
    (wild / "entry.html").write_text(inner, "utf-8")  # as a feed reader shows it
    seen.open((wild / "entry.html").as_uri())
    seen.nothing_happened()
    seen.tab.close()


# -- as it is served, and as files ---------------------------------------------------------------


def hung(desk: Desk) -> None:
    """The archive with an edition of vectors, of a story that is named like them."""
    words = [word.replace("\x00", "") for word in WORDS]  # which no store takes
    digest, articles = edition(words)
    for n, word in enumerate(words[:3]):
        desk.stories[f"s{n}"] = replace(HARBOUR, slug=f"s{n}", name=word)
    desk.stories[EDITION.story] = replace(HARBOUR, name=words[3])
    desk.put(digest, articles=articles.values())


def test_the_site_served_and_built_runs_nothing(browser: Browser, tmp_path: Path) -> None:
    with running_desk(tmp_path) as (desk, base):
        hung(desk)
        folder = tmp_path / "built"
        build(desk, stories=desk.stories, directory=folder)
        ways = ("", "2024-11/", "2024-11-22/harbour/", "2024-11-22/harbour/evidence/")
        for policy in (True, False):
            seen = watched(browser, policy=policy, folder=folder)
            for way in (*ways, "subscribe", f"{CANARY}<script>"):
                seen.tab.page.goto(f"{base}/{way}")
                policy_said = seen.tab.page.evaluate("document.contentType")
                assert policy_said == "text/html"
            for way in ways:
                seen.open((folder / way / "index.html").as_uri(), own=("/style.css", "/icon.svg"))
            refused = [e for e in seen.tab.errors if "404" in e]  # the last way of all
            assert len(refused) == 1
            seen.tab.errors.clear()
            seen.nothing_happened()
            seen.tab.close()


def test_without_the_escaping_the_pages_would_run_it(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The test above can fail: with autoescape off, and no policy, the vectors are at work."""
    environment: Any = _environment().overlay(autoescape=False)
    monkeypatch.setattr("briefing.stages.render.page._environment", lambda: environment)
    made = pages([SCRIPTS["onerror"]])
    names = ("digest.html", "index.html", "2024-11-22/harbour/evidence/index.html")
    wild = written(tmp_path, {name: made[name] for name in names})
    for policy, runs in ((False, True), (True, False)):
        for name in names:
            seen = watched(browser, policy=policy, folder=tmp_path)
            seen.tab.page.goto((wild / name).as_uri())
            seen.tab.page.wait_for_timeout(50)
            assert bool(seen.calls) is runs, name  # the policy alone stops it, too
            assert bool(seen.tab.csp) is policy, name
            seen.tab.close()
