"""What the writer is asked, and what its answers are.

Pure: :func:`prompts` and :func:`rewrite` make the question, :func:`read` understands whatever came
back and never adds a word to it. The model stands between them, in the pipeline.

The parts of a prompt are separated by blank lines where the writer is to keep to the passage: the
model adapter takes what stands between the first and the last blank line as the passage.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from briefing.formats import Manner, flat, writer_prompt
from briefing.news import Article, Development, Draft, Fact, Passage, Prompt
from briefing.text.sentences import sentences
from briefing.text.words import word_count

Style = Literal["manners", "reports", "shorten"]
"""``reports``: numbered reports with outlets, a headline and a statement wanted; it suits any model
that follows instructions. ``manners``: the same with the manner named, close first and short in the
second attempt; what the shipped writer is trained on. ``shorten``: one sentence to be made shorter;
what an untrained small model can do."""

_SHORTEN = "Shorten this sentence. Keep the facts and the original words; only leave out details."
_SHORTEN_AGAIN = "Write only the main fact of this sentence, in its own words."
_HEADLINE_WORDS = 18  # more is no headline: the longest of 1,476 gold headlines has 12
_MOST_SENTENCES = 3  # of one answer; a fact needs one


def prompts(
    developments: Iterable[Development], articles: Mapping[str, Article], *, style: Style
) -> list[Prompt]:
    """One prompt for each fact, in order.

    ``articles`` (by id) lend their outlet labels to the passages.
    """
    return [
        Prompt(fact=fact, text=_ask([flat(p.text) for p in fact.passages], fact, articles, style))
        for development in developments
        for fact in development.facts
    ]


def rewrite(prompt: Prompt, articles: Mapping[str, Article], *, style: Style) -> Prompt:
    """The second and easier question about the same fact.

    Another passage alone, the shortest; where there is none, the main clause of the only one.
    """
    first, *others = prompt.fact.passages
    if others:
        chosen = min(others, key=lambda p: (len(p.text), p.key))
        return _again(prompt.fact, chosen, flat(chosen.text), articles, style)
    return _again(prompt.fact, first, main_clause(flat(first.text)), articles, style)


def _again(
    fact: Fact, passage: Passage, text: str, articles: Mapping[str, Article], style: Style
) -> Prompt:
    alone = Fact(passages=(passage,))
    if style == "shorten":
        return Prompt(fact=fact, text=_shorten(text, _SHORTEN_AGAIN), attempt=2)
    if style == "manners":
        text = flat(passage.text)  # the shorter manner does what the main clause alone would
    return Prompt(fact=fact, text=_ask([text], alone, articles, style, again=True), attempt=2)


def _ask(
    texts: Sequence[str],
    fact: Fact,
    articles: Mapping[str, Article],
    style: Style,
    *,
    again: bool = False,
) -> str:
    if style == "shorten":
        return _shorten(texts[0], _SHORTEN)
    manner: Manner = "" if style == "reports" else "short" if again else "close"
    reports = [
        (articles[p.article].label, text) for p, text in zip(fact.passages, texts, strict=True)
    ]
    return writer_prompt(reports, manner)


def _shorten(text: str, instruction: str) -> str:
    return f"{instruction}\n\n{text}\n\nShort sentence:"


_BREAK = re.compile(r";\s+|,\s+(?:while|whereas|but|although|though)\s+|\s+[—–]\s+")
_LEAST_CLAUSE = 8  # words; shorter ones rarely stand alone


def main_clause(text: str) -> str:
    """The beginning of a sentence up to a semicolon, a dash or a contrast, with a full stop.

    The sentence itself where there is no such place, where the beginning is short, or where it
    would cut through a quotation or bracket.
    """
    for found in _BREAK.finditer(text):
        head = text[: found.start()]
        balanced = (
            head.count("“") == head.count("”")
            and head.count('"') % 2 == 0
            and head.count("(") == head.count(")")
        )
        if balanced and word_count(head) >= _LEAST_CLAUSE:
            return head + "."
    return text


# -- reading -----------------------------------------------------------------------------------

_LABEL = re.compile(
    r"^(?:[#*\-•>\s]|\d{1,2}[.)]\s|\[\d+\]\s)*"
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
