"""Plain notifications through plyer, in a process of its own; its success does not mean that anything was shown."""

import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from remind.desktop.command import run_python
from remind.desktop.dbus import session_bus
from remind.desktop.notify.channel import APPLICATION, Channel, ChannelError, Delivery, Notification, channel_errors
from remind.desktop.notify.text import escaped, one_line, plain

_CHILD = Path(__file__).with_name("plyer_child.py")
_BALLOON_S = 8
"""How long the child shows a balloon on Windows, and runs."""
_MOST_TITLE_UTF16, _MOST_BODY_UTF16 = 63, 255
"""What fits into a balloon on Windows, in UTF-16 units; plyer raises if there is more."""


class PlyerChannel(Channel):
    """Shows text through plyer, in a process that is killed after `timeout` seconds."""

    name = "plyer"

    def __init__(self, environ: Mapping[str, str] = os.environ, timeout: float = 5.0) -> None:
        self._environ = environ
        self._timeout = timeout

    @channel_errors()
    def show(self, notification: Notification) -> Delivery:
        environ, limit = dict(self._environ), self._timeout
        if sys.platform == "linux":
            environ["DBUS_SESSION_BUS_ADDRESS"] = session_bus(environ)
            if shutil.which("notify-send", path=environ.get("PATH")) is None:
                raise ChannelError("notify-send is not installed")
        elif sys.platform == "win32":
            limit += _BALLOON_S
        run_python(_CHILD, environ, limit, arguments(notification, sys.platform))
        return Delivery(self.name)


def arguments(notification: Notification, platform: str) -> dict[str, object]:
    """Return plyer's arguments on `platform`, a value of `sys.platform`, so that they are shown as plain text."""
    title, body = one_line(notification.title) or APPLICATION, plain(notification.body_with_commands)
    if platform == "linux":
        # notify-send takes a dash for an option, a backslash for an escape, and passes markup on.
        body = escaped(body).replace("\\", "\\\\")
        title, body = (f" {text}" if text.startswith("-") else text for text in (title, body))
    elif platform == "win32":
        title, body = _cut(title, _MOST_TITLE_UTF16), _cut(body, _MOST_BODY_UTF16)
    return {"title": title, "message": body, "app_name": APPLICATION, "timeout": _BALLOON_S}


def _cut(text: str, most: int) -> str:
    return text.encode("utf-16-le")[: 2 * most].decode("utf-16-le", "ignore")
