"""What the diary adds up to by night and by week; it counts, and claims no cause."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Literal

import msgspec

from remind.core.diary import Cramp, Drink, Entry, QuietNight, Stretch, night_of, night_of_cramp
from remind.core.hydration import drunk_ml
from remind.core.times import ONE_DAY

BASELINE = timedelta(days=14)
"""The first two weeks, with which later ones are compared, as in trials of treatments for cramps."""

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


class Water(msgspec.Struct, frozen=True, kw_only=True):
    """How much was drunk, and on how many days."""

    amount_ml: int
    days: int


class Week(msgspec.Struct, frozen=True, kw_only=True):
    """The counts of seven nights from Monday on, and the water of their days."""

    tally: Tally
    water: Water


class Statistics(msgspec.Struct, frozen=True, kw_only=True):
    """The counts of the last weeks one by one, of the first two weeks of the diary, and of all the time since."""

    weeks: tuple[Week, ...]
    baseline: Tally | None
    since: Tally | None


def first_day(now: datetime, weeks: int) -> date:
    """Return the Monday on which the last `weeks` weeks begin, this week included."""
    tonight = night_of(now)
    return tonight - timedelta(days=tonight.weekday()) - _WEEK * (weeks - 1)


def statistics(entries: Iterable[Entry], now: datetime, weeks: int) -> Statistics:
    """Return the counts of `entries` at `now`, with the last `weeks` weeks one by one."""
    entries = list(entries)
    nights, tonight = by_night(entries), night_of(now)
    begin = min(nights, default=tonight)
    after = begin + BASELINE
    drinks = [entry for entry in entries if isinstance(entry, Drink)]
    mondays = [first_day(now, weeks) + _WEEK * number for number in range(weeks)]
    return Statistics(
        weeks=tuple(
            Week(tally=_tally(nights, monday, monday + _WEEK - ONE_DAY, now), water=_water(drinks, monday))
            for monday in mondays
        ),
        baseline=_tally(nights, begin, after - ONE_DAY, now) if nights else None,
        since=_tally(nights, after, tonight, now) if after <= tonight else None,
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


def _tally(nights: Mapping[date, Night], first: date, last: date, now: datetime) -> Tally:
    tonight, begin = night_of(now), min(nights, default=last + ONE_DAY)
    days = [first + ONE_DAY * number for number in range((last - first).days + 1)]
    counted = [(day < tonight, nights.get(day, Night())) for day in days if begin <= day <= tonight]
    over = [night for is_over, night in counted if is_over or night.kept != "missing"]
    evenings = [night for is_over, night in counted if is_over or night.stretches]
    cramps = [cramp for night in over for cramp in night.cramps]
    severities = [cramp.severity for cramp in cramps if cramp.severity is not None]
    stretched = sum(night.stretches > 0 for night in evenings)
    recorded = sum(night.kept != "missing" for night in over)
    return Tally(
        first=first,
        last=last,
        nights=len(over),
        nights_recorded=recorded,
        nights_missing=len(over) - recorded,
        cramp_nights=sum(night.kept == "cramp" for night in over),
        cramps=sum(cramp.count for cramp in cramps),
        mean_severity=round(sum(severities) / len(severities), 1) if severities else None,
        minutes=sum(cramp.minutes or 0 for cramp in cramps),
        evenings=len(evenings),
        evenings_stretched=stretched,
        stretches=sum(night.stretches for night in evenings),
        adherence=round(stretched / len(evenings), 2) if evenings else None,
    )


def _water(drinks: Iterable[Drink], monday: date) -> Water:
    drunk = [drink for drink in drinks if monday <= drink.at.date() < monday + _WEEK]
    return Water(amount_ml=drunk_ml(drunk), days=len({drink.at.date() for drink in drunk}))
