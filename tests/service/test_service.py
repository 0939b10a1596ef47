"""The service in this process, on a machine whose monotonic clock goes on while it sleeps."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from apscheduler.jobstores.base import JobLookupError
from simulated_service import ZONE, FakeDesktop, SimulatedApp, StepScheduler

from remind.core.diary import Stretch
from remind.lock import guided_session
from remind.service.button_actions import ButtonActions
from remind.service.service import Service
from remind.store.diary import new_id
from remind.store.errors import StoreDamagedError, StoreError
from remind.store.key_value import read_state

TONIGHT = "stretch/2026-11-24"


def evening(wall: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-24 {wall}").replace(tzinfo=ZONE)


class SimulatedEvening:
    """The service in `folder` since nine in the evening, and a clock that is moved by hand."""

    def __init__(self, folder: Path, clock: time_machine.Traveller) -> None:
        self.app, self.scheduler = SimulatedApp(folder, FakeDesktop()), StepScheduler()
        self.service = Service(self.app, self.scheduler, self.app.open_session)
        self._clock = clock
        self.service.start()
        self.scheduler.step()

    def at(self, wall: str, day: int = 24) -> None:
        """Let it be `wall`, and everything that is due happen."""
        self._clock.move_to(evening(wall).replace(day=day))
        self.service.look_round()
        self.scheduler.step()

    def visible(self) -> list[str]:
        return list(self.app.desktop.visible)

    def press_start(self) -> None:
        self.app.desktop.press(TONIGHT, "start")
        self.scheduler.step()

    @contextmanager
    def session(self) -> Iterator[None]:
        """A guided session runs, begun now."""
        lock = self.app.folders.session_lock
        with guided_session(lock):
            os.utime(lock, (self.app.now().timestamp(),) * 2)
            yield


@pytest.fixture
def tonight(tmp_path: Path) -> Iterator[SimulatedEvening]:
    with time_machine.travel(evening("21:00"), tick=False) as clock:
        tonight = SimulatedEvening(tmp_path, clock)
        yield tonight
        tonight.service.stop()
        tonight.app.close()


def test_nothing_rings_over_a_session(tonight: SimulatedEvening) -> None:
    """What comes due while one runs waits; ended before its end, it leaves the reminder to come half a minute later."""
    tonight.at("21:59:41")
    with tonight.session():
        tonight.at("22:00")
        tonight.at("22:05")
        assert tonight.visible() == []
    tonight.at("22:05:30")
    assert tonight.visible() == [TONIGHT]


def test_a_whole_session_over_its_time_leaves_nothing_to_ring(tonight: SimulatedEvening) -> None:
    """Begun before the reminder was due and completed after it."""
    tonight.at("21:59:41")
    with tonight.session():
        tonight.at("22:00")
        now = tonight.app.now()
        tonight.app.store.diary.add(
            Stretch(id=new_id(), at=now, written_at=now, routine="x", planned_s=9, held_s=9, complete=True)
        )
    for wall in ("22:00:30", "22:10", "22:20", "23:31"):
        tonight.at(wall)
        assert tonight.visible() == []


def test_start_opens_one_session(tonight: SimulatedEvening) -> None:
    """Pressed again, before or after the person begins in its window, it says so and opens no other."""
    tonight.at("22:00")
    tonight.press_start()
    assert tonight.app.sessions == 1
    tonight.at("22:01:30")
    tonight.press_start()
    assert tonight.app.sessions == 1
    assert tonight.app.desktop.visible["fault/pressed"].title == "The session's window is already open"
    with tonight.session():
        tonight.at("22:03")
        tonight.press_start()
        assert tonight.app.sessions == 1
        assert tonight.app.desktop.visible["fault/pressed"].title == "A session is already running"
    tonight.press_start()
    assert tonight.app.sessions == 2


def test_a_session_that_was_forgotten_holds_nothing(tonight: SimulatedEvening) -> None:
    """A window that was left with a paused session does not silence the evening."""
    with tonight.session():
        lock = tonight.app.folders.session_lock
        last_night = (tonight.app.now() - timedelta(hours=22)).timestamp()
        os.utime(lock, (last_night, last_night))
        tonight.at("22:00")
        assert tonight.visible() == [TONIGHT]


def test_a_notification_that_is_gone_is_forgotten(tonight: SimulatedEvening) -> None:
    """The service may run for years, so it remembers only what was withdrawn of the last days."""
    tonight.at("22:00")
    tonight.app.desktop.press(TONIGHT, "done")
    tonight.at("22:01")
    assert tonight.visible() == []
    assert TONIGHT in str(tonight.service._deliverer._withdrawn)
    tonight.at("22:01", day=27)
    tonight.at("22:11", day=27)
    assert TONIGHT not in str(tonight.service._deliverer._withdrawn)


def test_a_look_round_wakes_the_scheduler_only_for_what_is_due(tmp_path: Path) -> None:
    """Where no clock tells of a sleep it finds what became due in it; where nothing did, it lets all threads be."""
    app, scheduler = SimulatedApp(tmp_path, FakeDesktop()), StepScheduler()
    with time_machine.travel(datetime(2026, 11, 24, 21, tzinfo=ZONE), tick=False) as clock:
        service = Service(app, scheduler, app.open_session)
        service.start()
        scheduler.step()
        scheduler.woken = 0
        clock.move_to(datetime(2026, 11, 24, 21, 59, tzinfo=ZONE))
        service.look_round()
        assert scheduler.woken == 0
        clock.move_to(datetime(2026, 11, 24, 22, 50, tzinfo=ZONE))
        service.look_round()
        assert scheduler.woken == 1
        scheduler.step()
        assert list(app.desktop.visible) == ["stretch/2026-11-24"]
        service.stop()


def test_a_press_that_cannot_be_recorded_is_recorded_later(
    tonight: SimulatedEvening, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It counts from when it was pressed."""
    tonight.at("22:00")
    with monkeypatch.context() as patched:
        patched.setattr(ButtonActions, "pressed", raises(StoreError("the disk is full")))
        tonight.app.desktop.press(TONIGHT, "done")
    tonight.at("22:00:30")
    events = tonight.app.store.ledger.events(evening("20:00"), evening("23:59"))
    assert [event.at for event in events if event.what == "done"] == [evening("22:00")]


def test_a_press_that_finds_damage_has_the_database_replaced(
    tonight: SimulatedEvening, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No job may come to the damaged page."""
    tonight.at("22:00")
    monkeypatch.setattr(ButtonActions, "pressed", raises(StoreDamagedError(tonight.app.folders.database)))
    tonight.app.desktop.press(TONIGHT, "done")
    with pytest.raises(StoreDamagedError):
        tonight.service.look_round()


def raises(error: Exception) -> Callable[..., None]:
    def fail(*_: object) -> None:
        raise error

    return fail


def test_it_starts_with_garbled_values(tmp_path: Path) -> None:
    """A flipped bit in what it noted for itself costs that note alone."""
    app = SimulatedApp(tmp_path, FakeDesktop())
    for name in ("watched", "told_faults", "service", "shared folder"):
        app.store.key_values.set(name, '{"stretch": "2026-11-2')
    app.folders.settings.write_text(f'[diary]\nfolder = "{tmp_path}"\n')
    with time_machine.travel(evening("21:00"), tick=False) as clock:
        tonight = SimulatedEvening(tmp_path, clock)
        tonight.at("22:00")
        assert tonight.visible() == [TONIGHT]
        assert tonight.app.share_diary(tonight.app.settings) == 0
        state = read_state(app.store.key_values)
        assert state is not None
        assert state.pid == os.getpid()
        tonight.service.stop()
        tonight.app.close()
    app.close()


class TwoAtOnce(StepScheduler):
    """A scheduler at which, once, somebody else adds a job between the look for it and adding it."""

    def __init__(self) -> None:
        super().__init__()
        self.meanwhile: list[Callable[[], None]] = []

    def reschedule_job(self, job_id: str, **changes: Any) -> Any:
        try:
            return super().reschedule_job(job_id, **changes)
        except JobLookupError:
            while self.meanwhile:
                self.meanwhile.pop()()
            raise


def test_two_threads_that_add_a_job_at_once(tmp_path: Path) -> None:
    """As at the start, when a press on an earlier notification comes while the jobs are being added."""
    app, scheduler = SimulatedApp(tmp_path, FakeDesktop()), TwoAtOnce()
    service = Service(app, scheduler)
    scheduler.meanwhile.append(lambda: service._schedule_job("stretch"))
    service.start()
    assert not scheduler.meanwhile
    assert len([job for job in scheduler.get_jobs() if job.id == "stretch"]) == 1
    service.stop()
    app.close()
