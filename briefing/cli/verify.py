"""``briefing verify``: prove every line of a digest again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from briefing.cli import console

if TYPE_CHECKING:
    from briefing.app import App
    from briefing.news import Digest, Edition
    from briefing.proof import Finding

EVIDENCE = "evidence.json"


@click.command("verify", short_help="Prove every line of a digest again.")
@click.argument("path", type=click.Path(path_type=Path, exists=True))
@console.machine_output
@console.quietly
@console.config_option
def command(path: Path, as_json: bool, quiet: bool) -> None:
    """Prove every line of a digest again, from its evidence and the stored articles, offline.

    PATH is the folder of an edition, or of a day, or of all editions. Each printed line must stand
    in evidence.json, each passage it cites must stand in the stored article at that place, and
    every rule of the check must hold again. Exit code 3 names the lines that fail.

    \b
    Examples:
      briefing verify digests/2024-11-22
      briefing verify digests/2024-11-22/ukraine-missile-policy
      briefing verify digests --json
    """
    from briefing import app, proof

    config = console.configuration()
    folders = editions(path)
    bar = app.limits(config)
    opened = app.open(config)
    found: dict[str, Sequence[Finding]] = {}
    for each in folders:
        found[str(each)] = proof.verify(
            each,
            articles=opened.store.articles,
            models=opened.models,
            floor=bar.floor,
            trust=bar.trust,
            recorded=lambda edition: _recorded(opened, edition),
        )
    if as_json:
        console.say_json({"editions": [{"folder": f, "findings": v} for f, v in found.items()]})
    else:
        for folder, findings in found.items():
            for one in findings:
                first, *rest = one.lines
                console.say(f"{folder}: {first}", *rest)
            if not findings and not quiet:
                console.say(f"{folder}: every line is proven")
    failed = any(found.values())
    click.get_current_context().exit(console.LEFT_OUT if failed else console.DONE)


def _recorded(opened: App, edition: Edition) -> Digest | None:
    stored = opened.store.edition(edition)
    return None if stored is None else stored.digest


def editions(path: Path) -> list[Path]:
    """The folders of editions at or below ``path``, which may also be a file of one.

    Raises:
        click.BadParameter: there is no edition.
    """
    folder = path if path.is_dir() else path.parent
    for pattern in (EVIDENCE, f"*/{EVIDENCE}", f"*/*/{EVIDENCE}"):
        found = sorted(file.parent for file in folder.glob(pattern))
        if found:
            return found
    raise click.BadParameter(
        f"no {EVIDENCE} in {folder}; name the folder of an edition, as digests/2024-11-22"
    )
