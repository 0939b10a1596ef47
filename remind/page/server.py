"""The server of the page: a process of its own, which ends by itself once the last page has gone."""

import asyncio
import logging
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import uvicorn
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect

from remind.errors import RemindError
from remind.page.gate import Gate
from remind.page.peer import OwnConnection
from remind.page.routes import ROUTES, static
from remind.page.site import Site, show_failure

IDLE_S = 60.0
"""How long the server outlives its last page, and waits for its first."""
UNSEEN_S = 600.0
"""The same where no page could say that it is open, since it runs no JavaScript."""
GRACE_S = 4.0
"""How long a page may be away before its session ends: a reload takes less."""

_LOOK_S = 1.0
_LAST_WORDS_S = 2.0
_ENDING = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]


class PageServer(uvicorn.Server):
    """Serves `site` on a port of its own; `address` lets one browser in."""

    def __init__(self, site: Site, listening: socket.socket) -> None:
        port = listening.getsockname()[1]
        handlers = {RemindError: show_failure, ClientDisconnect: show_failure, 404: show_failure}
        starlette = Starlette(routes=ROUTES, exception_handlers=handlers)
        starlette.state.site = site
        self._site = site
        self._listening = listening
        self._interrupted = False
        self.gate = Gate(starlette, port)
        super().__init__(
            uvicorn.Config(
                self.gate,
                http=OwnConnection,
                ws="none",
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=1,
            )
        )

    async def run_until_unused(self, ready: Callable[[], None]) -> None:
        """Serve until nobody looks any more, or a signal asks to end; what runs then is ended and recorded."""
        loop = asyncio.get_running_loop()
        for number in _ENDING:
            with suppress(NotImplementedError, RuntimeError):  # Windows, or a test's thread
                loop.add_signal_handler(number, self._stop, number)
        looking = loop.create_task(self._look_after())
        ready()
        loop.call_soon(self._warm_up)
        try:
            await self.serve(sockets=[self._listening])
        finally:
            looking.cancel()
            self._site.voice.close(_LAST_WORDS_S)
        if self._interrupted:
            raise KeyboardInterrupt

    def _warm_up(self) -> None:
        """Get ready what the first page needs, while the browser starts."""
        static.files()
        self._site.warm_up()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals to `run_until_unused`, which also ends the session."""
        yield

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Record what runs and let the tabs go, so that nothing is waited for."""
        # What waits for another server, such as the phone's, is cancelled, and uvicorn takes that for a failure.
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
        self._site.stretch.stop()
        self._site.relief.stop()
        self._site.tabs.close()
        await super().shutdown(sockets)

    def _stop(self, number: int) -> None:
        self._interrupted = number == signal.SIGINT
        self.should_exit = True

    async def _look_after(self) -> None:
        """End a session that nobody watches, and the server that nobody uses."""
        site, passed, last_used = self._site, 0, self._site.clock()
        while not self.should_exit:
            await asyncio.sleep(_LOOK_S)
            site.app.share_written()
            if site.tabs.gone_s("stretch") >= GRACE_S:
                site.stretch.stop()
            if site.tabs.gone_s("cramp") >= GRACE_S:
                site.relief.stop()
            if self.gate.passed != passed or len(site.tabs):
                passed, last_used = self.gate.passed, site.clock()
            unseen = passed > 0 and not site.tabs.ever
            if site.clock() - last_used >= (UNSEEN_S if unseen else IDLE_S):
                self.should_exit = True


def serve(site: Site, path: str, announce: Callable[[str], None]) -> None:
    """Serve `site` until nobody uses it; `announce` is given the address of `path`, which works once.

    Raises:
        RemindError: no port could be opened.
        KeyboardInterrupt: Ctrl-C ended it.
    """
    try:
        listening = socket.create_server(("127.0.0.1", 0))
    except OSError as error:
        raise RemindError(f"the page can't be served: {error.strerror}") from error
    with listening:
        server = PageServer(site, listening)
        asyncio.run(server.run_until_unused(lambda: announce(server.gate.address(path))))
