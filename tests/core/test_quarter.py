"""A made-up quarter gives the figures that somebody would count by hand, night by night."""

import random
import statistics as stdlib
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from diaries import cramp, quiet, stretch, untimed

from remind.core.diary import Entry
from remind.core.statistics import Spread, Tally, statistics

FIRST = date(2026, 9, 10)
NIGHTS = 90
BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")
MOVES = date(2026, 10, 28)  # after the clocks changed in Berlin, and before they change in New York
Night = dict[str, Any]


def story(seed: int) -> dict[date, Night]:
    """Return what happened in each of ninety nights, in the words of the person who slept."""
    chance = random.Random(seed)  # noqa: S311
    nights = {}
    for number in range(NIGHTS):
        kind = chance.choice(["cramp", "cramp", "quiet", "quiet", "untimed", "nothing"])
        if 18 <= number < 26 or number in (0, NIGHTS - 1):
            kind = "nothing" if 18 <= number < 26 else "quiet"  # a gap of more than a week
        cramps = [
            {
                "wall": chance.choice([time(22, 40), time(0, 5), time(2, 30), time(1, 59), time(11, 59)]),
                "count": chance.choice([1, 1, 3]),
                "leg": chance.choice(["left", "right", "both", None]),
                "place": chance.choice(["calf", "foot", None]),
                "severity": chance.choice([None, *range(11)]),
                "minutes": chance.choice([None, 0, 3, 5]),
                "disturbance": chance.choice([None, 2, 9]),
                "soreness": chance.choice([None, 1, 4]),
            }
            for _ in range(chance.randint(1, 3) if kind in ("cramp", "untimed") else 0)
        ]
        nights[FIRST + timedelta(days=number)] = {
            "kind": kind, "cramps": cramps, "stretched": chance.choice([0, 0, 1, 2]),
        }  # fmt: skip
    return nights


def there(day: date, wall: time) -> datetime:
    """Return an instant of the night of `day`, with the offset of where the person is then."""
    zone = BERLIN if day < MOVES else NEW_YORK
    at = datetime.combine(day if wall.hour >= 12 else day + timedelta(days=1), wall, zone)
    return datetime.fromisoformat(at.astimezone(UTC).astimezone(zone).isoformat())


def entries_of(nights: dict[date, Night]) -> list[Entry]:
    found: list[Entry] = []
    for day, night in nights.items():
        for one in night["cramps"]:
            fields = {name: value for name, value in one.items() if name != "wall"}
            timed = night["kind"] == "cramp"
            found.append(cramp(at=there(day, one["wall"]), **fields) if timed else untimed(day, **fields))
        if night["kind"] == "quiet":
            found.append(quiet(day))
        found += [stretch(at=there(day, time(21, 30)))] * night["stretched"]
        found.append(stretch(at=there(day, time(20)), complete=False))
    return found


def counted(nights: dict[date, Night], first: date, last: date) -> dict[str, Any]:
    """Return what the nights from `first` to `last` come to, counted with no help of the program."""
    inside = [night for day, night in nights.items() if first <= day <= last]
    logged = [night for night in inside if night["kind"] != "nothing"]
    with_cramp = [night for night in logged if night["cramps"]]
    cramps = [one for night in with_cramp for one in night["cramps"]]
    each = sum(one["count"] for one in cramps)
    legs, places = Counter[str](), Counter[str]()
    for one in cramps:
        legs[one["leg"]] += one["count"]
        places[one["place"]] += one["count"]
    return {
        "nights": len(inside),
        "nights_recorded": len(logged),
        "nights_missing": len(inside) - len(logged),
        "cramp_nights": len(with_cramp),
        "cramps": each,
        "per_week": round(7 * len(with_cramp) / len(logged), 1),
        "cramps_per_week": round(7 * each / len(logged), 1),
        "minutes": sum(one["minutes"] or 0 for one in cramps),
        "severity": middle([one["severity"] for one in cramps]),
        "duration": middle([None if one["minutes"] is None else one["minutes"] / one["count"] for one in cramps]),
        "disturbance": middle([one["disturbance"] for one in cramps]),
        "soreness": middle([one["soreness"] for one in cramps]),
        "legs": {name: legs[name] for name in ("left", "right", "both") if legs[name]},
        "places": {name: places[name] for name in ("calf", "foot") if places[name]},
        "evenings": len(inside),
        "evenings_stretched": sum(night["stretched"] > 0 for night in inside),
        "stretches": sum(night["stretched"] for night in inside),
    }


def middle(values: list[float | None]) -> Spread | None:
    known = [value for value in values if value is not None]
    if not known:
        return None
    return Spread(len(known), round(stdlib.median(known), 1), round(min(known), 1), round(max(known), 1))


def told(tally: Tally | None) -> dict[str, Any]:
    """Return what the program counts, under the names of `counted`."""
    assert tally is not None
    assert tally.cramp_nights_rate is not None
    more = {"per_week": tally.cramp_nights_rate.per_week}
    return more | {name: getattr(tally, name) for name in counted({FIRST: NOTHING}, FIRST, FIRST) if name not in more}


NOTHING: Night = {"kind": "quiet", "cramps": [], "stretched": 0}


@pytest.mark.parametrize("seed", range(12))
def test_a_quarter_is_counted_as_by_hand(seed: int) -> None:
    """Gaps, two changes of the clocks, a flight, cramps without a time: every span of time has the same counts."""
    nights = story(seed)
    last = FIRST + timedelta(days=NIGHTS - 1)
    now = datetime.combine(last + timedelta(days=1), time(14), NEW_YORK)
    found = statistics(entries_of(nights), now, 14)
    assert told(found.baseline) == counted(nights, FIRST, FIRST + timedelta(days=13))
    assert told(found.since) == counted(nights, FIRST + timedelta(days=14), last)
    assert told(found.recent) == counted(nights, last - timedelta(days=27), last)
    assert told(found.whole) == counted(nights, FIRST, last)
    for week in found.weeks:
        if week.tally.nights_recorded:
            assert told(week.tally) == counted(nights, week.tally.first, week.tally.last)
    assert sum(week.tally.nights_missing for week in found.weeks) == told(found.whole)["nights_missing"]
    assert any(week.tally.nights == 7 and not week.tally.nights_recorded for week in found.weeks)


@pytest.mark.parametrize("seed", range(4))
def test_a_period_counts_its_own_nights_alone(seed: int) -> None:
    """Its first weeks begin with the period, also on a night that was not logged."""
    nights = story(seed)
    last, since = FIRST + timedelta(days=NIGHTS - 1), FIRST + timedelta(days=20)
    now = datetime.combine(last + timedelta(days=1), time(14), NEW_YORK)
    found = statistics(entries_of(nights), now, 4, since)
    assert told(found.whole) == counted(nights, since, last)
    assert told(found.baseline) == counted(nights, since, since + timedelta(days=13))


@pytest.mark.parametrize(("since", "begin"), [(-1, 0), (0, 0), (1, 1), (88, 88), (90, 90), (91, 90)])
def test_a_period_begins_with_its_first_day_or_with_the_diary(since: int, begin: int) -> None:
    """The first night is the later of the two, and tonight at the latest."""
    now = datetime.combine(FIRST + timedelta(days=NIGHTS), time(14), NEW_YORK)
    found = statistics(entries_of(story(0)), now, 4, FIRST + timedelta(days=since))
    assert found.baseline is not None
    assert found.baseline.first == FIRST + timedelta(days=begin)
