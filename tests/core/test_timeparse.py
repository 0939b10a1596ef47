"""Times as people say them."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remind.core.timeparse import parse_day_or_instant, parse_instant, parse_night

BERLIN = ZoneInfo("Europe/Berlin")
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
    ],
)
def test_a_time_is_read_as_it_is_meant_in_the_morning(text: str, expected: str) -> None:
    """The small hours are of the night just past, the evening is that of the day before."""
    found = parse_instant(text, SUNDAY_MORNING, BERLIN)
    assert (found, found.isoformat()) == (datetime.fromisoformat(expected), expected)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no time"), ("3", "no time"), ("soon", "no time"), ("-5", "no time"), ("1 ago", "no time"),
        ("last week 22:00", "no time"), ("03:10 03:10", "no time"), ("99999-01-01 00:00", "no time"),
        ("25:00", "no time of day"), ("03:60", "no time of day"), ("13pm", "no time of day"), ("0am", "no time of day"),
        ("09:00", "future"), ("today 9:00", "future"), ("2026-11-22 08:01", "future"), ("2099-01-01 00:00", "future"),
        ("9999-12-31 23:59", "future"), ("9999-12-31T23:59-12:00", "future"), ("2026-11-22T08:00+00:00", "future"),
        ("0001-01-01 00:00", "before 1970"), ("0001-01-01 00:00+14:00", "before 1970"),
        ("2026-11-20", "say the time too"),
        ("2026-03-29 02:30", "did not exist"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused_in_words(text: str, words: str) -> None:
    """Never guessed."""
    with pytest.raises(ValueError, match=words):
        parse_instant(text, SUNDAY_MORNING, BERLIN)


def test_a_time_to_come_is_refused_in_the_afternoon() -> None:
    """At two, "15:00" is more likely a slip than yesterday's; "03:10" is still this night's."""
    with pytest.raises(ValueError, match="future"):
        parse_instant("15:00", AFTERNOON, BERLIN)
    assert parse_instant("03:10", AFTERNOON, BERLIN) == datetime(2026, 11, 22, 3, 10, tzinfo=BERLIN)


def test_an_hour_that_came_twice_is_asked_back_with_both_readings() -> None:
    """Either reading, typed as it is offered, is then taken."""
    with pytest.raises(ValueError, match="came twice") as caught:
        parse_instant("2026-10-25 02:30", SUNDAY_MORNING, BERLIN)
    for offered in ("2026-10-25T02:30+02:00", "2026-10-25T02:30+01:00"):
        assert offered in str(caught.value)
        assert parse_instant(offered, SUNDAY_MORNING, BERLIN) == datetime.fromisoformat(offered)


def test_between_the_two_only_the_first_can_be_meant() -> None:
    """The second 02:30 is still to come then."""
    between = datetime(2026, 10, 25, 0, 45, tzinfo=UTC)
    assert parse_instant("02:30", between, BERLIN).isoformat() == "2026-10-25T02:30:00+02:00"


@pytest.mark.parametrize(
    ("text", "night"),
    [
        ("last night", date(2026, 11, 21)), ("Yesterday", date(2026, 11, 21)), ("2026-11-20", date(2026, 11, 20)),
        ("sat", date(2026, 11, 21)), ("friday", date(2026, 11, 20)), ("sunday", date(2026, 11, 15)),
    ],
)  # fmt: skip
def test_a_night_is_named_after_its_evening(text: str, night: date) -> None:
    """A weekday is the last such night that is over."""
    assert parse_night(text, SUNDAY_MORNING, BERLIN) == night


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2026-11-22", "not over"),
        ("2099-01-01", "not over"),
        ("soon", "no night"),
        ("", "no night"),
        ("0001-01-01", "before"),
    ],
)
def test_a_night_that_is_not_over_or_none_is_refused(text: str, words: str) -> None:
    """A night without a cramp is known in the morning."""
    with pytest.raises(ValueError, match=words):
        parse_night(text, SUNDAY_MORNING, BERLIN)


@given(
    st.text(max_size=30) | st.from_regex(r"(yesterday |mon |last night |)\d{1,2}:\d{2}( ?[ap]m|)", fullmatch=True),
    st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1)),  # noqa: DTZ001
    st.sampled_from(["Europe/Berlin", "America/St_Johns", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Apia"]),
)
def test_whatever_is_typed_is_a_time_of_the_past_or_refused(text: str, wall: datetime, name: str) -> None:
    """No other error, nothing in the future, and nothing older than what can be said without a date."""
    now = wall.replace(tzinfo=UTC)
    try:
        found = parse_instant(text, now, ZoneInfo(name))
    except ValueError:
        return
    assert found <= now
    assert found.utcoffset() is not None
    assert "ago" in text or found > now - timedelta(days=9)


@pytest.mark.parametrize(
    ("text", "zone", "expected"),
    [
        ("2026-11-20", "Europe/Berlin", "2026-11-20T00:00:00+01:00"),
        ("today", "Europe/Berlin", "2026-11-22T00:00:00+01:00"),
        (" Yesterday", "Europe/Berlin", "2026-11-21T00:00:00+01:00"),
        ("yesterday 23:00", "Europe/Berlin", "2026-11-21T23:00:00+01:00"),
        ("2026-03-08", "America/Havana", "2026-03-08T01:00:00-04:00"),
        ("2026-11-01", "America/Havana", "2026-11-01T00:00:00-04:00"),
    ],
)
def test_a_day_alone_is_its_beginning(text: str, zone: str, expected: str) -> None:
    """Also where the clocks skip midnight or show it twice."""
    assert parse_day_or_instant(text, SUNDAY_MORNING, ZoneInfo(zone)) == datetime.fromisoformat(expected)


@pytest.mark.parametrize("text", ["2026-11-23", "9999-12-31", "0001-01-01", "2026-02-30", "soon", ""])
def test_a_day_to_come_or_none_is_refused(text: str) -> None:
    """As an instant is."""
    with pytest.raises(ValueError, match=r"future|before 1970|time"):
        parse_day_or_instant(text, SUNDAY_MORNING, BERLIN)
