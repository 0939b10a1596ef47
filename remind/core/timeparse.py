"""Times and nights of the past as people say them: "03:10", "yesterday 23:00", "20 min ago", or ISO 8601.

Nothing is guessed where two readings are left: what would lie in the future, and an hour that came twice when
the clocks were set back, are refused in words.
"""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo

from remind.core.times import ONE_DAY, WEEKDAYS, resolve
from remind.core.units import parse_duration

_CLOCK = re.compile(r"(\d{1,2})(?::(\d{2}))?([ap]m)?")
_APART = re.compile(r"(?<=\d) (?=[ap]m\b)")
_NAMED = {"noon": "12:00", "midnight": "0:00"}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_NOON = time(12)
_EARLIEST = 1970
_HOW = 'say it as "03:10", "yesterday 23:00", "20 min ago" or "2026-01-31 03:10"'


def parse_instant(text: str, now: datetime, zone: tzinfo) -> datetime:
    """The instant in the past that `text` means at `now` in `zone`, with the offset that held there.

    A time alone is today's; said in the morning, one from noon on is the evening before's.

    Raises:
        ValueError: it is no time, lies in the future, or came twice or not at all because clocks were set.
    """
    words = " ".join(text.lower().split())
    if words == "now":
        return _with_offset(now, zone)
    if words.endswith(" ago"):
        return _ago(text, words.removesuffix(" ago"), now, zone)
    if _DAY.match(words):
        return _iso(text, words, now, zone)
    day, clock = _split(text, _APART.sub("", words))
    return _placed(text, _date(text, day, clock, now, zone), clock, now, zone)


def parse_day_or_instant(text: str, now: datetime, zone: tzinfo) -> datetime:
    """Return the instant that `text` means; a day alone, as "2026-01-31", "today" or "yesterday", is its beginning.

    Raises:
        ValueError: it is neither, or lies in the future.
    """
    today = now.astimezone(zone).date()
    near = {"today": today, "yesterday": today - ONE_DAY}
    try:
        day = near.get(text.strip().lower()) or datetime.strptime(text.strip(), "%Y-%m-%d").date()  # noqa: DTZ007
    except ValueError:
        return parse_instant(text, now, zone)
    _check_year(text, day, now)
    # A midnight that the clocks skip or show twice still begins its day.
    begin = resolve(day, time(), zone)
    if begin > now:
        raise ValueError(f"{text!r} lies in the future")
    return begin


def parse_night(text: str, now: datetime, zone: tzinfo) -> date:
    """The night that `text` means, as the date of its evening: "last night", "sat" or an ISO date.

    Raises:
        ValueError: it is no night, or one that is not over.
    """
    words = " ".join(text.lower().split())
    today = now.astimezone(zone).date()
    if words in ("last night", "yesterday"):
        return today - ONE_DAY
    if _weekday(words) is not None:
        night = _last(words, today - ONE_DAY)
    else:
        try:
            night = date.fromisoformat(words)
        except ValueError:
            raise ValueError(f'{text!r} is no night; say "last night", "sat" or "2026-01-31"') from None
    if night >= today:
        raise ValueError(f"the night that begins on {night} is not over")
    _check_year(text, night, now)
    return night


def _ago(text: str, words: str, now: datetime, zone: tzinfo) -> datetime:
    try:
        return _with_offset(now - parse_duration(words), zone)
    except ValueError:
        raise ValueError(f"{text!r} is no time; {_HOW}") from None


def _iso(text: str, words: str, now: datetime, zone: tzinfo) -> datetime:
    try:
        said = datetime.fromisoformat(words.upper())
    except ValueError:
        raise ValueError(f"{text!r} is no time; {_HOW}") from None
    if len(words) == len("2026-01-31"):
        raise ValueError(f'{text!r} is a day; say the time too, as in "{words} 03:10"')
    _check_year(text, said, now)
    if said.tzinfo is None:
        return _placed(text, said.date(), said.time(), now, zone)
    if said.astimezone(UTC) > now:
        raise ValueError(f"{text!r} lies in the future")
    return said


def _check_year(text: str, said: date, now: datetime) -> None:
    if said.year < _EARLIEST:
        raise ValueError(f"{text!r} is before {_EARLIEST}")
    if said.year > now.year + 1:  # too far for an instant of every zone to exist
        raise ValueError(f"{text!r} lies in the future")


def _split(text: str, words: str) -> tuple[str, time]:
    """The words for the day, if any, and the time that stands before or after them."""
    first, _, after = words.partition(" ")
    before, _, last = words.rpartition(" ")
    for clock, day in ((last, before), (first, after)):
        match = _CLOCK.fullmatch(_NAMED.get(clock, clock))
        if match and (match[2] or match[3]):
            return day, _wall(text, int(match[1]), int(match[2] or 0), match[3])
    raise ValueError(f"{text!r} is no time; {_HOW}")


def _wall(text: str, hour: int, minute: int, half: str | None) -> time:
    if half and not 1 <= hour <= 12:
        raise ValueError(f"{text!r} is no time of day")
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    try:
        return time(hour, minute)
    except ValueError:
        raise ValueError(f"{text!r} is no time of day") from None


def _date(text: str, day: str, clock: time, now: datetime, zone: tzinfo) -> date:
    local = now.astimezone(zone)
    today, yesterday = local.date(), local.date() - ONE_DAY
    if day == "":
        evening_before = local.time() < _NOON <= clock
        return yesterday if evening_before else today
    if day == "today":
        return today
    if day == "yesterday":
        return yesterday
    if day == "last night":
        return yesterday if clock >= _NOON else today
    if _weekday(day) is not None:
        return _last(day, today)
    raise ValueError(f"{text!r} is no time; {_HOW}")


def _weekday(word: str) -> int | None:
    full = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    for names in (WEEKDAYS, full):
        if word in names:
            return names.index(word)
    return None


def _last(word: str, today: date) -> date:
    return today - timedelta(days=(today.weekday() - (_weekday(word) or 0)) % 7)


def _placed(text: str, day: date, wall: time, now: datetime, zone: tzinfo) -> datetime:
    """The instant at which the clocks of `zone` showed `wall` on `day`, if there was one and only one."""
    spelled = datetime.combine(day, wall)
    readings = {spelled.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)}
    shown = sorted(one for one in readings if one.astimezone(zone).replace(tzinfo=None, fold=0) == spelled)
    past = [one for one in shown if one <= now]
    if not shown:
        raise ValueError(f"{text!r} did not exist on {day}: the clocks were set forward then")
    if not past:
        raise ValueError(f"{text!r} lies in the future; say the day too if you mean another one")
    if len(past) > 1:
        first, second = (_with_offset(one, zone).isoformat(timespec="minutes") for one in past)
        raise ValueError(f"{text!r} came twice on {day}; say {first} or {second}")
    return _with_offset(past[0], zone)


def _with_offset(instant: datetime, zone: tzinfo) -> datetime:
    local = instant.astimezone(zone)
    return local.astimezone(timezone(local.utcoffset() or timedelta(0)))
