"""Subscribe, confirm, unsubscribe: what readers of the mails may change.

A GET changes nothing, so a scanner that follows every link of a mail does no harm: it shows a page
with a button, which POSTs to the same address. That POST is also what a mail program sends for
``List-Unsubscribe-Post`` (RFC 8058). The token in the address is all that is needed; whatever the
body says, whoever holds the token has asked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from briefing.errors import ConfigError
from briefing.news import Story
from briefing.post import Subscriber
from briefing.site import answers, bodies
from briefing.site.doorkeeper import Doorkeeper
from briefing.site.ports import Archive
from briefing.stages.address import envelope
from briefing.stages.render.site import Masthead, Message, SignUp, when
from briefing.text import tokens


class Readers:
    """The pages that change who gets mails."""

    def __init__(
        self,
        archive: Archive,
        *,
        stories: Mapping[str, Story],
        masthead: Masthead,
        secret: bytes,
        clock: Callable[[], datetime],
    ) -> None:
        self._archive = archive
        self._stories = stories
        self._masthead = masthead
        self._secret = secret
        self._clock = clock
        self._doorkeeper = Doorkeeper()

    # -- subscribe -----------------------------------------------------------------------------

    async def subscribe(self, request: Request) -> Response:
        """The form, and what it sends. 404 while sign-up is closed."""
        if not self._masthead.signup:
            raise answers.NotThere
        if request.method != "POST":
            return answers.says(request, self._masthead, self._form())
        fields = await bodies.form(request)
        written, story = fields.get("address", ""), self._chosen(fields.get("story", ""))
        try:
            address = _public(written)
        except ConfigError as error:
            form = self._form(address=written, story=story, fault=f"{error.message}.")
            return answers.says(request, self._masthead, form, status=400)
        if not story:
            raise HTTPException(400)  # the form sends none but ours
        await run_in_threadpool(self._sign_up, address, story)
        return answers.says(request, self._masthead, _sent(address))

    def _sign_up(self, address: str, story: str) -> None:
        """The same for every address: whether it is known shows in nobody's browser."""
        now = self._clock()
        if self._doorkeeper.admits(address, now=now):
            subscriber = self._archive.sign_up(address, story, now)
            if subscriber.standing == "pending":
                self._archive.send_confirmation(subscriber)

    def _chosen(self, story: str) -> str:
        """The story asked for; the only one when nothing was; "" when there is none such."""
        if not story and len(self._stories) == 1:
            return next(iter(self._stories))
        return story if story in self._stories else ""

    def _form(self, *, address: str = "", story: str = "", fault: str = "") -> Message:
        names = tuple((slug, one.name) for slug, one in self._stories.items())
        says = tuple(f"{one.name}: {when(one)}." for one in self._stories.values())
        return Message(
            "Get it by mail",
            (*says, "You will first get one mail that asks whether you meant it."),
            button="Subscribe",
            form=SignUp(names, address, fault, story),
        )

    # -- confirm -------------------------------------------------------------------------------

    async def confirm(self, request: Request) -> Response:
        """The question, and the answer to it."""
        subscriber = await self._known(request, "confirm")
        if request.method == "POST":
            await bodies.body(request)
            if subscriber.standing == "pending":
                await run_in_threadpool(
                    self._archive.set_standing,
                    subscriber.id,
                    "active",
                    reason="confirmed on the web",
                    now=self._clock(),
                )
                return self._says(request, self._confirmed(subscriber))
        if subscriber.standing == "pending":
            asked = Message(
                "Confirm your subscription",
                (f"Mails of {self._name(subscriber)} are to go to {_veiled(subscriber.address)}.",),
                button="Yes, send them",
            )
            return self._says(request, asked)
        if subscriber.standing == "active":
            return self._says(request, self._confirmed(subscriber))
        return self._says(request, self._ended(subscriber))

    def _confirmed(self, subscriber: Subscriber) -> Message:
        story = self._stories.get(subscriber.story)
        often = f" Editions are made {when(story)}." if story and story.schedule.times else ""
        return Message(
            "You are subscribed",
            (
                f"Mails of {self._name(subscriber)} go to {_veiled(subscriber.address)}.{often}",
                "Every mail has an address that ends it.",
            ),
        )

    # -- unsubscribe ---------------------------------------------------------------------------

    async def unsubscribe(self, request: Request) -> Response:
        """The question, and the answer to it, in whatever form a mail program sends it."""
        subscriber = await self._known(request, "unsubscribe")
        if request.method == "POST":
            await bodies.body(request)
            if subscriber.standing != "left":
                await run_in_threadpool(
                    self._archive.set_standing,
                    subscriber.id,
                    "left",
                    reason="unsubscribed on the web",
                    now=self._clock(),
                )
            return self._says(request, self._ended(subscriber))
        if subscriber.standing == "left":
            return self._says(request, self._ended(subscriber))
        asked = Message(
            "Unsubscribe",
            (f"Mails of {self._name(subscriber)} go to {_veiled(subscriber.address)}.",),
            button="Stop these mails",
        )
        return self._says(request, asked)

    def _ended(self, subscriber: Subscriber) -> Message:
        back = " You can subscribe again at any time." if self._masthead.signup else ""
        return Message(
            "You are not subscribed",
            (f"No mails of {self._name(subscriber)} go to {_veiled(subscriber.address)}.{back}",),
        )

    # ------------------------------------------------------------------------------------------

    async def _known(self, request: Request, purpose: tokens.Purpose) -> Subscriber:
        """Whose token the address holds; a forged one leads nowhere."""
        id_ = tokens.read(self._secret, purpose, request.path_params["token"])
        found = await run_in_threadpool(self._archive.subscriber, id_) if id_ else None
        if found is None:
            raise answers.NotThere
        return found

    def _says(self, request: Request, said: Message) -> Response:
        return answers.says(request, self._masthead, said)

    def _name(self, subscriber: Subscriber) -> str:
        story = self._stories.get(subscriber.story)
        return f"“{story.name}”" if story else f"“{subscriber.story}”"


def _public(written: str) -> str:
    """The address in what was typed, as :func:`briefing.stages.address.envelope` takes it.

    Raises:
        ConfigError: it is none, or one that is known on this machine alone.
    """
    address = envelope(written)
    if "." not in address.rpartition("@")[2]:
        raise ConfigError(f"{address!r} is no mail address that can be used from outside")
    return address


def _sent(address: str) -> Message:
    return Message(
        "Look into your mail",
        (
            f"If {address} can be subscribed, a mail is on its way there that asks whether you "
            "meant it. Nothing is sent before you have said yes.",
            "When nothing comes, look among unwanted mail, or try again in an hour.",
        ),
    )


def _veiled(address: str) -> str:
    """``a…@example.org``: mails are forwarded with their links, addresses need not be."""
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}…@{domain}"
