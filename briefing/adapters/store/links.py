"""When two links name the same page."""

from __future__ import annotations

import re
from hashlib import sha256
from urllib.parse import urlsplit

# Parameters that say where a reader came from, not what the page is. Names as documented by the
# vendors: Google and Urchin (utm_, gclid), Meta (fbclid), Microsoft (msclkid), Mailchimp (mc_),
# AT Internet (at_, xtor), Matomo (mtm_, pk_), Yandex (yclid), Instagram (igshid).
_TRACKING = re.compile(
    r"(?:utm_\w*|at_\w+|mtm_\w+|pk_\w+|mc_[ce]id|(?:fb|g|d|y|ms)clid|igshid|xtor|cmpid|ocid)(?==|$)",
    re.IGNORECASE,
)


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
