"""The stretch before bed as a calendar file (RFC 5545), so that a phone can remind without this program."""

import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, tzinfo

from icalendar import Alarm, Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard

from remind import __version__
from remind.core import reminders
from remind.core.times import ONE_DAY, WEEKDAYS, bedtime, change_of_clocks, evening_of, weekday

AHEAD = timedelta(days=3653)
"""How far ahead the file lists clock changes; a program that knows the zone by name ignores them."""

_WEEK = timedelta(weeks=1)
_SECOND = timedelta(seconds=1)
_LASTS = timedelta(minutes=15)
"""How long an event looks in the calendar; only its alarms matter."""


def bedtime_calendar(rules: reminders.Calendar, title: str, text: str, owner: str, now: datetime) -> bytes:
    """Return the stretch of `rules` from the evening of `now` on, as a weekly event with alarms for each weekday.

    Each event is at the bedtime. Its alarms are real durations away from it, even across a clock change. `owner` makes
    the events' ids unique to this person, so that importing the file again replaces them.
    """
    name = _name(rules.zone)
    in_zone = {"TZID": name}

    def event(which: object, start: datetime) -> Event:
        made = Event()
        made.add("uid", str(uuid.uuid5(uuid.NAMESPACE_URL, f"{owner}#{which}")))
        made.add("dtstamp", now.astimezone(UTC))
        made.add("dtstart", start, in_zone)
        made.add("duration", _LASTS)
        made.add("summary", title)
        made.add("description", text)
        made.add("transp", "TRANSPARENT")
        for offset in _offsets(rules.stretch):
            made.add_component(_alarm(title, offset))
        return made

    calendar = Calendar()
    calendar.add("prodid", f"-//stretch-remind//remind {__version__}//EN")
    calendar.add("version", "2.0")
    calendar.add_component(_timezone(rules.zone, name, now.astimezone(UTC).replace(microsecond=0)))
    for offset in range(len(WEEKDAYS)):
        evening = evening_of(now, rules.zone) + offset * ONE_DAY
        weeks = (evening + week * _WEEK for week in range(AHEAD // _WEEK))
        jumped = [later for later in weeks if _is_jumped(rules, later)]
        first = evening
        while _is_jumped(rules, first):
            first -= _WEEK  # a series can't begin at a time that does not exist
        weekly = event(weekday(evening), _wall(rules, first, rules.zone))
        weekly.add("rrule", {"FREQ": "WEEKLY"})
        calendar.add_component(weekly)
        # RFC 5545 skips a time that does not exist, and programs differ, so those days get events of their own.
        for later in jumped:
            weekly.add("exdate", _wall(rules, later, UTC), in_zone)
            calendar.add_component(event(later, _wall(rules, later, rules.zone)))
    return bytes(calendar.to_ical())


def _is_jumped(rules: reminders.Calendar, evening: date) -> bool:
    """Return whether the clocks jump over the bedtime that ends `evening`."""
    return _wall(rules, evening, rules.zone) != _wall(rules, evening, UTC)


def _wall(rules: reminders.Calendar, evening: date, zone: tzinfo) -> datetime:
    """Return what clocks in `zone` show at the bedtime that ends `evening`; in UTC, the time as it was set."""
    return bedtime(rules.days, evening, zone).astimezone(zone).replace(tzinfo=None)


def _offsets(rule: reminders.StretchRule) -> list[timedelta]:
    """Return how long after the bedtime the stretch is shown each time, if nobody answers."""
    offsets = (time * rule.repeat - rule.lead for time in range(rule.times))
    return [offset for offset in offsets if offset <= rule.until]


def _alarm(title: str, offset: timedelta) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", title)
    alarm.add("trigger", offset)
    return alarm


def _name(zone: tzinfo) -> str:
    name = str(zone)
    return "Local" if name.startswith("/") else name  # the path of a file outside the tz database


def _timezone(zone: tzinfo, name: str, now: datetime) -> Timezone:
    """Return `zone` under `name`, beginning some weeks before `now`.

    This replaces icalendar's own function, whose summer time begins an hour late with zoneinfo.
    """
    component = Timezone()
    component.add("tzid", name)
    start = now - 4 * _WEEK
    onsets: dict[tuple[timedelta | None, timedelta | None, str | None, bool], list[datetime]] = {}
    for at in (start, *_changes(zone, start, now + AHEAD)):
        before, after = (at - _SECOND).astimezone(zone), at.astimezone(zone)
        kind = (before.utcoffset(), after.utcoffset(), after.tzname(), bool(after.dst()))
        # Each onset is a time on the clocks as they were before it.
        onsets.setdefault(kind, []).append((before + _SECOND).replace(tzinfo=None))
    for (before_offset, offset, tzname, summer), walls in onsets.items():
        part = TimezoneDaylight() if summer else TimezoneStandard()
        part.add("dtstart", walls[0])
        if walls[1:]:
            part.add("rdate", walls[1:])
        part.add("tzoffsetfrom", before_offset)
        part.add("tzoffsetto", offset)
        part.add("tzname", tzname)
        component.add_component(part)
    return component


def _changes(zone: tzinfo, start: datetime, end: datetime) -> Iterator[datetime]:
    """Yield the instants (UTC) from `start` until `end` at which the clocks of `zone` jump."""
    while start < end:
        following = start + ONE_DAY
        if start.astimezone(zone).utcoffset() != following.astimezone(zone).utcoffset():
            yield change_of_clocks(start, following, zone)
        start = following
