"""Run one target under atheris, keep the smallest input for each fault, and go on."""

from __future__ import annotations

import importlib
import re
import sys
import time
import traceback
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from fuzz import corpus

FOREIGN = ("feedparser", "defusedxml", "email", "trafilatura", "htmldate", "textwrap", "tomllib")
"""Libraries whose branches guide the fuzzer beside our own: each is fed what came from outside."""
ONE_INPUT = 60  # seconds of wall time, after which libFuzzer takes an input for one that never ends
MEGABYTES = 3000  # the largest process; the libraries of all targets take 200


def run(target: str, *, seconds: int, folder: Path, data: Path | None) -> None:
    """Fuzz until the time is up. Never returns: libFuzzer ends the process.

    Args:
        folder: gets ``corpus/`` (what reached new code, kept for the next time), ``seeds/`` and
            ``findings/``.
        data: see ``seeds`` of the targets; None for what the repository has.
    """
    import atheris

    if "briefing" in sys.modules:
        raise RuntimeError("the program was imported before it could be instrumented")
    with atheris.instrument_imports(include=["briefing", *FOREIGN]):
        for name in FOREIGN:  # some are imported by us only when they are needed
            importlib.import_module(name)
        module = importlib.import_module(f"fuzz.{target}")
    for name in ("corpus", "seeds", "findings"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for seed in (*module.seeds(data), *(case.read_bytes() for case in corpus.cases(target))):
        if len(seed) <= module.LONGEST:
            _keep(folder / "seeds", seed)
    faults = Faults(module.check, folder / "findings")
    atheris.Setup(
        [
            sys.argv[0],
            str(folder / "corpus"),
            str(folder / "seeds"),
            f"-dict={corpus.words(target)}",
            f"-max_total_time={seconds}",
            f"-max_len={module.LONGEST}",
            f"-timeout={ONE_INPUT}",
            f"-rss_limit_mb={MEGABYTES}",
            f"-artifact_prefix={folder / 'findings'}/",
            "-print_final_stats=1",
            "-reload=0",
        ],
        faults.one,
    )
    atheris.Fuzz()


class Faults:
    """Calls a target; a fault is written down once, by its smallest input."""

    def __init__(self, check: Callable[[bytes], None], folder: Path) -> None:
        self._check = check
        self._folder = folder
        self._smallest: dict[str, int] = {}

    def one(self, data: bytes) -> None:
        """One input."""
        try:
            self._check(data)
        except Exception as error:
            name = signature(error)
            if len(data) < self._smallest.get(name, sys.maxsize):
                if name not in self._smallest:
                    print(f"FAULT {name}", file=sys.stderr, flush=True)
                self._smallest[name] = len(data)
                digest = sha256(name.encode()).hexdigest()[:8]
                (self._folder / digest).write_bytes(data)
                told = "".join(traceback.format_exception(error))
                report = f"{name}\n\n{told}".encode("utf-8", "backslashreplace")
                (self._folder / f"{digest}.txt").write_bytes(report)


def signature(error: Exception) -> str:
    """What tells one fault from another: its kind, its place in the program, its first words."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [f for f in frames if "/briefing/" in f.filename] or frames
    place = f"{Path(ours[-1].filename).name}:{ours[-1].name}"
    words = re.sub(r"[\d']+", "#", str(error).split(":")[0])[:50]
    return f"{type(error).__name__} {place} {words}"


def _keep(folder: Path, data: bytes) -> None:
    (folder / sha256(data).hexdigest()[:16]).write_bytes(data)


def shrink(check: Callable[[bytes], None], data: bytes, *, seconds: float = 60.0) -> bytes:
    """A smaller input with the same fault: ever smaller pieces are taken out while it stays
    (Zeller and Hildebrandt 2002, "Simplifying and isolating failure-inducing input")."""
    wanted = _fault(check, data)
    until = time.monotonic() + seconds
    size = len(data) // 2
    while size and time.monotonic() < until:
        at = 0
        while at < len(data) and time.monotonic() < until:
            shorter = data[:at] + data[at + size :]
            if _fault(check, shorter) == wanted:
                data = shorter
            else:
                at += size
        size //= 2
    return data


def _fault(check: Callable[[bytes], None], data: bytes) -> str:
    try:
        check(data)
    except Exception as error:
        return signature(error)
    return ""
