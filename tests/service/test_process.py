"""The service as a real process: started, stopped, killed, and before a desktop that does not answer."""

import random
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from jeepney import MessageType, message_bus
from jeepney.io.blocking import DBusConnection, open_dbus_connection
from service_process import DUE, SERVICE, STRETCH, Home, Running
from virtual_desktop import PrivateBus, eventually

from remind.login.installation import TAKE_OVER, YIELD

A_SECOND = 1.0
TAKING_OVER = (*SERVICE, TAKE_OVER)


class TestStartAndStop:
    """From the first line to the last."""

    def test_it_tells_its_manager(self, home: Home) -> None:
        """It is ready once, gives a sign of life at every look round, and says that it stops."""
        with Running(home).ready() as service:
            before = service.told("WATCHDOG=1")
            service.look_round()
            assert service.told("WATCHDOG=1") == before + 1
            assert service.end() == 0
            assert (service.told("READY=1"), service.told("STOPPING=1")) == (1, 1)

    def test_it_needs_no_manager(self, home: Home) -> None:
        """With no manager, or one that is gone, it runs all the same."""
        for address in ("", "/nowhere", "@gone", "tcp:1"):
            with Running(home, environ={"NOTIFY_SOCKET": address}) as service:
                service.says("reminding of stretch, water")
                assert service.end() == 0

    def test_it_makes_its_folders_for_its_person_alone(self, home: Home) -> None:
        """Started where nothing of it stands yet, it makes what it needs, readable by nobody else."""
        with Running(home).ready() as service:
            folders = home.folders
            for path in (folders.database, folders.lock):
                assert path.stat().st_mode & 0o077 == 0
            assert not folders.config.exists()
            service.end()

    @pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
    def test_a_signal_ends_it_cleanly(self, home: Home, number: int) -> None:
        """Within a second, with exit code 0, its last word, and nothing left in the log of the database."""
        with Running(home).ready() as service:
            began = time.monotonic()
            assert service.end(number) == 0
            assert time.monotonic() - began < A_SECOND
            assert service.log.endswith(" stopped\n")
            assert not home.folders.database.with_name("remind.db-wal").exists()

    def test_a_hangup_that_is_ignored_stays_ignored(self, home: Home) -> None:
        """Started with `nohup`, it goes on when its terminal is closed."""
        with Running(home, ["nohup", *SERVICE]).ready() as service:
            service.process.send_signal(signal.SIGHUP)
            service.look_round()
            assert service.process.poll() is None
            assert service.end() == 0

    def test_no_look_round_ends_it(self, home: Home) -> None:
        """However often and whenever it is told to look round, from its first line to its last."""
        for seed in range(3):
            chance = random.Random(seed)  # noqa: S311 - no secret
            with Running(home).catches_signals() as service:
                while not service.told("READY=1"):
                    service.look_if_running()
                    time.sleep(chance.uniform(0, 0.02))
                service.process.terminate()
                while service.look_if_running():
                    time.sleep(chance.uniform(0, 0.005))
                assert service.code() == 0

    def test_it_gives_signs_of_life_as_often_as_its_manager_wants(self, home: Home) -> None:
        """Within half of the time that the manager waits, where that is short and meant for this process."""
        short = {"WATCHDOG_USEC": "200000"}
        with Running(home, environ=short).ready() as service:
            eventually(lambda: service.told("WATCHDOG=1") > 5, 3)
            assert service.end() == 0
        with Running(home, environ={**short, "WATCHDOG_PID": "1"}).ready() as service:
            time.sleep(0.5)
            assert service.told("WATCHDOG=1") == 1
            assert service.end() == 0

    def test_a_second_copy_is_refused(self, home: Home) -> None:
        """It ends at once with one line and exit code 5; the first goes on and is the one that status names."""
        with Running(home).ready() as first:
            for module in ("remind", "remind.service"):
                with Running(home, [sys.executable, "-m", module, *(["run"] if module == "remind" else [])]) as second:
                    assert second.code() == 5
                    assert second.log == "remind: the service is already running. `remind status` shows it.\n"
            assert home.json("status")["service"]["pid"] == first.process.pid
            assert first.end() == 0

    def test_a_second_copy_yields_if_its_manager_asks(self, home: Home) -> None:
        """launchd and the Task Scheduler restart after every exit code but 0, so there it ends with 0."""
        with Running(home).ready() as service:
            with Running(home, [*SERVICE, YIELD]) as second:
                assert second.code() == 0
                assert "already running" in second.log
            service.end()

    def test_the_next_login_takes_over(self, home: Home) -> None:
        """Without systemd, a service outlives its desktop and knows only that one's bus; the next one replaces it."""
        first, second = ({"DBUS_SESSION_BUS_ADDRESS": f"unix:path=/tmp/dbus-{name}"} for name in ("one", "two"))
        with Running(home, environ=first).ready() as stale, Running(home, TAKING_OVER, second).ready() as service:
            assert stale.code() == 0
            assert home.json("status")["service"]["pid"] == service.process.pid
            with Running(home, TAKING_OVER, second) as other:
                assert other.code() == 5
            service.end()

    def test_nothing_else_is_taken_over(self, home: Home) -> None:
        """A service that systemd runs finds each desktop by itself, and one in a terminal is the person's own."""
        one, two = ({"DISPLAY": display} for display in (":1", ":2"))
        for command, environ in (
            (SERVICE, {**one, "INVOCATION_ID": "1"}),
            ((sys.executable, "-m", "remind", "run"), one),
        ):
            with Running(home, command, environ).ready() as first:
                with Running(home, TAKING_OVER, two) as second:
                    assert second.code() == 5
                assert first.end() == 0

    def test_killed_it_starts_again(self, home: Home) -> None:
        """After kill -9 status says that it is not running; the next one starts and repeats nothing."""
        home.settings(DUE)
        with Running(home).ready() as service:
            service.says("stretch/")
            eventually(lambda: home.events("shown"))
            assert service.end(signal.SIGKILL) == -signal.SIGKILL
        assert home.json("status")["service"] == {"running": False, "pid": None, "since": None, "channel": None}
        with Running(home).ready() as again:
            again.look_round()
            assert again.end() == 0
            assert STRETCH not in again.log
        assert len(home.json("history")[0]["shown_at"]) == 1


class TestHangs:
    """A desktop that does not answer keeps neither the start nor the end waiting."""

    @pytest.fixture
    def bus(self, tmp_path: Path) -> Iterator[PrivateBus]:
        bus = PrivateBus(tmp_path / "bus")
        bus.start()
        yield bus
        bus.kill()

    @pytest.fixture
    def deaf(self, bus: PrivateBus) -> Iterator[DBusConnection]:
        """A notification server that never answers."""
        with open_dbus_connection(bus.address) as connection:
            connection.send_and_get_reply(message_bus.RequestName("org.freedesktop.Notifications"), timeout=20)
            yield connection

    @pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
    def test_a_call_that_hangs(self, home: Home, bus: PrivateBus, deaf: DBusConnection, number: int) -> None:
        """Ended in the middle of a call to a server that never answers, it ends within a second."""
        home.settings(DUE.replace("console", "auto"))
        with Running(home, environ={"DBUS_SESSION_BUS_ADDRESS": bus.address}).ready() as service:
            while deaf.receive(timeout=20).header.message_type is not MessageType.method_call:
                pass
            began = time.monotonic()
            assert service.end(number) == 0
            assert time.monotonic() - began < A_SECOND
            assert not service.has_failed

    def test_a_bus_that_hangs(self, home: Home, bus: PrivateBus) -> None:
        """On a bus that takes connections and says nothing it is ready at once, and ends within a second."""
        bus.hang()
        home.settings(DUE.replace("console", "auto"))
        began = time.monotonic()
        with Running(home, environ={"DBUS_SESSION_BUS_ADDRESS": bus.address}).ready() as service:
            assert time.monotonic() - began < 4
            began = time.monotonic()
            assert service.end() == 0
            assert time.monotonic() - began < A_SECOND
            assert not service.has_failed
