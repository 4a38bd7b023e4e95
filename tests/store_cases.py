"""What the tests of the store and of the service share: small nouns, an old store, a place."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import processes

from briefing.adapters import store as store_package
from briefing.news import (
    Accounts,
    Article,
    Claim,
    Digest,
    Edition,
    Entry,
    ModelIdentity,
    Passage,
    Sighting,
    Stand,
    Statement,
    Value,
)
from briefing.post import Mail

NOW = datetime(2024, 11, 22, 6, 30, tzinfo=UTC)
FRIDAY = Edition("harbour", date(2024, 11, 22))
SATURDAY = Edition("harbour", date(2024, 11, 23))
MORNING = Edition("harbour", date(2024, 11, 22), "0630")
EVENING = Edition("harbour", date(2024, 11, 22), "1700")
OTHER = Edition("railway", date(2024, 11, 22))

OURS = str(Path(store_package.__file__).parent)

# The first released schema as SQLite keeps it, with one row in each table. It must open for ever.
STEP_ONE = """
CREATE TABLE migrations (number INTEGER PRIMARY KEY, name TEXT NOT NULL);
INSERT INTO migrations VALUES (1, 'feeds, seen entries, articles and editions');
CREATE TABLE feeds (url TEXT PRIMARY KEY, title TEXT NOT NULL, etag TEXT NOT NULL,
  last_modified TEXT NOT NULL, errors INTEGER NOT NULL, not_before TIMESTAMP WITH TIME ZONE,
  last_answered TIMESTAMP WITH TIME ZONE, last_failed TIMESTAMP WITH TIME ZONE,
  last_error TEXT NOT NULL, entries INTEGER NOT NULL, new INTEGER NOT NULL);
INSERT INTO feeds VALUES ('https://harbour.example/rss', 'Harbour', '"e"', 'Fri', 2,
  '2024-11-22 07:30:00.000000', '2024-11-21 06:30:00.000000', '2024-11-22 06:30:00.000000',
  'timeout', 9, 1);
CREATE TABLE seen (id TEXT PRIMARY KEY, source TEXT NOT NULL, key TEXT NOT NULL,
  link TEXT NOT NULL, page TEXT NOT NULL, title TEXT NOT NULL,
  first_seen TIMESTAMP WITH TIME ZONE NOT NULL, outcome TEXT NOT NULL);
CREATE INDEX seen_page ON seen (page);
INSERT INTO seen VALUES ('e1', 'https://harbour.example/rss', 'k1', '', '', 'T',
  '2024-11-22 06:30:00.000000', 'articles');
CREATE TABLE articles (id TEXT PRIMARY KEY, entry TEXT NOT NULL REFERENCES seen (id),
  published TIMESTAMP WITH TIME ZONE, added TIMESTAMP WITH TIME ZONE NOT NULL, body TEXT);
CREATE INDEX articles_added ON articles (added);
INSERT INTO articles VALUES ('e1', 'e1', NULL, '2024-11-22 06:30:00.000000',
  '{"id":"e1","url":"","title":"T","title_origin":"stated","publisher":"","published":null,
    "date_origin":"unknown","text":"T","passages":[{"article":"e1","index":0,"start":0,"end":1,
    "text":"T","paragraph":0,"kind":"title"}]}');
CREATE TABLE editions (story TEXT NOT NULL, day DATE NOT NULL, serial INTEGER NOT NULL,
  made TIMESTAMP WITH TIME ZONE NOT NULL, subject TEXT NOT NULL, digest TEXT NOT NULL,
  evidence TEXT NOT NULL, PRIMARY KEY (story, day));
INSERT INTO editions VALUES ('harbour', '2024-11-22', 1, '2024-11-22 06:30:00.000000', 'S', '{}',
  '{}');
CREATE TABLE consumed (story TEXT NOT NULL, article TEXT NOT NULL REFERENCES articles (id),
  day DATE NOT NULL, PRIMARY KEY (story, article),
  FOREIGN KEY (story, day) REFERENCES editions (story, day) ON DELETE CASCADE);
CREATE INDEX consumed_edition ON consumed (story, day);
INSERT INTO consumed VALUES ('harbour', 'e1', '2024-11-22');
CREATE TABLE cited (story TEXT NOT NULL, day DATE NOT NULL,
  article TEXT NOT NULL REFERENCES articles (id), PRIMARY KEY (story, day, article),
  FOREIGN KEY (story, day) REFERENCES editions (story, day) ON DELETE CASCADE);
CREATE INDEX cited_article ON cited (article);
CREATE TABLE skips (story TEXT NOT NULL, day DATE NOT NULL, position INTEGER NOT NULL,
  stage TEXT NOT NULL, subject TEXT NOT NULL, reason TEXT NOT NULL, detail TEXT NOT NULL,
  PRIMARY KEY (story, day, position),
  FOREIGN KEY (story, day) REFERENCES editions (story, day) ON DELETE CASCADE);
INSERT INTO skips VALUES ('harbour', '2024-11-22', 0, 'relate', 'x', 'off topic', '');
"""


def pair(key: str, *, text: str = "A pier") -> tuple[Entry, list[Article]]:
    """An entry and its one article."""
    entry = Entry(key, "folder:seeds", "", f"T {key}", NOW, "b", "text")
    passage = Passage(entry.id, 0, 0, len(text), text, 1)
    article = Article(
        entry.id, "", "T", "made", "", NOW, "stated", text, (passage,), source="folder:seeds"
    )
    return entry, [article]


def article_id(key: str) -> str:
    """Of the article of :func:`pair`."""
    return pair(key)[1][0].id


def digest(edition: Edition, subject: str, *keys: str) -> Digest:
    """An edition that cites the articles of these keys."""
    passages = tuple(pair(key)[1][0].passages[0] for key in keys)
    claim = Claim(subject, passages, 1.0, "quoted", "reported")
    accounts = Accounts(len(keys), len(keys), (), 0, 0, (), 0, 1)
    model = ModelIdentity("w", "", "j", "cpu")
    return Digest(edition, "Harbour", NOW, claim, (), (), (), (), (), accounts, model)


STATEMENT = Statement(
    actor="port",
    act="clos",
    object="north pier",
    weapons=("Storm Shadow",),
    stands=(Stand("United Kingdom", "Storm Shadow", "considered"), Stand("France", "", "refused")),
    places=("Lunden", "Ærø"),
    names=("Ilka Marn",),
    values=(Value("ships", "", 9, float("inf"), "", "at least nine"),),
    dates=(date(2024, 11, 20), date(2024, 11, 21)),
    modality="may",
    speaker="port authority",
    confirms=True,
)


def sighting(
    claim: str,
    *keys: str,
    text: str = "The pier is closed.",
    thread: str = "pier",
    statement: Statement = STATEMENT,
    printed: str = "",
) -> Sighting:
    """A claim that the articles of these keys carry."""
    passages = tuple(pair(key)[1][0].passages[0] for key in keys)
    return Sighting(claim, thread, text, passages, statement, "on record", printed)


def mail(
    name: str,
    *,
    edition: Edition | None = FRIDAY,
    content: bytes = b"Subject: S\r\n\r\nT\r\n",
    subscriber: str = "",
) -> Mail:
    """A mail to ``name@example.net``; edition and name give its Message-ID."""
    of = f"{edition.name}.{edition.day}" if edition else "none"
    return Mail(
        message_id=f"<{of}.{name}@example.org>",
        kind="edition" if edition else "test",
        sender="briefing@example.org",
        recipient=f"{name}@example.net",
        content=content,
        edition=edition,
        subscriber=subscriber,
    )


# -- where it is tested ------------------------------------------------------------------------


def killed_at_line(number: int, work: Callable[[], object]) -> bool:
    """Run ``work`` in a child that is killed before the ``number``-th line of the store's code.

    False when the work was done before.
    """
    return processes.killed_at_line(number, work, below=OURS)


@contextmanager
def fast_folder(otherwise: Path) -> Iterator[Path]:
    """A folder in memory where there is one: hundreds of syncs to a disk would take a minute."""
    memory = Path("/dev/shm")
    if not os.access(memory, os.W_OK):
        yield otherwise
        return
    with TemporaryDirectory(dir=memory) as name:
        yield Path(name)
