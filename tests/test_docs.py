"""The documentation is true: every command, option, key, variable and exit code stands in it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import pytest

from briefing import config, sections, stories, tables, watch
from briefing.cli import command as briefing
from briefing.cli import console
from briefing.cli import eval as eval_command
from briefing.site import Readings, metrics

ROOT = Path(__file__).parent.parent
OPERATIONS = (ROOT / "docs" / "operations.md").read_text("utf-8")
REFERENCE = (ROOT / "docs" / "commands.md").read_text("utf-8")
README = (ROOT / "README.md").read_text("utf-8")
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])


def commands(
    group: click.Command = briefing, path: str = "briefing"
) -> Iterator[tuple[str, click.Command]]:
    """Every command with its full name, groups left out."""
    if not isinstance(group, click.Group):
        yield path, group
        return
    context = click.Context(group)
    for name in group.list_commands(context):
        found = group.get_command(context, name)
        assert found is not None
        yield from commands(found, f"{path} {name}")


COMMANDS = dict(commands())


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_a_section_with_all_its_options(name: str) -> None:
    section = re.search(rf"^### `{name}\b.*?(?=^##|\Z)", REFERENCE, re.M | re.S)
    assert section, f"docs/commands.md needs a section ### `{name} …`"
    for parameter in COMMANDS[name].params:
        if isinstance(parameter, click.Option) and parameter.name != "config":
            for flag in (*parameter.opts, *parameter.secondary_opts):
                if flag.startswith("--"):
                    assert f"`{flag}" in section[0], f"{name} {flag}"
        elif isinstance(parameter, click.Argument):
            shown = parameter.make_metavar(click.Context(COMMANDS[name])).strip("[]")
            assert shown in section[0], f"{name} {shown}"


def test_the_reference_describes_each_command_once_and_no_other_option() -> None:
    parts = re.findall(r"^### `([^`]+)`\n(.*?)(?=^##|\Z)", REFERENCE, re.M | re.S)
    sections = [(re.sub(r" (?:[\[A-Z]|bash).*", "", head), body) for head, body in parts]
    assert sorted(name for name, _ in sections) == sorted(COMMANDS)
    for name, body in sections:
        flags = {flag for one in COMMANDS[name].params for flag in one.opts}
        assert set(re.findall(r"^- `(--[a-z-]+)", body, re.M)) <= flags, name


def test_no_command_is_documented_that_does_not_exist() -> None:
    known = set(COMMANDS)
    for page in PAGES:
        if page.name in ("LAB.md", "CHANGELOG.md"):
            continue
        for line in re.findall(r"(?:^|`)(briefing [a-z][^`\n]*)", page.read_text("utf-8"), re.M):
            words = re.match(r"briefing( [a-z][a-z-]*)( [a-z]+)?", line)
            assert words
            names = {f"briefing{words[1]}", f"briefing{words[1]}{words[2] or ''}"}
            groups = {name.rpartition(" ")[0] for name in known}
            assert names & (known | groups), f"{page.name}: {line}"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_help_text_teaches_by_examples(name: str) -> None:
    found = COMMANDS[name]
    assert found.help, name
    if name != "briefing completion":
        assert f"  {name}" in found.help, f"{name} has no example"
    for parameter in found.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, f"{name} {parameter.opts}"


def rows(heading: str, kind: type[Any]) -> list[str]:
    """The rows of the table of configuration keys, as they must stand in the documentation."""
    defaults = None if heading == "story" else kind()
    return [
        f"| `{heading}` | `{key}` | {_shown(getattr(defaults, key, None))} "
        f"| {said.says}{_bounds(said)} |"
        for key, said in tables.keys(kind).items()
    ]


def _bounds(key: tables.Key) -> str:
    if key.choices:
        return f": {', '.join(key.choices)}"
    return f" ({key.least:g} to {key.most:g})" if key.least is not None else ""


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, tuple):
        return f"`[{', '.join(value)}]`"
    return f"`{value}`" if isinstance(value, int | float) else f'`"{value}"`'


@pytest.mark.parametrize("name", sections.SECTIONS)
def test_every_key_is_documented_with_its_default(name: str) -> None:
    for row in rows(f"[{name}]", sections.SECTIONS[name]):
        assert row in OPERATIONS


def test_every_key_of_a_story_is_documented() -> None:
    for row in rows("[schedule]", stories.ScheduleSettings):
        assert row in OPERATIONS
    for row in rows("story", stories.StorySettings):
        assert row in OPERATIONS


def test_no_key_is_documented_that_does_not_exist() -> None:
    known = {
        (f"[{name}]", key) for name, kind in sections.SECTIONS.items() for key in tables.keys(kind)
    }
    known |= {("story", key) for key in tables.keys(stories.StorySettings)}
    known |= {("[schedule]", key) for key in tables.keys(stories.ScheduleSettings)}
    found = set(re.findall(r"^\| `(\[\w+\]|story)` \| `(\w+)` \|", OPERATIONS, re.M))
    assert found == known


def test_every_alarm_is_documented_and_no_other() -> None:
    section = OPERATIONS[OPERATIONS.index("\n## Alarms") :].partition("\n## Back up")[0]
    assert re.findall(r"^\| `([a-z ]+)` \|", section, re.M) == list(watch.KINDS)


def test_every_metric_is_documented_and_no_other() -> None:
    moment = datetime(2026, 5, 2, tzinfo=UTC)
    readings = Readings(
        editions={"s": 1}, latest={"s": moment}, due={"s": moment}, run_seconds={"s": 1.0},
        mails={"sent": 1}, waiting=moment, subscribers={"active": 1}, feeds=1, feeds_failing=0,
        answered=moment, alarms={"low disk": 1}, leading=True, store_bytes=1,
    )  # fmt: skip
    page = metrics.Meters(lambda: readings, lambda: moment).page()
    told = set(re.findall(r"^(briefing_\w+(?:\{\w+)?)", page, re.M))
    named = re.findall(r"^\| `(briefing_\w+(?:\{\w+)?)\}?` \|", OPERATIONS, re.M)
    assert set(named) == told
    assert len(named) == len(told)


def test_every_line_of_the_log_is_documented() -> None:
    section = OPERATIONS[OPERATIONS.index("**The log**") :].partition("\n## Alarms")[0]
    said = {
        node.args[0].value
        for file in (ROOT / "briefing" / "serve").glob("*.py")
        for node in ast.walk(ast.parse(file.read_bytes()))
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", "") == "say"
        and isinstance(node.args[0], ast.Constant)
    }
    assert len(said) > 10
    assert {event for event in said if f"`{event}`" not in section} == set()


def test_every_environment_variable_is_documented_and_no_other() -> None:
    found = set(re.findall(r"^\| `(BRIEFING_[A-Z]+)` \|", OPERATIONS, re.M))
    assert found == set(config.ENVIRONMENT)


def test_exit_codes_are_documented() -> None:
    found = {int(code) for code in re.findall(r"^\| `(\d)` \|", README, re.M)}
    assert found == {console.DONE, console.FAILED, console.WRONG_CONFIGURATION, console.LEFT_OUT}


def test_the_readme_names_the_two_commands() -> None:
    assert "make run" in README
    assert "make test" in README


def test_every_make_target_that_is_named_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.M))
    for page in PAGES:
        for target in re.findall(r"`make ([a-z-]+)", page.read_text("utf-8")):
            assert target in targets, f"{page.name}: make {target}"


def test_every_link_within_the_repository_leads_somewhere() -> None:
    for page in PAGES:
        for link in re.findall(r"\]\(([^)#:\s]+)\)", page.read_text("utf-8")):
            assert (page.parent / link).exists(), f"{page.name}: {link}"


def test_every_file_that_the_documents_name_exists() -> None:
    pattern = r"`((?:briefing|config|deploy|docs|evals|training|tests|seeds)/[\w./-]*)`"
    for page in PAGES:
        for name in re.findall(pattern, page.read_text("utf-8")):
            assert (ROOT / name).exists(), f"{page.name}: {name}"


def test_every_eval_and_every_floor_is_documented() -> None:
    page = (ROOT / "docs" / "evaluation.md").read_text("utf-8")
    pinned = eval_command.part("floors").pinned()
    for name in {*pinned, *eval_command.part("running").NAMES}:
        assert f"| `{name}` |" in page, name


def test_modules_of_the_house_stand_in_its_drawing() -> None:
    architecture = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    for file in (ROOT / "briefing").glob("*.py"):
        if file.name not in ("__init__.py", "__main__.py"):
            assert f"`{file.name}`" in architecture, file.name
    for folder in ("app", "serve", "site", "watch"):
        assert f"`{folder}/`" in architecture, folder
    for folder in ("stages", "adapters"):
        for room in (ROOT / "briefing" / folder).iterdir():
            if room.name not in ("__init__.py", "__pycache__"):
                assert f"`{room.stem}`" in architecture, f"{folder}/{room.stem}"
