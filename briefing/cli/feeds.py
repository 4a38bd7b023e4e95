"""``briefing feeds``: the subscriptions, kept in one OPML file that any feed reader understands."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

import click

from briefing.cli import console
from briefing.errors import BriefingError, DeliveryError, FetchError
from briefing.news import Feed, Skip

if TYPE_CHECKING:
    from briefing.app import App


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
    feeds = _read(console.configuration().feeds.file)
    if as_json:
        console.say_json({"feeds": feeds})
        return
    if not feeds:
        click.echo("no feeds yet; `briefing feeds add URL` adds one")
        return
    rows = [
        (
            feed.bloc or "-",
            feed.publisher + (" (state media)" if feed.state_media else ""),
            feed.url,
        )
        for feed in sorted(feeds, key=lambda feed: (feed.bloc, feed.publisher))
    ]
    click.echo(console.table(rows, indent=""))


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
    feeds = _read(config.feeds.file)
    if any(one.url == url for one in feeds):
        click.echo(f"{url} is among the feeds already")
        return
    if not unchecked:
        from briefing import app

        answer = _ask(app.open(config), feed)
        if answer.outcome == "silent":
            raise BriefingError(
                f"{url}: {answer.detail}; nothing was added",
                remedy="correct the address, or add it all the same with --unchecked",
            )
        click.echo(f"{url}: {answer.entries} entries, newest {_day(answer.newest)}")
    _write(config.feeds.file, [*feeds, feed])
    click.echo(f"added to {config.feeds.file}")


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
    feeds = _read(config.feeds.file)
    opened = app.open(config)
    answers: list[Answer] = []
    with progress.shown(quiet=as_json) as listener:
        for answer in opened.engine.map(lambda feed: _ask(opened, feed), feeds):
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
        click.echo(console.table(rows, indent="") or "no feeds yet; `briefing feeds add URL`")
    failed = any(one.outcome == "silent" for one in answers)
    click.get_current_context().exit(console.LEFT_OUT if failed else console.DONE)


@command.command("import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@console.config_option
def import_feeds(file: Path) -> None:
    """Add the feeds of an OPML FILE. Those that are there already stay as they are.

    \b
    Examples:
      briefing feeds import subscriptions.opml
    """
    own = console.configuration().feeds.file
    feeds = _read(own)
    known = {feed.url for feed in feeds}
    found = _read(file, must_exist=True)
    fresh = [feed for feed in found if feed.url not in known]
    if fresh:
        _write(own, [*feeds, *fresh])
    click.echo(f"{len(fresh)} added to {own}, {len(found) - len(fresh)} there already")


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

    feeds = _read(console.configuration().feeds.file)
    if file is None:
        click.echo(opml.write_opml(feeds).decode(), nl=False)
    else:
        _write(file, feeds)
        click.echo(f"{len(feeds)} feeds written to {file}")


# -- asking ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Answer:
    """What a feed answered just now."""

    url: str
    publisher: str
    outcome: Literal["answered", "silent"]
    entries: int = 0
    newest: datetime | None = None
    detail: str = ""  # why it was silent


def _ask(opened: App, feed: Feed) -> Answer:
    from briefing.stages.parse import parse_feed

    try:
        document = opened.web.fetch(feed.url)
    except FetchError as error:
        reason = f"{error.reason} ({error.detail})" if error.detail else error.reason
        return Answer(feed.url, feed.publisher, "silent", detail=reason)
    if document is None:
        return Answer(feed.url, feed.publisher, "silent", detail="says that nothing has changed")
    entries = parse_feed(document, feed)
    if isinstance(entries, Skip):
        detail = f"{entries.reason} ({entries.detail})" if entries.detail else entries.reason
        return Answer(feed.url, feed.publisher, "silent", detail=detail)
    newest = max((entry.published for entry in entries if entry.published), default=None)
    return Answer(feed.url, feed.publisher, "answered", entries=len(entries), newest=newest)


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
    return host.removeprefix("www.")


# -- the file ----------------------------------------------------------------------------------


def _read(file: Path, *, must_exist: bool = False) -> Sequence[Feed]:
    """The feeds of an OPML file; none when there is no file yet."""
    from briefing.errors import ConfigError
    from briefing.stages.parse import opml

    try:
        return opml.read_opml(file.read_bytes(), where=str(file))
    except FileNotFoundError as error:
        if not must_exist:
            return ()
        raise ConfigError("no such file", where=str(file), remedy="name an OPML file") from error
    except OSError as error:
        raise ConfigError(
            f"cannot be read ({error.strerror})",
            where=str(file),
            remedy="check that it is a file and that you may read it",
        ) from error


def _write(file: Path, feeds: Sequence[Feed]) -> None:
    """Write the file whole or not at all; a list of subscriptions is never half there."""
    from briefing.stages.parse import opml

    body = opml.write_opml(feeds)
    file = file.resolve()  # a link keeps pointing to the list
    temporary = ""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
        with os.fdopen(handle, "wb") as out:
            out.write(body)
            out.flush()
            os.fsync(out.fileno())
        Path(temporary).chmod(file.stat().st_mode & 0o777 if file.exists() else 0o644)
        Path(temporary).replace(file)
    except OSError as error:
        if temporary:
            with contextlib.suppress(OSError):
                Path(temporary).unlink()
        raise DeliveryError(
            str(file),
            f"cannot be written ({error.strerror})",
            remedy="check the folder's permissions and the space on the disk",
        ) from error
