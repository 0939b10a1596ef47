"""The rules of each reminder, and the occurrences that they give."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from itertools import zip_longest
from typing import Annotated

import msgspec

from remind.core.schema import Millilitres, within
from remind.core.times import (
    ONE_DAY,
    WEEKDAYS,
    Days,
    Weekday,
    asleep_before,
    bedtime,
    exists,
    next_wake,
    resolve,
    wake,
    weekday,
)
from remind.core.units import format_amount

STRETCH = "stretch"
WATER = "water"
NIGHT = "night"

USUAL_GLASS = Millilitres(200)
"""The size of a glass unless the settings say otherwise; 8 of them are the 1.6 L that EFSA 2010 gives for women."""

_MOST_GLASSES = 40
_ZERO, _MINUTE, _HOUR = timedelta(0), timedelta(minutes=1), timedelta(hours=1)


class StretchRule(msgspec.Struct, frozen=True):
    """The calf stretch before bed."""

    enabled: bool
    routine: str
    lead: Annotated[timedelta, within(_ZERO, 8 * _HOUR)]
    repeat: Annotated[timedelta, within(_MINUTE, 4 * _HOUR)]
    times: Annotated[int, within(1, 20)]
    until: Annotated[timedelta, within(_ZERO, 8 * _HOUR)]
    insist: bool

    def __post_init__(self) -> None:
        if self.lead + self.until < _MINUTE:
            raise ValueError("lead and until leave no time to show the reminder. Make one of them a minute or more.")


class WaterRule(msgspec.Struct, frozen=True):
    """Water through the day."""

    enabled: bool
    every: Annotated[timedelta, within(5 * _MINUTE, ONE_DAY)]
    after_wake: Annotated[timedelta, within(_ZERO, 12 * _HOUR)]
    # Drinking late wakes people at night, so the last two hours are never given up.
    before_bed: Annotated[timedelta, within(2 * _HOUR, 12 * _HOUR)]
    insist: bool
    target: Millilitres | None = None
    glass: Millilitres | None = None

    def __post_init__(self) -> None:
        if self.glasses > _MOST_GLASSES:
            glasses = f"{self.glasses} glasses of {format_amount(self.glass_ml)}"
            raise ValueError(f"a day's target is {glasses}, more than {_MOST_GLASSES}. Choose less, or a larger glass.")

    @property
    def glasses(self) -> int:
        """Return how many glasses reach the target, rounded up; 0 without a target."""
        return -(-(self.target or 0) // self.glass_ml)

    @property
    def glass_ml(self) -> Millilitres:
        """Return the size of a glass: the one in the settings, or the usual one."""
        return self.glass or USUAL_GLASS


class NightRule(msgspec.Struct, frozen=True):
    """The question in the morning: how was the night?"""

    enabled: bool
    after_wake: Annotated[timedelta, within(_ZERO, 6 * _HOUR)]
    until: time
    ask_again: bool
    """Whether to ask also after a night in which a cramp was logged at once."""


class OwnRule(msgspec.Struct, frozen=True, rename={"from_": "from"}):
    """A reminder of the person's own: at times of day, or at intervals between two times."""

    title: str
    message: str = ""
    enabled: bool = True
    at: tuple[time, ...] = ()
    every: Annotated[timedelta | None, within(5 * _MINUTE, ONE_DAY)] = None
    from_: time | None = None
    to: time | None = None
    days: tuple[Weekday, ...] = WEEKDAYS
    insist: bool = False

    def __post_init__(self) -> None:
        if bool(self.at) == (self.every is not None):
            raise ValueError('needs either at = ["10:00"], or every = "2 h" with from and to')
        if not self.days:
            raise ValueError("days is empty. Name a day, or leave days out to mean every day.")
        if self.every is not None:
            if self.from_ is None or self.to is None:
                raise ValueError('every also needs from = "09:00" and to = "17:00"')
            if self.from_ == self.to:
                raise ValueError("from and to are the same time, so there is no time between them")
        elif self.from_ or self.to:
            raise ValueError("from and to go with every, not with at")


class Calendar(msgspec.Struct, frozen=True, eq=False):
    """All rules, with the days and the zone that they apply to; a calendar equals only itself."""

    days: Days
    stretch: StretchRule
    water: WaterRule
    night: NightRule
    own: dict[str, OwnRule]
    late: timedelta
    zone: tzinfo

    @property
    def reminders(self) -> tuple[str, ...]:
        """Return the names of the reminders that are switched on."""
        rules = ((STRETCH, self.stretch), (WATER, self.water), (NIGHT, self.night))
        built_in = [name for name, rule in rules if rule.enabled]
        return (*built_in, *(name for name, rule in self.own.items() if rule.enabled))

    def insists(self, reminder: str) -> bool:
        """Return whether to show `reminder` despite do-not-disturb and full-screen windows."""
        rules: dict[str, StretchRule | WaterRule | OwnRule] = {**self.own, STRETCH: self.stretch, WATER: self.water}
        return reminder != NIGHT and rules[reminder].insist


class Occurrence(msgspec.Struct, frozen=True):
    """One time that a reminder is due, on a day or evening. Instants are UTC; it expires at `ends`."""

    key: str
    reminder: str
    day: date
    due: datetime
    ends: datetime
    repeat: timedelta | None = None
    times: int = 1
    numbered: bool = False
    """Whether its key is a number in a series. An answer before it is due was then given to another occurrence, in
    another zone or under earlier settings."""


@lru_cache(maxsize=128)  # the service asks for the same few days over and over
def on_day(calendar: Calendar, reminder: str, day: date) -> tuple[Occurrence, ...]:
    """Return the occurrences of `reminder` that belong to `day`, by time; none on a day that the zone skips."""
    if not exists(day, calendar.zone):
        return ()
    built_in = {STRETCH: _stretch, WATER: _water, NIGHT: _night}
    return tuple(built_in[reminder](calendar, day) if reminder in built_in else _own(calendar, reminder, day))


def between(calendar: Calendar, reminder: str, start: datetime, end: datetime) -> Iterator[Occurrence]:
    """Yield the occurrences of `reminder` that are due from `start` until before `end`, by time."""
    # Who goes to bed after midnight and gets up late in the evening is asked about a night three dates later.
    day = start.astimezone(calendar.zone).date() - 3 * ONE_DAY
    last = end.astimezone(calendar.zone).date() + ONE_DAY
    while day <= last:
        for occurrence in on_day(calendar, reminder, day):
            if start <= occurrence.due < end:
                yield occurrence
        day += ONE_DAY


def upcoming(calendar: Calendar, start: datetime, end: datetime) -> list[Occurrence]:
    """Return the occurrences of every reminder that are due from `start` until before `end`, by time."""
    found = (one for name in calendar.reminders for one in between(calendar, name, start, end))
    return sorted(found, key=lambda one: (one.due, one.key))


def water_hours(calendar: Calendar, day: date) -> tuple[datetime, datetime]:
    """Return the start and end (UTC) of water reminders on `day`; they end before those of the next day begin."""
    days, rule, zone = calendar.days, calendar.water, calendar.zone
    following = wake(days, day + ONE_DAY, zone) + rule.after_wake
    end = min(asleep_before(days, day + ONE_DAY, zone) - rule.before_bed, following)
    return wake(days, day, zone) + rule.after_wake, end


def woken_after(calendar: Calendar, night: date) -> datetime:
    """Return the instant (UTC) of waking after `night`: the first after the bedtime of its evening."""
    return next_wake(calendar.days, bedtime(calendar.days, night, calendar.zone), calendar.zone)


def _stretch(calendar: Calendar, evening: date) -> Iterator[Occurrence]:
    rule, bed = calendar.stretch, bedtime(calendar.days, evening, calendar.zone)
    due, ends = bed - rule.lead, bed + rule.until
    yield Occurrence(f"{STRETCH}/{evening}", STRETCH, evening, due, ends, rule.repeat, rule.times)


def _water(calendar: Calendar, day: date) -> Iterator[Occurrence]:
    rule = calendar.water
    start, end = water_hours(calendar, day)
    if rule.target is None:
        return _series(WATER, day, start, end, lambda place: place * rule.every)
    # Each glass has an equal span of time, so the last one too can be drunk before the reminders end.
    return _series(WATER, day, start, end, lambda place: (end - start) * place / rule.glasses)


def _night(calendar: Calendar, night: date) -> Iterator[Occurrence]:
    rule, up = calendar.night, woken_after(calendar, night)
    due, noon = up + rule.after_wake, resolve(up.astimezone(calendar.zone).date(), rule.until, calendar.zone)
    # A person who gets up around noon is asked too, and has time to answer.
    yield Occurrence(f"{NIGHT}/{night}", NIGHT, night, due, max(noon, due + _HOUR))


def _own(calendar: Calendar, name: str, day: date) -> Iterator[Occurrence]:
    rule = calendar.own[name]
    if weekday(day) not in rule.days:
        return
    if rule.every is not None:
        assert rule.from_ is not None
        assert rule.to is not None
        every, last = rule.every, day if rule.from_ < rule.to else day + ONE_DAY
        start, end = resolve(day, rule.from_, calendar.zone), resolve(last, rule.to, calendar.zone)
        yield from _series(name, day, start, end, lambda place: place * every)
        return
    walls = sorted(set(rule.at))
    due = [resolve(day, wall, calendar.zone) for wall in walls]
    for wall, instant, following in zip_longest(walls, due, due[1:]):
        ends = instant + calendar.late
        yield Occurrence(f"{name}/{day}/{wall:%H:%M}", name, day, instant, min(ends, following or ends))


def _series(
    name: str, day: date, start: datetime, end: datetime, offset: Callable[[int], timedelta]
) -> Iterator[Occurrence]:
    """Yield occurrences at whole minutes from `start`, each until the next one, the last until `end`."""
    place, due = 0, start
    while due + _MINUTE <= end:
        following = max(start + offset(place + 1) // _MINUTE * _MINUTE, due + _MINUTE)
        yield Occurrence(f"{name}/{day}/{place + 1}", name, day, due, min(following, end), numbered=True)
        place, due = place + 1, following
