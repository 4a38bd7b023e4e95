"""``run``, ``show``, ``status`` and ``verify`` over real files and a real store; only the models
are replaced, by ones that count words."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result
from numpy.typing import NDArray

from briefing.cli import command, console
from briefing.errors import ModelError
from briefing.news import ModelIdentity, Option, Pair
from briefing.text.words import content_stems

ARTICLES = {
    "monday.txt": """Dock workers walk out in Lunden harbour

The port authority of Lunden, which runs the harbour, said on 4 March 2024 that 310 dock workers \
had walked out of the harbour after talks on wages failed.

"We will stay out until the offer is better than an insult," said Anna Weber, who speaks for the \
dock workers.

The port authority said that 14 ships were waiting outside the harbour of Lunden.
""",
    "tuesday.txt": """Port authority of Lunden offers dock workers a raise

The port authority of Lunden offered the dock workers a raise of 4 percent on 5 March 2024.

Dock workers in the harbour said the offer would be put to a vote on Friday.

Advertisement
""",
    "cooking.txt": """A soup for cold evenings

Peel two onions and fry them slowly in butter until they are soft and golden.

Add a litre of stock, a spoon of vinegar and some thyme, and let it simmer for an hour.
""",
}


class WordModels:
    """Embeddings by words, a judge by words, and a writer that takes what is worth most."""

    def __init__(self, *_: Any, **__: Any) -> None:
        self.identity = ModelIdentity("words", "", "words", "none")

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        vectors = np.zeros((len(texts), 256), np.float32)
        for row, text in enumerate(texts):
            vectors[row, 0] = 0.1
            for stem in content_stems(text):
                vectors[row, 1 + sum(stem.encode()) % 255] += 1.0
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True).clip(1e-9)

    def generate(
        self,
        prompts: Sequence[str],
        *,
        candidates: int = 1,
        among: Sequence[Sequence[Option]] = (),
    ) -> list[list[str]]:
        return [[max(options, key=lambda o: o.worth).text] for options in among]

    def support(self, pairs: Sequence[Pair]) -> list[float]:
        return [
            float(max(self.embed([pair.sentence]) @ self.embed(pair.evidence).T).max())
            for pair in pairs
        ]


class UselessModels(WordModels):
    """A writer that answers nonsense, whatever it may write."""

    def generate(self, prompts: Sequence[str], **_: Any) -> list[list[str]]:
        return [["the the of moon 17 Napoleon."] for _ in prompts]


class BrokenModels(WordModels):
    """A writer that cannot be loaded."""

    def generate(self, *_: Any, **__: Any) -> list[list[str]]:
        raise ModelError("no weights", remedy="fetch them")


@pytest.fixture
def desk(project: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The project with a folder of articles and models of words."""
    monkeypatch.setattr("briefing.app.parts.LocalModels", WordModels)
    seeds = project / "seeds"
    seeds.mkdir()
    for name, text in ARTICLES.items():
        (seeds / name).write_text(text, "utf-8")
    return project


def call(*arguments: str) -> Result:
    result = CliRunner().invoke(command, arguments)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def run(*more: str) -> Result:
    return call("run", "--date", "2024-03-05", *more)


def test_run_ends_by_saying_where_the_digest_is_and_what_was_left_out(desk: Path) -> None:
    result = run()
    folder = desk / "digests" / "2024-03-05" / "harbour-strike"
    assert result.exit_code == console.DONE, result.output
    assert result.stdout.splitlines()[-1] == f"  Digest: {folder / 'digest.md'}"
    assert "1 off topic (of 3 articles)" in result.stdout
    assert "sentences printed" in result.stdout
    assert "stage=relate" in result.stderr
    assert "stage=" not in result.stdout
    assert sorted(file.name for file in folder.iterdir()) == [
        "digest.html", "digest.json", "digest.md", "digest.txt", "evidence.json",
    ]  # fmt: skip


def test_run_for_a_program_is_one_object_that_adds_up(desk: Path) -> None:
    result = run("--json", "--out", "elsewhere")
    assert result.stderr == ""
    said = json.loads(result.stdout)
    assert said["folder"] == str(desk / "elsewhere" / "2024-03-05" / "harbour-strike")
    assert said["articles_in"] == said["articles_used"] + sum(said["left_out"].values()) == 3
    assert said["losses"] == []
    assert said["skips"]["relate"] == {"off topic": 1}
    assert said["printed_written"] > 0


def test_quiet_says_nothing_and_still_writes(desk: Path) -> None:
    result = run("--quiet")
    assert (result.stdout, result.stderr) == ("", "")
    assert (desk / "digests" / "2024-03-05" / "harbour-strike" / "digest.md").is_file()


def test_a_file_that_cannot_be_read_is_named_and_changes_the_exit_code(desk: Path) -> None:
    (desk / "seeds" / "picture.txt").write_bytes(bytes(range(256)) * 40)
    result = run()
    assert result.exit_code == console.LEFT_OUT
    assert "See: picture.txt: binary file" in result.stdout


def test_nonsense_is_dropped_and_counted(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("briefing.app.parts.LocalModels", UselessModels)
    said = json.loads(run("--json").stdout)
    folder = Path(said["folder"])
    assert said["printed_written"] == 0
    assert sum(said["dropped"].values()) > 0
    assert "Napoleon" not in (folder / "digest.md").read_text("utf-8")
    assert "310 dock workers" in (folder / "digest.md").read_text("utf-8")


def test_a_run_without_the_model_is_a_digest_worth_a_look(
    desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("briefing.app.parts.LocalModels", BrokenModels)
    result = run()
    assert result.exit_code == console.LEFT_OUT
    assert "no weights" in result.stdout
    assert "310 dock workers" in (
        desk / "digests" / "2024-03-05" / "harbour-strike" / "digest.md"
    ).read_text("utf-8")


def test_an_unknown_source_is_refused(desk: Path) -> None:
    from briefing.errors import BriefingError

    with pytest.raises(BriefingError) as caught:
        run("--source", "nowhere")
    assert "nowhere" in caught.value.message
    assert caught.value.remedy
    assert not (desk / "digests").exists()


def test_show_prints_each_format_as_it_was_written(desk: Path) -> None:
    run("--quiet")
    folder = desk / "digests" / "2024-03-05" / "harbour-strike"
    for form in ("md", "html", "txt", "json"):
        shown = call("show", "--format", form).stdout
        assert shown.rstrip("\n") == (folder / f"digest.{form}").read_text("utf-8").rstrip("\n")
    assert call("show", "2024-03-05").stdout == call("show").stdout


def test_show_tells_what_was_removed_and_why(desk: Path) -> None:
    run("--quiet")
    shown = call("show", "--removed").stdout
    assert "Advertisement" in shown
    assert "Port authority of Lunden offers" in shown


def test_show_of_a_day_without_an_edition_says_what_to_do(desk: Path) -> None:
    result = call("show", "2024-03-09")
    assert result.exit_code == console.WRONG_CONFIGURATION
    assert "briefing status" in result.output


def test_status_before_and_after(desk: Path) -> None:
    assert "none yet" in call("status").stdout
    run("--quiet")
    shown = call("status").stdout
    assert "2024-03-05  harbour-strike" in shown
    assert "relate: off topic, 1: A soup for cold evenings" in shown
    said = json.loads(call("status", "--json").stdout)
    assert [one["edition"]["day"] for one in said["editions"]] == ["2024-03-05"]
    assert {skip["reason"] for skip in said["skips"]} >= {"off topic"}


def test_status_lists_as_many_editions_as_asked(desk: Path) -> None:
    run("--quiet")
    call("run", "--quiet", "--date", "2024-03-06")
    said = json.loads(call("status", "--json", "--editions", "1").stdout)
    assert [one["edition"]["day"] for one in said["editions"]] == ["2024-03-06"]


@pytest.mark.parametrize("where", ["2024-03-05/harbour-strike", "2024-03-05", "."])
def test_verify_proves_an_edition_a_day_or_all(desk: Path, where: str) -> None:
    run("--quiet")
    result = call("verify", str(desk / "digests" / where))
    assert result.exit_code == console.DONE, result.output
    assert "every line is proven" in result.stdout
    assert call("verify", "--quiet", str(desk / "digests" / where)).stdout == ""


@pytest.mark.parametrize(
    ("old", "new"), [("310", "320"), ("Weber", "Werner"), ("an insult", "a joke")]
)
def test_verify_names_a_changed_line(desk: Path, old: str, new: str) -> None:
    run("--quiet")
    folder = desk / "digests" / "2024-03-05" / "harbour-strike"
    text = (folder / "digest.md").read_text("utf-8")
    assert old in text
    (folder / "digest.md").write_text(text.replace(old, new, 1), "utf-8")
    line = next(n for n, one in enumerate(text.splitlines(), 1) if old in one)
    result = call("verify", str(folder))
    assert result.exit_code == console.LEFT_OUT
    assert f"digest.md:{line}: " in result.stdout
    said = json.loads(call("verify", "--json", str(folder)).stdout)
    assert said["editions"][0]["findings"][0]["where"] == f"digest.md:{line}"


def test_verify_of_a_folder_without_an_edition_says_what_to_name(desk: Path) -> None:
    result = call("verify", str(desk / "seeds"))
    assert result.exit_code == console.WRONG_CONFIGURATION
    assert "digests/2024-11-22" in result.output
