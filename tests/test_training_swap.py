"""A swapped world says the same of other names: every label holds, and nothing else changes."""

from __future__ import annotations

import importlib
import json
import os
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

ROOT = Path(__file__).parent.parent
sys.path.append(str(ROOT))  # training/ belongs to the checkout, not to the package
pairs = importlib.import_module("training.pairs")
swap = importlib.import_module("training.swap")

# What is replaced as one piece is one token here, so that tokens before and after are aligned.
TOKEN = re.compile(
    "(?:" + swap.WEAPONS + r")s?\b|(?:\w+-)*\d+(?:[.,]\d+)*\w*|\w+(?:[’'-]\w+)*|[^\w\s]"
)
LISTED = [c.split() for c in swap.COUNTRIES.strip().replace("\n", "|").split("|")]
POSSESSIVE = re.compile(r"(?<=[^\W\d_])[’']s?$")


def example(
    passage: str,
    statement: str = "",
    *,
    source: str = "Wire",
    headline: str = "It rains",
    corrupt: str = "It snows.",
) -> Any:
    """An example of one passage."""
    return pairs.Example(
        "X-1", "compress", ((source, passage),), headline, (statement or passage,),
        (("number", corrupt),),
    )  # fmt: skip


def text(found: Any) -> str:
    """The passage of an example of one."""
    return str(found.passages[0][1])


@cache
def gold() -> list[Any]:
    """A seventh of the gold, all files."""
    return list(pairs.read([ROOT / "training" / "data"], split="all")[::7])


def tokens(*texts: str) -> list[str]:
    """Words, figures and marks; possessives, articles and plurals of weapons in one form."""
    found = [POSSESSIVE.sub("", t) for line in texts for t in TOKEN.findall(line)]
    weapons = {f"{weapon}s": weapon for weapon in swap.WEAPONS.split("|")}
    found = [weapons.get(t, t) for t in found]
    return ["a" if t in ("an", "a") else "A" if t in ("An", "A") else t for t in found]


def parts(found: Any) -> list[str]:
    """Every text of an example, in order."""
    return [
        *(t for passage in found.passages for t in passage),
        found.headline,
        *found.statements,
        *(t for _, t in found.corrupt),
    ]


@pytest.mark.parametrize("seed", range(2))
def test_each_word_stands_in_the_passages_exactly_if_it_did_before(seed: int) -> None:
    changed = 0
    for before in gold():
        after = swap.swapped(before, Random(seed))
        was = set(tokens(*(t for p in before.passages for t in p)))
        now = set(tokens(*(t for p in after.passages for t in p)))
        for a, b in zip(parts(before), parts(after), strict=True):
            one, two = tokens(a), tokens(b)
            assert len(one) == len(two), (before.id, a, b)
            for x, y in zip(one, two, strict=True):
                assert (x in was) == (y in now), (before.id, x, y, a, b)
                changed += x != y
    assert changed > 10_000  # or nothing was tested


@pytest.mark.parametrize("seed", range(2))
def test_words_are_replaced_one_to_one(seed: int) -> None:
    for before in gold():
        after = swap.swapped(before, Random(seed))
        there = dict(zip(tokens(*parts(before)), tokens(*parts(after)), strict=True))
        back = dict(zip(tokens(*parts(after)), tokens(*parts(before)), strict=True))
        assert len(there) == len(back), before.id
        assert [there[t] for t in tokens(*parts(before))] == tokens(*parts(after)), before.id


@pytest.mark.parametrize("seed", range(3))
def test_what_was_wrong_is_as_wrong_as_before(seed: int) -> None:
    for before in gold():
        after = swap.swapped(before, Random(seed))
        true, wrong = after.statements, [t for _, t in after.corrupt]
        assert not set(true) & set(wrong), before.id
        assert len(set(wrong)) == len({t for _, t in before.corrupt}), before.id
        assert len(set(true)) == len(set(before.statements)), before.id
        assert [k for k, _ in after.corrupt] == [k for k, _ in before.corrupt]
        assert (after.id, after.kind) == (before.id, before.kind)


FIGURES = st.from_regex(r"[1-9]\d{0,3}(?:[.,]\d{1,3})?", fullmatch=True)


@given(st.sets(FIGURES, min_size=1, max_size=14), st.integers(0, 99))
@settings(max_examples=150, deadline=None)
def test_figures_keep_their_shape_and_stay_apart(figures: set[str], seed: int) -> None:
    listed = sorted(figures)
    found = swap.swapped(example("; ".join(f"of {f}" for f in listed)), Random(seed))
    new = re.findall(r"\d[\d.,]*", text(found))
    assert len(set(new)) == len(listed)
    for a, b in zip(listed, new, strict=True):
        assert re.sub(r"[1-9]", "n", a) == re.sub(r"[1-9]", "n", b)
        kept = a in ("0", "1") or re.fullmatch(r"(?:19|20)\d\d", a)
        assert (a == b) if kept else not re.fullmatch(r"1|(?:19|20)\d\d", b)


def test_all_nine_single_digits_find_a_place() -> None:
    passage = "They were 1, 2, 3, 4, 5, 6, 7, 8 and 9."
    seen = {
        tuple(re.findall(r"\d", text(swap.swapped(example(passage), Random(s))))) for s in range(40)
    }
    assert len(seen) > 5
    for found in seen:
        assert sorted(found) == list("123456789")
        assert found[0] == "1"


@pytest.mark.parametrize(
    "words",
    [
        swap.WEEKDAYS,
        swap.MONTHS,
        swap.NUMBERS,
        tuple(swap.WEAPONS.split("|")),
        *(tuple(country[k] for country in LISTED) for k in range(3)),
        tuple(country[3] for country in LISTED if len(country) == 4),
    ],
    ids=["days", "months", "numbers", "weapons", "lands", "adjectives", "capitals", "people"],
)  # fmt: skip
def test_closed_classes_are_permuted_as_a_whole(words: tuple[str, ...]) -> None:
    assert len(set(words)) == len(words)
    moved = set()
    for seed in range(5):
        found = text(swap.swapped(example("x; " + "; ".join(words)), Random(seed)))
        new = found.split("; ")[1:]
        assert sorted(new) == sorted(words)
        moved |= {a for a, b in zip(words, new, strict=True) if a != b}
    assert len(moved) > len(words) / 2


def test_country_adjective_capital_and_people_stay_together() -> None:
    passage = "x; Poland; Polish; Warsaw; Poles; China; Chinese; Beijing"
    for seed in range(30):
        new = text(swap.swapped(example(passage), Random(seed))).split("; ")[1:]
        assert new[:4] in LISTED
        assert new[4:] in LISTED


def test_pool_and_closed_lists_share_no_word() -> None:
    assert len(set(swap.POOL)) == len(swap.POOL)
    assert not set(swap.POOL) & (swap._CLOSED | swap._KEPT)


def test_a_name_of_the_pool_that_is_in_the_text_is_given_to_nobody_else() -> None:
    passage = "In town, Ann Corvo met Petrov. Varga had left, Tamm said to Corvo."
    for seed in range(200):
        names = re.findall(r"[A-Z]\w+", text(swap.swapped(example(passage), Random(seed))))
        assert len(set(names)) == len({"In", "Ann", "Corvo", "Petrov", "Varga", "Tamm"})


@pytest.mark.parametrize(
    ("passage", "shape"),
    [
        ("She saw a Ukrainian officer.", r"an? (\w+) officer"),
        ("He flew an eight-day mission.", r"an? (\w+)-day"),
        ("He flew a two-day mission.", r"an? (\w+)-day"),
        ("It fell on an 8-metre mast.", r"an? (\d+)-metre"),
        ("A 52-year-old man fell.", r"An? (\d+)-year"),
        ("It was an 11 percent loss.", r"an? (\d+) percent"),
        ("They shot down an ATACMS missile.", r"an? (\w+(?: Shadow)?) missile"),
        ("They lost a “Leopard” tank.", r"an? “(\w+(?: Shadow)?)” tank"),
        ("It was an October vote.", r"an? (\w+) vote"),
        ("He read it in a Velmar paper, in Velmar.", r"an? (\w+) paper"),
    ],
)
def test_articles_fit_what_follows(passage: str, shape: str) -> None:
    seen = set()
    for seed in range(60):
        found = text(swap.swapped(example(passage), Random(seed)))
        match = re.search(shape, found)
        assert match, found
        word = match[1]
        vowel = word[0] in "AEIOUaeio8" or word in ("11", "18")
        vowel &= not word.startswith("Ukrain")
        assert match[0].split()[0].lower() == ("an" if vowel else "a"), found
        seen.add(word)
    assert len(seen) > 3


@pytest.mark.parametrize(
    "passage",
    [
        "It was a one-day visit of a USAID ship.",
        "He is an honest man and a European.",
        "It took an hour, a one-time effort, an MP said.",
        "An F-16 and a U-2 landed.",
    ],
)
def test_other_articles_are_left_alone(passage: str) -> None:
    for seed in range(20):
        assert text(swap.swapped(example(passage), Random(seed))) == passage


@pytest.mark.parametrize(
    "word",
    [
        "Accounts", "Prosecutors", "What", "Estimates", "Faced", "Citing", "Striking", "Former",
        "People", "Whether", "Letting", "Fourteen", "Demonstrators", "Rain",
    ],
)  # fmt: skip
def test_common_words_that_open_a_sentence_are_no_names(word: str) -> None:
    given_ = pairs.Example(
        "X-1", "fuse",
        (("Wire", f"{word} differ over the town of Velmar. {word} fall"), ("Post", f"{word} fell")),
        f"{word} differ over Velmar", (f"{word} differ.", f"{word} fell"),
        (("number", f"{word} rose"),),
    )  # fmt: skip
    for seed in range(10):
        for part in parts(swap.swapped(given_, Random(seed)))[1:]:
            assert word in part or part in ("Wire", "Post")


@pytest.mark.parametrize(
    "passage",
    [
        "The chief of the navy, Captain Of Police, spoke to the Foreign Minister.",
        "She told Reuters, the UN and the White House, in Washington, the Kremlin said.",
        "It happened in May 2024, in 1995 and in 2031.",
        "In town, the Dutch, the Czech and the Swiss minister met.",
        "As to Ghana, the Ghanaian minister came from Accra, and to Accra the Accrans.",
        "An F-16, a S-400 and twenty-two more.",
        "The 16s, the 19th, 3.5bn and 2m of the 1980s.",
    ],
)
def test_what_stays(passage: str) -> None:
    for seed in range(10):
        found = text(swap.swapped(example(passage), Random(seed)))
        for word in re.findall(r"[\w-]+", passage):
            if word != "Accra":
                assert re.search(rf"\b{word}\b", found), (word, found)


def test_countries_stay_beside_a_form_that_is_not_listed() -> None:
    for passage in (
        "In Warsaw, a Pole said that Poland had paid.",
        "In London, the U.K. said the British had paid.",
        "The British had paid, as England did.",
    ):
        assert text(swap.swapped(example(passage), Random(4))) == passage


@pytest.mark.parametrize(
    ("passage", "statement"),
    [
        ("They lost 6 ships.", "They lost six ships."),
        ("On the 4th they lost two.", "Lost: 4 or two."),
    ],
)  # fmt: skip
def test_numbers_stay_where_a_true_statement_writes_them_differently(
    passage: str, statement: str
) -> None:
    for seed in range(10):
        found = swap.swapped(example(passage, statement), Random(seed))
        assert (text(found), found.statements[0]) == (passage, statement)


def test_compounds_change_with_their_names() -> None:
    passage = "In Velmar, a pro-Russian mayor and the anti-Velmar party met Russian aides, 5-2."
    for seed in range(20):
        found = text(swap.swapped(example(passage), Random(seed)))
        match = re.fullmatch(
            r"In (\w+), an? pro-(\w+) mayor and the anti-(\w+) party met (\w+) aides, (\d)-(\d)\.",
            found,
        )
        assert match, found
        assert match[1] == match[3] != "Velmar"
        assert match[2] == match[4]
        assert match[5] != match[6]
        assert match[5] != "5"


def test_a_figure_is_no_part_of_a_longer_one() -> None:
    for seed in range(10):
        found = text(swap.swapped(example("They paid 3.5bn for 3 of 3.5 ships."), Random(seed)))
        assert re.fullmatch(r"They paid 3\.5bn for [^3] of \d\.\d ships\.", found), found


def test_the_outlet_moves_with_the_text() -> None:
    passage = "On 28 May, the mayor told the Velmar Post, he would leave."
    for seed in range(10):
        found = swap.swapped(example(passage, source="Velmar Post, 28 May"), Random(seed))
        match = re.match(r"On (\d+) May, the mayor told the (\w+) Post", text(found))
        assert match
        assert found.passages[0][0] == f"{match[2]} Post, {match[1]} May"


def test_plurals_of_weapons_move_with_them() -> None:
    for seed in range(30):
        found = text(swap.swapped(example("one Patriot; many Patriots"), Random(seed)))
        one, many = found.removeprefix("one ").split("; many ")
        assert many in (one, f"{one}s")
        assert many == f"{one}s" or one in ("ATACMS", "HIMARS")


@given(st.text(max_size=80), st.integers(0, 9))
@settings(max_examples=200, deadline=None)
def test_any_text_is_borne(passage: str, seed: int) -> None:
    found = swap.swapped(example(passage or "x"), Random(seed))
    assert found.statements[0] == text(found)


def test_the_seed_decides_in_every_process() -> None:
    script = (
        "import json, sys; from pathlib import Path; from random import Random\n"
        "from training.pairs import read; from training.swap import swapped\n"
        "found = read([Path('training/data')], split='all')[::150]\n"
        "print(json.dumps([swapped(e, Random(5)).statements for e in found]))"
    )
    given_ = [
        subprocess.run(
            [sys.executable, "-c", script], cwd=ROOT, capture_output=True, check=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    ]  # fmt: skip
    assert given_[0] == given_[1]
    assert len(json.loads(given_[0])) > 10


def test_figures_may_stay() -> None:
    mine = example("On 12 May two of 30 men left Norway.")
    for seed in range(9):
        found = text(swap.swapped(mine, Random(seed), figures=False))
        assert " two of 30 men left " in found
    assert any("two of 30" not in text(swap.swapped(mine, Random(s))) for s in range(9))
