"""A year of the real service: its scheduler, its threads and its database, with a clock that is moved from moment to
moment. What was shown is held against a calendar worked out apart."""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import time_machine
from apscheduler.events import EVENT_JOB_ERROR, JobEvent
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from rules import BERLIN
from slow_clock import bedtime_of, first_shown

from remind.core.decide import Presence
from remind.desktop.notify.channel import Delivery, Notification, OnAnswer
from remind.files import Folders
from remind.service.service import Service
from remind.settings.model import Settings
from remind.store.database import Database
from remind.store.store import Store

ONE_DAY, TEN = timedelta(days=1), timedelta(minutes=10)
DUE_S = 10.0
"""How long the threads of the service may take for one moment; reached only where they hang."""

SETTINGS = """
[day]
bedtime = "22:30"
[day.on.sat]
bedtime = "02:30"
wake = "09:00"
[stretch]
routine = "short"
"""
ROUTINE = """
title = "Short"
summary = "One lean at the wall."
step = [{ read = "Lean", hear = "Lean toward the wall.", hold = "30 s" }]
"""


class Bubbles:
    """A channel that remembers when each bubble was shown, and presses buttons when it is told to."""

    def __init__(self) -> None:
        self.shown: list[tuple[datetime, str]] = []

    def start(self, on_answer: OnAnswer) -> None:
        self.press = on_answer

    def show(self, notification: Notification) -> Delivery:
        self.shown.append((datetime.now(UTC), notification.key))
        return Delivery("bubbles", confirmed=True, handle=f"bubble {len(self.shown)}")

    def withdraw(self, handle: str) -> None:
        pass

    def close(self) -> None:
        pass


class FakeApp:
    """A home, a zone, a channel, and the clock that time-machine moves."""

    def __init__(self, home: Path) -> None:
        self.folders = Folders(home, home, home)
        self.zone: tzinfo = BERLIN
        self.bubbles = Bubbles()
        self.here = Presence()
        self.asked = 0

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return self.now().timestamp()

    def read_zone(self) -> tzinfo:
        return self.zone

    def presence(self, _settings: Settings) -> Presence:
        self.asked += 1
        return self.here

    def open_store(self) -> Store:
        return Store(Database.open(self.folders.database, self.now()))

    def open_channels(self, _settings: Settings) -> Bubbles:
        return self.bubbles

    def open_phone(self, _settings: Settings) -> None:
        return None


class Counting(ThreadPoolExecutor):  # type: ignore[misc]
    """One worker; `count` is told 1 before a job's next time is set anew, and -1 when the job has ended.

    The scheduler's own events come later than that, when it may seem to be at rest.
    """

    def __init__(self, count: Callable[[int], None]) -> None:
        super().__init__(1)
        self._count = count

    def _do_submit_job(self, job: Any, run_times: list[datetime]) -> None:
        self._count(1)
        super()._do_submit_job(job, run_times)

    def _run_job_success(self, job_id: str, events: list[JobEvent]) -> None:
        super()._run_job_success(job_id, events)
        self._count(-1)


class Clockwork:
    """The service of `app`, and a clock that goes from one moment of its scheduler to the next."""

    def __init__(self, app: FakeApp, clock: time_machine.Traveller) -> None:
        self.app = app
        self.fire_times = 0
        self._clock = clock
        self._busy = 0
        self._counting = threading.Lock()
        self._turned = threading.Condition()
        self._errors: list[JobEvent] = []
        self._scheduler = BackgroundScheduler(timezone=UTC, executors={"default": Counting(self._count)})
        self._scheduler.add_listener(self._errors.append, EVENT_JOB_ERROR)
        self.service = Service(app, self._scheduler)
        self.service.start()
        self._settle()

    def go_on(self, end: datetime) -> Iterator[datetime]:
        """Each moment up to `end` at which the scheduler had something to do, once it is done."""
        while (fire_time := self._next()) is not None and fire_time <= end:
            self._clock.move_to(fire_time)
            self.fire_times += 1
            self._scheduler.wakeup()
            self._settle()
            yield fire_time
        self._clock.move_to(end)

    def look_round(self) -> None:
        """What the main thread does every half minute, and after sleep."""
        self.service.look_round()
        self._settle()

    def _next(self) -> datetime | None:
        return min((job.next_run_time for job in self._scheduler.get_jobs() if job.next_run_time), default=None)

    def _settle(self) -> None:
        """Wait until the threads have done all that is due."""
        with self._turned:
            assert self._turned.wait_for(self._idle, DUE_S), "the scheduler does not come to rest"
        assert not self._errors

    def _idle(self) -> bool:
        fire_time = self._next()
        return self._busy == 0 and (fire_time is None or fire_time > datetime.now(UTC))

    def _count(self, jobs: int) -> None:
        with self._counting:
            self._busy += jobs
        if jobs < 0:  # else the scheduler's own lock is held, which `_idle` may wait for
            with self._turned:
                self._turned.notify_all()


@pytest.fixture
def app(tmp_path: Path) -> Iterator[FakeApp]:
    """A home in memory, if there is such a place, since ten thousand waits for a disk say nothing of the service."""
    memory = Path("/dev/shm")
    with TemporaryDirectory(dir=memory if memory.is_dir() else tmp_path) as home:
        (Path(home) / "settings.toml").write_text(SETTINGS)
        (Path(home) / "routines").mkdir()
        (Path(home) / "routines" / "short.toml").write_text(ROUTINE)
        yield FakeApp(Path(home))


@pytest.fixture
def clockwork(app: FakeApp) -> Iterator[Clockwork]:
    """The service, started at midnight of the first day of 2026 in Berlin."""
    with time_machine.travel(first_shown(date(2026, 1, 1), time(), BERLIN), tick=False) as clock:
        clockwork = Clockwork(app, clock)
        yield clockwork
        clockwork.service.stop()


def answered(evening: date) -> bool:
    """On every second day the stretch is done after it was shown twice."""
    return evening.toordinal() % 2 == 0


def expected(first: date, end: date) -> list[tuple[datetime, str]]:
    """What is to be shown on the days from `first` until before `end`, worked out day by day."""
    found, day = [], first
    while day < end:
        bed = bedtime_of(day, time(2, 30) if day.weekday() == 5 else time(22, 30), BERLIN)
        glass = first_shown(day, time(9) if day.weekday() == 5 else time(7), BERLIN) + timedelta(minutes=30)
        place = 1
        while glass < bed - timedelta(hours=2):
            found.append((glass, f"water/{day}/{place}"))
            glass, place = glass + timedelta(hours=2), place + 1
        found += [(bed - (3 - turn) * TEN, f"stretch/{day}") for turn in range(2 if answered(day) else 3)]
        day += ONE_DAY
    return sorted(found)


def test_a_year_through_the_real_scheduler(clockwork: Clockwork, app: FakeApp) -> None:
    """From New Year to New Year, both changes of the clocks and a bedtime in the hour they are changed among it:
    everything is shown at its time, as often as it should be, and ends with a reason."""
    end = first_shown(date(2027, 1, 1), time(), BERLIN)
    for fire_time in clockwork.go_on(end):
        for at, key in app.bubbles.shown[-2:]:
            name, day, *_ = key.split("/")
            turn = sum(one == key for _, one in app.bubbles.shown[-4:])
            if at == fire_time and name == "stretch" and turn == 2 and answered(date.fromisoformat(day)):
                app.bubbles.press(f"bubble {len(app.bubbles.shown)}", "done", key)
    shown = [(at, key) for at, key in app.bubbles.shown if at < end]
    assert shown == [one for one in expected(date(2026, 1, 1), date(2027, 1, 1)) if one[0] < end]
    assert clockwork.fire_times > 4000


def test_who_is_away_is_looked_for_every_half_minute_and_no_more(clockwork: Clockwork, app: FakeApp) -> None:
    """Away from before bedtime until eleven: held without haste, and shown within half a minute of coming back."""
    list(clockwork.go_on(datetime(2026, 1, 1, 21, 55, tzinfo=BERLIN)))
    app.here, app.asked = Presence(away=True), 0
    list(clockwork.go_on(datetime(2026, 1, 1, 23, 0, tzinfo=BERLIN)))
    assert 120 <= app.asked <= 250
    assert not any(key.startswith("stretch") for _, key in app.bubbles.shown)
    app.here = Presence()
    list(clockwork.go_on(datetime(2026, 1, 1, 23, 1, tzinfo=BERLIN)))
    (at,) = (at for at, key in app.bubbles.shown if key == "stretch/2026-01-01")
    assert at <= datetime(2026, 1, 1, 23, 0, 30, tzinfo=BERLIN)


def test_a_week_off_is_one_line_in_the_log(app: FakeApp, caplog: pytest.LogCaptureFixture) -> None:
    """Fifty glasses and seven stretches ended without being shown: each is in the ledger, and the log counts them."""
    with time_machine.travel(datetime(2026, 1, 1, 12, tzinfo=BERLIN), tick=False) as clock:
        Clockwork(app, clock).service.stop()
        clock.move_to(datetime(2026, 1, 8, 12, tzinfo=BERLIN))
        awake = app.monotonic()
        app.monotonic = lambda: awake  # type: ignore[method-assign]
        caplog.set_level("INFO", "remind")
        clockwork = Clockwork(app, clock)
        lines = [record.getMessage() for record in caplog.records if "ended" in record.getMessage()]
        assert lines == [
            "57 reminders ended meanwhile, the first due at Thu 1 Jan 11:30; `remind history --days 14` shows why"
        ]
        assert not any("missed" in record.getMessage() for record in caplog.records)
        now = app.now()
        with Database.open(app.folders.database, now) as database:
            events = Store(database).ledger.events(now - timedelta(days=9), now)
        assert sum(event.what == "missed" for event in events) == 57
        clock.move_to(datetime(2026, 1, 15, 12, tzinfo=BERLIN))  # the computer slept meanwhile
        clockwork.look_round()
        assert sum("ended meanwhile" in record.getMessage() for record in caplog.records) == 2
        clockwork.service.stop()
