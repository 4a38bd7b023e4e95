"""What the writer is asked, and what its answers are.

Pure: :func:`prompts` and :func:`rewrite` make the question, :func:`read` understands whatever
came back. The model stands between them, in the pipeline.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Literal

from briefing.news import Article, Development, Draft, Fact, Passage, Prompt

Style = Literal["reports", "shorten"]
"""``reports``: numbered reports with outlets, a headline and a statement wanted; what adapters are
trained on. ``shorten``: one sentence to be made shorter; what an untrained model manages."""


def prompts(
    developments: Iterable[Development], articles: Mapping[str, Article], *, style: Style
) -> list[Prompt]:
    """One prompt for each fact, in order.

    ``articles`` (by id) lend their outlet labels to the passages.
    """
    return [
        Prompt(fact=fact, text=_ask(fact, fact.passages, articles, style))
        for development in developments
        for fact in development.facts
    ]


def rewrite(prompt: Prompt, articles: Mapping[str, Article], *, style: Style) -> Prompt:
    """The second and easier question about the same fact: its shortest passage alone."""
    shortest = min(prompt.fact.passages, key=lambda p: len(p.text))
    return Prompt(fact=prompt.fact, text=_ask(prompt.fact, (shortest,), articles, style), attempt=2)


def _ask(
    fact: Fact, passages: tuple[Passage, ...], articles: Mapping[str, Article], style: Style
) -> str:
    if style == "shorten":
        return f"Text: {_flat(passages[0].text)}\nRewrite this as one shorter sentence."
    lines = [
        f"[{n}] {articles[p.article].label}: {_flat(p.text)}" for n, p in enumerate(passages, 1)
    ]
    return "\n".join(["Reports:", *lines, "Write one headline and one statement."])


def _flat(text: str) -> str:
    return " ".join(text.split())


def read(prompt: Prompt, answer: str) -> list[Draft]:
    """The drafts in a raw answer."""
    lines = [line.strip() for line in answer.splitlines() if line.strip()]
    if not lines:
        return []
    headline, statement = (lines[0], lines[1]) if len(lines) > 1 else ("", lines[0])
    return [Draft(prompt.fact, headline, re.sub(r"\s+", " ", statement), prompt.attempt)]
