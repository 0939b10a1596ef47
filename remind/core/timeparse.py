"""Times as people say them and as this program prints them: "03:10", "last night 11:30", "Fri 20 Nov 03:00".

A text is split into words for a day and a time of day. The words give candidate days, of which the last one in the past
or the first one in the future is meant. Each function raises ValueError, with words for the person, if a text is not
a time, is on the wrong side of now, or can still be read in two ways.
"""

import re
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo

import msgspec

from remind.core.times import ONE_DAY, resolve
from remind.core.units import parse_duration, quoted

TIME_OF_DAY_HINT = "Write it as 22:30 or 10:30 pm."
_INSTANT_HINT = 'Try "03:10", "yesterday 23:00", "20 min ago" or "2026-01-31 03:10".'
_DAY_HINT = 'Try "today", "20 Nov" or "2026-01-31".'
_NIGHT_HINT = 'Try "last night", "sat" or "2026-01-31".'

_CLOCK = (
    r"(?P<clock>(?P<hour>[0-9]{1,2})(?:[:.h]?(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2}))?)?"
    r"(?: ?(?P<half>[ap])\.?m\.?)?|noon|midnight)"
)
# Each is compiled when it is first used: every command reads the settings, and few read more than a time of day.
_CLOCK_LAST = rf"(?P<day>.+?) (?:at )?{_CLOCK}"
_CLOCK_FIRST = rf"{_CLOCK} (?:on )?(?P<day>.+)"
_DATE = r"(?:([a-z]+) )?(?:([0-9]{1,2}) ([a-z]+)|([a-z]+) ([0-9]{1,2}))(?: ((?:19|20)[0-9]{2}))?"

_PARTS = {"morning": (0, 12), "afternoon": (12, 18), "evening": (17, 24), "night": (18, 30)}
"""The hours of each part of a day. No part is longer than twelve hours, so "11:30" is one time in it."""
_NEAR = {"": (-1, 0, 1), "today": (0,), "yesterday": (-1,), "tomorrow": (1,)}
_WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_MONTHS = [
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
]  # fmt: skip
_NOON = time(12)
_FIRST_YEAR = 1970


class _Clock(msgspec.Struct, frozen=True):
    """A time of day; `exact` if it was written on the 24-hour clock or with am or pm."""

    wall: time
    exact: bool


_MIDNIGHT = _Clock(time(), exact=True)


def parse_time_of_day(text: str) -> time:
    """Return the time of day that `text` means, in whole minutes: "22:30", "22.30", "2230", "10:30 pm", "noon"."""
    return _time_of_day(text).wall


def parse_answered_time(text: str, *, bedtime: bool) -> time:
    """Return the time of day at which somebody says that they go to bed or, if not `bedtime`, get up; "22" is one too.

    People who get up at "7" or "7:30" mean the morning. A bedtime of "10" or "10:30" may mean 22:30, so it is refused.
    """
    typed = text.strip()
    clock = _time_of_day(typed, hour_alone=True)
    if bedtime and not clock.exact:
        raise ValueError(f"{quoted(typed)} can be morning or evening. Write {typed} am or {typed} pm.")
    return clock.wall


def _time_of_day(text: str, *, hour_alone: bool = False) -> _Clock:
    match = re.fullmatch(_CLOCK, " ".join(text.lower().split()))
    clock = match and _clock(match, hour_alone=hour_alone)
    if not clock:
        raise ValueError(f"{quoted(text)} is not a time of day. {TIME_OF_DAY_HINT}")
    return msgspec.structs.replace(clock, wall=clock.wall.replace(second=0))


def parse_instant(text: str, now: datetime, zone: tzinfo) -> datetime:
    """Return the past instant that `text` means at `now` in `zone`, with the offset that applied there.

    A time alone is today's. In the morning, a time alone from noon on is yesterday's.
    """
    return _reader(text, now, zone).past()


def parse_day_or_instant(text: str, now: datetime, zone: tzinfo) -> datetime:
    """Return the past instant at which `text` begins: the start of a day alone, else what `parse_instant` returns."""
    reader = _reader(text, now, zone)
    days = reader.days(reader.words) if reader.words else []
    if not days:
        return reader.past()
    first_hour, *_ = _PARTS.get(reader.words.split()[-1], [0])
    begins = [resolve(day, time(first_hour), zone) for day in days]
    over = [one for one in begins if one <= now]
    if not over:
        raise reader.to_come()
    return _with_offset(over[-1], zone)


def parse_coming(text: str, now: datetime, zone: tzinfo) -> datetime:
    """Return the first instant (UTC) after `now` that `text` means: "14:00", "tomorrow 7 am", "Fri 27 Nov 07:00"."""
    return _reader(text, now, zone).coming().astimezone(UTC)


def parse_night(text: str, now: datetime, zone: tzinfo) -> date:
    """Return the night over by `now` that `text` means, as the date of its evening: "last night", "Fri 20 Nov"."""
    reader = _reader(text, now, zone)
    words = reader.words.removeprefix("night of ")
    days = reader.days(words) if words else []
    if not days:
        raise reader.refusal(f" is not a night. {_NIGHT_HINT}")
    over = [day for day in days if day < reader.current_day]
    if not over:
        raise ValueError(f"the night of {days[0]} is not over yet.")
    return over[-1]


def parse_day(text: str, now: datetime, zone: tzinfo) -> date:
    """Return the day that `text` means, the last one up to today or the first one to come: "today", "20 Nov"."""
    reader = _reader(text, now, zone)
    days = reader.days(reader.words) if reader.words and reader.words.split()[-1] not in _PARTS else []
    if not days:
        raise reader.refusal(f" is not a day. {_DAY_HINT}")
    return max((day for day in days if day <= reader.current_day), default=days[0])


class _Reader(msgspec.Struct, frozen=True):
    """A text, its words as `_plain` returns them, and the time and zone that give them their meaning."""

    text: str
    words: str
    local_now: datetime
    zone: tzinfo

    @property
    def current_day(self) -> date:
        return self.local_now.date()

    def past(self) -> datetime:
        """Return the last instant up to now that the words can mean."""
        if self.words == "now":
            return _with_offset(self.local_now, self.zone)
        if self.words.endswith(" ago"):
            with suppress(ValueError):
                return _with_offset(self.local_now - parse_duration(self.text.strip()[: -len(" ago")]), self.zone)
            raise self.not_understood()
        exact = self.with_own_offset()
        if exact is not None:
            if exact > self.local_now:
                raise self.to_come()
            return exact
        day_words, clock = self.parts()
        days, morning = self.days(day_words), self.local_now.time() < _NOON
        if not day_words and not (morning and clock.wall >= _NOON):
            days = [self.current_day]
        for day in reversed(days):
            instant = self.shown(*self.wall(day, day_words, clock))
            if instant is not None:
                return instant
        raise self.to_come()

    def coming(self) -> datetime:
        """Return the first instant after now that the words can mean."""
        exact = self.with_own_offset()
        if exact is None:
            day_words, clock = self.parts()
            walls = (self.wall(day, day_words, clock) for day in self.days(day_words))
            found = [resolve(day, wall, self.zone) for day, wall in walls]
        else:
            found = [exact]
        coming = [instant for instant in found if instant > self.local_now]
        if not coming:
            raise self.refusal(" is in the past.")
        return coming[0]

    def with_own_offset(self) -> datetime | None:
        """Return the instant that the words spell in ISO 8601 with an offset; None if they do not."""
        try:
            instant = datetime.fromisoformat(self.words.upper())
        except ValueError:
            return None
        if instant.tzinfo is None:
            return None
        self.check_year(instant)
        return instant

    def parts(self) -> tuple[str, _Clock]:
        """Return the words for the day, perhaps none, and the time of day that stands after or before them."""
        if self.words and self.days(self.words):
            raise self.refusal(f" has no time of day. Add it, as in {quoted(f'{self.text.strip()} 03:10')}.")
        for pattern in (_CLOCK, _CLOCK_LAST, _CLOCK_FIRST):
            match = re.fullmatch(pattern, self.words)
            clock = match and _clock(match)
            if match and clock:
                day_words = match.groupdict().get("day") or ""
                if self.days(day_words):
                    return day_words, clock
        raise self.not_understood()

    def days(self, words: str) -> list[date]:
        """Return the days around today that `words` can mean, in order; none if they are not words for a day."""
        before, _, last = words.rpartition(" ")
        words = before if last in _PARTS else words
        if words in _NEAR:
            return [self.current_day + number * ONE_DAY for number in _NEAR[words]]
        weekday = _index(words, _WEEKDAYS)
        if weekday is not None:
            last_one = self.current_day - (self.current_day.weekday() - weekday) % 7 * ONE_DAY
            return [last_one + number * ONE_DAY for number in (-7, 0, 7)]
        dates = self.dates(words)
        for one in dates:
            self.check_year(one)
        return dates

    def dates(self, words: str) -> list[date]:
        """Return the dates that `words` can mean: "2026-11-20", "20 Nov", "Fri 20 Nov" or "Nov 20 2026"."""
        with suppress(ValueError):
            return [date.fromisoformat(words)]
        match = re.fullmatch(_DATE, words)
        if match is None:
            return []
        weekday, day, month, month_first, day_last, year = match.groups()
        month_index = _index(month or month_first, _MONTHS)
        if month_index is None:
            return []
        dates = []
        for one in [int(year)] if year else range(self.current_day.year - 1, self.current_day.year + 2):
            with suppress(ValueError):  # the 29th of February
                dates.append(date(one, month_index + 1, int(day or day_last)))
        fitting = [one for one in dates if weekday is None or one.weekday() == _index(weekday, _WEEKDAYS)]
        if dates and not fitting:
            raise self.refusal(f": {dates[len(dates) // 2]:%d %b %Y is a %A}.")
        return fitting

    def check_year(self, day: date) -> None:
        """Raise ValueError if `day` is so far away that an offset could overflow the years that Python has."""
        if day.year < _FIRST_YEAR:
            raise self.refusal(f" is before {_FIRST_YEAR}.")
        if day.year > self.local_now.year + 1:
            raise self.refusal(" is still to come, by more than a year.")

    def wall(self, day: date, day_words: str, clock: _Clock) -> tuple[date, time]:
        """Return the date and wall time that `clock` means on `day`, in the part of it that `day_words` name."""
        part = day_words.rpartition(" ")[2]
        if part not in _PARTS:
            if day_words and clock == _MIDNIGHT and "midnight" in self.words:
                raise self.refusal(
                    " can be the start or the end of that day. Write 00:00 with the day that starts then."
                )
            return day, clock.wall
        start, end = _PARTS[part]
        first, step = (clock.wall.hour, 24) if clock.exact else (clock.wall.hour % 12, 12)
        for hours in range(first, end, step):
            if hours >= start:
                days, hour = divmod(hours, 24)
                return day + days * ONE_DAY, clock.wall.replace(hour=hour)
        raise self.refusal(f": {clock.wall:%H:%M} is not in the {part}.")

    def shown(self, day: date, wall: time) -> datetime | None:
        """Return the instant at which clocks showed `wall` on `day`; None if that is still to come."""
        spelled = datetime.combine(day, wall, self.zone)
        first, second = (spelled.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
        if min(first, second) > self.local_now:
            return None
        if second < first:  # PEP 495: a time that the clocks jumped over
            raise self.refusal(f" did not exist on {day}: the clocks were set forward then.")
        if first < second <= self.local_now:
            earlier, later = (_with_offset(one, self.zone).isoformat(timespec="minutes") for one in (first, second))
            raise self.refusal(f" came twice on {day}. Write {earlier} or {later}.")
        return _with_offset(first, self.zone)

    def refusal(self, reason: str) -> ValueError:
        return ValueError(f"{quoted(self.text)}{reason}")

    def not_understood(self) -> ValueError:
        return ValueError(f"I don't understand the time {quoted(self.text)}. {_INSTANT_HINT}")

    def to_come(self) -> ValueError:
        clock_alone = re.fullmatch(_CLOCK, self.words)
        return self.refusal(f" is still to come.{' Did you mean yesterday?' if clock_alone else ''}")


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
    """Return the same for a sentence: "at 22:00", "tomorrow at 07:30", "on Fri 27 Nov at 22:00"."""
    day, _, wall = day_and_time(instant, zone, now).rpartition(" ")
    return f"{'on ' if ' ' in day else ''}{day} at {wall}".lstrip()


def _reader(text: str, now: datetime, zone: tzinfo) -> _Reader:
    return _Reader(text, _plain(text), now.astimezone(zone), zone)


def _plain(text: str) -> str:
    """Return `text` in lower case with single spaces, without words that add nothing."""
    words = " ".join(text.lower().replace(",", " ").split())
    words = re.sub(r"(?<=\d)t(?=\d)", " ", words)  # ISO 8601
    words = re.sub(r"^(?:on|at) |\bin the (?=morning|afternoon|evening)|\bat (?=night)", "", words)
    words = re.sub(r"\bthis (?=morning|afternoon|evening)", "today ", words)
    return words.replace("last night", "yesterday night").replace("tonight", "today night")


def _clock(match: re.Match[str], *, hour_alone: bool = False) -> _Clock | None:
    """Return the time of day in `match`; None for one that does not exist and, without `hour_alone`, for "3"."""
    if match["clock"] in ("noon", "midnight"):
        return _Clock(_NOON, exact=True) if match["clock"] == "noon" else _MIDNIGHT
    hour, minute, second = (int(match[name] or 0) for name in ("hour", "minute", "second"))
    if match["half"] and 1 <= hour <= 12:
        hour = hour % 12 + (12 if match["half"] == "p" else 0)
    elif match["half"] or (match["minute"] is None and not hour_alone):
        return None
    with suppress(ValueError):
        return _Clock(time(hour, minute, second), exact=bool(match["half"]) or match["hour"][0] == "0" or hour > 12)
    return None


def _index(name: str, names: list[str]) -> int | None:
    """Return the index of the full name that `name` abbreviates to three letters or more; None if there is none."""
    return next((index for index, full in enumerate(names) if len(name) > 2 and full.startswith(name)), None)


def _with_offset(instant: datetime, zone: tzinfo) -> datetime:
    local = instant.astimezone(zone)
    return local.astimezone(timezone(local.utcoffset() or timedelta(0)))
