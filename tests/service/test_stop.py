"""The service stops while its scheduler, with its real threads, is at work."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.schedulers.base import STATE_PAUSED, STATE_RUNNING
from apscheduler.triggers.base import BaseTrigger
from simulated_service import ZONE, FakeDesktop, SimulatedApp, StepScheduler

from remind.desktop.notify.channel import Delivery, Notification, OnAnswer
from remind.service.deliver import Deliverer
from remind.service.service import Service
from remind.store.errors import StoreDamagedError

DUE_S = 10.0
"""How long the threads may take; only a hang reaches it."""


class ThreadedScheduler(BackgroundScheduler):  # type: ignore[misc]
    """The service's scheduler, and a step of its work that lasts until the service is being stopped."""

    def __init__(self) -> None:
        super().__init__(timezone=UTC, executors={"default": ThreadPoolExecutor(1)})
        self.at_work = threading.Event()

    def hold(self) -> None:
        self.at_work.set()
        while self.state == STATE_RUNNING:
            threading.Event().wait(0.001)


class HeldDesktop(FakeDesktop):
    """A desktop that takes its time to show a notification."""

    def __init__(self, hold: Callable[[], None]) -> None:
        super().__init__()
        self._hold = hold

    def show(self, notification: Notification) -> Delivery:
        self._hold()
        return super().show(notification)


class HeldTrigger(BaseTrigger):  # type: ignore[misc]
    """A job that is due once, and whose next fire time takes a while to find."""

    def __init__(self, hold: Callable[[], None]) -> None:
        self._hold = hold

    def get_next_fire_time(self, previous: datetime | None, now: datetime) -> datetime | None:
        if previous is None:
            return now
        self._hold()
        return None


def stops(service: Service) -> bool:
    stopping = threading.Thread(target=service.stop, daemon=True)
    stopping.start()
    stopping.join(DUE_S)
    return not stopping.is_alive()


def test_it_stops_while_a_notification_is_being_shown(tmp_path: Path) -> None:
    """The job that shows it schedules the next one before it ends."""
    scheduler = ThreadedScheduler()
    app = SimulatedApp(tmp_path, HeldDesktop(scheduler.hold))
    with time_machine.travel(datetime(2026, 11, 24, 21, 59, tzinfo=ZONE), tick=False) as clock:
        service = Service(app, scheduler)
        service.start()
        clock.move_to(datetime(2026, 11, 24, 22, tzinfo=ZONE))
        service.look_round()
        assert scheduler.at_work.wait(DUE_S)
        assert stops(service)
    assert list(app.desktop.visible) == ["stretch/2026-11-24"]
    app.close()


class OpenedDesktop(FakeDesktop):
    """A desktop that takes its time to connect."""

    def __init__(self, hold: Callable[[], None]) -> None:
        super().__init__()
        self._hold = hold
        self.connected = False

    def start(self, on_answer: OnAnswer) -> None:
        super().start(on_answer)
        self._hold()
        self.connected = True

    def close(self) -> None:
        self.connected = False


def test_what_a_job_opens_while_it_stops_is_closed(tmp_path: Path) -> None:
    """The service that follows it in this process, after the database was damaged, hears each press alone."""
    scheduler = ThreadedScheduler()
    desktop = OpenedDesktop(scheduler.hold)
    app = SimulatedApp(tmp_path, desktop)
    with time_machine.travel(datetime(2026, 11, 24, 3, tzinfo=ZONE), tick=False):
        service = Service(app, scheduler)
        service.start()
        assert scheduler.at_work.wait(DUE_S)
        assert stops(service)
    assert not desktop.connected
    app.close()


def test_it_stops_if_the_database_is_damaged_at_its_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its channels are closed and its scheduler runs no more, so that the service that follows it is alone."""
    scheduler = ThreadedScheduler()
    desktop = OpenedDesktop(scheduler.at_work.set)
    app = SimulatedApp(tmp_path, desktop)

    def find_damage(*_: object) -> None:
        assert scheduler.at_work.wait(DUE_S)
        raise StoreDamagedError(app.folders.database)

    monkeypatch.setattr(Deliverer, "catch_up", find_damage)
    with time_machine.travel(datetime(2026, 11, 24, 3, tzinfo=ZONE), tick=False), pytest.raises(StoreDamagedError):
        Service(app, scheduler).start()
    assert not desktop.connected
    assert not scheduler.running
    app.close()


def test_it_stops_while_the_scheduler_looks_for_what_is_due(tmp_path: Path) -> None:
    """The scheduler's thread ends without an error, which pytest would report."""
    scheduler = ThreadedScheduler()
    app = SimulatedApp(tmp_path, FakeDesktop())
    with time_machine.travel(datetime(2026, 11, 24, 3, tzinfo=ZONE), tick=False):
        service = Service(app, scheduler)
        service.start()
        scheduler.add_job(lambda: None, HeldTrigger(scheduler.hold))
        assert scheduler.at_work.wait(DUE_S)
        assert stops(service)
    app.close()


class LatePass(StepScheduler):
    """A scheduler of which a pass over the jobs, begun before it was paused, comes to them only now."""

    def remove_executor(self, alias: str, shutdown: bool = True) -> None:
        super().remove_executor(alias, shutdown)
        self.state = STATE_RUNNING
        self._process_jobs()
        self.state = STATE_PAUSED


def test_a_pass_that_comes_late_finds_nothing_to_run(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """It would log that nothing can run a job that is due."""
    app = SimulatedApp(tmp_path, FakeDesktop())
    with time_machine.travel(datetime(2026, 11, 24, 21, 59, tzinfo=ZONE), tick=False) as clock:
        service = Service(app, LatePass())
        service.start()
        clock.move_to(datetime(2026, 11, 24, 22, tzinfo=ZONE))
        service.stop()
    assert [record.message for record in caplog.records if record.levelname == "ERROR"] == []
    app.close()
