"""Sharing the diary with other machines while the service runs."""

import logging
import threading

from remind.app import App
from remind.errors import RemindError
from remind.settings.model import Settings

log = logging.getLogger("remind")


class Sharing:
    """Shares the diary through the folder in the settings, on a thread of its own: a folder on a network may hang."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._thread: threading.Thread | None = None
        self._told = ""

    def look(self, settings: Settings) -> None:
        """Begin to share what changed, if `settings` name a folder and the last time has ended."""
        if settings.diary.folder is None or (self._thread is not None and self._thread.is_alive()):
            return
        self._thread = threading.Thread(target=self._share, args=[settings], daemon=True)
        self._thread.start()

    def _share(self, settings: Settings) -> None:
        try:
            merged = self._app.share_diary(settings)
        except RemindError as error:
            if str(error) != self._told:
                log.warning("the diary is not shared: %s", error)
            self._told = str(error)
        else:
            self._told = ""
            if merged:
                log.info("merged %d rows of the diary from other machines", merged)
