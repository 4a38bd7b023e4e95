"""``briefing model``: which models write, compare and judge."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import click

from briefing.cli import console, model_bench, model_list, model_use

if TYPE_CHECKING:
    from briefing.config import Config
    from briefing.ports import Progress


@click.group("model", short_help="Say which models are in use, choose and measure others.")
def command() -> None:
    """Say which models are in use, choose others, and measure them.

    The embedded writer and embeddings arrive as ordinary packages and need no network. Another
    writer may be a folder or a hub's model, of any architecture of the transformers library that
    writes text, in safetensors. Whatever the writer, its sentences pass the same check.

    \b
    Examples:
      briefing model list
      briefing model use models/qwen3-0.6b
      briefing model bench
      briefing model use embedded
    """


command.add_command(model_list.command)
command.add_command(model_use.command)


@command.command("fetch", short_help="Make models ready: download, verify, convert.")
@click.argument("name", metavar="[NAME]", required=False)
@click.option("--revision", default="", metavar="REV", help="Commit or tag of a hub's model.")
@console.quietly
@console.config_option
def fetch(name: str | None, revision: str, quiet: bool) -> None:
    """Make the configured models ready: verify, convert, and load each once.

    The first run would do the same; here it can be done ahead, as when an image is built. With a
    NAME, download that model of a hub, so that `briefing model use NAME` can choose it; nothing is
    loaded, and the configuration stays. A hub is asked only if [models] offline = false.

    Exit code 3 when the model was fetched but needs more memory than is free here.

    \b
    Examples:
      briefing model fetch
      briefing model fetch facebook/bart-large-cnn
      briefing model fetch facebook/bart-large-cnn --revision v1.0
    """
    from briefing import app
    from briefing.cli import progress

    config = console.configuration()
    with progress.shown(quiet=quiet) as listener:
        if name:
            said, fits = _fetched(config, name, revision, progress=listener)
        else:
            if revision:
                raise click.UsageError("--revision needs the NAME of a model")
            models = app.open(config, progress=listener).models
            identity = models.identity
            models.embed(["ready"])
            adapter = f" with {identity.adapter}" if identity.adapter else ""
            said = f"ready: {identity.writer}{adapter}, {identity.judge}, on {identity.device}"
            fits = True
    if not quiet:
        console.say(said)
    click.get_current_context().exit(console.DONE if fits else console.LEFT_OUT)


command.add_command(model_bench.command)


def _fetched(config: Config, name: str, revision: str, *, progress: Progress) -> tuple[str, bool]:
    """Download one model of a hub; what to say, and whether it fits into memory here.

    Raises:
        ModelError: it cannot be had, or is of a kind that is not read.
    """
    from briefing import app
    from briefing.adapters.models import hub, loading, memory

    settings = dataclasses.replace(
        app.model_settings(config), writer=name, revision=revision, sha256="", adapter=""
    )
    # Looked at first: what is not read here is not downloaded either.
    chosen = loading.choose(settings, on_progress=progress, unpinned=True)
    if chosen.missing:
        hub.fetch(name, chosen.pin, no_network=False, on_progress=progress)
        settings = dataclasses.replace(settings, revision=chosen.pin)
        chosen = loading.choose(settings, on_progress=progress, unpinned=True)
    needs, free = chosen.needs.total, memory.available(chosen.place.device)
    pinned = f" --revision {chosen.pin}" if chosen.hub else ""
    said = f"{chosen.checkpoint.folder}: {model_use.described(chosen)}\n"
    if needs > free:
        return said + f"more than is free here now ({memory.gigabytes(free)})", False
    return said + f"next: briefing model use {name}{pinned}", True
