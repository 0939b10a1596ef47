"""Notifications on Windows, and on macOS in a signed app bundle, through the package desktop-notifier.

The package needs asyncio, so an event loop runs on a thread of its own from the first notification on.
"""

import sys
import threading
import uuid
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from remind.desktop.notify.channel import (
    APPLICATION,
    Channel,
    ChannelError,
    Delivery,
    Notification,
    OnAnswer,
    SlowError,
)
from remind.desktop.notify.text import one_line, plain

if TYPE_CHECKING:
    import asyncio

PATIENCE_S = 60.0
"""How long a person may take to answer macOS, which asks once whether notifications are allowed."""
_PREFIX = "desktop-notifier:"
_STUCK_S = 1.0
"""How much longer than its time limit a call may take that blocks even the event loop."""


class DesktopNotifierChannel(Channel):
    """Shows notifications on `platform`, a value of `sys.platform`. A handle is the occurrence's key and a number.

    On macOS there are no buttons: only a run loop on the main thread would hear them, and a service has none.
    """

    name = "desktop-notifier"

    def __init__(self, platform: str = sys.platform, timeout: float = 5.0) -> None:
        self._has_buttons = platform == "win32"
        self._timeout = timeout
        self._on_answer: OnAnswer = lambda *_: None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._notifier: Any = None

    def start(self, on_answer: OnAnswer) -> None:
        self._on_answer = on_answer

    def show(self, notification: Notification) -> Delivery:
        identifier = f"{notification.key}#{uuid.uuid4().hex[:8]}"
        self._call("_send", notification, identifier)
        return Delivery(self.name, handle=_PREFIX + identifier)

    def ask_permission(self) -> None:
        """Have the system ask the person to allow notifications, and wait for the answer.

        Raise ChannelError if they are not allowed, or if there is no answer within the time limit.
        """
        self._call("_connected")

    def withdraw(self, handle: str) -> None:
        with suppress(ChannelError):
            if handle.startswith(_PREFIX):
                self._call("_clear", handle)

    def close(self) -> None:
        loop, self._loop, self._notifier = self._loop, None, None
        if loop is not None:
            loop.call_soon_threadsafe(loop.stop)

    def _call(self, method: str, *arguments: object) -> None:
        """Run a method of this object in the event loop, to its end or to the time limit."""
        import asyncio

        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            threading.Thread(target=_run, args=[self._loop], name=self.name, daemon=True).start()
        within = asyncio.wait_for(getattr(self, method)(*arguments), self._timeout)
        try:
            asyncio.run_coroutine_threadsafe(within, self._loop).result(self._timeout + _STUCK_S)
        except TimeoutError:
            self.close()  # what hangs stays behind with its loop
            raise SlowError(f"no answer within {self._timeout:g} s") from None
        except ImportError as error:
            raise ChannelError("the package desktop-notifier is not installed") from error
        except ChannelError:
            raise
        except Exception as error:  # each of its back-ends has exceptions of its own
            raise ChannelError(one_line(str(error)) or type(error).__name__) from error

    async def _send(self, notification: Notification, identifier: str) -> None:
        import desktop_notifier as lib

        notifier = await self._connected()
        if notification.replaces is not None:
            await self._clear(notification.replaces)
        buttons = notification.buttons if self._has_buttons else ()
        dispatched: list[bool] = []
        await notifier.send_notification(
            lib.Notification(
                title=one_line(notification.title),
                message=plain(notification.body if buttons else notification.body_with_commands),
                buttons=tuple(lib.Button(one_line(one.label), identifier=one.answer) for one in buttons),
                sound=lib.DEFAULT_SOUND if notification.sound else None,
                on_dispatched=lambda: dispatched.append(True),
                identifier=identifier,
            )
        )
        if not dispatched:  # the package only logs a failure
            raise ChannelError("the system did not take the notification")

    async def _clear(self, handle: str) -> None:
        if handle.startswith(_PREFIX):
            await (await self._connected()).clear(handle.removeprefix(_PREFIX))

    async def _connected(self) -> Any:
        import desktop_notifier as lib

        if self._notifier is None:
            self._notifier = lib.DesktopNotifier(APPLICATION, app_icon=None)
            self._notifier.on_button_pressed = self._pressed
        if not await self._notifier.get_capabilities():
            raise ChannelError("needs a signed app bundle")  # without one it silently drops everything
        if not await self._notifier.request_authorisation():
            raise ChannelError("may not notify; allow it in the system's settings")
        return self._notifier

    def _pressed(self, identifier: str, answer: str) -> None:
        self._on_answer(_PREFIX + identifier, answer, identifier.rpartition("#")[0])


def _run(loop: "asyncio.AbstractEventLoop") -> None:
    """Run `loop` until it is stopped, then cancel what is left in it and close it."""
    import asyncio

    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        runner.get_loop().run_forever()
