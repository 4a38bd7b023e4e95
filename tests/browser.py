"""Real Chromium for tests of what a reader sees: the mail and the site.

::

    @pytest.fixture(scope="module")
    def browser() -> Iterator[Browser]:
        with open_browser() as opened:
            yield opened

    def test_it(browser: Browser) -> None:
        tab = browser.new_page(360, 740, dark=True)
        tab.goto("http://127.0.0.1:8321/")      # or tab.show("<!doctype html>...")
        assert tab.page.locator("h1").inner_text() == "..."   # `page` is Playwright's own Page
        assert not tab.scrolls_sideways()
        assert tab.axe() == []                  # accessibility, by axe-core
        assert tab.csp == []                    # violations of the Content Security Policy
        assert tab.elsewhere == []              # requests that would have left this machine
        tab.close()

Nothing leaves the machine: a request to another host is recorded and refused. When Chromium or
Playwright is missing, the test is skipped and says what to install.

While a browser is open, its event loop runs in the main thread: a test that needs `asyncio.run` of
its own runs it in a thread.
"""

from __future__ import annotations

import importlib.util
import ipaddress
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

FLAGS = (
    "--no-sandbox",  # a container's root has no user namespaces
    "--disable-gpu",
    "--disable-background-networking",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)
_LISTEN = """
document.addEventListener("securitypolicyviolation", event => window.briefingViolation(
    `${event.effectiveDirective}: ${event.blockedURI || event.sample || "inline"}`));
"""


@dataclass
class Tab:
    """One page, and what was noticed about it."""

    page: Any  # playwright.sync_api.Page
    csp: list[str] = field(default_factory=list)  # "style-src-attr: inline"
    elsewhere: list[str] = field(default_factory=list)  # addresses on other machines
    errors: list[str] = field(default_factory=list)  # errors in the console, scripts' exceptions

    def goto(self, url: str) -> Any:
        """Open an address; the answer has ``status`` and ``headers``."""
        return self.page.goto(url, wait_until="load")

    def show(self, html: str) -> None:
        """Open a page given as text, as a mail client does."""
        self.page.set_content(html, wait_until="load")

    def scrolls_sideways(self) -> bool:
        """Whether anything is wider than the window. Waits for a page that a click has opened."""
        self.page.wait_for_load_state("load")
        wide = "document.scrollingElement.scrollWidth > document.documentElement.clientWidth"
        return bool(self.page.evaluate(wide))

    def axe(self, *, without: tuple[str, ...] = ()) -> list[str]:
        """What axe-core finds wrong: ``rule: selector: why``, one line each, best practice too."""
        self.page.wait_for_load_state("load")
        self.page.evaluate(_axe())
        rules = {name: {"enabled": False} for name in without}
        found = self.page.evaluate("rules => axe.run(document, {rules})", rules)
        return [
            f"{rule['id']}: {' '.join(map(str, node['target']))}: {node['failureSummary']}"
            for rule in found["violations"]
            for node in rule["nodes"]
        ]

    def save(self, path: Path) -> None:
        """A picture of the whole page, as PNG."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=str(path), full_page=True)

    def close(self) -> None:
        """Closes the page and its context (cookies, cache)."""
        self.page.context.close()


class Browser:
    """One running Chromium; each page has a context of its own."""

    def __init__(self, chromium: Any) -> None:
        self._chromium = chromium  # playwright.sync_api.Browser

    def new_page(
        self,
        width: int = 360,
        height: int = 740,
        *,
        dark: bool = False,
        inverted: bool = False,
        script: bool = True,
        scale: float = 1.0,
        policy: bool = True,
    ) -> Tab:
        """An empty page.

        ``dark`` is what `prefers-color-scheme` says; ``inverted`` lets Chromium darken a light page
        by force, as mail clients do; ``script=False`` is a reader without JavaScript (axe needs
        it); ``scale`` is the number of device pixels for one CSS pixel; with ``policy=False`` no
        Content Security Policy is heeded.
        """
        context = self._chromium.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            java_script_enabled=script,
            device_scale_factor=scale,
            service_workers="block",
            bypass_csp=not policy,
        )
        context.set_default_timeout(10_000)
        page = context.new_page()
        tab = Tab(page)
        context.expose_function("briefingViolation", lambda said: tab.csp.append(said))
        context.add_init_script(_LISTEN)
        page.on("console", lambda m: m.type == "error" and tab.errors.append(m.text))
        page.on("pageerror", lambda error: tab.errors.append(str(error)))

        def stay_here(route: Any) -> None:
            if _leaves(route.request.url):
                tab.elsewhere.append(route.request.url)
                route.abort()
            else:
                route.continue_()

        context.route("**/*", stay_here)
        if inverted:
            session = context.new_cdp_session(page)
            session.send("Emulation.setAutoDarkModeOverride", {"enabled": True})
        return tab


@contextmanager
def open_browser() -> Iterator[Browser]:
    """Chromium, headless, for as long as the block runs; skips the test where it is missing."""
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("needs Chromium (Debian package `chromium`)")
    api = pytest.importorskip("playwright.sync_api", reason="needs `pip install playwright`")
    with api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        try:
            yield Browser(chromium)
        finally:
            chromium.close()


def _leaves(url: str) -> bool:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https", "ws", "wss"):
        return parts.scheme == "file"
    try:
        return not ipaddress.ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return parts.hostname != "localhost"


def _axe() -> str:
    """The source of axe-core, from the package that carries it."""
    found = importlib.util.find_spec("axe_playwright_python")
    if found is None or found.origin is None:
        pytest.skip("needs `pip install axe-playwright-python`, which carries axe-core")
    return (Path(found.origin).parent / "axe.min.js").read_text("utf-8")
