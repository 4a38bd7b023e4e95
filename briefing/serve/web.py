"""The site, answered by uvicorn in a thread of the service."""

from __future__ import annotations

import asyncio
import logging
import threading

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from briefing.app import mailing
from briefing.app.overview import SITE
from briefing.serve.archive import StoreArchive
from briefing.serve.log import say
from briefing.serve.service import Service
from briefing.serve.watching import Watch
from briefing.site import application

_STARTS_WITHIN = 10.0  # seconds
_ASKS_WITHIN = 15.0  # seconds from the first byte, or from none, to a whole request
_MOST = 200  # connections: each is an open file, and runs and mails need some too


class Prompt(H11Protocol):
    """A connection that is closed when no request comes in time; the library waits for ever."""

    _late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self.transport = transport
        if len(self.connections) >= _MOST:
            transport.abort()
            return
        super().connection_made(transport)
        self._expect()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._expect()

    def connection_lost(self, exc: Exception | None) -> None:
        self._forget()
        super().connection_lost(exc)

    def _expect(self) -> None:
        """Wait for a request, unless one is being answered."""
        if not self._idle():
            self._forget()
        elif self._late is None and not self.transport.is_closing():
            self._late = self.loop.call_later(_ASKS_WITHIN, self._hang_up)

    def _idle(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

    def _hang_up(self) -> None:
        self._late = None
        if self._idle():
            self.transport.close()

    def _forget(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None


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
        self._answers: bool | None = None  # as it is on record
        self._app = application(
            archive=StoreArchive(config, service.app.store, service.clock),
            stories=config.stories,
            secret=mailing.site_key(config),
            clock=service.clock,
            url=config.site.url,
            signup=config.site.signup and bool(config.mail.host and config.site.url),
            ready=watch.not_ready,
            metrics=watch.readings,
        )

    def keep(self) -> None:
        """Begin to answer, unless it does already; what hinders it is noted for the operator."""
        if self._service.stopped.is_set():
            return
        marks, now = self._service.app.store.watching, self._service.clock()
        if self._thread is None or not self._thread.is_alive():
            self._start()
        answers = self._server is not None and self._server.started
        if answers == self._answers:
            return
        if answers:
            marks.clear_mark(SITE)
            say("site answers", at=self._where)
        else:
            marks.set_mark(SITE, f"cannot answer at {self._where}", now=now)
            say("site cannot answer", at=self._where, level=logging.ERROR)
        self._answers = answers  # last: what the store did not take is noted at the next turn

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
            http=Prompt,
            log_config=None,
            access_log=False,  # addresses hold tokens
            server_header=False,
            lifespan="off",
            limit_concurrency=64,
            backlog=64,  # as many are accepted before the first of them can be refused
            timeout_keep_alive=15,
            timeout_graceful_shutdown=3,
        )
        self._server = uvicorn.Server(settings)
        self._thread = threading.Thread(target=_run, args=[self._server], name="site", daemon=True)
        self._thread.start()
        for _ in range(int(_STARTS_WITHIN / 0.05)):
            if self._server.started or not self._thread.is_alive():
                break
            if self._service.stopped.wait(0.05):
                break


def _run(server: uvicorn.Server) -> None:
    try:
        server.run()
    except SystemExit:  # uvicorn's way to say that the address is taken; it has logged why
        return
