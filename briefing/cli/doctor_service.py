"""What ``briefing doctor`` says of the service: its schedule, mail, site, and whether it runs.

Only the configuration, the files that it names and the store are looked at; nobody is asked by
network. ``briefing mail test`` asks the mail server.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from briefing.cli.finding import Finding
from briefing.errors import BriefingError

if TYPE_CHECKING:
    from briefing.config import Config
    from briefing.sections import MailSection

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
"""Any moment: a probe is signed, and never sent."""


def schedule(config: Config, *, now: datetime) -> Iterator[Finding]:
    """Which stories the service makes, and when the next edition of each is due."""
    from briefing import timetable

    for story in config.stories.values():
        coming = timetable.next_occurrence(story, after=now)
        if coming is None:
            continue
        there = coming.at.astimezone(ZoneInfo(story.timezone))
        yield Finding(
            f"schedule of {story.slug}",
            "well",
            f"next edition {there:%Y-%m-%d %H:%M} in {story.timezone}",
        )
    if not any(story.schedule.times for story in config.stories.values()):
        folder = config.path.parent / "stories"
        yield Finding(
            "schedule",
            "note",
            "no story has one, so `briefing serve` makes no edition",
            f'write [schedule] and times = ["06:30"] into a story in {folder}',
        )


def mail(config: Config) -> Iterator[Finding]:
    """Sender, password, authority and DKIM key are in order, as far as files can say."""
    from briefing.app import mailing
    from briefing.stages import address

    said = config.mail
    if not said.host:
        yield Finding("mail", "well", "none is sent; [mail] host is empty")
        return
    there = f"{said.host}:{said.port}"
    try:
        mailing.server(config)
    except BriefingError as error:
        yield Finding("mail", "fault", error.message, error.remedy)
        return
    secured = "without TLS" if said.security == "none" else f"with {said.security}"
    yield Finding("mail", "well", f"to {there} {secured}, from {said.sender}")
    if said.dkim_key_file:
        try:
            probe = address.test_mail(said.sender, sender=said.sender, date=EPOCH, server=there)
            mailing.signer(config)(probe)
        except BriefingError as error:
            yield Finding("mail signature", "fault", error.message, error.remedy)
        else:
            yield Finding("mail signature", "well", f"DKIM, selector {said.dkim_selector}")
    yield from _mail_notes(said, url=config.site.url)


def _mail_notes(said: MailSection, *, url: str) -> Iterator[Finding]:
    """What works, and is seldom meant."""
    if said.security == "none" and not is_here(said.host):
        yield Finding(
            "mail security",
            "note",
            f'security = "none", and {said.host} is another machine: anybody between reads along',
            'security = "starttls" or "tls"',
        )
    if not said.operator:
        yield Finding(
            "mail alarms", "note", "[mail] operator is empty: alarms are only logged", "name one"
        )
    if not url.startswith("https://"):
        yield Finding(
            "mail unsubscribing",
            "note",
            "[site] url is no https address, so mails offer no unsubscribing by one click",
            "give the site a public address; docs/operations.md shows how",
        )


def site(config: Config) -> Iterator[Finding]:
    """The key that signs addresses is in order; who can reach the site, and who can sign up."""
    from briefing.adapters import secrets

    said = config.site
    file = Path(said.secret_file)
    if os.environ.get(secrets.KEY_VARIABLE) or file.exists():
        try:
            secrets.own_key(file, os.environ)
        except BriefingError as error:
            yield Finding("site key", "fault", error.message, error.remedy)
        else:
            yield Finding("site key", "well", "there; back it up with the store")
    else:
        yield Finding("site key", "well", f"{file} is made when it is first needed")
    if not said.port:
        yield Finding("site", "well", "none; [site] port is 0")
        return
    shown = f"at http://{said.listen}:{said.port}/"
    if said.url:
        shown += f", for readers {said.url}"
    if is_here(said.listen):
        yield Finding("site", "well", shown)
    else:
        yield Finding("site", "note", f"{shown}; every machine that reaches this one can read it")
    if said.signup and not (said.url and config.mail.host):
        yield Finding(
            "site sign-up",
            "note",
            "signup = true, but it stays closed without [site] url and [mail] host",
            "name both, or write signup = false",
        )


def service(config: Config, *, now: datetime) -> Iterator[Finding]:
    """Whether an instance works, which alarms stand, and the trouble with the mail server."""
    from briefing.adapters.store import open_store
    from briefing.app import mailing
    from briefing.app.trouble import trouble

    try:
        with open_store(config.store.url) as store:
            holder = store.leases.holder(mailing.SERVE, now=now)
            alarms = store.watching.alarms()
            known = trouble(store)
            readers = store.readers.all()
    except BriefingError:
        return  # the check of the store has said so
    if holder is None:
        yield Finding("service", "note", "does not run", "briefing serve")
    else:
        yield Finding("service", "well", f"works at {holder.place}")
    for alarm in alarms:
        yield Finding("alarm", "note", f"{alarm.kind}: {alarm.text}", alarm.remedy)
    for reader in readers:
        story = config.stories.get(reader.story)
        left = set(reader.slots).intersection(story.schedule.slots) if story else set()
        if reader.standing == "active" and (story is None or (reader.slots and not left)):
            yield Finding(
                "reader",
                "note",
                f"{reader.address} gets nothing: {reader.story} has no edition that they asked for",
                f"briefing subscribers add {reader.address} --story NAME [--slot HH:MM]",
            )
    if known is not None:
        remedy = known.remedy or "briefing mail test ADDRESS"
        yield Finding("mail server", "note", known.said, remedy)


def is_here(host: str) -> bool:
    """Whether a name or address is this machine's own, without asking anybody."""
    if host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
