"""Which occurrences follow from the rules."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rules import BERLIN, STRETCH_ONLY, WATER_ONLY, at, calendar
from slow_clock import ZONES, bedtime_of, dates_lived, instants

from remind.core.reminders import STRETCH, WATER, between, on_day, upcoming, water_hours
from remind.core.times import ONE_DAY
from remind.errors import SettingsError

DAY = date(2026, 11, 22)  # a Sunday
MINUTE = timedelta(minutes=1)


def walls(text: str, reminder: str, day: date = DAY) -> list[str]:
    """Return the times in Berlin at which `reminder` is due on `day`."""
    return [f"{one.due.astimezone(BERLIN):%H:%M}" for one in on_day(calendar(text), reminder, day)]


def own(text: str) -> str:
    """Return settings with a reminder `pill` that has the keys of `text`."""
    return f'[reminder.pill]\ntitle = "Pill"\n{text}'


def test_the_stretch_is_due_a_lead_before_bedtime_and_ends_a_while_after() -> None:
    """With the default settings it is due at 22:00, expires at 23:30, and is shown three times, ten minutes apart."""
    (one,) = on_day(calendar(), STRETCH, DAY)
    assert (one.key, one.day, one.due, one.ends) == ("stretch/2026-11-22", DAY, at("22:00"), at("23:30"))
    assert (one.times, one.repeat) == (3, timedelta(minutes=10))


def test_a_minute_is_enough_to_show_the_stretch() -> None:
    """Less is refused."""
    (one,) = on_day(calendar('[stretch]\nlead = "0 s"\nuntil = "1 min"'), STRETCH, DAY)
    assert (one.due, one.ends) == (at("22:30"), at("22:31"))


def test_a_bedtime_before_noon_belongs_to_the_evening_before() -> None:
    """Saturday's bedtime of 00:30 gives an occurrence of Saturday that is due at midnight."""
    (one,) = on_day(calendar('[day.on.sat]\nbedtime = "00:30"'), STRETCH, date(2026, 11, 21))
    assert (one.key, one.due) == ("stretch/2026-11-21", at("2026-11-22 00:00"))


def test_lead_and_until_are_real_durations_from_the_bedtime() -> None:
    """On the night the clocks go forward over bedtime, thirty minutes before 03:00 summer time is 01:30 winter time."""
    (one,) = on_day(calendar('[day]\nbedtime = "02:30"'), STRETCH, date(2026, 3, 28))
    assert one.due == datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
    assert one.ends == datetime(2026, 3, 29, 2, tzinfo=UTC)


@pytest.mark.slow
@given(st.sampled_from(["22:30", "00:30", "02:30"]), st.integers(2000, 2037), st.sampled_from(ZONES))
@example("00:30", 2011, "Pacific/Apia")
@example("22:30", 2011, "Pacific/Fakaofo")
@settings(max_examples=15, deadline=None)
def test_each_evening_of_a_year_has_one_stretch_and_in_order(bed: str, year: int, name: str) -> None:
    """In any zone, each date of the calendar has one occurrence, at the instant that the slow clock finds."""
    zone = ZoneInfo(name)
    rules = calendar(f'[day]\nbedtime = "{bed}"', zone)
    year_start = datetime(year, 1, 1, tzinfo=UTC)
    found = list(between(rules, STRETCH, year_start, year_start + 365 * ONE_DAY))
    assert [one.due for one in found] == sorted(one.due for one in found)
    lived = dates_lived(date(year, 1, 3), date(year, 12, 25), zone)
    assert [one.day for one in found if one.day in set(lived)] == lived
    for one in found[::37]:
        assert one.due == bedtime_of(one.day, time.fromisoformat(bed), zone) - timedelta(minutes=30)


def test_without_a_target_water_comes_every_so_often_within_its_hours() -> None:
    """Reminders come every two hours, from half an hour after waking until two hours before bed."""
    assert walls("", WATER) == ["07:30", "09:30", "11:30", "13:30", "15:30", "17:30", "19:30"]


def test_with_a_target_water_comes_once_for_each_glass_evenly() -> None:
    """Two litres in glasses of 250 ml are eight reminders, an equal time apart and before the end."""
    text = '[water]\ntarget = "2 L"\nglass = "250 ml"'
    assert walls(text, WATER) == ["07:30", "09:07", "10:45", "12:22", "14:00", "15:37", "17:15", "18:52"]
    found = on_day(calendar(text), WATER, DAY)
    assert [(one.key, one.reminder, one.day) for one in found[:1]] == [("water/2026-11-22/1", WATER, DAY)]
    assert {one.due.second for one in found} == {0}


@pytest.mark.parametrize(("amount", "glasses"), [("200 ml", 1), ("201 ml", 2), ("1.6 L", 8), ("8 L", 40)])
def test_the_glasses_of_a_target_are_rounded_up(amount: str, glasses: int) -> None:
    """A glass is 200 ml by default, and a remainder is one more glass."""
    assert len(walls(f'[water]\ntarget = "{amount}"', WATER)) == glasses


def test_each_glass_may_be_drunk_until_the_next_one_and_the_last_until_the_end() -> None:
    """The occurrences of a series have numbers from 1 on, and follow each other without a gap."""
    found = on_day(calendar('[water]\nevery = "6 h"'), WATER, DAY)
    assert [one.key for one in found] == ["water/2026-11-22/1", "water/2026-11-22/2", "water/2026-11-22/3"]
    assert [(one.due, one.ends) for one in found] == [
        (at("07:30"), at("13:30")),
        (at("13:30"), at("19:30")),
        (at("19:30"), at("20:30")),
    ]
    assert {(one.reminder, one.day, one.numbered, one.times, one.repeat) for one in found} == {
        (WATER, DAY, True, 1, None)
    }


def test_glasses_of_a_very_short_day_come_a_minute_apart() -> None:
    """Forty glasses do not fit into twenty minutes, so there are twenty."""
    text = '[day]\nwake = "20:00"\nbedtime = "22:50"\n[water]\ntarget = "8 L"'
    assert walls(text, WATER) == [f"20:{minute}" for minute in range(30, 50)]


def test_water_may_begin_late() -> None:
    """Half a day after waking leaves an hour and a half before the evening's end."""
    assert walls('[water]\nafter_wake = "12 h"\nevery = "1 h"', WATER) == ["19:00", "20:00"]


def test_water_ends_when_that_of_the_next_day_begins() -> None:
    """Who goes to bed at eight in the morning after getting up at five drinks by the next day's hours."""
    text = '[day.on.fri]\nbedtime = "08:00"\n[day.on.sat]\nwake = "05:00"'
    assert water_hours(calendar(text), date(2026, 11, 20))[1] == at("2026-11-21 05:30")


def test_a_day_too_short_for_water_has_none() -> None:
    """A day from 20:00 to 22:30 leaves no time outside the last two hours."""
    assert walls('[day]\nwake = "20:00"', WATER) == []


def test_who_sleeps_in_the_afternoon_drinks_by_night() -> None:
    """A day from 20:00 to 13:00 has water reminders from 20:30 to 11:00."""
    found = walls('[day]\nwake = "20:00"\nbedtime = "13:00"', WATER)
    assert (found[0], found[-1], len(found)) == ("20:30", "10:30", 8)


RULES = st.builds(
    '[day]\nwake = "{0[0]:%H:%M}"\nbedtime = "{0[1]:%H:%M}"\n[water]\nevery = "{1} min"\n{2}'.format,
    st.lists(st.times(), min_size=2, max_size=2, unique_by=lambda wall: (wall.hour, wall.minute)),
    st.integers(5, 1440),
    st.sampled_from(["", 'target = "1 L"', 'target = "3 L"\nglass = "100 ml"']),
)


@pytest.mark.slow
@given(RULES, st.sampled_from(ZONES), st.dates(date(2000, 1, 2), date(2037, 12, 30)))
@settings(max_examples=150, deadline=None)
def test_two_waters_never_share_a_moment_and_windows_follow_on_each_other(text: str, name: str, day: date) -> None:
    """Whatever the hours, reminders come in order over several days, and each expires by the time the next is due."""
    rules = calendar(text, ZoneInfo(name))
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    found = list(between(rules, WATER, noon - ONE_DAY, noon + 2 * ONE_DAY))
    for one, following in pairwise(found):
        assert one.due + MINUTE <= one.ends <= following.due
    assert len({one.key for one in found}) == len(found)
    for one in found:
        start, end = water_hours(rules, one.day)
        assert start <= one.due
        assert one.ends <= end


def test_own_times_come_in_order_and_each_once() -> None:
    """Times may be written in any order and twice; the key of each names its time."""
    text = own('at = ["15:00", "9:30", "15:00"]')
    assert walls(text, "pill") == ["09:30", "15:00"]
    assert [one.key for one in on_day(calendar(text), "pill", DAY)] == [
        "pill/2026-11-22/09:30",
        "pill/2026-11-22/15:00",
    ]


def test_an_own_time_may_be_shown_until_it_is_too_late_or_the_next_one_comes() -> None:
    """A reminder expires after `late`, or at the next time of that day if that is sooner."""
    found = on_day(calendar(own('at = ["09:30", "10:00", "10:20"]')), "pill", DAY)
    assert [one.ends for one in found] == [at("10:00"), at("10:20"), at("11:20")]
    (alone, far) = on_day(calendar(own('at = ["09:30", "15:00"]')), "pill", DAY)
    assert (alone.ends, far.ends) == (at("10:30"), at("16:00"))


def test_own_hours_come_every_so_often_before_their_end() -> None:
    """Reminders come every 90 minutes from 09:00, the last one before noon."""
    assert walls(own('every = "90 min"\nfrom = "09:00"\nto = "12:00"'), "pill") == ["09:00", "10:30"]


@pytest.mark.parametrize(("to", "count"), [("11:00", 2), ("11:01", 3)])
def test_the_last_of_own_hours_has_at_least_a_minute(to: str, count: int) -> None:
    """A reminder at the very end would have no time to be shown."""
    found = on_day(calendar(own(f'every = "1 h"\nfrom = "09:00"\nto = "{to}"')), "pill", DAY)
    assert [one.key for one in found] == [f"pill/2026-11-22/{place + 1}" for place in range(count)]
    assert all(one.numbered for one in found)


def test_own_hours_may_cross_midnight() -> None:
    """Hours from 22:00 to 02:00 belong to the day on which they begin."""
    found = list(on_day(calendar(own('every = "2 h"\nfrom = "22:00"\nto = "02:00"')), "pill", DAY))
    assert [one.due for one in found] == [at("22:00"), at("2026-11-23 00:00")]
    assert {one.day for one in found} == {DAY}


def test_own_reminders_keep_to_their_weekdays() -> None:
    """A reminder for Saturday and Sunday is due on these days alone."""
    text = own('at = ["10:00"]\ndays = ["sat", "sun"]')
    found = between(calendar(text), "pill", at("2026-11-16 00:00"), at("2026-11-30 00:00"))
    assert [one.day.day for one in found] == [21, 22, 28, 29]


def test_own_times_that_the_clocks_jump_over_come_once_after_the_jump() -> None:
    """02:15 and 02:45 do not exist on that night, so both are due at 03:00 and the earlier one expires at once."""
    early, late = on_day(calendar(own('at = ["02:15", "02:45"]')), "pill", date(2026, 3, 29))
    assert early.due == early.ends == late.due == datetime(2026, 3, 29, 1, tzinfo=UTC)


def test_a_date_that_the_zone_skips_has_no_reminders() -> None:
    """Samoa had no 30 December 2011, and the evening before lasts until the jump."""
    rules = calendar(own('at = ["10:00"]'), ZoneInfo("Pacific/Apia"))
    for reminder in (STRETCH, WATER, "pill"):
        assert on_day(rules, reminder, date(2011, 12, 30)) == ()
        assert on_day(rules, reminder, date(2011, 12, 31)) != ()


def test_reminders_due_together_are_in_the_order_of_their_keys() -> None:
    """Two lists of what is to come are the same, whatever the order of the settings."""
    text = '[reminder.tea]\ntitle = "Tea"\nat = ["22:00"]\n' + own('at = ["22:00"]')
    found = upcoming(calendar(STRETCH_ONLY + text), at("21:00"), at("23:00"))
    assert [one.reminder for one in found] == ["pill", STRETCH, "tea"]


def test_each_reminder_insists_by_its_own_setting() -> None:
    """One that insists says nothing of the others."""
    rules = calendar(own('at = ["10:00"]\ninsist = true') + "\n[water]\ninsist = true\n[stretch]\ninsist = false")
    assert [rules.insists(name) for name in ("pill", WATER, STRETCH)] == [True, True, False]


def test_an_occurrence_on_the_date_after_its_day_is_found_there() -> None:
    """People who rise at 23:30 drink on the next date."""
    text = '[day]\nwake = "23:30"\nbedtime = "23:00"\n[water]\nafter_wake = "12 h"\nbefore_bed = "2 h"'
    whole = list(between(calendar(text), WATER, at("2026-11-20 00:00"), at("2026-11-26 00:00")))
    for one in whole:
        assert list(between(calendar(text), WATER, one.due, one.due + MINUTE)) == [one]


def test_an_occurrence_before_the_clocks_go_back_to_the_day_before_is_found() -> None:
    """In St John's, midnight of the 7th came before the clocks went back from 00:01 to 23:01 of the 6th."""
    text = '[day]\nwake = "00:00"\nbedtime = "16:00"\n[water]\nafter_wake = "0 s"'
    rules = calendar(text, ZoneInfo("America/St_Johns"))
    midnight = datetime(2010, 11, 7, tzinfo=rules.zone).astimezone(UTC)
    assert [one.due for one in between(rules, WATER, midnight, midnight + 2 * MINUTE)] == [midnight]


def test_a_reminder_that_is_switched_off_is_none_of_the_coming() -> None:
    """Only reminders that are switched on are listed, by time."""
    coming = upcoming(calendar(own('at = ["22:00"]')), at("12:00"), at("2026-11-23 00:00"))
    assert [one.reminder for one in coming] == [WATER, WATER, WATER, WATER, "pill", STRETCH]
    assert [one.due for one in coming] == sorted(one.due for one in coming)
    assert calendar(STRETCH_ONLY).reminders == (STRETCH,)
    assert calendar(WATER_ONLY).reminders == (WATER,)
    assert "move" not in calendar().reminders


def test_a_span_takes_its_start_and_leaves_its_end() -> None:
    """Adjoining spans have each occurrence exactly once."""
    start, middle, end = at("22:00"), at("2026-11-23 22:00"), at("2026-11-24 22:00")
    rules = calendar()
    assert upcoming(rules, start, middle) + upcoming(rules, middle, end) == upcoming(rules, start, end)
    assert [one.key for one in between(rules, STRETCH, start, middle)] == ["stretch/2026-11-22"]


@pytest.mark.slow
@given(
    instants(2025, 2027),
    st.lists(st.integers(1, 200), min_size=1, max_size=6),
    st.sampled_from(["Europe/Berlin", "Pacific/Apia", "America/Havana", "Africa/Casablanca", "Antarctica/Troll"]),
)
@settings(max_examples=60, deadline=None)
def test_however_a_span_is_cut_nothing_is_lost_or_doubled(start: datetime, hours: list[int], name: str) -> None:
    """The parts of a span have the same occurrences as the whole."""
    rules = calendar(own('every = "3 h"\nfrom = "20:00"\nto = "05:00"'), ZoneInfo(name))
    cuts = [start]
    for length in hours:
        cuts.append(cuts[-1] + timedelta(hours=length))
    parts = [one for a, b in pairwise(cuts) for one in upcoming(rules, a, b)]
    assert parts == upcoming(rules, cuts[0], cuts[-1])


FAULTY = {
    "[stretch]\nlead = '0 s'\nuntil = '0 s'": "stretch: lead and until leave no time to show the reminder",
    "[stretch]\nlead = '9 h'": "stretch.lead: '9 h' is not between 0 s and 8 h",
    "[stretch]\nrepeat = '5 s'": "stretch.repeat: '5 s' is not between 1 min and 4 h",
    "[stretch]\ntimes = 21": "stretch.times: 21 is not between 1 and 20",
    "[water]\nevery = '1 min'": "water.every: '1 min' is not between 5 min and 1 d",
    "[water]\nbefore_bed = '1 h'": "water.before_bed: '1 h' is not between 2 h and 12 h",
    "[water]\ntarget = '10 L'": "water: a day's target is 50 glasses of 200 ml, more than 40",
    own(""): 'reminder.pill: needs either at = ["10:00"], or every = "2 h" with from and to',
    own("at = []"): 'reminder.pill: needs either at = ["10:00"]',
    own('at = ["10:00"]\nevery = "1 h"'): "reminder.pill: needs either at",
    own('every = "1 h"'): "reminder.pill: every also needs from",
    own('every = "1 h"\nfrom = "09:00"'): "reminder.pill: every also needs from",
    own('every = "1 h"\nfrom = "09:00"\nto = "09:00"'): "from and to are the same time",
    own('every = "0 s"\nfrom = "09:00"\nto = "17:00"'): "reminder.pill.every: '0 s' is not between 5 min and 1 d",
    own('at = ["10:00"]\nfrom = "09:00"'): "from and to go with every",
    own('at = ["10:00"]\ndays = []'): "days is empty. Name a day",
    own('at = ["10:00"]\ndays = ["sunday"]'): "reminder.pill.days 1: 'sunday' is not one of 'mon'",
    own('at = ["25:00"]'): "reminder.pill.at 1: '25:00' is not a time of day",
    '[reminder.pill]\nat = ["10:00"]': "reminder.pill.title: is missing",
}


@pytest.mark.parametrize("text", FAULTY)
def test_rules_that_make_no_sense_are_refused_in_words(text: str) -> None:
    """Each message says where, what is there, and what would be right."""
    with pytest.raises(SettingsError) as refused:
        calendar(text)
    (line,) = refused.value.lines
    assert FAULTY[text] in line
