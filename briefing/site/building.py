"""The archive as files: the same pages, readable from a folder, a stick or any web server."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from briefing.news import Story
from briefing.site import shelf
from briefing.site.folder import OwnFolder
from briefing.site.headlines import Headlines
from briefing.site.ports import Editions
from briefing.site.shelf import Page, Shelf
from briefing.stages.render.site import ATOM, EVIDENCE, JSON

INDEX = "index.html"


@dataclass(frozen=True, slots=True)
class Built:
    """What became of a folder's files."""

    folder: Path
    editions: int
    written: int  # new or changed
    unchanged: int
    removed: int  # of editions and months that are there no more


def build(
    archive: Editions,
    *,
    stories: Mapping[str, Story],
    directory: Path,
    url: str = "",
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Built:
    """Write every page and file of the archive below ``directory``.

    Files that hold already what they should are left alone; what an earlier call wrote and this
    one does not is removed. Nothing else in the folder is touched.

    Args:
        url: the public address, for the feeds; "" makes their links relative.
        progress: told how many files of how many are done.

    Raises:
        StoreError: the archive cannot be read.
        DeliveryError: the folder is not one of ours, or cannot be written.
    """
    head = shelf.masthead(stories, url=url)
    own = Shelf(archive, stories=stories, masthead=head, headlines=Headlines(), index=INDEX)
    made = dict(_pages(own, f"{head.url}/" if head.url else ""))
    folder = OwnFolder(directory)
    folder.claim(made)
    written = 0
    for done, (path, make) in enumerate(made.items(), 1):
        page = make()
        if page is not None:
            written += folder.put(path, page.body.encode())
        progress(done, len(made))
    removed = folder.sweep(made)
    return Built(directory, len(own.issues), written, len(made) - written, removed)


def _pages(own: Shelf, base: str) -> Iterator[tuple[str, Callable[[], Page | None]]]:
    """Path of every file, and how it is made; the front page last, so that no link is ahead."""
    yield from shelf.STILL.items()
    for issue in own.issues:
        edition = issue.edition
        yield f"{issue.path}{EVIDENCE}{INDEX}", partial(own.evidence, edition)
        for name in shelf.FILES:
            yield f"{issue.path}{name}", partial(own.file, edition, name)
        yield f"{issue.path}{INDEX}", partial(own.edition, edition)
    for key in own.months:
        yield f"{key}/{INDEX}", partial(own.month, key)
    yield ATOM, partial(own.atom, base)
    yield JSON, partial(own.json_feed, base)
    yield INDEX, own.front
