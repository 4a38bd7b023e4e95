"""``config/stories/*.toml``: one running story in each file, named by the file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from briefing import tables
from briefing.errors import ConfigError
from briefing.news import Schedule, Story
from briefing.tables import Key


@dataclass(frozen=True, slots=True)
class StorySettings:
    """The keys of a story file, beside its ``[terms]``. What is not stated is the default of
    :class:`briefing.news.Story`; of ``minutes``, that of ``[run]``."""

    name: Annotated[str, Key("the story's name, as the reader sees it")]
    description: Annotated[str, Key("plain prose: what belongs to the story, and what does not")]
    minutes: Annotated[float, Key("reading time of an edition", 0.5, 30.0)] = 0.0
    timezone: Annotated[str, Key("IANA zone in which the edition's date is local")] = "UTC"
    relevance: Annotated[float, Key("least score of an article about the story", 0.0, 1.0)] = 0.0


WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class ScheduleSettings:
    """``[schedule]`` of a story file: when ``briefing serve`` makes its editions."""

    times: Annotated[
        tuple[str, ...], Key('local times of a day\'s editions, as `["06:30"]`; none: unscheduled')
    ] = ()
    days: Annotated[tuple[str, ...], Key('weekdays, as `["mon", "tue"]`')] = WEEKDAYS


def load(folder: Path, *, minutes: float) -> dict[str, Story]:
    """All stories of the folder, by slug, in name order.

    Args:
        folder: holds one ``SLUG.toml`` for each story.
        minutes: reading time of the stories that name none.

    Raises:
        ConfigError: there is no story, or a file is not understood.
    """
    files = sorted(folder.glob("*.toml"))
    if not files:
        raise ConfigError(
            f"no story in {folder}",
            remedy=f"write one as {folder / 'my-story.toml'}; docs/operations.md shows how",
        )
    return {file.stem: _story(file, minutes=minutes) for file in files}


def _story(file: Path, *, minutes: float) -> Story:
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", file.stem):
        raise ConfigError(
            f"{file.stem!r} cannot name a story: it also names folders",
            where=str(file),
            remedy="use small letters, digits and single hyphens, as in my-story.toml",
        )
    document = tables.read(file)
    terms = _terms(document)
    schedule = _schedule(document)
    inner = ("terms", "schedule")
    rest = {key: value for key, value in document.tables.items() if key not in inner}
    settings = tables.Document(file, document.text, rest).section("", StorySettings)
    for key in ("name", "description"):
        if not getattr(settings, key).strip():
            raise ConfigError(
                f"{key} is empty",
                where=document.where("", key),
                remedy="say it in the reader's words",
            )
    _check_zone(document, settings.timezone)
    stated: dict[str, Any] = {
        "minutes": minutes,
        **{key: getattr(settings, key) for key in rest},
        "name": settings.name.strip(),
        "description": " ".join(settings.description.split()),
    }
    return Story(slug=file.stem, terms=terms, schedule=schedule, **stated)


def _terms(document: tables.Document) -> dict[str, tuple[str, ...]]:
    """``[terms]``: group name -> words and phrases."""
    found: Any = document.tables.get("terms", {})
    if not isinstance(found, dict) or not found:
        raise ConfigError(
            "[terms] is missing or empty",
            where=document.where("", "terms"),
            remedy='add [terms] with groups of words, as weapons = ["ATACMS", "Storm Shadow"]',
        )
    for group, words in found.items():
        if (
            not isinstance(words, list)
            or not words
            or not all(isinstance(word, str) and word.strip() for word in words)
        ):
            raise ConfigError(
                f"the terms of {group!r} must be a list of words or phrases",
                where=document.where("terms", group),
                remedy=f'write {group} = ["one", "another phrase"]',
            )
    return {
        group: tuple(dict.fromkeys(" ".join(word.split()) for word in words))
        for group, words in found.items()
    }


def _schedule(document: tables.Document) -> Schedule:
    """``[schedule]``: times ascending and each once, weekdays as numbers."""
    stated = document.section("schedule", ScheduleSettings)
    times = []
    for text in stated.times:
        if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", text):
            raise ConfigError(
                f"{text!r} is no time of day",
                where=document.where("schedule", "times"),
                remedy='write hours and minutes, as times = ["06:30", "17:00"]',
            )
        times.append(time.fromisoformat(text))
    for day in stated.days:
        if day not in WEEKDAYS:
            raise ConfigError(
                f"{day!r} is no weekday",
                where=document.where("schedule", "days"),
                remedy=f"known names: {', '.join(WEEKDAYS)}",
            )
    if times and not stated.days:
        raise ConfigError(
            "days is empty, so no edition would ever be made",
            where=document.where("schedule", "days"),
            remedy="name some weekdays, or leave the key out for every day",
        )
    days = tuple(sorted({WEEKDAYS.index(day) for day in stated.days}))
    return Schedule(tuple(sorted(set(times))), days)


def _check_zone(document: tables.Document, zone: str) -> None:
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError) as error:
        raise ConfigError(
            f"no time zone is called {zone!r}",
            where=document.where("", "timezone"),
            remedy='use an IANA name such as "Europe/Kyiv" or "UTC"',
        ) from error
