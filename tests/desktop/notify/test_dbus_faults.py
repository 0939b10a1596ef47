"""Servers that answer nonsense or end, and buses that come, go and hang: each gives a reason within the time limit."""

import socket
import threading
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from channel_contract import Opened, notification
from fake_server import FakeServer, number
from virtual_desktop import PrivateBus, eventually

from remind.app import App
from remind.desktop.dbus import Bus
from remind.desktop.notify.channel import ChannelError
from remind.desktop.notify.dbus_channel import DBusChannel
from remind.doctor import Check
from remind.doctor.examine import CHECKS, examine
from remind.files import Folders

pytestmark = pytest.mark.desktop


def test_rubbish_is_not_a_confirmation(bus: PrivateBus, server: FakeServer, opened: Opened) -> None:
    """An answer without an id does not count as shown."""
    server.behaviour = "rubbish"
    channel, _ = opened(bus)
    with pytest.raises(ChannelError, match="without an id"):
        channel.show(notification())


def test_a_server_that_crashes_is_noticed_at_once(bus: PrivateBus, opened: Opened) -> None:
    """A server that ends during a call is noticed without waiting, and the next one is used."""
    dying = FakeServer(bus.address)
    channel, _ = opened(bus, timeout=60.0)
    channel.server()
    dying.behaviour = "crash"
    began = time.monotonic()
    with pytest.raises(ChannelError, match="ended before it answered"):
        channel.show(notification())
    assert time.monotonic() - began < 30
    following = FakeServer(bus.address)
    assert channel.show(notification()).confirmed
    following.end()


def test_no_server_is_said_so(bus: PrivateBus, opened: Opened) -> None:
    """A bus that has no notification server and cannot start one gives a plain reason."""
    channel, _ = opened(bus)
    with pytest.raises(ChannelError, match="no notification server is running"):
        channel.show(notification())


def test_a_server_that_has_just_ended_is_told_in_the_same_words(bus: PrivateBus, opened: Opened) -> None:
    """The channel may know it still, and hear only from the reply to its call that it is gone."""
    channel, _ = opened(bus)
    server = FakeServer(bus.address)
    channel.show(notification())
    server.behaviour = "gone"
    with pytest.raises(ChannelError, match="no notification server is running"):
        channel.show(notification())
    server.end()


def test_a_bus_that_comes_later_is_found(mortal_bus: PrivateBus, opened: Opened) -> None:
    """A channel that was started before the bus shows and hears as soon as there is one."""
    channel, answers = opened(mortal_bus)
    with pytest.raises(ChannelError, match="cannot be reached"):
        channel.show(notification())
    mortal_bus.start()
    server = FakeServer(mortal_bus.address)
    handle = channel.show(notification()).handle
    server.press(number(handle), "done")
    assert eventually(lambda: answers) == [(handle, "done", "stretch/2026-11-22")]
    server.end()


def shown_earlier(bus: PrivateBus, opened: Opened) -> tuple[FakeServer, str | None]:
    """Start `bus`; return its server, and the handle of what a channel showed there before it was closed."""
    bus.start()
    server = FakeServer(bus.address)
    earlier, _ = opened(bus)
    handle = earlier.show(notification()).handle
    earlier.close()
    return server, handle


def is_heard(server: FakeServer, handle: str | None, answers: list[Any]) -> None:
    """Press a button of that notification, and wait until the channel of today reports it."""
    server.press(number(handle), "done", to=":1.99")
    assert eventually(lambda: answers) == [(handle, "done", None)]
    server.end()


def test_an_earlier_notification_is_heard_though_the_bus_was_late(mortal_bus: PrivateBus, opened: Opened) -> None:
    """If listening failed at the start, the channel listens from the first notification on."""
    server, handle = shown_earlier(mortal_bus, opened)
    mortal_bus.hang()
    channel, answers = opened(mortal_bus, timeout=1.0)
    mortal_bus.recover()
    eventually(lambda: _shows(channel, key="another"))
    is_heard(server, handle, answers)


def test_a_bus_that_hangs_while_it_is_connected_to_is_connected_to_anew(
    mortal_bus: PrivateBus, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It answers the first calls alone: the channel does not go on with half a connection, which hears too little."""
    server, handle = shown_earlier(mortal_bus, opened)

    def connect(*arguments: Any) -> Bus:
        bus = whole(*arguments)
        mortal_bus.hang()
        return bus

    with monkeypatch.context() as patched:
        whole = Bus.connect
        patched.setattr(Bus, "connect", connect)
        channel, answers = opened(mortal_bus, timeout=1.0)
    mortal_bus.recover()
    eventually(lambda: _shows(channel, key="another"))
    is_heard(server, handle, answers)


def test_a_bus_that_is_restarted_is_found_again(mortal_bus: PrivateBus, opened: Opened) -> None:
    """Showing fails while the bus is dead, and works after its restart, with new handles."""
    mortal_bus.start()
    first = FakeServer(mortal_bus.address)
    channel, _ = opened(mortal_bus)
    old = channel.show(notification()).handle
    mortal_bus.kill()
    with pytest.raises(ChannelError):
        channel.show(notification())
    first.end()
    mortal_bus.start()
    second = FakeServer(mortal_bus.address)
    delivery = channel.show(notification(replaces=old))
    assert delivery.confirmed
    assert delivery.handle != old
    second.end()


def test_a_bus_that_ends_in_a_call_is_noticed_at_once(mortal_bus: PrivateBus, opened: Opened) -> None:
    """A call that waits when the bus is killed fails then, not at its time limit."""
    mortal_bus.start()
    server = FakeServer(mortal_bus.address)
    channel, _ = opened(mortal_bus, timeout=60.0)
    channel.server()
    server.behaviour = "hang"

    def kill_during_the_call() -> None:
        eventually(lambda: "Notify" in server.asked)
        mortal_bus.kill()

    killing = threading.Thread(target=kill_during_the_call)
    killing.start()
    began = time.monotonic()
    with pytest.raises(ChannelError, match="was lost"):
        channel.show(notification())
    assert time.monotonic() - began < 30
    killing.join()
    server.end()


def test_a_bus_that_takes_nothing_costs_the_time_limit(mortal_bus: PrivateBus, opened: Opened) -> None:
    """Filling the socket of a stopped bus does not block forever, and the bus is used again when it continues."""
    mortal_bus.start()
    server = FakeServer(mortal_bus.address)
    channel, _ = opened(mortal_bus)
    handle = channel.show(notification()).handle
    assert handle is not None
    mortal_bus.hang()
    began = time.monotonic()
    for _ in range(1000):
        channel.withdraw(handle)
    assert time.monotonic() - began < 20
    mortal_bus.recover()
    assert channel.show(notification()).confirmed
    server.end()


def test_a_bus_that_hangs_costs_the_time_limit(mortal_bus: PrivateBus, opened: Opened) -> None:
    """With a stopped bus, starting, showing, withdrawing and closing end in time; later all works again."""
    mortal_bus.start()
    server = FakeServer(mortal_bus.address)
    channel, _ = opened(mortal_bus, timeout=1.0)
    handle = channel.show(notification()).handle
    assert handle is not None
    mortal_bus.hang()
    began = time.monotonic()
    with pytest.raises(ChannelError, match="no answer in time"):
        channel.show(notification())
    channel.withdraw(handle)
    channel.close()
    late, _ = opened(mortal_bus, timeout=1.0)
    with pytest.raises(ChannelError):
        late.show(notification())
    assert time.monotonic() - began < 15
    mortal_bus.recover()
    eventually(lambda: _shows(channel))
    server.end()


def _shows(channel: DBusChannel, **changes: object) -> bool:
    try:
        return channel.show(notification(**changes)).confirmed
    except ChannelError:
        return False


def test_doctor_does_not_wait_long_for_a_server_that_hangs(
    bus: PrivateBus, server: FakeServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a bus and a server that does not answer, every check that asks it ends within 2.5 s."""
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", bus.address)
    server.behaviour = "hang"
    began = time.monotonic()
    with closing(App(Folders(tmp_path, tmp_path, tmp_path))) as app:
        found = examine(app, {name: CHECKS[name] for name in ("notifications", "presence")})
    assert time.monotonic() - began < 2.5
    verdicts = {one.check: one.verdict for one in found if "no answer in time" in one.found}
    assert verdicts == {"server": "warning", "channels": "fault", "presence": "warning"}


def test_doctor_does_not_wait_long_for_anything_that_hangs(
    mortal_bus: PrivateBus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a stopped bus, and every program that it runs hanging, it ends within 2.5 s, and no check is given up."""
    mortal_bus.start()
    mortal_bus.hang()
    for name in ("aplay", "gsettings", "paplay", "pw-play", "systemctl"):
        (tmp_path / name).write_text("#!/bin/sh\nexec /bin/sleep 600\n")
        (tmp_path / name).chmod(0o700)
    monkeypatch.setattr("remind.login.BOOTED", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    for variable in ("DBUS_SESSION_BUS_ADDRESS", "DBUS_SYSTEM_BUS_ADDRESS"):
        monkeypatch.setenv(variable, mortal_bus.address)
    monkeypatch.delenv("DISPLAY", raising=False)

    def in_time() -> list[Check] | None:
        began = time.monotonic()
        with closing(App(Folders(tmp_path, tmp_path, tmp_path))) as app:
            found = examine(app)
        return found if time.monotonic() - began < 2.5 else None

    found = eventually(in_time)  # a busy machine may need a second run
    mortal_bus.recover()
    assert [one.check for one in found if one.found == "no answer in time"] == []
    (service,) = [one for one in found if one.check == "service"]
    assert "did not answer within" in service.found


@pytest.mark.parametrize(
    "environ",
    [
        {},
        {"DBUS_SESSION_BUS_ADDRESS": "", "DISPLAY": ":0"},
        {"DBUS_SESSION_BUS_ADDRESS": "", "XDG_RUNTIME_DIR": "/run"},
        {"XDG_RUNTIME_DIR": "/nonexistent"},
        {"XDG_RUNTIME_DIR": ""},
    ],
)
def test_no_address_is_no_bus(environ: dict[str, str]) -> None:
    """Without an address, or with an empty one, there is no bus, and none is started."""
    with pytest.raises(ChannelError, match="there is no session bus"):
        DBusChannel(environ).show(notification())


@pytest.mark.parametrize(
    "address", ["x", "autolaunch:", "tcp:host=localhost,port=1", "unix:path=/dev/null", ";;", "unix:"]
)
def test_a_wrong_address_is_one_line_of_reason(address: str) -> None:
    """A wrong address gives one line of reason, whatever is wrong with it."""
    with pytest.raises(ChannelError, match="cannot be reached") as error:
        DBusChannel({"DBUS_SESSION_BUS_ADDRESS": address}).show(notification())
    assert len(error.value.lines) == 1


def test_a_login_service_finds_the_bus_of_its_person(tmp_path: Path, mortal_bus: PrivateBus) -> None:
    """Without an address the bus in the runtime folder is used."""
    mortal_bus.start()
    server = FakeServer(mortal_bus.address)
    runtime = Path(mortal_bus.address.removeprefix("unix:path=")).parent
    channel = DBusChannel({"XDG_RUNTIME_DIR": str(runtime)}, timeout=20.0)
    assert channel.show(notification()).confirmed
    channel.close()
    server.end()


def test_a_socket_that_is_no_bus_costs_the_time_limit(tmp_path: Path) -> None:
    """Something that listens and never answers gives an error in time."""
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "bus"))
        listening.listen()
        channel = DBusChannel({"XDG_RUNTIME_DIR": str(tmp_path)}, timeout=0.5)
        began = time.monotonic()
        with pytest.raises(ChannelError, match="does not answer"):
            channel.show(notification())
        assert time.monotonic() - began < 10
