"""``briefing doctor``: what is missing, and the command that mends it."""

from __future__ import annotations

import importlib.metadata
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from briefing.cli import console, doctor_service
from briefing.cli.finding import Finding
from briefing.errors import BriefingError

if TYPE_CHECKING:
    from briefing.config import Config

FREE_BYTES = 1_000_000_000
"""Asked of each disk that is written to: converting the writer peaks at 600 MB, and a year of
articles and editions takes the rest."""


MARK = {"well": "ok  ", "note": "note", "fault": "MEND"}
DEFENCE = {"well": "ok     ", "note": "warning", "fault": "off    "}
"""How the state of a finding is printed, of the installation and of a defence."""


@click.command("doctor", short_help="Say what is missing, and the command that mends it.")
@console.machine_output
@click.option("--quiet", "-q", is_flag=True, help="Print only what must be mended.")
@click.option("--security", is_flag=True, help="Try out each defence, and say its state.")
@console.config_option
def command(as_json: bool, quiet: bool, security: bool) -> None:
    """Check this installation, and name the command that mends what is missing.

    Looks at Python, packages, model weights and their checksums, the configuration, the store,
    the feeds, folders and disk space; and for the service at the schedule, sender, password file
    and signing key of mails, the site, and whether it runs. It loads no model and asks no network
    (`briefing mail test` asks the mail server). Exit code 3 when something must be mended.

    With --security it looks at the defences instead: whether each works here, tried out where that
    is possible, or is off. Exit code 3 when one is off.

    \b
    Examples:
      briefing doctor
      briefing doctor --quiet || echo "not well"
      briefing doctor --json | jq '.findings[] | select(.state != "well")'
      briefing doctor --security
    """
    findings = list(secured() if security else examine())
    if as_json:
        console.say_json({"findings": findings})
    else:
        for one in findings:
            if one.state == "fault" or not quiet:
                mark = (DEFENCE if security else MARK)[one.state]
                console.say(f"{mark}  {one.check}: {one.says}")
                if one.remedy:
                    console.say(f"{' ' * len(mark)}  {one.remedy}")
    faulty = any(one.state == "fault" for one in findings)
    click.get_current_context().exit(console.LEFT_OUT if faulty else console.DONE)


def secured() -> Iterator[Finding]:
    """Every defence in turn.

    Raises:
        ConfigError: it is missing, or says something that is not understood.
    """
    from briefing.cli import doctor_security

    yield from doctor_security.defences(console.configuration())


def examine() -> Iterator[Finding]:
    """Every check in turn. Without a sound configuration the checks that need it are left out."""
    yield python()
    yield from packages()
    try:
        config = console.configuration()
    except BriefingError as error:
        yield Finding("configuration", "fault", error.message, error.remedy)
        return
    stories = ", ".join(config.stories)
    yield Finding("configuration", "well", f"{config.path}, with the story {stories}")
    now = console.now()
    checks: tuple[Callable[[Config], Iterator[Finding]], ...] = (
        models,
        store,
        feeds,
        sources,
        folders,
        partial(doctor_service.schedule, now=now),
        doctor_service.mail,
        doctor_service.site,
        partial(doctor_service.service, now=now),
    )
    for check in checks:
        yield from check(config)


def python(version: tuple[int, ...] = sys.version_info[:3]) -> Finding:
    """Python is new enough."""
    shown = ".".join(map(str, version))
    if version < (3, 11):
        return Finding("python", "fault", f"{shown} is too old", "install Python 3.11 or newer")
    return Finding("python", "well", shown)


def packages() -> Iterator[Finding]:
    """The packages this program declares are installed, in the versions it pins."""
    wanted = importlib.metadata.requires("briefing") or []
    missing: list[str] = []
    for requirement in wanted:
        if "extra ==" in requirement:
            continue
        found = re.match(r"([\w.-]+)(?:==([\w.]+))?", requirement)
        if found is None:
            continue
        name, pinned = found.groups()
        try:
            # A local label such as "+cpu" says how it was built, not what it is.
            version = importlib.metadata.version(name).partition("+")[0]
        except importlib.metadata.PackageNotFoundError:
            missing.append(f"{name}=={pinned}" if pinned else name)
            continue
        if pinned and version != pinned:
            missing.append(f"{name}=={pinned}")
    if missing:
        yield Finding(
            "packages",
            "fault",
            f"missing or of another version: {', '.join(missing)}",
            f"pip install {' '.join(missing)}",
        )
    else:
        yield Finding("packages", "well", "all there")


def models(config: Config) -> Iterator[Finding]:
    """The weights are there and are the ones that were measured; the writer is converted."""
    from briefing import app
    from briefing.adapters.models import calibration
    from briefing.adapters.models.checkpoint import read_adapter
    from briefing.adapters.models.settings import cache_folder
    from briefing.adapters.models.weights import EMBEDDINGS, WRITER, verified
    from briefing.errors import ModelError

    cache = Path(config.models.cache) if config.models.cache else cache_folder()
    needed = [WRITER, EMBEDDINGS] if config.models.writer == "embedded" else [EMBEDDINGS]
    for packaged in needed:
        try:
            path = verified(packaged, cache=cache, on_progress=lambda stage, done, total: None)
        except ModelError as error:
            yield Finding(f"weights of {packaged.name}", "fault", error.message, error.remedy)
        else:
            yield Finding(f"weights of {packaged.name}", "well", f"checksum right, {path}")
    if WRITER in needed:
        if any((cache / "models").glob(f"*-{WRITER.sha256[:8]}/converted.json")):
            yield Finding("converted writer", "well", str(cache))
        else:
            says = f"not in {cache} yet; the first run makes it, in about half a minute"
            yield Finding("converted writer", "note", says, "briefing model fetch")
    settings = app.model_settings(config)
    for role, folder in (("adapter", settings.adapter), ("judge", settings.judge)):
        if not folder:
            continue
        try:
            read_adapter(Path(folder))
            if role == "judge":
                calibration(Path(folder))
        except ModelError as error:
            remedy = f'correct {role} in {config.path}, or leave it empty ("")'
            yield Finding(role, "fault", error.message, remedy)
        else:
            yield Finding(role, "well", folder)


def store(config: Config) -> Iterator[Finding]:
    """The store opens and is undamaged."""
    from briefing.adapters.store import open_store

    try:
        with open_store(config.store.url) as opened:
            damage = opened.damage()
    except BriefingError as error:
        yield Finding("store", "fault", error.message, error.remedy)
        return
    if damage:
        yield Finding(
            "store",
            "fault",
            f"damaged: {damage[0]}",
            "restore it from a backup, or move it away to begin a new one",
        )
    else:
        yield Finding("store", "well", opened.where)


def feeds(config: Config) -> Iterator[Finding]:
    """The feeds file is there and understood."""
    from briefing.stages.parse import opml

    file = config.feeds.file
    try:
        found = opml.read_opml(file.read_bytes(), where=str(file))
    except FileNotFoundError:
        yield Finding("feeds", "note", f"no file {file}", "briefing feeds add URL")
    except OSError as error:
        yield Finding("feeds", "fault", f"{file}: {error.strerror}", f"make {file} readable")
    except BriefingError as error:
        yield Finding("feeds", "fault", error.message, error.remedy)
    else:
        yield Finding("feeds", "well", f"{len(found)} in {file}")


def sources(config: Config) -> Iterator[Finding]:
    """The default source, when it is a folder, is there."""
    source = config.run.source
    if source == "feeds":
        return
    folder = config.root / source
    if folder.is_dir():
        yield Finding("source", "well", str(folder))
    else:
        yield Finding(
            "source",
            "fault",
            f"no folder {folder}",
            f"make it, or correct source in {config.path}",
        )


def folders(config: Config) -> Iterator[Finding]:
    """Editions can be written, and there is space for them."""
    from briefing.adapters.models.settings import cache_folder

    cache = Path(config.models.cache) if config.models.cache else cache_folder()
    for name, folder in (("digests", config.output.folder), ("cache", cache)):
        standing = next(p for p in (folder, *folder.parents) if p.exists())
        free = shutil.disk_usage(standing).free
        if not standing.is_dir() or not os.access(standing, os.W_OK):
            yield Finding(
                name, "fault", f"{standing} cannot be written", f"make it writable: {standing}"
            )
        elif free < FREE_BYTES:
            yield Finding(
                name,
                "fault",
                f"only {free / 1e6:.0f} MB free for {folder}",
                f"free {(FREE_BYTES - free) / 1e6:.0f} MB on that disk",
            )
        else:
            yield Finding(name, "well", f"{folder}, {free / 1e9:.0f} GB free")
