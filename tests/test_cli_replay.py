"""``run --as-of``, ``replay`` and ``catch-up``, with models that count words."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest
from test_cli_run import WordModels, call

from briefing.cli import console

FILES = {
    "monday.txt": """Explosion in Lunden harbour kills two dock workers

Two dock workers were killed by an explosion in the harbour of Lunden on 4 March 2024.

The port authority of Lunden shut the harbour on 4 March 2024 after the explosion.
""",
    "tuesday.txt": """Explosion in Lunden harbour kills eight dock workers

Eight dock workers were killed by an explosion in the harbour of Lunden, doctors said on \
5 March 2024.
""",
    "wednesday.txt": """Explosion in Lunden harbour kills nine dock workers

Nine dock workers were killed by an explosion in the harbour of Lunden, doctors said on \
6 March 2024.
""",
}
SPAN = ("--from", "2024-03-04", "--to", "2024-03-06")


@pytest.fixture
def desk(project: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The project with three days of articles and models of words."""
    monkeypatch.setattr("briefing.app.parts.LocalModels", WordModels)
    (project / "seeds").mkdir()
    for name, text in FILES.items():
        (project / "seeds" / name).write_text(text, "utf-8")
    return project


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def test_a_replay_says_a_line_a_day_and_is_the_same_twice(desk: Path) -> None:
    result = call("replay", *SPAN)
    assert result.exit_code == console.DONE, result.output
    days = [line.split(" | ") for line in result.stdout.splitlines()[:3]]
    assert [day[0] for day in days] == ["2024-03-04", "2024-03-05", "2024-03-06"]
    assert days[0][3:] == ["first edition", "proven"]
    assert all(day[2] == "1 development" and day[4] == "proven" for day in days)
    first = files(desk / "digests" / "replay")
    assert len(first) == 15
    assert not (desk / "briefing.db").exists()  # nor is any other store left
    assert sorted(path.name for path in desk.iterdir()) == ["config", "digests", "seeds"]
    assert call("replay", *SPAN, "--quiet", "--out", "again").stdout == ""
    assert files(desk / "again") == first
    (desk / "seeds" / "thursday.txt").write_text(
        "Harbour of Lunden opens again\n\nThe harbour of Lunden was opened on 7 March 2024.",
        "utf-8",
    )
    call("replay", *SPAN, "--quiet", "--out", "third")
    third = files(desk / "third")
    assert b"7 March" not in b"".join(third.values())


def test_a_replay_for_a_program(desk: Path) -> None:
    (desk / "seeds" / "picture.txt").write_bytes(bytes(range(256)) * 40)
    result = call("replay", *SPAN, "--json", "--store", f"sqlite:///{desk}/own.db")
    assert result.exit_code == console.LEFT_OUT
    said = json.loads(result.stdout)
    assert [one["date"] for one in said["editions"]] == ["2024-03-04", "2024-03-05", "2024-03-06"]
    assert all(one["proven"] and one["findings"] == [] for one in said["editions"])
    assert said["lost"][0]["subject"] == "picture.txt"
    again = call("replay", *SPAN, "--json", "--store", f"sqlite:///{desk}/own.db")
    assert json.loads(again.stdout)["editions"] == said["editions"]


def test_a_replay_of_what_the_store_holds_changes_nothing_in_it(desk: Path) -> None:
    for day in ("2024-03-04", "2024-03-05"):
        call("run", "--date", day, "--quiet")
    store = next(desk.rglob("*.db"))
    with sqlite3.connect(store) as connection:
        connection.execute(
            "UPDATE articles SET added = '2024-03-05 12:00:00.000000' WHERE body LIKE '%eight%'"
        )
        connection.execute(
            "UPDATE articles SET added = '2024-03-04 12:00:00.000000' WHERE body LIKE '%two%'"
        )
    connection.close()
    before, out = store.read_bytes(), files(desk / "digests")
    result = call("replay", *SPAN, "--source", "feeds", "--out", "again")
    assert result.exit_code == console.DONE, result.output
    assert store.read_bytes() == before
    assert files(desk / "digests") == out
    told = [line.split(" | ")[2] for line in result.stdout.splitlines()[:3]]
    assert told == ["1 development", "1 development", "0 developments"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("replay", "--from", "2024-03-06", "--to", "2024-03-04"), "lies before"),
        (("replay", *SPAN, "--out", "digests"), "holds the editions themselves"),
        (("replay", *SPAN, "--store", "sqlite:///STORE"), "configured store itself"),
        (("replay", "--from", "2024-03-04", "--to", "2999-01-01"), "still to come"),
        (("run", "--as-of", "2024-03-05", "--send"), "not mailed"),
        (("run", "--as-of", "2999-03-05"), "still to come"),
        (("run", "--as-of", "2024-03-05", "--date", "2024-03-06"), "had not begun"),
        (("run", "--as-of", "Tuesday"), "no date or time"),
        (("catch-up", "--since", "2024-03-05", "--until", "2024-03-05"), "must be later"),
        (("catch-up", "--since", "2024-03-05", "--format", "md", "--json"), "leave out"),
        (("catch-up", "--since", "2024-03-05"), "there is no edition"),
    ],
)
def test_what_makes_no_sense_is_refused_before_any_work(
    desk: Path, arguments: tuple[str, ...], says: str
) -> None:
    from briefing import config

    url = config.load(desk / "config" / "briefing.toml", {}).store.url
    given = [a.replace("sqlite:///STORE", url) for a in arguments]
    if given[0] == "replay" and "2999-01-01" in given:
        given += ["--quiet"]
    error = refused(*given)
    assert says in error
    assert not list((desk / "digests").glob("*/*"))


def refused(*arguments: str) -> str:
    """The message of a call that is refused, whichever way."""
    from click.testing import CliRunner

    from briefing.cli import command
    from briefing.errors import BriefingError

    result = CliRunner().invoke(command, arguments)
    if isinstance(result.exception, BriefingError):
        return str(result.exception)
    assert result.exit_code == console.WRONG_CONFIGURATION, result.output
    return result.output


def test_an_edition_as_of_a_moment_is_the_same_before_and_after_later_ones(desk: Path) -> None:
    folder = desk / "digests" / "2024-03-05"
    call("run", "--as-of", "2024-03-04", "--quiet")
    call("run", "--as-of", "2024-03-05", "--quiet")
    first = files(folder)
    call("run", "--as-of", "2024-03-06T23:00", "--quiet")
    call("run", "--as-of", "2024-03-05", "--quiet")
    assert files(folder) == first
    page = (folder / "harbour-strike" / "digest.md").read_text("utf-8")
    assert "as of the end of 5 March 2024, UTC" in page
    assert "ine dock workers" not in page


def test_catching_up_is_one_edition_that_can_be_proven_and_is_on_no_record(desk: Path) -> None:
    for day in ("2024-03-04", "2024-03-05", "2024-03-06"):
        call("run", "--as-of", day, "--quiet")
    store = next(desk.rglob("*.db"))
    before = store.read_bytes()
    result = call("catch-up", "--since", "2024-03-03")
    folder = desk / "digests" / "catch-up" / "2024-03-06" / "harbour-strike.since-2024-03-03"
    assert result.stdout.splitlines()[-1] == f"  Digest: {folder / 'digest.md'}"
    assert "3 editions merged" in result.stdout
    assert store.read_bytes() == before
    page = (folder / "digest.md").read_text("utf-8")
    assert "Wednesday 6 March 2024, since 3 March 2024" in page
    assert "What changed since 3 March" in page
    assert "Nine dock workers" in page
    proof = call("verify", str(desk / "digests" / "catch-up"))
    assert proof.exit_code == console.DONE, proof.output
    printed = call("catch-up", "--since", "2024-03-03", "--format", "txt").stdout
    assert "HARBOUR STRIKE" in printed
    said = json.loads(call("catch-up", "--since", "2024-03-04", "--json").stdout)
    assert (said["editions"], said["since"], said["date"]) == (2, "2024-03-04", "2024-03-06")
