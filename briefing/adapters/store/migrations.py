"""How the tables came to be, step by step.

The list only grows: a migration that has been released is never edited, because stores out there
have already made it. Each runs in one transaction with the row that records it, so a store is
always at one known step. The SQL is written out, in the part that SQLite and PostgreSQL share,
so that a later change of ``schema.py`` cannot change the past.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import NamedTuple

from sqlalchemy import Connection, insert, inspect, select

from briefing.adapters.store.schema import metadata, migrations
from briefing.errors import StoreError


class Migration(NamedTuple):
    """One step: what it brings, and the statements that bring it."""

    name: str
    statements: tuple[str, ...]


MIGRATIONS: tuple[Migration, ...] = (
    Migration(
        "feeds, seen entries, articles and editions",
        (
            """CREATE TABLE feeds (
                url TEXT PRIMARY KEY, title TEXT NOT NULL,
                etag TEXT NOT NULL, last_modified TEXT NOT NULL,
                errors INTEGER NOT NULL, not_before TIMESTAMP WITH TIME ZONE,
                last_answered TIMESTAMP WITH TIME ZONE, last_failed TIMESTAMP WITH TIME ZONE,
                last_error TEXT NOT NULL, entries INTEGER NOT NULL, new INTEGER NOT NULL)""",
            """CREATE TABLE seen (
                id TEXT PRIMARY KEY, source TEXT NOT NULL, key TEXT NOT NULL,
                link TEXT NOT NULL, page TEXT NOT NULL, title TEXT NOT NULL,
                first_seen TIMESTAMP WITH TIME ZONE NOT NULL, outcome TEXT NOT NULL)""",
            "CREATE INDEX seen_page ON seen (page)",
            """CREATE TABLE articles (
                id TEXT PRIMARY KEY, entry TEXT NOT NULL REFERENCES seen (id),
                published TIMESTAMP WITH TIME ZONE, added TIMESTAMP WITH TIME ZONE NOT NULL,
                body TEXT)""",
            "CREATE INDEX articles_added ON articles (added)",
            """CREATE TABLE editions (
                story TEXT NOT NULL, day DATE NOT NULL, serial INTEGER NOT NULL,
                made TIMESTAMP WITH TIME ZONE NOT NULL, subject TEXT NOT NULL,
                digest TEXT NOT NULL, evidence TEXT NOT NULL, PRIMARY KEY (story, day))""",
            """CREATE TABLE consumed (
                story TEXT NOT NULL, article TEXT NOT NULL REFERENCES articles (id),
                day DATE NOT NULL, PRIMARY KEY (story, article),
                FOREIGN KEY (story, day) REFERENCES editions (story, day) ON DELETE CASCADE)""",
            "CREATE INDEX consumed_edition ON consumed (story, day)",
            """CREATE TABLE cited (
                story TEXT NOT NULL, day DATE NOT NULL,
                article TEXT NOT NULL REFERENCES articles (id),
                PRIMARY KEY (story, day, article),
                FOREIGN KEY (story, day) REFERENCES editions (story, day) ON DELETE CASCADE)""",
            "CREATE INDEX cited_article ON cited (article)",
            """CREATE TABLE skips (
                story TEXT NOT NULL, day DATE NOT NULL, position INTEGER NOT NULL,
                stage TEXT NOT NULL, subject TEXT NOT NULL, reason TEXT NOT NULL,
                detail TEXT NOT NULL, PRIMARY KEY (story, day, position),
                FOREIGN KEY (story, day) REFERENCES editions (story, day) ON DELETE CASCADE)""",
        ),
    ),
    Migration(
        "several editions a day, and when each was published",
        (
            """CREATE TABLE editions_2 (
                story TEXT NOT NULL, day DATE NOT NULL, slot TEXT NOT NULL,
                serial INTEGER NOT NULL, made TIMESTAMP WITH TIME ZONE NOT NULL,
                subject TEXT NOT NULL, published TIMESTAMP WITH TIME ZONE,
                digest TEXT NOT NULL, evidence TEXT NOT NULL,
                PRIMARY KEY (story, day, slot))""",
            """INSERT INTO editions_2 (story, day, slot, serial, made, subject, digest, evidence)
                SELECT story, day, '', serial, made, subject, digest, evidence FROM editions""",
            """CREATE TABLE consumed_2 (
                story TEXT NOT NULL, article TEXT NOT NULL REFERENCES articles (id),
                day DATE NOT NULL, slot TEXT NOT NULL, PRIMARY KEY (story, article),
                FOREIGN KEY (story, day, slot)
                    REFERENCES editions_2 (story, day, slot) ON DELETE CASCADE)""",
            """INSERT INTO consumed_2 (story, article, day, slot)
                SELECT story, article, day, '' FROM consumed""",
            """CREATE TABLE cited_2 (
                story TEXT NOT NULL, day DATE NOT NULL, slot TEXT NOT NULL,
                article TEXT NOT NULL REFERENCES articles (id),
                PRIMARY KEY (story, day, slot, article),
                FOREIGN KEY (story, day, slot)
                    REFERENCES editions_2 (story, day, slot) ON DELETE CASCADE)""",
            """INSERT INTO cited_2 (story, day, slot, article)
                SELECT story, day, '', article FROM cited""",
            """CREATE TABLE skips_2 (
                story TEXT NOT NULL, day DATE NOT NULL, slot TEXT NOT NULL,
                position INTEGER NOT NULL, stage TEXT NOT NULL, subject TEXT NOT NULL,
                reason TEXT NOT NULL, detail TEXT NOT NULL,
                PRIMARY KEY (story, day, slot, position),
                FOREIGN KEY (story, day, slot)
                    REFERENCES editions_2 (story, day, slot) ON DELETE CASCADE)""",
            """INSERT INTO skips_2 (story, day, slot, position, stage, subject, reason, detail)
                SELECT story, day, '', position, stage, subject, reason, detail FROM skips""",
            "DROP TABLE skips",
            "DROP TABLE cited",
            "DROP TABLE consumed",
            "DROP TABLE editions",
            "ALTER TABLE editions_2 RENAME TO editions",
            "ALTER TABLE consumed_2 RENAME TO consumed",
            "ALTER TABLE cited_2 RENAME TO cited",
            "ALTER TABLE skips_2 RENAME TO skips",
            "CREATE INDEX consumed_edition ON consumed (story, day, slot)",
            "CREATE INDEX cited_article ON cited (article)",
        ),
    ),
    Migration(
        "the service: subscribers, outbox, leases, runs, answers of models, alarms",
        (
            """CREATE TABLE subscribers (
                id TEXT PRIMARY KEY, address TEXT NOT NULL, name TEXT NOT NULL,
                story TEXT NOT NULL, slots TEXT NOT NULL, standing TEXT NOT NULL,
                reason TEXT NOT NULL, created TIMESTAMP WITH TIME ZONE NOT NULL,
                confirmed TIMESTAMP WITH TIME ZONE, UNIQUE (name, story))""",
            """CREATE TABLE outbox (
                number INTEGER PRIMARY KEY, message_id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL,
                story TEXT NOT NULL, day DATE, slot TEXT NOT NULL, subscriber TEXT NOT NULL,
                sender TEXT NOT NULL, recipient TEXT NOT NULL, content TEXT,
                state TEXT NOT NULL, attempts INTEGER NOT NULL,
                queued TIMESTAMP WITH TIME ZONE NOT NULL, not_before TIMESTAMP WITH TIME ZONE,
                reply TEXT NOT NULL, settled TIMESTAMP WITH TIME ZONE)""",
            "CREATE INDEX outbox_state ON outbox (state, number)",
            "CREATE INDEX outbox_edition ON outbox (story, day, slot)",
            """CREATE TABLE leases (
                name TEXT PRIMARY KEY, owner TEXT NOT NULL, place TEXT NOT NULL,
                taken TIMESTAMP WITH TIME ZONE NOT NULL,
                renewed TIMESTAMP WITH TIME ZONE NOT NULL,
                expires TIMESTAMP WITH TIME ZONE NOT NULL)""",
            """CREATE TABLE runs (
                number INTEGER PRIMARY KEY, story TEXT NOT NULL, day DATE NOT NULL,
                slot TEXT NOT NULL, started TIMESTAMP WITH TIME ZONE NOT NULL,
                stage TEXT NOT NULL, finished TIMESTAMP WITH TIME ZONE,
                outcome TEXT NOT NULL, detail TEXT NOT NULL)""",
            "CREATE INDEX runs_edition ON runs (story, day, slot)",
            """CREATE TABLE answers (
                key TEXT PRIMARY KEY, value TEXT NOT NULL,
                added TIMESTAMP WITH TIME ZONE NOT NULL)""",
            """CREATE TABLE passed_over (
                story TEXT NOT NULL, day DATE NOT NULL, slot TEXT NOT NULL,
                decided TIMESTAMP WITH TIME ZONE NOT NULL, reason TEXT NOT NULL,
                PRIMARY KEY (story, day, slot))""",
            """CREATE TABLE alarms (
                kind TEXT NOT NULL, subject TEXT NOT NULL, text TEXT NOT NULL,
                remedy TEXT NOT NULL, since TIMESTAMP WITH TIME ZONE NOT NULL,
                mailed TIMESTAMP WITH TIME ZONE, cleared TIMESTAMP WITH TIME ZONE,
                PRIMARY KEY (kind, subject))""",
            """CREATE TABLE marks (
                name TEXT PRIMARY KEY, value TEXT NOT NULL,
                changed TIMESTAMP WITH TIME ZONE NOT NULL)""",
            "ALTER TABLE feeds ADD COLUMN wish DOUBLE PRECISION NOT NULL DEFAULT 0",
            "ALTER TABLE feeds ADD COLUMN moved TEXT NOT NULL DEFAULT ''",
        ),
    ),
    Migration(
        "the ledger of claims, and articles that were edited or withdrawn after use",
        (
            """CREATE TABLE sightings (
                story TEXT NOT NULL, day DATE NOT NULL, slot TEXT NOT NULL, claim TEXT NOT NULL,
                thread TEXT NOT NULL, sourcing TEXT NOT NULL, printed TEXT NOT NULL,
                text TEXT NOT NULL, statement TEXT NOT NULL, passages TEXT NOT NULL,
                PRIMARY KEY (story, day, slot, claim),
                FOREIGN KEY (story, day, slot)
                    REFERENCES editions (story, day, slot) ON DELETE CASCADE)""",
            "CREATE INDEX sightings_claim ON sightings (story, claim, day, slot)",
            """CREATE TABLE revisions (
                article TEXT NOT NULL REFERENCES articles (id), number INTEGER NOT NULL,
                noticed TIMESTAMP WITH TIME ZONE NOT NULL, kind TEXT NOT NULL, body TEXT,
                PRIMARY KEY (article, number))""",
            "ALTER TABLE seen ADD COLUMN said TEXT NOT NULL DEFAULT ''",
            "CREATE INDEX articles_entry ON articles (entry)",
        ),
    ),
)

_LEDGER = "CREATE TABLE migrations (number INTEGER PRIMARY KEY, name TEXT NOT NULL)"


def upgrade(
    writing: Callable[[], AbstractContextManager[Connection]],
    *,
    where: str,
    steps: Sequence[Migration] = MIGRATIONS,
) -> int:
    """Bring a store to the newest step; return how many steps were taken.

    ``writing`` opens one write transaction. Two programs may do this at once: each looks again
    inside its own transaction.

    Raises:
        StoreError: the store is newer than this program, or belongs to another one.
    """
    taken = 0
    while True:
        with writing() as connection:
            done = _standing(connection, where=where)
            if done > len(steps):
                raise StoreError(
                    f"{where} was made by a newer version of briefing "
                    f"(step {done}; this version knows {len(steps)})",
                    remedy="Upgrade briefing, or name another store. Nothing was changed.",
                )
            if done == len(steps):
                return taken
            for statement in steps[done].statements:
                connection.exec_driver_sql(statement)
            row = {"number": done + 1, "name": steps[done].name}
            connection.execute(insert(migrations), row)
            taken += 1


def _standing(connection: Connection, *, where: str) -> int:
    """The step that the store is at; 0 for a new one, whose ledger is made here."""
    present = set(inspect(connection).get_table_names())
    if migrations.name in present:
        numbers = list(connection.scalars(select(migrations.c.number)))
        if sorted(numbers) != list(range(1, len(numbers) + 1)):
            raise _foreign(where)
        return len(numbers)
    # SQLite: a file is ours alone. PostgreSQL: a schema is often shared, so only our names count.
    ours = set(metadata.tables)
    if present and (connection.dialect.name == "sqlite" or present & ours):
        raise _foreign(where)
    connection.exec_driver_sql(_LEDGER)
    return 0


def _foreign(where: str) -> StoreError:
    return StoreError(
        f"{where} is a database of another program",
        remedy="Name another store in the configuration. Nothing was changed.",
    )
