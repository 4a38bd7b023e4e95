"""Pages to HTTP: the headers of every answer, validators, and what is said when there is none.

Conditional requests after RFC 9110, section 13: If-None-Match, else If-Modified-Since.
"""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import sha256

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response

from briefing.site.shelf import HTML, TEXT, Page
from briefing.stages.render import site
from briefing.stages.render.site import Masthead, Message, Place

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Robots-Tag": "noindex",
}
"""On every answer, the refusals too. No page has a script, a frame or anything from elsewhere."""

TITLES = {
    400: "This could not be understood",
    404: "There is no such page",
    405: "That cannot be done here",
    408: "That took too long",
    413: "That is too much",
    500: "Something went wrong",
    503: "Not now",
}
REASONS = {
    400: "What was sent has a form that this site does not know. Go back and try once more.",
    404: "The address may be mistyped or cut off. All editions stand in the archive.",
    405: "This address answers to other kinds of requests only.",
    408: "What was to be sent did not arrive in time. Try once more.",
    413: "More was sent than this site takes.",
    500: "That is a fault of this program, and it has been noted. Try again later.",
    503: "The archive cannot be read at the moment. Try again in a few minutes.",
}


def answer(request: Request, page: Page | None) -> Response:
    """The page, 304 when the asker has it, or 404 when there is none."""
    if page is None:
        raise NotThere
    body = page.body.encode()
    headers = HEADERS | {"ETag": _tag(body), "Cache-Control": "no-cache"}
    if page.modified is not None:
        headers["Last-Modified"] = format_datetime(_second(page.modified), usegmt=True)
    if _is_known(request.headers, headers["ETag"], page.modified):
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type=page.media_type)


def says(
    request: Request,
    masthead: Masthead,
    said: Message,
    *,
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> Response:
    """A page for this one request, kept by no cache."""
    text = site.message(masthead, said, place=Place(root(request)))
    kept = HEADERS | {"Cache-Control": "no-store"} | (headers or {})
    return Response(text.encode(), status, headers=kept, media_type=HTML)


def plain(text: str, *, status: int = 200, media_type: str = TEXT) -> Response:
    """A line for programs."""
    headers = HEADERS | {"Cache-Control": "no-store"}
    return Response(text.encode(), status, headers=headers, media_type=media_type)


def moved(way: str) -> Response:
    """Elsewhere on this site, by a relative way that holds behind any prefix."""
    return Response(status_code=308, headers=HEADERS | {"Location": way})


def root(request: Request) -> str:
    """The way from the requested address to the front page, as a browser counts its slashes."""
    raw = bytes(request.scope.get("raw_path") or request.scope["path"].encode())
    return "../" * max(raw.partition(b"?")[0].count(b"/") - 1, 0)


class NotThere(Exception):
    """No page has this address."""


def _tag(body: bytes) -> str:
    return f'"{sha256(body).hexdigest()[:32]}"'


def _is_known(asked: Headers, tag: str, modified: datetime | None) -> bool:
    if given := asked.get("if-none-match"):
        tags = [one.strip().removeprefix("W/") for one in given.split(",")]
        return tag in tags or given.strip() == "*"
    if modified is not None and (since := asked.get("if-modified-since")):
        try:
            moment = parsedate_to_datetime(since)
        except (ValueError, OverflowError):  # no date, or one of numbers without end
            return False
        return moment.tzinfo is not None and _second(modified) <= moment
    return False


def _second(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)
