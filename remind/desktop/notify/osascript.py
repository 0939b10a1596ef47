"""Plain notifications on macOS outside an app bundle, through osascript, whose success means little.

macOS shows them under the name of its Script Editor, and shows none if Script Editor may not notify.
"""

import os
from collections.abc import Mapping

from remind.desktop.applescript import quoted
from remind.desktop.command import run
from remind.desktop.notify.channel import Channel, Delivery, Notification, channel_errors
from remind.desktop.notify.text import one_line, plain


class OsascriptChannel(Channel):
    """Shows text through `osascript`, which is killed after `timeout` seconds."""

    name = "osascript"

    def __init__(self, environ: Mapping[str, str] = os.environ, timeout: float = 5.0) -> None:
        self._environ = environ
        self._timeout = timeout

    @channel_errors()
    def show(self, notification: Notification) -> Delivery:
        title, body = one_line(notification.title), plain(notification.body_with_commands)
        script = f"display notification {quoted(body)} with title {quoted(title)}"
        run(["osascript", "-e", script], self._environ, self._timeout)
        return Delivery(self.name)
