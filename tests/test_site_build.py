"""The archive as files: relative links, only changes written, nothing of anybody else's touched."""

from __future__ import annotations

import errno
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from site_desk import DAY, HARBOUR, RAISE, Desk, claim, digest, later, open_desk

from briefing.cli.site import command
from briefing.errors import DeliveryError, StoreError
from briefing.news import Edition
from briefing.site import build, folder
from briefing.site.folder import MARKER
from briefing.stages import render

EDITION = "2024-11-22/harbour"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with open_desk(tmp_path) as opened:
        opened.put(digest(), digest(DAY - timedelta(days=30)))
        yield opened


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


def files(out: Path) -> dict[str, bytes]:
    return {
        path.relative_to(out).as_posix(): path.read_bytes()
        for path in out.rglob("*")
        if path.is_file()
    }


def drop(desk: Desk, edition: Edition) -> None:
    with desk.store._database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM editions WHERE day = ?", (edition.day.isoformat(),))


def test_the_folder_holds_the_whole_archive(desk: Desk, out: Path) -> None:
    built = build(desk, stories=desk.stories, directory=out)
    found = files(out)
    each = ["index.html", "evidence/index.html", "digest.md", "digest.txt", "digest.json"]
    wanted = {f"{day}/harbour/{name}" for day in ("2024-11-22", "2024-10-23")
              for name in [*each, "evidence.json"]}  # fmt: skip
    wanted |= {"index.html", "2024-11/index.html", "2024-10/index.html", "feed.atom", "feed.json"}
    wanted |= {"style.css", "icon.svg", "robots.txt", MARKER}
    assert set(found) == wanted
    assert (built.editions, built.written, built.unchanged, built.removed) == (2, 20, 0, 0)
    made = render.files(digest(), desk.articles(["offer", "walkout"]))
    for name in ("digest.md", "digest.txt", "digest.json", "evidence.json"):
        assert found[f"{EDITION}/{name}"].decode() == made[name]


def test_every_link_leads_to_a_file_from_wherever_the_folder_stands(desk: Desk, out: Path) -> None:
    build(desk, stories=desk.stories, directory=out)
    checked = 0
    for path in out.rglob("*.html"):
        page = path.read_text("utf-8")
        for way in re.findall(r'(?:href|src)="([^"]*)"', page):
            target, _, anchor = way.partition("#")
            if "://" in target:
                continue
            assert not target.startswith("/"), f"{path}: {way}"
            reached = (path.parent / target).resolve() if target else path
            assert reached.is_file(), f"{path}: {way}"
            if anchor:
                assert f'id="{anchor}"' in reached.read_text("utf-8"), f"{path}: {way}"
            checked += 1
    assert checked > 100
    assert "subscribe" not in (out / "index.html").read_text("utf-8")


def test_only_what_changed_is_written(desk: Desk, out: Path) -> None:
    build(desk, stories=desk.stories, directory=out)
    before = {path: path.stat().st_ino for path in out.rglob("*") if path.name != MARKER}
    again = build(desk, stories=desk.stories, directory=out)
    assert (again.written, again.removed) == (0, 0)
    assert {path: path.stat().st_ino for path in before} == before
    desk.put(later(digest(), subject=claim("Another headline", RAISE)))
    third = build(desk, stories=desk.stories, directory=out)
    changed = {path for path, inode in before.items() if path.stat().st_ino != inode}
    names = {path.relative_to(out).as_posix() for path in changed}
    edition = ["index.html", "evidence/index.html", "digest.md", "digest.txt", "digest.json"]
    assert names == {
        *(f"{EDITION}/{name}" for name in [*edition, "evidence.json"]),
        "2024-10-23/harbour/index.html",  # it names its neighbour
        *("2024-11/index.html", "index.html", "feed.atom", "feed.json"),
    }
    assert third.written == len(names)


def test_an_edition_that_is_gone_goes_and_nothing_else(desk: Desk, out: Path) -> None:
    build(desk, stories=desk.stories, directory=out)
    mine = out / "2024-10-23" / "notes.txt"
    mine.write_text("mine")
    (out / "CNAME").write_text("briefing.example.org")
    drop(desk, Edition("harbour", DAY - timedelta(days=30)))
    built = build(desk, stories=desk.stories, directory=out)
    assert built.removed == 7  # six files of the edition, and its month
    assert mine.read_text() == "mine"
    assert (out / "CNAME").exists()
    assert not (out / "2024-10").exists()
    assert not (out / "2024-10-23" / "harbour").exists()
    assert (out / EDITION / "index.html").exists()


def test_a_folder_of_somebody_else_is_left_alone(desk: Desk, out: Path) -> None:
    out.mkdir()
    (out / "index.html").write_text("mine")
    with pytest.raises(DeliveryError, match="none of them is marked"):
        build(desk, stories=desk.stories, directory=out)
    assert files(out) == {"index.html": b"mine"}


def test_a_marker_that_somebody_edited_names_nothing_outside(desk: Desk, out: Path) -> None:
    build(desk, stories=desk.stories, directory=out)
    outside = out.parent / "precious.txt"
    outside.write_text("precious")
    elsewhere = out.parent / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "file.txt").write_text("precious")
    (out / "link").symlink_to(elsewhere)
    (out / "own").symlink_to(outside)
    with (out / MARKER).open("a") as marker:
        lines = ["../precious.txt", str(outside), "link/file.txt", "own", "a/../../precious.txt",
                 "./../precious.txt", "", "..", "\x00", "2024-11-22"]  # fmt: skip
        marker.write("\n".join(lines))
    assert build(desk, stories=desk.stories, directory=out).removed == 0
    assert outside.read_text() == "precious"
    assert (elsewhere / "file.txt").exists()
    assert (out / "own").is_symlink()


def test_a_link_in_the_way_leads_none_of_our_files_elsewhere(desk: Desk, out: Path) -> None:
    build(desk, stories=desk.stories, directory=out / "first")
    out = out / "first"
    elsewhere = out.parent / "elsewhere"
    elsewhere.mkdir()
    (out / "2024-12-01").symlink_to(elsewhere)
    (out / "index.html").unlink()
    (out / "index.html").symlink_to(elsewhere / "index.html")
    desk.put(digest(DAY.replace(month=12, day=1)))
    with pytest.raises(DeliveryError, match="Remedy: A file stands where a folder should be"):
        build(desk, stories=desk.stories, directory=out)
    assert list(elsewhere.iterdir()) == []
    (out / "2024-12-01").unlink()
    build(desk, stories=desk.stories, directory=out)
    assert not (out / "index.html").is_symlink()
    assert list(elsewhere.iterdir()) == []


@pytest.mark.parametrize(
    ("step", "number"),
    [(0, errno.EROFS), (1, errno.EACCES), *((step, errno.ENOSPC) for step in (2, 7, 13, 19, 99))],
)
def test_a_disk_that_fails_at_any_step_harms_no_file(
    desk: Desk, out: Path, monkeypatch: pytest.MonkeyPatch, step: int, number: int
) -> None:
    build(desk, stories=desk.stories, directory=out)
    before = files(out)
    desk.put(later(digest(), subject=claim("Another headline", RAISE)), digest(DAY.replace(day=23)))
    calls = 0
    replace = os.replace

    def fails(source: object, target: object) -> None:
        nonlocal calls
        calls += 1
        if calls > step:
            raise OSError(number, os.strerror(number), str(target))
        replace(source, target)  # type: ignore[arg-type]

    monkeypatch.setattr(folder.os, "replace", fails)
    if step < 99:
        with pytest.raises(DeliveryError, match="Remedy"):
            build(desk, stories=desk.stories, directory=out)
        assert calls == step + 1
    monkeypatch.setattr(folder.os, "replace", replace)
    left = files(out)
    assert not [name for name in left if name.endswith(".new")]
    assert set(before) <= set(left)
    build(desk, stories=desk.stories, directory=out)
    fresh = out.parent / "fresh"
    build(desk, stories=desk.stories, directory=fresh)
    assert files(out) == files(fresh)


def test_a_build_that_was_killed_leaves_nothing_that_the_next_does_not_know(
    desk: Desk, out: Path
) -> None:
    build(desk, stories=desk.stories, directory=out)

    def killed(done: int, total: int) -> None:
        if done == 9:
            raise KeyboardInterrupt

    coming = digest(DAY.replace(day=23))
    desk.put(coming)
    with pytest.raises(KeyboardInterrupt):
        build(desk, stories=desk.stories, directory=out, progress=killed)
    unfinished = out / "2024-11-23" / "harbour" / ".digest.json.new"
    unfinished.write_text("half")
    drop(desk, coming.edition)
    build(desk, stories=desk.stories, directory=out)
    assert not (out / "2024-11-23").exists()
    fresh = out.parent / "fresh"
    build(desk, stories=desk.stories, directory=fresh)
    assert files(out) == files(fresh)


def test_an_archive_that_cannot_be_read_changes_no_file(
    desk: Desk, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(desk, stories=desk.stories, directory=out)
    before = files(out)

    def fails(_: int) -> None:
        raise StoreError("no such table")

    monkeypatch.setattr(desk, "editions", fails)
    with pytest.raises(StoreError):
        build(desk, stories=desk.stories, directory=out)
    assert files(out) == before


# -- the command -------------------------------------------------------------------------------


def test_the_command_says_what_it_did(project: Path) -> None:
    from briefing.adapters.store import open_store

    with open_store(f"sqlite:///{project / 'state' / 'briefing.db'}") as store:
        Desk(store).put(digest(story=HARBOUR))
    first = CliRunner().invoke(command, ["build"])
    assert first.exit_code == 0, first.output
    assert "1 editions: 13 files written, 0 unchanged, 0 removed" in first.output
    assert str(project / "site" / "index.html") in first.output
    again = CliRunner().invoke(command, ["build", "--json", str(project / "site")])
    told = json.loads(again.output)
    assert (told["written"], told["unchanged"], told["editions"]) == (0, 13, 1)
    assert CliRunner().invoke(command, ["build", "elsewhere", "--quiet"]).output == ""
    assert (project / "elsewhere" / EDITION / "evidence" / "index.html").exists()


def test_the_command_names_its_public_address_in_the_feeds(project: Path) -> None:
    with (project / "config" / "briefing.toml").open("a") as file:
        file.write('[site]\nurl = "https://briefing.example.org/x/"\n')
    assert CliRunner().invoke(command, ["build"]).exit_code == 0
    feed = json.loads((project / "site" / "feed.json").read_text("utf-8"))
    assert feed["feed_url"] == "https://briefing.example.org/x/feed.json"
    assert "No edition yet" in (project / "site" / "index.html").read_text("utf-8")


def test_help_loads_no_server(project: Path) -> None:
    code = (
        "import sys\nfrom briefing.cli import main\n"
        "try:\n    main(['site', 'build', '--help'])\n"
        "except SystemExit:\n    pass\n"
        "heavy = {'starlette', 'torch', 'sqlalchemy', 'jinja2'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, timeout=60)
