"""Where the service's log lines go: standard error, and also a file if no journal and nobody reads that."""

import logging
import os
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TextIO

from remind.desktop.notify.console import is_terminal, own_stream

_MOST_BYTES = 512 * 1024
_KEPT = 3


def set_up(path: Path) -> None:
    """Send the log to standard error, and to the file `path` if neither a journal nor a terminal reads it.

    Lines for a journal carry no time, since it adds its own.
    """
    stream = own_stream()
    handlers: list[logging.Handler] = [] if stream is None else [logging.StreamHandler(stream)]
    in_journal = stream is not None and os.environ.get("JOURNAL_STREAM") == _stream(stream)
    if not in_journal and not is_terminal(stream):
        handlers.extend(_file(path))
    form = "%(message)s" if in_journal else "%(asctime)s %(message)s"
    for handler in handlers:
        handler.setFormatter(logging.Formatter(form, "%Y-%m-%d %H:%M:%S"))
    logging.raiseExceptions = False  # a line that can't be written is lost without a traceback
    root = logging.getLogger()
    root.handlers[:] = handlers
    root.setLevel(logging.WARNING)
    logging.getLogger("remind").setLevel(logging.INFO)


class _RotatingLog(RotatingFileHandler):
    """A log that stays in the same file while that can't be renamed, as on Windows while another program reads it."""

    def doRollover(self) -> None:  # noqa: N802 - the name is the library's
        try:
            super().doRollover()
            self.maxBytes = _MOST_BYTES
        except OSError:
            self.maxBytes += _MOST_BYTES  # the size at which it tries again
            self.stream = self._open()


def _stream(stream: TextIO) -> str:
    """Return the name of `stream` in JOURNAL_STREAM. A terminal inherits the variable, so it must be compared."""
    try:
        status = os.fstat(stream.fileno())
    except (OSError, ValueError):
        return ""
    return f"{status.st_dev}:{status.st_ino}"


def _file(path: Path) -> list[logging.Handler]:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return [_RotatingLog(path, maxBytes=_MOST_BYTES, backupCount=_KEPT, encoding="utf-8")]
    except OSError:
        return []  # a full or read-only disk must not stop the reminders
