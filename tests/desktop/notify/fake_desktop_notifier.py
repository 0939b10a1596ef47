"""Stands in for the package desktop-notifier 6, as far as the channel uses it, with its bad behaviour too."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

DEFAULT_SOUND = object()


@dataclass(frozen=True)
class Button:
    title: str
    on_pressed: Callable[[], Any] | None = None
    identifier: str = ""


@dataclass(frozen=True)
class Notification:
    title: str
    message: str
    buttons: tuple[Button, ...]
    sound: object
    on_dispatched: Callable[[], Any]
    identifier: str


class Desktop:
    """The desktop behind every notifier: it does what a test wants, and remembers what it was given."""

    def __init__(self) -> None:
        self.behaviour = "good"
        """Else one of hang, block, refuse, forbid, dummy, broken, ask."""
        self.answers_after_s = 0.0
        """How long the person takes to answer the question of "ask"; it is asked once."""
        self.shown: list[Notification] = []
        self.cleared: list[str] = []
        self.notifiers: list[DesktopNotifier] = []


desktop = Desktop()


class DesktopNotifier:
    def __init__(self, _app_name: str, **_: object) -> None:
        if desktop.behaviour == "broken":
            raise RuntimeError("Could not get ToastNotificationManagerForUser")
        self.on_button_pressed: Callable[[str, str], Any] | None = None
        self._loop = asyncio.get_running_loop()
        desktop.notifiers.append(self)

    async def get_capabilities(self) -> frozenset[str]:
        return frozenset() if desktop.behaviour == "dummy" else frozenset({"title"})

    async def request_authorisation(self) -> bool:
        if desktop.behaviour == "ask":
            await asyncio.sleep(desktop.answers_after_s)
            desktop.behaviour = "good"
        return desktop.behaviour != "forbid"

    async def send_notification(self, notification: Notification) -> str:
        if desktop.behaviour == "hang":
            await asyncio.sleep(600)
        if desktop.behaviour == "block":
            time.sleep(3)
        if desktop.behaviour != "refuse":  # a failure is logged, and an identifier comes back all the same
            desktop.shown.append(notification)
            notification.on_dispatched()
        return notification.identifier

    async def clear(self, identifier: str) -> None:
        desktop.cleared.append(identifier)

    def press(self, identifier: str, answer: str) -> None:
        """Press a button; the callback runs in the event loop, as on Windows."""
        assert self.on_button_pressed is not None
        self._loop.call_soon_threadsafe(self.on_button_pressed, identifier, answer)
