"""The calendar file, read and expanded by other programs' rules and compared with the reminders."""

import zoneinfo
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import icalendar
import pytest
import recurring_ical_events
from rules import BERLIN, at, calendar

from remind.calendar_file import AHEAD, bedtime_calendar
from remind.core.reminders import STRETCH, between

NOW = at("21:00")
YEAR = timedelta(days=366)
LATE_ON_SATURDAY = '[day]\nbedtime = "22:30"\n[day.on.sat]\nbedtime = "00:30"\n[day.on.wed]\nbedtime = "23:15"\n'
# On the nights on which clocks change somewhere, each of these is skipped or comes twice in some of the zones.
AT_THE_CHANGE = '[day]\nbedtime = "02:30"\n[day.on.sat]\nbedtime = "00:00"\n[day.on.fri]\nbedtime = "01:45"\n'
ZONES = (
    "Europe/Berlin", "Europe/London", "Europe/Dublin", "America/New_York", "America/St_Johns", "America/Santiago",
    "America/Havana", "Africa/Casablanca", "Africa/Cairo", "Asia/Kolkata", "Asia/Beirut", "Asia/Gaza",
    "Australia/Lord_Howe", "Pacific/Chatham", "Pacific/Apia", "Etc/GMT-14", "UTC",
)  # fmt: skip


def parsed(text: str = "", zone: tzinfo = BERLIN, now: datetime = NOW, owner: str = "x") -> icalendar.Calendar:
    """Return the file for the rules `text`, as another program reads it."""
    return icalendar.Calendar.from_ical(
        bedtime_calendar(calendar(text, zone), "Title", "One; two,\n\\three", owner, now)
    )


def starts(file: icalendar.Calendar, since: datetime, until: datetime) -> list[datetime]:
    """Return the instants at which its events begin."""
    found = recurring_ical_events.of(file).between(since.astimezone(UTC), until.astimezone(UTC))
    return sorted(event.start.astimezone(UTC) for event in found)


@pytest.mark.parametrize("text", [LATE_ON_SATURDAY, AT_THE_CHANGE])
@pytest.mark.parametrize("name", ZONES)
def test_a_year_of_evenings_is_that_of_the_reminders(name: str, text: str) -> None:
    """Each bedtime is there once, at the right instant, even if the clocks skip or repeat it."""
    zone = ZoneInfo(name)
    rules = calendar(text, zone)
    expected = [one.due + rules.stretch.lead for one in between(rules, STRETCH, NOW, NOW + YEAR)]
    assert starts(parsed(text, zone), NOW + rules.stretch.lead, NOW + rules.stretch.lead + YEAR) == expected
    assert len(expected) in (366, 367)


def test_the_last_year_in_the_file_is_right_too() -> None:
    """Exceptions reach as far ahead as `AHEAD` promises."""
    rules = calendar(AT_THE_CHANGE)
    since = NOW + AHEAD - YEAR
    expected = [
        one.due + rules.stretch.lead for one in between(rules, STRETCH, since, since + YEAR - timedelta(days=8))
    ]
    found = starts(
        parsed(AT_THE_CHANGE), since + rules.stretch.lead, since + rules.stretch.lead + YEAR - timedelta(days=8)
    )
    assert found == expected


def test_a_series_whose_first_time_is_skipped_begins_earlier() -> None:
    """An evening whose bedtime the clocks skip is still in the file."""
    now = at("2027-03-27 21:00")
    file = parsed('[day]\nbedtime = "02:30"\n', now=now)
    assert starts(file, now, now + timedelta(hours=12)) == [at("2027-03-28 03:00").astimezone(UTC)]
    for event in file.events:
        wall = event["DTSTART"].dt
        assert wall.astimezone(UTC).astimezone(BERLIN).replace(tzinfo=None) == wall.replace(tzinfo=None)


@pytest.mark.parametrize("name", ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"])
def test_alarms_ring_when_the_reminder_would(name: str) -> None:
    """An alarm rings when it is due and at each repeat, by real hours even when clocks change."""
    zone, year = ZoneInfo(name), []
    rules = calendar(AT_THE_CHANGE + '[stretch]\nlead = "5 h"\nrepeat = "2 h"\ntimes = 5\nuntil = "2 h"\n', zone)
    for one in between(rules, STRETCH, NOW, NOW + YEAR):
        year += [one.due + time * timedelta(hours=2) for time in range(4)]
    file = icalendar.Calendar.from_ical(bedtime_calendar(rules, "Title", "", "x", NOW))
    begins = starts(file, NOW + timedelta(hours=5), NOW + timedelta(hours=5) + YEAR)
    triggers = {tuple(alarm["TRIGGER"].dt for alarm in event.walk("VALARM")) for event in file.events}
    assert triggers == {tuple(timedelta(hours=hours) for hours in (-5, -3, -1, 1))}
    assert [begin + trigger for begin in begins for trigger in next(iter(triggers))] == year


def test_an_alarm_shows_the_title() -> None:
    """Each alarm is displayed."""
    alarms = parsed().walk("VALARM")
    assert {(alarm["ACTION"], alarm["DESCRIPTION"]) for alarm in alarms} == {("DISPLAY", "Title")}
    assert len(alarms) == 7 * 3


@pytest.mark.parametrize("name", sorted(zoneinfo.available_timezones() - {"localtime", "Factory"})[::30])
def test_the_zone_in_the_file_is_the_zone(name: str) -> None:
    """A program that doesn't know the zone's name gets the same offsets from the file, around each change."""
    zone = ZoneInfo(name)
    (component,) = parsed(zone=zone).walk("VTIMEZONE")
    onsets = sorted(
        (wall.replace(tzinfo=timezone(part["TZOFFSETFROM"].td)), part["TZOFFSETTO"].td)
        for part in component.subcomponents
        for wall in [part["DTSTART"].dt, *(one.dt for one in getattr(part.get("RDATE"), "dts", ()))]
    )
    assert onsets[0][0] < NOW - timedelta(weeks=3)
    for (since, offset), (until, _) in pairwise([*onsets, (NOW + AHEAD, timedelta())]):
        for instant in (since, since + (until - since) / 2, until - timedelta(seconds=1)):
            assert instant.astimezone(zone).utcoffset() == offset
    hour = NOW
    while hour < NOW + YEAR:
        offset = next(offset for since, offset in reversed(onsets) if since <= hour)
        assert hour.astimezone(zone).utcoffset() == offset
        hour += timedelta(hours=1)


@pytest.mark.posix
def test_a_zone_without_a_name_is_written_out(tmp_path: Path) -> None:
    """If the system's zone is a file without a known name, its rules are in the calendar as \"Local\"."""
    copy = tmp_path / "localtime"
    copy.write_bytes(Path(zoneinfo.TZPATH[0], "Europe/Berlin").read_bytes())
    with copy.open("rb") as file:
        zone = ZoneInfo.from_file(file, key=str(copy))
    found = parsed(LATE_ON_SATURDAY, zone)
    assert [str(one["TZID"]) for one in found.walk("VTIMEZONE")] == ["Local"]
    assert starts(found, NOW, NOW + YEAR) == starts(parsed(LATE_ON_SATURDAY), NOW, NOW + YEAR)


def test_a_second_import_replaces_the_first() -> None:
    """A person's file always has the same seven ids; another person's has others."""

    def names(*arguments: object) -> set[str]:
        return {str(event["UID"]) for event in parsed(*arguments).events}  # type: ignore[arg-type]

    mine = names()
    assert len(mine) == 7
    assert names(LATE_ON_SATURDAY, ZoneInfo("Asia/Kolkata"), NOW + timedelta(days=100)) == mine
    assert not names("", BERLIN, NOW, "y") & mine


def test_the_file_follows_the_standard() -> None:
    """Lines have at most 75 bytes and end in CR LF, text is escaped, and required properties are there."""
    content = bedtime_calendar(calendar(), "Ütle " * 30, "One; two,\n\\three", "x", NOW)
    lines = content.split(b"\r\n")
    assert all(len(line) <= 75 and b"\n" not in line for line in lines)
    file = icalendar.Calendar.from_ical(content)
    assert (file["VERSION"], file.errors) == ("2.0", [])
    for event in file.events:
        assert (event["DESCRIPTION"], event["TRANSP"], event.errors) == ("One; two,\n\\three", "TRANSPARENT", [])
        assert event["DTSTAMP"].dt == NOW
