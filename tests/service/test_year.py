"""A year of the real service, with its scheduler, threads and database, whose clock moves from fire time to fire time.
What it shows is compared with a calendar that the test works out by itself."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import time_machine
from clocked_service import ClockedService
from rules import BERLIN
from simulated_service import FakeDesktop, SimulatedApp
from slow_clock import bedtime_of, first_shown

from remind.core.decide import Presence
from remind.store.database import Database
from remind.store.store import Store

ONE_DAY, TEN = timedelta(days=1), timedelta(minutes=10)

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


@pytest.fixture
def app(tmp_path: Path) -> Iterator[SimulatedApp]:
    """A home in memory, if possible, since ten thousand waits for a disk would test nothing."""
    memory = Path("/dev/shm")
    with TemporaryDirectory(dir=memory if memory.is_dir() else tmp_path) as home:
        (Path(home) / "settings.toml").write_text(SETTINGS)
        (Path(home) / "routines").mkdir()
        (Path(home) / "routines" / "short.toml").write_text(ROUTINE)
        app = SimulatedApp(Path(home), FakeDesktop())
        yield app
        app.close()


@pytest.fixture
def clocked(app: SimulatedApp) -> Iterator[ClockedService]:
    """The service, started at midnight of the first day of 2026 in Berlin."""
    with time_machine.travel(first_shown(date(2026, 1, 1), time(), BERLIN), tick=False) as clock:
        clocked = ClockedService(app, clock)
        yield clocked
        clocked.service.stop()


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


def test_a_year_through_the_real_scheduler(clocked: ClockedService, app: SimulatedApp) -> None:
    """From New Year to New Year, both changes of the clocks and a bedtime in the hour they are changed among it:
    everything is shown at its time, as often as it should be, and ends with a reason."""
    end = first_shown(date(2027, 1, 1), time(), BERLIN)
    for fire_time in clocked.go_on(end):
        for at, key in app.desktop.shown[-2:]:
            name, day, *_ = key.split("/")
            turn = sum(one == key for _, one in app.desktop.shown[-4:])
            if at == fire_time and name == "stretch" and turn == 2 and answered(date.fromisoformat(day)):
                app.desktop.press(key, "done")
    shown = [(at, key) for at, key in app.desktop.shown if at < end]
    assert shown == [one for one in expected(date(2026, 1, 1), date(2027, 1, 1)) if one[0] < end]
    assert clocked.fire_times > 4000


def test_who_is_away_is_looked_for_every_half_minute_and_no_more(clocked: ClockedService, app: SimulatedApp) -> None:
    """Away from before bedtime until eleven: held without haste, and shown within half a minute of coming back."""
    list(clocked.go_on(datetime(2026, 1, 1, 21, 55, tzinfo=BERLIN)))
    app.person, app.presence_asked = Presence(away=True), 0
    list(clocked.go_on(datetime(2026, 1, 1, 23, 0, tzinfo=BERLIN)))
    assert 120 <= app.presence_asked <= 250
    assert not any(key.startswith("stretch") for _, key in app.desktop.shown)
    app.person = Presence()
    list(clocked.go_on(datetime(2026, 1, 1, 23, 1, tzinfo=BERLIN)))
    (at,) = (at for at, key in app.desktop.shown if key == "stretch/2026-01-01")
    assert at <= datetime(2026, 1, 1, 23, 0, 30, tzinfo=BERLIN)


def test_a_week_off_is_one_line_in_the_log(app: SimulatedApp, caplog: pytest.LogCaptureFixture) -> None:
    """Fifty glasses and seven stretches ended without being shown: each is in the ledger, and the log counts them."""
    with time_machine.travel(datetime(2026, 1, 1, 12, tzinfo=BERLIN), tick=False) as clock:
        ClockedService(app, clock).service.stop()
        clock.move_to(datetime(2026, 1, 8, 12, tzinfo=BERLIN))
        awake = app.monotonic()
        app.monotonic = lambda: awake  # type: ignore[method-assign]
        caplog.set_level("INFO", "remind")
        clocked = ClockedService(app, clock)
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
        clocked.look_round()
        assert sum("ended meanwhile" in record.getMessage() for record in caplog.records) == 2
        clocked.service.stop()
