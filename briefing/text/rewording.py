"""The same sentence in the words and the order of a news desk: who says it first, plain words.

Each rule is an alternation of English that leaves the claim as it is: *allow Kyiv to fire* and *let
Kyiv fire*, *President Joe Biden* and *Biden*, "…, officials said" and "Officials said …". What is
quoted is left alone. A sentence of the writer counts as proven when it is a shortening of its
passage or of one of these versions, so a rule here must never change who did what, when, how
surely, or who says so; a rule that could be made to is not here. The tables are reviewed by hand.

The method is that of paraphrase by licensed rules (entailment rules: Dagan et al. 2013,
"Recognizing textual entailment").
"""

from __future__ import annotations

import re
from functools import lru_cache

from briefing.text.attribution import fronted
from briefing.text.patterns import Put
from briefing.text.plainwords import RULES
from briefing.text.quotes import quotations
from briefing.text.words import REMEMBERED


def versions(text: str) -> tuple[str, ...]:
    """``text`` and its other versions, the plainest first; ``text`` itself is the last.

    At most four: its attribution in front or where it stands, its words plain or as they are.
    """
    return _versions(" ".join(text.split()))


@lru_cache(maxsize=REMEMBERED)
def _versions(text: str) -> tuple[str, ...]:
    first = fronted(text)
    found = dict.fromkeys([plain(first) if first else "", plain(text), first])
    return (*(version for version in found if version and version != text), text)


@lru_cache(maxsize=REMEMBERED)
def plain(text: str) -> str:
    """``text`` with its roundabout words made plain, outside quotation marks.

    Every rule is applied once, in the order of the table.
    """
    for pattern, put in RULES:
        if pattern.search(text):
            text = _outside_quotes(text, pattern, put)
    return text


def _outside_quotes(text: str, pattern: re.Pattern[str], put: Put) -> str:
    quoted = [(q.start - 1, q.end + 1) for q in quotations(text)]

    def one(found: re.Match[str]) -> str:
        if any(start < found.end() and found.start() < end for start, end in quoted):
            return found.group()
        made = put(found) if callable(put) else found.expand(put)
        return made[:1].upper() + made[1:] if found.group()[:1].isupper() else made

    return pattern.sub(one, text)
