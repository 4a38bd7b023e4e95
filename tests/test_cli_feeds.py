"""``briefing feeds`` over a real OPML file and a real HTTP server on this machine."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from briefing.cli import command, console
from briefing.errors import BriefingError, ConfigError, FetchError

RSS = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>Harbour Post</title>
<item><title>One</title><link>https://harbour.example/1</link>
<pubDate>Tue, 05 Mar 2024 06:00:00 GMT</pubDate></item>
<item><title>Two</title><link>https://harbour.example/2</link></item></channel></rss>"""

PAGES = {
    "/rss": ("200", "application/rss+xml", RSS),
    "/page": ("200", "text/html", b"<!doctype html><html><body><p>Welcome</p></body></html>"),
    "/list": (
        "200",
        "text/x-opml",
        b'<opml version="2.0"><body><outline text="B" xmlUrl="https://harbour.example/b"/>'
        b"</body></opml>",
    ),
    "/empty": ("200", "application/rss+xml", b""),
}


class Site(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        status, kind, body = PAGES.get(self.path, ("404", "text/plain", b"no"))
        self.send_response(int(status))
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:
        """The test's output stays clean."""


@pytest.fixture
def site(project: Path) -> Iterator[str]:
    """The address of a small site, which the project's configuration may fetch."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
    )
    thread.start()
    port = server.server_address[1]
    with (project / "config" / "briefing.toml").open("a") as file:
        file.write(f'[web]\nallow_private = ["127.0.0.0/8"]\nallow_ports = [{port}]\npause = 0.0\n')
    yield f"http://127.0.0.1:{port}"
    server.shutdown()
    thread.join(10)
    server.server_close()


def call(*arguments: str) -> Result:
    result = CliRunner().invoke(command, ["feeds", *arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def listed() -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(call("list", "--json").stdout)["feeds"]
    return found


def test_a_feed_is_asked_and_added_with_what_is_said_of_it(project: Path, site: str) -> None:
    assert "no feeds yet" in call("list").stdout
    added = call(
        "add", f"{site}/rss", "--publisher", "Harbour Post", "--bloc", "world", "--state-media"
    )
    assert "2 entries, newest 2024-03-05" in added.stdout
    assert listed() == [
        {
            "url": f"{site}/rss",
            "title": "Harbour Post",
            "publisher": "Harbour Post",
            "bloc": "world",
            "state_media": True,
            "language": "en",
        }
    ]
    assert "state media" in call("list").stdout
    assert "already" in call("add", f"{site}/rss").stdout
    assert len(listed()) == 1


@pytest.mark.parametrize(
    ("path", "says"), [("/page", "html"), ("/empty", "empty answer"), ("/gone", "404")]
)
def test_what_is_no_feed_is_not_added(project: Path, site: str, path: str, says: str) -> None:
    with pytest.raises(BriefingError) as caught:
        call("add", site + path)
    assert says in caught.value.message
    assert "--unchecked" in caught.value.remedy
    assert listed() == []
    call("add", site + path, "--unchecked")
    assert len(listed()) == 1


def test_a_private_address_is_refused_unless_allowed(project: Path) -> None:
    with pytest.raises(BriefingError) as caught:
        call("add", "http://127.0.0.1/rss")
    assert "refused" in caught.value.message
    assert listed() == []


@pytest.mark.parametrize(
    "url", ["ftp://harbour.example/rss", "harbour.example", "http://", "//[", ""]
)
def test_what_is_no_web_address_is_a_wrong_use(project: Path, url: str) -> None:
    result = call("add", "--unchecked", url)
    assert result.exit_code == console.WRONG_CONFIGURATION
    assert "https://" in result.output
    assert not (project / "config" / "feeds.opml").exists()


def test_check_names_each_answer_and_records_nothing(project: Path, site: str) -> None:
    for path in ("/rss", "/page", "/gone"):
        call("add", site + path, "--unchecked", "--publisher", path)
    result = call("check")
    assert result.exit_code == console.LEFT_OUT
    rows = {line.split()[1]: line for line in result.stdout.splitlines()}
    assert "answered" in rows["/rss"]
    assert "2 entries" in rows["/rss"]
    assert "silent" in rows["/page"]
    assert "404" in rows["/gone"]
    said = json.loads(call("check", "--json").stdout)["feeds"]
    assert [one["outcome"] for one in said] == ["answered", "silent", "silent"]
    status = CliRunner().invoke(command, ["status", "--json"])
    assert json.loads(status.stdout)["feeds"] == []


def test_check_of_sound_feeds_is_done(project: Path, site: str) -> None:
    call("add", f"{site}/rss")
    assert call("check").exit_code == console.DONE


def test_import_keeps_what_is_there_and_export_gives_it_back(project: Path) -> None:
    call("add", "https://harbour.example/a", "--unchecked", "--publisher", 'Mine <&> "own"')
    (project / "other.opml").write_text(
        '<opml version="2.0"><body><outline text="world">'
        '<outline text="A again" xmlUrl="https://harbour.example/a"/>'
        '<outline text="B" xmlUrl="https://harbour.example/b" stateMedia="true"/>'
        "</outline></body></opml>",
        "utf-8",
    )
    shown = call("import", "other.opml").stdout
    assert shown.startswith("1 added")
    assert "1 there already" in shown
    before = listed()
    assert [feed["publisher"] for feed in before] == ['Mine <&> "own"', "B"]
    assert before[1]["bloc"] == "world"
    call("export", "mine.opml")
    assert (project / "mine.opml").read_text("utf-8") == call("export").stdout
    (project / "config" / "feeds.opml").unlink()
    call("import", "mine.opml")
    assert listed() == before


def test_a_list_on_the_web_comes_through_the_door(project: Path, site: str) -> None:
    assert call("import", f"{site}/list").stdout.startswith("1 added")
    assert [feed["url"] for feed in listed()] == ["https://harbour.example/b"]
    with pytest.raises(ConfigError) as caught:
        call("import", f"{site}/page")
    assert caught.value.where.startswith(f"{site}/page")
    for refused in ("http://127.0.0.2:22/list", "http://169.254.169.254/", "http://[::1]/list"):
        with pytest.raises(FetchError, match="refused address"):
            call("import", refused)
    with pytest.raises(ConfigError, match="no such file"):
        call("import", "file:///etc/passwd")
    assert len(listed()) == 1


def test_a_broken_list_is_named_by_line_and_left_alone(project: Path) -> None:
    own = project / "config" / "feeds.opml"
    own.write_text("<opml><body>\n<outline text='a'\n</body></opml>", "utf-8")
    for arguments in (["list"], ["add", "https://harbour.example/a", "--unchecked"]):
        with pytest.raises(ConfigError) as caught:
            call(*arguments)
        assert f"{own}:3" in caught.value.where
    assert own.read_text("utf-8").startswith("<opml><body>\n<outline")


def test_a_missing_list_to_import_is_refused(project: Path) -> None:
    with pytest.raises(ConfigError, match="no such file"):
        call("import", "gone.opml")


def test_a_list_behind_a_link_is_edited_where_it_lies(project: Path) -> None:
    real = project / "real.opml"
    own = project / "config" / "feeds.opml"
    own.symlink_to(real)
    call("add", "https://harbour.example/a", "--unchecked")
    assert own.is_symlink()
    assert "harbour.example/a" in real.read_text("utf-8")


def test_an_edited_list_keeps_its_permissions_and_leaves_no_trace(project: Path) -> None:
    call("add", "https://harbour.example/a", "--unchecked")
    own = project / "config" / "feeds.opml"
    assert own.stat().st_mode & 0o777 == 0o644
    own.chmod(0o600)
    call("add", "https://harbour.example/b", "--unchecked")
    assert own.stat().st_mode & 0o777 == 0o600
    assert {file.name for file in own.parent.iterdir()} == {
        "briefing.toml", "feeds.opml", "stories",
    }  # fmt: skip
