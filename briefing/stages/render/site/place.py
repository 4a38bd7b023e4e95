"""Where pages stand, so that every link leads on from any prefix or from a folder of files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from briefing.news import Edition
from briefing.stages.render import dates

EVIDENCE = "evidence/"
"""Folder of the evidence page, below the edition's."""


def path(edition: Edition) -> str:
    """The permanent address of an edition below the site's: ``2024-11-22/story/``."""
    return f"{edition.day.isoformat()}/{quote(edition.name)}/"


@dataclass(frozen=True, slots=True)
class Place:
    """Where the page stands that is being written. All its links are relative to that."""

    root: str = ""  # the way to the front page: "" on it, "../../" two folders down
    index: str = ""  # file that a folder's address stands for: "index.html" without a server

    def page(self, path: str = "", anchor: str = "") -> str:
        """The way to the page of the folder ``path`` ("" or ending with "/")."""
        way = f"{self.root}{path}{self.index}" or "./"
        return f"{way}#{anchor}" if anchor else way

    def file(self, path: str) -> str:
        """The way to a file."""
        return self.root + path


@dataclass(frozen=True, slots=True)
class Masthead:
    """What stands on every page of a site."""

    name: str
    about: str  # one sentence: what is published here
    several: bool = False  # more than one story: each line says which
    signup: bool = False  # readers may subscribe to mails
    url: str = ""  # public address, without a slash at its end; "" when it has none


@dataclass(frozen=True, slots=True)
class Issue:
    """An edition as the archive lists it."""

    edition: Edition
    headline: str  # as `archive.headline` gives it
    story: str  # the story's name
    made: datetime  # aware
    published: datetime | None = None  # aware

    @property
    def path(self) -> str:
        """Its permanent address; see :func:`path`."""
        return path(self.edition)

    @property
    def time(self) -> str:
        """Its time of day, where a day has several: ``17:00``, else ""."""
        return dates.of_slot(self.edition.slot)
