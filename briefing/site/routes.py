"""The site as an ASGI application: routes, and what becomes of errors.

::

    /                              all editions, the newest first
    /2024-11/                      those of a month
    /2024-11-22/                   moved to its month
    /2024-11-22/story.1700/        an edition; without its last slash moved there
    /2024-11-22/story.1700/evidence/
    /2024-11-22/story.1700/digest.md | digest.txt | digest.json | evidence.json
    /feed.atom /feed.json /style.css /icon.svg /robots.txt
    /subscribe /confirm/TOKEN /unsubscribe/TOKEN
    /healthz /readyz /metrics

Addresses name editions by date and story, checked letter by letter before the store is asked; no
part of one ever names a file.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping
from datetime import datetime

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from briefing.errors import BriefingError
from briefing.news import Edition, Story
from briefing.site import answers, shelf
from briefing.site.headlines import Headlines
from briefing.site.metrics import MEDIA_TYPE, Meters
from briefing.site.ports import Archive, Readings
from briefing.site.readers import Readers
from briefing.site.shelf import Shelf
from briefing.stages.render.site import ATOM, JSON, Masthead, Message

_log = logging.getLogger(__name__)
_HOST = re.compile(r"(?:[A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?", re.ASCII)


def application(
    *,
    archive: Archive,
    stories: Mapping[str, Story],
    secret: bytes,
    clock: Callable[[], datetime],
    url: str = "",
    signup: bool = False,
    ready: Callable[[], list[str]],
    metrics: Callable[[], Readings],
) -> Starlette:
    """The site.

    Args:
        archive: its methods, like ``ready`` and ``metrics``, may block and are called from several
            threads.
        stories: those that are followed, by slug.
        secret: signs the addresses that unsubscribe and confirm (:mod:`briefing.text.tokens`).
        clock: the present moment, aware.
        url: the site's public address, for feeds; "" for the address that was asked.
        signup: whether readers may subscribe on their own.
        ready: why the service cannot do its work now, one line each; empty when it can.
        metrics: the figures of ``/metrics``.
    """
    head = shelf.masthead(stories, url=url, signup=signup)
    pages = Pages(archive, stories=stories, head=head)
    readers = Readers(archive, stories=stories, masthead=head, secret=secret, clock=clock)
    service = Service(ready, Meters(metrics, clock))
    both = ["GET", "POST"]
    routes = [
        Route("/", pages.front),
        Route(f"/{ATOM}", pages.atom),
        Route(f"/{JSON}", pages.json_feed),
        *(Route(f"/{name}", pages.still) for name in shelf.STILL),
        Route("/healthz", service.healthz),
        Route("/readyz", service.readyz),
        Route("/metrics", service.metrics),
        Route("/subscribe", readers.subscribe, methods=both),
        Route("/confirm/{token}", readers.confirm, methods=both),
        Route("/unsubscribe/{token}", readers.unsubscribe, methods=both),
        Route("/{key}/", pages.month_or_day),
        Route("/{day}/{name}", pages.towards),
        Route("/{day}/{name}/", pages.edition),
        Route("/{day}/{name}/evidence", pages.towards),
        Route("/{day}/{name}/evidence/", pages.evidence),
        Route("/{day}/{name}/{file}", pages.file),
    ]
    site = Starlette(
        routes=routes,
        exception_handlers={
            HTTPException: pages.refused,
            answers.NotThere: pages.not_there,
            BriefingError: pages.not_now,
            Exception: pages.broken,
        },
    )
    site.router.redirect_slashes = False  # it would believe the Host header
    return site


class Pages:
    """The archive's pages, and what is said where there is none. All but the last run in a
    thread: the store blocks."""

    def __init__(self, archive: Archive, *, stories: Mapping[str, Story], head: Masthead) -> None:
        self._archive = archive
        self._stories = stories
        self._head = head
        self._headlines = Headlines()

    def front(self, request: Request) -> Response:
        return answers.answer(request, self._shelf().front())

    def month_or_day(self, request: Request) -> Response:
        """A month; from a day, the way to its place in the month."""
        key = request.path_params["key"]
        own = self._shelf()
        if day := shelf.parse_day(key):
            if any(issue.edition.day == day for issue in own.issues):
                return answers.moved(f"../{key[:7]}/#d-{key}")
            raise answers.NotThere
        return answers.answer(request, own.month(key))

    def towards(self, request: Request) -> Response:
        """The same address with its slash."""
        edition = _named(request)
        last = request.scope["path"].rpartition("/")[2]
        if self._archive.edition(edition) is None:
            raise answers.NotThere
        return answers.moved(f"{last}/")

    def edition(self, request: Request) -> Response:
        return answers.answer(request, self._shelf().edition(_named(request)))

    def evidence(self, request: Request) -> Response:
        return answers.answer(request, self._shelf().evidence(_named(request)))

    def file(self, request: Request) -> Response:
        name = request.path_params["file"]
        if name not in shelf.FILES:
            raise answers.NotThere
        return answers.answer(request, self._shelf().file(_named(request), name))

    def atom(self, request: Request) -> Response:
        return answers.answer(request, self._shelf().atom(self._base(request)))

    def json_feed(self, request: Request) -> Response:
        return answers.answer(request, self._shelf().json_feed(self._base(request)))

    def still(self, request: Request) -> Response:
        return answers.answer(request, shelf.STILL[request.scope["path"].rpartition("/")[2]]())

    # -- refusals ------------------------------------------------------------------------------

    async def refused(self, request: Request, error: Exception) -> Response:
        """What the framework or a reading of the body refused."""
        assert isinstance(error, HTTPException)
        return self._says(request, error.status_code, dict(error.headers or {}))

    async def not_there(self, request: Request, _: Exception) -> Response:
        return self._says(request, 404)

    async def not_now(self, request: Request, error: Exception) -> Response:
        """The store cannot be read. Tokens stand in addresses, so none is logged."""
        page = getattr(request.scope.get("endpoint"), "__name__", "")
        _log.error("page not answered", extra={"facts": {"page": page, "error": str(error)}})
        return self._says(request, 503, {"Retry-After": "120"})

    async def broken(self, request: Request, _: Exception) -> Response:
        """A fault of this program; the server logs its traceback."""
        return self._says(request, 500)

    def _says(
        self, request: Request, status: int, headers: dict[str, str] | None = None
    ) -> Response:
        known = status if status in answers.TITLES else 400
        said = Message(answers.TITLES[known], (answers.REASONS[known],))
        return answers.says(request, self._head, said, status=status, headers=headers)

    def _shelf(self) -> Shelf:
        return Shelf(
            self._archive,
            stories=self._stories,
            masthead=self._head,
            headlines=self._headlines,
        )

    def _base(self, request: Request) -> str:
        """The site's absolute address: the public one, else the one that was asked."""
        if self._head.url:
            return f"{self._head.url}/"
        host = request.headers.get("host", "")
        return f"{request.scope['scheme']}://{host}/" if _HOST.fullmatch(host) else ""


class Service:
    """What watches over the service asks."""

    def __init__(self, ready: Callable[[], list[str]], meters: Meters) -> None:
        self._ready = ready
        self._meters = meters

    async def healthz(self, _: Request) -> Response:
        """Alive: needs neither the store nor a free thread."""
        return answers.plain("ok\n")

    def readyz(self, _: Request) -> Response:
        reasons = self._ready()
        text = "".join(f"{reason}\n" for reason in reasons) or "ready\n"
        return answers.plain(text, status=503 if reasons else 200)

    def metrics(self, _: Request) -> Response:
        return answers.plain(self._meters.page(), media_type=MEDIA_TYPE)


def _named(request: Request) -> Edition:
    edition = shelf.parse_edition(request.path_params["day"], request.path_params["name"])
    if edition is None:
        raise answers.NotThere
    return edition
