"""The calendar of nights, as Today and the diary show it."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

import msgspec

from remind.core.diary import Cramp, Entry, QuietNight, Stretch, night_of
from remind.core.statistics import Night, by_night, first_day
from remind.store.diary import Diary

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


class Box(msgspec.Struct, frozen=True):
    """One night: its look, its letter, and the whole of it in words."""

    kind: str
    """cramp, quiet, missing, or none: before the diary began, or still to come."""
    letter: str
    stretched: bool
    words: str


class Week(msgspec.Struct, frozen=True):
    """Seven nights from `monday` on."""

    monday: str
    boxes: tuple[Box, ...]


def nights_in(diary: Diary) -> list[Entry]:
    """Return the entries of `diary` that say something of a night: without the drinks, which are most of a diary."""
    return [*diary.of(Cramp), *diary.of(QuietNight), *diary.of(Stretch)]


def weeks_of_nights(entries: Iterable[Entry], now: datetime, weeks: int) -> list[Week]:
    """Return the last `weeks` weeks of nights from the first with an entry on; this week is the last."""
    nights, tonight = by_night(entries), night_of(now)
    begin = min(nights, default=tonight)
    found = []
    for number in range(weeks):
        monday = first_day(now, weeks) + timedelta(days=7 * number)
        if monday + timedelta(days=6) < begin:
            continue
        days = [monday + timedelta(days=place) for place in range(7)]
        boxes = tuple(_box(day, nights.get(day, Night()), counts=begin <= day < tonight) for day in days)
        found.append(Week(short(monday), boxes))
    return found


def short(day: date) -> str:
    """Return `day` in short: "24 Nov"."""
    return f"{day.day} {day:%b}"


def _box(day: date, night: Night, *, counts: bool) -> Box:
    kind = night.kept if counts or night.kept != "missing" else "none"
    letter = {"cramp": "×" if night.worst is None else str(night.worst), "quiet": "–", "missing": "?"}.get(kind, "")
    if kind == "none":
        words = "stretched" if night.stretches else "nothing yet"
    else:
        words = f"{night.words}{'; stretched before' if night.stretches else ''}"
    return Box(kind, letter, bool(night.stretches), f"Night of {day:%a} {short(day)}: {words}")
