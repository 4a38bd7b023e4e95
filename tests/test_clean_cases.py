"""Golden cases: what comes in, what is kept, what is taken out and why."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from typing import Literal

import pytest

from briefing.news import Article, Entry
from briefing.stages.clean import clean
from briefing.stages.extract import extract

CASES = Path(__file__).parent / "cases" / "clean"
FORMATS: dict[str, Literal["html", "text", "markdown"]] = {
    ".txt": "text",
    ".md": "markdown",
    ".html": "html",
}


def cleaned(case: Path) -> Article:
    [source] = case.glob("input.*")
    body = source.read_text(encoding="utf-8")
    entry = Entry("k", "folder:cases", "", "", None, body, FORMATS[source.suffix])
    [article] = extract(entry, None, as_of=date(2024, 11, 22))
    assert isinstance(article, Article)
    return clean(article)


@pytest.mark.parametrize(
    "case", sorted(p for p in CASES.iterdir() if p.is_dir()), ids=lambda p: p.name
)
def test_case(case: Path) -> None:
    article = cleaned(case)
    text = article.text + "\n"
    removed = "".join(f"{r.reason} | {r.text}\n" for r in article.removed)
    if os.environ.get("BRIEFING_WRITE_CASES"):
        (case / "expected.txt").write_text(text, encoding="utf-8")
        (case / "removed.txt").write_text(removed, encoding="utf-8")
        pytest.fail("cases written anew: read the difference, then run without the flag")
    assert text == (case / "expected.txt").read_text(encoding="utf-8")
    assert removed == (case / "removed.txt").read_text(encoding="utf-8")


def test_credits_of_the_cases() -> None:
    assert cleaned(CASES / "shuttle-advert").credits == (
        "Northern Wire",
        "Coast Radio",
        "The Harbour Times",
    )
    assert cleaned(CASES / "wire-copy").credits == ("Reuters",)
    assert cleaned(CASES / "tails").credits == ("AFP",)


def test_no_hidden_word_reaches_the_article() -> None:
    article = cleaned(CASES / "hidden-text")
    everything = article.text + "".join(r.text for r in article.removed)
    assert "CANARY" not in everything
    assert "previous instructions" not in everything
    assert everything.isprintable() or all(c.isprintable() or c == "\n" for c in everything)
