"""The site, answered by uvicorn in a thread of the service."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass

import uvicorn

from briefing.app import mailing
from briefing.serve.archive import StoreArchive
from briefing.serve.log import say
from briefing.serve.service import Service
from briefing.serve.watching import Watch
from briefing.site import application

_STARTS_WITHIN = 10.0  # seconds


@dataclass(frozen=True, slots=True)
class Site:
    """A server that answers in its own thread."""

    server: uvicorn.Server
    thread: threading.Thread

    def stop(self) -> None:
        """Take no more requests."""
        self.server.should_exit = True

    def join(self, seconds: float) -> None:
        """Wait for the end of those under way."""
        self.thread.join(seconds)


def start(service: Service, watch: Watch) -> Site | None:
    """Answer on ``[site] listen`` and ``port``; ``None`` when there is to be no site.

    An address that cannot be had is logged, and editions and mails go on without a site.

    Raises:
        ConfigError: the key that signs addresses cannot be read or made.
    """
    config = service.config
    if not config.site.port:
        return None
    app = application(
        archive=StoreArchive(config, service.app.store, service.clock),
        stories=config.stories,
        secret=mailing.site_key(config),
        clock=service.clock,
        url=config.site.url.rstrip("/"),
        signup=config.site.signup and bool(config.mail.host and config.site.url),
        ready=watch.not_ready,
        metrics=watch.readings,
    )
    settings = uvicorn.Config(
        app,
        host=config.site.listen,
        port=config.site.port,
        log_config=None,
        access_log=False,
        server_header=False,
        lifespan="off",
        limit_concurrency=64,
        timeout_keep_alive=15,
        timeout_graceful_shutdown=3,
    )
    server = uvicorn.Server(settings)
    thread = threading.Thread(target=_run, args=[server], name="site", daemon=True)
    thread.start()
    where = f"http://{config.site.listen}:{config.site.port}/"
    waited = threading.Event()
    for _ in range(int(_STARTS_WITHIN / 0.05)):
        if server.started or not thread.is_alive():
            break
        waited.wait(0.05)
    if not server.started:
        say("site cannot answer", at=where, level=logging.ERROR)
        return None
    say("site answers", at=where)
    return Site(server, thread)


def _run(server: uvicorn.Server) -> None:
    try:
        server.run()
    except SystemExit:  # uvicorn's way to say that the address is taken; it has logged why
        return
