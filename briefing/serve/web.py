"""The site, answered by uvicorn in a thread of the service."""

from __future__ import annotations

import logging
import threading

import uvicorn

from briefing.app import mailing
from briefing.app.overview import SITE
from briefing.serve.archive import StoreArchive
from briefing.serve.log import say
from briefing.serve.service import Service
from briefing.serve.watching import Watch
from briefing.site import application

_STARTS_WITHIN = 10.0  # seconds


class Site:
    """The archive's server, in a thread of its own; begun again when its address was taken."""

    def __init__(self, service: Service, watch: Watch) -> None:
        """
        Raises:
            ConfigError: the key that signs addresses cannot be read or made.
        """
        config = service.config
        self._service = service
        self._where = f"http://{config.site.listen}:{config.site.port}/"
        self._thread: threading.Thread | None = None
        self._server: uvicorn.Server | None = None
        self._app = application(
            archive=StoreArchive(config, service.app.store, service.clock),
            stories=config.stories,
            secret=mailing.site_key(config),
            clock=service.clock,
            url=config.site.url.rstrip("/"),
            signup=config.site.signup and bool(config.mail.host and config.site.url),
            ready=watch.not_ready,
            metrics=watch.readings,
        )

    def keep(self) -> None:
        """Begin to answer, unless it does already; what hinders it is noted for the operator."""
        if self._service.stopped.is_set() or (self._thread and self._thread.is_alive()):
            return
        marks, now = self._service.app.store.watching, self._service.clock()
        self._start()
        assert self._server is not None
        if self._server.started:
            marks.clear_mark(SITE)
            say("site answers", at=self._where)
        else:
            marks.set_mark(SITE, f"cannot answer at {self._where}", now=now)
            say("site cannot answer", at=self._where, level=logging.ERROR)

    def stop(self) -> None:
        """Take no more requests."""
        if self._server is not None:
            self._server.should_exit = True

    def join(self, seconds: float) -> None:
        """Wait for the end of those under way."""
        if self._thread is not None:
            self._thread.join(seconds)

    def _start(self) -> None:
        config = self._service.config.site
        settings = uvicorn.Config(
            self._app,
            host=config.listen,
            port=config.port,
            log_config=None,
            access_log=False,  # addresses hold tokens
            server_header=False,
            lifespan="off",
            limit_concurrency=64,
            timeout_keep_alive=15,
            timeout_graceful_shutdown=3,
        )
        self._server = uvicorn.Server(settings)
        self._thread = threading.Thread(target=_run, args=[self._server], name="site", daemon=True)
        self._thread.start()
        waited = threading.Event()
        for _ in range(int(_STARTS_WITHIN / 0.05)):
            if self._server.started or not self._thread.is_alive():
                break
            waited.wait(0.05)


def _run(server: uvicorn.Server) -> None:
    try:
        server.run()
    except SystemExit:  # uvicorn's way to say that the address is taken; it has logged why
        return
