"""``briefing model``: which models write, compare and judge."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from briefing.cli import console

if TYPE_CHECKING:
    from briefing.adapters.models import weights
    from briefing.config import Config


@click.group("model", short_help="Say which models are in use, and make them ready.")
def command() -> None:
    """Say which models are in use.

    The embedded writer and embeddings arrive as ordinary packages and need no network. Another
    writer goes in by [models] writer: a folder, or a hub name with offline = false.

    \b
    Examples:
      briefing model list
      briefing model fetch
    """


@command.command("list")
@console.machine_output
@console.config_option
def list_models(as_json: bool) -> None:
    """List the models of the configuration, where they are, and their checksums.

    \b
    Examples:
      briefing model list
      briefing model list --json
    """
    models = listed(console.configuration())
    if as_json:
        console.say_json({"models": models})
        return
    for model in models:
        click.echo(f"{model['role']}: {model['name']}")
        rows = [(key, value) for key, value in model.items() if key not in ("role", "name")]
        click.echo(console.table(rows))


@command.command("fetch")
@console.quietly
@console.config_option
def fetch(quiet: bool) -> None:
    """Make the configured models ready: verify, convert, and load each once.

    The first run would do the same; here it can be done ahead, as when an image is built. A writer
    named by hub name is downloaded, which [models] offline = false must allow.

    \b
    Examples:
      briefing model fetch
    """
    from briefing import app
    from briefing.cli import progress

    config = console.configuration()
    with progress.shown(quiet=quiet) as listener:
        models = app.open(config, progress=listener).models
        identity = models.identity
        models.embed(["ready"])
    if not quiet:
        adapter = f" with {identity.adapter}" if identity.adapter else ""
        click.echo(f"ready: {identity.writer}{adapter}, {identity.judge}, on {identity.device}")


def listed(config: Config) -> list[dict[str, str]]:
    """One entry for each role; ``state`` says whether it is there."""
    from briefing.adapters.models.weights import EMBEDDINGS, WRITER

    writer = _packaged("writer", WRITER) if config.models.writer == "embedded" else _other(config)
    found = [writer, _packaged("embeddings", EMBEDDINGS)]
    if adapter := config.models.adapter:
        state = "there" if (Path(adapter) / "adapter_config.json").is_file() else "missing"
        found.insert(1, {"role": "adapter", "name": Path(adapter).name, "state": state})
        found[1]["path"] = adapter
    return found


def _packaged(role: str, packaged: weights.Packaged) -> dict[str, str]:
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
        "size": f"{path.stat().st_size / 1e6:.0f} MB",
        "sha256": packaged.sha256,
    }


def _other(config: Config) -> dict[str, str]:
    writer = config.models.writer
    folder = Path(writer)
    if folder.is_dir():
        return {"role": "writer", "name": folder.name, "state": "there", "path": writer}
    state = "asked of the hub" if not config.models.offline else "the hub is not asked: offline"
    return {"role": "writer", "name": writer, "state": state}
