"""The article folder: real files, links, pipes and rights."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from briefing.adapters.folder import ArticleFolder
from briefing.errors import ConfigError
from briefing.news import Document, Skip


def read(path: Path, **options: int) -> dict[str, str]:
    """Address of each document, or subject of each skip, with what it gave."""
    result = {}
    for item in ArticleFolder(path, **options).read():
        if isinstance(item, Skip):
            assert item.stage == "fetch"
            result[item.subject] = item.reason
        else:
            result[item.address] = item.body.decode("utf-8", "replace")
    return result


def test_nested_files_in_path_order_with_relative_addresses(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.md", "a/b/c.html", "a.json", "c.HTM", "d.eml"):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(name, encoding="utf-8")
    items = list(ArticleFolder(tmp_path).read())
    assert [i.address for i in items if isinstance(i, Document)] == [
        "a/b/c.html",
        "a/z.md",
        "a.json",
        "b.txt",
        "c.HTM",
        "d.eml",
    ]
    kinds = {i.address: i.media_type for i in items if isinstance(i, Document)}
    assert kinds["c.HTM"] == "text/html"
    assert kinds["d.eml"] == "message/rfc822"


def test_empty_folder_yields_nothing(tmp_path: Path) -> None:
    assert list(ArticleFolder(tmp_path).read()) == []


def test_hidden_files_and_folders_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "x.txt").write_text("no")
    (tmp_path / ".hidden.txt").write_text("no")
    (tmp_path / "seen.txt").write_text("yes")
    assert read(tmp_path) == {"seen.txt": "yes"}


def test_unknown_kinds_are_named_each_once(tmp_path: Path) -> None:
    for name in ("a.pdf", "b.docx", "noending"):
        (tmp_path / name).write_text("x")
    assert read(tmp_path) == dict.fromkeys(("a.pdf", "b.docx", "noending"), "unknown kind of file")


def test_too_large_is_a_skip_with_both_sizes(tmp_path: Path) -> None:
    with (tmp_path / "big.txt").open("wb") as file:
        file.truncate(50_000_000)
    [skip] = ArticleFolder(tmp_path).read()
    assert isinstance(skip, Skip)
    assert (skip.reason, skip.detail) == ("too large", "50 MB; the limit is 20 MB")


def test_size_limit_is_exact(tmp_path: Path) -> None:
    (tmp_path / "fits.txt").write_bytes(b"x" * 10)
    (tmp_path / "over.txt").write_bytes(b"x" * 11)
    assert read(tmp_path, most_bytes=10) == {"fits.txt": "x" * 10, "over.txt": "too large"}


def test_links(tmp_path: Path) -> None:
    inside, outside = tmp_path / "in", tmp_path / "out"
    inside.mkdir()
    outside.mkdir()
    (outside / "secret.txt").write_text("secret")
    (inside / "real.txt").write_text("real")
    (inside / "to_real.txt").symlink_to("real.txt")
    (inside / "leaves.txt").symlink_to(outside / "secret.txt")
    (inside / "climbs.txt").symlink_to("../out/secret.txt")
    (inside / "folder").symlink_to(outside)
    (inside / "circle").symlink_to(inside)
    (inside / "dead.txt").symlink_to("nowhere.txt")
    (inside / "loop.txt").symlink_to("loop.txt")
    found = read(inside)
    assert "secret" not in found.values()
    assert found == {
        "real.txt": "real",
        "to_real.txt": "real",
        "leaves.txt": "outside the folder",
        "climbs.txt": "outside the folder",
        "folder": "outside the folder",
        "circle": "link to a folder",
        "dead.txt": "unreadable file",
        "loop.txt": "unreadable file",
    }


def test_sibling_with_the_same_prefix_is_outside(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds-private").mkdir()
    (tmp_path / "seeds-private" / "x.txt").write_text("secret")
    (tmp_path / "seeds" / "x.txt").symlink_to(tmp_path / "seeds-private" / "x.txt")
    assert read(tmp_path / "seeds") == {"x.txt": "outside the folder"}


def test_the_folder_itself_may_be_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "x.txt").write_text("x")
    (tmp_path / "link").symlink_to("real")
    assert read(tmp_path / "link") == {"x.txt": "x"}


def test_a_pipe_does_not_block_the_run(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    assert read(tmp_path) == {"pipe.txt": "unreadable file"}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_unreadable_file_and_folder_by_rights(tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_text("x")
    (tmp_path / "x.txt").chmod(0)
    (tmp_path / "shut").mkdir()
    (tmp_path / "shut").chmod(0)
    try:
        assert read(tmp_path) == dict.fromkeys(("x.txt", "shut"), "unreadable file")
    finally:
        (tmp_path / "shut").chmod(0o700)


def test_unreadable_by_any_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "x.txt").write_text("x")
    (tmp_path / "y.txt").write_text("y")
    real = os.open

    def refuse(path: Path, *rest: int, **more: int) -> int:
        if str(path).endswith("x.txt"):
            raise PermissionError(13, "Permission denied")
        return real(path, *rest, **more)

    monkeypatch.setattr(os, "open", refuse)
    assert read(tmp_path) == {"x.txt": "unreadable file", "y.txt": "y"}


def test_undecodable_name_is_shown_and_read(tmp_path: Path) -> None:
    (Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.txt"))).write_text("x")
    [item] = ArticleFolder(tmp_path).read()
    assert isinstance(item, Document)
    item.address.encode("utf-8")  # can be printed and stored


@pytest.mark.parametrize("kind", ["missing", "file", "nul"])
def test_no_folder_is_a_config_error_with_a_remedy(tmp_path: Path, kind: str) -> None:
    path = {"missing": tmp_path / "none", "file": tmp_path / "f", "nul": Path("a\0b")}[kind]
    (tmp_path / "f").write_text("x")
    with pytest.raises(ConfigError) as caught:
        list(ArticleFolder(path).read())
    assert caught.value.remedy


def test_name(tmp_path: Path) -> None:
    assert ArticleFolder(tmp_path / "seeds").name == "seeds"
    assert ArticleFolder(tmp_path, name="press").name == "press"
