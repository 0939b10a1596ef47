"""Wall times turned into instants, compared with a clock that is walked step by step."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from slow_clock import ZONES, bedtime_of, dates_lived, first_shown, instants, jumps, wall_clock

from remind.core.times import (
    ONE_DAY,
    DayName,
    Days,
    OneDay,
    bedtime,
    evening_of,
    exists,
    next_wake,
    resolve,
    wake,
    waking_day,
    weekday,
)

BERLIN, NEW_YORK, APIA = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York"), ZoneInfo("Pacific/Apia")
HONOLULU = ZoneInfo("Pacific/Honolulu")
USUAL = Days(time(7), time(22, 30))

YEARS = st.dates(date(2000, 1, 1), date(2037, 12, 31))
WALLS = st.times().map(lambda wall: wall.replace(microsecond=0, fold=0))


@st.composite
def near_jumps(draw: st.DrawFn) -> tuple[str, date]:
    """Return a zone and a day on or next to which its clocks are changed."""
    zone = draw(st.sampled_from(ZONES))
    found = jumps(zone, draw(st.integers(2000, 2037)))
    day = draw(st.sampled_from(found) if found else YEARS)
    return zone, day + draw(st.integers(-1, 1)) * ONE_DAY


@pytest.mark.slow
@given(st.one_of(near_jumps(), st.tuples(st.sampled_from(ZONES), YEARS)), WALLS)
@example(("Pacific/Apia", date(2011, 12, 30)), time(12))
@example(("Australia/Lord_Howe", date(2026, 10, 4)), time(2, 15))
@example(("Antarctica/Troll", date(2026, 3, 29)), time(1, 59, 59))
@example(("America/Havana", date(2026, 3, 8)), time(0, 30))
@example(("Europe/Nicosia", date(2000, 10, 29)), time(3, 59, 1))
@settings(max_examples=300, deadline=None)
def test_an_instant_is_the_first_at_which_the_clock_shows_or_has_passed_the_time(
    place: tuple[str, date], wall: time
) -> None:
    """In any zone, on any day from 2000 to 2037, any time is the instant that the slow clock finds."""
    name, day = place
    assert resolve(day, wall, ZoneInfo(name)) == first_shown(day, wall, ZoneInfo(name))


@pytest.mark.slow
@pytest.mark.parametrize("wall", [time(22, 30), time(0, 30), time(2, 30)], ids=lambda wall: f"{wall:%H.%M}")
def test_every_evening_of_two_years_in_every_zone(wall: time) -> None:
    """On each evening of 2026 and 2027 in each zone, the clock first shows the bedtime then, or has jumped past it."""
    days, first = Days(time(7), wall), date(2026, 1, 1)
    shown_on = ONE_DAY if wall < time(12) else timedelta()
    walked = 0
    for name in ZONES:
        zone = ZoneInfo(name)
        for offset in range(730):
            evening = first + offset * ONE_DAY
            found = bedtime(days, evening, zone)
            there = found.astimezone(zone)
            if there.fold or there.replace(tzinfo=None) != datetime.combine(evening + shown_on, wall):
                walked += 1
                assert found == bedtime_of(evening, wall, zone), (name, evening)
    assert walked  # even at 22:30: Greenland's clocks are set at ten in the evening


@pytest.mark.slow
@given(near_jumps(), st.sampled_from([time(22, 30), time(23, 45), time(0), time(0, 30), time(1, 30), time(2, 30)]))
@settings(max_examples=150, deadline=None)
def test_a_bedtime_when_the_clocks_are_set_is_what_a_walk_along_the_clock_finds(
    place: tuple[str, date], wall: time
) -> None:
    """Bedtimes around every change of the clocks are the instants that the slow clock finds."""
    name, evening = place
    assert bedtime(Days(time(7), wall), evening, ZoneInfo(name)) == bedtime_of(evening, wall, ZoneInfo(name))


@pytest.mark.slow
@given(st.one_of(near_jumps(), st.tuples(st.sampled_from(ZONES), YEARS)))
@example(("Pacific/Apia", date(2011, 12, 30)))
@example(("Pacific/Fakaofo", date(2011, 12, 30)))
@settings(max_examples=60, deadline=None)
def test_a_date_exists_if_a_calendar_there_ever_shows_it(place: tuple[str, date]) -> None:
    """Samoa had no 30 December 2011, and exactly such dates are missing."""
    name, day = place
    zone = ZoneInfo(name)
    around = [day + offset * ONE_DAY for offset in (-1, 0, 1)]
    assert [one for one in around if exists(one, zone)] == dates_lived(around[0], around[-1] + ONE_DAY, zone)


def test_in_a_gap_the_first_instant_after_it_counts() -> None:
    """02:30 on the night of the German spring change is 03:00, whatever the seconds."""
    for wall in (time(2), time(2, 30), time(2, 59, 59)):
        found = resolve(date(2026, 3, 29), wall, BERLIN)
        assert found == datetime(2026, 3, 29, 1, tzinfo=UTC)
        assert found.tzinfo is UTC


def test_a_date_that_a_zone_skips_does_not_exist() -> None:
    """Samoa went from 29 to 31 December 2011, and the next waking after the 29th was that of the 31st."""
    assert [exists(date(2011, 12, day), APIA) for day in (29, 30, 31)] == [True, False, True]
    evening = datetime(2011, 12, 29, 20, tzinfo=APIA).astimezone(UTC)
    assert next_wake(USUAL, evening, APIA) == datetime(2011, 12, 31, 7, tzinfo=APIA)


def test_of_an_hour_that_comes_twice_the_first_counts() -> None:
    """02:30 on the night of the German autumn change is the one in summer time."""
    assert resolve(date(2026, 10, 25), time(2, 30), BERLIN) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_a_time_with_fractions_of_a_second_in_a_gap_ends_the_search() -> None:
    """The end of the gap is found to the second, even from a time between two seconds."""
    found = resolve(date(2026, 3, 29), time(2, 30, 0, 600_000), BERLIN)
    assert abs(found - datetime(2026, 3, 29, 1, tzinfo=UTC)) <= timedelta(seconds=1)


def test_bedtimes_differ_by_weekday_and_may_cross_midnight() -> None:
    """Saturday's 00:30 is in the night to Sunday, and other days keep the usual time."""
    days = Days(time(7), time(22, 30), {"sat": OneDay(bedtime=time(0, 30)), "sun": OneDay(wake=time(9))})
    saturday, sunday = date(2026, 11, 21), date(2026, 11, 22)
    assert weekday(saturday) == "sat"
    assert bedtime(days, saturday, BERLIN) == datetime(2026, 11, 22, 0, 30, tzinfo=BERLIN)
    assert bedtime(days, sunday, BERLIN) == datetime(2026, 11, 22, 22, 30, tzinfo=BERLIN)
    assert wake(days, saturday, BERLIN) == datetime(2026, 11, 21, 7, tzinfo=BERLIN)
    assert wake(days, sunday, BERLIN) == datetime(2026, 11, 22, 9, tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("clock", "day"), [("00:30", 21), ("03:30", 21), ("11:59", 21), ("12:00", 22), ("18:30", 22), ("23:30", 22)]
)
def test_an_evening_lasts_from_noon_to_noon(clock: str, day: int) -> None:
    """The small hours belong to the evening before them."""
    assert evening_of(datetime.fromisoformat(f"2026-11-22T{clock}+01:00"), BERLIN) == date(2026, 11, day)


def test_an_evening_is_that_of_the_zone_and_not_of_the_instant_s_own_offset() -> None:
    """13:00 in Berlin is still the morning in New York, so the evening is the one before."""
    assert evening_of(datetime(2026, 11, 22, 13, tzinfo=BERLIN), NEW_YORK) == date(2026, 11, 21)


@pytest.mark.slow
@given(st.sampled_from(ZONES), instants(2000, 2037), WALLS, WALLS)
@settings(max_examples=300, deadline=None)
def test_every_instant_belongs_to_one_waking_day(name: str, now: datetime, wake_at: time, bed_at: time) -> None:
    """Whatever the hours, days follow each other without gap or overlap, near their calendar dates."""
    assume(wake_at != bed_at)
    zone, days = ZoneInfo(name), Days(wake_at, bed_at)
    day, start, end = waking_day(days, now, zone)
    assert start <= now < end
    assert abs(day - wall_clock(now, zone).date()) <= ONE_DAY
    if waking_day(days, end, zone)[0] != day + 2 * ONE_DAY:  # a date that the zone skips
        assert waking_day(days, end, zone) == (day + ONE_DAY, end, waking_day(days, end, zone)[2])


@pytest.mark.parametrize(
    ("wake_at", "bed_at", "middle"),
    [
        (time(7), time(23), time(3)),
        (time(9), time(1), time(5)),
        (time(16), time(8), time(12)),
        (time(20), time(13), time(16, 30)),
        (time(20), time(12), time(16)),
    ],
    ids=["by night", "after midnight", "by day", "in the afternoon", "from noon"],
)
def test_a_day_turns_in_the_middle_of_sleep(wake_at: time, bed_at: time, middle: time) -> None:
    """The day turns in the middle of the sleep, at any time of day."""
    for zone in (UTC, NEW_YORK):
        _, start, end = waking_day(Days(wake_at, bed_at), datetime(2026, 11, 22, 23, 30, tzinfo=zone), zone)
        assert (start.astimezone(zone).time(), end.astimezone(zone).time()) == (middle, middle)


@pytest.mark.parametrize(
    ("wake_at", "bed_at", "now", "day"),
    [
        (time(7), time(23), "22 02:59", 21),
        (time(7), time(23), "22 03:00", 22),
        (time(7), time(23), "22 23:59", 22),
        (time(9), time(1), "22 00:30", 21),
        (time(9), time(1), "22 04:59", 21),
        (time(9), time(1), "22 05:00", 22),
        (time(16), time(8), "22 11:59", 21),
        (time(16), time(8), "22 12:00", 22),
        (time(16), time(8), "23 07:00", 22),
        (time(20), time(13), "22 16:29", 21),
        (time(20), time(13), "22 16:30", 22),
        (time(20), time(13), "23 12:00", 22),
    ],
)
def test_a_day_has_the_date_on_which_the_person_got_up(wake_at: time, bed_at: time, now: str, day: int) -> None:
    """A day lasts until the middle of the sleep after it, whatever the calendar shows."""
    for zone in (UTC, HONOLULU):
        instant = datetime.fromisoformat(f"2026-11-{now}").replace(tzinfo=zone).astimezone(UTC)
        found, start, end = waking_day(Days(wake_at, bed_at), instant, zone)
        assert found == date(2026, 11, day)
        assert (start <= instant < end, end - start) == (True, ONE_DAY)


@pytest.mark.slow
@given(st.sampled_from(ZONES), instants(2000, 2037), WALLS)
@settings(max_examples=200, deadline=None)
def test_the_next_wake_comes_soon_and_after_now(name: str, now: datetime, wall: time) -> None:
    """The next wake is after now and soon, and the clock shows it then or has jumped past it."""
    zone = ZoneInfo(name)
    assume(wall != time(22))
    found = next_wake(Days(wall, time(22)), now, zone)
    assert now < found <= now + timedelta(hours=49)
    assert found == first_shown(wall_clock(found, zone).date(), wall, zone) or wall_clock(found, zone).time() > wall


def test_a_group_of_days_has_times_of_its_own_and_a_single_day_goes_first() -> None:
    """Saturday has a waking time of its own and the weekend's bedtime, and Friday is a weekday."""
    on: dict[DayName, OneDay] = {
        "weekend": OneDay(time(9), time(0, 30)),
        "weekdays": OneDay(bedtime=time(22)),
        "sat": OneDay(wake=time(10)),
    }
    days, friday = Days(time(7), time(23), on), date(2026, 11, 20)
    found = [(days.wake_on(day), days.bedtime_on(day)) for day in (friday + n * ONE_DAY for n in range(3))]
    assert found == [(time(7), time(22)), (time(10), time(0, 30)), (time(9), time(0, 30))]


@pytest.mark.parametrize(
    ("on", "name"),
    [({}, "Mon"), ({"weekend": OneDay(time(9), time(9))}, "Sat"), ({"tue": OneDay(wake=time(23))}, "Tue")],
)
def test_a_day_without_a_night_is_refused(on: dict[DayName, OneDay], name: str) -> None:
    """Bedtime and waking must differ on each day."""
    with pytest.raises(ValueError, match=rf"wake and bedtime are both .* on {name}"):
        Days(time(23) if not on else time(7), time(23), on)


def test_the_next_wake_heeds_the_weekday() -> None:
    """On Friday evening, the next waking is Saturday's."""
    days = Days(time(7), time(22, 30), {"sat": OneDay(wake=time(9))})
    assert next_wake(days, datetime(2026, 11, 20, 21, tzinfo=UTC), UTC) == datetime(2026, 11, 21, 9, tzinfo=UTC)
    assert next_wake(days, datetime(2026, 11, 21, 9, tzinfo=UTC), UTC) == datetime(2026, 11, 22, 7, tzinfo=UTC)


def test_the_next_wake_is_that_of_the_zone() -> None:
    """At nine in the evening in New York, where it is tomorrow by UTC already, tonight's waking is still to come."""
    now = datetime(2026, 11, 22, 21, tzinfo=NEW_YORK)
    assert next_wake(Days(time(22), time(14)), now, NEW_YORK) == datetime(2026, 11, 22, 22, tzinfo=NEW_YORK)


def test_a_wake_that_came_before_its_date_does_not_come_again() -> None:
    """In St John's, 00:00 of the 7th came before the clocks went back from 00:01 to 23:01 of the 6th."""
    zone = ZoneInfo("America/St_Johns")
    now = datetime(2010, 11, 6, 23, 30, fold=1, tzinfo=zone).astimezone(UTC)
    assert next_wake(Days(time(0), time(22)), now, zone) == datetime(2010, 11, 8, tzinfo=zone)


def test_a_fixed_offset_is_a_zone_too() -> None:
    """A bedtime can be resolved where only an offset is known."""
    zone = timezone(timedelta(hours=5, minutes=45))
    assert bedtime(USUAL, date(2026, 11, 22), zone) == datetime(2026, 11, 22, 16, 45, tzinfo=UTC)


def test_the_evening_before_a_skipped_date_ends_with_the_jump() -> None:
    """In Samoa, half past midnight after 29 December 2011 is the first instant of the 31st."""
    days = Days(time(7), time(0, 30))
    assert bedtime(days, date(2011, 12, 29), APIA) == datetime(2011, 12, 31, tzinfo=APIA)
