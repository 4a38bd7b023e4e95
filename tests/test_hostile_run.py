"""Script vectors from the web and the disk through a whole run, into Chromium.

Real feeds on a real server, a real folder, the real pipeline; only the models count words.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from xml.sax.saxutils import quoteattr

import pytest
from browser import Browser, open_browser
from hostile import SCRIPTS
from test_cli_run import WordModels, call
from test_hostile_pages import watched

from briefing import app, config
from briefing.stages import render

WORDS = [word.replace("\x00", "").replace("\x0c", " ") for word in SCRIPTS.values()]
SAID = (
    "Dock workers of group {n} walked out of the harbour of Lunden on 4 March 2024 {word} after "
    "the port authority refused {n} talks on wages."
)


class Wire(BaseHTTPRequestHandler):
    """A feed of vectors: bare, escaped once and twice, and in CDATA; and pages that hold them."""

    def do_GET(self) -> None:
        if self.path == "/rss":
            kind, body = "application/rss+xml", "".join(map(self._item, range(len(WORDS))))
            title = escape(WORDS[0])
            body = f'<rss version="2.0"><channel><title>{title}</title>{body}</channel></rss>'
        else:
            kind, body = "text/html; charset=utf-8", self._page(int(self.path.strip("/")))
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(body.encode("utf-8", "replace"))

    def _item(self, n: int) -> str:
        said = SAID.format(n=n, word=WORDS[n])
        forms = (escape(said), escape(escape(said)), f"<![CDATA[{said.replace(']]>', '')}]]>")
        title = escape(escape(f"Dock workers {WORDS[n]} walk out in Lunden")) if n % 2 else forms[0]
        link = f"http://{self.headers['Host']}/{n}"
        return (
            f"<item><title>{title}</title><author>{forms[0]}</author><link>{link}</link>"
            f"<guid>{n}</guid><pubDate>Tue, 05 Mar 2024 06:00:00 GMT</pubDate>"
            f"<description>{forms[n % 3]}</description></item>"
        )

    def _page(self, n: int) -> str:
        word = WORDS[n] if n % 2 else escape(WORDS[n])
        paragraphs = "".join(f"<p>{SAID.format(n=k, word=word)}</p>" for k in (n, n + 100, n + 200))
        head = f"<title>Dock workers {word}</title><meta name=author content={quoteattr(word)}>"
        return f"<!doctype html><html><head>{head}</head><body><article>{paragraphs}</article>"

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as opened:
        yield opened


@pytest.fixture
def wire(project: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Wire)
    thread = threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
    )
    thread.start()
    port = server.server_port
    with (project / "config" / "briefing.toml").open("a") as file:
        file.write(f'[web]\nallow_private = ["127.0.0.0/8"]\nallow_ports = [{port}]\n')
    yield f"http://127.0.0.1:{port}"
    server.shutdown()
    thread.join(10)
    server.server_close()


def seeded(project: Path) -> None:
    """A file for each vector: in its name, its headline and its sentences."""
    (project / "seeds").mkdir()
    for n, word in enumerate(WORDS):
        name = word.replace("/", "⧸")[:60].strip(".")
        said = SAID.format(n=n, word=word)
        form = n % 3
        body = (
            f"Dock workers {word} walk out\n\n{said}\n\n{said.replace(' talks', ' more talks')}\n"
        )
        if form:
            said = said if form == 1 else escape(said)
            body = (
                f"<title>{escape(word)}</title><article><h1>{escape(word)}</h1><p>{said}<p>{said}"
            )
        file = project / "seeds" / f"{name}{n}{'.html' if form else '.txt'}"
        file.write_text(body, "utf-8", "replace")


@pytest.mark.parametrize("origin", ["feeds", "seeds"])
def test_nothing_of_a_whole_run_is_at_work(
    browser: Browser,
    project: Path,
    wire: str,
    monkeypatch: pytest.MonkeyPatch,
    origin: str,
) -> None:
    monkeypatch.setattr("briefing.app.parts.LocalModels", WordModels)
    names = quoteattr("".join(WORDS[:9]).replace("\n", " ").replace("\t", " "))
    (project / "config" / "feeds.opml").write_text(
        f'<opml version="2.0"><body><outline text={names}><outline text={names} publisher={names} '
        f'xmlUrl="{wire}/rss"/></outline></body></opml>',
        "utf-8",
    )
    seeded(project)
    ran = call("run", "--date", "2024-03-05", "--source", origin, "--quiet", "--json")
    said = json.loads(ran.stdout)
    assert said["articles_used"] >= 1, said
    assert call("site", "build", "site", "--quiet").exit_code == 0
    opened = app.open(config.load(None, {}))
    try:
        edition = opened.store.latest_edition("harbour-strike")
        assert edition is not None
        stored = opened.store.edition(edition)
        assert stored is not None
        mail = project / "mail.html"
        mail.write_text(render.letter_html(stored.digest), "utf-8")
    finally:
        opened.store.close()
    pages = [
        mail,
        *sorted(project.glob("digests/**/*.html")),
        *sorted(project.glob("site/**/*.html")),
    ]
    assert len(pages) >= 6
    texts = "".join(page.read_text("utf-8") for page in pages)
    assert "canary" in texts  # some of them came all the way
    for policy in (True, False):
        seen = watched(browser, policy=policy, folder=project)
        for page in pages:
            tags = seen.open(page.as_uri(), own=("/style.css", "/icon.svg"))
            assert not {"SCRIPT", "IMG", "SVG", "IFRAME", "BASE"} & {t.split()[0] for t in tags}
        seen.nothing_happened()
        seen.tab.close()
