"""Plain notifications on macOS outside an app bundle, through the system's own osascript; its success says little.

macOS shows them under the name of its Script Editor, and shows none where that may not notify.
"""

import os
from collections.abc import Mapping

from remind.desktop.notify.channel import Capability, Delivery, Notification, OnAnswer
from remind.desktop.notify.child import run
from remind.desktop.notify.text import one_line, plain


class OsascriptChannel:
    """Shows text through `osascript`, which is ended after `timeout` seconds."""

    name = "osascript"
    on_desktop = True
    capabilities: frozenset[Capability] = frozenset()

    def __init__(self, environ: Mapping[str, str] = os.environ, timeout: float = 5.0) -> None:
        self._environ = environ
        self._timeout = timeout

    def start(self, on_answer: OnAnswer) -> None:
        """Nothing: such a notification has no buttons."""

    def show(self, notification: Notification) -> Delivery:
        title, body = one_line(notification.title), plain(notification.body_with_commands)
        script = f"display notification {_literal(body)} with title {_literal(title)}"
        run(["osascript", "-e", script], self._environ, self._timeout)
        return Delivery(self.name)

    def withdraw(self, handle: str) -> None:
        """Nothing: there is no handle."""

    def close(self) -> None:
        """Nothing is kept open."""


def _literal(text: str) -> str:
    """`text` as a string of AppleScript, in which a quote and a backslash alone have a meaning."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
