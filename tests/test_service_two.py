"""Two instances, two processes, an older store: an edition is made once and mailed once."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from processes import forked, succeeded
from service_desk import (
    DAY,
    DUE,
    HOUR,
    MINUTE,
    STORY,
    Clock,
    Desk,
    Kitchen,
    desk,
    edition,
    quick,
    wired,
)
from store_cases import STEP_ONE, fast_folder
from test_pipeline import WordModels

from briefing.adapters.files import DigestFiles
from briefing.adapters.store import open_store
from briefing.app.making import making_of
from briefing.errors import BriefingError, LeaseLost, StoreError
from briefing.serve.children import Ended
from briefing.serve.service import Service


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    with fast_folder(tmp_path) as place:
        yield place


# -- two of them -------------------------------------------------------------------------------


def second(made: Desk) -> Service:
    """Another instance beside the first: its own connection to the store, no lease yet."""
    app = wired(made.config, made.clock)
    return replace(made.service, app=app, runner=Kitchen(made.config, app, made.clock), lease=None)


def test_one_instance_works_and_the_next_takes_over_when_it_is_silent(folder: Path) -> None:
    with desk(folder) as made:
        made.store.leases.give_back(made.service.lease)
        made.subscribe("ann@example.net", "bob@example.net")
        made.tell(0)
        made.clock.now = DUE - MINUTE
        made.service.editions()
        take = {"length": MINUTE, "place": "elsewhere:1"}
        made.service.lease = made.store.leases.take("serve", now=made.clock.now, **take)
        other = second(made)
        with closing(other.app.store):
            made.clock.now += 59 * MINUTE / 60
            assert other.app.store.leases.take("serve", now=made.clock.now, **take) is None
            made.clock.now = DUE
            assert made.service.editions() == 1
            # Silent for a minute, it is taken over, and finds that out before it sends
            other.lease = other.app.store.leases.take("serve", now=made.clock.now, **take)
            assert other.lease
            with pytest.raises(LeaseLost):
                made.service.deliver()
            assert made.post.taken == []
            assert other.editions() == 0
            assert other.deliver() == 2
            assert made.service.editions() == made.service.deliver() == 0
            assert len(made.post.taken) == 2


@pytest.mark.parametrize("when", ["while it writes", "once its files are written"])
def test_a_run_that_was_taken_over_records_nothing(folder: Path, when: str) -> None:
    """Its machine slept; another has made the edition meanwhile."""
    with desk(folder) as made:
        made.subscribe("ann@example.net")
        made.tell(0)
        made.service.editions()
        made.clock.now = DUE
        other = second(made)
        ended: list[Ended] = []

        def sleep() -> None:
            made.clock.now += 2 * MINUTE
            ended.append(other.runner.edition(edition(0)))

        class Sleepy(WordModels):
            def generate(self, *arguments: Any, **options: Any) -> list[list[str]]:
                sleep()
                return super().generate(*arguments, **options)

        class SleepyFiles(DigestFiles):
            def save(self, *arguments: Any) -> Path:
                saved = super().save(*arguments)
                sleep()
                return saved

        slow = Kitchen(made.config, replace(made.app, models=Sleepy()), made.clock)
        if when != "while it writes":
            slow.app = replace(made.app, files=SleepyFiles(made.config.output.folder))
        with closing(other.app.store), pytest.raises(LeaseLost, match="taken over"):
            slow.cook(edition(0))
        assert ended[0].done
        stored = made.store.edition(edition(0))
        assert stored
        assert stored.published
        assert stored.published - DUE >= 2 * MINUTE
        assert made.store.outbox.tally().queued == 1
        # What stands on disk is the edition that went out
        assert made.findings(edition(0)) == []
        assert made.store.leases.holder(making_of(STORY), now=made.clock.now) is None
        assert [one.outcome for one in made.store.runs.of(edition(0))] == ["done", "failed"]


def test_two_processes_at_once_make_one_edition_and_one_set_of_mails(folder: Path) -> None:
    with desk(folder) as made:
        made.subscribe(*(f"reader{n}@example.net" for n in range(5)))
        made.tell(*range(6))
        made.store.close()
        log = folder / "log"
        for day in range(6):
            clock = Clock(DUE + day * DAY)
            gate, starter = os.pipe()

            def work(clock: Clock = clock, gate: int = gate, day: int = day) -> None:
                app = wired(made.config, clock)
                kitchen = Kitchen(made.config, app, clock)
                os.read(gate, 1)
                ended = kitchen.edition(edition(day))
                with log.open("a") as file:
                    file.write("done\n" if ended.done else f"{ended.said}\n")

            children = [forked(work) for _ in range(3)]
            os.write(starter, b"xxx")
            assert succeeded(*children)
            os.close(gate)
            os.close(starter)
        said = log.read_text().splitlines()
        assert said.count("done") == 6
        refused = ("being worked on by", "went out at")
        assert all(one == "done" or any(why in one for why in refused) for one in said)
        with open_store(made.config.store.url) as store:
            assert len(store.editions(100)) == 6
            assert store.outbox.tally().queued == 6 * 5
            ids = {one.mail.message_id for one in store.outbox.letters()}
            assert len(ids) == 6 * 5
            assert store.damage() == []


def test_an_edition_that_went_out_is_refused_and_made_again_only_when_asked(folder: Path) -> None:
    with desk(folder) as made:
        made.subscribe("ann@example.net")
        made.tell(0)
        made.go(DUE)
        with pytest.raises(BriefingError, match="went out at 2024-03-04 06:30 UTC, to 1 reader"):
            made.kitchen.cook(edition(0))
        made.subscribe("new@example.net")
        made.clock.now += HOUR
        made.kitchen.cook(edition(0), replace_sent=True)
        made.turn()
        assert len(made.post.taken) == 1
        stored = made.store.edition(edition(0))
        assert stored
        assert stored.published
        assert (stored.made, stored.published < made.clock.now) == (made.clock.now, True)
        assert made.findings(edition(0)) == []


def test_an_older_store_goes_on_where_it_was(folder: Path) -> None:
    """The first released schema, with the edition of another story in it."""
    (folder / "state").mkdir()
    with closing(sqlite3.connect(folder / "state" / "briefing.db")) as old:
        old.executescript(STEP_ONE)
    with desk(folder) as made:
        made.subscribe("ann@example.net")
        made.tell(0)
        made.go(DUE)
        assert made.out() == [edition(0)]
        assert len(made.store.editions(10)) == 2
        assert made.store.damage() == []
        assert len(made.post.taken) == 1


def test_a_store_that_cannot_be_read_ends_a_turn_and_names_a_remedy(folder: Path) -> None:
    with desk(folder, runner=quick) as made:
        made.go(DUE)
        assert made.store.file
        whole = made.store.file.read_bytes()
        made.store.close()
        made.store.file.write_bytes(b"x" * 4096)
        for turn in (made.service.editions, made.service.deliver, made.watch.look):
            with pytest.raises(StoreError, match=r"(?s)not a database.*Restore it from a backup"):
                turn()
        assert made.store.file.read_bytes() == b"x" * 4096
        made.store.close()
        made.store.file.write_bytes(whole)
        made.go(DUE + DAY, step=HOUR)
        assert made.out() == [edition(0), edition(1)]
