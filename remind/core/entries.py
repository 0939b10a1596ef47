"""Diary entries in words, and values from what people type about them."""

from datetime import date, datetime, tzinfo
from typing import TYPE_CHECKING

from remind.core.diary import (
    MOST_TEXT,
    Cramp,
    Drink,
    Entry,
    Medicine,
    Note,
    QuietNight,
    Removal,
    Row,
    Stretch,
    night_of,
    night_of_cramp,
)
from remind.core.schema import printable
from remind.core.timeparse import day_and_time, parse_instant
from remind.core.units import format_amount, format_seconds, understood
from remind.errors import UsageError

if TYPE_CHECKING:
    from remind.core.statistics import Night


def describe(row: Row, now: datetime) -> str:
    """Return `row` on one line: "Sun 22 Nov 03:10  cramp, left leg, severity 6 of 10, 5 min"."""
    return f"{when(row, now)}  {said(row)}"


def when(row: Row, now: datetime) -> str:
    """Return when `row` was: the time if it has one, or else its night or day."""
    if isinstance(row, Medicine):
        return f"from {day_words(row.since)}"
    if isinstance(row, QuietNight):
        return f"night of {day_words(row.night)}"
    if row.at is None:
        return f"night of {day_words(night_of_cramp(row))}"
    return day_and_time(row.at, row.at.tzinfo or now.tzinfo, now)  # type: ignore[arg-type]


def day_words(day: date) -> str:
    """Return `day` in words: "Sun 22 Nov 2026"."""
    return f"{day:%a} {day.day} {day:%b %Y}"


def said(row: Row) -> str:
    """Return what `row` says, without when it was: "cramp, left leg, severity 6 of 10, 5 min"."""
    match row:
        case Stretch():
            whole = "" if row.complete else f" of {format_seconds(row.planned_s)}"
            return f"stretch {printable(row.routine)}, held {format_seconds(row.held_s)}{whole}"
        case Cramp():
            return _cramp(row)
        case QuietNight():
            return "no cramp"
        case Drink():
            return f"drank {format_amount(row.amount_ml)}"
        case Medicine():
            until = f"until {day_words(row.until)}" if row.until else ""
            return _joined(f"medicine {printable(row.name)}", until, printable(row.note))
        case Note():
            return f"note: {printable(row.note)}"
    return f"{'removed' if isinstance(row, Removal) else 'undid'} {row.replaces}"


def night_words(night: date, found: "Night", now: datetime) -> str:
    """Return a night and its evening in words: "Night of Sat 21 Nov 2026: stretched, 2 cramps"."""
    lasts = night == night_of(now) and found.kept == "missing"  # tonight, of which nothing is known yet
    stretched = "stretched" if found.stretches else "" if lasts else "not stretched"
    parts = _joined(stretched, "" if lasts else found.words)
    return f"Night of {day_words(night)}{': ' if parts else ''}{parts}"


def clock_words(entry: Entry) -> str:
    """Return the time of day of `entry`, or "" if it has none."""
    return "" if isinstance(entry, QuietNight) or entry.at is None else f"{entry.at:%H:%M}"


def typed_instant(text: str | None, now: datetime, zone: tzinfo) -> datetime:
    """Return the instant that a person means by `text`; now without one."""
    return understood(parse_instant, "now" if text is None else text, now, zone)


def typed_note(text: str, what: str = "the note") -> str:
    """Return the note `text`. Raise UsageError, which calls it `what`, if it cannot be shown again."""
    if len(text) > MOST_TEXT or not text.isprintable():
        raise UsageError(f"{what} must be one line of at most {MOST_TEXT} characters, without control characters")
    return text


def typed_words(what: str, text: str) -> str:
    """Return the `text` that is the whole of an entry. Raise UsageError if it is empty, or cannot be shown again."""
    if not text.strip():
        raise UsageError(f"{what} is empty")
    return typed_note(text.strip(), what)


def _minutes(minutes: int | None) -> str:
    if minutes is None:
        return ""
    return f"{minutes} min" if minutes else "under 1 min"


def _cramp(cramp: Cramp) -> str:
    return _joined(
        "cramp" if cramp.count == 1 else f"{cramp.count} cramps",
        f"{cramp.leg} leg{'s' if cramp.leg == 'both' else ''}" if cramp.leg else "",
        cramp.place or "",
        _of_ten("severity", cramp.severity),
        _minutes(cramp.minutes),
        _of_ten("sleep disturbed", cramp.disturbance),
        _of_ten("sore afterwards", cramp.soreness),
        {True: "woke me", False: "did not wake me", None: ""}[cramp.woke],
        printable(cramp.note),
    )


def _of_ten(what: str, number: int | None) -> str:
    return "" if number is None else f"{what} {number} of 10"


def _joined(*parts: str) -> str:
    return ", ".join(filter(None, parts))
