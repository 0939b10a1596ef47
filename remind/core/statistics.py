"""Counts of the diary, night by night and week by week, side by side and without a word of cause."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Literal

import msgspec

from remind.core.diary import Cramp, Drink, Entry, QuietNight, Stretch, night_of
from remind.core.times import ONE_DAY

BASELINE = timedelta(days=14)
"""Two weeks come before any comparison, as in trials of cramps."""

_WEEK = timedelta(days=7)


class Night(msgspec.Struct, frozen=True):
    """One night in the diary; a night without an entry is missing, never quiet."""

    cramps: tuple[Cramp, ...] = ()
    quiet: bool = False
    stretches: int = 0
    """Sessions that were completed from noon to noon."""

    @property
    def kept(self) -> Literal["cramp", "quiet", "missing"]:
        return "cramp" if self.cramps else "quiet" if self.quiet else "missing"


class Tally(msgspec.Struct, frozen=True, kw_only=True):
    """Counts of the nights from `first` to `last`.

    Nights before the first entry do not count, and a night that is not over counts once it has an entry.
    """

    first: date
    last: date
    nights: int
    nights_recorded: int
    nights_missing: int
    cramp_nights: int
    cramps: int
    mean_severity: float | None
    """Of the cramps whose severity, 0 to 10, was logged."""
    minutes: int
    """How long the cramps lasted, as far as that was logged."""
    evenings: int
    evenings_stretched: int
    stretches: int
    adherence: float | None
    """The share of evenings with a completed session, 0 to 1."""


class Water(msgspec.Struct, frozen=True, kw_only=True):
    """What was drunk, and the number of days with a drink."""

    amount_ml: int
    days: int


class Week(msgspec.Struct, frozen=True, kw_only=True):
    """Seven nights from Monday on, with the water of their days."""

    tally: Tally
    water: Water


class Statistics(msgspec.Struct, frozen=True, kw_only=True):
    """The last weeks one by one, and the first two weeks of the diary beside all time since them."""

    weeks: tuple[Week, ...]
    baseline: Tally | None
    since: Tally | None


def first_day(now: datetime, weeks: int) -> date:
    """Return the Monday on which the last `weeks` weeks begin; this week is the last of them."""
    tonight = night_of(now)
    return tonight - timedelta(days=tonight.weekday()) - _WEEK * (weeks - 1)


def statistics(entries: Iterable[Entry], now: datetime, weeks: int) -> Statistics:
    """Return the counts of `entries` at `now`, with the last `weeks` weeks one by one."""
    entries = list(entries)
    nights, tonight = by_night(entries), night_of(now)
    begin = min(nights, default=tonight)
    after = begin + BASELINE
    drunk: Counter[date] = Counter()
    for entry in entries:
        if isinstance(entry, Drink):
            drunk[entry.at.date()] += entry.amount_ml
    return Statistics(
        weeks=tuple(
            Week(tally=_tally(nights, monday, monday + _WEEK - ONE_DAY, now), water=_water(drunk, monday))
            for monday in (first_day(now, weeks) + _WEEK * number for number in range(weeks))
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
                cramps[night_of(entry.at)].append(entry)
            case QuietNight():
                quiet.add(entry.night)
            case Stretch(complete=True):
                stretches[night_of(entry.at)] += 1
    return {
        night: Night(tuple(cramps[night]), night in quiet, stretches[night]) for night in {*cramps, *quiet, *stretches}
    }


def _tally(nights: Mapping[date, Night], first: date, last: date, now: datetime) -> Tally:
    tonight, begin = night_of(now), min(nights, default=last + ONE_DAY)
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    here = {day: nights.get(day, Night()) for day in days if begin <= day <= tonight}
    over = [night for day, night in here.items() if day < tonight or night.kept != "missing"]
    evenings = [night for day, night in here.items() if day < tonight or night.stretches]
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
        cramps=len(cramps),
        mean_severity=round(sum(severities) / len(severities), 1) if severities else None,
        minutes=sum(cramp.minutes or 0 for cramp in cramps),
        evenings=len(evenings),
        evenings_stretched=stretched,
        stretches=sum(night.stretches for night in evenings),
        adherence=round(stretched / len(evenings), 2) if evenings else None,
    )


def _water(drunk: Mapping[date, int], monday: date) -> Water:
    amounts = [drunk[day] for number in range(7) if (day := monday + timedelta(days=number)) in drunk]
    return Water(amount_ml=sum(amounts), days=len(amounts))
