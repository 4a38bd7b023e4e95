"""What the writer is asked, and what its answers are.

Pure: :func:`prompts` and :func:`confined` make the question, :func:`read` understands whatever came
back and never adds a word to it. The model stands between them, in the pipeline.

The parts of a confined prompt are separated by blank lines: the model adapter takes what stands
between the first and the last of them as the passage.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from briefing.formats import Manner, flat, writer_prompt
from briefing.news import Article, Development, Draft, Fact, Option, Passage, Prompt
from briefing.text.sentences import sentences
from briefing.text.words import word_count

Style = Literal["manners", "reports", "confined"]
"""``reports``: numbered reports with outlets, a headline and a statement wanted; it suits any model
that follows instructions. ``manners``: the same, close to the wording; what the shipped writer is
trained on. ``confined``: one sentence to be made shorter, chosen from those that are proven."""

_SHORTEN = "Shorten this sentence. Keep the facts and the original words; only leave out details."
_HEADLINE_WORDS = 18  # more is no headline: the longest of 1,476 gold headlines has 12
_MOST_SENTENCES = 3  # of one answer; a fact needs one


def prompts(
    developments: Iterable[Development], articles: Mapping[str, Article], *, style: Style
) -> list[Prompt]:
    """One prompt for each fact, in order, to be answered freely.

    ``articles`` (by id) lend their outlet labels to the passages.
    """
    manner: Manner = "close" if style == "manners" else ""
    return [
        Prompt(
            fact=fact,
            text=writer_prompt(
                [(articles[p.article].label, p.text) for p in fact.passages], manner
            ),
        )
        for development in developments
        for fact in development.facts
    ]


def confined(fact: Fact, passage: Passage, options: Sequence[Option], *, attempt: int) -> Prompt:
    """The question about one passage of a fact that only ``options`` answer."""
    text = f"{_SHORTEN}\n\n{flat(passage.text)}\n\nShort sentence:"
    return Prompt(fact=fact, text=text, attempt=attempt, options=tuple(options))


# -- reading -----------------------------------------------------------------------------------

_LABEL = re.compile(
    r"^(?:[#*\-•>\s]|\d{1,2}[.)]\s|\[\d+\]\s)*+"
    r"(?:\**(?P<label>headline|title|statement|short(?:er|ened)? sentence|sentence|summary|answer|"
    r"output|text)\**\s*:\s*\**)?\s*",
    re.IGNORECASE,
)
_CONTROL = re.compile(
    r"<\|[^|>\n]{0,40}\|>(?:system|user|assistant)?|[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u2028-\u202e\ufeff]"
)
_ENDED = re.compile(r"[.!?…][\"”’')\]]*$")
_WRAPPED = re.compile(r"^(?:\"(?P<a>[^\"]+)\"|“(?P<b>[^“”]+)”|\*+(?P<c>[^*]+)\*+)$")


def read(prompt: Prompt, answer: str) -> list[Draft]:
    """The drafts in a raw answer: one for each of its sentences, three at most.

    The first carries the headline, if there is one. Labels, list marks, wrapping quotes and JSON
    are taken off; lines of the prompt, lines that announce ("Here is ...:"), text without letters
    and a last sentence that breaks off are left out. So is a sentence copied whole from a passage:
    that is printed as the source's own words, not as the writer's. No word is ever added.
    """
    headline, body = _structured(answer) or _lines(prompt, answer)
    passages = {flat(p.text) for p in prompt.fact.passages}
    statements: list[str] = []
    for line in body:
        for start, end in sentences(line):
            sentence = line[start:end]
            echo = sentence in prompt.text and not any(sentence in p for p in passages)
            whole = _ENDED.search(sentence) and _has_letters(sentence)
            if whole and not echo and sentence not in passages:
                statements.append(sentence)
    statements = list(dict.fromkeys(statements))[:_MOST_SENTENCES]
    if word_count(headline) > _HEADLINE_WORDS or headline in passages:
        headline = ""
    if not statements:
        return [Draft(prompt.fact, headline, "", prompt.attempt)] if headline else []
    heads = [headline] + [""] * (len(statements) - 1)
    return [
        Draft(prompt.fact, head, statement, prompt.attempt)
        for head, statement in zip(heads, statements, strict=True)
    ]


def _structured(answer: str) -> tuple[str, list[str]] | None:
    """Headline and statement of an answer that is a JSON object; ``None`` if it is none."""
    start, end = answer.find("{"), answer.rfind("}")
    if not 0 <= start < end:
        return None
    try:
        found = json.loads(answer[start : end + 1])
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict):
        return None
    texts = {str(k).lower(): flat(v) for k, v in found.items() if isinstance(v, str)}
    body = texts.get("statement") or texts.get("sentence") or texts.get("text") or ""
    return texts.get("headline") or texts.get("title") or "", [body] if body else []


def _lines(prompt: Prompt, answer: str) -> tuple[str, list[str]]:
    """Headline ("" when there is none) and the other lines of a plain answer."""
    asked = {flat(line) for line in prompt.text.splitlines()}
    passages = {flat(p.text) for p in prompt.fact.passages}
    headline = ""
    body: list[str] = []
    for raw in _CONTROL.sub(" ", answer).splitlines():
        line = flat(raw)
        if not line or (line in asked and line not in passages):
            continue
        marks = _LABEL.match(line)
        label = (marks["label"] or "").lower() if marks else ""
        line = _unwrapped(line[marks.end() :] if marks else line, passages)
        if not _has_letters(line) or line.endswith(":"):
            continue
        if label in ("headline", "title") or (
            not label and not headline and not body and not _ENDED.search(line)
        ):
            headline = headline or line
        else:
            body.append(line)
    return headline, body


def _unwrapped(line: str, passages: Iterable[str]) -> str:
    """Without the quotes or stars around a whole line, unless they are the source's own."""
    wrapped = _WRAPPED.match(line)
    if not wrapped or any(line in passage for passage in passages):
        return line
    return (wrapped["a"] or wrapped["b"] or wrapped["c"]).strip()


def _has_letters(text: str) -> bool:
    return sum(c.isalpha() for c in text) >= 3
