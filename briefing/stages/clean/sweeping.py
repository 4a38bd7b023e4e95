"""Judge an article's paragraphs by rules: each alone, by its ends, and by what stands over it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from briefing.news import Removed
from briefing.text import instructions
from briefing.text.boilerplate import opens_links, reason
from briefing.text.credits import trim_credits
from briefing.text.sentences import sentences

# Reasons that also hold for the last sentence of a paragraph. Bylines, captions and technical
# lines do not: a last sentence of one name or one word belongs to what stands before it.
_TAIL_REASONS = frozenset(
    {
        "subscription plea",
        "social line",
        "related links",
        "comments notice",
        "copyright line",
        "cookie line",
        "contact line",
        "feed trailer",
    }
)
_ANYWHERE = instructions.REASONS
_BLOCK = 12  # paragraphs between an opening control token and the one that closes it
_LINK_WORDS = 20  # a link to another article is its headline; longer lines are prose


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph after the sweep."""

    number: int  # as in the article's passages; the body starts at 1
    kept: str  # "" when all of it went
    removed: tuple[Removed, ...] = ()
    credits: tuple[str, ...] = field(default=())


def sweep(texts: Sequence[str]) -> list[Paragraph]:
    """Judge the body's paragraphs, given in order; the result has as many."""
    swept = [_alone(number, text) for number, text in enumerate(texts, start=1)]
    return _runs(_blocks(swept))


def _alone(number: int, text: str) -> Paragraph:
    removed: list[Removed] = []
    credits: list[str] = []
    kept = text
    while kept:
        trim = trim_credits(kept)
        if not trim.cut:
            break
        removed.append(Removed(trim.cut, trim.reason))
        credits += trim.credits
        kept = trim.kept
    if kept:
        kept, cut = _judged(kept)
        removed += cut
    return Paragraph(number, kept, tuple(removed), tuple(dict.fromkeys(credits)))


def _judged(text: str) -> tuple[str, list[Removed]]:
    """What of a paragraph is kept, and what is cut with its reason.

    Words to the machine are cut wherever they stand, other boilerplate where it is the paragraph
    or its last sentences. A paragraph that a rule knows but that opens with a sentence of its own
    loses only those. Control tokens take their whole paragraph with them: what stands between
    them is the message of somebody who is not the author.
    """
    if instructions.has_token(text):
        return "", [Removed(text, instructions.TOKEN)]
    why = reason(text)
    spans = sentences(text)
    verdicts = [_verdict(text[start:end]) for start, end in spans]
    doomed = {n for n, verdict in enumerate(verdicts) if verdict in _ANYWHERE}
    last = len(spans) - 1
    while last > 0 and (verdicts[last] in _TAIL_REASONS or last in doomed):
        doomed.add(last)
        last -= 1
    partly = why in _TAIL_REASONS and doomed and not verdicts[0]
    if why and not partly:
        told = instructions.MACHINE if instructions.MACHINE in verdicts else why
        return "", [Removed(text, told)]
    if not doomed:
        return text, []
    kept = " ".join(text[s:e] for n, (s, e) in enumerate(spans) if n not in doomed)
    return kept, [Removed(text[spans[n].start : spans[n].end], verdicts[n]) for n in sorted(doomed)]


def _verdict(sentence: str) -> str:
    return instructions.addressed(sentence) or reason(sentence)


def _blocks(paragraphs: list[Paragraph]) -> list[Paragraph]:
    """Take out what stands between a paragraph that opens a control token and one that ends it."""
    taken = [any(cut.reason == instructions.TOKEN for cut in p.removed) for p in paragraphs]
    result = list(paragraphs)
    for first, paragraph in enumerate(paragraphs):
        if not (taken[first] and instructions.opens_tokens(paragraph.removed[-1].text)):
            continue
        after = range(first + 1, min(first + 1 + _BLOCK, len(paragraphs)))
        closing = next((n for n in after if taken[n]), first)
        for number in range(first + 1, closing):
            if kept := paragraphs[number].kept:
                cut = Removed(kept, instructions.TOKEN)
                removed = (*paragraphs[number].removed, cut)
                result[number] = replace(paragraphs[number], kept="", removed=removed)
    return result


def _runs(paragraphs: list[Paragraph]) -> list[Paragraph]:
    """Take out the lines under a line that introduces links ("Read more:", "Related stories")."""
    result: list[Paragraph] = []
    running = False
    for paragraph in paragraphs:
        if paragraph.removed and not paragraph.kept:
            running = running or opens_links(paragraph.removed[-1].text)
        elif running and _is_link(paragraph.kept):
            cut = Removed(paragraph.kept, "related links")
            paragraph = replace(paragraph, kept="", removed=(*paragraph.removed, cut))
        else:
            running = False
        result.append(paragraph)
    return result


def _is_link(text: str) -> bool:
    return len(text.split()) <= _LINK_WORDS and text[-1] not in '.!"”:;'
