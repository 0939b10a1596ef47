"""Times as people say them and as this program prints them: "03:10", "last night 11:30", "Fri 20 Nov 03:00".

A text is taken apart into words for a day and a time of day. The words give candidate days, and the one nearest to now
on the right side of it is meant. What still has two readings is refused.
"""

import re
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import NamedTuple

from remind.core.times import ONE_DAY, WEEKDAYS, resolve
from remind.core.units import parse_duration, quoted

TIME_OF_DAY_HINT = "Write it as 22:30 or 10:30 pm."
_INSTANT_HINT = 'Try "03:10", "yesterday 23:00", "20 min ago" or "2026-01-31 03:10".'
_NIGHT_HINT = 'Try "last night", "sat" or "2026-01-31".'

_CLOCK = r"(\d{1,2})(?:[:.h]?(\d\d)(?::(\d\d))?)?(?: ?([ap])\.?m\.?)?|noon|midnight"
# Each is compiled when it is first used: every command reads the settings, and few read more than a time of day.
_CLOCK_ALONE = f"(?a)(?P<clock>{_CLOCK})"
_CLOCK_LAST = f"(?a)(?P<day>.+?) (?:at )?(?P<clock>{_CLOCK})"
_CLOCK_FIRST = f"(?a)(?P<clock>{_CLOCK}) (?:on )?(?P<day>.+)"
_DATE = r"(?a)(?:([a-z]+) )?(?:(\d{1,2}) ([a-z]+)|([a-z]+) (\d{1,2}))(?: ((?:19|20)\d\d))?"

_PARTS = {"morning": (0, 12), "afternoon": (12, 18), "evening": (17, 24), "night": (18, 30)}
"""The hours of each part of a day. None is longer than twelve, so "11:30" is one time in it."""
_NEAR = {"": (-1, 0, 1), "today": (0,), "yesterday": (-1,), "tomorrow": (1,)}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_IN_FULL = (
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_NOON = time(12)
_FIRST_YEAR = 1970


class _Clock(NamedTuple):
    """A time of day: `exact` if it is said by the clock of 24 hours or with am or pm."""

    wall: time
    exact: bool


def parse_time_of_day(text: str) -> time:
    """Return the time of day that `text` means, in whole minutes: "22:30", "22.30", "2230", "10:30 pm", "noon".

    Raises:
        ValueError: it is not a time of day.
    """
    match = re.fullmatch(_CLOCK_ALONE, " ".join(text.lower().split()))
    clock = match and _clock(match)
    if not clock:
        raise ValueError(f"{quoted(text)} is not a time of day. {TIME_OF_DAY_HINT}")
    return clock.wall.replace(second=0)


def parse_instant(text: str, now: datetime, zone: tzinfo) -> datetime:
    """Return the past instant that `text` means at `now` in `zone`, with the offset that applied there.

    A time alone is today's; said in the morning, one from noon on is from the evening before.

    Raises:
        ValueError: it is not a time, is still to come, or came twice or never because the clocks were changed.
    """
    words, local = _plain(text), now.astimezone(zone)
    if words == "now":
        return _with_offset(now, zone)
    if words.endswith(" ago"):
        return _ago(text, now, zone)
    exact = _iso(words)
    if exact is not None:
        return _reached(text, exact, now)
    day_words, clock = _taken_apart(text, words, local.date())
    days = _days(text, day_words, local.date())
    if not day_words and not local.time() < _NOON <= clock.wall:
        days = [local.date()]
    for day in sorted(days, reverse=True):
        placed = _placed(text, *_on(text, day, day_words, clock), now, zone)
        if placed is not None:
            return placed
    raise ValueError(_to_come(text))


def parse_day_or_instant(text: str, now: datetime, zone: tzinfo) -> datetime:
    """Return the past instant at which `text` begins: for a day alone its first moment, else as `parse_instant`.

    Raises:
        ValueError: as `parse_instant`.
    """
    words = _plain(text)
    days = _days(text, words, now.astimezone(zone).date()) if words else []
    begins = [resolve(day, time(_PARTS.get(words.split()[-1], (0,))[0]), zone) for day in days]
    if not begins:
        return parse_instant(text, now, zone)
    return _with_offset(_reached(text, max([one for one in begins if one <= now], default=begins[0]), now), zone)


def parse_coming(text: str, now: datetime, zone: tzinfo) -> datetime:
    """Return the first instant (UTC) after `now` that `text` means: "14:00", "tomorrow 7 am", "Fri 27 Nov 07:00".

    Raises:
        ValueError: it is not a time, or lies in the past.
    """
    words, today = _plain(text), now.astimezone(zone).date()
    found = _iso(words)
    if found is None:
        day_words, clock = _taken_apart(text, words, today)
        places = [_on(text, day, day_words, clock) for day in _days(text, day_words, today)]
        coming = [one for day, wall in places if (one := resolve(day, wall, zone)) > now]
        found = min(coming, default=now)
    if found <= now:
        raise ValueError(f"{quoted(text)} is in the past.")
    return found.astimezone(UTC)


def parse_night(text: str, now: datetime, zone: tzinfo) -> date:
    """Return the night that `text` means, as the date of its evening: "last night", "sat", "Fri 20 Nov".

    Raises:
        ValueError: it is not a night, or not one that is over.
    """
    words, today = _plain(text).removeprefix("night of ").removesuffix(" night"), now.astimezone(zone).date()
    days = _days(text, words, today) if words else []
    if not days:
        raise ValueError(f"{quoted(text)} is not a night. {_NIGHT_HINT}")
    over = [day for day in days if day < today]
    if not over:
        raise ValueError(f"The night of {days[0]} is not over yet.")
    return max(over)


def day_and_time(instant: datetime, zone: tzinfo, now: datetime) -> str:
    """Return `instant` as a person reads it at `now`: "22:00", "tomorrow 07:30", "Fri 27 Nov 22:00"."""
    there, today = instant.astimezone(zone), now.astimezone(zone).date()
    days = (there.date() - today).days
    if days == 0:
        return f"{there:%H:%M}"
    if days in (1, -1):
        return f"{'tomorrow' if days == 1 else 'yesterday'} {there:%H:%M}"
    year = "" if there.year == today.year else f" {there.year}"
    return f"{there:%a} {there.day} {there:%b}{year} {there:%H:%M}"


def at_time(instant: datetime, zone: tzinfo, now: datetime) -> str:
    """Return the same for a sentence: "at 22:00", "tomorrow 07:30"."""
    text = day_and_time(instant, zone, now)
    return f"at {text}" if text[0].isdigit() else text


def _plain(text: str) -> str:
    """Return `text` in small letters with single spaces, without words that say nothing of the time."""
    words = " ".join(text.lower().replace(",", " ").split())
    words = re.sub(r"(?<=\d)t(?=\d)", " ", words)  # ISO 8601
    words = re.sub(r"^(?:on|at) |\bin the (?=morning|afternoon|evening)|\bat (?=night)", "", words)
    words = re.sub(r"\bthis (?=morning|afternoon|evening)", "today ", words)
    return words.replace("last night", "yesterday night").replace("tonight", "today night")


def _ago(text: str, now: datetime, zone: tzinfo) -> datetime:
    try:
        return _with_offset(now - parse_duration(text.strip()[: -len(" ago")]), zone)
    except ValueError:
        raise ValueError(_not_understood(text)) from None


def _iso(words: str) -> datetime | None:
    """Return the instant that `words` are in ISO 8601 with an offset; None if they are not that."""
    try:
        said = datetime.fromisoformat(words.upper())
    except ValueError:
        return None
    return said if said.tzinfo else None


def _reached(text: str, said: datetime, now: datetime) -> datetime:
    """Return `said` if it has come. Years apart are compared first: an offset leads out of the first and last year."""
    _check_year(text, said, now)
    if said.astimezone(UTC) > now:
        raise ValueError(_to_come(text))
    return said


def _check_year(text: str, said: date, now: date) -> None:
    if said.year < _FIRST_YEAR:
        raise ValueError(f"{quoted(text)} is before {_FIRST_YEAR}.")
    if said.year > now.year + 1:
        raise ValueError(_to_come(text))


def _taken_apart(text: str, words: str, today: date) -> tuple[str, _Clock]:
    """Return the words for the day, perhaps none, and the time of day that stands after or before them."""
    if words and _days(text, words, today):
        raise ValueError(f"{quoted(text)} has no time of day. Add it, as in {quoted(f'{text.strip()} 03:10')}.")
    for pattern in (_CLOCK_ALONE, _CLOCK_LAST, _CLOCK_FIRST):
        match = re.fullmatch(pattern, words)
        clock = match and _clock(match)
        if match and clock:
            day_words = match.groupdict().get("day") or ""
            if not day_words or _days(text, day_words, today):
                return day_words, clock
    raise ValueError(_not_understood(text))


def _clock(match: re.Match[str]) -> _Clock | None:
    """Return the time of day in `match`; None for one that does not exist, or an hour alone such as "3"."""
    if match["clock"] in ("noon", "midnight"):
        return _Clock(_NOON if match["clock"] == "noon" else time(), exact=True)
    first = match.re.groupindex["clock"]
    hour, minute, second, half = (match[first + place] for place in range(1, 5))
    wall_hour = int(hour)
    if half:
        wall_hour = wall_hour % 12 + (12 if half == "p" else 0) if 1 <= wall_hour <= 12 else 24
    if wall_hour > 23 or int(minute or 0) > 59 or int(second or 0) > 59 or not (minute or half):
        return None
    exact = bool(half) or hour.startswith("0") or wall_hour > 12
    return _Clock(time(wall_hour, int(minute or 0), int(second or 0)), exact)


def _on(text: str, day: date, day_words: str, clock: _Clock) -> tuple[date, time]:
    """Return the date and wall time that `clock` means on `day`, in the part of it that `day_words` name."""
    part = day_words.rpartition(" ")[2]
    if part not in _PARTS:
        if day_words and clock == _Clock(time(), exact=True) and "midnight" in text.lower():
            raise ValueError(f'{quoted(text)} can be the start or the end of that day. Write it as "{day} 00:00".')
        return day, clock.wall
    start, end = _PARTS[part]
    hours = (clock.wall.hour, clock.wall.hour + 24) if clock.exact else range(clock.wall.hour % 12, 36, 12)
    for hour in hours:
        if start <= hour < end:
            return day + hour // 24 * ONE_DAY, clock.wall.replace(hour=hour % 24)
    raise ValueError(f"{quoted(text)}: {clock.wall:%H:%M} is not in the {part}.")


def _days(text: str, words: str, today: date) -> list[date]:
    """Return the days around `today` that `words` can mean; none if they are not the words for a day."""
    before, _, last = words.rpartition(" ")
    words = before if last in _PARTS else words
    if words in _NEAR:
        return [today + days * ONE_DAY for days in _NEAR[words]]
    if _short(words) in WEEKDAYS:
        last_one = today - timedelta(days=(today.weekday() - WEEKDAYS.index(_short(words))) % 7)
        return [last_one + timedelta(days=days) for days in (-7, 0, 7)]
    dates = _dates(text, words, today)
    for one in dates:
        _check_year(text, one, today)
    return dates


def _dates(text: str, words: str, today: date) -> list[date]:
    """Return the dates that `words` are as "2026-11-20", "20 Nov", "Fri 20 Nov" or "Nov 20 2026"."""
    with suppress(ValueError):
        return [date.fromisoformat(words)]
    match = re.fullmatch(_DATE, words)
    if match is None or (month := _short(match[3] or match[4])) not in _MONTHS:
        return []
    dates = []
    for year in [int(match[6])] if match[6] else range(today.year - 1, today.year + 2):
        with suppress(ValueError):  # the 29th of February
            dates.append(date(year, _MONTHS.index(month) + 1, int(match[2] or match[5])))
    if match[1] is None:
        return dates
    fitting = [one for one in dates if WEEKDAYS[one.weekday()] == _short(match[1])]
    if dates and not fitting:
        raise ValueError(f"{quoted(text)}: {dates[len(dates) // 2]:%d %b %Y is a %A}.")
    return fitting


def _short(name: str) -> str:
    """Return the three letters of a weekday or month: "thu" for "thurs"; any other word as it is."""
    return next((full[:3] for full in _IN_FULL if len(name) > 2 and full.startswith(name)), name)


def _placed(text: str, day: date, wall: time, now: datetime, zone: tzinfo) -> datetime | None:
    """Return the instant at which the clocks of `zone` showed `wall` on `day`; None if it is still to come.

    Raises:
        ValueError: there were two such instants, or none.
    """
    spelled = datetime.combine(day, wall)
    readings = {spelled.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)}
    if min(readings) > now:
        return None
    shown = sorted(one for one in readings if one.astimezone(zone).replace(tzinfo=None, fold=0) == spelled)
    past = [_with_offset(one, zone) for one in shown if one <= now]
    if not shown:
        raise ValueError(f"{quoted(text)} did not exist on {day}: the clocks were set forward then.")
    if len(past) > 1:
        first, second = (one.isoformat(timespec="minutes") for one in past)
        raise ValueError(f"{quoted(text)} came twice on {day}. Write {first} or {second}.")
    return past[0]


def _with_offset(instant: datetime, zone: tzinfo) -> datetime:
    local = instant.astimezone(zone)
    return local.astimezone(timezone(local.utcoffset() or timedelta(0)))


def _not_understood(text: str) -> str:
    return f"I don't understand the time {quoted(text)}. {_INSTANT_HINT}"


def _to_come(text: str) -> str:
    advice = " Did you mean yesterday?" if re.fullmatch(_CLOCK_ALONE, _plain(text)) else ""
    return f"{quoted(text)} is still to come.{advice}"
