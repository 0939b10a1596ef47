"""Where the service's log lines go: standard error, and a file of its own where no journal or person reads that."""

import logging
import os
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TextIO

from remind.desktop.notify.console import is_terminal, own_stream

_MOST_BYTES = 512 * 1024
_KEPT = 3


def set_up(folder: Path) -> None:
    """Send the log to standard error, without the time under a journal, which adds it; unread, also to `folder`."""
    stream = own_stream()
    handlers: list[logging.Handler] = [] if stream is None else [logging.StreamHandler(stream)]
    in_journal = stream is not None and os.environ.get("JOURNAL_STREAM") == _stream(stream)
    if not in_journal and not is_terminal(stream):
        handlers.extend(_file(folder))
    form = "%(message)s" if in_journal else "%(asctime)s %(message)s"
    for handler in handlers:
        handler.setFormatter(logging.Formatter(form, "%Y-%m-%d %H:%M:%S"))
    logging.raiseExceptions = False  # a line that cannot be written is lost, and no traceback tells of it
    root = logging.getLogger()
    root.handlers[:] = handlers
    root.setLevel(logging.WARNING)
    logging.getLogger("remind").setLevel(logging.INFO)


class _RotatingLog(RotatingFileHandler):
    """A log that goes on in the same file while it cannot be renamed, as on Windows while another program reads it."""

    def doRollover(self) -> None:  # noqa: N802 - the name is the library's
        try:
            super().doRollover()
            self.maxBytes = _MOST_BYTES
        except OSError:
            self.maxBytes += _MOST_BYTES  # when it tries again
            self.stream = self._open()


def _stream(stream: TextIO) -> str:
    """The name that JOURNAL_STREAM gives to `stream`; alone, the variable also reaches every terminal of a session."""
    try:
        status = os.fstat(stream.fileno())
    except (OSError, ValueError):
        return ""
    return f"{status.st_dev}:{status.st_ino}"


def _file(folder: Path) -> list[logging.Handler]:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return [_RotatingLog(folder / "remind.log", maxBytes=_MOST_BYTES, backupCount=_KEPT, encoding="utf-8")]
    except OSError:
        return []  # a full or read-only disk must not keep the reminders away
