"""``briefing eval grouping``: figures of partitions, the baselines, and where an item counts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from numpy.typing import NDArray

from briefing.cli import command
from briefing.cli.eval import part
from briefing.errors import ConfigError
from briefing.news import Development, Fact, Passage
from briefing.pipeline import Limits
from briefing.text import lexical

baselines = part("memory_baselines")
grouping = part("grouping")
measures = part("measures")
product = part("product")


class Models:
    """Embeds by words alone."""

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return lexical.vectors(texts)


@pytest.fixture(autouse=True)
def _models(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(product, "configured", lambda *_: product.Product(Models(), Limits()))


def item(day: int, cluster: str | None, title: str, text: str, **other: Any) -> dict[str, Any]:
    return {
        "day": f"2024-11-{day}",
        "feed_url": "https://feeds.example/rss",
        "title": title,
        "description": text,
        "link": f"https://news.example/{day}/{title.replace(' ', '-')}",
        "published": f"2024-11-{day}T08:00:00+00:00",
        "on_story": cluster is not None,
        "cluster": cluster,
        "cluster_kind": "event" if cluster else None,
        "multi_topic": False,
        **other,
    }


BRIDGE = "The long bridge of Ulmvik closed after a barge hit its northern pillar."
FERRY = "A ferry with 40 passengers ran aground near the island of Averne."


def week(day: int) -> list[dict[str, Any]]:
    """Two reports of one thing, one of another, and what must not count."""
    return [
        item(day, "bridge", "Bridge of Ulmvik closed", BRIDGE),
        item(day, "bridge", "Ulmvik closes bridge", f"{BRIDGE} Nobody was hurt."),
        item(day, "ferry", "Ferry aground near Averne", FERRY),
        item(day, "lists", "Ten bridges to know", "Bridges.", cluster_kind="topic"),
        item(day, "ferry", "Morning letter", "All else.", multi_topic=True),
        item(day, None, "A bakery opened", "It sells bread."),
    ]


def figures(tmp_path: Path, rows: Sequence[Any], *arguments: str, code: int = 0) -> dict[str, Any]:
    file = tmp_path / "days/replay-week/items.jsonl"
    file.parent.mkdir(parents=True)
    file.write_text("\n".join(map(json.dumps, rows)) + "\n", "utf-8")
    asked = ["eval", "grouping", "--data", str(tmp_path), "--json", "--quiet", *arguments]
    result = CliRunner().invoke(command, asked)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == code, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


# -- partitions --------------------------------------------------------------------------------


def test_the_example_of_b_cubed_is_computed_by_hand() -> None:
    # Found {a a b} and {b b}: precision (2/3+2/3+1/3+1+1)/5, recall (1+1+1/3+2/3+2/3)/5.
    found = measures.clustering(list("aabbb"), [1, 1, 1, 2, 2])
    assert found.bcubed_precision == pytest.approx(11 / 15)
    assert found.bcubed_recall == pytest.approx(11 / 15)
    assert (found.pairwise_precision, found.pairwise_recall) == (2 / 4, 2 / 4)


def test_all_in_one_has_full_recall_and_all_apart_full_precision() -> None:
    one = measures.clustering(list("aabb"), [0, 0, 0, 0])
    assert (one.bcubed_recall, one.pairwise_recall) == (1, 1)
    assert one.bcubed_precision == 0.5
    apart = measures.clustering(list("aabb"), [0, 1, 2, 3])
    assert (apart.bcubed_precision, apart.pairwise_precision) == (1, 1)
    assert (apart.bcubed_recall, apart.pairwise_recall) == (0.5, 0)
    assert apart.pairwise_f1 == 0


def test_names_of_clusters_do_not_matter_and_counts_must_agree() -> None:
    assert measures.clustering(list("aab"), list("yyx")).bcubed_f1 == 1
    with pytest.raises(ValueError, match="zip"):
        measures.clustering(list("aab"), [1, 1])


# -- baselines ---------------------------------------------------------------------------------


def test_texts_that_share_rare_words_are_nearer_than_those_that_share_common_ones() -> None:
    rows = baselines.tfidf([BRIDGE, "The bridge of Ulmvik closed.", FERRY, ""])
    distances = baselines.cosine_distances(rows)
    assert distances[0, 1] < distances[0, 2]
    assert distances[3, 0] == 1
    assert (np.diag(distances) == 0).all()


def test_the_cut_says_what_stays_together() -> None:
    distances = np.array([[0, 0.2, 0.9], [0.2, 0, 0.9], [0.9, 0.9, 0]])
    labels = baselines.average_link(["a", "b", "c"], distances, 0.5)
    assert labels["a"] == labels["b"] != labels["c"]
    assert len(set(baselines.average_link(["a", "b", "c"], distances, 0.1).values())) == 3
    assert len(set(baselines.average_link(["a", "b", "c"], distances, 0.95).values())) == 1
    assert baselines.average_link(["a"], distances[:1, :1], 0.5) == {"a": "1"}


# -- where an item counts ----------------------------------------------------------------------


def passage(article: str, index: int) -> Passage:
    return Passage(article, index, 0, 1, "x", index)


def development(name: str, *passages: Passage, more: Sequence[str] = ()) -> Development:
    articles = tuple(dict.fromkeys((*(p.article for p in passages), *more)))
    return Development(name, (Fact(passages),), articles, 1, None)


def test_an_article_counts_where_its_earliest_passage_is() -> None:
    later = development("later", passage("long", 5), passage("short", 1))
    first = development("first", passage("long", 1))
    assert grouping.placed([later, first]) == {"long": "first", "short": "later"}


def test_an_article_whose_passages_no_fact_names_counts_where_it_is_first_listed() -> None:
    one = development("one", passage("a", 1), more=["left-out"])
    two = development("two", passage("b", 1), more=["left-out"])
    assert grouping.placed([one, two])["left-out"] == "one"
    named = development("three", passage("left-out", 9))
    assert grouping.placed([one, two, named])["left-out"] == "three"


# -- the eval ----------------------------------------------------------------------------------


def test_it_gives_all_that_is_promised(tmp_path: Path) -> None:
    found = figures(tmp_path, [*week(19), *week(21), *week(22)], "--table")
    assert found["items"] == 6  # neither newsletters, nor bins, nor what is off the story
    assert found["items_without_article"] == 0
    assert set(found["days"]) == {"2024-11-21", "2024-11-22"}
    assert found["bcubed_f1"] == found["dev"]["bcubed_f1"] == 1
    for name in ("minilm", "tfidf"):
        assert found[name]["cut"] in grouping.CUTS
        for key in ("bcubed_f1", "pairwise_f1"):
            assert 0 < found[name][key] <= 1
    assert found["errors"] == {"merged": [], "split": []}
    # Over days the same thing is one cluster.
    assert found["pooled"]["bcubed_f1"] == 1


def test_wrong_pairs_are_listed_for_reading(tmp_path: Path) -> None:
    rows = week(21)
    rows[1] = item(21, "bridge", "A wholly different headline", "Goats graze upon quiet hills.")
    rows[2] = item(21, "ferry", "Bridge of Ulmvik closed now", BRIDGE)
    found = figures(tmp_path, rows, "--table")
    assert found["pairwise_f1"] == 0
    ((_, clusters, *titles),) = found["errors"]["merged"]
    assert clusters == "bridge / ferry"
    assert sorted(titles) == ["Bridge of Ulmvik closed", "Bridge of Ulmvik closed now"]
    ((day, cluster, *_),) = found["errors"]["split"]
    assert (day, cluster) == ("2024-11-21", "bridge")


def test_a_bad_row_is_left_out_and_counted(tmp_path: Path) -> None:
    bad = [
        {**week(21)[0], "published": "2024-11-21T08:00:00"},
        {**week(21)[0], "on_story": "yes"},
        {**week(21)[0], "day": "Friday"},
    ]
    assert figures(tmp_path, [*week(21), *bad], code=3)["left_out_rows"] == 3


def test_without_items_of_the_days_that_count_there_is_no_data(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="21 to 23 November"):
        figures(tmp_path, week(18))
