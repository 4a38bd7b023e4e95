"""The board of quotes: exact words, and only where the speaker is certain."""

from __future__ import annotations

from typing import NamedTuple

from briefing.news import Article, BoardLine, Passage
from briefing.stages.compose.material import Material, SourcingOf, overlap, quoted
from briefing.text.persons import full_name
from briefing.text.quotes import Quotation, normalise, quotations, speaker
from briefing.text.words import content_stems

LEAST_WORDS = 5
MOST_WORDS = 45  # a longer one is read as an article, not on a board
MOST_LINES = 5
GOOD_LENGTH = range(8, 33)  # words; a full thought that a phone shows in three lines


class _Found(NamedTuple):
    who: str
    words: str
    passage: Passage
    article: Article
    score: float


def quotes(material: Material, sourcing: SourcingOf) -> tuple[BoardLine, ...]:
    """At most five quotations of five words or more, best first, one for each speaker first.

    A quotation that another article carries too, whole or in part, is shown once.
    """
    found = [
        _Found(who, words, passage, article, _score(words, passage, material))
        for article in material.articles
        for passage in article.body
        for who, words in _spoken(passage, article)
    ]
    found.sort(key=lambda f: -f.score)  # stable: equal scores keep the order of the briefs
    chosen: list[_Found] = []
    for first_round in (True, False):
        for item in found:
            if len(chosen) == MOST_LINES:
                break
            heard = any(_surname(c.who) == _surname(item.who) for c in chosen)
            if (first_round and heard) or any(_same(c, item) for c in chosen):
                continue
            chosen.append(item)
    chosen.sort(key=lambda f: -f.score)
    return tuple(
        BoardLine(f.who, quoted(f.passage, f.article, sourcing, text=f.words)) for f in chosen
    )


def _spoken(passage: Passage, article: Article) -> list[tuple[str, str]]:
    """(speaker, words) of the quotations in a passage that may stand on the board."""
    found = []
    for quotation in quotations(passage.text):
        if not quotation.closed or not LEAST_WORDS <= quotation.count <= MOST_WORDS:
            continue
        if not quotation.words[:1].isupper():
            continue  # "seeking to “escalate …”": alone it would read as the speaker's own call
        who = speaker(passage.text, quotation, _before(passage, article))
        if who:
            found.append((full_name(who, article.text), _exact(quotation)))
    return found


def _before(passage: Passage, article: Article) -> str:
    """The sentence ahead of the passage: what a pronoun in it may point at."""
    ahead = [p for p in article.body if p.index < passage.index]
    return ahead[-1].text if ahead else ""


def _exact(quotation: Quotation) -> str:
    """The quoted words without the comma that belongs to the sentence around them."""
    return quotation.words.removesuffix(",")


def _score(words: str, passage: Passage, material: Material) -> float:
    """How good a quotation is: on the day's matter, cited, a whole sentence, of good length."""
    stems = set(content_stems(words))
    whole = words[:1].isupper() and words[-1:] in ".!?…"
    return (
        2 * overlap(stems, material.theme)
        + (passage.key in material.cited)
        + 0.5 * whole
        + 0.5 * (len(words.split()) in GOOD_LENGTH)
    )


def _same(a: _Found, b: _Found) -> bool:
    """Whether two quotations are one: equal, one within the other, or nearly all words shared."""
    x, y = normalise(a.words).casefold().rstrip(".!?"), normalise(b.words).casefold().rstrip(".!?")
    if x in y or y in x:
        return True
    shared = overlap(set(content_stems(a.words)), set(content_stems(b.words)))
    return shared >= (0.6 if _surname(a.who) == _surname(b.who) else 0.8)


def _surname(name: str) -> str:
    parts = [part for part in name.split() if part not in ("Jr.", "Sr.")]
    return parts[-1].casefold() if parts else ""
