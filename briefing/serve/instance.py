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

ENDS_WITHIN = 8.0
"""Seconds. systemd and container engines wait ten before they kill."""

TURNS = {"editions": 5, "deliver": 5, "poll": 30, "watch": 60, "tidy": 6 * 3600}
"""Job -> seconds between its turns. A turn that finds nothing to do asks the store one question."""


def serve(config: Config) -> int:
    """Run until SIGTERM or SIGINT; return the exit code.

    A second instance on the same store stands by until the first one gives up its lease or is
    silent for ``[serve] lease_seconds``.

    Raises:
        BriefingError: configuration or store are not in order; nothing was started.
    """
    set_up(config.serve.log)
    app.limits(config)  # a judge that is not in order is refused now, not at half past six
    opened = app.open(config)
    mailing.server(config)  # so is a password that is missing
    stopped = threading.Event()
    with _signals(stopped):
        say("service started", config=config.path, store=config.store.url.rpartition("@")[2])
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
                stopped=stopped,
            )
            _work(service)
        say("service ended")
    opened.store.close()
    return 0


def _now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def _signals(stopped: threading.Event) -> Iterator[None]:
    """SIGTERM and SIGINT end the service; a second one ends it at once."""

    def stop(number: int, _: FrameType | None) -> None:
        if stopped.is_set():
            os._exit(128 + number)
        say("service ending", signal=signal.Signals(number).name)
        stopped.set()

    before = {one: signal.signal(one, stop) for one in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


def _lease(config: Config, opened: App, stopped: threading.Event) -> Lease | None:
    """Wait for the lease of the service; ``None`` when it is stopped meanwhile."""
    length = timedelta(seconds=config.serve.lease_seconds)
    said = ""
    while not stopped.is_set():
        try:
            lease = opened.store.leases.take(
                mailing.SERVE, place=leasing.place(), now=_now(), length=length, gone=leasing.gone
            )
        except StoreError as error:
            say("store", said=error.message, level=logging.ERROR)
            lease = None
        if lease is not None:
            return lease
        other = opened.store.leases.holder(mailing.SERVE, now=_now())
        if other is not None and other.place != said:
            said = other.place
            say("standing by", works=other.place)
        stopped.wait(min(length.total_seconds() / 3, 10.0))
    return None


def _work(service: Service) -> None:
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
    for name, job in jobs.items():
        scheduler.add_job(
            _guarded, "interval", args=[name, job, ended], seconds=TURNS[name], id=name,
            next_run_time=_now(),
        )  # fmt: skip
    pause = service.config.serve.lease_seconds / leasing.RENEWALS
    scheduler.add_job(
        _guarded, "interval", args=["lease", lambda: _renew(service), ended], seconds=pause
    )
    site = web.Site(service, watch) if service.config.site.port else None
    if site is not None:
        site.keep()
        scheduler.add_job(
            _guarded, "interval", args=["site", site.keep, ended], seconds=TURNS["watch"]
        )
    scheduler.start()
    say("service works", place=leasing.place())
    while not service.stopped.is_set() and not ended.wait(0.2):
        pass
    _end(service, scheduler, site)


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


def _end(service: Service, scheduler: BackgroundScheduler, site: web.Site | None) -> None:
    """End what runs, within ``ENDS_WITHIN`` seconds; what will not end is left to be killed."""
    deadline = monotonic() + ENDS_WITHIN
    mine = service.stopped.is_set()
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
    if not mine:
        service.stopped.clear()  # stand by again
