"""``briefing model use``: choose the writer, after a look at whether it can be loaded here."""

from __future__ import annotations

import dataclasses
import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from briefing.cli import console
from briefing.errors import ConfigError

if TYPE_CHECKING:
    from briefing.adapters.models.loading import Chosen
    from briefing.config import Config
    from briefing.ports import Progress

EMBEDDED = "embedded"


@click.command("use", short_help="Choose another writer, or go back to the embedded one.")
@click.argument("name", metavar="NAME")
@click.option(
    "--adapter",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Folder of a LoRA adapter over this writer.",
)
@click.option("--revision", default="", metavar="REV", help="Commit or tag of a hub's model.")
@console.config_option
def command(name: str, adapter: Path | None, revision: str) -> None:
    """Choose the writer NAME: a folder, the name of a hub's model, or `embedded`.

    Its configuration, weights and size are looked at first: safetensors only, no program of its
    own, and no more memory than is free here. Then [models] in the configuration file is changed,
    and nothing else there: a folder is pinned by the checksum of its weights, a hub's model by its
    commit. Whatever the writer, each of its sentences passes the same check.

    \b
    Examples:
      briefing model use models/qwen3-0.6b
      briefing model use models/smollm2-360m --adapter models/my-adapter
      briefing model use facebook/bart-large-cnn --revision v1.0
      briefing model use embedded
    """
    from briefing.cli import model_edit, progress

    config = console.configuration()
    wanted = chosen_values(config, name, adapter=adapter, revision=revision)
    with progress.shown(quiet=False) as listener:
        chosen, pin = examined(config, wanted, progress=listener)
    if wanted["writer"] != EMBEDDED:
        # A commit is kept as a revision, a checksum as a checksum.
        wanted["revision" if chosen.hub else "sha256"] = pin
    changes = model_edit.write(config.path, "models", _needed(config, wanted))
    console.say(f"{chosen.name}: {described(chosen)}")
    for key, (before, after) in changes.items():
        console.say(f'{config.path}: {key} = "{after}"' + (f' (was "{before}")' if before else ""))
    if not changes:
        console.say(f"{config.path} says so already")
    if chosen.missing:
        console.say(f"next: briefing model fetch   (downloads {_size(chosen.missing)})")


def chosen_values(
    config: Config, name: str, *, adapter: Path | None, revision: str
) -> dict[str, str]:
    """What [models] would say; folders as the file names them, from its root where they lie there.

    Raises:
        ConfigError: a revision for something that has none.
    """
    from briefing.sections import ModelsSection

    values = {"writer": name, "revision": "", "sha256": "", "adapter": ""}
    folder = Path(name).expanduser()
    if name == EMBEDDED:
        values["adapter"] = ModelsSection().adapter
    elif folder.is_dir():
        values["writer"] = _from_root(folder, config.root)
    else:
        values["revision"] = revision
    if revision and not values["revision"]:
        raise ConfigError(
            f"{name} has no revisions; only a hub's model has",
            remedy="leave --revision out",
        )
    if adapter is not None:
        values["adapter"] = _from_root(adapter.expanduser(), config.root)
    return values


def examined(config: Config, values: dict[str, str], *, progress: Progress) -> tuple[Chosen, str]:
    """The writer that these values mean, and what pins it; nothing is loaded.

    Raises:
        ModelError: it cannot be used on this machine.
    """
    from briefing import app
    from briefing.adapters.models import checksums, loading, memory, settings

    root = config.root
    wanted = dataclasses.replace(
        app.model_settings(config),
        writer="" if values["writer"] == EMBEDDED else _at_root(values["writer"], root),
        revision=values["revision"],
        sha256="",
        adapter=_adapter_at(values, root),
    )
    chosen = loading.choose(wanted, on_progress=progress, unpinned=True)
    memory.ensure_room(chosen.needs, chosen.place, name=chosen.name)
    pin = chosen.pin
    if not pin and chosen.checkpoint.tensors:
        cache = wanted.cache or settings.cache_folder()
        files = chosen.checkpoint.tensors.files
        pin = checksums.fingerprint(files, cache=cache, on_progress=progress)
    return chosen, pin


def described(chosen: Chosen) -> str:
    """Kind, size, window and memory of a writer in one line."""
    checkpoint, needs = chosen.checkpoint, chosen.needs
    parts = [f"{checkpoint.architecture}, {checkpoint.kind}"]
    if checkpoint.tensors:
        parts.append(f"{checkpoint.tensors.parameters / 1e6:,.0f} million parameters")
    if checkpoint.window:
        parts.append(f"window {checkpoint.window:,} tokens")
    parts.append(f"about {_size(needs.total)} of memory on {chosen.place}")
    return ", ".join(parts)


def _needed(config: Config, values: dict[str, str]) -> dict[str, str]:
    """Without the keys that the file leaves to their defaults and may go on leaving."""
    from briefing import tables
    from briefing.sections import ModelsSection

    written = tables.read(config.path).tables.get("models", {})
    defaults = dataclasses.asdict(ModelsSection())
    return {k: v for k, v in values.items() if k in written or v != defaults[k]}


def _adapter_at(values: dict[str, str], root: Path) -> str:
    from briefing.sections import SHIPPED

    # The shipped one fits its writer: nothing to be examined.
    return "" if values["adapter"] in ("", SHIPPED) else str(root / values["adapter"])


def _from_root(folder: Path, root: Path) -> str:
    whole = Path(os.path.abspath(folder))
    return whole.relative_to(root).as_posix() if whole.is_relative_to(root) else str(whole)


def _at_root(writer: str, root: Path) -> str:
    folder = root / writer
    return str(folder) if folder.is_dir() else writer


def _size(count: int) -> str:
    from briefing.adapters.models.memory import gigabytes

    return gigabytes(count)
