"""No text of others reaches a terminal as anything but text: every command on a pseudo-terminal."""

from __future__ import annotations

import ast
import io
import json
import logging
import os
import re
import subprocess
import sys
import threading
import traceback
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

import pytest
from hostile import CANARY, ESCAPES
from hypothesis import given
from hypothesis import strategies as st
from pseudo_terminal import Shown, on_terminal
from smtp_server import ScriptedServer
from test_cli_run import ARTICLES

from briefing.cli import progress, terminal
from briefing.serve import log
from briefing.text.unsafe import UNSAFE

EVIL = "".join(ESCAPES.values())
BYTES = EVIL.encode("utf-8", "replace")
ROOT = Path(__file__).parent.parent


def harmless(shown: Shown, *, bars: bool = False) -> None:
    """Nothing was obeyed, and no line was made up; the screen has its own title still."""
    assert shown.obeyed(bars=bars) == [], shown.text()
    assert not [line for line in shown.text().splitlines() if line.startswith("fake")]
    screen = shown.screen()
    assert (screen.title, screen.icon_name) == ("", "")


# -- over files ----------------------------------------------------------------------------------


def seeded(project: Path) -> Path:
    """Articles with escapes in their names, headlines and sentences, and files that are skipped."""
    seeds = project / "seeds"
    seeds.mkdir()
    name = EVIL.replace("/", "").replace("\x00", "")
    for n, (ending, text) in enumerate(ARTICLES.items()):
        headline, _, body = text.partition("\n")
        body = body.replace("Lunden", f"Lunden{ESCAPES['colour']}{ESCAPES['c1']}")
        (seeds / f"{name[n * 30 :][:60]}{ending}").write_text(f"{headline}{EVIL}\n{body}", "utf-8")
    for n, ending in enumerate((".pdf", ".exe", ".txt", ".json", ".eml")):
        (seeds / f"{name[n * 20 :][:50]}{ending}").write_bytes(bytes(range(256)) * 9)
    (seeds / f"{name[:40]}\udcff.txt").symlink_to("/etc/passwd")
    (seeds / f"link\x1b[2J{n}.txt").symlink_to(f"gone{EVIL[:40].replace('/', '')}")
    os.mkfifo(seeds / "pipe\x1b]0;x\x07.txt")
    (seeds / "odd\udce9\x9b.html").write_bytes(b"<p>x")
    return seeds


def test_no_command_over_files_obeys_an_article(project: Path) -> None:
    seeds = seeded(project)
    day = ("--date", "2024-03-05")
    commands: list[list[str]] = [
        ["run", *day],
        ["run", *day, "--quiet"],
        ["run", *day, "--json"],
        ["show"],
        ["show", "--format", "txt"],
        ["show", "--format", "html"],
        ["show", "--format", "json"],
        ["show", "--removed"],
        ["status"],
        ["status", "--json"],
        ["verify", "digests/2024-03-05"],
        ["catch-up", "--since", "2024-03-04"],
        ["catch-up", "--since", "2024-03-04", "--format", "md"],
        ["replay", "--from", "2024-03-04", "--to", "2024-03-05", "--quiet"],
        ["site", "build", "site"],
        ["doctor"],
        ["run", "--source", f"{seeds}/{ESCAPES['title']}"],
        ["verify", f"digests/{ESCAPES['clear']}"],
        ["show", "--story", EVIL],
        ["feeds", "add", f"https://x.example/{EVIL}", "--unchecked"],
        ["feeds", "add", EVIL],
        ["nosuch" + EVIL],
    ]
    found = on_terminal(project, *commands)
    assert len(found) == len(commands)
    for arguments, shown in zip(commands, found, strict=True):
        assert shown.code in (0, 2, 3), (arguments, shown.text())
        harmless(shown, bars=arguments[0] in ("run", "replay", "site", "catch-up"))
    text = found[0].text(bars=True)
    assert "\\u001b" in text  # the names of files that were skipped, spelled out
    assert "Dock workers" in found[3].text()
    said = json.loads(found[2].raw)
    assert any("\x1b" in loss for loss in said["losses"])  # and whole to programs


def test_a_proof_that_fails_quotes_without_harm(project: Path) -> None:
    seeded(project)
    (ran,) = on_terminal(project, ["run", "--date", "2024-03-05", "--quiet"])
    assert ran.code == 3
    (folder,) = (project / "digests" / "2024-03-05").iterdir()
    file = folder / "digest.json"
    data = json.loads(file.read_text("utf-8"))
    data["subject"]["text"] = EVIL
    file.write_text(json.dumps(data), "utf-8")
    (folder / f"more{EVIL.replace('/', '')[:60]}").write_text("x")
    (folder / "digest.txt").write_bytes(b"x\n" + BYTES)
    (shown,) = on_terminal(project, ["verify", str(folder)])
    assert shown.code == 3
    assert "\\u001b" in shown.text()
    harmless(shown)


# -- over the web --------------------------------------------------------------------------------


class Evil(BaseHTTPRequestHandler):
    """Feeds whose every word is hostile, and answers that quote it."""

    def do_GET(self) -> None:
        legal = "".join(c for c in EVIL if c >= " " or c in "\n\r\t")  # what XML takes
        title = quoteattr(legal)[1:-1]
        items = "".join(
            f"<item><title>Dock workers {title} walk out {n}</title>"
            f"<link>https://x.example/{n}?{title}</link><description>{title}</description></item>"
            for n in range(3)
        )
        page = f"<rss version='2.0'><channel><title>{title}</title>{items}</channel></rss>"
        reply = b"HTTP/1.1 200 " if self.path == "/rss" else b"HTTP/1.1 503 "
        reply += BYTES.replace(b"\n", b"").replace(b"\r", b"") + b"\r\n"
        kind = "application/rss+xml" if self.path == "/rss" else "text/html; charset=\x1b[2J"
        body = page.encode() if self.path == "/rss" else b"<p>" + BYTES
        reply += f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n".encode()
        self.wfile.write(reply + b"Connection: close\r\nRetry-After: \x1b[2J\r\n\r\n" + body)
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture
def web(project: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Evil)
    thread = threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
    )
    thread.start()
    with (project / "config" / "briefing.toml").open("a") as file:
        port = server.server_port
        file.write(f'[web]\nallow_private = ["127.0.0.0/8"]\nallow_ports = [{port}]\n')
    yield f"http://127.0.0.1:{port}"
    server.shutdown()
    thread.join(10)
    server.server_close()


def test_no_command_over_feeds_obeys_a_feed_its_title_or_its_server(
    project: Path, web: str
) -> None:
    title = quoteattr("".join(c for c in EVIL if c >= " "))
    outlines = "".join(
        f'<outline text={title} publisher={title} xmlUrl="{web}/{path}"/>'
        for path in ("rss", "gone", "gone2")
    )
    whole = f'<opml version="2.0"><body><outline text={title}>{outlines}</outline></body></opml>'
    (project / "config" / "feeds.opml").write_text(whole, "utf-8")
    (project / "other.opml").write_text(f"<opml><body><outline xmlUrl={title}/></body></opml>")
    found = on_terminal(
        project,
        ["feeds", "list"],
        ["feeds", "list", "--json"],
        ["feeds", "check"],
        ["feeds", "check", "--json"],
        ["feeds", "export"],
        ["feeds", "import", "other.opml"],
        ["feeds", "add", f"{web}/gone3"],
        ["poll"],
        ["run", "--source", "feeds", "--date", "2024-03-05"],
        ["status"],
        ["status", "--check"],
        ["status", "--json"],
        ["doctor"],
    )
    assert [shown.code for shown in found[:-1]] == [0, 0, 3, 3, 0, 2, 1, 3, 0, 0, 0, 0]
    for shown in found:
        harmless(shown, bars=True)
    assert "silent" in found[2].text()
    exported = json.loads(found[1].raw)["feeds"]
    (project / "again.opml").write_bytes(found[4].raw)  # what was printed is still that list
    (project / "config" / "feeds.opml").unlink()
    _, listed = on_terminal(project, ["feeds", "import", "again.opml"], ["feeds", "list", "--json"])
    assert json.loads(listed.raw)["feeds"] == exported


def test_no_command_obeys_a_mail_server(project: Path) -> None:
    (project / "seeds").mkdir()
    for name, text in ARTICLES.items():
        (project / "seeds" / name).write_text(text, "utf-8")
    answer = b"550 5.1.1 " + BYTES.replace(b"\r", b"").replace(b"\n", b"") + b"\r\n"
    with ScriptedServer({"rcpt": answer}) as server:
        with (project / "config" / "briefing.toml").open("a") as file:
            file.write(
                f'[mail]\nhost = "127.0.0.1"\nport = {server.port}\nsecurity = "none"\n'
                'sender = "The Briefing <briefing@example.org>"\n'
            )
        found = on_terminal(
            project,
            ["subscribers", "add", "ada@example.org"],
            ["run", "--date", "2024-03-05", "--send", "--quiet"],
            ["outbox", "send"],
            ["outbox", "list"],
            ["outbox", "list", "--json"],
            ["outbox", "show", "1"],
            ["mail", "test", "ada@example.org"],
            ["subscribers", "list"],
            ["status"],
            ["subscribers", "add", f"{ESCAPES['clear']}@example.org"],
        )
    for shown in found:
        harmless(shown)
    assert "0 sent, 0 put off, 1 refused" in found[2].text()
    assert "5.1.1" in found[3].text()
    assert "Message-ID: <" in found[5].text()


# -- the choke point -----------------------------------------------------------------------------


def test_nothing_is_printed_past_it() -> None:
    """Each print of the package stands in `terminal`, but for the lines and bars of `progress` and
    for mails, byte for byte, to a file."""
    allowed = {
        ("cli/terminal.py", "echo"),
        ("cli/progress.py", "print"),
        ("cli/outbox.py", "write"),
    }
    found = set()
    for file in (ROOT / "briefing").rglob("*.py"):
        name, source = str(file.relative_to(ROOT / "briefing")), file.read_text("utf-8")
        if not re.search(r"print\(|echo|sys\.std", source):
            continue
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Call):
                called = ast.unparse(node.func)
                if called in ("print", "click.echo", "click.secho", "click.echo_via_pager"):
                    found.add((name, called.rpartition(".")[2]))
                elif called.startswith(("sys.stdout", "sys.stderr")) and "write" in called:
                    found.add((name, "write"))
    assert found == allowed


@given(st.lists(st.text(st.characters(exclude_categories=())), min_size=1))
def test_each_argument_is_one_line(lines: list[str]) -> None:
    out = io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdout", out)
        terminal.say(*lines)
    shown = out.getvalue()
    assert shown.count("\n") == len(lines)
    assert not UNSAFE.search(shown.replace("\n", ""))
    out = io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdout", out)
        terminal.say_json(lines)
        terminal.say_document("\n".join(lines))
    assert not UNSAFE.search(out.getvalue().replace("\n", "").replace("\t", ""))
    rows = terminal.table([lines, lines])
    assert len(rows) == 2
    assert not UNSAFE.search("".join(rows))


def test_what_others_print_is_guarded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tracebacks and messages of libraries quote texts, too."""
    out, err = io.StringIO(), io.StringIO()
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "stderr", err)
    terminal.guard()
    terminal.guard()  # once is enough
    try:
        raise ValueError(EVIL)
    except ValueError:
        traceback.print_exc()
    library = logging.Logger("some library")
    library.addHandler(logging.StreamHandler())
    library.error("could not read %s", EVIL)
    print(EVIL)
    sys.stdout.writelines([EVIL, "x\n"])
    for stream in (out, err):
        shown = stream.getvalue()
        assert "\\u001b" in shown
        assert "\\u005cu001b" not in shown
        assert not UNSAFE.search(shown.replace("\n", ""))


def test_a_bug_shows_its_traceback_and_no_more() -> None:
    """The interpreter prints it after `main` is over."""
    program = (
        "from briefing import cli\n"
        "def broken(**_):\n"
        f"    raise ValueError({EVIL.encode('utf-8', 'replace').decode()!r})\n"
        "cli.command.main = broken\n"
        "cli.main([])\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    said = done.stderr.decode("utf-8")
    assert done.returncode == 1
    assert "ValueError: \\u001b" in said
    assert not UNSAFE.search(said.replace("\n", ""))


def test_a_stage_named_by_others_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.StringIO()
    progress.Lines(out)("fetch\x1b[2J\nfake=1", 1, 1)
    assert out.getvalue() == "stage=fetch\\u001b[2J\\u000afake=1 done=1 total=1\n"


def test_the_bars_of_a_run_take_nothing_of_others_for_their_own() -> None:
    class Screen(io.StringIO):
        def isatty(self) -> bool:
            return True

    out = Screen()
    before = sys.stdout, sys.stderr
    with progress.shown(quiet=False, stream=terminal.Guarded(out)) as listener:  # type: ignore[arg-type]
        assert (sys.stdout, sys.stderr) == before  # nor is what they print read for colours
        listener("[red]fetch\x1b[2J", 1, 2)
    assert "[red]fetch\\u001b[2J" in out.getvalue()
    assert "\x1b[2J" not in out.getvalue()
    assert "\x1b[?25l" in out.getvalue()  # what is ours went through


@pytest.mark.parametrize("form", ["text", "json"])
def test_the_log_keeps_each_event_on_one_line(form: str) -> None:
    out = io.StringIO()
    kept = logging.getLogger().handlers[:], logging.getLogger().level
    try:
        log.set_up(form, stream=out)
        log.say(EVIL, at=EVIL, number=3, path=Path("/x\x7f\x9b"))
        logging.getLogger(f"library\n{EVIL}").warning("said %s", EVIL)
        try:
            raise ValueError(EVIL)
        except ValueError:
            logging.getLogger("briefing").exception("broken")
    finally:
        logging.getLogger().handlers[:], level = kept[0], kept[1]
        logging.getLogger().setLevel(level)
    lines = out.getvalue().splitlines()
    assert len(lines) == 3
    assert not UNSAFE.search("".join(lines))
    if form == "json":
        first: dict[str, Any] = json.loads(lines[0])
        assert first["event"] == EVIL
        assert first["at"] == EVIL
    else:
        assert CANARY in lines[0]
