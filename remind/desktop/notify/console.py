"""The last resort: a few lines on a stream, for a person who watches the service in a terminal."""

import os
import select
import sys
from typing import TextIO

from remind.desktop.notify.channel import Channel, ChannelError, Delivery, Notification
from remind.desktop.notify.text import MOST_TITLE, one_line, plain

_MOST = 800
"""Characters of up to four bytes each: less than PIPE_BUF, so that a pipe with any room takes all of them."""


def is_terminal(stream: TextIO | None) -> bool:
    """Return whether a person can see what is written to `stream`.

    On Windows `isatty` is also true of NUL (bpo-28654), but only a console has a size.
    """
    if stream is None or not stream.isatty():
        return False
    try:
        os.get_terminal_size(stream.fileno())
    except (OSError, ValueError):
        return False
    return True


def own_stream() -> TextIO | None:
    """Return standard error, or None if this process was started without one.

    The command line replaces a missing stream with the null device; Python keeps the original as `__stderr__`.
    """
    return None if sys.__stderr__ is None else sys.stderr


class ConsoleChannel(Channel):
    """Writes the title, and the body below it, to `stream`, which is None if the process has no standard streams."""

    name = "console"
    on_desktop = False

    def __init__(self, stream: TextIO | None, timeout: float = 5.0) -> None:
        self._stream = stream
        self._timeout = timeout

    def show(self, notification: Notification) -> Delivery:
        if self._stream is None:
            raise ChannelError("there is no console")
        below = plain(notification.body_with_commands, _MOST - MOST_TITLE).splitlines()
        text = "\n  ".join([one_line(notification.title), *below])
        encoding = self._stream.encoding or "utf-8"
        try:
            self._wait_for_room(self._stream)
            self._stream.write(text.encode(encoding, "replace").decode(encoding) + "\n")
            self._stream.flush()
        except (OSError, ValueError) as error:  # ValueError: the stream is closed
            raise ChannelError(f"the console takes no line: {error}") from error
        return Delivery(self.name)

    def _wait_for_room(self, stream: TextIO) -> None:
        # A pipe that nobody reads, or a terminal stopped with Ctrl-S, would block the write forever.
        try:
            file = stream.fileno()
        except OSError:  # in memory
            return
        if sys.platform != "win32" and not select.select([], [file], [], self._timeout)[1]:
            raise ChannelError("the console takes no line: nobody reads it")
