"""One instance of the service: takes the lease, starts the clock and the site, and ends in time."""

from __future__ import annotations

import logging
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from time import monotonic
from types import FrameType

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger

from briefing import app
from briefing.adapters.store import Lease
from briefing.app import leasing, mailing
from briefing.app.parts import App
from briefing.config import Config
from briefing.errors import BriefingError, LeaseLost, StoreError
from briefing.serve import web
from briefing.serve.children import Children
from briefing.serve.log import NAME, say, set_up
from briefing.serve.service import Service
from briefing.serve.watching import Watch

SLACK = timedelta(seconds=1)
"""A clock set back by less was only put right."""

ENDS_WITHIN = 8.0
"""Seconds. systemd and container engines wait ten before they kill."""

LAST_CALL = 9.4
"""Seconds after which whatever still holds the process up is no longer waited for."""

TIDIES_AFTER = timedelta(hours=1)
"""From the start: by then a machine without a clock of its own has been told the time. While it is
a year ahead, it would forget what no edition has used yet."""

TURNS = {"editions": 5, "deliver": 5, "poll": 30, "watch": 60, "tidy": 6 * 3600}
"""Job -> seconds between its turns. A turn that finds nothing to do asks the store a
question or two for each story."""


def serve(config: Config) -> int:
    """Run until SIGTERM or SIGINT; return the exit code.

    A second instance on the same store stands by until the first one gives up its lease or is
    silent for ``[serve] lease_seconds``.

    Raises:
        BriefingError: configuration or store are not in order; nothing was started.
    """
    set_up(config.serve.log)
    app.limits(config)  # a judge that is not in order is refused now, not at half past six
    mailing.server(config)  # so is a password that is missing
    stopped = threading.Event()
    with _signals(stopped):
        opened = app.open(config)
        say("service started", config=config.path, store=opened.store.where)
        while not stopped.is_set():
            lease = _lease(config, opened, stopped)
            if lease is None:
                break
            service = Service(
                config=config,
                app=opened,
                runner=Children(config.path, longest=config.serve.edition_minutes * 60.0),
                clock=_now,
                feeds=lambda: app.feeds(config),
                server=mailing.server(config),
                lease=lease,
            )
            _work(service, stopped)
        say("service ended")
        opened.store.close()
    return 0


def _now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def _signals(stopped: threading.Event, *, last_call: float = LAST_CALL) -> Iterator[None]:
    """SIGTERM and SIGINT end the service; a second one ends it at once.

    This thread hears of them only when it is back from the store, which another process may have
    locked for half a minute. So another thread hears of them too, and ends the process when the
    block is not over ``last_call`` seconds later: killed at any moment, it loses nothing.
    """
    over = threading.Event()
    heard, rung = os.pipe()
    os.set_blocking(rung, False)

    def stop(number: int, _: FrameType | None) -> None:
        if stopped.is_set():
            os._exit(128 + number)
        stopped.set()
        say("service ending", signal=signal.Signals(number).name)

    def wait() -> None:
        if os.read(heard, 1) and not over.wait(last_call):
            os._exit(0)

    bell = signal.set_wakeup_fd(rung, warn_on_full_buffer=False)
    before = {one: signal.signal(one, stop) for one in (signal.SIGTERM, signal.SIGINT)}
    waiter = threading.Thread(target=wait, name="last call", daemon=True)
    waiter.start()
    try:
        yield
    finally:
        over.set()
        for one, handler in before.items():
            signal.signal(one, handler)
        signal.set_wakeup_fd(bell)
        os.close(rung)  # which the waiter takes for the end
        waiter.join()
        os.close(heard)


def _lease(config: Config, opened: App, stopped: threading.Event) -> Lease | None:
    """Wait for the lease of the service; ``None`` when it is stopped meanwhile."""
    length = timedelta(seconds=config.serve.lease_seconds)
    leases, said = opened.store.leases, ""
    while not stopped.is_set():
        try:
            lease = leases.take(
                mailing.SERVE, place=leasing.place(), now=_now(), length=length, gone=leasing.gone
            )
            if lease is not None:
                return lease
            other = leases.holder(mailing.SERVE, now=_now())
            if other is not None and other.place != said:
                said = other.place
                say("standing by", works=other.place)
        except StoreError as error:
            say("store", said=error.message, level=logging.ERROR)
        stopped.wait(min(length.total_seconds() / 3, 10.0))
    return None


class Every(BaseTrigger):  # type: ignore[misc]
    """One turn, and the next so long after it. The library's own would list every turn that a
    clock which jumps ahead has left out: a year of them is a gigabyte."""

    def __init__(self, seconds: float) -> None:
        self._pause = timedelta(seconds=seconds)

    def get_next_fire_time(self, previous: datetime | None, now: datetime) -> datetime:
        return now + self._pause


def _turn_again(scheduler: BackgroundScheduler, now: datetime) -> None:
    """After the clock went back: turns stand at the old time, which may be years away."""
    for job in scheduler.get_jobs():
        job.modify(next_run_time=now)


def _work(service: Service, stopped: threading.Event) -> None:
    """Serve until stopped, or until another instance has taken over."""
    ended = threading.Event()  # the lease is lost, or the service is stopped
    scheduler = BackgroundScheduler(
        timezone=UTC,
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )
    watch = Watch(service)
    jobs: dict[str, Callable[[], object]] = {
        "editions": service.editions,
        "deliver": service.deliver,
        "poll": service.poll,
        "watch": watch.look,
        "tidy": service.tidy,
    }
    last = _now()
    for name, job in jobs.items():
        first = last + TIDIES_AFTER if name == "tidy" else last
        scheduler.add_job(
            _guarded, Every(TURNS[name]), args=[name, job, ended], id=name, next_run_time=first
        )
    pause = service.config.serve.lease_seconds / leasing.RENEWALS
    scheduler.add_job(_guarded, Every(pause), args=["lease", lambda: _renew(service), ended])
    site = web.Site(service, watch) if service.config.site.port else None
    if site is not None:
        site.keep()
        scheduler.add_job(_guarded, Every(TURNS["watch"]), args=["site", site.keep, ended])
    scheduler.start()
    say("service works", place=leasing.place())
    while not stopped.is_set() and not ended.wait(0.2):
        now = _now()
        if now < last - SLACK:
            _turn_again(scheduler, now)
        last = now
    _end(service, scheduler, site, mine=stopped.is_set())


def _guarded(name: str, job: Callable[[], object], ended: threading.Event) -> None:
    """The outermost line of a job: what goes wrong in one turn must not end the next."""
    try:
        job()
    except LeaseLost as error:
        say("taken over by another instance", said=error.message, level=logging.ERROR)
        ended.set()
    except BriefingError as error:
        say(f"{name} failed", said=error.message, remedy=error.remedy, level=logging.ERROR)
    except Exception:
        logging.getLogger(NAME).exception("%s failed by a bug; please report it", name)


def _renew(service: Service) -> None:
    length = timedelta(seconds=service.config.serve.lease_seconds)
    assert service.lease is not None
    service.app.store.leases.renew(service.lease, now=_now(), length=length)


def _end(
    service: Service, scheduler: BackgroundScheduler, site: web.Site | None, *, mine: bool
) -> None:
    """End what runs, within ``ENDS_WITHIN`` seconds; what will not end is left to be killed.

    Args:
        mine: nobody has taken over.
    """
    deadline = monotonic() + ENDS_WITHIN
    service.stopped.set()  # for the jobs that are under way
    service.runner.stop()
    if service.server is not None:
        service.server.stop()
    if site is not None:
        site.stop()
    waiter = threading.Thread(target=scheduler.shutdown, kwargs={"wait": True}, daemon=True)
    waiter.start()
    waiter.join(max(0.0, deadline - monotonic()))
    if site is not None:
        site.join(max(0.0, deadline - monotonic()))
    if waiter.is_alive():
        say("a job would not end; the next start takes up its work", level=logging.WARNING)
        logging.shutdown()
        os._exit(0 if mine else 1)
    with suppress(StoreError):
        if service.lease is not None:
            service.app.store.leases.give_back(service.lease)
