"""Notifications on real servers: shown, answered, replaced, and shown again after every kind of failure."""

import html
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from channel_contract import BUTTONS, ChannelContract, Opened, notification
from servers import NAME, NOTIFICATION_DAEMON, Dunst, Server
from virtual_desktop import PrivateBus, eventually, needs

from remind.desktop.notify.chain import Chain
from remind.desktop.notify.channel import Channel, ChannelError
from remind.desktop.notify.dbus_channel import DBusChannel
from remind.desktop.notify.plyer_channel import PlyerChannel


class DunstRig:
    """A channel with dunst, whose history is read."""

    confirms = has_handles = has_buttons = True

    def __init__(self, dunst: Dunst, channel: Channel, impatient: Channel) -> None:
        self.channel, self.impatient = channel, impatient
        self.refuse, self.hang, self._dunst = dunst.kill, dunst.hang, dunst

    def read(self) -> tuple[str, str]:
        last = max(eventually(self._dunst.history), key=lambda entry: entry["timestamp"])
        return last["summary"], html.unescape(last["body"])

    def recover(self) -> None:
        if self._dunst.running:
            self._dunst.recover()
        else:
            self._dunst.start()


class TestDBusOnDunst(ChannelContract):
    """D-Bus keeps the contract with a real server, which is killed to refuse a call."""

    @pytest.fixture
    def rig(self, dunst: Dunst) -> Iterator[DunstRig]:
        channel, impatient = DBusChannel(dunst.environ, 60.0), DBusChannel(dunst.environ, 1.0)
        yield DunstRig(dunst, channel, impatient)
        channel.close()
        impatient.close()


class TestPlyerOnDunst(ChannelContract):
    """plyer keeps the contract with the real notify-send."""

    @pytest.fixture
    def rig(self, dunst: Dunst) -> DunstRig:
        needs("notify-send", "libnotify-bin")
        rig = DunstRig(dunst, PlyerChannel(dunst.environ, 60.0), PlyerChannel(dunst.environ, 1.0))
        rig.confirms = rig.has_handles = rig.has_buttons = False
        return rig


def test_a_notification_is_on_the_screen(server: Server, opened: Opened) -> None:
    """A confirmed delivery is one notification, and a repeat takes its place."""
    channel, _ = opened()
    first = channel.show(notification())
    assert first.confirmed
    eventually(lambda: server.showing() == 1)
    second = channel.show(notification(title="Again", replaces=first.handle))
    assert second.handle == first.handle
    assert server.showing() == 1


@pytest.mark.parametrize("answer", [button.answer for button in BUTTONS])
def test_each_button_is_heard(server: Server, opened: Opened, answer: str) -> None:
    """A press is heard once, as the answer of that button; then the notification can be withdrawn."""
    channel, answers = opened()
    handle = channel.show(notification()).handle
    assert handle is not None
    eventually(lambda: server.showing() == 1)
    server.press(answer)
    eventually(lambda: answers)
    channel.server()
    assert answers == [(handle, answer, "stretch/2026-11-22")]
    channel.withdraw(handle)
    eventually(lambda: server.showing() == 0)


def test_a_press_after_our_restart_is_heard(server: Server, opened: Opened) -> None:
    """A notification outlives the channel that showed it, and the next channel hears its button."""
    earlier, _ = opened()
    handle = earlier.show(notification()).handle
    eventually(lambda: server.showing() == 1)
    earlier.close()
    _, answers = opened()
    server.press("skipped")
    assert eventually(lambda: answers) == [(handle, "skipped", None)]


def test_a_withdrawn_notification_goes(server: Server, opened: Opened) -> None:
    """A notification can be withdrawn, also by the next run, and withdrawing it again does no harm."""
    earlier, _ = opened()
    handle = earlier.show(notification()).handle
    assert handle is not None
    eventually(lambda: server.showing() == 1)
    earlier.close()
    channel, answers = opened()
    channel.server()
    channel.withdraw(handle)
    eventually(lambda: server.showing() == 0)
    channel.withdraw(handle)
    channel.server()
    assert answers == []


def test_a_lasting_notification_outstays_another(dunst: Dunst, opened: Opened) -> None:
    """The server keeps a lasting notification, and uses its own timeout for others."""
    channel, _ = opened()
    channel.show(notification(key="a", title="lasting"))
    channel.show(notification(key="b", title="passing", lasting=False))
    timeouts = {entry["summary"]: entry["timeout"] for entry in dunst.history()}
    assert timeouts["lasting"] == 0
    assert timeouts["passing"] > 0


def test_a_killed_server_is_found_again(server: Server, opened: Opened) -> None:
    """A killed server gives an error at once; a restarted server shows notifications, and its buttons are heard."""
    channel, answers = opened()
    old = channel.show(notification()).handle
    server.kill()
    with pytest.raises(ChannelError, match="no notification server is running"):
        channel.show(notification())
    server.start()
    handle = channel.show(notification(replaces=old)).handle
    assert handle != old
    eventually(lambda: server.showing() == 1)
    server.press("start")
    assert eventually(lambda: answers) == [(handle, "start", "stretch/2026-11-22")]


def test_a_hanging_server_costs_the_time_limit_and_no_answer(server: Server, opened: Opened) -> None:
    """What a stopped server shows later can still be answered, and the next try does not show it twice."""
    channel, answers = opened(timeout=2.0)
    channel.server()
    server.hang()
    began = time.monotonic()
    with pytest.raises(ChannelError, match="no answer in time"):
        channel.show(notification())
    assert time.monotonic() - began < 15
    server.recover()
    eventually(lambda: server.showing() == 1)
    eventually(lambda: _shows(channel))
    assert server.showing() == 1
    server.press("snoozed")
    assert [answer for _, answer, _ in eventually(lambda: answers)] == ["snoozed"]


def test_what_a_hanging_server_was_asked_for_comes_once(dunst: Dunst, opened: Opened) -> None:
    """The chain does not ask the same server again through plyer."""
    channel, _ = opened(timeout=2.0)
    channel.server()
    chain = Chain([channel, PlyerChannel(dunst.environ, 2.0)])
    dunst.hang()
    with pytest.raises(ChannelError, match=r"^dbus: no answer in time over D-Bus$"):
        chain.show(notification(buttons=()))
    dunst.recover()
    opened()[0].show(notification(key="later", title="Later"))
    assert [entry["summary"] for entry in dunst.history()] == ["Later", "Title"]


def _shows(channel: DBusChannel) -> bool:
    try:
        return channel.show(notification()).confirmed
    except ChannelError:
        return False


def test_a_server_is_started_by_the_bus(tmp_path: Path, environ: dict[str, str]) -> None:
    """If none runs but the bus can start one, the first notification starts it."""
    program = needs(NOTIFICATION_DAEMON, "notification-daemon")
    bus = PrivateBus(tmp_path / "activating")
    (bus.services / "notifications.service").write_text(
        f"[D-BUS Service]\nName={NAME}\nExec=/usr/bin/env DISPLAY={environ['DISPLAY']} {program}\n"
    )
    bus.start()
    channel = DBusChannel({"DBUS_SESSION_BUS_ADDRESS": bus.address}, timeout=60.0)
    try:
        assert channel.show(notification()).server.startswith("Notification Daemon")
    finally:
        channel.close()
        bus.kill()


def test_the_command_says_what_the_server_said(dunst: Dunst, tmp_path: Path) -> None:
    """`remind notify`, run as a person runs it, shows one notification and names the server that confirmed it."""
    done = subprocess.run(
        [sys.executable, "-m", "remind", "notify"], env=dict(dunst.environ), capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("Shown through dbus: dunst ")
    assert len(dunst.history()) == 1
