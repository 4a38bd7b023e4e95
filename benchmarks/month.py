"""The month of `tests/test_month.py` with the real models: every edition and every poll is the real
command in a process of its own, at an hour that is made up.

    python benchmarks/month.py [--days N] [--words]

``--words`` puts the models of the tests in place of the real ones. Prints one line a day: what the
edition holds, how long it took, the largest memory of any child so far, and this process and the
store at the end of the day.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))

COLUMNS = (
    "day         made  briefs  in  used  written  quoted  mails  child MB  parent MB  store kB"
)


def child(arguments: list[str]) -> None:
    """``--child HOUR words|real COMMAND...``: the command, at that hour."""
    from briefing.cli import console, main

    hour, models, *command = arguments
    then, started = datetime.fromisoformat(hour), perf_counter()
    console.now = lambda: then + timedelta(seconds=perf_counter() - started)
    if models == "words":
        from test_cli_run import WordModels

        import briefing.app.parts as parts

        parts.LocalModels = WordModels  # type: ignore[assignment,misc]
    main(command)


def runner(config: Path, clock: Any, *, models: str) -> Any:
    """The service's own runner, whose processes are told the hour."""
    from briefing.serve.children import Children, Ended

    class Told(Children):
        def _run(self, arguments: list[str]) -> Ended:
            hour = clock().isoformat()
            self._command = [sys.executable, __file__, "--child", hour, models]
            return super()._run(arguments)

    return Told(config, longest=3600.0)


@contextmanager
def month(*, models: str) -> Iterator[tuple[Any, Any]]:
    """The desk of the tests with the month's feeds and the mail server's moods."""
    from month_news import SUBSCRIBED, Month
    from service_desk import Clock, desk
    from test_month import LEAVES, READERS, STORIES, Moods, midnight

    with (
        TemporaryDirectory() as folder,
        desk(
            Path(folder), stories=STORIES, feeds=SUBSCRIBED, clock=Clock(midnight(0)),
            more={"serve": "keep_days = 7\npoll_minutes = 240", "web": "deadline = 2.0"},
            runner=lambda config, app, clock: runner(config.path, clock, models=models),
        ) as made,
    ):  # fmt: skip
        news, moods = Month(made.site, made.clock), Moods(made.clock)
        made.post.refuses, made.post.on_content = moods.to_recipient, moods.to_content
        made.subscribe(*READERS, LEAVES)
        yield made, news


def main() -> int:
    if sys.argv[1:2] == ["--child"]:
        child(sys.argv[2:])
        return 0
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--words", action="store_true", help="the models of the tests")
    asked = parser.parse_args()
    os.environ["PYTHONPATH"] = os.pathsep.join(
        [str(ROOT / "tests"), os.environ.get("PYTHONPATH", "")]
    ).rstrip(os.pathsep)
    from test_month import SETTLED, evening, hours, slope

    evenings, spent, findings, dark = [], Counter[str](), 0, 0
    with month(models="words" if asked.words else "real") as (made, news):
        print(COLUMNS, flush=True)
        for day in range(asked.days):
            mails = len(made.post.taken)
            for made.clock.now in hours(day):
                for name in ("editions", "poll", "deliver"):
                    started = perf_counter()
                    getattr(made.service, name)()
                    spent[name] += perf_counter() - started
                made.watch.look()
            made.service.tidy()
            made.site.asked.clear()
            evenings.append(evening(made))
            newest = made.store.latest_edition(next(iter(made.config.stories)))
            stored = made.store.edition(newest)
            one, last = stored.digest, evenings[-1]
            dark += not one.briefs
            findings += len(made.findings(newest))
            accounts = one.accounts
            largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1000
            print(
                f"{newest.day}  {one.seconds:4.1f}  {len(one.briefs):6}  {accounts.articles_in:2}"
                f"  {accounts.used:4}  {accounts.printed_written:7}  {accounts.printed_quoted:6}"
                f"  {len(made.post.taken) - mails:5}  {largest:8.0f}  {last.resident / 1e6:9.1f}"
                f"  {last.store / 1e3:8.0f}",
                flush=True,
            )
        out = len(made.out())
        tally = made.store.outbox.tally()
    print(f"{out} editions, {dark} dark, {findings} lines not proven, {len(news.served)} entries")
    print(f"{tally.sent} mails sent, {tally.queued} queued, {tally.dead} dead")
    print("seconds: " + ", ".join(f"{name} {taken:.0f}" for name, taken in spent.items()))
    later = evenings[SETTLED:]
    if len(later) > 1:
        print(f"memory {slope([one.resident for one in later]) / 1e3:.0f} kB a day")
        print(f"store {slope([one.store for one in later]) / 1e3:.0f} kB a day")
    return 0 if out == asked.days and not dark and not findings else 1


if __name__ == "__main__":
    if sys.platform == "win32":
        sys.exit("this benchmark reads /proc")
    sys.exit(main())
