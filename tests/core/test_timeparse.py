"""Times as people say them and as this program prints them."""

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remind.core.diary import QuietNight, night_begin
from remind.core.entries import describe
from remind.core.timeparse import (
    at_time,
    day_and_time,
    parse_answered_time,
    parse_coming,
    parse_day,
    parse_day_or_instant,
    parse_instant,
    parse_night,
    parse_time_of_day,
)

BERLIN = ZoneInfo("Europe/Berlin")
HAVANA = ZoneInfo("America/Havana")
SUNDAY_MORNING = datetime(2026, 11, 22, 8, 0, tzinfo=BERLIN)
AFTERNOON = datetime(2026, 11, 22, 14, 0, tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("now", "2026-11-22T08:00:00+01:00"),
        ("03:10", "2026-11-22T03:10:00+01:00"),
        (" 3:10  AM ", "2026-11-22T03:10:00+01:00"),
        ("3am", "2026-11-22T03:00:00+01:00"),
        ("12am", "2026-11-22T00:00:00+01:00"),
        ("midnight", "2026-11-22T00:00:00+01:00"),
        ("23:00", "2026-11-21T23:00:00+01:00"),
        ("11pm", "2026-11-21T23:00:00+01:00"),
        ("last night 23:30", "2026-11-21T23:30:00+01:00"),
        ("last night 02:00", "2026-11-22T02:00:00+01:00"),
        ("yesterday 23:00", "2026-11-21T23:00:00+01:00"),
        ("23:00 yesterday", "2026-11-21T23:00:00+01:00"),
        ("yesterday noon", "2026-11-21T12:00:00+01:00"),
        ("4.10", "2026-11-22T04:10:00+01:00"),
        ("0410", "2026-11-22T04:10:00+01:00"),
        ("2230", "2026-11-21T22:30:00+01:00"),
        ("22.30", "2026-11-21T22:30:00+01:00"),
        ("10:30 p.m.", "2026-11-21T22:30:00+01:00"),
        ("this morning 4:10", "2026-11-22T04:10:00+01:00"),
        ("at 4:10 in the morning", "2026-11-22T04:10:00+01:00"),
        ("last night 11:30", "2026-11-21T23:30:00+01:00"),
        ("last night at 12:30", "2026-11-22T00:30:00+01:00"),
        ("last night midnight", "2026-11-22T00:00:00+01:00"),
        ("11:30 at night", "2026-11-21T23:30:00+01:00"),
        ("yesterday evening 8:15", "2026-11-21T20:15:00+01:00"),
        ("4:10 yesterday afternoon", "2026-11-21T16:10:00+01:00"),
        ("an hour ago", "2026-11-22T07:00:00+01:00"),
        ("half an hour ago", "2026-11-22T07:30:00+01:00"),
        ("two weeks ago", "2026-11-08T08:00:00+01:00"),
        ("Fri 20 Nov 03:00", "2026-11-20T03:00:00+01:00"),
        ("Thu 20 Nov 2025 03:00", "2025-11-20T03:00:00+01:00"),
        ("20 November 10 pm", "2026-11-20T22:00:00+01:00"),
        ("3:15 am on Nov 20, 2026", "2026-11-20T03:15:00+01:00"),
        ("sun 22:00", "2026-11-15T22:00:00+01:00"),
        ("thurs night 1:00", "2026-11-20T01:00:00+01:00"),
        ("31 dec 23:00", "2025-12-31T23:00:00+01:00"),
        ("mon 22:00", "2026-11-16T22:00:00+01:00"),
        ("9:15 pm Monday", "2026-11-16T21:15:00+01:00"),
        ("sunday 07:30", "2026-11-22T07:30:00+01:00"),
        ("15 min ago", "2026-11-22T07:45:00+01:00"),
        ("1h30 ago", "2026-11-22T06:30:00+01:00"),
        ("2026-11-20T03:10", "2026-11-20T03:10:00+01:00"),
        ("2026-11-20 03:10", "2026-11-20T03:10:00+01:00"),
        ("2026-07-20 03:10", "2026-07-20T03:10:00+02:00"),
        ("2026-11-20 03:10+05:30", "2026-11-20T03:10:00+05:30"),
        ("2026-11-20t03:10z", "2026-11-20T03:10:00+00:00"),
        ("yesterday 00:00", "2026-11-21T00:00:00+01:00"),
        ("midnight yesterday night", "2026-11-22T00:00:00+01:00"),
        ("22h30", "2026-11-21T22:30:00+01:00"),
        ("03:10:20", "2026-11-22T03:10:20+01:00"),
        ("12:30 pm yesterday", "2026-11-21T12:30:00+01:00"),
        ("12:00", "2026-11-21T12:00:00+01:00"),
        ("08:00", "2026-11-22T08:00:00+01:00"),
        ("on fri 3:00", "2026-11-20T03:00:00+01:00"),
        ("1970-01-01 12:00", "1970-01-01T12:00:00+01:00"),
        ("29 feb 2024 10:00", "2024-02-29T10:00:00+01:00"),
        ("1:30 am", "2026-11-22T01:30:00+01:00"),
        ("12:30 this morning", "2026-11-22T00:30:00+01:00"),
        ("yesterday evening 5:00", "2026-11-21T17:00:00+01:00"),
        ("2026-11-22T08:00+01:00", "2026-11-22T08:00:00+01:00"),
    ],
)
def test_a_time_is_read_as_it_is_meant_in_the_morning(text: str, expected: str) -> None:
    """In the morning, small hours are of the night just past, and evening times are yesterday's."""
    found = parse_instant(text, SUNDAY_MORNING, BERLIN)
    assert (found, found.isoformat()) == (datetime.fromisoformat(expected), expected)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "understand"), ("3", "understand"), ("soon", "understand"), ("-5", "understand"), ("1 ago", "understand"),
        ("last week 22:00", "understand"), ("03:10 03:10", "understand"), ("99999-01-01 00:00", "understand"),
        ("25:00", "understand"), ("03:60", "understand"), ("13pm", "understand"), ("0am", "understand"),
        ("2026-02-30 10:00", "understand"), ("30 feb 10:00", "understand"), ("fri 22", "understand"),
        ("Sat 20 Nov 2026 03:00", "20 Nov 2026 is a Friday"), ("Mon 20 Nov 03:00", "20 Nov 2026 is a Friday"),
        ("1969-12-31 12:00", "before 1970"), ("tonight 0:30", r"to come\.$"), ("12:60 pm", "understand"),
        ("20 Nov midnight", "start or the end of that day"), ("1:30 this afternoon", r"to come\.$"),
        ("09:00", "still to come. Did you mean yesterday"), ("today 9:00", r"to come\.$"),
        ("2026-11-22 08:01", "to come"),
        ("Fri 27 Nov 22:00", "to come"), ("tomorrow 7:00", "to come"), ("2099-01-01 00:00", "to come"),
        ("9999-12-31 23:59", "to come"), ("9999-12-31T23:59-12:00", "to come"), ("2026-11-22T08:00+00:00", "to come"),
        ("0001-01-01 00:00", "before 1970"), ("0001-01-01 00:00+14:00", "before 1970"),
        ("2026-11-20", "has no time of day. Add it"), ("last night", "has no time of day. Add it"),
        ("20 Nov 2025", "has no time of day. Add it"),
        ("yesterday midnight", "start or the end of that day"), ("22:00 this morning", "22:00 is not in the morning"),
        ("last night 07:00", "07:00 is not in the night"), ("9 am last night", "09:00 is not in the night"),
        ("13:15 this morning", "13:15 is not in the morning"),
        ("yesterday morning noon", "12:00 is not in the morning"),
        ("mo 22:00", "understand"), ("Wed 20 Nov 03:00", "20 Nov 2026 is a Friday"),
        ("2026-03-29 02:30", "did not exist"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused_in_words(text: str, words: str) -> None:
    """Each message says what is wrong, and nothing is guessed."""
    with pytest.raises(ValueError, match=words):
        parse_instant(text, SUNDAY_MORNING, BERLIN)


@pytest.mark.parametrize("now", [AFTERNOON, AFTERNOON.replace(hour=12)], ids=["14:00", "12:00"])
def test_a_time_to_come_is_refused_in_the_afternoon(now: datetime) -> None:
    """In the afternoon, "15:00" is probably a slip, while "03:10" still means last night."""
    with pytest.raises(ValueError, match="still to come"):
        parse_instant("15:00", now, BERLIN)
    assert parse_instant("03:10", now, BERLIN) == datetime(2026, 11, 22, 3, 10, tzinfo=BERLIN)


def test_today_is_that_of_the_zone() -> None:
    """On Saturday evening in Havana it is Sunday by UTC, but days are counted from Saturday."""
    now = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
    assert parse_instant("03:10", now, HAVANA).isoformat() == "2026-11-21T03:10:00-05:00"
    assert parse_coming("today 22:00", now, HAVANA) == datetime(2026, 11, 21, 22, tzinfo=HAVANA)
    assert parse_day("today", now, HAVANA) == date(2026, 11, 21)
    assert [parse_night(text, now, HAVANA).day for text in ("yesterday", "sunday")] == [20, 15]
    assert day_and_time(datetime(2026, 11, 21, 19, tzinfo=HAVANA), HAVANA, now) == "19:00"


def test_utc_is_a_zone_too() -> None:
    """Its offset is zero."""
    assert parse_instant("now", SUNDAY_MORNING, UTC).isoformat() == "2026-11-22T07:00:00+00:00"


def test_an_hour_that_came_twice_is_asked_back_with_both_readings() -> None:
    """Each of the two readings that are offered is accepted."""
    with pytest.raises(ValueError, match="came twice") as caught:
        parse_instant("2026-10-25 02:30", SUNDAY_MORNING, BERLIN)
    for offered in ("2026-10-25T02:30+02:00", "2026-10-25T02:30+01:00"):
        assert offered in str(caught.value)
        assert parse_instant(offered, SUNDAY_MORNING, BERLIN) == datetime.fromisoformat(offered)


def test_between_the_two_only_the_first_can_be_meant() -> None:
    """Between the two, the second 02:30 is still to come."""
    between = datetime(2026, 10, 25, 0, 45, tzinfo=UTC)
    assert parse_instant("02:30", between, BERLIN).isoformat() == "2026-10-25T02:30:00+02:00"
    with pytest.raises(ValueError, match="came twice"):
        parse_instant("02:30", datetime(2026, 10, 25, 1, 30, tzinfo=UTC), BERLIN)


@pytest.mark.parametrize(
    ("text", "night"),
    [
        ("last night", date(2026, 11, 21)), ("Yesterday", date(2026, 11, 21)), ("2026-11-20", date(2026, 11, 20)),
        ("sat", date(2026, 11, 21)), ("friday", date(2026, 11, 20)), ("sunday", date(2026, 11, 15)),
        ("Fri 20 Nov", date(2026, 11, 20)), ("monday night", date(2026, 11, 16)),
    ],
)  # fmt: skip
def test_a_night_is_named_after_its_evening(text: str, night: date) -> None:
    """A weekday means the last such night that is over."""
    assert parse_night(text, SUNDAY_MORNING, BERLIN) == night


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2026-11-22", "not over"),
        ("2099-01-01", "still to come, by more than a year"),
        ("soon", "not a night"),
        ("", "not a night"),
        ("0001-01-01", "before"),
    ],
)
def test_a_night_that_is_not_over_or_none_is_refused(text: str, words: str) -> None:
    """Only a night that is over can be known to be quiet."""
    with pytest.raises(ValueError, match=words):
        parse_night(text, SUNDAY_MORNING, BERLIN)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("today", date(2026, 11, 22)), ("Yesterday", date(2026, 11, 21)), ("tomorrow", date(2026, 11, 23)),
        ("on sunday", date(2026, 11, 22)), ("monday", date(2026, 11, 16)), ("20 Nov", date(2026, 11, 20)),
        ("31 Dec", date(2025, 12, 31)), ("2027-01-31", date(2027, 1, 31)),
    ],
)  # fmt: skip
def test_a_day_is_the_last_one_up_to_today_or_else_to_come(text: str, day: date) -> None:
    """Today counts as the last one, and only words for the future mean a day to come."""
    assert parse_day(text, SUNDAY_MORNING, BERLIN) == day


@pytest.mark.parametrize("text", ["", "soon", "03:10", "last night", "monday 03:10"])
def test_what_is_not_a_day_is_refused(text: str) -> None:
    """A time of day or a part of one is more than a day."""
    with pytest.raises(ValueError, match=rf'^.{text}. is not a day. Try "today", "20 Nov" or "2026-01-31".$'):
        parse_day(text, SUNDAY_MORNING, BERLIN)


@pytest.mark.parametrize(
    ("instant", "words"),
    [
        ("2026-11-22 00:00", "at 00:00"), ("2026-11-22 23:59", "at 23:59"), ("2026-11-23 07:30", "tomorrow at 07:30"),
        ("2026-11-21 23:30", "yesterday at 23:30"), ("2026-11-20 03:00", "on Fri 20 Nov at 03:00"),
        ("2026-11-24 22:00", "on Tue 24 Nov at 22:00"), ("2027-01-01 09:05", "on Fri 1 Jan 2027 at 09:05"),
    ],
)  # fmt: skip
def test_a_time_is_printed_with_its_day_unless_that_is_today(instant: str, words: str) -> None:
    """The year too is printed only if it is another one; a sentence has "on" and "at"."""
    there = datetime.fromisoformat(instant).replace(tzinfo=BERLIN)
    assert at_time(there, BERLIN, SUNDAY_MORNING) == words
    assert day_and_time(there, BERLIN, SUNDAY_MORNING) == re.sub(r"\b(on|at) ", "", words)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-08", "2026-03-08T01:00:00-04:00"),  # 00:00 did not exist in Havana
        ("2026-11-01", "2026-11-01T00:00:00-04:00"),  # 00:00 came twice
        ("monday", "2026-11-16T00:00:00-05:00"),
        ("yesterday", "2026-11-21T00:00:00-05:00"),
        ("last night", "2026-11-21T18:00:00-05:00"),
        ("Fri 20 Nov", "2026-11-20T00:00:00-05:00"),
        ("7 days ago", "2026-11-15T08:00:00-05:00"),
        ("monday 10:00", "2026-11-16T10:00:00-05:00"),
    ],
)
def test_a_day_alone_begins_with_its_first_moment(text: str, expected: str) -> None:
    """A day begins once, even if midnight is skipped or comes twice."""
    now = datetime(2026, 11, 22, 8, 0, tzinfo=HAVANA)
    assert parse_day_or_instant(text, now, HAVANA).isoformat() == expected


def test_the_29th_of_february_is_that_of_a_leap_year_nearby() -> None:
    """Years without it are passed over."""
    now = datetime(2028, 12, 5, 8, tzinfo=BERLIN)
    assert parse_instant("29 feb 03:00", now, BERLIN) == datetime(2028, 2, 29, 3, tzinfo=BERLIN)


def test_a_day_to_come_begins_nothing() -> None:
    """A day in the future is refused."""
    with pytest.raises(ValueError, match="still to come"):
        parse_day_or_instant("2026-12-01", SUNDAY_MORNING, BERLIN)
    midnight = SUNDAY_MORNING.replace(hour=0)
    assert parse_day_or_instant("2026-11-22", midnight, BERLIN) == midnight


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("14:00", "2026-11-22T14:00+01:00"), ("7:00", "2026-11-23T07:00+01:00"), ("2 pm", "2026-11-22T14:00+01:00"),
        ("tomorrow 7 am", "2026-11-23T07:00+01:00"), ("monday 8.30", "2026-11-23T08:30+01:00"),
        ("sunday 7:00", "2026-11-29T07:00+01:00"), ("tonight 11:00", "2026-11-22T23:00+01:00"),
        ("2027-12-31 10:00", "2027-12-31T10:00+01:00"), ("8:01", "2026-11-22T08:01+01:00"),
        ("Fri 27 Nov 07:00", "2026-11-27T07:00+01:00"), ("2026-11-27T07:00:00+01:00", "2026-11-27T07:00+01:00"),
    ],
)  # fmt: skip
def test_a_time_to_come_is_the_next_one(text: str, expected: str) -> None:
    """Words for a time mean the next such time in the future."""
    found = parse_coming(text, SUNDAY_MORNING, BERLIN)
    assert found == datetime.fromisoformat(expected)
    assert found.tzinfo is UTC


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("yesterday 7:00", "in the past"),
        ("2026-11-22 07:00", "in the past"),
        ("today 8:00", "in the past"),
        ("2026-11-22T08:00:00+01:00", "in the past"),
        ("2028-01-01 10:00", "more than a year"),
        ("soon", "understand"),
        ("7", "understand"),
    ],
)
def test_a_time_that_does_not_come_is_refused(text: str, words: str) -> None:
    """Past times and other words are refused."""
    with pytest.raises(ValueError, match=words):
        parse_coming(text, SUNDAY_MORNING, BERLIN)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("22:30", time(22, 30)), (" 7:05 ", time(7, 5)), ("22.30", time(22, 30)), ("2230", time(22, 30)),
        ("930", time(9, 30)), ("10:30 pm", time(22, 30)), ("10:30PM", time(22, 30)), ("7 a.m.", time(7)),
        ("12 am", time(0)), ("12:15 pm", time(12, 15)), ("noon", time(12)), ("midnight", time(0)),
        ("06:15:59", time(6, 15)),
    ],
)  # fmt: skip
def test_a_time_of_day_is_read_as_people_write_it(text: str, expected: time) -> None:
    """Both clocks and any separator are accepted, and seconds are dropped."""
    assert parse_time_of_day(text) == expected


@pytest.mark.parametrize("text", ["24:00", "12:60", "7:5", "12", "", "-1:30", "13:00 pm", "0 am", "½:00", "half ten"])
def test_what_is_not_a_time_of_day_is_refused(text: str) -> None:
    """An hour alone could be in the morning or in the evening."""
    with pytest.raises(ValueError, match=r"is not a time of day. Write it as 22:30 or 10:30 pm."):
        parse_time_of_day(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("7", time(7)), (" 07 ", time(7)), ("6:30", time(6, 30)), ("22", time(22)), ("0", time(0)), ("10 pm", time(22))],
)
def test_somebody_who_is_asked_when_they_get_up_may_answer_with_an_hour(text: str, expected: time) -> None:
    """It is in the morning, unless the number says otherwise."""
    assert parse_answered_time(text, bedtime=False) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("22", time(22)),
        ("0", time(0)),
        ("00:30", time(0, 30)),
        ("01", time(1)),
        ("10:30 pm", time(22, 30)),
        ("8am", time(8)),
    ],
)
def test_a_bedtime_may_be_an_hour_too(text: str, expected: time) -> None:
    """If it can only be meant in one way."""
    assert parse_answered_time(text, bedtime=True) == expected


@pytest.mark.parametrize("text", ["10", "10:30", "12", "11.15", "1:00"])
def test_a_bedtime_that_may_be_morning_or_evening_is_refused(text: str) -> None:
    """At half past ten few people mean the morning, but a reminder then would be of no use to the others."""
    with pytest.raises(ValueError, match=f"'{text}' can be morning or evening. Write {text} am or {text} pm.") as told:
        parse_answered_time(f" {text} ", bedtime=True)
    for proposed in re.findall(rf"{re.escape(text)} [ap]m", str(told.value)):
        parse_answered_time(proposed, bedtime=True)


@pytest.mark.parametrize("text", ["24", "-1", "7:5", "²", "", "half ten"])
def test_an_answer_that_is_no_time_is_refused(text: str) -> None:
    """With how to write one."""
    with pytest.raises(ValueError, match=r"is not a time of day. Write it as 22:30 or 10:30 pm."):
        parse_answered_time(text, bedtime=True)


ZONES = st.sampled_from(
    ["Europe/Berlin", "America/St_Johns", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Apia", "America/Havana"]
)
NOWS = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
WORDS = (
    "yesterday", "today", "tomorrow", "last", "this", "in", "the", "at", "on", "night", "morning", "evening", "mon",
    "thurs", "may", "feb", "29", "30", "2028", "2026-02-29", "2026-11-20", "10", "10:30", "2230", "4.10", "24:00", "pm",
    "am", "noon", "midnight", "ago", "an", "hour", "half", "T03:10", "+05:30", "now",
)  # fmt: skip
TEXTS = st.text(max_size=30) | st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join)
CLOCKS = st.from_regex(r"(yesterday |mon |last night |)\d{1,2}:\d{2}( ?[ap]m|)", fullmatch=True)


@given(TEXTS | CLOCKS, NOWS, ZONES)
def test_whatever_is_typed_is_a_time_of_the_past_or_refused(text: str, now: datetime, name: str) -> None:
    """Any text is refused or gives an instant in the past."""
    with suppress(ValueError):
        found = parse_instant(text, now, ZoneInfo(name))
        assert found <= now
        assert found.utcoffset() is not None


@given(CLOCKS, NOWS, ZONES)
def test_a_time_without_a_date_is_of_the_days_just_past(text: str, now: datetime, name: str) -> None:
    """Times without a date are never older than a week and a day."""
    with suppress(ValueError):
        assert parse_instant(text, now, ZoneInfo(name)) > now - timedelta(days=9)


@given(TEXTS, NOWS, ZONES, st.sampled_from([parse_day_or_instant, parse_coming, parse_night]))
def test_whatever_is_typed_is_read_or_refused(
    text: str, now: datetime, name: str, parse: Callable[[str, datetime, ZoneInfo], date]
) -> None:
    """No text raises anything but a ValueError, which is one printable line."""
    try:
        parse(text, now, ZoneInfo(name))
        parse_time_of_day(text)
    except ValueError as error:
        assert str(error).isprintable()  # noqa: PT017


@given(NOWS, st.timedeltas(timedelta(0), timedelta(days=800)), ZONES)
def test_what_the_program_prints_can_be_typed(now: datetime, ago: timedelta, name: str) -> None:
    """Any printed instant can be typed; only an hour that came twice is refused."""
    zone, instant = ZoneInfo(name), (now - ago).replace(second=0, microsecond=0)
    text = day_and_time(instant, zone, now)
    try:
        assert parse_instant(text, now, zone) == instant
    except ValueError as error:
        assert "came twice" in str(error)  # noqa: PT017


@given(NOWS, st.timedeltas(timedelta(minutes=1), timedelta(days=300)), ZONES)
def test_what_the_program_prints_of_the_future_can_be_typed(now: datetime, ahead: timedelta, name: str) -> None:
    """Any printed future time can be typed; of an hour that comes twice, the first is meant."""
    zone, instant = ZoneInfo(name), (now + ahead).replace(second=0, microsecond=0)
    if instant <= now:
        return
    found = parse_coming(day_and_time(instant, zone, now), now, zone)
    assert day_and_time(found, zone, now) == day_and_time(instant, zone, now)


@given(NOWS, st.integers(1, 800), ZONES)
def test_a_night_that_the_program_prints_can_be_typed(now: datetime, ago: int, name: str) -> None:
    """A night can be typed as the diary prints it."""
    zone = ZoneInfo(name)
    night = now.astimezone(zone).date() - timedelta(days=ago)
    entry = QuietNight(id="a", at=night_begin(night, zone), written_at=now, night=night)
    assert parse_night(describe(entry, now).partition("  ")[0], now, zone) == night
