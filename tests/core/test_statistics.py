"""What the diary adds up to."""

from datetime import date, datetime, timedelta

import pytest
from diaries import AT, cramp, drink, quiet, stretch

from remind.core.diary import Entry, night_of
from remind.core.statistics import Tally, first_day, statistics

MONDAY = date(2026, 11, 16)
NOW = AT.replace(hour=21)  # Sunday evening, 22 November


def night(day: int, hour: int = 23) -> datetime:
    """Return an hour of `day` November."""
    return AT.replace(day=day, hour=hour, minute=0)


def this_week(*entries: Entry) -> Tally:
    return statistics(entries, NOW, 1).weeks[-1].tally


def test_an_empty_diary_has_weeks_of_nothing() -> None:
    """Nothing is missing before the first entry, and there is no baseline."""
    found = statistics([], NOW, 2)
    assert [week.tally.first for week in found.weeks] == [date(2026, 11, 9), MONDAY]
    assert (found.weeks[0].tally.nights, found.baseline, found.since) == (0, None, None)


def test_a_week_is_from_monday_to_sunday() -> None:
    """A week lasts until noon on the Monday after it."""
    assert first_day(NOW, 1) == MONDAY
    assert first_day(NOW + timedelta(hours=14), 1) == MONDAY
    assert first_day(NOW + timedelta(hours=15), 1) == MONDAY + timedelta(days=7)


def test_a_whole_week_has_seven_nights_and_seven_days_of_water() -> None:
    """The Sunday before and the Monday after belong to other weeks."""
    nights = [quiet(date(2026, 11, 1) + timedelta(days=number)) for number in range(22)]
    drinks = [drink(100, at=night(day, 12)) for day in range(1, 23)]
    weeks = statistics([*nights, *drinks], NOW, 3).weeks
    assert [(week.tally.first.day, week.tally.last.day) for week in weeks] == [(2, 8), (9, 15), (16, 22)]
    assert [week.tally.nights for week in weeks] == [7, 7, 7]
    assert [(week.water.days, week.water.amount_ml) for week in weeks] == [(7, 700)] * 3


def test_nights_to_come_are_not_counted() -> None:
    """On Wednesday two nights are over, and tonight counts only if it has an entry."""
    entries = [stretch(at=night(day)) for day in (16, 17)]
    wednesday = NOW.replace(day=18)
    tally = statistics(entries, wednesday, 1).weeks[0].tally
    assert (tally.nights, tally.nights_missing, tally.evenings, tally.evenings_stretched) == (2, 2, 2, 2)
    tally = statistics([*entries, stretch(at=night(18, 20))], wednesday, 1).weeks[0].tally
    assert (tally.nights, tally.evenings, tally.evenings_stretched, tally.stretches) == (2, 3, 3, 3)
    tally = statistics([*entries, quiet(date(2026, 11, 18)), cramp(at=night(19))], wednesday, 1).weeks[0].tally
    assert (tally.nights, tally.nights_recorded, tally.cramps) == (3, 1, 0)


def test_what_is_written_before_the_first_night_of_a_week_is_of_no_week() -> None:
    """A diary that begins on Wednesday misses neither Monday nor Tuesday."""
    tally = this_week(quiet(date(2026, 11, 18)))
    assert (tally.nights, tally.evenings) == (4, 4)


def test_nights_are_counted_apart_from_cramps() -> None:
    """Two cramps in one night, before and after midnight, are one night with a cramp."""
    tally = this_week(cramp(at=night(17)), cramp(at=night(18, 3)), quiet(date(2026, 11, 18)))
    assert (tally.cramp_nights, tally.cramps, tally.nights_recorded) == (1, 2, 2)


def test_a_missing_night_is_never_a_quiet_one() -> None:
    """From the first entry to yesterday, nights without an entry count as missing."""
    tally = this_week(quiet(date(2026, 11, 18)), cramp(at=night(20)))
    assert (tally.nights, tally.nights_recorded, tally.nights_missing) == (4, 2, 2)


def test_tonight_is_not_missing_yet() -> None:
    """Tonight counts once it has an entry."""
    assert this_week(quiet(date(2026, 11, 21))).nights == 1
    assert this_week(quiet(date(2026, 11, 21)), cramp(at=night(22, 20))).nights == 2


def test_the_last_weeks_end_with_tonight_if_it_has_an_entry() -> None:
    """Without one they end with last night, even if that is the only one."""
    last_night = quiet(date(2026, 11, 21))
    for entries, day in (([last_night], 21), ([last_night, cramp(at=night(22, 20))], 22)):
        found = statistics(entries, NOW, 1)
        assert found.recent is not None
        assert found.whole is not None
        assert (found.recent.last.day, found.whole.first.day, found.whole.last.day) == (day, 21, day)


def test_a_cramp_in_a_night_said_to_be_quiet_counts() -> None:
    """The night is one with a cramp."""
    tally = this_week(quiet(date(2026, 11, 20)), cramp(at=night(20)))
    assert (tally.cramp_nights, tally.nights_recorded) == (1, 1 + 0)


def test_severity_is_the_mean_of_what_was_said() -> None:
    """A cramp without a severity does not count as zero."""
    tally = this_week(cramp(at=night(20), severity=4), cramp(at=night(20), severity=7), cramp(at=night(20)))
    assert tally.mean_severity == 5.5
    assert this_week(cramp(at=night(20))).mean_severity is None


def test_the_minutes_are_how_long_the_cramps_lasted() -> None:
    """Minutes are added up whether or not the cramp woke the person."""
    cramps = [cramp(at=night(20), minutes=minutes, woke=woke) for minutes, woke in ((5, True), (3, None), (9, False))]
    assert this_week(*cramps, cramp(at=night(20))).minutes == 17


def test_adherence_is_the_share_of_evenings_with_a_whole_session() -> None:
    """Two sessions on one evening count once, incomplete ones do not, and tonight's counts at once."""
    tally = this_week(
        stretch(at=night(19, 18)),
        stretch(at=night(19)),
        stretch(at=night(20), complete=False),
        stretch(at=night(22, 20)),
    )
    assert (tally.stretches, tally.evenings_stretched, tally.evenings, tally.adherence) == (3, 2, 4, 0.5)


def test_shares_and_means_are_rounded() -> None:
    """Shares are rounded to hundredths and means to tenths."""
    tally = this_week(stretch(at=night(19)), *(cramp(at=night(20), severity=severity) for severity in (4, 4, 5)))
    assert (tally.adherence, tally.mean_severity) == (0.33, 4.3)


def test_water_is_counted_by_the_day_it_was_drunk_on() -> None:
    """The offset of the drink decides its day, and days without an entry are not counted."""
    week = statistics([drink(300, at=night(18)), drink(200, at=night(18)), drink(at=night(15))], NOW, 1).weeks[0]
    assert (week.water.amount_ml, week.water.days) == (500, 1)


def test_the_first_two_weeks_stand_beside_all_since() -> None:
    """The baseline and the time since have counts, without any judgement."""
    first = AT - timedelta(days=30)
    found = statistics([cramp(at=first), cramp(at=first + timedelta(days=14)), stretch(at=AT)], NOW, 1)
    assert found.baseline is not None
    assert found.since is not None
    assert (found.baseline.nights, found.baseline.cramps, found.baseline.stretches) == (14, 1, 0)
    assert (found.since.nights, found.since.cramps, found.since.stretches) == (17, 1, 1)
    assert found.since.nights_missing == 16


@pytest.mark.parametrize(("nights", "baseline", "since"), [(13, 1, 0), (14, 0, 1)])
def test_the_fifteenth_night_is_the_first_since(nights: int, baseline: int, since: int) -> None:
    """The fourteenth is the last of the baseline."""
    first = AT - timedelta(days=30)
    found = statistics([quiet(night_of(first)), cramp(at=first + timedelta(days=nights))], NOW, 1)
    assert (found.baseline and found.baseline.cramps, found.since and found.since.cramps) == (baseline, since)
    assert found.baseline is not None
    assert found.since is not None
    assert found.since.first - found.baseline.first == timedelta(days=14)
    assert found.since.first - found.baseline.last == timedelta(days=1)
    assert found.since.last == night_of(NOW)


@pytest.mark.parametrize(("nights", "compared"), [(13, False), (14, True)])
def test_all_since_begins_on_the_evening_after_the_two_weeks(nights: int, compared: bool) -> None:
    """The time since begins with tonight, of which nothing counts yet."""
    since = statistics([quiet(night_of(NOW) - timedelta(days=nights))], NOW, 1).since
    assert (since is not None) == compared
    assert since is None or (since.nights, since.evenings, since.adherence) == (0, 0, None)


def test_within_the_first_two_weeks_there_is_nothing_to_compare() -> None:
    """There is only a baseline."""
    assert statistics([cramp()], NOW, 1).since is None
