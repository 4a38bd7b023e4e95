"""Properties over the seeds: a copy passes, any single change falls, and so does any shuffle."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from briefing.news import Article, Claim, Passage
from briefing.stages.check import review
from briefing.stages.check.alone import stands_alone
from briefing.text.names import names
from briefing.text.sentences import sentences
from briefing.text.words import words

SEEDS = Path(__file__).parent.parent / "seeds"


def _seeds() -> list[Passage]:
    found = []
    for path in sorted(SEEDS.glob("*.txt")):
        text = path.read_text(encoding="utf-8")
        for n, span in enumerate(sentences(text)):
            piece = text[span.start : span.end]
            passage = Passage(path.stem, n, 0, len(piece), piece, n)
            if stands_alone(passage) and 6 <= len(piece.split()) <= 40 and "huttle" not in piece:
                found.append(passage)
    return [p for p in found if "www." not in p.text and "trackbacks" not in p.text]


PASSAGES = _seeds()
PICK = st.sampled_from(PASSAGES)
FAST = settings(deadline=None, max_examples=120, suppress_health_check=[HealthCheck.too_slow])


def passes(text: str, passage: Passage) -> bool:
    article = Article(
        passage.article, "", "", "made", "", None, "unknown", passage.text, (passage,)
    )
    found = review(
        text, [passage], 1.0, articles={passage.article: article}, floor=0.5, kind="statement"
    )
    return isinstance(found, Claim)


@pytest.mark.parametrize("passage", PASSAGES, ids=lambda p: p.text[:40])
def test_a_copy_of_a_sentence_that_stands_alone_passes(passage: Passage) -> None:
    assert passes(passage.text, passage)


def test_there_are_sentences_to_speak_of() -> None:
    assert len(PASSAGES) > 40


@FAST
@given(PICK, st.data())
def test_changing_a_digit_fails(passage: Passage, data: st.DataObject) -> None:
    places = [m.start() for m in re.finditer(r"\d", passage.text)]
    if not places:
        return
    at = data.draw(st.sampled_from(places))
    digit = data.draw(st.sampled_from([d for d in "123456789" if d != passage.text[at]]))
    assert not passes(passage.text[:at] + digit + passage.text[at + 1 :], passage)


@FAST
@given(PICK, st.data())
def test_another_name_in_a_names_place_fails(passage: Passage, data: st.DataObject) -> None:
    own = names(passage.text)
    if not own:
        return
    name = data.draw(st.sampled_from(own))
    other = data.draw(
        st.sampled_from(["Berlin", "Emmanuel Macron", "NATO", "Taurus", "Trump", "Kyiv", "Biden"])
    )
    if other in name.text or name.text in other:
        return
    assert not passes(passage.text[: name.start] + other + passage.text[name.end :], passage)


@FAST
@given(PICK, st.data())
def test_two_names_that_change_places_fail(passage: Passage, data: st.DataObject) -> None:
    own = names(passage.text)
    if len({n.text for n in own}) < 2:
        return
    a = data.draw(st.sampled_from(own))
    b = data.draw(st.sampled_from([n for n in own if n.text != a.text]))
    a, b = sorted((a, b))
    text = passage.text
    swapped = text[: a.start] + b.text + text[a.end : b.start] + a.text + text[b.end :]
    assert not passes(swapped, passage)


_MODALS = ("may", "might", "could", "would", "will", "can", "must")


@FAST
@given(PICK, st.sampled_from(_MODALS))
def test_another_modal_fails(passage: Passage, other: str) -> None:
    for word in words(passage.text):
        if word.text in _MODALS and word.text != other:
            changed = passage.text[: word.start] + other + passage.text[word.end :]
            assert not passes(changed, passage)
            assert not passes(passage.text[: word.start] + passage.text[word.end + 1 :], passage)


@FAST
@given(PICK)
def test_a_dropped_or_added_negation_fails(passage: Passage) -> None:
    for word in words(passage.text):
        low = word.text.lower()
        if low in ("not", "never", "no", "without"):
            dropped = passage.text[: word.start] + passage.text[word.end + 1 :]
            assert not passes(dropped, passage)
        if low in ("is", "was", "are", "were", "has", "have", "may", "could", "would", "might"):
            assert not passes(passage.text[: word.end] + " not" + passage.text[word.end :], passage)


_HEDGES = (
    "reportedly", "likely", "approximately", "initially", "largely", "former", "first", "potential",
    "anonymous", "some", "most", "only",
)  # fmt: skip


@pytest.mark.parametrize("hedge", _HEDGES)
def test_a_dropped_hedge_fails(hedge: str) -> None:
    for passage in PASSAGES:
        for m in re.finditer(rf"\b{hedge}\s", passage.text):
            if passage.text[: m.start()].count("“") != passage.text[: m.start()].count("”"):
                continue
            dropped = passage.text[: m.start()] + passage.text[m.end() :]
            assert not passes(dropped[0].upper() + dropped[1:], passage), dropped


@settings(deadline=None, max_examples=200)
@given(PICK, st.integers(0, 10**6))
def test_shuffled_words_fail(passage: Passage, seed: int) -> None:
    pieces = passage.text.rstrip(".").split()
    mixed = pieces[:]
    random.Random(seed).shuffle(mixed)
    if mixed != pieces:
        assert not passes(" ".join(mixed)[:1].upper() + " ".join(mixed)[1:] + ".", passage)


@settings(deadline=None, max_examples=100)
@given(PICK, PICK)
def test_two_sentences_welded_fail(one: Passage, other: Passage) -> None:
    if one == other:
        return
    welded = one.text.rstrip(".") + " and " + other.text[:1].lower() + other.text[1:]
    article = {
        p.article: Article(p.article, "", "", "made", "", None, "unknown", p.text, (p,))
        for p in (one, other)
    }
    found = review(welded, [one, other], 1.0, articles=article, floor=0.0, kind="statement")
    assert not isinstance(found, Claim)


@settings(deadline=None, max_examples=100)
@given(st.text(max_size=120), PICK)
def test_nonsense_fails(text: str, passage: Passage) -> None:
    assert text == passage.text or not passes(text, passage)
