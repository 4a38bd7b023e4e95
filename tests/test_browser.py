"""The browser of the tests notices what it is there to notice."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from browser import Browser, open_browser

PAGE = """<!doctype html><html lang="en"><title>One</title><main><h1>One</h1>
<p style="color:#999">grey on white</p><img alt="" src="http://tracker.example/pixel.gif">
<script>document.title = "ran"</script><div style="width:500px">wide</div></main>"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as opened:
        yield opened


@pytest.fixture
def strict_site() -> Iterator[str]:
    """The page, served with a policy that it breaks."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Security-Policy", "default-src 'none'")
            self.end_headers()
            self.wfile.write(PAGE.encode())

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
    )
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join(10)
    server.server_close()


def test_it_notices_width_faults_and_requests_elsewhere(browser: Browser) -> None:
    tab = browser.new_page(360)
    tab.show(PAGE)
    assert tab.scrolls_sideways()
    assert tab.elsewhere == ["http://tracker.example/pixel.gif"]
    assert any(line.startswith("color-contrast") for line in tab.axe())
    assert not any(
        line.startswith("color-contrast") for line in tab.axe(without=("color-contrast",))
    )
    assert tab.page.title() == "ran"
    assert tab.csp == []
    tab.close()
    tab = browser.new_page(640)
    tab.show(PAGE)
    assert not tab.scrolls_sideways()
    tab.close()


def test_it_notices_what_a_policy_refused(browser: Browser, strict_site: str) -> None:
    tab = browser.new_page()
    assert tab.goto(strict_site).status == 200
    assert tab.page.title() == "One"
    kinds = {line.partition(":")[0] for line in tab.csp}
    assert kinds == {"style-src-attr", "script-src-elem", "img-src"}
    assert any(line.startswith("html-has-lang") for line in tab.axe()) is False
    tab.close()


def test_dark_and_script_are_as_asked(browser: Browser) -> None:
    for dark in (False, True):
        tab = browser.new_page(dark=dark)
        asked = 'matchMedia("(prefers-color-scheme: dark)").matches'
        assert tab.page.evaluate(asked) is dark
        tab.close()
    tab = browser.new_page(script=False)
    tab.show(PAGE)
    assert tab.page.title() == "One"
    tab.close()


def test_inverted_darkens_a_light_page(browser: Browser) -> None:
    pictures = []
    for inverted in (False, True):
        tab = browser.new_page(40, 40, inverted=inverted)
        tab.show("<!doctype html><body style='background:#fff'>")
        pictures.append(tab.page.screenshot())
        tab.close()
    assert pictures[0] != pictures[1]
