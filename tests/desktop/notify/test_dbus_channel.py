"""The D-Bus channel with a fake server on a real bus: what it sends, what it hears, what it costs."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from channel_contract import Opened, notification
from fake_server import FakeGnomeShell, FakeServer, number
from virtual_desktop import PrivateBus, eventually

from remind.desktop.notify.channel import ChannelError
from remind.desktop.notify.dbus_channel import DBusChannel

pytestmark = pytest.mark.desktop


def settled(channel: DBusChannel) -> None:
    """Wait until every signal sent before has been heard: a reply comes after them."""
    channel.server()


def test_buttons_and_hints_say_what_the_reminder_says(bus: PrivateBus, server: FakeServer, opened: Opened) -> None:
    """The server gets the answers with their labels, a normal urgency, a category, a sound and an icon."""
    channel, _ = opened(bus)
    channel.show(notification(sound="complete"))
    shown = server.shown[-1]
    assert shown.actions == ["start", "Start", "snoozed", "In 10 min", "skipped", "Not tonight"]
    assert shown.hints == {
        "urgency": ("y", 1),
        "category": ("s", "x-remind.stretch"),
        "desktop-entry": ("s", "remind"),
        "sound-name": ("s", "complete"),
        "transient": ("b", False),
    }
    assert Path(shown.icon.removeprefix("file://")).read_text(encoding="utf-8").startswith("<svg")


def test_what_lasts_stays_until_it_is_answered(bus: PrivateBus, server: FakeServer, opened: Opened) -> None:
    """A lasting notification never expires; others expire when the server decides, and stay in no list."""
    channel, _ = opened(bus)
    channel.show(notification(lasting=True))
    channel.show(notification(lasting=False))
    assert [shown.expires_ms for shown in server.shown] == [0, -1]
    assert [shown.hints["transient"][1] for shown in server.shown] == [False, True]


def test_a_server_gets_what_it_can_do(bus: PrivateBus, opened: Opened) -> None:
    """Without actions the text has the commands; without markup nothing is escaped; no sound is named."""
    server = FakeServer(bus.address, able=["body"])
    channel, _ = opened(bus)
    channel.show(notification(body="1 < 2 & 3", sound="complete"))
    server.end()
    shown = server.shown[-1]
    assert shown.actions == []
    assert "sound-name" not in shown.hints
    assert shown.body.splitlines() == [
        "1 < 2 & 3", "Start: remind stretch", "In 10 min: remind snooze", "Not tonight: remind skip",
    ]  # fmt: skip


def test_another_server_is_asked_what_it_can_do(bus: PrivateBus, opened: Opened) -> None:
    """A server is asked once what it can do, and another server again."""
    first = FakeServer(bus.address)
    channel, _ = opened(bus)
    channel.show(notification())
    channel.show(notification())
    assert first.asked == ["GetServerInformation", "GetCapabilities", "Notify", "Notify"]
    first.end()
    second = FakeServer(bus.address, able=["body"])
    channel.show(notification())
    second.end()
    assert second.shown[-1].actions == []


def test_an_answer_names_its_notification_and_occurrence(bus: PrivateBus, server: FakeServer, opened: Opened) -> None:
    """A pressed button is heard once, with the handle of the delivery and the key of the notification."""
    channel, answers = opened(bus)
    handle = channel.show(notification()).handle
    server.press(number(handle), "snoozed")
    eventually(lambda: answers)
    settled(channel)
    assert answers == [(handle, "snoozed", "stretch/2026-11-22")]


def test_an_answer_told_to_the_asker_alone_is_heard_once(bus: PrivateBus, server: FakeServer, opened: Opened) -> None:
    """An answer sent only to the connection that showed the notification is heard, and not twice."""
    channel, answers = opened(bus)
    handle = channel.show(notification()).handle
    server.press(number(handle), "start", to=server.shown[-1].sender)
    server.press(number(handle), "skipped")
    eventually(lambda: len(answers) == 2)
    time.sleep(0.05)  # for a second hearing, which must not come
    assert [answer for _, answer, _ in answers] == ["start", "skipped"]


@pytest.mark.parametrize("to_the_asker_alone", [False, True])
def test_an_answer_to_a_notification_of_an_earlier_run_is_heard(
    bus: PrivateBus, server: FakeServer, opened: Opened, to_the_asker_alone: bool
) -> None:
    """The handle still names the notification, even if the server signals only a closed connection."""
    earlier, _ = opened(bus)
    handle = earlier.show(notification()).handle
    earlier.close()
    channel, answers = opened(bus)
    server.press(number(handle), "done", to=server.shown[-1].sender if to_the_asker_alone else None)
    eventually(lambda: answers)
    settled(channel)
    assert answers == [(handle, "done", None)]


@pytest.fixture
def gnome(bus: PrivateBus) -> Iterator[FakeGnomeShell]:
    gnome = FakeGnomeShell(bus.address)
    yield gnome
    gnome.end()


def test_a_press_that_gnome_tells_twice_is_heard_once(bus: PrivateBus, gnome: FakeGnomeShell, opened: Opened) -> None:
    """The shell broadcasts what the server signals too; a press on a repeat counts again."""
    channel, answers = opened(bus)
    for times in (1, 2):
        handle = channel.show(notification()).handle
        gnome.press(number(handle), "snoozed", to=gnome.shown[-1].sender)
        eventually(lambda times=times: len(answers) == times)  # type: ignore[misc]
        settled(channel)
        assert answers == [(handle, "snoozed", "stretch/2026-11-22")] * times


def test_gnome_tells_a_later_run_by_broadcast_alone(bus: PrivateBus, gnome: FakeGnomeShell, opened: Opened) -> None:
    """The handle is that of the delivery, although the shell that signals the press is another connection."""
    earlier, _ = opened(bus)
    handle = earlier.show(notification()).handle
    earlier.close()
    channel, answers = opened(bus)
    gnome.press(number(handle), "done")
    eventually(lambda: answers)
    settled(channel)
    assert answers == [(handle, "done", None)]


def test_a_shell_that_starts_later_is_known(bus: PrivateBus, opened: Opened) -> None:
    """The owner of a name may change while the channel is open."""
    channel, answers = opened(bus)
    gnome = FakeGnomeShell(bus.address)
    handle = channel.show(notification()).handle
    gnome.press(number(handle), "done")
    assert eventually(lambda: answers) == [(handle, "done", "stretch/2026-11-22")]
    gnome.end()


def test_only_a_pressed_button_is_an_answer(bus: PrivateBus, server: FakeServer, opened: Opened) -> None:
    """Neither a closed notification nor a signal that makes no sense is an answer."""
    channel, answers = opened(bus)
    handle = channel.show(notification()).handle
    server.dismiss(number(handle))
    server.press(number(handle), 7, signature="uu")
    server.press(number(handle), "done")
    eventually(lambda: answers)
    settled(channel)
    assert [answer for _, answer, _ in answers] == ["done"]


def test_a_restarted_server_means_other_notifications(bus: PrivateBus, opened: Opened) -> None:
    """The same id from another server is another handle, and nothing of the old server is replaced or closed."""
    channel, _ = opened(bus)
    first = FakeServer(bus.address)
    old = channel.show(notification(key="a")).handle
    first.end()
    second = FakeServer(bus.address)
    new = channel.show(notification(key="b", replaces=old)).handle
    assert old is not None
    channel.withdraw(old)
    settled(channel)
    second.end()
    assert number(old) == number(new)
    assert old != new
    assert second.shown[-1].replaces == 0
    assert second.closed == []


def test_a_repeat_takes_the_place_of_the_first(bus: PrivateBus, server: FakeServer, opened: Opened) -> None:
    """It replaces the notification named by `replaces`, or else the last one of the same occurrence."""
    earlier, _ = opened(bus)
    handle = earlier.show(notification()).handle
    channel, _ = opened(bus)
    channel.show(notification(key="other"))
    assert channel.show(notification(replaces=handle)).handle == handle
    assert channel.show(notification()).handle == handle
    assert [shown.replaces for shown in server.shown] == [0, 0, number(handle), number(handle)]


def test_a_withdrawn_notification_is_closed(bus: PrivateBus, server: FakeServer, opened: Opened) -> None:
    """Withdrawing closes the notification on the server, even from the thread that reports answers."""
    channel, _ = opened(bus)
    channel.start(lambda handle, *_: channel.withdraw(handle))
    handle = channel.show(notification()).handle
    server.press(number(handle), "done")
    eventually(lambda: server.closed)
    assert server.closed == [number(handle)]


def test_a_reply_that_comes_too_late_is_not_lost(bus: PrivateBus, server: FakeServer, opened: Opened) -> None:
    """A notification confirmed after the time limit still belongs to its occurrence when answered or replaced."""
    channel, answers = opened(bus, timeout=1.0)
    channel.server()
    server.behaviour = "late"
    with pytest.raises(ChannelError, match="no answer in time"):
        channel.show(notification())
    server.behaviour = "good"
    server.release()
    server.press(1, "done")
    eventually(lambda: answers)
    assert [(answer, key) for _, answer, key in answers] == [("done", "stretch/2026-11-22")]
    assert number(channel.show(notification()).handle) == 1


def test_waiting_for_answers_costs_nothing(bus: PrivateBus, server: FakeServer, opened: Opened) -> None:
    """The threads that wait for answers stay asleep while nothing happens, and end with the channel."""
    before = set(threading.enumerate())
    channel, _ = opened(bus)
    channel.show(notification())
    waiting = set(threading.enumerate()) - before
    assert waiting
    switches = sum(map(_switches, waiting))
    time.sleep(0.5)
    assert sum(map(_switches, waiting)) - switches <= len(waiting)  # one each may still be on its way to wait
    channel.close()
    assert not waiting & set(threading.enumerate())


def _switches(thread: threading.Thread) -> int:
    status = Path(f"/proc/self/task/{thread.native_id}/status").read_text(encoding="utf-8")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("voluntary_ctxt_switches"))


def test_an_idle_connection_remembers_no_more_than_it_must(bus: PrivateBus, server: FakeServer, opened: Opened) -> None:
    """Answers have a key for the last notifications, and a handle for all."""
    channel, answers = opened(bus)
    handles = [channel.show(notification(key=f"water/{day}")).handle for day in range(80)]
    server.press(number(handles[0]), "done")
    server.press(number(handles[79]), "done")
    eventually(lambda: len(answers) == 2)
    assert answers == [(handles[0], "done", None), (handles[79], "done", "water/79")]


def test_making_a_channel_touches_nothing(bus: PrivateBus) -> None:
    """Creating a channel opens no connection and needs no bus."""
    before = threading.active_count()
    DBusChannel({"DBUS_SESSION_BUS_ADDRESS": bus.address})
    assert threading.active_count() == before
