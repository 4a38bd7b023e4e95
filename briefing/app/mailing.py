"""Mails as the configuration wants them: who sends them, who signs them, and to whom they go."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from briefing import pipeline
from briefing.adapters import secrets, signing
from briefing.adapters.smtp import SmtpServer, SmtpSettings
from briefing.app.leasing import held
from briefing.app.parts import App
from briefing.app.trouble import forgive_server
from briefing.config import Config
from briefing.errors import ConfigError, DeliveryError
from briefing.news import Digest, Edition
from briefing.pipeline.delivery import Delivery, deliver
from briefing.post import Mail, Receipt, Subscriber
from briefing.stages import address, render
from briefing.stages.render import site
from briefing.text import tokens

SERVE = "serve"
"""Lease of the running service, which alone delivers while it lives."""


def server(config: Config) -> SmtpServer | None:
    """The mail server of ``[mail]``; ``None`` when no mail is to be sent.

    Raises:
        ConfigError: sender or operator are no addresses, or the password is missing.
    """
    mail = config.mail
    if not mail.host:
        return None
    address.mailbox(mail.sender, where=f"{config.path} [mail] sender")
    for key in ("reply_to", "operator"):
        if value := getattr(mail, key):
            address.mailbox(value, where=f"{config.path} [mail] {key}")
    password = ""
    if mail.username:
        password = secrets.read_secret(
            environ=os.environ,
            name=secrets.PASSWORD_VARIABLE,
            file=mail.password_file,
            what="password of [mail]",
        )
    return SmtpServer(
        SmtpSettings(
            host=mail.host,
            port=mail.port,
            security=mail.security,
            ca_file=mail.ca_file,
            username=mail.username,
            password=password,
            timeout=mail.timeout,
            final_timeout=mail.final_timeout,
        )
    )


def _server(config: Config) -> SmtpServer:
    """:func:`server`, for what cannot do without one."""
    there = server(config)
    if there is None:
        raise ConfigError(
            "host is empty, so no mail is sent",
            where=f"{config.path} [mail]",
            remedy="name the mail server: host, port, security, sender",
        )
    return there


def site_key(config: Config) -> bytes:
    """The key that signs addresses of the site; made when it is missing.

    Raises:
        ConfigError: it cannot be read or made.
    """
    return secrets.own_key(config.site.secret_file, os.environ)


def edition_address(config: Config, edition: Edition) -> str:
    """Where the edition stands on the site; "" without a public address."""
    url = config.site.url
    return f"{url}/{site.path(edition)}" if url else ""


def reader_address(config: Config, purpose: tokens.Purpose, subscriber: Subscriber) -> str:
    """Where the reader leaves or confirms; "" without a public address."""
    url = config.site.url
    if not url:
        return ""
    return f"{url}/{purpose}/{tokens.sign(site_key(config), purpose, subscriber.id)}"


def publishing(config: Config, opened: App, *, at: datetime) -> pipeline.Publishing:
    """What an edition needs to go out to its readers.

    Args:
        at: when the mails are said to have been written.

    Raises:
        ConfigError: the sender is no address, or a key cannot be read.
    """
    if not config.mail.host:
        return pipeline.Publishing(lambda digest: ())
    address.mailbox(config.mail.sender, where=f"{config.path} [mail] sender")
    sign = signer(config)

    def mails(digest: Digest) -> list[Mail]:
        made = []
        for reader in opened.store.readers.all(digest.edition.story):
            if not reader.wants(digest.edition):
                continue
            try:
                address.envelope(reader.address)
            except ConfigError as error:  # one address must not hold up the others
                opened.store.readers.set_standing(
                    reader.id, "suspended", now=at, reason=error.message
                )
                continue
            made.append(sign(edition_mail(config, digest, reader, at=at)))
        return made

    return pipeline.Publishing(mails)


def edition_mail(config: Config, digest: Digest, reader: Subscriber, *, at: datetime) -> Mail:
    """One edition for one reader."""
    archive = edition_address(config, digest.edition)
    leave = reader_address(config, "unsubscribe", reader)
    return address.edition_mail(
        digest,
        reader,
        subject=render.letter_subject(digest),
        text=render.letter_text(digest, archive=archive, unsubscribe=leave),
        html=render.letter_html(digest, archive=archive, unsubscribe=leave),
        sender=config.mail.sender,
        reply_to=config.mail.reply_to,
        date=at,
        archive=archive,
        unsubscribe=leave,
    )


def confirmation(config: Config, reader: Subscriber, *, at: datetime) -> Mail:
    """The mail that asks somebody who signed up on the site whether they meant it."""
    story = config.stories.get(reader.story)
    return signer(config)(
        address.confirmation_mail(
            reader,
            story_name=story.name if story else reader.story,
            confirm=reader_address(config, "confirm", reader),
            sender=config.mail.sender,
            date=at,
        )
    )


def alarm(config: Config, subject: str, lines: list[str], *, at: datetime) -> Mail | None:
    """A mail to the operator; ``None`` when there is nobody to write to.

    It goes unsigned when there is no key to sign it: that may be what is wrong.
    """
    mail = config.mail
    if not (mail.host and mail.operator):
        return None
    letter = address.alarm_mail(
        subject, lines, recipient=mail.operator, sender=mail.sender, date=at
    )
    try:
        return signer(config)(letter)
    except ConfigError:
        return letter


def send_test(config: Config, recipient: str, *, now: datetime) -> Receipt:
    """Send a short mail at once.

    Raises:
        ConfigError: no mail server is named, or the address is none.
        DeliveryError: the server did not take it; says at which step and why.
    """
    address.mailbox(recipient)
    there = _server(config)
    where = f"{config.mail.host}:{config.mail.port}"
    mail = signer(config)(
        address.test_mail(recipient, sender=config.mail.sender, date=now, server=where)
    )
    with there.session() as session:
        receipt = session.send(mail)
    if receipt.state != "sent":
        raise DeliveryError(recipient, receipt.said, remedy="The server says why; mend it there.")
    return receipt


def deliver_now(config: Config, opened: App, *, clock: Callable[[], datetime]) -> Delivery:
    """Send what waits in the outbox, from this process.

    Raises:
        ConfigError: no mail server is named.
        BriefingError: the service runs, and sends them itself.
    """
    there = _server(config)
    length = timedelta(seconds=config.serve.lease_seconds)
    with held(opened.store, SERVE, clock=clock, length=length) as lease:
        done = deliver(
            opened.store.outbox,
            there,
            clock=clock,
            give_up=timedelta(hours=config.mail.give_up_hours),
            jitter=random.random,
            lease=lease,
        )
        if done.trouble is None and done.answered:
            forgive_server(opened.store)
    return done


def signer(config: Config) -> Callable[[Mail], Mail]:
    """Signs mails by DKIM when there is a key, and leaves them as they are when there is none.

    Raises:
        ConfigError: the key cannot be read, or has no selector.
    """
    mail = config.mail
    if not mail.dkim_key_file:
        return lambda letter: letter
    if not mail.dkim_selector:
        raise ConfigError(
            "dkim_selector is empty",
            where=f"{config.path} [mail]",
            remedy="name the selector under which the key's public half stands in the DNS",
        )
    key = secrets.read_secret(
        environ={}, name="", file=mail.dkim_key_file, what="DKIM key of [mail]"
    )
    domain = address.mailbox(mail.sender, where=f"{config.path} [mail] sender").domain

    def signed(letter: Mail) -> Mail:
        content = signing.sign(letter.content, domain=domain, selector=mail.dkim_selector, key=key)
        return replace(letter, content=content)

    return signed
