"""What stands in an article's text without being its matter, and the reason why.

General rules for English news: each names one thing that sites put between or around the
paragraphs, never one site's wording alone. A rule that needs the whole paragraph to be that thing
(``whole``) may be broad; one that looks only at the beginning (``opens``) or anywhere (``holds``)
is narrow and bound to short paragraphs, so that an article *about* newsletters, cookies or adverts
keeps its sentences.
"""

from __future__ import annotations

import re

from briefing.text.boilerplate.article import ARTICLE
from briefing.text.boilerplate.site import SITE

# Signals of a paragraph that sells something. One alone proves nothing: an article may quote a
# phone number or a web address.
_SELLING = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        r"\(\d{3}\)\s?\d{3}[- ]\d{4}|\b1?[- ]?(?:800|888|877)-\d{3}-\d{4}|\+\d[\d ()-]{8,}|"
        r"\b\d{3}[-.]\d{3}[-.]\d{4}",
        r"\b(?:www\.|https?://)\S+|\b[\w-]+\.(?:com|net|org|co|io|shop)\b(?!\w)",
        r"\b(?:book|order|buy|shop|reserve|call|visit|hire|rent|enquire|apply) (?:now|today|"
        r"online|us|a|an|"
        r"your|with|at|our|here)\b|\bdon[’']t hesitate\b|\bhesitate to\b|\bcontact us\b",
        r"\b(?:you|your)\b",
        r"(?-i:\b(?:[Ww]e|[Oo]ur|us)\b)",
        r"\b24/7\b|\b(?:discount|coupon|promo(?:tion(?:al)?)? code|special offer|limited time|free "
        r"(?:shipping|delivery|quote|trial)|best price|lowest price|\d+% off|money[- ]back)\b",
        r"\b(?:reliable|convenient|comfortable|affordable|hassle-free|professional|trusted|"
        r"award-winning|"
        r"high-quality|seamless)\b",
    )
)
_QUOTED = re.compile(r"[\"“][^\"”]*(?:[\"”]|\Z)")
_MADE = frozenset({"subscription plea", "contact line", "social line"})
_LONGEST = 4_000  # characters; no boilerplate paragraph is that long
_SALE = 150  # words of the longest advert paragraph; real ones in the seeds' kind have 70 to 90
_SELLS = 4  # of the seven signals; in 102 measured articles one paragraph has four: a plea for tips


def reason(paragraph: str) -> str:
    """Why ``paragraph`` is no matter of an article; ``""`` when no rule knows it.

    Args:
        paragraph: one line of text.

    Returns:
        A short stable phrase such as ``"subscription plea"``, fit for counting.
    """
    if len(paragraph) > _LONGEST:
        return ""
    count = len(paragraph.split())
    unquoted = _QUOTED.sub(" ", paragraph)  # a plea that is quoted is told, not made
    for rule in (*SITE, *ARTICLE):
        told = unquoted if rule.reason in _MADE else paragraph
        if count <= rule.most_words and rule.pattern.match(told):
            return rule.reason
    if count <= _SALE and sum(bool(s.search(unquoted)) for s in _SELLING) >= _SELLS:
        return "advert"
    return ""


_OPENS_LINKS = re.compile(
    r"\W*(?:read|see|learn|watch|more|related|recommended|also|most|trending|popular|latest|"
    r"don[’']?t"
    r"|top stories|you (?:may|might)|editor|in case|further|up next|story timeline|elsewhere|around"
    r"|from our|promoted|sponsored|explore)\b",
    re.I,
)


def opens_links(paragraph: str) -> bool:
    """Whether a removed paragraph is a heading under which links to other pages stand."""
    return len(paragraph.split()) <= 8 and bool(_OPENS_LINKS.match(paragraph))
