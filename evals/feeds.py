"""Parse every feed of three public test suites: nothing may crash or hang.

``DIR/feeds`` holds the test feeds of feedparser, feedvalidator and gofeed. Each file is parsed in a
process of its own pool with a time limit; where gofeed's expected JSON stands beside a file, the
number of entries is compared with it.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from briefing.errors import ConfigError
from briefing.news import Document, Feed, Skip
from briefing.ports import Progress
from briefing.stages.parse import parse_feed
from briefing.stages.parse.opml import read_opml
from evals.reading import NoData

FEED = Feed(url="https://feeds.example/eval", title="eval", publisher="eval")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file."""

    path: Path
    entries: int | None  # None: no feed
    verdict: str  # "entries", a Skip's reason, "malformed list", "crashed: ..." or "hung"
    seconds: float


def files(folder: Path) -> list[Path]:
    """All inputs below ``folder``, without licences and gofeed's expected results."""
    found = sorted(p for p in folder.rglob("*") if p.is_file() and p.suffix in KINDS)
    return [path for path in found if not is_expectation(path)]


KINDS = (".xml", ".json", ".opml")


def is_expectation(path: Path) -> bool:
    """Whether gofeed's suite keeps an expected result in this file."""
    if path.suffix != ".json" or "gofeed" not in path.parts:
        return False
    return path.stem.endswith("_expected") or path.with_suffix(".xml").exists()


def expected_entries(path: Path) -> int | None:
    """How many entries gofeed says are in the file; None where it says nothing."""
    beside = path.with_suffix(".json")
    if path.suffix == ".json":
        beside = path.with_name(f"{path.stem}_expected.json")
    if "gofeed" not in path.parts or not beside.exists():
        return None
    try:
        value = json.loads(beside.read_bytes())
    except ValueError:
        return None
    if not isinstance(value, dict):
        return None
    return len(value.get("items") or value.get("entries") or ())


def parse(path: Path) -> tuple[int | None, str]:
    """Number of entries and verdict of one file."""
    body = path.read_bytes()
    if path.suffix == ".opml":
        try:
            return len(read_opml(body, where=path.name)), "entries"
        except ConfigError:
            return None, "malformed list"
    found = parse_feed(Document(address="https://feeds.example/eval", body=body), FEED)
    if isinstance(found, Skip):
        return None, found.reason
    for entry in found:  # what later stages rely on
        assert entry.key
        assert entry.id
        assert len(entry.title.splitlines()) <= 1
        assert not entry.link or entry.link.startswith(("http://", "https://"))
        assert entry.published is None or entry.published.utcoffset() is not None
    return len(found), "entries"


def work(wire: Connection) -> None:
    """Parse what comes over the wire, until it closes."""
    while True:
        try:
            path = wire.recv()
        except EOFError:
            return
        began = time.perf_counter()
        try:
            entries, verdict = parse(path)
        except Exception as error:  # the outermost line of the job: a crash is what is measured
            entries, verdict = None, f"crashed: {type(error).__name__}: {error}"
        wire.send(Outcome(path, entries, verdict, time.perf_counter() - began))


def outcomes(paths: list[Path], *, limit: float) -> Iterator[Outcome]:
    """Parse all, in one worker that is replaced when a file hangs or kills it."""
    worker, wire = start()
    for path in paths:
        wire.send(path)
        verdict = "hung"
        if wire.poll(limit):
            try:
                yield wire.recv()
                continue
            except EOFError:
                verdict = "crashed: the process died"
        worker.kill()
        worker.join()
        worker, wire = start()
        yield Outcome(path, None, verdict, limit)
    wire.close()
    worker.join(limit)


def start() -> tuple[Any, Connection]:
    """A worker process and our end of the wire to it."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    worker = context.Process(target=work, args=(theirs,), daemon=True)
    worker.start()
    theirs.close()
    return worker, ours


def options(parser: argparse.ArgumentParser) -> None:
    """What may be asked beside the data."""
    parser.add_argument("--limit", type=float, default=10.0, help="seconds for one file")
    parser.add_argument("--list", action="store_true", help="also list the skipped files")


def figures(data: Path, chosen: argparse.Namespace, progress: Progress) -> dict[str, Any]:
    """The figures of a whole run.

    Raises:
        NoData: there is no feed.
    """
    folder = data / "feeds"
    inputs = files(folder)
    if not inputs:
        raise NoData(f"holds no {', '.join(KINDS)} below feeds", where=str(data))
    done = []
    for outcome in outcomes(inputs, limit=chosen.limit):
        done.append(outcome)
        progress("feeds", len(done), len(inputs))
    report = summary(done, folder)
    if chosen.list:
        report["skipped"] = [
            f"{each.path.relative_to(folder)}: {each.verdict}"
            for each in done
            if each.entries is None
        ]
    return report


def summary(done: list[Outcome], folder: Path) -> dict[str, Any]:
    """The figures of a whole run."""
    crashed = [each for each in done if each.verdict.startswith("crashed")]
    hung = [each for each in done if each.verdict == "hung"]
    slowest = max(done, key=lambda each: each.seconds)
    compared = [(each, expected_entries(each.path)) for each in done]
    compared = [(each, expected) for each, expected in compared if expected is not None]
    differ = [(each, expected) for each, expected in compared if (each.entries or 0) != expected]
    return {
        "files": len(done),
        "crashed": len(crashed),
        "hung": len(hung),
        "crashes": [f"{each.path.relative_to(folder)}: {each.verdict}" for each in crashed + hung],
        "slowest_seconds": round(slowest.seconds, 3),
        "slowest_file": str(slowest.path.relative_to(folder)),
        "seconds": round(sum(each.seconds for each in done), 1),
        "entries": sum(each.entries or 0 for each in done),
        "verdicts": dict(Counter(each.verdict.partition(":")[0] for each in done).most_common()),
        "gofeed_compared": len(compared),
        "gofeed_agree": len(compared) - len(differ),
        "gofeed_differ": len(differ),
        "differences": [
            {
                "file": str(each.path.relative_to(folder)),
                "gofeed": expected,
                "here": each.entries,
                "verdict": each.verdict,
            }
            for each, expected in differ
        ],
    }
