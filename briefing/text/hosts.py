"""Host names as the net knows them, and web addresses that show where they lead."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

import idna

LONGEST = 2000
"""Characters of a web address. Browsers take more; no article measured has 400."""

_NAME = re.compile(r"[a-z0-9._-]+|\[[0-9a-f:.]+\]", re.IGNORECASE)
_ADDRESS = re.compile(r"(?:https?:/*|(?=www\.))(?:[^\s/@]*@)?([^\s/:?#@]+)", re.IGNORECASE)
_ASCII = "".join(map(chr, range(0x21, 0x7F)))


def ascii_host(name: str) -> str:
    """``name`` in small ASCII letters, "xn--" where it is international (IDNA 2008, RFC 5891, after
    the mapping of UTS 46); "" when it is no host name."""
    try:
        return idna.encode(name, uts46=True, std3_rules=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        return ""


def plain_address(url: str) -> str:
    """An http or https address as it is safe to print: what stands where the host is looked for is
    the host. "" when ``url`` is no such address, or a longer one.

    A name and password before the host are dropped ("https://reuters.com@evil.example"), an
    international host is spelled in ASCII, so that a letter of another alphabet shows, and so is
    the rest, where letters written from right to left would turn the order of what is seen. An
    address without any of that stays as it is.
    """
    if len(url) > LONGEST or re.search(r"[\s<>\"'`\\{}|^\x00-\x20\x7f-\xa0]", url):
        return ""
    try:
        parts = urlsplit(url)
        name, port = parts.hostname or "", parts.port
    except ValueError:
        return ""
    if parts.scheme.lower() not in ("http", "https") or not name:
        return ""
    host = f"[{name}]" if ":" in name else name
    host = host if host.isascii() else ascii_host(host)
    if not _NAME.fullmatch(host):
        return ""
    if url.isascii() and "@" not in parts.netloc:
        return url
    place = host if port is None else f"{host}:{port}"
    try:
        path, query, fragment = (
            quote(part, safe=_ASCII) for part in (parts.path, parts.query, parts.fragment)
        )
    except UnicodeEncodeError:  # half of a surrogate pair
        return ""
    return parts._replace(netloc=place, path=path, query=query, fragment=fragment).geturl()


def names_another(title: str, url: str) -> str:
    """``at evil.example``, the host of ``url``, where ``title`` looks like an address of another
    one: a reader takes the words of a link for where it leads. Else ""."""
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    named = {found[1].lower().removeprefix("www.") for found in _ADDRESS.finditer(title)}
    return f"at {host}" if host and named - {host} else ""
