"""Desktops that cannot run here, as python-dbusmock's templates play them: GNOME's screen lock, logind, a plain server.

The templates are others' reading of the same interfaces. They run under the system's Python, beside which Debian
installs them, in a process of their own.
"""

import html
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from channel_contract import BUTTONS, notification, words
from evening import Desktop
from jeepney import DBusAddress, Properties, message_bus, new_method_call
from jeepney.io.blocking import Proxy, open_dbus_connection
from presence_contract import PATIENT_S
from service_process import Running
from virtual_desktop import eventually

from remind.desktop.notify.dbus_channel import DBusChannel
from remind.desktop.presence.dbus_queries import SESSION, SYSTEM, on_bus
from remind.desktop.presence.presence import ProbeResult, Readings

PYTHON = "/usr/bin/python3"
MOCK = "org.freedesktop.DBus.Mock"
PATIENT_SERVICE = (
    sys.executable,
    "-c",
    "import runpy; from remind.desktop.presence import presence\n"
    f"presence.MOST_S = presence.MOST_EACH_S = {PATIENT_S}\n"
    "runpy.run_module('remind.service', run_name='__main__')",
)
"""The service with time to ask a template, which is slower than a desktop; other tests cover the real limit."""


class Template:
    """A template of python-dbusmock on the bus at `address`, from its making until `end`."""

    def __init__(self, address: str, template: str, name: str, path: str, parameters: str = "{}") -> None:
        command = [PYTHON, "-m", "dbusmock", "--session", "--template", template, "--parameters", parameters]
        environ = {"PATH": os.environ["PATH"], "DBUS_SESSION_BUS_ADDRESS": address}
        self._process = subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, text=True)
        self._connection = open_dbus_connection(address)
        self._name, self._path = name, path
        eventually(self._is_there)

    def _is_there(self) -> bool:
        if self._process.poll() is not None:
            pytest.fail("python-dbusmock did not start: apt-get install python3-dbusmock", pytrace=False)
        return bool(Proxy(message_bus, self._connection, timeout=20).NameHasOwner(self._name)[0])

    def call(self, interface: str, member: str, signature: str, *values: object, path: str = "") -> Any:
        """Return the values in the answer to a call."""
        address = DBusAddress(path or self._path, self._name, interface)
        message = new_method_call(address, member, signature, values)
        return self._connection.send_and_get_reply(message, timeout=20).body

    def set(self, path: str, interface: str, name: str, signature: str, value: object) -> None:
        """Change a property."""
        message = Properties(DBusAddress(path, self._name, interface)).set(name, signature, value)
        self._connection.send_and_get_reply(message, timeout=20)

    def end(self) -> None:
        self._connection.close()
        self._process.kill()
        self._process.communicate()


Play = Callable[..., Template]


@pytest.fixture
def play(desktop: Desktop) -> Iterator[Play]:
    """A function that starts templates on the bus of the desktop; they end after the test."""
    desktop.bus.start()
    with ExitStack() as ending:

        def start(*template: str) -> Template:
            played = Template(desktop.bus.address, *template)
            ending.callback(played.end)
            return played

        yield start


class TestScreenLock:
    """GNOME's screen lock."""

    NAME, PATH = "org.gnome.ScreenSaver", "/org/gnome/ScreenSaver"

    @pytest.fixture
    def gnome(self, play: Play) -> Template:
        return play("gnome_screensaver", self.NAME, self.PATH)

    def test_it_is_seen(self, desktop: Desktop, gnome: Template) -> None:
        """Locked and unlocked are reported, and nothing else is."""
        for locked in (False, True, False):
            gnome.call(self.NAME, "SetActive", "b", locked)
            assert _told(desktop, "screen lock of gnome") == Readings(locked=locked)

    def test_it_holds_the_reminder(self, desktop: Desktop, gnome: Template) -> None:
        """A reminder that is due while the screen is locked waits, and is shown once it is unlocked."""
        desktop.server.start()
        gnome.call(self.NAME, "SetActive", "b", True)
        with Running(desktop.home, PATIENT_SERVICE).ready() as service:
            desktop.comes(service, "22:00:01")
            service.says("held")
            assert desktop.shown() == []
            gnome.call(self.NAME, "SetActive", "b", False)
            desktop.comes(service, "22:05:00")
            desktop.is_shown_once()


class TestLogind:
    """logind's session, on a bus that stands in for the system bus."""

    NAME, PATH = "org.freedesktop.login1", "/org/freedesktop/login1"
    SESSION = f"{NAME}.Session"

    def test_its_hints_are_seen(self, desktop: Desktop, play: Play) -> None:
        """The hints report the lock and the idle time; without one nothing is known."""
        logind = play("logind", self.NAME, self.PATH)
        (session,) = logind.call(MOCK, "AddSession", "ssusb", "auto", "seat0", os.getuid(), "ada", True)
        assert _told(desktop, "logind") == Readings()
        logind.set(session, self.SESSION, "LockedHint", "b", True)
        assert _told(desktop, "logind") == Readings(locked=True)
        idle_s = time.monotonic() / 2  # half of the time since the computer started, since there may not be ten minutes
        logind.set(session, self.SESSION, "IdleHint", "b", True)
        logind.set(session, self.SESSION, "IdleSinceHintMonotonic", "t", int((time.monotonic() - idle_s) * 1e6))
        readings = _told(desktop, "logind")
        assert readings.idle is not None
        assert idle_s - 1 < readings.idle.total_seconds() < idle_s + 60


class TestPlainServer:
    """A notification server that, as it ships, has no buttons."""

    NAME, PATH = "org.freedesktop.Notifications", "/org/freedesktop/Notifications"

    def show(self, desktop: Desktop, server: Template, answers: list[str]) -> tuple[DBusChannel, str, Any]:
        """Show a notification. Return the channel, the handle, and what the server got."""
        channel = DBusChannel({"DBUS_SESSION_BUS_ADDRESS": desktop.bus.address}, 20.0)
        channel.start(lambda _, answer, __: answers.append(answer))
        handle = channel.show(notification(body="<b> & done")).handle
        assert handle is not None
        (((_, values),),) = server.call(MOCK, "GetMethodCalls", "s", "Notify")
        return channel, handle, [value for _, value in values]

    def test_commands_stand_for_buttons(self, desktop: Desktop, play: Play) -> None:
        """If the server has no buttons, the text has the commands, and markup is escaped."""
        server = play("notification_daemon", self.NAME, self.PATH)
        channel, _, (*_, title, body, actions, _, _) = self.show(desktop, server, [])
        channel.close()
        commands = " ".join(f"{button.label}: {button.command}" for button in BUTTONS)
        assert (title, words(html.unescape(body)), actions) == ("Title", f"<b> & done {commands}", [])
        assert "&lt;b&gt;" in body

    def test_a_press_is_heard(self, desktop: Desktop, play: Play) -> None:
        """If the server has buttons, a press is an answer; without markup the text stays as it is."""
        server = play("notification_daemon", self.NAME, self.PATH, '{"capabilities": "body actions"}')
        answers: list[str] = []
        channel, handle, (*_, body, actions, _, _) = self.show(desktop, server, answers)
        assert body == "<b> & done"
        assert actions == [word for button in BUTTONS for word in (button.answer, button.label)]
        pressed = [("u", int(handle.rpartition("/")[2])), ("s", "skipped")]
        server.call(MOCK, "EmitSignal", "sssav", self.NAME, "ActionInvoked", "us", pressed)
        assert eventually(lambda: answers) == ["skipped"]
        channel.close()


def _told(desktop: Desktop, probe: str) -> Readings:
    """Return the readings of that probe, the only one that has any."""
    asked = on_bus(lambda _: desktop.bus.address, [*SESSION, *SYSTEM])
    told: dict[str, ProbeResult] = {one.probe: one for one in asked({}, time.monotonic() + PATIENT_S)}
    others = [one for name, one in told.items() if name != probe and one.readings != Readings()]
    assert others == []
    return told[probe].readings
