"""A slow but obvious clock: it finds what wall clocks show by walking through time, without code of the program."""

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

import tzdata
from hypothesis import strategies as st

HOUR, MINUTE, SECOND = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)

_TZDATA = Path(tzdata.__file__).parent / "zoneinfo"
_RULES = {file.read_bytes(): name for name in sorted(available_timezones()) if (file := _TZDATA / name).is_file()}
ZONES = sorted(_RULES.values())
"""Every zone, by one of its names; almost every second name is another one for the same rules."""


def instants(first: int, last: int) -> st.SearchStrategy[datetime]:
    """Return a strategy for any second of the years from `first` to `last`, in UTC."""
    start, end = datetime(first, 1, 1, tzinfo=UTC), datetime(last + 1, 1, 1, tzinfo=UTC)
    return st.integers(0, int((end - start).total_seconds()) - 1).map(lambda s: start + timedelta(seconds=s))


def wall_clock(instant: datetime, zone: tzinfo) -> datetime:
    """Return what a clock in `zone` shows at `instant`, as a naive datetime."""
    return instant.astimezone(zone).replace(tzinfo=None, fold=0)


def first_shown(day: date, wall: time, zone: tzinfo) -> datetime:
    """Return the first instant at which a clock in `zone` shows `wall` on `day`, or has just jumped past it."""
    wanted = datetime.combine(day, wall)
    # No zone is more than 14 hours from UTC, so the clock is still earlier than this.
    instant = wanted.replace(tzinfo=UTC, second=0) - timedelta(hours=18)
    while wall_clock(instant, zone) < wanted - timedelta(hours=3):
        instant += HOUR
    instant -= HOUR
    assert wall_clock(instant, zone) < wanted
    while wall_clock(instant, zone) < wanted - MINUTE:  # a larger step could miss a clock that is set back
        instant += MINUTE
    instant -= MINUTE
    while wall_clock(instant, zone) < wanted:
        instant += SECOND
    return instant


def bedtime_of(evening: date, wall: time, zone: tzinfo) -> datetime:
    """Return the instant of the bedtime that ends `evening`; one before noon is on the next day."""
    day = evening + timedelta(days=1) if wall.hour < 12 else evening
    return first_shown(day, wall, zone)


def dates_lived(start: date, end: date, zone: tzinfo) -> list[date]:
    """Return the dates from `start` until before `end` that `zone` has, found by looking every quarter of an hour."""
    instant = datetime.combine(start, time(), UTC) - timedelta(days=2)
    seen = set()
    while instant < datetime.combine(end, time(), UTC) + timedelta(days=2):
        seen.add(wall_clock(instant, zone).date())
        instant += timedelta(minutes=15)
    return sorted(day for day in seen if start <= day < end)


@cache
def jumps(zone_name: str, year: int) -> tuple[date, ...]:
    """Return the dates (UTC) of `year` on which the clocks of the zone are changed."""
    zone, found = ZoneInfo(zone_name), []
    day = datetime(year, 1, 1, tzinfo=UTC)
    while day.year == year:
        if day.astimezone(zone).utcoffset() != (day + timedelta(days=1)).astimezone(zone).utcoffset():
            found.append(day.date())
        day += timedelta(days=1)
    return tuple(found)
