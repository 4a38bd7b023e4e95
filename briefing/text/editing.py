"""What became of an article's words: edited, taken back, or the same."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from briefing.news import Article, Passage

_ALIKE = 0.5
"""Least share of an article's neighbouring words that a later text of it has. Two reports on one
matter by different hands share less than a third; an edit leaves most sentences as they are."""

_LONGER = 1.25
"""How much longer an article may be than a text that is all it was taken from."""

_WORD = re.compile(r"\w+")
_PLAIN = str.maketrans("‘’‚“”„–—\u2011\u00a0", "'''\"\"\"--- ")

_STUB = 60
"""Words of what is left of a page whose article is gone, its menu included."""

# "RETRACTED: ..." as journals and agencies head what they take back, and the notice that stands in
# an article's place. Only "this": "the report was withdrawn" may be the news itself.
_HEADED = re.compile(
    r"\W*(?:retracted|retraction|withdrawn|withdrawal notice)\s*[:|]", re.IGNORECASE
)
_SAYS = (
    r"his (?:\w+ )?(?:article|story|report|post|page|item|piece) (?:has (?:since )?been|was|is) "
    r"(?:\w+ly )?(?:withdrawn|retracted|removed|taken down|deleted|unpublished)\b"
)
_NOTICE = re.compile(rf"\W*(?:(?:editor.?s.? )?note\W+)?t{_SAYS}", re.IGNORECASE)
_IN_STUB = re.compile(rf"\bT{_SAYS}")


def taken_back(title: str, passages: Sequence[Passage] = ()) -> bool:
    """Whether a headline, or the head of a text, says that the article is withdrawn.

    In a text of few words the notice may stand anywhere.
    """
    body = [passage.text for passage in passages if passage.kind == "sentence"]
    heads = (title, *body[:1], *(p.text for p in passages if p.kind == "title"))
    if any(_HEADED.match(head) or _NOTICE.match(head) for head in heads):
        return True
    whole = " ".join(body)
    return len(whole.split()) <= _STUB and bool(_IN_STUB.search(whole))


def closest(article: Article, texts: Sequence[Article]) -> Article | None:
    """The text that is most likely a later one of ``article``; ``None`` when none is like it.

    Of equals the first. Measured is the share of the article's pairs of neighbouring words that
    stand in the text too, wherever: a text that grew keeps them all, one of another article does
    not, nor does the stub in front of a paywall.
    """
    old = _pairs(article)
    shares = [len(old & _pairs(text)) / len(old) if old else 0.0 for text in texts]
    most = max(shares, default=0.0)
    return texts[shares.index(most)] if most >= _ALIKE else None


def not_much_longer(article: Article, text: Article) -> bool:
    """Whether ``article`` can have been made of ``text`` alone, or of an earlier form of it."""
    return len(_words(article)) <= _LONGER * len(_words(text))


def differs(old: Article, new: Article, *, whole: Article) -> bool:
    """Whether a sentence of either article is missing in the other.

    What was taken out of an article counts as there: a paragraph that is an advert today and was
    none yesterday is no edit. Neither are other line breaks, quote marks or capitals.

    Args:
        whole: ``new`` with all that was taken out of it.
    """
    there, then = _all(whole), _all(old)
    return any(_plain(p.text) not in there for p in old.passages) or any(
        _plain(p.text) not in then for p in new.passages
    )


def _all(article: Article) -> str:
    return _plain("\n".join([article.text, *(one.text for one in article.removed)]))


def _plain(text: str) -> str:
    return f" {' '.join(text.translate(_PLAIN).casefold().split())} "


def _words(article: Article) -> list[str]:
    return _WORD.findall(article.text.casefold())


def _pairs(article: Article) -> set[tuple[str, str]]:
    return set(pairwise(_words(article)))
