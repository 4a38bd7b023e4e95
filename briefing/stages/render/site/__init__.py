"""The archive that a reader opens in a browser: pages, feeds and their style, all pure.

::

    editions ----> front, month            the list, newest first
    Digest ------> edition                 the words of digest.html, with the way to the evidence
       | Articles> evidence                each sentence, its passages marked in their paragraphs
       +---------> atom, json_feed
    Message -----> message                 what subscribe, confirm and unsubscribe say
"""

from __future__ import annotations

from briefing.stages.render.page import template
from briefing.stages.render.site.archive import (
    ON_FRONT,
    coming,
    front,
    headline,
    key_of,
    month,
    when,
)
from briefing.stages.render.site.edition import Notice, edition, notices
from briefing.stages.render.site.evidence import evidence
from briefing.stages.render.site.feeds import ATOM, IN_FEED, JSON, Entry, atom, json_feed
from briefing.stages.render.site.message import Message, SignUp, message
from briefing.stages.render.site.place import EVIDENCE, Issue, Masthead, Place, path

__all__ = [
    "ATOM",
    "EVIDENCE",
    "IN_FEED",
    "JSON",
    "ON_FRONT",
    "ROBOTS",
    "Entry",
    "Issue",
    "Masthead",
    "Message",
    "Notice",
    "Place",
    "SignUp",
    "atom",
    "coming",
    "edition",
    "evidence",
    "front",
    "headline",
    "icon",
    "json_feed",
    "key_of",
    "message",
    "month",
    "notices",
    "path",
    "stylesheet",
    "when",
]

ROBOTS = """User-agent: *
Disallow: /confirm/
Disallow: /unsubscribe/
Disallow: /subscribe
Disallow: /healthz
Disallow: /readyz
Disallow: /metrics
"""
"""robots.txt (RFC 9309). All pages carry ``noindex``, which a robot must read a page to see."""


def stylesheet() -> str:
    """``style.css``: that of ``digest.html``, and what only the site has."""
    return "".join(template(name).render() for name in ("digest.css", "site.css"))


def icon() -> str:
    """``icon.svg``: what a browser's tab shows."""
    return template("site-icon.svg").render()
