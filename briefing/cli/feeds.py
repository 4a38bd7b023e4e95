"""``briefing feeds``: the subscriptions, kept in one OPML file that any feed reader understands."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

import click

from briefing.cli import console
from briefing.cli.subscriptions import Answer, ask, fetched, read, write
from briefing.errors import BriefingError
from briefing.news import Feed


@click.group("feeds", short_help="List, check and edit the feeds.")
def command() -> None:
    """List, check and edit the feeds that `briefing run` asks.

    They stand in one OPML file ([feeds] file, config/feeds.opml by default), where each has its
    publisher, its bloc, and whether it is state media. To remove a feed, delete its line there.

    \b
    Examples:
      briefing feeds list
      briefing feeds check
      briefing feeds add https://example.org/rss.xml --publisher "Example" --bloc world
      briefing feeds import subscriptions.opml
      briefing feeds export > mine.opml
    """


@command.command("list")
@console.machine_output
@console.config_option
def list_feeds(as_json: bool) -> None:
    """List the feeds, by bloc.

    \b
    Examples:
      briefing feeds list
      briefing feeds list --json
    """
    feeds = read(console.configuration().feeds.file)
    if as_json:
        console.say_json({"feeds": feeds})
        return
    if not feeds:
        console.say("no feeds yet; `briefing feeds add URL` adds one")
        return
    rows = [
        (
            feed.bloc or "-",
            feed.publisher + (" (state media)" if feed.state_media else ""),
            feed.url,
        )
        for feed in sorted(feeds, key=lambda feed: (feed.bloc, feed.publisher))
    ]
    console.say(*console.table(rows, indent=""))


@command.command("add")
@click.argument("url")
@click.option("--title", default="", help="Name of the feed; the publisher's when not given.")
@click.option("--publisher", default="", help="Who publishes it; the site's name when not given.")
@click.option("--bloc", default="", help="world, western, ukrainian, russian, defence, …")
@click.option("--language", default="en", show_default=True, help="Language code of its articles.")
@click.option("--state-media", is_flag=True, help="It is owned or run by a state.")
@click.option("--unchecked", is_flag=True, help="Add it without asking it first.")
@console.config_option
def add(
    url: str,
    title: str,
    publisher: str,
    bloc: str,
    language: str,
    state_media: bool,
    unchecked: bool,
) -> None:
    """Add the feed at URL, after checking that it answers with a feed.

    \b
    Examples:
      briefing feeds add https://example.org/rss.xml
      briefing feeds add https://example.org/rss.xml --publisher "Example" --bloc western
      briefing feeds add https://example.org/rss.xml --unchecked
    """
    site = _site(url)
    publisher = publisher or site
    feed = Feed(url, title or publisher, publisher, bloc, state_media, language)
    config = console.configuration()
    feeds = read(config.feeds.file)
    if any(one.url == url for one in feeds):
        console.say(f"{url} is among the feeds already")
        return
    if not unchecked:
        from briefing import app

        answer = ask(app.open(config), feed)
        if answer.outcome == "silent":
            raise BriefingError(
                f"{url}: {answer.detail}; nothing was added",
                remedy="correct the address, or add it all the same with --unchecked",
            )
        console.say(f"{url}: {answer.entries} entries, newest {_day(answer.newest)}")
    write(config.feeds.file, [*feeds, feed])
    console.say(f"added to {config.feeds.file}")


@command.command("check")
@console.machine_output
@console.config_option
def check(as_json: bool) -> None:
    """Ask every feed now, and say what each answers. Nothing is recorded.

    Exit code 3 when one of them fails.

    \b
    Examples:
      briefing feeds check
      briefing feeds check --json | jq '.feeds[] | select(.outcome == "silent")'
    """
    from briefing import app
    from briefing.cli import progress

    config = console.configuration()
    feeds = read(config.feeds.file)
    opened = app.open(config)
    answers: list[Answer] = []
    with progress.shown(quiet=as_json) as listener:
        for answer in opened.engine.map(lambda feed: ask(opened, feed), feeds):
            answers.append(answer)
            listener("feeds", len(answers), len(feeds))
    if as_json:
        console.say_json({"feeds": answers})
    else:
        rows = [
            (
                one.outcome,
                one.publisher,
                f"{one.entries} entries" if one.outcome == "answered" else one.detail,
                _day(one.newest),
                one.url,
            )
            for one in answers
        ]
        console.say(*console.table(rows, indent="") or ["no feeds yet; `briefing feeds add URL`"])
    failed = any(one.outcome == "silent" for one in answers)
    click.get_current_context().exit(console.LEFT_OUT if failed else console.DONE)


@command.command("import")
@click.argument("file")
@console.config_option
def import_feeds(file: str) -> None:
    """Add the feeds of an OPML FILE, which may be an address on the web.

    Those that are there already stay as they are.

    \b
    Examples:
      briefing feeds import subscriptions.opml
      briefing feeds import https://example.org/subscriptions.opml
    """
    config = console.configuration()
    own = config.feeds.file
    feeds = read(own)
    known = {feed.url for feed in feeds}
    if file.lower().startswith(("http://", "https://")):
        from briefing import app

        found = fetched(app.open(config), file)
    else:
        found = read(Path(file), must_exist=True)
    fresh = [feed for feed in found if feed.url not in known]
    if fresh:
        write(own, [*feeds, *fresh])
    console.say(f"{len(fresh)} added to {own}, {len(found) - len(fresh)} there already")


@command.command("export")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), required=False)
@console.config_option
def export(file: Path | None) -> None:
    """Write the feeds as OPML to FILE, or to the output.

    \b
    Examples:
      briefing feeds export > mine.opml
      briefing feeds export mine.opml
    """
    from briefing.stages.parse import opml
    from briefing.text.unsafe import referred

    feeds = read(console.configuration().feeds.file)
    if file is None:
        console.say_document(referred(opml.write_opml(feeds).decode(), keep="\n"))
    else:
        write(file, feeds)
        console.say(f"{len(feeds)} feeds written to {file}")


def _day(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d}" if moment else "undated"


def _site(url: str) -> str:
    """The host of a web address, without ``www.``.

    Raises:
        click.BadParameter: it is no web address.
    """
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        parts, host = None, ""
    if parts is None or parts.scheme.lower() not in ("http", "https") or not host:
        raise click.BadParameter(f"{url!r} is no web address; it starts with https://")
    if "@" in parts.netloc:
        raise click.BadParameter("a name or a password in an address would end in logs")
    return host.removeprefix("www.")
