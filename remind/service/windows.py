"""What a press opens at the computer: the window of a session, and the form for a cramp."""

import logging
import math
from collections.abc import Callable

from remind.app import App
from remind.desktop.notify.channel import Notification
from remind.errors import RemindError
from remind.lock import lock_owner
from remind.service import messages

log = logging.getLogger("remind")

_ONE_WINDOW_S = 120.0
"""For how long after Start has opened a window another press opens none. The session's lock can't tell: the session
takes it only when the person begins."""


class Windows:
    """Opens them with `open_session` and `open_form`, and tells the person through `tell` if that fails."""

    def __init__(
        self,
        app: App,
        tell: Callable[[Notification], None],
        open_session: Callable[[], None] | None = None,
        open_form: Callable[[str], None] | None = None,
    ) -> None:
        self._app = app
        self._tell = tell
        self._open_session = open_session or _open_session
        self._open_form = open_form or _open_form
        self._opened = -math.inf

    def start_session(self) -> None:
        """Open the window of a session, unless one runs or was opened just now."""
        if lock_owner(self._app.folders.session_lock) is not None:
            log.info("no second session: one is running")
            self._tell(messages.session_running())
            return
        if self._app.monotonic() < self._opened + _ONE_WINDOW_S:
            log.info("no second session: a window was opened for one just now")
            self._tell(messages.window_opened())
            return
        try:
            self._open_session()
            self._opened = self._app.monotonic()
        except RemindError as error:
            log.warning("session not started: %s", error)
            self._tell(messages.not_started(str(error)))

    def show_form(self, entry_id: str) -> None:
        """Open the form for the cramp `entry_id`."""
        try:
            self._open_form(entry_id)
        except RemindError as error:
            log.warning("the form for a cramp was not opened: %s", error)
            self._tell(messages.form_not_opened(entry_id, str(error)))


def _open_session() -> None:
    from remind.desktop.browser import open_session  # only here, since the service keeps whatever it loads

    open_session()


def _open_form(entry_id: str) -> None:
    from remind.desktop.browser import open_form

    open_form(entry_id)
