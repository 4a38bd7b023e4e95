"""When two links name one page, two tellings of an entry are the same, and ids one article."""

from __future__ import annotations

import re
from hashlib import sha256
from urllib.parse import urlsplit

from briefing.news import Entry

# Parameters that say where a reader came from, not what the page is. Names as documented by the
# vendors: Google and Urchin (utm_, gclid), Meta (fbclid), Microsoft (msclkid), Mailchimp (mc_),
# AT Internet (at_, xtor), Matomo (mtm_, pk_), Yandex (yclid), Instagram (igshid).
_TRACKING = re.compile(
    r"(?:utm_\w*|at_\w+|mtm_\w+|pk_\w+|mc_[ce]id|(?:fb|g|d|y|ms)clid|igshid|xtor|cmpid|ocid)(?==|$)",
    re.IGNORECASE,
)

_MARKUP = re.compile(r"<[^<>]*>")  # a counting pixel changes with every answer, the words do not


def page(link: str) -> str:
    """The link without what does not choose the page; ``""`` when it names no single page.

    Scheme, ``www.``, letter case of the host, default ports, tracking parameters and a closing
    slash are dropped. The query's order and a fragment are kept: a post of a live blog is often
    told from its neighbour by the fragment alone, and taking two pages for one would lose an
    article, while taking one for two costs a fetch. A bare site address is no page: some feeds
    give it for every entry.
    """
    try:
        parts = urlsplit(link.strip())
        port = parts.port
    except ValueError:  # a port or an IPv6 address that cannot be read
        return link.strip()
    host = (parts.hostname or "").removeprefix("www.")
    if not host:
        return link.strip()
    place = host if port in (None, 80, 443) else f"{host}:{port}"
    query = "&".join(p for p in parts.query.split("&") if p and not _TRACKING.match(p))
    fragment = "" if _TRACKING.match(parts.fragment) else parts.fragment
    path = parts.path.rstrip("/")
    if not (path or query or fragment):
        return ""
    return f"{place}{path}" + (f"?{query}" if query else "") + (f"#{fragment}" if fragment else "")


def page_id(link: str) -> str:
    """32 hex digits that are equal for links to one page; ``""`` when it names no single page.

    A digest, because PostgreSQL cannot index a text of any length.
    """
    name = page(link)
    return sha256(name.encode("utf-8", "backslashreplace")).hexdigest()[:32] if name else ""


def said_id(entry: Entry) -> str:
    """32 hex digits that are equal while an entry keeps the words of its title and body."""
    words = " ".join(f"{entry.title}\n{_MARKUP.sub(' ', entry.body)}".split())
    return sha256(words.encode("utf-8", "backslashreplace")).hexdigest()[:32]


MARK = "~"
"""Between the id of an article and the number of a later text of it."""


def later_text(id_: str, number: int) -> str:
    """The id of a later text of an article, ``ID~NUMBER``."""
    return f"{id_}{MARK}{number}"


def first_text(id_: str) -> str:
    """The id under which an article was stored first: ``ID`` of ``ID~NUMBER``."""
    return id_.partition(MARK)[0]
