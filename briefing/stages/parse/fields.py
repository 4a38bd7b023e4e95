"""Titles, links and dates as every source format writes them -> as the rest of the program reads.

Normalised here, at the door, so that no later stage needs to know which format an entry came from.
"""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from hashlib import sha256
from urllib.parse import quote, urljoin, urlsplit

from briefing.text.characters import UNSEEN, tidy
from briefing.text.markup import without_unshown

EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)
"""Before the first news feeds: such a date is a placeholder (epoch 0, year 1)."""
LATEST = datetime(2100, 1, 1, tzinfo=UTC)

MAX_TITLE = 1000  # characters: several times the longest headline
MAX_LINK = 8000  # characters: no server has to take more (RFC 9110, 4.1)

# Only names of HTML, so that "x < y" and "<unnamed>" in a headline survive.
_TAG = re.compile(
    r"</?(?:a|abbr|acronym|address|article|aside|b|big|blockquote|br|center|cite|code|dd|del|dfn|"
    r"div|dl|dt|em|figcaption|figure|font|footer|h[1-6]|header|hr|i|iframe|img|ins|kbd|li|main|"
    r"mark|nav|nobr|ol|p|picture|pre|q|s|samp|script|section|small|source|span|strike|strong|"
    r"style|sub|sup|svg|table|tbody|td|tfoot|th|thead|time|tr|tt|u|ul|var|video|wbr)"
    r"(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
# What no address holds as it is; a browser sends these encoded
_UNWRITTEN = re.compile(rf"\s|{UNSEEN.pattern}")

# Query parameters that say how a reader came and not what they read: of the large analytics and
# mail vendors, and those that the feeds of BBC, DW, FT, NYT, WSJ, Washington Post, Guardian, Al
# Jazeera and France 24 append to their links.
_TRACKING = re.compile(
    r"(?:utm_|at_|mc_|pk_|mtm_|hsa_|vero_|oly_|ns_|guce_|soc_).*|"
    r"fbclid|gclid|dclid|gbraid|wbraid|msclkid|yclid|twclid|ttclid|igshid|_hsenc|_hsmi|mkt_tok|"
    r"cmp|cmpid|cmp_id|ncid|ocid|icid|itid|smid|smtyp|emc|traffic_source|xtor|maca|ftcamp|ftag|"
    r"sref|guccounter|wt\.mc_id|wt_mc|ref_src|ref_url|__twitter_impression|ito",
    re.IGNORECASE,
)
_SAYS_RSS = re.compile(r"(?:mod|partner|source|src|ref|from|medium)=rss.*", re.IGNORECASE)
_MONTHS = {
    "jan": "january", "feb": "february", "mar": "march", "apr": "april", "may": "may",
    "jun": "june", "jul": "july", "aug": "august", "sep": "september", "oct": "october",
    "nov": "november", "dec": "december",
}  # fmt: skip
_DAY_FIRST = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th)?\.?\s+([A-Za-z]{3,9})\.?,?\s+(\d{4})\b")
_MONTH_FIRST = re.compile(r"\b([A-Za-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})\b")
_NO_YEAR = re.compile(r"[A-Za-z]{3}\.?[ -]0\d{3}\b")  # "Jan 0001", which the library reads as 2001
_CLOCK = re.compile(r"\b(\d{1,2}):(\d{2})\b(?::(\d{2}))?\s*([ap])?\.?m?", re.IGNORECASE)


def sound(text: str) -> str:
    """Text that can be stored: no NUL, no half of a surrogate pair."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def plain(text: str) -> str:
    """One line of plain text as a reader sees it: tags, comments and elements that are not shown
    are dropped, entities decoded (twice: feeds escape double), unseen characters dropped (NFC)."""
    text = sound(text)
    for _ in range(2):
        text = _TAG.sub(" ", without_unshown(text))
        text = _ENTITY.sub(lambda found: html.unescape(found.group()), text)
    text = tidy(_TAG.sub(" ", text))
    # A tag beside punctuation left a space that the reader does not see
    return re.sub(r"\s+([,.;:!?%)\]’”])(?=\s|$)", r"\1", text)


def title(text: str) -> str:
    """One line of plain text, as long as a title can be; a longer one ends with "…"."""
    line = plain(text[: 20 * MAX_TITLE])
    return line if len(line) <= MAX_TITLE else f"{line[:MAX_TITLE].rstrip()}…"


def is_html(text: str) -> bool:
    """Whether the text carries HTML tags or entities."""
    return bool(_TAG.search(text) or _ENTITY.search(text))


def link(text: str, base: str = "") -> str:
    """Absolute http(s) address without tracking parameters; "" when it is none."""
    if len(text) > MAX_LINK:
        return ""
    text = sound(text).strip()
    text = _UNWRITTEN.sub(lambda found: quote(found.group()), re.sub(r"[\t\r\n]", "", text))
    try:
        whole = urljoin(base, text) if base else text
        parts = urlsplit(whole)
        host = parts.hostname
    except ValueError:
        return ""
    if not text or parts.scheme not in ("http", "https") or not host:
        return ""
    kept = [pair for pair in parts.query.split("&") if not _tracks(pair)]
    fragment = "" if _tracks(parts.fragment) else parts.fragment
    return parts._replace(query="&".join(kept), fragment=fragment).geturl()


def moment(value: object) -> datetime | None:
    """Aware UTC time of a text in any usual form, or of seconds since 1970; None if implausible.

    A time without zone is read as UTC; a date without time is its midnight.
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return _from_epoch(float(value))
    if not isinstance(value, str) or not (text := " ".join(value.split())[:100]):
        return None
    if re.fullmatch(r"\d{9,13}(\.\d+)?", text):
        return _from_epoch(float(text))
    if _NO_YEAR.search(text):
        return None
    for read in (datetime.fromisoformat, parsedate_to_datetime, _from_words):
        try:
            found = read(text)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
        return plausible(found)
    return None


def plausible(found: datetime) -> datetime | None:
    """The same moment in UTC, or None when no news feed can mean it."""
    found = found if found.tzinfo else found.replace(tzinfo=UTC)
    try:
        found = found.astimezone(UTC)
    except (OverflowError, ValueError):
        return None
    return found if EARLIEST <= found < LATEST else None


def fingerprint(*texts: str) -> str:
    """16 hex digits that change with any of the texts."""
    return sha256("\0".join(texts).encode("utf-8", "replace")).hexdigest()[:16]


def _tracks(pair: str) -> bool:
    name, _, _ = pair.partition("=")
    return bool(_TRACKING.fullmatch(name) or _SAYS_RSS.fullmatch(pair))


def _from_epoch(seconds: float) -> datetime | None:
    if seconds > 1e11:  # milliseconds
        seconds /= 1000
    try:
        return plausible(datetime.fromtimestamp(0, UTC) + timedelta(seconds=seconds))
    except (OverflowError, ValueError):
        return None


def _from_words(text: str) -> datetime:
    """ "22 November 2024", "Nov. 22, 2024 10:30 p.m.", in English.

    Raises:
        ValueError: no such date in it.
    """
    if found := _DAY_FIRST.search(text):
        day, month, year = found.groups()
    elif found := _MONTH_FIRST.search(text):
        month, day, year = found.groups()
    else:
        raise ValueError(text)
    number = _month(month.lower())
    hour = minute = second = 0
    if clock := _CLOCK.search(text, found.end()):
        hour, minute, second = int(clock[1]), int(clock[2]), int(clock[3] or 0)
        if clock[4]:
            hour = hour % 12 + (12 if clock[4].lower() == "p" else 0)
    return datetime(int(year), number, int(day), hour, minute, second, tzinfo=UTC)


def _month(word: str) -> int:
    """ "nov", "sept" or "november" -> 11, 9, 11.

    Raises:
        ValueError: no month.
    """
    if word == "sept" or word in (word[:3], _MONTHS.get(word[:3])):
        return list(_MONTHS).index(word[:3]) + 1
    raise ValueError(word)
