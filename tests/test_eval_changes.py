"""``briefing eval changes``: its gold, its mapping, its counting, and sentences changed by rule."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from briefing.cli.eval import part
from briefing.errors import ModelError
from briefing.news import (
    Change,
    Claim,
    Development,
    Edition,
    Fact,
    Kind,
    Passage,
    Recalled,
    Remembered,
    Statement,
)
from briefing.text import lexical

blocks = part("memory_block")
changes = part("changes")
gold_of = part("memory_gold")
made_of = part("memory_articles")
mutations = part("memory_mutations")
origins = part("memory_origins")
reading = part("reading")
sentences = part("memory_sentences")
weeks = part("memory_week")


class Models:
    """Embeds by words alone."""

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return lexical.vectors(texts)


def nothing(stage: str, done: int, total: int) -> None:
    """No progress is shown."""


def item(day: int, cluster: str, name: str = "a", **other: Any) -> Any:
    return replace(
        gold_of.Item(
            date(2024, 11, day), "https://feeds.example/rss", "Courier", "Courier", "en",
            f"Title {name}", "Text.", f"https://news.example/{day}/{cluster}/{name}",
            datetime(2024, 11, day, 8, tzinfo=UTC), True, cluster, False, False,
        ),
        **other,
    )  # fmt: skip


def row(day: int, cluster: str, kind: Kind, *links: str) -> Any:
    return gold_of.Row(date(2024, 11, day), cluster, kind, "old", "new", links)


def of(day: int, cluster: str) -> tuple[date, str]:
    return date(2024, 11, day), cluster


# -- gold --------------------------------------------------------------------------------------


def test_without_a_row_the_first_day_is_new_and_later_ones_are_unlabelled() -> None:
    found = gold_of.gold([item(21, "lock"), item(22, "lock")], [])
    assert found[of(21, "lock")] == gold_of.Gold("NEW", True)
    assert found[of(22, "lock")] == gold_of.Gold("REPEATED", False)


def test_a_row_says_what_a_later_day_is_and_even_a_first_one() -> None:
    rows = [
        row(21, "lock", "UPDATED"),
        row(22, "lock", "CONTRADICTED"),
        row(23, "lock", "REPEATED"),
    ]
    found = gold_of.gold([item(day, "lock") for day in (21, 22, 23)], rows)
    assert [each.kind for each in found.values()] == ["UPDATED", "CONTRADICTED", "REPEATED"]
    assert all(each.labelled for each in found.values())
    assert not any(each.within_day for each in found.values())


def test_a_change_of_what_is_new_on_the_same_day_stands_apart() -> None:
    rows = [row(21, "lock", "UPDATED"), row(21, "lock", "NEW"), row(21, "lock", "CONTRADICTED")]
    (found,) = gold_of.gold([item(21, "lock")], rows).values()
    assert found.kind == "NEW"
    assert [each.kind for each in found.within_day] == ["UPDATED", "CONTRADICTED"]


def test_bins_and_what_is_off_the_story_are_no_gold() -> None:
    listed = [item(21, "bin", topic=True), item(21, "far", on_story=False), item(21, "")]
    assert gold_of.gold(listed, []) == {}
    assert list(gold_of.gold(listed, [row(21, "bin", "REPEATED")])) == [of(21, "bin")]


def test_bad_rows_of_the_gold_are_left_out(tmp_path: Path) -> None:
    good = {"day": "2024-11-21", "cluster": "lock", "kind": "new", "evidence_links": ["l"]}
    rows = [good, {**good, "kind": "news"}, {**good, "day": "Friday"}, {**good, "cluster": ""}]
    (tmp_path / "days/replay-week").mkdir(parents=True)
    file = tmp_path / "days/replay-week/changes.jsonl"
    file.write_text("\n".join(map(json.dumps, rows)), "utf-8")
    losses = reading.Losses()
    (found,) = gold_of.changes(tmp_path, losses)
    assert (found.kind, found.links, found.old) == ("NEW", ("l",), "")
    assert len(losses.said) == 3


# -- items as feeds ----------------------------------------------------------------------------


def test_items_become_articles_with_ids_that_can_be_told_before() -> None:
    one = item(21, "lock", description="<p>The lock of Lunden &amp; its gate closed.</p>")
    two = item(21, "lock", "b", feed="https://other.example/rss", description="It is closed.")
    made = made_of.articles([one, two], Models(), day=one.day, progress=nothing)
    assert list(made) == [made_of.article_id(one), made_of.article_id(two)]
    first = made[made_of.article_id(one)]
    assert [p.text for p in first.passages] == [
        "Title a", "The lock of Lunden & its gate closed."
    ]  # fmt: skip
    assert first.published == one.published
    assert first.publisher == "Courier"


# -- what the product told ---------------------------------------------------------------------


def development(name: str, *its: Any) -> Development:
    passages = tuple(Passage(made_of.article_id(i), 1, 0, 5, "Text.", 1) for i in its)
    ids = tuple(p.article for p in passages)
    return Development(name, (Fact(passages),), ids, len(ids), None)


def remembered(name: str = "old") -> Remembered:
    edition = Edition("story", date(2024, 11, 20))
    return Remembered(name, "t", "Old text.", (), Statement(), "reported", edition, edition)


def result(*told: tuple[Development, Kind, str], lines: Sequence[Change] = ()) -> Any:
    """A run that recalled each development's fact as of this kind and thread."""
    return SimpleNamespace(
        developments=tuple(d for d, _, _ in told),
        recalled={
            d.facts[0].id: Recalled(
                d.facts[0].id, kind, thread, "c", None if kind == "NEW" else remembered()
            )
            for d, kind, thread in told
        },
        digest=SimpleNamespace(changes=tuple(lines), briefs=(), boards=(), seconds=1.0),
    )  # fmt: skip


def kinds(listed: Sequence[Any], results: dict[date, Any]) -> dict[tuple[int, str], Any]:
    pairs = gold_of.gold(listed, [])
    return {
        (day.day, cluster): one.kind or one.why
        for (day, cluster), one in weeks.told(pairs, listed, results).items()
    }


def test_a_thread_of_an_earlier_day_makes_a_development_known() -> None:
    one, two, three = item(21, "lock"), item(22, "lock"), item(22, "ferry")
    found = kinds(
        [one, two, three],
        {
            one.day: result((development("d1", one), "NEW", "t1")),
            two.day: result(
                (development("d2", two), "REPEATED", "t1"), (development("d3", three), "NEW", "t2")
            ),
        },
    )
    assert found == {(21, "lock"): "NEW", (22, "lock"): "REPEATED", (22, "ferry"): "NEW"}


def test_a_new_fact_of_a_known_thread_is_no_new_development() -> None:
    one, two = item(21, "lock"), item(22, "lock")
    results = {
        one.day: result((development("d1", one), "NEW", "t1")),
        two.day: result((development("d2", two), "NEW", "t1")),
    }
    assert kinds([one, two], results)[22, "lock"] == "REPEATED"


@pytest.mark.parametrize("kind", ["UPDATED", "CONTRADICTED"])
def test_one_changed_fact_makes_a_changed_development(kind: Kind) -> None:
    one, two, other = item(21, "lock"), item(22, "lock"), item(22, "lock", "b")
    results = {
        one.day: result((development("d1", one), "NEW", "t1")),
        two.day: result(
            (development("d2", two), "REPEATED", "t1"), (development("d3", other), kind, "t1")
        ),
    }
    assert kinds([one, two, other], results)[22, "lock"] == kind


def test_a_development_stands_for_most_of_its_items_and_the_others_are_told_under_it() -> None:
    listed = [item(21, "lock"), item(21, "lock", "b"), item(21, "ferry"), item(21, "mill")]
    found = kinds(listed, {listed[0].day: result((development("d", *listed[:3]), "NEW", "t"))})
    assert found == {
        (21, "lock"): "NEW", (21, "ferry"): "told under lock", (21, "mill"): "off topic"
    }  # fmt: skip


def test_newsletters_have_a_say_only_where_nobody_else_has() -> None:
    letters = [item(21, "ferry", n, multi_topic=True) for n in "ab"]
    lock = item(21, "lock")
    both = {lock.day: result((development("d", *letters, lock), "NEW", "t"))}
    assert kinds([*letters, lock], both)[21, "lock"] == "NEW"
    alone = {lock.day: result((development("d", *letters), "NEW", "t"))}
    assert kinds(letters, alone)[21, "ferry"] == "NEW"


# -- counting ----------------------------------------------------------------------------------


def told(*own: Kind | None) -> tuple[dict[Any, Any], dict[Any, Any]]:
    """Gold NEW, NEW, UPDATED, REPEATED and one unlabelled, and what was told of them."""
    true = [
        ("NEW", True),
        ("NEW", True),
        ("UPDATED", True),
        ("REPEATED", True),
        ("REPEATED", False),
    ]
    places = [of(21, str(n)) for n in range(len(true))]
    return (
        {p: gold_of.Gold(*t) for p, t in zip(places, true, strict=True)},
        {p: weeks.Told(k) for p, k in zip(places, own, strict=True)},
    )


def test_precision_and_recall_are_counted_by_hand() -> None:
    pairs, made = told("NEW", "REPEATED", "NEW", "UPDATED", "NEW")
    found = changes.scored(pairs, made)
    assert (found["new_precision"], found["new_recall"]) == (0.5, 0.5)
    assert (found["updated_precision"], found["updated_recall"]) == (0, 0)
    assert (found["repeated_precision"], found["repeated_recall"]) == (0, 0)
    assert (
        found["contradicted_precision"] == found["contradicted_recall"] == 1
    )  # none, and none told
    assert changes.confusion(pairs, made)["UPDATED as NEW"] == 1


def test_what_nobody_told_is_missed_and_what_nobody_labelled_is_not_counted() -> None:
    found = changes.scored(*told(None, "NEW", "UPDATED", "REPEATED", "UPDATED"))
    assert (found["new_precision"], found["new_recall"]) == (1, 0.5)
    assert (found["updated_precision"], found["updated_recall"]) == (1, 1)


def test_a_contradiction_taken_for_an_update_is_a_change_all_the_same() -> None:
    found = changes.scored(*told("NEW", "NEW", "CONTRADICTED", "REPEATED", "REPEATED"))
    assert (found["updated_recall"], found["changed_recall"]) == (0, 1)


def test_a_repeat_in_the_block_of_changes_is_found_by_either_account() -> None:
    new, old = item(22, "ferry"), item(22, "lock")
    before = item(21, "lock")
    own = [development("n", new), development("o", old)]
    claims = [Claim("Text.", d.facts[0].passages, 1.0, "quoted", "reported") for d in own]
    lines = [Change("NEW", claim) for claim in claims]
    results = {new.day: result((own[0], "NEW", "t2"), (own[1], "REPEATED", "t1"), lines=lines)}
    listed = [before, new, old]
    pairs = gold_of.gold(listed, [row(22, "lock", "REPEATED")])
    found = blocks.block(pairs, listed, results)
    assert (found["lines_of_changes"], found["repeated_in_changes"]) == (2, 1)
    assert found["gold_repeated_in_changes"] == 1


def test_a_change_within_the_day_is_seen_when_both_sides_are_cited() -> None:
    one, two = item(21, "lock"), item(21, "lock", "b")
    rows = [row(21, "lock", "NEW"), row(21, "lock", "UPDATED", one.link, two.link)]
    pairs = gold_of.gold([one, two], rows)
    for cited, both in (([one, two], 1), ([two], 0)):
        made = development("d", *cited)
        claim = Claim("Text.", made.facts[0].passages, 1.0, "quoted", "reported")
        run = result((made, "NEW", "t"), lines=[Change("NEW", claim)])
        found = blocks.block(pairs, [one, two], {one.day: run})
        assert (found["within_day"], found["within_day_both"]) == (1, both)


def test_the_figures_of_a_week_are_all_there_and_the_errors_can_be_read() -> None:
    one, two = item(18, "lock"), item(21, "lock")
    results = {
        one.day: result((development("d1", one), "NEW", "t1")),
        two.day: result((development("d2", two), "REPEATED", "t1")),
    }
    pairs = gold_of.gold([one, two], [row(21, "lock", "UPDATED")])
    found = changes.week(pairs, [one, two], results, table=True)
    assert (found["dev_new_recall"], found["updated_recall"]) == (1, 0)
    assert (found["pairs"], found["dev_pairs"], found["unlabelled"]) == (1, 1, 0)
    assert found["threads_bcubed_f1"] == found["dev_threads_bcubed_f1"] == 1
    (error,) = found["errors"]
    assert (error["gold"], error["product"]) == ("UPDATED", "REPEATED")
    assert error["facts"][0].startswith("REPEATED: Text.")


def test_what_never_reached_the_memory_is_missed_of_all_and_not_of_what_reached_it() -> None:
    known, lost = item(21, "lock", core=True), item(21, "ferry")
    results = {known.day: result((development("d", known), "NEW", "t"))}
    found = changes.week(gold_of.gold([known, lost], []), [known, lost], results)
    assert (found["pairs"], found["new_recall"]) == (2, 0.5)
    assert (found["core_pairs"], found["core_new_recall"]) == (1, 1)
    assert (found["reached_pairs"], found["reached_new_recall"]) == (1, 1)


# -- sentences changed by rule -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "before", "after"),
    [
        ("figure", "The raid killed nine people.", "The raid killed 19 people."),
        ("figure", "Some 1,200 men crossed.", "Some 2,401 men crossed."),
        ("figure", "In 2022 it hit the two.", None),
        ("figure", "It began on Nov. 19, near a G20 hall.", None),
        ("date", "It fell on Tuesday.", "It fell on Saturday."),
        ("date", "It fell on Nov. 19.", "It fell on Nov. 26."),
        ("date", "It fell in May.", None),
        ("weapon", "It fired an ATACMS.", "It fired an Storm Shadow."),
        ("weapon", "A Kinzhal fell on Averne.", "A Iskander fell on Averne."),
        ("weapon", "It fired a gun.", None),
        ("giver", "The US has let Kyiv fire missiles.", "The UK has let Kyiv fire missiles."),
        ("giver", "The US embassy has closed.", None),
        ("giver", "Kyiv may fire US missiles.", None),
        (
            "permission",
            "Biden has authorised Ukraine to fire rockets.",
            "Biden has refused to allow Ukraine to fire rockets.",
        ),
        ("permission", "He will allow missiles.", "He may allow missiles."),
        ("permission", "He will allow a visit.", None),
    ],
)  # fmt: skip
def test_a_mutation_changes_what_it_says(rule: str, before: str, after: str | None) -> None:
    changed = sentences.MUTATIONS[rule](before)
    assert (changed and changed.text) == after
    assert changed is None or changed.new in changed.text


@pytest.mark.parametrize(
    ("rule", "before", "after"),
    [
        (
            "attribution",
            "The harbour of Lunden will stay closed for a week, officials said.",
            "Officials said that the harbour of Lunden will stay closed for a week.",
        ),
        (
            "attribution",
            "The harbour of Lunden will stay closed, according to the mayor.",
            "According to the mayor, the harbour of Lunden will stay closed.",
        ),
        ("attribution", "Varga said it would take at least a week or two.", None),
        ("attribution", "Among those said to be hurt are two of the crew.", None),
        (
            "passive",
            "Ukraine fired six missiles at a depot near Averne.",
            "Six missiles were fired by Ukraine at a depot near Averne.",
        ),
        (
            "order",
            "After the lock broke, the harbour of Lunden closed.",
            "The harbour of Lunden closed after the lock broke.",
        ),
        ("order", "After it broke, the harbour of Lunden closed.", None),
        ("american", "A move by U.S. officials failed.", "A move by American officials failed."),
        ("american", "It was when the US allowed it.", "It was when the United States allowed it."),
        ("synonym", "It was the largest raid.", "It was the biggest raid."),
        ("synonym", "“It was the largest raid,” he said.", None),
    ],
)  # fmt: skip
def test_a_paraphrase_keeps_what_it_says(rule: str, before: str, after: str | None) -> None:
    changed = sentences.PARAPHRASES[rule](before)
    assert (changed and changed.text) == after


# -- mutated days ------------------------------------------------------------------------------


def test_of_each_cluster_one_item_is_fed_at_a_time() -> None:
    text = "The raid killed nine people."
    listed = [item(21, "lock", n, description=text) for n in "abc"] + [
        item(21, "ferry", description=f"Quiet. {text}")
    ]
    pool = [(i, ["Quiet.", text]) for i in listed]
    first, second = mutations.feedings(pool, "figure", sentences.figure, 2)
    assert [fed.item.cluster for fed in first] == ["lock", "ferry"]
    assert [fed.item.cluster for fed in second] == ["lock"]
    changed = first[1].item
    assert changed.description == "Quiet. The raid killed 19 people."
    assert changed.link != listed[-1].link
    assert changed.published.day == changed.day.day == 22


def test_a_mutated_word_is_another_in_the_title_too_and_in_no_other_word() -> None:
    one = item(
        21, "lock", title="Nine dead: nine boats, nineteen", description="It hit nine boats."
    )
    ((fed,),) = mutations.feedings([(one, ["It hit nine boats."])], "figure", sentences.figure, 1)
    assert fed.item.title == "Nine dead: 19 boats, nineteen"


def test_sentences_whose_day_would_move_are_let_be() -> None:
    one = item(21, "lock", description="It killed nine yesterday.")
    pool = [(one, ["It killed nine yesterday."])]
    assert list(mutations.feedings(pool, "figure", sentences.figure, 1)) == []


def test_only_items_and_sentences_that_the_first_day_knew_are_changed() -> None:
    known, other = item(21, "lock"), item(21, "ferry", on_story=False)
    first = result((development("d", known, other), "NEW", "t"))
    assert mutations.known([known, other, item(21, "mill")], first) == [(known, ["Text."])]


def test_the_fact_that_names_the_changed_sentence_is_looked_at() -> None:
    one = item(22, "lock", description="Text 19.")
    changed = sentences.Changed("Text 19.", "9", "19")
    fed = mutations.Fed(one, "figure", "Text 9.", changed)
    passage = Passage(made_of.article_id(one), 1, 0, 8, "Text 19.", 1)
    made = Development("d", (Fact((passage,)),), (passage.article,), 1, None)
    assert mutations.seen(fed, result((made, "UPDATED", "t"))).kind == "UPDATED"
    elsewhere = development("e", one)
    assert mutations.seen(fed, result((elsewhere, "UPDATED", "t"))).kind is None


def test_shares_count_what_was_seen_and_say_what_was_lost() -> None:
    def outcome(rule: str, kind: Kind | None) -> Any:
        fed = mutations.Fed(item(22, "lock"), rule, "", sentences.Changed("", "", ""))
        return mutations.Outcome(fed, kind)

    mutated = [
        outcome("figure", "UPDATED"), outcome("figure", "REPEATED"),
        outcome("date", "CONTRADICTED"), outcome("date", None),
    ]  # fmt: skip
    found = mutations.measured(mutated, [outcome("synonym", "REPEATED"), outcome("order", "NEW")])
    assert (found["mutation_figure"], found["mutation_figure_repeated"]) == (0.5, 0.5)
    assert (found["mutation_date"], found["mutation_date_sentences"]) == (1, 1)
    assert found["mutation"] == pytest.approx(2 / 3, abs=1e-4)
    assert found["paraphrase_repeated"] == 0.5
    assert found["paraphrase_by_rule"] == {"order": 0, "synonym": 1}
    assert found["mutation_lost"] == 1
    assert "mutation_giver" not in found


def test_without_a_writer_nothing_is_written() -> None:
    with pytest.raises(ModelError):
        weeks.Unwritten(Models()).generate(["anything"])


# -- origins -----------------------------------------------------------------------------------

LONG = (
    "The port of Lunden closed on Monday after crews found a crack in its northern lock. "
    "The harbour master expects that repairs of the lock will take at least a week."
)


def test_a_copy_has_another_headline_and_publisher_and_says_the_same() -> None:
    one = item(21, "lock", description=LONG)
    copies = {layout: origins.copy(one, layout) for layout in origins.LAYOUTS}
    assert copies["headline"].description == LONG
    assert LONG.startswith(copies["cut"].description)
    assert len(copies["local"].description) > len(LONG) < len(copies["dateline"].description)
    for each in copies.values():
        assert each.title != one.title
        assert each.feed != one.feed
    assert origins.copy(item(21, "lock"), "headline") is None


def test_planted_copies_are_found_and_shared_quotes_bind_nobody() -> None:
    other = (
        "Two ferries with some 400 passengers on board were sent to the port of Averne instead, "
        "where bakeries along the quay opened their doors for them late in the evening."
    )
    listed = [item(21, "lock", description=LONG), item(21, "ferry", description=other)]
    chosen = SimpleNamespace(split="test", table=True)
    own = SimpleNamespace(models=Models())
    found = origins.figures(listed, own, chosen, nothing)
    assert found["origins_recall_by_layout"]["headline"] == 1
    assert (found["origins_real"], found["origins_quoted"]) == (0, 0)
    assert found["origins_precision"] == 1
    assert found["origins_wrong"] == found["origins_pairs"] == []
    same = [item(21, "lock", description=LONG), item(21, "ferry", description=LONG)]
    found = origins.figures(same, own, chosen, nothing)
    assert (found["origins_real"], found["origins_real_apart"]) == (1, 1)
    assert found["origins_precision"] < 1
