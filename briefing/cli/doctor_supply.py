"""What ``briefing doctor --security`` says of what we were given: models, libraries, Python."""

from __future__ import annotations

import importlib.metadata
import json
import pickle
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from briefing.cli.finding import Finding
from briefing.errors import ModelError

if TYPE_CHECKING:
    from briefing.config import Config

NEWEST = (3, 14)
"""The newest CPython for which every locked library has a build."""

SHARED = Path("share", "briefing", "requirements")
"""Below ``sys.prefix``: the lock files of an installed program."""

_ENTRY = re.compile(r"^([A-Za-z0-9][\w.-]*)==([^\s;\\]+)([^\n]*)", re.M)


# -- models ------------------------------------------------------------------------------------


def checksums(config: Config) -> Iterator[Finding]:
    """Every weight that would be loaded is the one that was pinned; all are computed now."""
    from briefing import app
    from briefing.adapters.models import SHIPPED
    from briefing.adapters.models import checksums as sums
    from briefing.adapters.models.settings import cache_folder
    from briefing.adapters.models.weights import EMBEDDINGS, WRITER, copy_of, intact, verified

    settings = app.model_settings(config)
    cache = settings.cache or cache_folder()
    proved, open_ends = [], []
    try:
        # The judge is laid over the embedded writer whichever model writes.
        for packaged in (WRITER, EMBEDDINGS):
            verified(packaged, cache=None, on_progress=_untold)
            proved.append(packaged.name)
        copy = copy_of(WRITER, cache=cache)
        if intact(copy, WRITER, cache=None, on_progress=_untold):
            proved.append("the converted writer")
        elif copy.exists():
            open_ends.append(f"{copy}, which is not as this version makes it, and is made again")
        for role, folder in (("writer", settings.adapter), ("judge", settings.judge)):
            if folder and Path(folder).resolve().parent == SHIPPED.resolve():
                sums.as_shipped(Path(folder))
                proved.append(f"{role}'s adapter")
            elif folder:
                open_ends.append(f"the {role}'s adapter {folder}")
    except ModelError as error:
        yield Finding("model checksums", "fault", error.message, error.remedy)
        return
    if settings.writer and not (settings.sha256 or settings.revision):
        open_ends.append(f"the writer {settings.writer}")
    if open_ends:
        says = f"not pinned: {', '.join(open_ends)}"
        remedy = "`briefing model use` pins a writer; an adapter of your own is yours to watch"
        yield Finding("model checksums", "note", says, remedy)
    else:
        yield Finding("model checksums", "well", f"right: {', '.join(proved)}")


def _untold(stage: str, done: int, total: int) -> None:
    """It takes a second."""


class _Tells:
    """Unpickled, it makes a file."""

    def __init__(self, canary: str) -> None:
        self.canary = canary

    def __reduce__(self) -> tuple[object, ...]:
        return (Path.touch, (Path(self.canary),))


def pickles(config: Config) -> Iterator[Finding]:
    """Weights are read from safetensors and GGUF alone: a pickle under any name is refused."""
    from briefing.adapters.models.tensors import of_folder

    with tempfile.TemporaryDirectory() as name:
        folder, canary = Path(name, "model"), Path(name, "canary")
        folder.mkdir()
        taken = []
        for file in ("pytorch_model.bin", "model.pt", "model.safetensors"):
            (folder / file).write_bytes(pickle.dumps(_Tells(str(canary))))
            try:
                of_folder(folder)
                taken.append(file)
            except ModelError:
                pass
            (folder / file).unlink()
        if canary.exists():
            taken.append("and ran what was in it")
    if taken:
        says = f"took a pickle: {', '.join(taken)}"
        yield Finding("pickles", "fault", says, "install the program again; please report this")
    else:
        yield Finding("pickles", "well", "refused under every name")


def remote_code(config: Config) -> Iterator[Finding]:
    """A model that brings a program is refused, and the program does not run."""
    from briefing.adapters.models.checkpoint import read

    with tempfile.TemporaryDirectory() as name:
        folder, canary = Path(name, "model"), Path(name, "canary")
        folder.mkdir()
        asks = {"model_type": "mine", "auto_map": {"AutoConfig": "mine.Mine"}}
        (folder / "config.json").write_text(json.dumps(asks), "utf-8")
        (folder / "mine.py").write_text(f"open({str(canary)!r}, 'w')\n", "utf-8")
        (folder / "tokenizer.json").write_text("{}", "utf-8")
        try:
            read(folder, weights=False)
            refused = False
        except ModelError as error:
            refused = "program of its own" in error.message
        ran = canary.exists()
    if ran or not refused:
        says = "a model's own program was " + ("run" if ran else "not refused")
        yield Finding("programs", "fault", says, "install the program again; please report this")
    else:
        yield Finding("programs", "well", "a model that brings one is refused")


def offline(config: Config) -> Iterator[Finding]:
    """No hub is asked for models."""
    from briefing.adapters.models import hub

    if hub.offline(config.models.offline):
        yield Finding("model hub", "well", "never asked")
    else:
        says = "may be asked for models"
        remedy = "[models] offline = true, or BRIEFING_OFFLINE=1, once the model is here"
        yield Finding("model hub", "note", says, remedy)


# -- libraries ---------------------------------------------------------------------------------


def libraries(config: Config) -> Iterator[Finding]:
    """What is installed is what was locked, version by version."""
    lists = locked()
    if not lists:
        says = "the lock files are not here, so versions cannot be compared"
        remedy = "install by `sh deploy/install.sh PYTHON`, then `pip install .`"
        yield Finding("libraries", "note", says, remedy)
        return
    other = []
    for name, (versions, always) in sorted(lists.items()):
        try:
            found = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            if always:
                other.append(f"{name} is missing")
            continue
        if found not in versions and found.partition("+")[0] not in versions:
            other.append(f"{name} {found} instead of {' or '.join(sorted(versions))}")
    if other:
        more = f" and {len(other) - 5} more" if len(other) > 5 else ""
        says = f"not as locked: {', '.join(other[:5])}{more}"
        yield Finding("libraries", "fault", says, f"sh deploy/install.sh {sys.executable}")
    else:
        yield Finding("libraries", "well", f"as locked, {len(lists)} of them")


def locked(places: tuple[Path, ...] | None = None) -> dict[str, tuple[set[str], bool]]:
    """Each locked package -> its versions, and whether it belongs on every machine.

    Read where the installation put the lists, else in the checkout.
    """
    checkout = Path(__file__).parents[2] / "requirements"
    for place in places or (Path(sys.prefix) / SHARED, checkout):
        found: dict[str, tuple[set[str], bool]] = {}
        for name in ("build", "run", "torch"):
            file = place / f"{name}.txt"
            text = file.read_text("utf-8") if file.is_file() else ""
            for package, version, rest in _ENTRY.findall(text):
                versions, always = found.get(package, (set(), True))
                found[package] = (versions | {version}, always and ";" not in rest)
        if found:
            return found
    return {}


def interpreter(config: Config) -> Iterator[Finding]:
    """Python gets security fixes."""
    shown = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info[:2] > NEWEST or sys.version_info.releaselevel != "final":
        says = f"Python {shown} is newer than what the lock files were made for"
        remedy = f"a final release, up to {'.'.join(map(str, NEWEST))}"
        yield Finding("interpreter", "note", says, remedy)
    else:
        yield Finding("interpreter", "well", f"Python {shown}")


CHECKS = (checksums, pickles, remote_code, offline, libraries, interpreter)
