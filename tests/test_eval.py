"""``briefing eval``: finding evals and data, bearing bad rows, and the keys that are promised."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result
from numpy.typing import NDArray

from briefing.cli import command
from briefing.cli.eval import part
from briefing.errors import ConfigError
from briefing.news import ModelIdentity, Option, Pair
from briefing.pipeline import Limits
from briefing.text import lexical
from briefing.text.words import content_stems

ROOT = Path(__file__).parent.parent
SMALL = ROOT / "evals" / "small"
floors = part("floors")
product = part("product")
running = part("running")


class Models:
    """Reads words alone: support is the share of a sentence's stems that the evidence has."""

    identity = ModelIdentity("made up", "", "made up", "none")

    def __init__(self) -> None:
        self.asked: list[Pair] = []

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return lexical.vectors(texts)

    def generate(
        self,
        prompts: Sequence[str],
        *,
        candidates: int = 1,
        among: Sequence[Sequence[Option]] = (),
    ) -> list[list[str]]:
        """What is worth most of that which may be written; else the first report as it is."""
        return [
            [max(options, key=lambda o: o.worth).text]
            if options
            else [prompt.partition("[1] ")[2].partition("\n")[0].partition(": ")[2]] * candidates
            for prompt, options in zip(prompts, among or [()] * len(prompts), strict=True)
        ]

    def support(self, pairs: Sequence[Pair]) -> list[float]:
        self.asked += pairs
        return [
            len(set(content_stems(p.sentence)) & set(content_stems(" ".join(p.evidence))))
            / max(1, len(set(content_stems(p.sentence))))
            for p in pairs
        ]


@pytest.fixture
def models(monkeypatch: pytest.MonkeyPatch) -> Models:
    """The product with these models, whatever writer is asked for."""
    made = Models()
    limits = Limits(style="confined")
    monkeypatch.setattr(product, "configured", lambda *_: product.Product(made, limits))
    return made


def call(*arguments: str | Path) -> Result:
    """The command's result; an error that is not a clean exit is raised."""
    result = CliRunner().invoke(command, ["eval", *map(str, arguments)])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def figures(*arguments: str | Path, exit_code: int = 0) -> dict[str, Any]:
    """The one JSON object on the output stream."""
    result = call(*arguments, "--json", "--quiet")
    assert result.exit_code == exit_code, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def lay(folder: Path, rows: dict[str, Sequence[Any]]) -> Path:
    """Files of JSON Lines below ``folder``; a ``str`` is written as it is."""
    for name, listed in rows.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = [row if isinstance(row, str) else json.dumps(row) for row in listed]
        path.write_text("\n".join(lines) + "\n", "utf-8")
    return folder


GOLD = json.loads((SMALL / "gold/tight-small.jsonl").read_text("utf-8").partition("\n")[0])
DOCUMENT = (
    "The port of Lunden closed on Monday. Crews found a crack in its northern lock. "
    "The harbour master, Ines Varga, spoke to reporters. She expects repairs to take a week. "
    "Two ferries were sent to Averne instead. A bakery nearby opened its doors as usual."
)
CLAIMS = [
    {"document": DOCUMENT, "claim": claim, "label": label}
    for claim, label in [
        ("The port of Lunden closed on Monday.", 1),
        ("Crews found a crack in the northern lock. Two ferries were sent to Averne.", 1),
        ("The port of Lunden closed on Monday. Three trains were sent to Kesh.", 0),
        ("A hotel in Dumbari burned.", 0),
    ]
]
SUMMARY = {
    "src": "the port of lunden closed on monday after crews found a crack in its northern lock . "
    "the harbour master , ines varga , expects that repairs of the lock will take a week . "
    "two ferries with some 400 passengers were sent to the port of averne instead . "
    "the port of lunden last closed in the winter of 2011 , when ice broke its northern lock . "
    "bakeries along the quay said that they had lost half of their usual customers .",
    "ref_summ": "lunden 's port is closed . repairs will take a week .",
}


# -- how it is called --------------------------------------------------------------------------


def test_without_data_it_says_how_to_name_it() -> None:
    with pytest.raises(ConfigError, match="--data DIR"):
        call("judge")


def test_the_data_may_be_named_by_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BRIEFING_DATA", str(SMALL))
    assert figures("judge", "--rules-only")["gold_examples"] == 16


def test_an_eval_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="extraction"):
        call("juge", "--data", tmp_path)


@pytest.mark.parametrize("name", running.NAMES)
def test_an_empty_folder_is_named_with_what_it_lacks(name: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as found:
        call(name, "--data", tmp_path, "--quiet")
    assert str(tmp_path) in str(found.value)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="is no folder"):
        call("judge", "--data", tmp_path / "nowhere")


def test_an_unknown_option_of_an_eval_is_wrong_use(tmp_path: Path) -> None:
    assert call("judge", "--data", SMALL, "--rulesonly").exit_code == 2


def test_the_options_of_an_eval_can_be_listed() -> None:
    shown = call("writer", "--data", SMALL, "--", "--help")
    assert shown.exit_code == 0
    assert "--dump" in shown.stdout


def test_without_the_checkout_it_says_where_evals_come_from(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="come with a checkout"):
        part("running", tmp_path / "site-packages" / "evals")


def test_people_get_lines_and_programs_one_object() -> None:
    shown = call("judge", "--data", SMALL, "--rules-only", "--quiet").stdout
    assert "gate_caught: " in shown
    assert "  attribution: " in shown
    assert isinstance(figures("judge", "--data", SMALL, "--rules-only"), dict)


def test_all_evals_that_have_data_are_run_and_the_others_named(
    tmp_path: Path, models: Models
) -> None:
    data = lay(tmp_path, {"gold/tight-a.jsonl": [GOLD], "feeds/gofeed/broken.xml": ["<rss"]})
    found = figures("--data", data)
    assert set(found) == {"judge", "writer", "feeds", "left_out"}
    others = {"ladder", "extraction", "summaries", "grouping", "day", "injection", "changes"}
    assert set(found["left_out"]) == others
    assert "realsumm" in found["left_out"]["summaries"]


# -- floors ------------------------------------------------------------------------------------


def test_a_missed_floor_fails_only_when_floors_are_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    high = tmp_path / "floors.json"
    high.write_text('{"judge": {"gate_caught": {"least": 2, "margin": 0, "best": 2}}}', "utf-8")
    monkeypatch.setattr(running.floors.missed, "__kwdefaults__", {"file": high})
    assert call("judge", "--data", SMALL, "--rules-only", "--quiet").exit_code == 0
    failed = call("judge", "--data", SMALL, "--rules-only", "--quiet", "--floors")
    assert failed.exit_code == 1
    assert "gate_caught is pinned at least 2" in failed.stderr


def test_the_shipped_small_set_holds_its_floors_by_the_rules_alone() -> None:
    found = figures("judge", "--data", SMALL, "--rules-only")
    assert floors.missed("small", found) == 0


@pytest.mark.models
def test_the_shipped_small_set_holds_its_floors_with_the_real_models() -> None:
    found = figures("judge", "--data", SMALL, "--part", "gold", "--part", "gate")
    assert floors.missed("small with models", found) == 0


# -- bad rows ----------------------------------------------------------------------------------

BAD_GOLD = [
    "{",
    "[]",
    {**GOLD, "statement": ""},
    {**GOLD, "passages": "none"},
    {**GOLD, "passages": []},
    {**GOLD, "passages": [{"text": "A passage without an outlet."}]},
    {**GOLD, "passages": [{"source": "S", "text": 5}]},
    {**GOLD, "corrupt": [{"type": "number"}]},
    {**GOLD, "also": [None]},
    {key: value for key, value in GOLD.items() if key != "headline"},
]


@pytest.mark.parametrize("row", BAD_GOLD)
def test_a_bad_gold_row_is_left_out_counted_and_named(row: Any, tmp_path: Path) -> None:
    data = lay(tmp_path, {"gold/tight-a.jsonl": [GOLD, row]})
    found = figures("judge", "--data", data, "--rules-only", exit_code=3)
    assert (found["gold_examples"], found["left_out_rows"]) == (1, 1)
    assert "tight-a.jsonl:2: " in found["left_out_first"][0]


def test_bytes_that_are_no_text_and_odd_line_ends_do_no_harm(tmp_path: Path) -> None:
    data = lay(tmp_path, {"gold/tight-a.jsonl": [{**GOLD, "kind": "a\u2028b"}, ""]})
    file = data / "gold/tight-a.jsonl"
    file.write_bytes(
        file.read_bytes().replace(b"\\u2028", "\u2028".encode()) + b'{"id": "\xff"}\r\n'
    )
    found = figures("judge", "--data", data, "--rules-only", exit_code=3)
    assert (found["gold_examples"], found["left_out_rows"]) == (1, 1)


def test_only_bad_rows_is_no_data(tmp_path: Path) -> None:
    data = lay(tmp_path, {"gold/tight-a.jsonl": ["{"]})
    with pytest.raises(ConfigError, match="no readable row"):
        call("judge", "--data", data, "--rules-only")


def test_the_development_part_is_measured_or_all_where_there_is_none(tmp_path: Path) -> None:
    rows = [{**GOLD, "id": name} for name in ("X-001", "X-005", "X-015")]
    both = lay(tmp_path / "both", {"gold/a.jsonl": rows})
    assert figures("judge", "--data", both, "--rules-only")["gold_examples"] == 2
    only = lay(tmp_path / "only", {"gold/a.jsonl": rows[:1]})
    assert figures("judge", "--data", only, "--rules-only")["gold_examples"] == 1


# -- judge -------------------------------------------------------------------------------------


def test_the_judge_gives_all_that_is_promised(tmp_path: Path, models: Models) -> None:
    data = lay(
        tmp_path,
        {
            "gold/tight-a.jsonl": [GOLD],
            "faithfulness/aggrefact_cnndm_sota_test.jsonl": CLAIMS,
            "faithfulness/aggrefact_xsum_sota_test.jsonl": CLAIMS,
        },
    )
    found = figures("judge", "--data", data)
    assert found["aggrefact_cnn_bacc"] == found["aggrefact_xsum_bacc"] == 100
    assert found["aggrefact_cnn_rows"] == 4
    for key in ("gold_caught", "gold_false_alarms", "gold_caught_at_8", "gold_caught_at_10"):
        assert 0 <= found[key] <= 1
    assert set(found["gold_by_type"]) == {"modality", "number", "added"}
    assert 0 <= found["gate_caught"] <= 1


def test_each_pair_is_asked_once(tmp_path: Path, models: Models) -> None:
    rows = [*CLAIMS, *CLAIMS]
    figures("judge", "--data", lay(tmp_path, {"faithfulness/aggrefact_cnn.jsonl": rows}))
    assert len(models.asked) == len(set(models.asked)) > 0


def test_a_claim_is_as_good_as_its_worst_sentence(tmp_path: Path, models: Models) -> None:
    out = tmp_path / "scores.jsonl"
    data = lay(tmp_path, {"faithfulness/aggrefact_cnn.jsonl": CLAIMS})
    figures("judge", "--data", data, "--dump", out)
    dumped = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    third = [d["score"] for d in dumped if d["id"].endswith(":3")]
    assert len(third) == 2
    assert min(third) < 0.5 < max(third)


def test_evidence_is_the_nearest_in_order_with_a_short_one_before() -> None:
    aggrefact = part("aggrefact")
    document = tuple(part("tokenised").split(DOCUMENT))
    row = aggrefact.Row("a:1", document, ("The repairs are expected to take a week.",), 1)
    ((pair,),) = aggrefact.evidence([row], lexical.vectors, nearest=1, short=20)
    assert pair.evidence == document[2:4]
    ((pair,),) = aggrefact.evidence([row], lexical.vectors, nearest=1, short=3)
    assert pair.evidence == document[3:4]


def test_test_rows_are_measured_where_they_lie_beside_others(
    tmp_path: Path, models: Models
) -> None:
    data = lay(
        tmp_path,
        {
            "faithfulness/aggrefact_cnndm_sota_test.jsonl": CLAIMS,
            "faithfulness/aggrefact_cnndm_sota_val.jsonl": CLAIMS[:2],
        },
    )
    assert figures("judge", "--data", data)["aggrefact_cnn_rows"] == 4


@pytest.mark.parametrize("label", [2, "yes", True, 0.5])
def test_a_label_that_is_none_is_left_out(label: Any, tmp_path: Path, models: Models) -> None:
    rows = [*CLAIMS, {**CLAIMS[0], "label": label}, {**CLAIMS[0], "label": "1"}]
    data = lay(tmp_path, {"faithfulness/aggrefact_xsum.jsonl": rows})
    found = figures("judge", "--data", data, exit_code=3)
    assert (found["aggrefact_xsum_rows"], found["left_out_rows"]) == (5, 1)


# -- writer and summaries ----------------------------------------------------------------------


def test_the_writer_gives_all_that_is_promised(tmp_path: Path, models: Models) -> None:
    dump = tmp_path / "drafts.jsonl"
    found = figures("writer", "--data", SMALL, "--table", "--beside", "runs/one", "--dump", dump)
    for key in ("rule_violations", "kept", "novel_bigrams", "compression"):
        assert 0 <= found[key] <= 1
    assert set(found["table"]) == {
        "writer", "bare writer", "adapter one", "LEAD", "LEAD, main clause", "TextRank",
    }  # fmt: skip
    lead = found["table"]["LEAD"]
    assert lead["wording"]["written"] == 0  # a copy never counts as written
    assert lead["rule_violations"] == lead["novel_bigrams"] == 0
    dumped = [json.loads(line) for line in dump.read_text("utf-8").splitlines()]
    assert {row["id"] for row in dumped if row["system"] == "LEAD"} == {
        f"S-{n}5" if n > 9 else f"S-0{n}5" for n in range(16)
    }
    kept = {row["id"] for row in dumped if row["system"] == "writer" and row["verdict"] == "kept"}
    assert found["kept"] == pytest.approx(len(kept) / 16, abs=1e-4)
    # It chooses among sentences that are proven, as in a run.
    assert kept
    assert found["rule_violations"] == 0
    assert set(found["dropped_by_reason"]) <= {"support"}


def test_a_writer_that_answers_freely_is_asked_with_all_reports(
    models: Models, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits = Limits(style="reports")
    monkeypatch.setattr(product, "configured", lambda *_: product.Product(models, limits))
    found = figures("writer", "--data", SMALL)
    assert found["copied"] == 1  # these models give back what they read


@pytest.mark.parametrize(
    ("sentence", "clause"),
    [
        (
            "The council of Ulmvik approved the new bridge on Friday; work may start in spring.",
            "The council of Ulmvik approved the new bridge on Friday.",
        ),
        (
            "The council of Ulmvik approved the new bridge on Friday, but its mayor voted against.",
            "The council of Ulmvik approved the new bridge on Friday.",
        ),
        ("It rained; the council of Ulmvik approved the new bridge on Friday.", None),
        ("The council said “we approve the new bridge on Friday; it will stand” to all.", None),
        ("The council (which met on a cold Friday; in Ulmvik; at noon) approved it.", None),
        ("The council of Ulmvik approved the bridge on Friday.", None),
    ],
)
def test_an_extract_stops_where_another_clause_begins(sentence: str, clause: str | None) -> None:
    assert part("baselines").lead_clause([sentence, "Rain fell."]) == (clause or sentence)


def test_only_tight_gold_is_written_from_where_there_is_some(
    tmp_path: Path, models: Models
) -> None:
    rows = {"gold/tight-a.jsonl": [GOLD], "gold/dense.jsonl": [GOLD, GOLD]}
    assert figures("writer", "--data", lay(tmp_path, rows))["inputs"] == 1
    assert figures("writer", "--data", lay(tmp_path / "d", {"gold/b.jsonl": [GOLD]}))["inputs"] == 1


def test_summaries_have_three_sentences_of_the_article(tmp_path: Path, models: Models) -> None:
    rows = [SUMMARY, {**SUMMARY, "src": " . "}, {"src": "No reference."}]
    data = lay(tmp_path, {"summaries/realsumm_part.jsonl": rows})
    found = figures("summaries", "--data", data, exit_code=3)
    assert (found["articles"], found["sentences"], found["left_out_rows"]) == (1, 3, 2)
    for key in ("r1", "r2", "rl", "lead3_r1", "lead3_r2", "lead3_rl"):
        assert 0 < found[key] < 100


def test_the_first_three_sentences_are_those_of_the_published_figures() -> None:
    assert part("summaries").first_three("One . Two ! Three ? Four .") == "One . Two ! Three ?"


# -- extraction and day ------------------------------------------------------------------------


def test_extraction_measures_the_pages_that_are_there(tmp_path: Path) -> None:
    texts = [
        "The port of Lunden closed on Monday after crews found a crack in its northern lock.",
        "The harbour master, Ines Varga, told reporters that repairs would take about a week.",
        "Two ferries with some 400 passengers on board were sent to the port of Averne instead.",
    ]
    lines = "".join(f"<p>{text}</p>" for text in texts)
    body = f"<html><body><article><h1>Port shut</h1>{lines}</article></body></html>"
    pages = tmp_path / "extraction" / "pages"
    pages.mkdir(parents=True)
    truth = {"url": "https://news.example/port", "articleBody": "\n".join(texts)}
    (pages / "0a.html.gz").write_bytes(gzip.compress(body.encode()))
    (pages / "1b.html.gz").write_bytes(b"no gzip")
    listed = {"0a": truth, "1b": truth, "not-there": truth}
    (tmp_path / "extraction/ground-truth.json").write_text(json.dumps(listed), "utf-8")
    found = figures("extraction", "--data", tmp_path, exit_code=3)
    assert (found["pages"], found["left_out_rows"]) == (1, 2)
    assert found["f1"] > 0.9


def test_a_ground_truth_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    lay(tmp_path, {"extraction/ground-truth.json": ["{"]})
    with pytest.raises(ConfigError, match=r"ground-truth\.json: cannot be read"):
        call("extraction", "--data", tmp_path)


ITEM = {
    "day": "2024-11-20",
    "feed_url": "https://feeds.example/rss",
    "feed_title": "Tidewater Post",
    "publisher": "Tidewater Post",
    "lang": "en",
    "title": "Ukraine fires ATACMS missiles at a depot inside Russia",
    "description": "Ukraine fired ATACMS missiles at an ammunition depot inside Russia on Tuesday, "
    "two officials said, days after President Joe Biden lifted his ban on such strikes.",
    "link": "https://news.example/depot",
    "published": "2024-11-20T08:00:00+00:00",
}


def test_a_day_is_polled_twice_and_its_digest_proven(tmp_path: Path, models: Models) -> None:
    other = {**ITEM, "feed_url": "https://other.example/rss", "link": "https://other.example/1"}
    rows = [ITEM, {**ITEM, "day": "soon"}, {**ITEM, "published": "noon"}, other]
    data = lay(tmp_path, {"days/replay-week/items.jsonl": rows})
    found = figures("day", "--data", data, exit_code=3)
    assert found["day"] == "2024-11-20"
    assert (found["feeds"], found["entries"], found["entries_new_at_second_poll"]) == (2, 2, 0)
    assert found["left_out_rows"] == 2
    assert found["verified"]
    assert found["sentences"] >= found["sentences_written"]
    assert found["written_share"] <= 1
    whole = figures("day", "--data", data, "--day", "all", exit_code=3)
    assert whole["entries"] == found["entries"]


def test_a_day_that_is_not_in_the_data_is_named(tmp_path: Path) -> None:
    data = lay(tmp_path, {"days/replay-week/items.jsonl": [ITEM]})
    with pytest.raises(ConfigError, match="no items of 2024-11-21"):
        call("day", "--data", data, "--day", "2024-11-21")
