"""Instants as columns of the database."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remind.store.timestamps import from_columns, to_columns

offsets = st.integers(-23 * 60, 23 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
instants = st.datetimes(datetime(1970, 1, 2), datetime(9999, 12, 30), timezones=offsets)  # noqa: DTZ001


@given(instants)
def test_an_instant_comes_back_with_its_offset(at: datetime) -> None:
    """Microseconds and offset are kept."""
    back = from_columns(*to_columns(at))
    assert (back, back.utcoffset()) == (at, at.utcoffset())


@given(instants, instants)
def test_the_order_of_the_text_is_the_order_of_time(one: datetime, other: datetime) -> None:
    """An index over the text can find ranges of time."""
    assert (to_columns(one)[0] < to_columns(other)[0]) == (one < other)


def test_the_text_is_of_fixed_width_in_utc() -> None:
    """Berlin's offset is in the second column, in seconds."""
    at = datetime(2026, 11, 22, 22, 0, tzinfo=ZoneInfo("Europe/Berlin"))
    assert to_columns(at) == ("2026-11-22T21:00:00.000000Z", 3600)


def test_an_offset_of_odd_seconds_is_kept_to_the_minute() -> None:
    """ISO 8601 has no seconds in offsets; the instant stays exact."""
    at = datetime(1900, 1, 1, 12, 0, tzinfo=timezone(timedelta(seconds=3208)))
    text, offset = to_columns(at)
    assert (from_columns(text, offset), offset) == (at, 3180)


def test_an_instant_without_an_offset_is_a_programming_error() -> None:
    """A naive datetime never reaches the disk."""
    with pytest.raises(ValueError, match="no offset"):
        to_columns(datetime.now(UTC).replace(tzinfo=None))
