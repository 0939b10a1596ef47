"""Diary entries in words, and values from what people type about them."""

from collections.abc import Callable
from datetime import datetime, tzinfo

from remind.core.diary import MOST_TEXT, Cramp, Drink, QuietNight, Removal, Row, Stretch, Undo
from remind.core.schema import printable
from remind.core.timeparse import day_and_time, parse_instant
from remind.core.units import format_amount, format_seconds, understood
from remind.errors import UsageError


def describe(row: Row, now: datetime) -> str:
    """Return `row` on one line: "Sun 22 Nov 03:10  cramp, left leg, severity 6 of 10, 5 min"."""
    if isinstance(row, QuietNight):
        return f"night of {row.night:%a} {row.night.day} {row.night:%b %Y}  no cramp"
    at = day_and_time(row.at, row.at.tzinfo or now.tzinfo, now)  # type: ignore[arg-type]
    return f"{at}  {_said(row)}"


def typed_instant(
    text: str | None,
    now: datetime,
    zone: tzinfo,
    parse: Callable[[str, datetime, tzinfo], datetime] = parse_instant,
) -> datetime:
    """Return the instant that a person means by `text`; now without one."""
    return understood(parse, "now" if text is None else text, now, zone)


def typed_note(text: str) -> str:
    """Return the note `text`. Raise UsageError if it cannot be shown again."""
    if len(text) > MOST_TEXT or not text.isprintable():
        raise UsageError(f"a note is one line of at most {MOST_TEXT} characters, without control characters")
    return text


def _minutes(minutes: int | None) -> str:
    if minutes is None:
        return ""
    return f"{minutes} min" if minutes else "under 1 min"


def _said(row: Stretch | Cramp | Drink | Removal | Undo) -> str:
    if isinstance(row, Stretch):
        whole = "" if row.complete else f" of {format_seconds(row.planned_s)}"
        return f"stretch {printable(row.routine)}, held {format_seconds(row.held_s)}{whole}"
    if isinstance(row, Cramp):
        parts = [
            "cramp",
            f"{row.leg} leg{'s' if row.leg == 'both' else ''}" if row.leg else "",
            f"severity {row.severity} of 10" if row.severity is not None else "",
            _minutes(row.minutes),
            {True: "woke me", False: "did not wake me", None: ""}[row.woke],
            printable(row.note),
        ]
        return ", ".join(part for part in parts if part)
    if isinstance(row, Drink):
        return f"drank {format_amount(row.amount_ml)}"
    return f"{'removed' if isinstance(row, Removal) else 'undid'} {row.replaces}"
