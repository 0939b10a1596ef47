"""How fast a year passes through the real scheduler, and how long its occurrences take to work out."""

from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

import time_machine
from apscheduler.triggers.cron import CronTrigger
from clocked_service import ClockedScheduler, ClockedService
from measure import Found, Row, allowed, in_turns
from rules import BERLIN, calendar
from simulated_service import FakeDesktop, SimulatedApp

from remind.core.reminders import Calendar, between

START, DAYS, TURNS = datetime(2026, 1, 1, tzinfo=BERLIN), 30, 5
YEAR_S = 8.0
TEN_YEARS_ON = START.replace(year=2036)
OWN = """
[reminder.pill]
title = "Pill"
at = ["08:00", "20:00"]
[reminder.move]
enabled = true
"""


def measured(folder: Path) -> Found:
    day = in_turns({"ours": lambda: _day_ms(folder), "theirs": _minimal_day_ms}, TURNS)
    yield allowed("a year through the real scheduler", day["ours"] * 365 / 1000, "s", YEAR_S)
    yield Row("a day through the real scheduler", day["ours"], "ms", "ms APScheduler with empty jobs", day["theirs"])
    yield f"{1000 / day['ours']:.0f} simulated days pass in a second"
    rules = calendar(OWN)
    count = sum(1 for name in rules.reminders for _ in between(rules, name, START, TEN_YEARS_ON))
    taken = in_turns({"ours": lambda: _occurrences_ms(calendar(OWN)), "theirs": lambda: _stepped_ms(count)}, TURNS)
    yield Row("occurrences of ten years", taken["ours"], "ms", "ms CronTrigger", taken["theirs"], 1.0)


def _day_ms(folder: Path) -> float:
    """Return how long a day of the service takes, of a month in a new home."""
    with time_machine.travel(START, tick=False) as clock, TemporaryDirectory(dir=folder) as home:
        app = SimulatedApp(Path(home), FakeDesktop())
        clocked = ClockedService(app, clock)
        taken = _passed_ms(clocked)
        clocked.service.stop()
        app.close()
    return taken


def _minimal_day_ms() -> float:
    """Return how long a day takes that has as many fire times, at which nothing is done."""
    with time_machine.travel(START, tick=False) as clock:
        clocked = ClockedScheduler(clock)
        clocked.scheduler.add_job(int, "cron", hour="7-15", minute=30)
        clocked.scheduler.add_job(int, "cron", hour=22, minute="0,10,20")
        clocked.scheduler.start()
        taken = _passed_ms(clocked)
        clocked.scheduler.shutdown()
    return taken


def _passed_ms(clocked: ClockedScheduler) -> float:
    began = _now_ms()
    for _ in clocked.go_on(START + timedelta(days=DAYS)):
        pass
    return (_now_ms() - began) / DAYS


def _occurrences_ms(rules: Calendar) -> float:
    began = _now_ms()
    for name in rules.reminders:
        for _ in between(rules, name, START, TEN_YEARS_ON):
            pass
    return _now_ms() - began


def _stepped_ms(count: int) -> float:
    """Return how long as many fire times of a trigger take that fires each hour of the day, as water does."""
    trigger, fired, now, began = CronTrigger(hour="7-21", minute=30, timezone=BERLIN), None, START, _now_ms()
    for _ in range(count):
        fired = trigger.get_next_fire_time(fired, now)
        assert fired is not None
        now = fired + timedelta(seconds=1)
    return _now_ms() - began


def _now_ms() -> float:
    """Return the processor's time, which no clock of a test moves and other load hardly lengthens."""
    return process_time() * 1000
