"""Days in any order of sleep, answers, pauses, journeys and wrong clocks: the rules hold at every step."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from rules import BERLIN, NEW_YORK, at, calendar
from simulation import Course

from remind.core.decide import Presence
from remind.core.reminders import STRETCH, WATER

TOKYO, APIA = ZoneInfo("Asia/Tokyo"), ZoneInfo("Pacific/Apia")
LENGTHS = st.integers(1, 16 * 60).map(lambda minutes: timedelta(minutes=minutes))
SETTINGS = ("", '[day]\nbedtime = "00:30"\n[water]\nevery = "45 min"', '[water]\ntarget = "2 L"\n[stretch]\ntimes = 1')
STARTS = (at("2026-11-22 21:00"), at("2026-03-28 20:00"), at("2026-10-24 23:00"))


class Days(RuleBasedStateMachine):
    """A person and a computer that do as they like."""

    @initialize(text=st.sampled_from(SETTINGS), start=st.sampled_from(STARTS))
    def begins(self, text: str, start: datetime) -> None:
        self.course = Course(calendar(text), start)

    @rule(length=LENGTHS)
    def waits(self, length: timedelta) -> None:
        self.course.wait(length)

    @rule(length=st.one_of(LENGTHS, LENGTHS.map(lambda length: 4 * length)))
    def sleeps(self, length: timedelta) -> None:
        self.course.sleep(length)

    @rule(reminder=st.sampled_from([STRETCH, WATER]), given=st.sampled_from(["done", "skipped"]))
    def answers(self, reminder: str, given: str) -> None:
        self.course.answer(reminder, given)  # type: ignore[arg-type]

    @rule(reminder=st.sampled_from([STRETCH, WATER]), length=LENGTHS)
    def snoozes(self, reminder: str, length: timedelta) -> None:
        self.course.answer(reminder, "snoozed", length / 8)

    @rule()
    def stretches(self) -> None:
        self.course.stretch()

    @rule(length=LENGTHS)
    def pauses(self, length: timedelta) -> None:
        self.course.pause(length)

    @rule()
    def resumes(self) -> None:
        self.course.pause(None)

    @rule(presence=st.sampled_from([Presence(), Presence(), Presence(away=True), Presence(do_not_disturb=True)]))
    def goes_or_comes(self, presence: Presence) -> None:
        self.course.presence = presence
        self.course.deliver()

    @rule(works=st.booleans())
    def loses_or_finds_the_bus(self, works: bool) -> None:
        self.course.channel_works = works

    @rule(minutes=st.integers(-3 * 24 * 60, 3 * 24 * 60))
    def sets_the_clock(self, minutes: int) -> None:
        self.course.sleep(timedelta(minutes=minutes))

    @rule(zone=st.sampled_from([BERLIN, NEW_YORK, TOKYO, APIA]))
    def travels(self, zone: ZoneInfo) -> None:
        self.course.travel(zone)

    def teardown(self) -> None:
        if hasattr(self, "course"):
            self.course.presence, self.course.channel_works = Presence(), True
            self.course.pause(None)
            for _ in range(3):
                self.course.wait(timedelta(days=1))
            self.course.assert_all_accounted()
            self.course.store.database.close()


Days.TestCase.settings = settings(
    max_examples=25, stateful_step_count=15, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
TestDays = Days.TestCase


def shown(course: Course, reminder: str = STRETCH) -> list[str]:
    """When `reminder` was shown, by the clocks of where the person is now."""
    zone = course.calendar.zone
    found = [
        event.at.astimezone(zone) for event in course.events if event.what == "shown" and event.reminder == reminder
    ]
    return [f"{one:%d %H:%M}" for one in found]


def closed(course: Course, reminder: str = STRETCH) -> list[str]:
    """How each occurrence of `reminder` that is over ended."""
    return [
        f"{event.occurrence}: {event.what}: {event.reason}"
        for event in course.events
        if event.what in ("dropped", "missed") and event.reminder == reminder
    ]


@pytest.fixture
def evening() -> Iterator[Course]:
    """Nine o'clock on a Sunday evening in Berlin, with the shipped settings."""
    course = Course(calendar(), at("21:00"))
    yield course
    course.store.database.close()


def test_a_clock_set_back_by_a_day_and_forward_again(evening: Course) -> None:
    """What was open in the day that came twice is closed, though what came after it was dealt with before."""
    evening.sleep(timedelta(days=2))
    evening.sleep(timedelta(days=-1, hours=-12))
    assert shown(evening, WATER)[-1] == "23 09:00"
    evening.sleep(timedelta(days=1, hours=12))
    evening.wait(timedelta(days=3))
    evening.assert_all_accounted()


def test_an_evening_without_an_answer(evening: Course) -> None:
    """Three times, ten minutes apart, and then missed with the reason."""
    evening.wait(timedelta(hours=12))
    assert shown(evening) == ["22 22:00", "22 22:10", "22 22:20"]
    assert closed(evening) == [
        "stretch/2026-11-22: missed: shown 3 times, last at 22:20, not answered; it expired at 23:30"
    ]


def test_a_stretch_in_the_afternoon_silences_one_evening_and_no_other(evening: Course) -> None:
    """Stretched at nine before it was due: silent tonight, and back tomorrow with nothing done in between."""
    evening.stretch()
    evening.wait(timedelta(days=2))
    assert shown(evening) == ["23 22:00", "23 22:10", "23 22:20"]


def test_asleep_from_before_bedtime_until_inside_the_window(evening: Course) -> None:
    """Shown once at once, and on from there."""
    evening.sleep(timedelta(hours=2, minutes=14))
    assert shown(evening) == ["22 23:14"]
    evening.wait(timedelta(hours=3))
    assert shown(evening) == ["22 23:14", "22 23:24"]


def test_asleep_until_the_morning(evening: Course) -> None:
    """Nothing rings for the night before, and the reason is kept."""
    evening.sleep(timedelta(hours=10))
    assert shown(evening) == []
    assert closed(evening) == [
        "stretch/2026-11-22: missed: not shown (the service was not running, or the computer was asleep);"
        " it expired at Sun 22 Nov 23:30"
    ]


def test_off_for_a_month(evening: Course) -> None:
    """Two weeks back are accounted for, once."""
    evening.sleep(timedelta(days=30))
    assert len(closed(evening)) == 14
    evening.sleep(timedelta(seconds=1))
    assert len(closed(evening)) == 14


def test_a_clock_that_was_ahead_for_a_while_loses_nothing(evening: Course) -> None:
    """Set forward by a year, noticed, set back: tonight rings as if nothing had been."""
    evening.sleep(timedelta(days=365))
    evening.sleep(-timedelta(days=365))
    evening.wait(timedelta(hours=6))
    assert shown(evening)[-3:] == ["22 22:00", "22 22:10", "22 22:20"]


def test_a_clock_set_back_after_it_rang_rings_no_second_time(evening: Course) -> None:
    """Shown three times, then the clock goes back two hours: those three were all."""
    evening.wait(timedelta(minutes=90))
    evening.sleep(-timedelta(hours=2))
    evening.wait(timedelta(hours=5))
    assert len(shown(evening)) == 3


def test_travel_west_brings_the_same_evening_again_unless_it_was_answered(evening: Course) -> None:
    """Unanswered at ten in Berlin, it comes at ten in New York; answered, it does not."""
    evening.wait(timedelta(hours=3))
    evening.travel(NEW_YORK)
    evening.wait(timedelta(hours=9))
    assert shown(evening)[3:] == ["22 22:00", "22 22:10", "22 22:20"]


def test_travel_west_after_an_answer(evening: Course) -> None:
    """An evening already answered stays answered."""
    evening.wait(timedelta(hours=1))
    assert evening.answer(STRETCH, "skipped")
    evening.travel(NEW_YORK)
    evening.wait(timedelta(hours=12))
    assert len(shown(evening)) == 1


def test_travel_after_a_session(evening: Course) -> None:
    """An evening that a session answered stays answered, also where that hour of the session is another one."""
    evening.wait(timedelta(hours=2, minutes=20))
    evening.stretch()
    for zone in (NEW_YORK, TOKYO, BERLIN):
        evening.travel(zone)
        evening.wait(timedelta(hours=6))
    assert [one for one in shown(evening) if one.startswith("22")] == ["22 22:00", "22 22:10", "22 22:20"]
    assert closed(evening) == []


def test_travel_with_a_snooze_pending(evening: Course) -> None:
    """A snooze of Berlin's night is not rung in New York's afternoon."""
    evening.wait(timedelta(hours=1))
    assert evening.answer(STRETCH, "snoozed", timedelta(minutes=10))
    evening.travel(NEW_YORK)
    evening.wait(timedelta(hours=7))
    assert shown(evening)[1:] == ["22 22:00", "22 22:10", "22 22:20"]


def test_at_sunset_the_zone_changes_to_the_east(evening: Course) -> None:
    """From 21:00 in Berlin to 05:00 in Tokyo: the night is over there, and the next evening's rings at ten."""
    evening.travel(TOKYO)
    evening.wait(timedelta(hours=18))
    assert shown(evening) == ["23 22:00", "23 22:10", "23 22:20"]


def test_settings_changed_at_noon_silence_no_later_glass() -> None:
    """Glasses answered each hour, then every two hours: those that come are not taken for the ones answered."""
    course = Course(calendar('[water]\nevery = "1 h"'), at("07:00"))
    for _ in range(6):
        course.wait(timedelta(minutes=59))
        course.answer(WATER, "done")
    course.calendar = calendar('[water]\nevery = "2 h"')
    course.wait(timedelta(hours=9))
    assert shown(course, WATER)[-4:] == ["22 13:30", "22 15:30", "22 17:30", "22 19:30"]


def test_a_bus_that_comes_late_shows_it_then(evening: Course) -> None:
    """No channel at ten; once there is one, it is shown inside the window."""
    evening.channel_works = False
    evening.wait(timedelta(minutes=100))
    assert shown(evening) == []
    evening.channel_works = True
    evening.wait(timedelta(minutes=5))
    assert shown(evening) == ["22 22:40"]


def test_a_bus_that_never_comes_is_the_reason(evening: Course) -> None:
    """What could not be shown says why."""
    evening.channel_works = False
    evening.wait(timedelta(hours=4))
    assert closed(evening) == ["stretch/2026-11-22: missed: no channel could show it (no bus); it expired at 23:30"]


def test_someone_away_finds_it_when_they_are_back(evening: Course) -> None:
    """Away from half past nine until eleven: shown at eleven."""
    evening.presence = Presence(away=True)
    evening.wait(timedelta(hours=2))
    evening.presence = Presence()
    evening.wait(timedelta(minutes=1))
    assert shown(evening) == ["22 23:00"]


def test_someone_away_all_night_is_told_why(evening: Course) -> None:
    """Held until it expired: dropped, with what held it."""
    evening.presence = Presence(locked=True)
    evening.wait(timedelta(hours=5))
    assert closed(evening) == ["stretch/2026-11-22: dropped: not shown (the screen is locked); it expired at 23:30"]
