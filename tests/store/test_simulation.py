"""Sleep, answers, pauses, journeys and wrong clocks in any order: the rules hold at every step."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from rules import BERLIN, NEW_YORK, at, calendar
from simulation import Simulation

from remind.core.decide import Presence
from remind.core.reminders import STRETCH, WATER

TOKYO, APIA = ZoneInfo("Asia/Tokyo"), ZoneInfo("Pacific/Apia")
LENGTHS = st.integers(1, 16 * 60).map(lambda minutes: timedelta(minutes=minutes))
SETTINGS = ("", '[day]\nbedtime = "00:30"\n[water]\nevery = "45 min"', '[water]\ntarget = "2 L"\n[stretch]\ntimes = 1')
STARTS = (at("2026-11-22 21:00"), at("2026-03-28 20:00"), at("2026-10-24 23:00"))


class Days(RuleBasedStateMachine):
    """A person and a computer that do anything at any time."""

    @initialize(text=st.sampled_from(SETTINGS), start=st.sampled_from(STARTS))
    def begins(self, text: str, start: datetime) -> None:
        self.simulation = Simulation(calendar(text), start)

    @rule(length=LENGTHS)
    def waits(self, length: timedelta) -> None:
        self.simulation.wait(length)

    @rule(length=st.one_of(LENGTHS, LENGTHS.map(lambda length: 4 * length)))
    def sleeps(self, length: timedelta) -> None:
        self.simulation.sleep(length)

    @rule(reminder=st.sampled_from([STRETCH, WATER]), given=st.sampled_from(["done", "skipped"]))
    def answers(self, reminder: str, given: str) -> None:
        self.simulation.answer(reminder, given)  # type: ignore[arg-type]

    @rule(reminder=st.sampled_from([STRETCH, WATER]), length=LENGTHS)
    def snoozes(self, reminder: str, length: timedelta) -> None:
        self.simulation.answer(reminder, "snoozed", length / 8)

    @rule()
    def stretches(self) -> None:
        self.simulation.stretch()

    @rule(length=LENGTHS)
    def pauses(self, length: timedelta) -> None:
        self.simulation.pause(length)

    @rule()
    def resumes(self) -> None:
        self.simulation.pause(None)

    @rule(presence=st.sampled_from([Presence(), Presence(), Presence(away=True), Presence(do_not_disturb=True)]))
    def goes_or_comes(self, presence: Presence) -> None:
        self.simulation.presence = presence
        self.simulation.deliver()

    @rule(works=st.booleans())
    def loses_or_finds_the_bus(self, works: bool) -> None:
        self.simulation.channel_works = works

    @rule(minutes=st.integers(-3 * 24 * 60, 3 * 24 * 60))
    def sets_the_clock(self, minutes: int) -> None:
        self.simulation.sleep(timedelta(minutes=minutes))

    @rule(zone=st.sampled_from([BERLIN, NEW_YORK, TOKYO, APIA]))
    def travels(self, zone: ZoneInfo) -> None:
        self.simulation.travel(zone)

    def teardown(self) -> None:
        if hasattr(self, "simulation"):
            self.simulation.presence, self.simulation.channel_works = Presence(), True
            self.simulation.pause(None)
            for _ in range(3):
                self.simulation.wait(timedelta(days=1))
            self.simulation.assert_all_accounted()
            self.simulation.store.database.close()


Days.TestCase.settings = settings(
    max_examples=25, stateful_step_count=15, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
TestDays = Days.TestCase


def shown(simulation: Simulation, reminder: str = STRETCH) -> list[str]:
    """Return when `reminder` was shown, in the zone where the person is now."""
    zone = simulation.calendar.zone
    found = [
        event.at.astimezone(zone) for event in simulation.events if event.what == "shown" and event.reminder == reminder
    ]
    return [f"{one:%d %H:%M}" for one in found]


def closed(simulation: Simulation, reminder: str = STRETCH) -> list[str]:
    """Return how each occurrence of `reminder` ended."""
    return [
        f"{event.occurrence}: {event.what}: {event.reason}"
        for event in simulation.events
        if event.what in ("dropped", "missed") and event.reminder == reminder
    ]


@pytest.fixture
def evening() -> Iterator[Simulation]:
    """Nine o'clock on a Sunday evening in Berlin, with the shipped settings."""
    simulation = Simulation(calendar(), at("21:00"))
    yield simulation
    simulation.store.database.close()


def test_a_clock_set_back_by_a_day_and_forward_again(evening: Simulation) -> None:
    """What was open on the repeated day is closed, though later occurrences were closed before."""
    evening.sleep(timedelta(days=2))
    evening.sleep(timedelta(days=-1, hours=-12))
    assert shown(evening, WATER)[-1] == "23 09:00"
    evening.sleep(timedelta(days=1, hours=12))
    evening.wait(timedelta(days=3))
    evening.assert_all_accounted()


def test_an_evening_without_an_answer(evening: Simulation) -> None:
    """It is shown three times, ten minutes apart, and then missed with the reason."""
    evening.wait(timedelta(hours=12))
    assert shown(evening) == ["22 22:00", "22 22:10", "22 22:20"]
    assert closed(evening) == [
        "stretch/2026-11-22: missed: shown 3 times, last at 22:20, not answered; it expired at 23:30"
    ]


def test_a_stretch_in_the_afternoon_silences_one_evening_and_no_other(evening: Simulation) -> None:
    """Stretching at nine, before it is due, silences tonight; tomorrow it is back."""
    evening.stretch()
    evening.wait(timedelta(days=2))
    assert shown(evening) == ["23 22:00", "23 22:10", "23 22:20"]


def test_asleep_from_before_bedtime_until_inside_the_window(evening: Simulation) -> None:
    """It is shown once on waking, and repeated from there."""
    evening.sleep(timedelta(hours=2, minutes=14))
    assert shown(evening) == ["22 23:14"]
    evening.wait(timedelta(hours=3))
    assert shown(evening) == ["22 23:14", "22 23:24"]


def test_asleep_until_the_morning(evening: Simulation) -> None:
    """Nothing rings for the night before, and the reason is recorded."""
    evening.sleep(timedelta(hours=10))
    assert shown(evening) == []
    assert closed(evening) == [
        "stretch/2026-11-22: missed: not shown (the service was not running, or the computer was asleep);"
        " it expired at Sun 22 Nov 23:30"
    ]


def test_off_for_a_month(evening: Simulation) -> None:
    """Two weeks back are accounted for, and only once."""
    evening.sleep(timedelta(days=30))
    assert len(closed(evening)) == 14
    evening.sleep(timedelta(seconds=1))
    assert len(closed(evening)) == 14


def test_a_clock_that_was_ahead_for_a_while_loses_nothing(evening: Simulation) -> None:
    """Set forward by a year and back again, it rings tonight as if nothing had happened."""
    evening.sleep(timedelta(days=365))
    evening.sleep(-timedelta(days=365))
    evening.wait(timedelta(hours=6))
    assert shown(evening)[-3:] == ["22 22:00", "22 22:10", "22 22:20"]


def test_a_clock_set_back_after_it_rang_does_not_ring_again(evening: Simulation) -> None:
    """After three showings the clock goes back two hours; nothing more is shown."""
    evening.wait(timedelta(minutes=90))
    evening.sleep(-timedelta(hours=2))
    evening.wait(timedelta(hours=5))
    assert len(shown(evening)) == 3


def test_travel_west_brings_the_same_evening_again_unless_it_was_answered(evening: Simulation) -> None:
    """Unanswered at ten in Berlin, it comes again at ten in New York."""
    evening.wait(timedelta(hours=3))
    evening.travel(NEW_YORK)
    evening.wait(timedelta(hours=9))
    assert shown(evening)[3:] == ["22 22:00", "22 22:10", "22 22:20"]


def test_travel_west_after_an_answer(evening: Simulation) -> None:
    """An answered evening stays answered."""
    evening.wait(timedelta(hours=1))
    assert evening.answer(STRETCH, "skipped")
    evening.travel(NEW_YORK)
    evening.wait(timedelta(hours=12))
    assert len(shown(evening)) == 1


def test_travel_after_a_session(evening: Simulation) -> None:
    """An evening that a session answered stays answered, though the session has another hour there."""
    evening.wait(timedelta(hours=2, minutes=20))
    evening.stretch()
    for zone in (NEW_YORK, TOKYO, BERLIN):
        evening.travel(zone)
        evening.wait(timedelta(hours=6))
    assert [one for one in shown(evening) if one.startswith("22")] == ["22 22:00", "22 22:10", "22 22:20"]
    assert closed(evening) == []


def test_travel_with_a_snooze_pending(evening: Simulation) -> None:
    """A snooze of Berlin's night doesn't ring in New York's afternoon."""
    evening.wait(timedelta(hours=1))
    assert evening.answer(STRETCH, "snoozed", timedelta(minutes=10))
    evening.travel(NEW_YORK)
    evening.wait(timedelta(hours=7))
    assert shown(evening)[1:] == ["22 22:00", "22 22:10", "22 22:20"]


def test_at_sunset_the_zone_changes_to_the_east(evening: Simulation) -> None:
    """From 21:00 in Berlin to 05:00 in Tokyo, where the night is over: the next evening rings at ten."""
    evening.travel(TOKYO)
    evening.wait(timedelta(hours=18))
    assert shown(evening) == ["23 22:00", "23 22:10", "23 22:20"]


def test_settings_changed_at_noon_silence_no_later_glass() -> None:
    """Glasses are answered every hour, then come every two hours: later ones don't count as answered."""
    simulation = Simulation(calendar('[water]\nevery = "1 h"'), at("07:00"))
    for _ in range(6):
        simulation.wait(timedelta(minutes=59))
        simulation.answer(WATER, "done")
    simulation.calendar = calendar('[water]\nevery = "2 h"')
    simulation.wait(timedelta(hours=9))
    assert shown(simulation, WATER)[-4:] == ["22 13:30", "22 15:30", "22 17:30", "22 19:30"]
    simulation.store.database.close()


def test_a_bus_that_comes_late_shows_it_then(evening: Simulation) -> None:
    """No channel works at ten; once one does, it is shown inside the window."""
    evening.channel_works = False
    evening.wait(timedelta(minutes=100))
    assert shown(evening) == []
    evening.channel_works = True
    evening.wait(timedelta(minutes=5))
    assert shown(evening) == ["22 22:40"]


def test_a_bus_that_never_comes_is_the_reason(evening: Simulation) -> None:
    """A reminder that could not be shown has the reason."""
    evening.channel_works = False
    evening.wait(timedelta(hours=4))
    assert closed(evening) == ["stretch/2026-11-22: missed: no channel could show it (no bus); it expired at 23:30"]


def test_someone_away_finds_it_when_they_are_back(evening: Simulation) -> None:
    """Away from half past nine until eleven, the person sees it at eleven."""
    evening.presence = Presence(away=True)
    evening.wait(timedelta(hours=2))
    evening.presence = Presence()
    evening.wait(timedelta(minutes=1))
    assert shown(evening) == ["22 23:00"]


def test_someone_away_all_night_finds_the_reason(evening: Simulation) -> None:
    """It is held until it expires, and then dropped with the reason."""
    evening.presence = Presence(locked=True)
    evening.wait(timedelta(hours=5))
    assert closed(evening) == ["stretch/2026-11-22: dropped: not shown (the screen is locked); it expired at 23:30"]
