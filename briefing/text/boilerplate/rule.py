"""What a boilerplate rule is, and the words that several rules share."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple


class Rule(NamedTuple):
    """One rule: the reason it gives, and when a paragraph falls under it."""

    reason: str
    pattern: re.Pattern[str]  # matched at the paragraph's beginning
    most_words: int  # longer paragraphs are left alone


def rules(
    reason: str, where: Literal["whole", "opens", "holds"], most_words: int, *patterns: str
) -> tuple[Rule, ...]:
    """Rules of one reason: the paragraph *is* the pattern, *opens* with it, or *holds* it.

    Case does not matter but inside ``(?-i:...)``; bullets before and stops after are passed over.
    """
    before = r"(?s:.*?)" if where == "holds" else r"[\s*•·>»▶►|–—-]*"
    after = r"[\s.!:…»>→|*]*\Z" if where == "whole" else ""
    return tuple(
        Rule(reason, re.compile(f"{before}(?:{pattern}){after}", re.I), most_words)
        for pattern in patterns
    )


NET = (
    r"(?:facebook|twitter|x|instagram|telegram|whatsapp|youtube|linkedin|tiktok|pinterest|reddit"
    r"|threads|bluesky|mastodon|tumblr|snapchat|viber|google news|google\+|flipboard|rss|messenger)"
)
NAME = r"(?-i:[A-ZÀ-Þ][\w.'’-]*)"
PERSON = rf"{NAME}(?:\s+(?:de|van|von|al|el|bin|la))?(?:\s+{NAME}){{1,3}}"
PERSONS = rf"{PERSON}(?:(?:\s*,\s*(?:and\s+)?|\s+and\s+|\s*&\s*|\s*;\s*){PERSON})*"
ROLE = (
    r"(?:reporter|correspondent|writer|editor|journalist|columnist|contributor|author|producer"
    r"|professor|fellow|researcher|blogger|analyst)"
)
# One part of a date, a time or of the words around them. Atomic: each part is read in one way, so a
# long row of numbers cannot be read in exponentially many.
STAMP = (
    r"(?>(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\b"
    r"|(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\b"
    r"|\d{1,4}[-./]\d{1,2}[-./]\d{1,4}(?:t|\b)|t?\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:[ap]\.?m|z|h)?\b"
    r"|(?:19|20)\d\d\b|\d{1,2}(?:st|nd|rd|th)?\b|[ap]\.?m\b|[|•·,.–—()/-]|at\b|on\b|gmt\b|utc\b"
    r"|bst\b|[ecmp][sd]?t\b|cest\b|ee?s?t\b|ist\b|[+]\d{1,2}|(?:last |first )?(?:published|updated"
    r"|posted|modified|edited)(?: (?:at|on))?:?|ago\b|hours?\b|hrs?\b|min(?:ute)?s?\b|days?\b|date:"
    r"|time:|read\b)\s*)"
)
