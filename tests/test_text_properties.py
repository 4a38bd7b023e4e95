"""Every function over texts, on any text at all: it answers, its spans lie in the text, in order,
and a long line of the worst kind does not keep it for long."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from time import thread_time
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import briefing.text
from briefing.text.assemble import assemble
from briefing.text.characters import one_line, tidy, visible
from briefing.text.credits import trim_credits
from briefing.text.sentences import paragraphs, sentences

SEEDS = Path(__file__).parent.parent / "seeds"
DAY = date(2024, 11, 22)
GIVEN: dict[str, Any] = {"published": DAY, "not_after": DAY, "before": "He said so. "}
"""What is given to parameters beside the texts."""


def functions() -> dict[str, Callable[..., Any]]:
    """The public functions of `briefing.text` that need nothing but texts."""
    found = {}
    for info in pkgutil.walk_packages(briefing.text.__path__, "briefing.text."):
        module = importlib.import_module(info.name)
        for name, value in vars(module).items():
            if name.startswith("_") or getattr(value, "__module__", "") != info.name:
                continue
            if inspect.isfunction(inspect.unwrap(value)) and _takes_texts(value):
                found[f"{info.name.removeprefix('briefing.text.')}.{name}"] = value
    return found


def _takes_texts(function: Any) -> bool:
    parameters = inspect.signature(function, eval_str=True).parameters.values()
    return bool(parameters) and all(
        p.annotation is str or p.name in GIVEN or p.default is not p.empty for p in parameters
    )


FUNCTIONS = functions()
_ONE_WORD = """
acts.act_of characters.visible encodings.web_encoding hosts.ascii_host lexicon.every
lexicon.is_adverb lexicon.ordered parties.party patterns.is_adjective tokens.read tokens.sign
words.is_function_word words.is_possessive words.stem
"""
OF_WORDS = frozenset(_ONE_WORD.split())
"""They take one word, one name or one address, and are never given a line."""


def ask(function: Callable[..., Any], text: str) -> Any:
    """The answer of a function for a text, in each of its places for one."""
    parameters = inspect.signature(function, eval_str=True).parameters.values()
    known = {p.name: GIVEN[p.name] for p in parameters if p.name in GIVEN}
    wanted = {
        p.name: text
        for p in parameters
        if p.annotation is str and p.name not in known and p.default is p.empty
    }
    return function(**wanted, **known)


# -- texts: news, and what no editor would print -----------------------------------------------

NEWS = [
    piece
    for path in sorted(SEEDS.glob("*.txt"))
    for line in path.read_text("utf-8").splitlines()
    for piece in [line[s.start : s.end] for s in sentences(line)][:4]
]
ODD = (
    *("“", "”", '"', "'", "‘", "’", "«", "»", "(", ")", "[", "]", "—", "–", "-", "…", "...", "."),
    *("!", "?", ":", ";", ",", "/", "|", "*", "#", "&", "%", "$", "€", "½", "№", "³", "١٢", "五"),
    *("é", "e\u0301", "ß", "İ", "ﬁ", "Ａ", "А", "і", "שלום", "قال", "🚀", "\u0301" * 9, "ȸ", "∯"),
    *("\u200b", "\u202e", "\u2066", "\ufeff", "\u00ad", "\u00a0", "\u2028", "\x85", "\x00"),
    *("\x1b[2J", "\U000e0041", "\U0001d173", "\ufffe", "\n", "\n\n", "\t", "\r\n", " ", "   "),
    *("1,000,000", "1.5.2", "0", "10⁶", "1e400", "9" * 40, "-5", "12:61", "31 February", "1/2/3"),
    *("Nov. 31, 0000", "Tuesday", "yesterday", "99 November 2024", "2024-13-45", "the 1990s"),
    *("Mr.", "U.S.", "p.m.", "Gen.", "no", "not", "nine", "two hundred and", "a dozen", "at least"),
    *("said", "he said", "according to", "ATACMS", "Storm Shadow", "Taurus", "Kyiv", "the Kremlin"),
    *("https://x.example/a?b=c", "a@x.example", "<b>", "</s>", "[INST]", "&amp;", "{{x}}", "%s"),
    *("Read more:", "(Reuters) -", "By A. B.", "KYIV, Nov 22 -", "© 2024", "Photo:", "1)", "a."),
)
TEXTS = st.lists(
    st.one_of(st.sampled_from(NEWS), st.sampled_from(ODD), st.text(max_size=8)), max_size=12
).flatmap(lambda pieces: st.sampled_from(["", " "]).map(lambda gap: gap.join(pieces)))
QUICK = settings(deadline=None, max_examples=25, suppress_health_check=list(HealthCheck))
MANY = settings(deadline=None, max_examples=300, suppress_health_check=list(HealthCheck))


def spans(answer: Any) -> Iterator[tuple[int, int, str | None]]:
    """The spans of an answer, with the words that they are said to hold."""
    for each in answer if isinstance(answer, list | tuple) else ():
        if hasattr(each, "start") and isinstance(each.start, int):
            words = getattr(each, "words", None) or getattr(each, "text", None)
            yield each.start, each.end, words


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
@QUICK
@given(text=TEXTS)
def test_it_answers_any_text_with_spans_inside_it(name: str, text: str) -> None:
    last = 0
    for start, end, words in spans(ask(FUNCTIONS[name], text)):
        assert 0 <= start <= end <= len(text)
        assert start >= last, "out of order"
        last = start
        if isinstance(words, str):
            assert text[start:end] == words


# -- promises of their own ---------------------------------------------------------------------


@MANY
@given(TEXTS)
def test_sentences_hold_every_word_once(text: str) -> None:
    end = 0
    for span in sentences(text):
        assert end <= span.start < span.end
        assert not text[end : span.start].strip()
        assert text[span.start : span.end] == text[span.start : span.end].strip()
        end = span.end
    assert not text[end:].strip()
    held = [text[p.start : p.end] for p in paragraphs(text)]
    assert "".join("".join(held).split()) == "".join(text.split())


@MANY
@given(TEXTS)
def test_what_cleans_a_text_changes_a_clean_one_no_more(text: str) -> None:
    for function in (visible, one_line, tidy):
        once = function(text)
        assert function(once) == once, function.__name__


@MANY
@given(st.lists(TEXTS.map(tidy).filter(bool), max_size=4), TEXTS.map(tidy))
def test_an_article_is_put_together_of_spans(body: list[str], title: str) -> None:
    text, passages = assemble("a", title, body)
    assert all(text[p.start : p.end] == p.text for p in passages)
    assert [p.index for p in passages] == list(range(len(passages)))
    assert [p.start for p in passages] == sorted(p.start for p in passages)
    assert "".join("".join(p.text for p in passages).split()) == "".join(text.split())


@MANY
@given(TEXTS.map(tidy))
def test_a_credit_is_cut_off_and_no_word_lost(text: str) -> None:
    trim = trim_credits(text)
    assert sorted("".join(f"{trim.kept}{trim.cut}".split())) == sorted("".join(text.split()))
    assert not trim.cut or trim.reason


# -- time --------------------------------------------------------------------------------------

LINE = 2000
"""Characters. `sentences` makes none longer than 4,000; the longest of 102 news pages has 1,611."""
SECONDS = 0.3
"""Processor time for it. What takes the square takes up to 0.2, what takes the cube minutes."""
PUMPS = (
    *("a", "A", "1", "a ", "A ", "1 ", "a. ", "A. ", "1. ", "U.S. ", "Mr. A ", "1, ", "a, ", "a-"),
    *("“", "“a” ", '"a" ', "'a ", "‘", "(", "(a) ", "[", ".[1", "—", "— ", "…", "! ", "?", "* "),
    *("Kyiv and ", "nine ", "two hundred and ", "at least ", "no ", "not ", "said ", "he said, "),
    *("Nov. ", "2024-", "Tuesday, ", "November 22, ", "a@", "https://", "<a ", "by A B, ", "the "),
    *("Aa’s ", "Aa-Aa ", "é", "ї ", "\u0301", "five missiles, ", "of the ", "that ", "which, "),
)


@pytest.mark.parametrize("name", sorted(set(FUNCTIONS) - OF_WORDS))
def test_a_line_of_the_worst_kind_does_not_keep_it(name: str) -> None:
    slow = {pump: took for pump in PUMPS if (took := _seconds(name, pump)) > SECONDS}
    assert not slow


def _seconds(name: str, pump: str) -> float:
    """The best of three, where the first is slow: other processes take their share."""
    text = (pump * (LINE // len(pump)))[:LINE] + "\0"
    took = SECONDS
    for _ in range(3):
        begun = thread_time()
        ask(FUNCTIONS[name], text)
        took = thread_time() - begun
        if took <= SECONDS:
            break
    return took
