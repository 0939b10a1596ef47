"""Turn wall times, evenings and zones into instants.

Instants are always UTC: Python compares two datetimes of the same zone by their wall clocks, which is wrong in the hour
that comes twice.
"""

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import count
from typing import Literal, get_args

import msgspec

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = get_args(Weekday)
DayName = Literal[Weekday, "weekdays", "weekend"]

_GROUP: dict[Weekday, DayName] = {name: "weekend" if name in ("sat", "sun") else "weekdays" for name in WEEKDAYS}
_NOON = time(12)
_SECOND = timedelta(seconds=1)
ONE_DAY = timedelta(days=1)


class OneDay(msgspec.Struct, frozen=True):
    """The times that differ on a weekday or a group of weekdays; None means the usual time."""

    wake: time | None = None
    bedtime: time | None = None


class Days(msgspec.Struct, frozen=True):
    """When the person gets up and goes to bed, by weekday."""

    wake: time
    bedtime: time
    on: dict[DayName, OneDay] = {}

    def __post_init__(self) -> None:
        for name in WEEKDAYS:
            wake, bedtime = self._usual(name)
            if wake == bedtime:
                raise ValueError(f"wake and bedtime are both {wake:%H:%M} on {name.capitalize()}. Change one of them.")

    def wake_on(self, day: date) -> time:
        """Return the wall time of waking on `day`."""
        return self._usual(weekday(day))[0]

    def bedtime_on(self, evening: date) -> time:
        """Return the wall time of the bedtime that ends `evening`."""
        return self._usual(weekday(evening))[1]

    def _usual(self, name: Weekday) -> tuple[time, time]:
        """Return the times of waking and of bedtime; a single day takes precedence over its group."""
        days = [self.on[key] for key in (name, _GROUP[name]) if key in self.on]
        wake = next((day.wake for day in days if day.wake is not None), self.wake)
        return wake, next((day.bedtime for day in days if day.bedtime is not None), self.bedtime)


def weekday(day: date) -> Weekday:
    """Return the weekday of `day` as the settings name it."""
    return WEEKDAYS[day.weekday()]


def resolve(day: date, wall: time, zone: tzinfo) -> datetime:
    """Return the instant (UTC) at which the clocks of `zone` show `wall` on `day`.

    A wall time that does not exist is taken at the first instant after the gap; one that comes twice, the first time.
    """
    there = datetime.combine(day, wall, zone)
    # Only in a gap does fold=0 come after fold=1 (PEP 495); the jump of the clocks is between the two.
    return change_of_clocks(there.replace(fold=1).astimezone(UTC), there.astimezone(UTC), zone)


def change_of_clocks(before: datetime, after: datetime, zone: tzinfo) -> datetime:
    """Return the first whole second (UTC) between the two from which `zone` has the offset that it has at `after`."""
    offset = after.astimezone(zone).utcoffset()
    while after - before > _SECOND:
        middle = (before + (after - before) / 2).replace(microsecond=0)
        if middle.astimezone(zone).utcoffset() == offset:
            after = middle
        else:
            before = middle
    return after


def exists(day: date, zone: tzinfo) -> bool:
    """Return whether `zone` has the date `day` at all; Samoa went from 29 to 31 December 2011."""
    return resolve(day, time(), zone).astimezone(zone).date() == day


def evening_of(instant: datetime, zone: tzinfo) -> date:
    """Return the evening that `instant` belongs to: each runs from noon to the next noon."""
    local = instant.astimezone(zone)
    return local.date() if local.time() >= _NOON else local.date() - ONE_DAY


def bedtime(days: Days, evening: date, zone: tzinfo) -> datetime:
    """Return the instant (UTC) of the bedtime that ends `evening`; one before noon is on the day after."""
    wall = days.bedtime_on(evening)
    return resolve(evening if wall >= _NOON else evening + ONE_DAY, wall, zone)


def wake(days: Days, day: date, zone: tzinfo) -> datetime:
    """Return the instant (UTC) of waking on `day`."""
    return resolve(day, days.wake_on(day), zone)


def waking_day(days: Days, now: datetime, zone: tzinfo) -> tuple[date, datetime, datetime]:
    """Return the day that `now` belongs to, and its start and end (UTC): the middles of the nights around it."""
    day = now.astimezone(zone).date() - ONE_DAY
    while (end := middle_of_night(days, day + ONE_DAY, zone)) <= now:
        day += ONE_DAY
    return day, middle_of_night(days, day, zone), end


def asleep_before(days: Days, day: date, zone: tzinfo) -> datetime:
    """Return the instant (UTC) of the bedtime before waking on `day`.

    That is the bedtime of the evening before, or of the same day for people who sleep from afternoon to night.
    """
    same_day = _NOON <= days.bedtime_on(day) < days.wake_on(day)
    return bedtime(days, day if same_day else day - ONE_DAY, zone)


def middle_of_night(days: Days, day: date, zone: tzinfo) -> datetime:
    """Return the instant (UTC) halfway between falling asleep and waking on `day`."""
    asleep = asleep_before(days, day, zone)
    return asleep + (wake(days, day, zone) - asleep) / 2


def next_wake(days: Days, now: datetime, zone: tzinfo) -> datetime:
    """Return the first instant (UTC) of waking after `now`."""
    today = now.astimezone(zone).date()
    coming = (today + number * ONE_DAY for number in count())
    return next(at for day in coming if exists(day, zone) and (at := wake(days, day, zone)) > now)
