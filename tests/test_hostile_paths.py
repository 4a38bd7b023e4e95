"""Names and links that mean harm: in the folder of articles, in stories, in addresses."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest
from click import BadParameter
from hostile import ESCAPES, SCRIPTS
from site_desk import DAY, ask, digest, running_desk
from test_folder import read

from briefing.adapters.folder import ArticleFolder
from briefing.cli import feeds
from briefing.errors import ConfigError
from briefing.news import Document, Skip
from briefing.stages.parse import opml
from briefing.stages.render.view import safe_url

SECRET = "secret words"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder beside a secret."""
    (tmp_path / "secret.txt").write_text(SECRET)
    (tmp_path / "shut").mkdir()
    (tmp_path / "shut" / "x.txt").write_text(SECRET)
    inside = tmp_path / "seeds"
    inside.mkdir()
    return inside


def test_names_of_any_kind_are_one_address_each(folder: Path) -> None:
    names = [
        *(text.replace("/", "⧸").replace("\x00", "")[:60] for text in ESCAPES.values()),
        *(text.replace("/", "⧸").replace("\x00", "")[:60] for text in SCRIPTS.values()),
        "..%2f..%2fsecret", "%2e%2e", "..\\..\\secret", "C:secret", "~", "~root", "$(id)", "`id`",
        "-rf", "--out=x", "con", "a;b", "a|b", "a&b", "*", "x" * 250, "я" * 120, " ", "file:",
        "http:⧸⧸x.example", "{{ 7*7 }}", "%s%n", "\\x1b[2J", "a\nb",
    ]  # fmt: skip
    kept = {f"{name}.txt" for name in names if not name.startswith(".") and name}
    for name in kept:
        (folder / name).write_text("words")
    found = list(ArticleFolder(folder).read())
    assert {item.address for item in found if isinstance(item, Document)} == kept
    assert [item for item in found if isinstance(item, Skip)] == []


def test_nothing_but_a_regular_file_is_opened(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.mkfifo(folder / "pipe.txt")
    monkeypatch.chdir(folder)  # the path of a socket is short
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("socket.txt")
    expected = dict.fromkeys(("pipe.txt", "socket.txt"), "unreadable file")
    if os.geteuid() == 0:
        os.mknod(folder / "device.txt", 0o20600, os.makedev(1, 5))  # zeros without end
        expected["device.txt"] = "unreadable file"
    opened: list[str] = []
    real = os.open

    def watched(path: str | Path, *rest: int, **more: int) -> int:
        opened.append(Path(path).name)
        return real(path, *rest, **more)

    monkeypatch.setattr(os, "open", watched)
    assert read(folder) == expected
    assert not {"pipe.txt", "socket.txt", "device.txt"} & {*opened}


def test_hard_links_are_files(folder: Path) -> None:
    (folder / "a.txt").write_text("words")
    os.link(folder / "a.txt", folder / "b.txt")
    assert read(folder) == {"a.txt": "words", "b.txt": "words"}


@pytest.mark.parametrize(
    "target",
    ["../secret.txt", "../shut/x.txt", "..", "../shut", "/etc/passwd", "/proc/self/environ",
     "/dev/zero", "/dev/stdin", "/proc/self/fd/0", ".", "a/../../secret.txt"],
)  # fmt: skip
def test_no_link_leads_out(folder: Path, target: str) -> None:
    (folder / "a").mkdir()
    (folder / "link.txt").symlink_to(target)
    (folder / "a" / "link.txt").symlink_to(Path("..", target))
    (folder / "a" / "inner").symlink_to(Path("..", target))
    found = read(folder)
    assert set(found.values()) <= {
        "outside the folder", "unreadable file", "link to a folder", "unknown kind of file",
    }  # fmt: skip


def test_a_path_longer_than_the_system_takes_is_a_skip(folder: Path) -> None:
    (folder / "x.txt").write_text("words")
    here = os.open(folder, os.O_RDONLY)
    for _ in range(30):  # 6,000 characters, as an unpacked archive can make them
        os.mkdir("d" * 200, dir_fd=here)
        inner = os.open("d" * 200, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inner
    os.close(here)
    found = read(folder)
    assert found.pop("x.txt") == "words"
    assert set(found.values()) == {"unreadable file"}


@pytest.mark.parametrize("what", ["file", "folder"])
def test_what_is_exchanged_for_a_link_after_the_look_is_not_read(
    folder: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    (folder / "in").mkdir()
    (folder / "in" / "x.txt").write_text("words")
    resolve = Path.resolve

    def exchanged(self: Path, strict: bool = False) -> Path:
        real = resolve(self, strict=strict)
        if self.name == "x.txt":  # between the look and the opening
            if what == "file":
                self.unlink()
                self.symlink_to(folder.parent / "secret.txt")
            else:
                (folder / "in").rename(folder.parent / "gone")
                (folder / "in").symlink_to(folder.parent / "shut")
        return real

    monkeypatch.setattr(Path, "resolve", exchanged)
    assert read(folder) == {str(Path("in", "x.txt")): "unreadable file"}


# -- addresses -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "FILE:///etc/passwd", "file://localhost/etc/passwd",
            "///etc/passwd", "gopher://x.example/", "jar:file:///x", "data:text/xml,<rss/>",
            "\x00file:///etc/passwd"],
)  # fmt: skip
def test_feeds_and_links_are_of_the_web(url: str, tmp_path: Path) -> None:
    with pytest.raises(BadParameter):
        feeds._site(url)
    outline = f"<opml><body><outline xmlUrl='{url.strip(chr(0))}'/></body></opml>"
    if "<" not in url:
        with pytest.raises(ConfigError, match="no web address"):
            opml.read_opml(outline.encode(), where="x")
    assert safe_url(url) == ""


def test_no_address_of_the_site_names_a_file(tmp_path: Path) -> None:
    climbs = ("../", "..%2f", "%2e%2e/", "%2e%2e%2f", "..%252f", "%252e%252e%252f", "..%5c", "..\\",
              "....//", "..;/", "%c0%ae%c0%ae/", "%uff0e%uff0e/")  # fmt: skip
    ends = ("etc/passwd", "site.db", "config/briefing.toml", "state/secret.key", "digest.json")
    with running_desk(tmp_path) as (desk, base):
        desk.put(digest())
        known = ask(base, f"/{DAY}/harbour/digest.json")
        assert known.status == 200
        assert known.headers["X-Content-Type-Options"] == "nosniff"
        assert known.headers["Content-Type"] == "application/json"
        for climb in climbs:
            for end in ends:
                for start in ("/", f"/{DAY}/", f"/{DAY}/harbour/"):
                    path = f"{start}{climb * 4}{end}"
                    answer = ask(base, path)
                    assert answer.status == 404, path
                    assert "root:" not in answer.text
        for path in (f"{base}/../x", "//evil.example/x", "/%00", "/digest.json%00.html", "/C:/x"):
            answer = ask(base, path)
            assert answer.status == 404, path
            assert "Location" not in answer.headers
