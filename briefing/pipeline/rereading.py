"""Articles that an edition used, looked at again when their source says something else.

::

    entries seen before -- retold -> fetch page -> extract -> compare -> clean -> note_revision
    new files           -- of a path that an edition cites --^

A source that only drops an old entry takes nothing back. Whatever cannot be told for certain is
left alone: a correction that is none would be untrue itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal

from briefing.errors import FetchError
from briefing.news import Article, Document, Entry, NotModified, Skip
from briefing.pipeline.parsing import page_said
from briefing.pipeline.reading import ask, cleaned
from briefing.ports import Engine, Models, Parsers, Store, Web
from briefing.text import editing

CITED_FOR = timedelta(days=30)
"""Articles are looked at again while an edition not older than this cites them."""

MOST_PAGES = 20
"""Pages fetched again in one intake; what is left over is looked at in the next one."""

_FOR_GOOD = {
    "refused address", "robots.txt", "too large", "unknown encoding", "too many redirects",
}  # fmt: skip
"""Why a page will not be had at the next try either, beside the answers 400 to 499."""

_PASSING = {"http 408", "http 425", "http 429"}

_GONE = {"http 404", "http 410"}

Outcome = Sequence[Article] | Skip
Finding = Article | Literal["withdrawn"] | None
"""What an article says now; ``None``: the same, or nobody can tell."""


@dataclass(slots=True)
class Rereading:
    """Looks again at what editions used, in one intake."""

    store: Store
    models: Models
    parsers: Parsers
    as_of: date
    now: datetime
    pages: int = 0  # fetched again
    revised: int = 0  # articles edited or withdrawn

    def feed(self, entries: Sequence[Entry], *, web: Web, engine: Engine) -> bool:
        """Look at entries of one feed that were seen before; whether all could be looked at."""
        retold = self.store.retold(entries, since=self.as_of - CITED_FOR)
        room = MOST_PAGES - self.pages
        linked = [entry.id for entry, _ in retold if entry.link][:room]
        chosen = [pair for pair in retold if not pair[0].link or pair[0].id in linked]
        self.pages += len(linked)
        answers = engine.map(
            lambda pair: ask(web, pair[0].link, page=True) if pair[0].link else None, chosen
        )
        gone = self._withdrawn([one for _, articles in chosen for one in articles])
        found: list[tuple[Article, Finding]] = []
        compared: list[Entry] = []
        for (entry, articles), page in zip(chosen, answers, strict=True):
            if isinstance(page, FetchError) and not _lasting(page):
                continue
            compared.append(entry)
            found += [(a, self._now(a, entry, page, back=a.id in gone)) for a in articles]
        self._note(found, gone)
        if compared:  # last: a run cut off before compares once more
            self.store.note_said(compared)
        return len(compared) == len(retold)

    def folder(
        self,
        source: str,
        entries: Sequence[Entry],
        fresh: Sequence[tuple[Entry, Outcome]],
    ) -> None:
        """Look at files that were changed under their path.

        Args:
            source: ``Entry.source`` of the folder.
            entries: all that it holds.
            fresh: of them the new ones, with the articles that were stored of them.
        """
        if not fresh:
            return
        there = {entry.key for entry in entries}
        cited = self.store.cited_from(source, since=self.as_of - CITED_FOR)
        replaced = [(key, article) for key, article in cited if key not in there]
        gone = self._withdrawn([article for _, article in replaced])
        for key, article in replaced:
            files = [(e, o) for e, o in fresh if path_of(e.key) == path_of(key)]
            alone = sum(path_of(entry.key) == path_of(key) for entry in entries) == 1
            if alone and any(_taken_back(e.title, o) for e, o in files):
                self._keep(article, "withdrawn")
            else:
                texts = [one for _, o in files for one in _texts(o)]
                self._keep(article, _edited(article, texts, back=article.id in gone))

    def _now(
        self,
        article: Article,
        entry: Entry,
        page: Document | NotModified | FetchError | None,
        *,
        back: bool,
    ) -> Finding:
        """What the page and the feed's own words make of the article now, before it is cleaned."""
        paged: Outcome = []
        parsers, as_of = self.parsers, self.as_of
        if isinstance(page, Document):  # without the feed's words, which may outweigh a notice
            bare = replace(entry, body="")
            paged = page_said(parsers, bare, page, as_of=as_of)
            headed = page_said(parsers, replace(bare, title=""), page, as_of=as_of)
            if _taken_back("", headed) and not _taken_back("", [article]):
                return "withdrawn"
        own = page_said(parsers, entry, None, as_of=as_of)
        if _taken_back(entry.title, own) and not _taken_back("", [article]):
            return "withdrawn"
        fed = [one for one in _texts(own) if editing.not_much_longer(article, one)]
        if isinstance(page, FetchError) and page.reason in _GONE and not fed:
            return "withdrawn"
        return _edited(article, [*_texts(paged), *fed], back=back)

    def _withdrawn(self, articles: Sequence[Article]) -> set[str]:
        """Ids of those that were withdrawn, as far as is known."""
        known = self.store.revisions(one.id for one in articles)
        return {id_ for id_, one in known.items() if one.kind == "withdrawn"}

    def _note(self, found: Sequence[tuple[Article, Finding]], gone: AbstractSet[str]) -> None:
        """Clean what was edited, as when it first came in, and keep what is other words still."""
        edited = [(old, new) for old, new in found if isinstance(new, Article)]
        clean = cleaned([new for _, new in edited], self.models)
        for (old, raw), new in zip(edited, clean, strict=True):
            if old.id in gone or editing.differs(old, new, whole=raw):
                self._keep(old, new)
        for old, finding in found:
            if finding == "withdrawn":
                self._keep(old, finding)

    def _keep(self, old: Article, now: Finding) -> None:
        if now is None:
            return
        self.store.note_revision(old.id, None if now == "withdrawn" else now, now=self.now)
        self.revised += 1


def path_of(key: str) -> str:
    """The path of a file, of the key of an entry of it (see ``stages.parse.files``)."""
    return key.rpartition("#")[0]


def _texts(outcome: Outcome) -> Sequence[Article]:
    return () if isinstance(outcome, Skip) else outcome


def _taken_back(title: str, outcome: Outcome) -> bool:
    """Whether an entry's title, or the only text of it, says that it is withdrawn."""
    texts = _texts(outcome)
    return editing.taken_back(title, texts[0].passages if len(texts) == 1 else ())


def _edited(article: Article, texts: Sequence[Article], *, back: bool) -> Finding:
    """What the article is now, when its words are others, or when it is ``back`` after all."""
    now = editing.closest(article, texts)
    if now is None:
        return None
    if _taken_back("", [now]) and not _taken_back("", [article]):
        return "withdrawn"
    return now if back or editing.differs(article, now, whole=now) else None


def _lasting(error: FetchError) -> bool:
    if error.reason in _PASSING:
        return False
    return error.reason in _FOR_GOOD or error.reason.startswith("http 4")
