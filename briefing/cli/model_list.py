"""``briefing model list``: what is in use, what was converted, and what could be used instead."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from briefing.cli import console

if TYPE_CHECKING:
    from briefing.adapters.models import weights
    from briefing.config import Config

Entry = dict[str, str]

FOLDER = "models"
"""Folder beside ``config/`` where models of one's own are looked for."""


@click.command("list", short_help="List the models in use, their copies, and others at hand.")
@console.machine_output
@console.config_option
def command(as_json: bool) -> None:
    """List the models of the configuration, where they are, and their checksums.

    Then the converted copies in the cache folder, and the writers that could be used instead:
    folders in models/ beside config/, and what the hub's library keeps on this disk. Nothing is
    loaded, and no hub is asked.

    \b
    Examples:
      briefing model list
      briefing model list --json | jq '.candidates[] | select(.fits == "yes")'
    """
    config = console.configuration()
    found = {
        "models": in_use(config),
        "copies": list(copies(config)),
        "candidates": list(candidates(config)),
    }
    if as_json:
        console.say_json(found)
        return
    for model in found["models"]:
        _show(f"{model['role']}: {model['name']}", model)
    for title, kind in (("converted copies", "copies"), ("other writers at hand", "candidates")):
        if found[kind]:
            console.say("", f"{title}:")
        for entry in found[kind]:
            _show(entry["name"], entry)


def _show(title: str, entry: Entry) -> None:
    rows = [(k, v) for k, v in entry.items() if k not in ("role", "name")]
    console.say(title, *console.table(rows))


def in_use(config: Config) -> list[Entry]:
    """One entry for each role; ``state`` says whether it is there."""
    from briefing import app
    from briefing.adapters.models.weights import EMBEDDINGS, WRITER

    embedded = config.models.writer == "embedded"
    found = [_packaged("writer", WRITER) if embedded else _other(config)]
    settings = app.model_settings(config)
    if settings.adapter:
        found.append(_adapter(Path(settings.adapter), "adapter", config))
    compared = _packaged("embeddings", EMBEDDINGS)
    judge = {**compared, "role": "judge", "name": f"{EMBEDDINGS.name} similarity"}
    if settings.judge:
        judge = _adapter(Path(settings.judge), "judge", config)
    return [*found, judge, compared]


def copies(config: Config) -> Iterator[Entry]:
    """Converted weights in the cache folder. They may be deleted; the next run makes them again."""
    for record in sorted((_cache(config) / "models").glob("*/converted.json")):
        folder = record.parent
        size = sum(file.stat().st_size for file in folder.iterdir() if file.is_file())
        yield {"name": folder.name, "path": str(folder), "size": _size(size)}


def _cache(config: Config) -> Path:
    from briefing.adapters.models.settings import cache_folder

    return Path(config.models.cache) if config.models.cache else cache_folder()


def candidates(config: Config) -> Iterator[Entry]:
    """Writers on this disk that are not in use, and whether they can be loaded here now."""
    from briefing.adapters.models import hub
    from briefing.adapters.models.checkpoint import writes

    for file in sorted((config.root / FOLDER).glob("*/config.json")):
        folder = file.parent
        if writes(folder) and str(folder) != config.models.writer:
            yield _examined(folder.relative_to(config.root).as_posix(), folder, config)
    for name, commit, folder in hub.kept():
        if (name, commit) != (config.models.writer, config.models.revision):
            yield {**_examined(name, folder, config), "revision": commit}


def _examined(name: str, folder: Path, config: Config) -> Entry:
    from briefing import app
    from briefing.adapters.models import checkpoint, memory, runtime
    from briefing.errors import ModelError

    entry = {"name": name, "path": str(folder)}
    try:
        found = checkpoint.read(folder)
        place = runtime.placement(app.DEVICES[config.models.device])
    except ModelError as error:
        return {**entry, "fits": "no", "reason": error.message}
    needs = memory.estimate(found, place).total
    tensors = found.tensors
    return {
        **entry,
        "kind": f"{found.architecture}, {found.kind}",
        "parameters": f"{tensors.parameters / 1e6:,.0f} million" if tensors else "",
        "size": _size(tensors.size if tensors else 0),
        "memory": f"{_size(needs)} on {place}",
        "fits": "yes" if needs <= memory.available(place.device) else "no",
    }


def _packaged(role: str, packaged: weights.Packaged) -> Entry:
    from briefing.adapters.models.weights import locate
    from briefing.errors import ModelError

    entry = {"role": role, "name": packaged.name}
    try:
        path = locate(packaged)
    except ModelError:
        return {**entry, "state": "missing", "remedy": packaged.install}
    return {
        **entry,
        "state": "there",
        "path": str(path),
        "size": _size(path.stat().st_size),
        "sha256": packaged.sha256,
    }


def _adapter(folder: Path, role: str, config: Config) -> Entry:
    from briefing.adapters.models import calibration
    from briefing.adapters.models.checkpoint import read_adapter
    from briefing.adapters.models.checksums import fingerprint
    from briefing.errors import ModelError

    entry = {"role": role, "name": folder.name}
    try:
        tensors = read_adapter(folder)
        if role == "judge":
            calibration(folder)
        digest = fingerprint(tensors.files, cache=_cache(config), on_progress=_silent)
    except ModelError as error:
        there = (folder / "adapter_config.json").is_file()
        state = error.message if there else "missing"
        return {**entry, "state": state, "path": str(folder)}
    entry |= {"state": "there", "path": str(folder), "size": _size(tensors.size)}
    return {**entry, "sha256": digest}


def _silent(stage: str, done: int, total: int) -> None:
    """A few megabytes need no bar."""


def _other(config: Config) -> Entry:
    """A writer of one's own choice: a folder or a hub name."""
    from briefing.adapters.models import hub
    from briefing.adapters.models.checkpoint import read
    from briefing.errors import ModelError

    models = config.models
    folder = Path(models.writer)
    entry = {"role": "writer", "name": folder.name if folder.is_dir() else models.writer}
    if not folder.is_dir():
        entry["revision"] = models.revision or "none: briefing model use " + models.writer
        kept = {(name, commit): path for name, commit, path in hub.kept()}
        if (models.writer, models.revision) not in kept:
            asked = not hub.offline(models.offline)
            state = "asked of the hub" if asked else "the hub is not asked: offline"
            return {**entry, "state": state}
        folder = kept[models.writer, models.revision]
    try:
        tensors = read(folder).tensors
    except ModelError as error:
        return {**entry, "state": error.message, "path": str(folder), "remedy": error.remedy}
    entry |= {"state": "there", "path": str(folder), "size": _size(tensors.size if tensors else 0)}
    return entry | ({"sha256": models.sha256} if models.sha256 else {})


def _size(count: int) -> str:
    from briefing.adapters.models.memory import gigabytes

    return gigabytes(count)
