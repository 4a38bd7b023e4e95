"""There is one door: no other module can reach the network, and none does while it reads feeds."""

from __future__ import annotations

import ast
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from door_server import LOOPBACK, Server, reply, serving
from feed_site import NOW, Words, quiet
from test_layers import imports, room

from briefing import pipeline
from briefing.adapters.confined import InPlace
from briefing.adapters.engine import ThreadEngine
from briefing.adapters.files import DigestFiles
from briefing.adapters.store import open_store
from briefing.adapters.web import GuardedWeb
from briefing.news import Edition, Feed
from briefing.stages.parse import opml

ROOT = Path(__file__).parent.parent

REACHES_OUT = {
    # the door, and the operator's own mail server
    "httpx2": {"adapters.web"},
    "httpcore2": {"adapters.web"},
    "socket": {"adapters.web", "adapters.smtp"},
    "ssl": {"adapters.web", "adapters.smtp"},
    "smtplib": {"adapters.smtp"},
    # models, when `offline` is false
    "huggingface_hub": {"adapters.models"},
    # the site listens; nothing of it calls (see CALLS)
    "asyncio": {"serve", "site", "cli"},
    "uvicorn": {"serve"},
    # `briefing` itself, and the parsers' worker
    "subprocess": {"serve", "adapters.confined"},
    # a rename that replaces nothing; the worker's fence
    "ctypes": {"adapters.files", "adapters.confined"},
    # commands, parts of the evals, the functions that a worker is asked for, is torch there?
    "importlib": {"cli", "adapters.confined", "adapters.models"},
    # the operator's database
    "sqlalchemy": {"adapters.store"},
    "psycopg": {"adapters.store"},
} | dict.fromkeys(
    (
        "urllib.request", "urllib.robotparser", "http", "ftplib", "poplib", "imaplib", "telnetlib",
        "nntplib", "xmlrpc", "socketserver", "_socket", "_ssl", "webbrowser", "antigravity",
        "multiprocessing", "concurrent.interpreters", "pip", "wsgiref", "requests", "urllib3",
        "httpx", "httpcore", "h11", "h2", "anyio", "trio", "aiohttp", "websockets", "dns",
        "pycurl", "boto3", "fsspec", "datasets", "gradio_client", "courlan",
    ),
    frozenset[str](),
)  # fmt: skip
"""What can reach another machine -> the rooms that may know it. A new one has to be added here."""

CALLS = {
    # asyncio's ways out
    "open_connection", "create_connection", "create_datagram_endpoint", "sock_connect",
    "open_unix_connection", "create_unix_connection", "sock_sendto",
    # libraries that read an address where a file or a text is meant
    "urlopen", "urlretrieve", "fetch_url", "fetch_response", "extract_urls", "find_feed_urls",
    "sitemap_search", "buffered_downloads", "load_html", "spider", "focused_crawler",
    "load_state_dict_from_url", "download_url_to_file", "load_dataset",
}  # fmt: skip

HIDES = {"__import__", "exec", "eval", "compile"}
"""Functions that could hide any of these."""

ONLY_IN = {
    "from_pretrained": "adapters.models",
    "snapshot_download": "adapters.models",
    "hf_hub_download": "adapters.models",
    "system": "nowhere",
    "popen": "nowhere",
    "execv": "nowhere",
    "create_connection": "adapters.smtp",
    "getaddrinfo": "adapters.web or adapters.smtp",
    "start_tls": "adapters.web",
    "connect_tcp": "adapters.web",
}
"""Calls by name -> the rooms that may make them."""


def second_doors(package: Path) -> list[str]:
    """Every way to the network that stands in the wrong room, as ``module:line: what``."""
    found = []
    for file in sorted(package.rglob("*.py")):
        parts = file.relative_to(package).with_suffix("").parts
        is_package = parts[-1] == "__init__"
        module = ".".join(parts[:-1] if is_package else parts)
        where = room(module) if module else ""
        tree = ast.parse(file.read_bytes())
        for one in imports(tree, module, is_package=is_package):
            for name, rooms in REACHES_OUT.items():
                if f"{one.target}.".startswith(f"{name}.") and where not in rooms:
                    found.append(f"{module}:{one.line}: imports {one.target}")
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name in ONLY_IN and where in ONLY_IN[name].split(" or "):
                continue
            hidden = isinstance(node.func, ast.Name) and name in HIDES
            if hidden or name in CALLS or name in ONLY_IN:
                found.append(f"{module}:{node.lineno}: calls {name}()")
    return found


def test_no_module_has_a_second_way_out() -> None:
    assert second_doors(ROOT / "briefing") == []


@pytest.mark.parametrize(
    ("where", "source"),
    [
        ("stages/extract/page.py", "import socket"),
        ("adapters/folder.py", "from urllib.request import urlopen"),
        ("adapters/folder.py", "import urllib.request as r"),
        ("cli/feeds.py", "def f():\n    import requests"),
        ("cli/feeds.py", "import httpx2"),
        ("pipeline/intake.py", "from http import client"),
        ("adapters/smtp/wire.py", "import httpcore2"),
        ("app/parts.py", "from huggingface_hub import snapshot_download"),
        (
            "serve/web.py",
            "import asyncio\nasync def f():\n    await asyncio.open_connection('x', 1)",
        ),
        ("site/routes.py", "async def f(loop):\n    await loop.create_connection(str, 'x', 1)"),
        ("stages/extract/page.py", "import trafilatura\ntrafilatura.fetch_url('http://x')"),
        ("text/words.py", "__import__('socket')"),
        ("text/words.py", "import importlib"),
        ("stages/write/prompting.py", "def f(m):\n    return m.from_pretrained('x/y')"),
        ("adapters/folder.py", "import os\nos.system('curl x')"),
        ("adapters/folder.py", "import subprocess"),
    ],
)
def test_a_second_door_would_be_seen(tmp_path: Path, where: str, source: str) -> None:
    file = tmp_path / where
    file.parent.mkdir(parents=True)
    file.write_text(source, "utf-8")
    assert second_doors(tmp_path)


def test_libraries_that_could_fetch_are_used_for_nothing_else() -> None:
    """feedparser opens addresses that it is given as text, lxml as a file's name."""
    feeds = ast.parse((ROOT / "briefing/stages/parse/feeds.py").read_bytes())
    calls = [node for node in ast.walk(feeds) if isinstance(node, ast.Call)]
    parses = [c for c in calls if ast.unparse(c.func) == "feedparser.parse"]
    assert [ast.unparse(c.args[0]).partition("(")[0] for c in parses] == ["io.BytesIO"]
    for file in (ROOT / "briefing").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_bytes())):
            if isinstance(node, ast.Attribute):
                used = ast.unparse(node)
                assert used not in ("lxml.html.parse", "lxml.etree.parse", "lxml.etree.XSLT"), file
                if used.startswith("trafilatura.") and "settings" not in used:
                    assert used.split(".")[1] in ("bare_extraction", "extract_metadata"), file


# -- while it reads ----------------------------------------------------------------------------

_seen: list[tuple[str, bool]] | None = None
_NETWORK = {
    "socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr",
    "socket.sendto", "socket.sendmsg", "urllib.Request", "http.client.connect", "ftplib.connect",
    "subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "webbrowser.open",
}  # fmt: skip


def _listening(event: str, arguments: tuple[object, ...]) -> None:
    if _seen is None or event not in _NETWORK:
        return
    frame, through = sys._getframe(), False
    while frame is not None:
        through = through or frame.f_code.co_filename.endswith("adapters/web/dialling.py")
        frame = frame.f_back
    _seen.append((event, through))


sys.addaudithook(_listening)  # for good; it listens only while a test wants it


@pytest.fixture
def seen() -> Iterator[list[tuple[str, bool]]]:
    global _seen
    _seen = []
    yield _seen
    _seen = None


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as made:
        yield made


def greedy_feed(at: str) -> bytes:
    """A feed that names an address wherever one can stand."""
    return f"""<?xml version="1.0"?><?xml-stylesheet href="{at}/style.xsl" type="text/xsl"?>
<!DOCTYPE rss SYSTEM "{at}/feed.dtd" [<!ENTITY x SYSTEM "{at}/entity">
<!ENTITY % y SYSTEM "{at}/parameter">]>
<rss version="2.0" xmlns:xi="http://www.w3.org/2001/XInclude"
xmlns:media="http://search.yahoo.com/mrss/"
 xmlns:atom="http://www.w3.org/2005/Atom" xml:base="{at}/base/">
<channel><title>Port</title><link>{at}/home</link><docs>{at}/docs</docs>
<atom:link rel="self" href="{at}/self"/><atom:link rel="hub" href="{at}/hub"/>
<cloud domain="127.0.0.1" port="80" path="/cloud" registerProcedure="x" protocol="xml-rpc"/>
<image><url>{at}/logo.png</url></image><icon>{at}/favicon.ico</icon>
<xi:include href="{at}/include.xml"/>
<item><title>Strike</title><link>{at}/page</link><comments>{at}/comments</comments>
<guid isPermaLink="true">{at}/guid</guid><enclosure url="{at}/sound.mp3" type="audio/mpeg"/>
<media:content url="{at}/film.mp4"/><source url="{at}/source">x</source>
<description>&lt;img src="{at}/image.png"&gt;&lt;iframe src="{at}/frame"&gt;&lt;/iframe&gt;
The dock workers of Lunden laid down tools.</description></item></channel></rss>""".encode()


def greedy_page(at: str) -> bytes:
    return f"""<!DOCTYPE html SYSTEM "{at}/html.dtd"><html manifest="{at}/manifest"><head>
<base href="{at}/base/"><link rel="stylesheet" href="{at}/style.css"><link rel="amphtml"
href="{at}/amp">
<link rel="canonical" href="{at}/canonical"><link rel="alternate" type="application/rss+xml"
href="{at}/x">
<meta http-equiv="refresh" content="0; url={at}/refresh"><meta property="og:image"
content="{at}/og.png">
<script src="{at}/script.js"></script><script type="application/ld+json">{{"@context":
"{at}/context",
"@type": "NewsArticle", "headline": "Strike", "url": "{at}/ld", "image":
"{at}/ld.png"}}</script></head>
<body background="{at}/ground.png"><article><h1>Strike</h1><img src="{at}/image.png"
srcset="{at}/2x 2x">
<p>The dock workers of Lunden laid down tools on Monday morning, the port authority said.</p>
<p>No ship would leave before the talks of the evening had ended, it said in its notice.</p>
<object data="{at}/object"></object><embed src="{at}/embed"><a ping="{at}/ping"
href="{at}/link">x</a>
<form action="{at}/form"><input type="image"
src="{at}/button.png"></form></article></body></html>""".encode()


def test_what_is_read_makes_nothing_be_fetched(
    server: Server, tmp_path: Path, seen: list[tuple[str, bool]]
) -> None:
    at = f"http://127.0.0.1:{server.port}"
    server.answers |= {
        "/rss": reply(
            greedy_feed(at), "Content-Type: application/rss+xml", f"Link: <{at}/hub>; rel=hub"
        ),
        "/page": reply(greedy_page(at), "Content-Type: text/html", "Refresh: 0; url=/refresh"),
    }
    web = GuardedWeb(contact="", allow_private=LOOPBACK, allow_ports=(server.port,))
    with open_store(f"sqlite:///{tmp_path / 'briefing.db'}") as store:
        ports = pipeline.Ports(
            web, store, Words(), DigestFiles(tmp_path), ThreadEngine(), InPlace()
        )
        pipeline.poll(
            ports, feeds=[Feed(f"{at}/rss", "t", "p")], as_of=NOW.date(), now=NOW,
            pace=NOW - NOW, progress=quiet,
        )  # fmt: skip
        (article,) = store.pending(Edition("nobody", NOW.date()))
    assert "No ship would leave" in article.text  # the page was read
    assert server.asked == ["/rss", "/robots.txt", "/page"]
    assert [event for event, _ in seen].count("socket.connect") == 3
    assert all(through for _, through in seen), seen


def test_subscriptions_make_nothing_be_fetched(
    server: Server, seen: list[tuple[str, bool]]
) -> None:
    at = f"http://127.0.0.1:{server.port}"
    body = f"""<?xml version="1.0"?><opml version="2.0" xmlns:xi="http://www.w3.org/2001/XInclude">
<head><title>Mine</title></head><body><xi:include href="{at}/include.xml"/>
<outline type="include" url="{at}/more.opml"/>
<outline type="rss" text="Port" xmlUrl="{at}/rss" htmlUrl="{at}/home"/></body></opml>""".encode()
    feeds = opml.read_opml(body, where="mine.opml")
    assert f"{at}/rss" in [feed.url for feed in feeds]
    assert (server.asked, seen) == ([], [])


def test_the_listener_hears(seen: list[tuple[str, bool]], server: Server) -> None:
    with socket.create_connection(("127.0.0.1", server.port)):
        pass
    assert ("socket.connect", False) in seen
