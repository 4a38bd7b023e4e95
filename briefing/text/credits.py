"""Outlets that an article itself credits, read from credit lines, datelines and trailers."""

from __future__ import annotations

import re
from typing import NamedTuple


class Trim(NamedTuple):
    """A paragraph without its credit: what is kept, what was cut, why, and who is credited."""

    kept: str
    cut: str  # "" when nothing was cut
    reason: str
    credits: tuple[str, ...]


_AGENCIES = (
    "Reuters",
    "Associated Press",
    "AP",
    "AFP",
    "Agence France-Presse",
    "Bloomberg",
    "TASS",
    "Tass",
    "RIA Novosti",
    "Interfax",
    "Interfax-Ukraine",
    "Ukrinform",
    "UNIAN",
    "Xinhua",
    "DPA",
    "dpa",
    "EFE",
    "ANSA",
    "Kyodo",
    "Yonhap",
    "PA Media",
    "PA",
    "UPI",
    "ANI",
    "PTI",
    "IANS",
    "Anadolu",
    "BBC",
    "CNN",
    "NPR",
    "RFE/RL",
    "VOA",
    "Al Jazeera",
    "Axios",
    "Politico",
    "The Conversation",
    "Deutsche Welle",
    "DW",
    "Sputnik",
    "Meduza",
)
_FULL = {"AP": "Associated Press", "The Associated Press": "Associated Press"}
# Words that name an outlet; they tell "Fox News contributed" from "Jane Roe contributed".
_OUTLET = re.compile(
    r"\b(?:News|Times|Post|Press|Agency|Agencies|Journal|Guardian|Today|Herald|Tribune|Telegraph"
    r"|Independent|Jazeera|Pravda|Media|Radio|TV|Television|Broadcasting|Daily|Gazette|Chronicle|"
    r"Standard|Mail|Globe|Review|Magazine|Observer|Economist|Network|Service|Le Monde|Spiegel)\b"
)
_ITEM = re.compile(
    r"(?:the\s+)?[A-Z0-9][\w.’'&/+-]*(?:\s+(?:of|the|and|for|de|la|le|der|du|in|"
    r"[A-Z0-9][\w.’'&/+-]*)){0,6}"
)
_NOBODY = re.compile(
    r"(?:news |wire |other )?(?:agencies|services|reports|media|outlets|staff)", re.I
)
_TRAILER_WORDS = 40  # a trailer is short; a longer paragraph with its words tells something
_OPENING = (
    r"(?:according to|sources?|with (?:files|reporting|inputs?|information|material) (?:from|by)|"
    r"via"
    r"|(?:written|compiled|adapted|summari[sz]ed|based on|information|reports?|material)"
    r"(?: \w+)? (?:from|on|by)|credits?|first reported by|h/t|from|with)"
)
_WRAPPED = re.compile(
    rf"[\s–—-]*[(\[]\s*{_OPENING}\s*[:–—-]?\s*(?P<list>[^()\[\]]{{2,240}})[)\]]\s*\.?\s*\Z", re.I
)
_DASHED = re.compile(r"\s*[–—-]+\s*(?:with |by |via |from )?(?P<list>[^()\[\]]{2,120}?)\s*\.?\s*\Z")
_LINE = re.compile(
    r"\s*(?:sources?\s*:|(?:[–—-]+\s*)?with (?:files|reporting|inputs?|"
    r"information|material)(?: \w+)? (?:from|by)\s*:?|via\s*:|credits?\s*:|compiled from\s*:?)\s*"
    r"(?P<list>[^()\[\]]{2,240}?)\s*\.?\s*\Z",
    re.I,
)
_BRACKETED = re.compile(r"[(\[]\s*(?P<list>[A-Z][^()\[\]]{1,120})[)\]]\s*\.?\s*\Z")
_CONTRIBUTED = re.compile(
    r"[(\[]?(?P<list>.{2,200}?)\s+contributed (?:reporting\b|to this (?:report|story|"
    r"article)\b).*\Z",
    re.S,
)
_REPUBLISHED = re.compile(
    r"(?:this (?:article|story|report)\b.{0,40}\b)?(?:originally|first|re)[ -]?(?:published|"
    r"appeared) "
    r"(?:in|on|by|from|at)\s+(?P<list>[^.]{2,80}?)(?:\s+(?:on|under|and|in)\b.*|\.|\Z)",
    re.I,
)
_DATELINE = re.compile(
    r"(?P<place>[A-Z][A-Z’'.-]+(?:[ ,/]+[A-Z][\w’'.-]+){0,5}|[A-Z][\w’'.-]+(?:[ "
    r",/]+[A-Z][\w’'.-]*){0,4})?"
    r"(?:,?\s*(?:[A-Z][a-z]{2,8}\.?\s+\d{1,2}|\d{1,2}\s+[A-Z][a-z]{2,8}\.?)(?:,?\s+\d{4})?)?\s*"
    r"[(\[](?P<list>[A-Z][\w .’'&/+-]{1,40})[)\]]\s*(?:[–—-]+|:)\s+(?=\S)"
)
_TRAIL = re.compile(
    r"\s+(?:[(\[]\s*(?:with\b|additional\b|reporting\b|writing\b|editing\b|edited\b|source|"
    r"according to\b)"
    r"[^()\[\]]{2,300}[)\]]|[–—-]{1,2}\s*(?:with |by )?(?P<list>[A-Z][\w "
    r".’'&/-]{1,40}))\s*\.?\s*\Z",
    re.I,
)


def trim_credits(paragraph: str) -> Trim:
    """Take a credit out of one paragraph.

    A line that is nothing but a credit ("(According to Al Jazeera, ABC News)", "Source: Reuters,
    AFP", "— with AFP", "The Associated Press contributed to this report.") goes whole. A dateline
    that names an agency ("KYIV, Nov 19 (Reuters) - ") and a credit after the last sentence ("…
    (Reporting by …)", "… — AFP") are cut off. "According to Miller, Trump may …" is a sentence
    and stays: every item of a list must look like a name, and nothing may follow it.
    """
    for pattern, known in ((_WRAPPED, False), (_LINE, False), (_BRACKETED, True), (_DASHED, True)):
        match = pattern.match(paragraph)
        names = _outlets(match["list"], known=known) if match else None
        if names is not None:
            return Trim("", paragraph, "credit line", names)
    if len(paragraph.split()) <= _TRAILER_WORDS:
        match = _CONTRIBUTED.match(paragraph)
        if match:
            return Trim("", paragraph, "byline", _known(match["list"]))
        match = _REPUBLISHED.match(paragraph)
        names = _outlets(match["list"], known=False) if match else None
        if names:
            return Trim("", paragraph, "credit line", names)
    return _trim_ends(paragraph)


def _trim_ends(paragraph: str) -> Trim:
    """Cut a dateline's agency from the beginning, or a credit from the end."""
    match = _DATELINE.match(paragraph)
    names = _outlets(match["list"], known=True) if match else None
    if match and names:
        return Trim(paragraph[match.end() :], match.group().rstrip(), "dateline", names)
    match = _TRAIL.search(paragraph)
    if match and re.search(r"[.!?\"”’')]\s*\Z", paragraph[: match.start()]):
        dashed = match["list"] is not None
        names = _outlets(match["list"] or _names_in(match.group()), known=dashed)
        if names or not dashed:
            kept, cut = paragraph[: match.start()].rstrip(), match.group().strip()
            return Trim(kept, cut, "credit line" if names else "byline", names or ())
    return Trim(paragraph, "", "", ())


def _names_in(trailer: str) -> str:
    """The list inside "(Source: …)" or "(According to …)"; nothing for "(Reporting by …)"."""
    match = _WRAPPED.match(trailer.strip())
    return match["list"] if match and not re.match(r"\W*with\b.*\bby\b", trailer, re.I) else ""


def _outlets(listed: str, *, known: bool) -> tuple[str, ...] | None:
    """The outlets in a list such as "Al Jazeera, ABC News and the Washington Post".

    Args:
        listed: the list, without what introduces it.
        known: demand that each item is a known agency or holds a word that names outlets.

    Returns:
        ``None`` as soon as one item does not look like a name. "News agencies" counts as one but
        names nobody, so the result may be empty.
    """
    names: list[str] = []
    for item in _items(listed):
        if _NOBODY.fullmatch(item):
            continue
        if not _ITEM.fullmatch(item) or (known and not is_outlet(item)):
            return None
        if _plain(item) not in names:
            names.append(_plain(item))
    return tuple(names)


def _known(listed: str) -> tuple[str, ...]:
    """The outlets among people and outlets ("Fox News' Jane Roe and The Associated Press")."""
    names = (re.sub(r"(?<=\w)['’]s?\s+[A-Z].*$", "", item) for item in _items(listed))
    return tuple(dict.fromkeys(_plain(name) for name in names if is_outlet(name)))


def _items(listed: str) -> list[str]:
    parts = re.split(r"\s*[,;|]\s*(?:and\s+)?|\s+and\s+|\s+&\s+|\s+/\s+", listed)
    return [stripped for part in parts if (stripped := part.strip(" .:–—-"))]


def _plain(name: str) -> str:
    name = re.sub(r"^the\s+(?=[A-Z])", "", name)
    return _FULL.get(name, name)


def is_outlet(name: str) -> bool:
    """Whether ``name`` is that of a news agency, paper or broadcaster, as far as it tells."""
    bare = re.sub(r"^[Tt]he\s+", "", name)
    return bare in _AGENCIES or name in _AGENCIES or bool(_OUTLET.search(name))
