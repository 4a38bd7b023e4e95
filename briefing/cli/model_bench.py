"""``briefing model bench``: how fast the writer is on this machine."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from briefing.cli import console

if TYPE_CHECKING:
    from briefing.adapters.models.bench import Measured
    from briefing.news import Prompt
    from briefing.stages.write import Style

FACTS = 40
"""Facts of the edition whose time is estimated: one of two minutes asks about as many."""

# Invented reports: each line is one fact, its reports separated by a bar. Most facts have a
# shortening that the rules prove: only about those is the writer asked that chooses among them.
_REPORTS = """
The harbour authority of Velmar, which runs the town market, said on Monday that it would close \
two of its four piers for repairs.|Two of Velmar's four piers will close for repairs until spring, \
the port said.
Amid the quarrel over the piers, ferries to Velmar may be rerouted from May, the operator Norlinje \
said in a statement on Tuesday evening.
Pier three reopened on Thursday after a long quarrel over the cost of the new crane, which the \
council had put at 2.4 million crowns.|The council of Velmar reopened pier three on Thursday; the \
new crane cost 2.4 million crowns.
Ada Brenn, who leads the dock workers' union, told reporters that her members would not return to \
work before the company answered their letter of 12 March.
After two days of hearings, a court in Lunden ruled that the strike was lawful and rejected the \
company's demand for damages.|The strike was lawful, a court in Lunden ruled on Friday.
Firefighters had to pump water out of thirty cellars in the lower town on Sunday night, as heavy \
rain flooded the streets along the river.
The ministry of transport denied a report that it planned to sell the northern ferry line, which \
carries 4,000 people a day.|The ministry denied that it would sell the northern ferry line.
On the outer islands, researchers at the institute of Halden have counted 312 seals, about a fifth \
more than in the year before.
Norlinje's shares fell by six percent after the company lowered its forecast for the second \
quarter, blaming the strike and the price of fuel.|Shares of Norlinje lost six percent on Wednesday.
The town council, which ordered an automatic light two years ago, will pay for a second lighthouse \
keeper until spring.
"""


@click.command("bench", short_help="Measure the writer's speed and memory on this machine.")
@console.machine_output
@console.quietly
@console.config_option
def command(as_json: bool, quiet: bool) -> None:
    """Measure the configured writer on this machine, with a few invented passages.

    Loads the writer and times reading and writing, alone and in a batch, and the first drafts of an
    edition of 40 facts. A fact whose first draft fails the check is asked once more, so an edition
    takes up to twice as long. Other programs that run at the same time slow it down.

    \b
    Examples:
      briefing model bench
      briefing model bench --json | jq .edition_seconds
    """
    from briefing import app
    from briefing.adapters.models import bench
    from briefing.cli import progress

    config = console.configuration()
    asked = prompts(app.style(config))
    with progress.shown(quiet=quiet or as_json) as listener:
        found = bench.measure(
            app.model_settings(config),
            asked,
            facts=FACTS,
            candidates=config.models.candidates,
            on_progress=listener,
        )
    if as_json:
        console.say_json(_rounded(found))
    else:
        console.say(*shown(found))


def prompts(style: Style) -> list[Prompt]:
    """What the product would ask about the invented facts."""
    from briefing.news import Article, Development, Fact, Passage
    from briefing.pipeline.writing import confined
    from briefing.stages import write

    articles: dict[str, Article] = {}
    developments = []
    for number, line in enumerate(_REPORTS.strip().splitlines()):
        passages = []
        for report, text in enumerate(line.split("|")):
            name = f"{number}-{report}"
            passages.append(Passage(name, 0, 0, len(text), text, 1))
            articles[name] = Article(
                id=name,
                url="",
                title=text,
                title_origin="made",
                publisher=("Velmar Post", "Northern Wire")[report],
                published=datetime(2024, 11, 22, tzinfo=UTC),
                date_origin="stated",
                text=text,
                passages=tuple(passages[-1:]),
            )
        fact = Fact(tuple(passages))
        developments.append(Development(fact.id, (fact,), (), 1, None))
    if style == "confined":
        return confined([fact for each in developments for fact in each.facts], [])
    return write.prompts(developments, articles, style=style)


def shown(found: Measured) -> list[str]:
    """The figures for people, line by line."""
    from briefing.adapters.models.memory import gigabytes

    adapter = f" with {found.adapter}" if found.adapter else ""
    alone, batch = "tokens/s, one at a time", f"tokens/s, {found.batch} at a time"
    rows = [
        ("size", f"{found.parameters / 1e6:,.0f} million parameters"),
        ("loading", f"{found.load_seconds:.1f} s"),
        ("reading", f"{found.reading:,.0f} {alone}; {found.batch_reading:,.0f} {batch}"),
        ("writing", f"{found.writing:,.1f} {alone}; {found.batch_writing:,.1f} {batch}"),
        ("memory", _memory(gigabytes(found.peak_bytes) if found.peak_bytes else "", found)),
        ("edition", f"about {_duration(found.edition_seconds)} for {found.facts} facts, once each"),
    ]
    return [f"{found.writer}{adapter}, {found.device}", *console.table(rows)]


def _memory(peak: str, found: Measured) -> str:
    from briefing.adapters.models.memory import gigabytes

    expected = f"{gigabytes(found.estimated_bytes)} expected for the model alone"
    where = "on the card" if found.device.startswith("cuda") else "with the program around it"
    return f"{peak} at the most {where}; {expected}" if peak else expected


def _duration(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} minutes"


def _rounded(found: Measured) -> dict[str, object]:
    return {
        key: round(value, 2) if isinstance(value, float) else value
        for key, value in dataclasses.asdict(found).items()
    }
