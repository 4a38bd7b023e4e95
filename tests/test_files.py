"""An edition's folder is there whole or not at all."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from processes import forked, killed_at_line, succeeded
from store_cases import fast_folder

from briefing.adapters import files as module
from briefing.adapters.files import DigestFiles
from briefing.errors import DeliveryError
from briefing.news import Edition

FRIDAY = Edition("harbour-works", date(2024, 11, 22))
OLD = {"digest.md": "old\n", "digest.json": "{}\n", "extra.txt": "only in the old one\n"}
NEW = {"digest.md": "new «é»\r\n\n", "digest.json": '{"n": 1}\n'}


def read(folder: Path) -> dict[str, str] | None:
    if not folder.exists():
        return None
    return {p.name: p.read_bytes().decode() for p in folder.iterdir()}


def names(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir())


def no_exchange(one: Path, other: Path) -> bool:
    return False


@pytest.fixture(params=["exchange", "rename aside"])
def _way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both ways of putting a folder in the place of another."""
    if request.param == "rename aside":
        monkeypatch.setattr(module, "_exchange", no_exchange)


def test_an_edition_is_written_byte_for_byte(tmp_path: Path) -> None:
    folder = DigestFiles(tmp_path / "a" / "digests").save(FRIDAY, NEW)
    assert folder == tmp_path / "a" / "digests" / "2024-11-22" / "harbour-works"
    assert read(folder) == NEW
    assert names(folder.parent) == ["harbour-works"]


@pytest.mark.usefixtures("_way")
def test_an_older_edition_is_replaced_with_all_that_is_in_it(tmp_path: Path) -> None:
    files = DigestFiles(tmp_path)
    files.save(FRIDAY, OLD)
    (files.folder(FRIDAY) / "deep").mkdir()
    folder = files.save(FRIDAY, NEW)
    assert read(folder) == NEW
    assert names(folder.parent) == ["harbour-works"]


def test_neighbours_are_left_alone(tmp_path: Path) -> None:
    files = DigestFiles(tmp_path)
    other = Edition("harbour", FRIDAY.day)
    for _ in range(2):
        files.save(other, OLD)
        files.save(FRIDAY, NEW)
    assert names(tmp_path / "2024-11-22") == ["harbour", "harbour-works"]
    assert read(files.folder(other)) == OLD


@pytest.mark.parametrize(
    "slug", ["..", ".", "", "../x", "a/b", "a\\b", "/etc", "a\0b", "..%2f/", ".new", "é", "x" * 200]
)
def test_a_slug_is_a_plain_name(tmp_path: Path, slug: str) -> None:
    files = DigestFiles(tmp_path / "out")
    with pytest.raises(DeliveryError, match="no name for a file"):
        files.save(Edition(slug, FRIDAY.day), NEW)
    with pytest.raises(DeliveryError, match="no name for a file"):
        files.save(FRIDAY, {slug: "x"})
    assert names(tmp_path) == []


def test_a_link_in_the_place_of_the_edition_is_replaced_not_followed(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "precious").write_text("x")
    files = DigestFiles(tmp_path / "out")
    place = files.folder(FRIDAY)
    place.parent.mkdir(parents=True)
    place.symlink_to(elsewhere)
    for _ in range(2):
        files.save(FRIDAY, NEW)
        assert read(place) == NEW
        assert not place.is_symlink()
        assert names(place.parent) == ["harbour-works"]
    assert names(elsewhere) == ["precious"]


# -- when it cannot be written -----------------------------------------------------------------


@pytest.mark.parametrize("block", ["out", "out/2024-11-22", "out/2024-11-22/harbour-works"])
def test_a_file_where_a_folder_should_be(tmp_path: Path, block: str) -> None:
    path = tmp_path / block
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("mine")
    with pytest.raises(DeliveryError, match=r"(?s)harbour-works.*Remedy: A file stands where"):
        DigestFiles(tmp_path / "out").save(FRIDAY, NEW)
    assert path.read_text() == "mine"
    assert [p.name for p in tmp_path.rglob("*") if p.is_file()] == [path.name]


def test_text_that_no_file_can_hold(tmp_path: Path) -> None:
    DigestFiles(tmp_path).save(FRIDAY, OLD)
    with pytest.raises(DeliveryError, match=r"digest\.md: holds what no file can hold"):
        DigestFiles(tmp_path).save(FRIDAY, {"digest.json": "x", "digest.md": "\ud800"})
    assert read(DigestFiles(tmp_path).folder(FRIDAY)) == OLD


def refused(work: Callable[[], object]) -> bool:
    """Whether ``work``, in a child, is refused by an error with a remedy."""

    def tried() -> None:
        with pytest.raises(DeliveryError, match="Remedy"):
            work()

    return succeeded(forked(tried))


@pytest.mark.skipif(os.geteuid() != 0, reason="another user can be played by root alone")
def test_a_folder_of_another_user(tmp_path: Path) -> None:
    def work() -> None:
        os.setuid(65534)
        DigestFiles(tmp_path / "out").save(FRIDAY, NEW)

    assert refused(work)
    assert names(tmp_path) == []


@pytest.mark.parametrize("limit", [0, 1, 5, 4096])
def test_no_room_for_the_new_edition_keeps_the_old(tmp_path: Path, limit: int) -> None:
    resource = pytest.importorskip("resource", reason="Windows has no limits for a process")
    files = DigestFiles(tmp_path)
    files.save(FRIDAY, OLD)

    def work() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        files.save(FRIDAY, NEW | {"digest.html": "x" * 5000})

    assert refused(work)
    assert read(files.folder(FRIDAY)) == OLD
    assert names(tmp_path / "2024-11-22") == ["harbour-works"]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 256 KiB, where mounting is allowed."""
    place = tmp_path / "disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(place)]
    if not shutil.which("mount") or subprocess.run(command, capture_output=True).returncode:
        pytest.skip("mounting is not allowed here")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def fill(path: Path, size: int) -> None:
    """Take ``size`` bytes of the disk, or what is left of it."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT)
    with suppress(OSError):
        while size > 0:
            size -= os.write(handle, bytes(size))
    os.close(handle)


@pytest.mark.usefixtures("_way")
def test_a_full_disk_harms_nothing_and_with_space_the_next_run_succeeds(small_disk: Path) -> None:
    out, ballast = small_disk / "out", small_disk / "ballast"
    files = DigestFiles(out)
    new = {f"f{n}.txt": str(n) * 9000 for n in range(4)}
    outcomes = set()
    for old in (None, OLD):
        for size in range(0, 257, 4):  # full before, at and after every step
            ballast.unlink(missing_ok=True)
            shutil.rmtree(out, ignore_errors=True)
            if old:
                files.save(FRIDAY, old)
            fill(ballast, size * 1024)
            said = ""
            try:
                files.save(FRIDAY, new)
            except DeliveryError as error:
                said = str(error)
            outcomes.add("Free some space" in said)
            assert read(files.folder(FRIDAY)) == (old if said else new)
            assert list(out.rglob(".*")) == []
            ballast.unlink()
            files.save(FRIDAY, new)
            assert read(files.folder(FRIDAY)) == new
    assert outcomes == {True, False}


# -- killed ------------------------------------------------------------------------------------


@pytest.fixture
def fast(tmp_path: Path) -> Iterator[Path]:
    with fast_folder(tmp_path) as folder:
        yield folder


@pytest.mark.usefixtures("_way")
@pytest.mark.parametrize("old", [None, OLD])
def test_killed_at_every_line(fast: Path, old: dict[str, str] | None) -> None:
    exchanges = module._exchange is not no_exchange
    files = DigestFiles(fast / "out")
    place = files.folder(FRIDAY)
    seen, number, aside = [], 1, 0
    while True:
        shutil.rmtree(fast / "out", ignore_errors=True)
        if old:
            files.save(FRIDAY, old)
        if not killed_at_line(number, lambda: files.save(FRIDAY, NEW), below=module.__file__):
            break
        found = read(place)
        if found is None and old and not exchanges:
            aside += 1
            assert read(place.parent / ".harbour-works.old") == old
        else:
            assert found in (old, NEW), f"line {number}"
        seen.append(found == NEW)
        # The next run that fails still has the edition; the one after it clears up.
        bad = {"x" * 101: ""} | NEW
        with pytest.raises(DeliveryError):
            files.save(FRIDAY, bad)
        files.save(FRIDAY, NEW)
        assert read(place) == NEW
        assert names(place.parent) == ["harbour-works"]
        number += 1
    assert seen == sorted(seen)  # once the new edition stands, it stands
    assert set(seen) == {True, False}
    assert (aside > 0) == (old is not None and not exchanges)


def test_an_edition_set_aside_comes_back_even_when_the_next_run_fails(tmp_path: Path) -> None:
    resource = pytest.importorskip("resource", reason="Windows has no limits for a process")
    files = DigestFiles(tmp_path)
    place = files.save(FRIDAY, OLD)
    place.rename(place.with_name(".harbour-works.old"))  # as a kill between two renames leaves it
    place.with_name(".harbour-works.new").mkdir()

    def work() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        files.save(FRIDAY, NEW)

    assert refused(work)
    assert read(place) == OLD


def test_what_a_kill_half_way_through_clearing_leaves_is_cleared(tmp_path: Path) -> None:
    files = DigestFiles(tmp_path)
    place = files.save(FRIDAY, OLD)
    for end in ("new", "old"):
        left = place.with_name(f".harbour-works.{end}")
        left.mkdir()
        (left / "digest.md").write_text("half")
    files.save(FRIDAY, NEW)
    assert read(place) == NEW
    assert names(place.parent) == ["harbour-works"]


def test_many_writers_of_one_edition_leave_one_whole(tmp_path: Path) -> None:
    def work(number: int) -> None:
        DigestFiles(tmp_path).save(FRIDAY, {f"f{n}.txt": str(number) * 999 for n in range(5)})

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(40)))
    found = read(DigestFiles(tmp_path).folder(FRIDAY))
    assert found is not None
    assert len(found) == 5
    assert len({text[:1] + text[-1:] for text in found.values()}) == 1
    assert names(tmp_path / "2024-11-22") == ["harbour-works"]
