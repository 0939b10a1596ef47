"""The entries of the diary, and which of them count after corrections.

A diary is a set of rows that only grows. Two diaries are merged as the union of their sets, so order and repetition do
not matter.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta, tzinfo
from itertools import chain
from typing import Annotated, Any, Literal, TypeVar, get_args

import msgspec

from remind.core.times import evening_of, resolve

Leg = Literal["left", "right", "both"]
LEGS: tuple[Leg, ...] = get_args(Leg)

_Id = Annotated[str, msgspec.Meta(pattern="^[0-9a-z-]{1,64}$")]
_Instant = Annotated[datetime, msgspec.Meta(tz=True)]
_Count = Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]
MOST_TEXT = 2000
"""The longest note or routine name, in characters."""
MOST_MINUTES = 1440
"""The longest cramp, a day."""

_Text = Annotated[str, msgspec.Meta(max_length=MOST_TEXT)]


class _Row(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind"):
    id: _Id
    at: _Instant
    """When it happened, with the offset of that place and time."""
    written_at: _Instant
    replaces: _Id | None = None
    """The id of the entry, as first logged, that this row replaces."""


class Stretch(_Row, frozen=True, kw_only=True, tag="stretch"):
    """A stretching session; `at` is its end, and only the seconds of holds count."""

    routine: _Text
    planned_s: _Count
    held_s: _Count
    complete: bool


class Cramp(_Row, frozen=True, kw_only=True, tag="cramp"):
    """A cramp; `at` is its beginning, and what was not said is None."""

    leg: Leg | None = None
    severity: Annotated[int, msgspec.Meta(ge=0, le=10)] | None = None
    minutes: Annotated[int, msgspec.Meta(ge=0, le=MOST_MINUTES)] | None = None
    woke: bool | None = None
    note: _Text = ""


class QuietNight(_Row, frozen=True, kw_only=True, tag="quiet-night"):
    """A night without a cramp; `night` is the date of its evening."""

    night: date


class Drink(_Row, frozen=True, kw_only=True, tag="drink"):
    """A drink."""

    amount_ml: Annotated[int, msgspec.Meta(ge=1, le=10_000)]


class Removal(_Row, frozen=True, kw_only=True, tag="removal"):
    """The entry `replaces` no longer counts."""


class Undo(_Row, frozen=True, kw_only=True, tag="undo"):
    """The row `replaces` is undone; what it replaced counts again."""


Entry = Stretch | Cramp | QuietNight | Drink
Row = Entry | Removal | Undo

E = TypeVar("E", bound=Entry)

KINDS: dict[str, type[Entry]] = {"stretch": Stretch, "cramp": Cramp, "quiet-night": QuietNight, "drink": Drink}


def night_of(at: datetime) -> date:
    """Return the night of `at` by its own offset: from noon to noon, named after the date of its evening."""
    if at.tzinfo is None:
        raise ValueError(f"{at} has no offset")
    return evening_of(at, at.tzinfo)


def night_begin(night: date, zone: tzinfo) -> datetime:
    """Return the noon at which `night` begins, with the offset of `zone`."""
    return resolve(night, time(12), zone).astimezone(zone)


def current_entries(rows: Iterable[Row]) -> list[Entry]:
    """Return the entries that count, by time: each as last corrected, without what was removed or undone."""
    rows, last = list(rows), dict[str, Row]()
    undone = {row.replaces for row in rows if isinstance(row, Undo)}
    for row in rows:
        if row.id in undone or isinstance(row, Undo):
            continue
        first = row.replaces or row.id
        if first not in last or _by_writing(last[first]) < _by_writing(row):
            last[first] = row
    return sorted((row for row in last.values() if isinstance(row, Entry)), key=_by_time)


def merged(*diaries: Iterable[Row]) -> list[Row]:
    """Return all rows of `diaries`, each once, in the order of writing.

    Raises:
        ValueError: two different rows have the same id, which happens when one was changed by hand.
    """
    rows: dict[str, Row] = {}
    for row in chain(*diaries):
        if rows.setdefault(row.id, row) != row:
            raise ValueError(f"the entry {row.id} is there twice with different contents")
    return sorted(rows.values(), key=_by_writing)


def corrected(entry: E, new_id: str, now: datetime, **changes: object) -> E:
    """Return `entry` with `changes`, as the row that replaces it even if the clock was set back."""
    return msgspec.structs.replace(entry, **_correction(entry, new_id, now), **changes)


def removal(entry: Entry, new_id: str, now: datetime) -> Removal:
    """Return the row that removes `entry`, even if the clock was set back."""
    return Removal(at=entry.at, **_correction(entry, new_id, now))


def _correction(entry: Entry, new_id: str, now: datetime) -> dict[str, Any]:
    written_at = max(now, entry.written_at + timedelta(microseconds=1))
    return {"id": new_id, "written_at": written_at, "replaces": entry.replaces or entry.id}


def _by_writing(row: Row) -> tuple[bool, datetime, str]:
    # A correction counts even if it comes from a machine whose clock is slow.
    return row.replaces is not None, row.written_at, row.id


def _by_time(entry: Entry) -> tuple[datetime, str]:
    return entry.at, entry.id
