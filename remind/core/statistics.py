"""What the diary adds up to by night and by week; it counts, and claims no cause."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Literal

import msgspec

from remind.core.diary import LEGS, PLACES, Cramp, Drink, Entry, QuietNight, Stretch, night_of, night_of_cramp
from remind.core.hydration import drunk_ml
from remind.core.rates import Rate, rate
from remind.core.times import ONE_DAY

BASELINE = timedelta(days=14)
"""The first two weeks, with which later ones are compared, as in trials of treatments for cramps."""

RECENT = timedelta(days=28)
"""The last four weeks, which stand beside the first two."""

_WEEK = timedelta(days=7)


class Night(msgspec.Struct, frozen=True):
    """A night in the diary."""

    cramps: tuple[Cramp, ...] = ()
    quiet: bool = False
    stretches: int = 0
    """How many sessions were completed from noon to noon."""

    @property
    def kept(self) -> Literal["cramp", "quiet", "missing"]:
        """Return what the diary says of the night; one without an entry is missing, never quiet."""
        return "cramp" if self.cramps else "quiet" if self.quiet else "missing"

    @property
    def count(self) -> int:
        """Return how many cramps there were."""
        return sum(cramp.count for cramp in self.cramps)

    @property
    def worst(self) -> int | None:
        """Return the highest severity that was logged, or None."""
        return max((cramp.severity for cramp in self.cramps if cramp.severity is not None), default=None)

    @property
    def words(self) -> str:
        """Return how the night was: "2 cramps, at worst 6 of 10", "no cramp" or "not logged"."""
        if self.kept != "cramp":
            return "no cramp" if self.kept == "quiet" else "not logged"
        several = self.count > 1
        how = "" if self.worst is None else f", {'at worst' if several else 'severity'} {self.worst} of 10"
        return f"{self.count} cramps{how}" if several else f"a cramp{how}"


class Spread(msgspec.Struct, frozen=True):
    """What several values come to: how many they are, the median, the least and the most."""

    count: int
    median: float
    least: float
    most: float


class Tally(msgspec.Struct, frozen=True, kw_only=True):
    """Counts of the nights from `first` to `last`.

    Nights before the first entry do not count. Tonight counts as soon as it has an entry.
    """

    first: date
    last: date
    nights: int
    nights_recorded: int
    nights_missing: int
    cramp_nights: int
    cramps: int
    mean_severity: float | None
    """The mean over the cramps with a logged severity, from 0 to 10."""
    minutes: int
    """How long the cramps lasted in all, as far as that was logged."""
    evenings: int
    evenings_stretched: int
    stretches: int
    adherence: float | None
    """The share of evenings with a completed session, 0 to 1."""
    cramp_nights_rate: Rate | None
    """Nights with a cramp per seven recorded nights; None if none is recorded."""
    cramps_per_week: float | None
    """Cramps per seven recorded nights."""
    severity: Spread | None
    duration: Spread | None
    """The minutes that a cramp lasted."""
    disturbance: Spread | None
    soreness: Spread | None
    legs: dict[str, int]
    """How many cramps were logged in each leg."""
    places: dict[str, int]
    """How many cramps were logged in each place."""


class Water(msgspec.Struct, frozen=True, kw_only=True):
    """How much was drunk, and on how many days."""

    amount_ml: int
    days: int


class Week(msgspec.Struct, frozen=True, kw_only=True):
    """The counts of seven nights from Monday on, and the water of their days."""

    tally: Tally
    water: Water


class Statistics(msgspec.Struct, frozen=True, kw_only=True):
    """The counts of the last weeks one by one, and of several spans of time side by side."""

    weeks: tuple[Week, ...]
    baseline: Tally | None
    """The first two weeks."""
    since: Tally | None
    """All the time since."""
    recent: Tally | None
    """The last four weeks, up to the last night that is over or has an entry."""
    whole: Tally | None
    """All nights up to that one."""


def first_day(now: datetime, weeks: int) -> date:
    """Return the Monday on which the last `weeks` weeks begin, this week included."""
    tonight = night_of(now)
    return tonight - timedelta(days=tonight.weekday()) - _WEEK * (weeks - 1)


def statistics(entries: Iterable[Entry], now: datetime, weeks: int, since: date | None = None) -> Statistics:
    """Return the counts of `entries` at `now`, with the last `weeks` weeks one by one.

    The nights before `since` do not count, as if the diary had begun then.
    """
    entries = list(entries)
    nights, tonight = by_night(entries), night_of(now)
    begin = min(nights, default=tonight)
    if since is not None:
        begin = max(begin, min(since, tonight))
    last = tonight if nights.get(tonight, Night()).kept != "missing" else tonight - ONE_DAY
    drinks: defaultdict[date, list[Drink]] = defaultdict(list)
    for entry in entries:
        if isinstance(entry, Drink):
            drinks[entry.at.date()].append(entry)

    def tally(first: date, until: date) -> Tally | None:
        return _tally(nights, begin, max(first, begin), until, now) if nights and begin <= until else None

    def week(monday: date) -> Week:
        counts = _tally(nights, begin, monday, monday + _WEEK - ONE_DAY, now)
        return Week(tally=counts, water=_water(drinks, monday))

    after = begin + BASELINE
    return Statistics(
        weeks=tuple(week(first_day(now, weeks) + _WEEK * number) for number in range(weeks)),
        baseline=tally(begin, after - ONE_DAY),
        since=tally(after, tonight) if after <= tonight else None,
        recent=tally(last - RECENT + ONE_DAY, last),
        whole=tally(begin, last),
    )


def by_night(entries: Iterable[Entry]) -> dict[date, Night]:
    """Return the nights that have an entry, in no order."""
    cramps: defaultdict[date, list[Cramp]] = defaultdict(list)
    quiet, stretches = set(), Counter[date]()
    for entry in entries:
        match entry:
            case Cramp():
                cramps[night_of_cramp(entry)].append(entry)
            case QuietNight():
                quiet.add(entry.night)
            case Stretch(complete=True):
                stretches[night_of(entry.at)] += 1
    return {
        night: Night(tuple(cramps[night]), night in quiet, stretches[night]) for night in {*cramps, *quiet, *stretches}
    }


def _tally(nights: Mapping[date, Night], begin: date, first: date, last: date, now: datetime) -> Tally:
    tonight = night_of(now)
    days = [first + ONE_DAY * number for number in range((last - first).days + 1)]
    counted = [(day < tonight, nights.get(day, Night())) for day in days if begin <= day <= tonight]
    over = [night for is_over, night in counted if is_over or night.kept != "missing"]
    evenings = [night for is_over, night in counted if is_over or night.stretches]
    recorded = [night for night in over if night.kept != "missing"]
    cramps = [cramp for night in recorded for cramp in night.cramps]
    cramp_nights, count = sum(night.kept == "cramp" for night in recorded), sum(cramp.count for cramp in cramps)
    severities = [cramp.severity for cramp in cramps if cramp.severity is not None]
    stretched = sum(night.stretches > 0 for night in evenings)
    return Tally(
        first=first,
        last=last,
        nights=len(over),
        nights_recorded=len(recorded),
        nights_missing=len(over) - len(recorded),
        cramp_nights=cramp_nights,
        cramps=count,
        mean_severity=round(sum(severities) / len(severities), 1) if severities else None,
        minutes=sum(cramp.minutes or 0 for cramp in cramps),
        evenings=len(evenings),
        evenings_stretched=stretched,
        stretches=sum(night.stretches for night in evenings),
        adherence=round(stretched / len(evenings), 2) if evenings else None,
        cramp_nights_rate=rate(cramp_nights, len(recorded)),
        cramps_per_week=round(7 * count / len(recorded), 1) if recorded else None,
        severity=_spread(severities),
        duration=_spread(cramp.minutes / cramp.count for cramp in cramps if cramp.minutes is not None),
        disturbance=_spread(cramp.disturbance for cramp in cramps if cramp.disturbance is not None),
        soreness=_spread(cramp.soreness for cramp in cramps if cramp.soreness is not None),
        legs=_counts(LEGS, ((cramp.leg, cramp.count) for cramp in cramps)),
        places=_counts(PLACES, ((cramp.place, cramp.count) for cramp in cramps)),
    )


def _spread(values: Iterable[float]) -> Spread | None:
    found = sorted(values)
    if not found:
        return None
    median = (found[(len(found) - 1) // 2] + found[len(found) // 2]) / 2
    return Spread(len(found), *(round(one, 1) for one in (median, found[0], found[-1])))


def _counts(names: Iterable[str], found: Iterable[tuple[str | None, int]]) -> dict[str, int]:
    """Return how many there are of each of `names` that occurs."""
    counts = Counter[str | None]()
    for name, count in found:
        counts[name] += count
    return {name: counts[name] for name in names if counts[name]}


def _water(drinks: Mapping[date, list[Drink]], monday: date) -> Water:
    days = [drinks[day] for day in (monday + ONE_DAY * number for number in range(7)) if day in drinks]
    return Water(amount_ml=sum(map(drunk_ml, days)), days=len(days))
