"""What a person writes in the diary, and what the diary says when corrections are taken into account.

A diary is a set of rows that only ever grows. Merging two diaries unites their sets, so neither the order nor
repetition matters.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Annotated, Any, Literal, TypeVar, get_args

import msgspec

from remind.core.times import evening_of, resolve

Leg = Literal["left", "right", "both"]
LEGS: tuple[Leg, ...] = get_args(Leg)

_Id = Annotated[str, msgspec.Meta(pattern="^[0-9a-z-]{1,64}$")]
_Instant = Annotated[datetime, msgspec.Meta(tz=True)]
_Count = Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]
MOST_TEXT = 2000
"""Letters in a note or the name of a routine."""
MOST_MINUTES = 1440
"""Of a cramp: a day."""

_Text = Annotated[str, msgspec.Meta(max_length=MOST_TEXT)]


class _Row(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind"):
    id: _Id
    at: _Instant
    """When it happened, with the offset that held there."""
    written_at: _Instant
    replaces: _Id | None = None
    """The id of the entry, as first written, that this row stands for instead."""


class Stretch(_Row, frozen=True, kw_only=True, tag="stretch"):
    """A session of stretching, `at` its end; the seconds are those of holding."""

    routine: _Text
    planned_s: _Count
    held_s: _Count
    complete: bool


class Cramp(_Row, frozen=True, kw_only=True, tag="cramp"):
    """A cramp, `at` its beginning; None is what was not said."""

    leg: Leg | None = None
    severity: Annotated[int, msgspec.Meta(ge=0, le=10)] | None = None
    minutes: Annotated[int, msgspec.Meta(ge=0, le=MOST_MINUTES)] | None = None
    woke: bool | None = None
    note: _Text = ""


class QuietNight(_Row, frozen=True, kw_only=True, tag="quiet-night"):
    """A night without a cramp, written down as such; `night` is the date on which its evening began."""

    night: date


class Drink(_Row, frozen=True, kw_only=True, tag="drink"):
    """Something drunk."""

    amount_ml: Annotated[int, msgspec.Meta(ge=1, le=10_000)]


class Removal(_Row, frozen=True, kw_only=True, tag="removal"):
    """The entry `replaces` is not to count any more."""


class Undo(_Row, frozen=True, kw_only=True, tag="undo"):
    """The very row `replaces` is taken back: what was said before it counts again."""


Entry = Stretch | Cramp | QuietNight | Drink
Row = Entry | Removal | Undo

E = TypeVar("E", bound=Entry)

KINDS: dict[str, type[Entry]] = {
    "stretch": Stretch,
    "cramp": Cramp,
    "quiet-night": QuietNight,
    "drink": Drink,
}


def night_of(at: datetime) -> date:
    """The night that `at` belongs to, by the offset that held then: noon to noon, named after its evening."""
    if at.tzinfo is None:
        raise ValueError(f"{at} has no offset")
    return evening_of(at, at.tzinfo)


def night_begin(night: date, zone: tzinfo) -> datetime:
    """The noon at which `night` begins, with the offset that holds there."""
    return resolve(night, time(12), zone).astimezone(zone)


def current_entries(rows: Iterable[Row]) -> list[Entry]:
    """The entries that count, by time: each as last corrected, none that was removed or taken back."""
    last: dict[str, Row] = {}
    for row in _not_undone(rows):
        first = row.replaces or row.id
        if first not in last or _by_writing(last[first]) < _by_writing(row):
            last[first] = row
    return sorted((row for row in last.values() if not isinstance(row, Removal | Undo)), key=_by_time)


def _not_undone(rows: Iterable[Row]) -> Iterator[Row]:
    rows = list(rows)
    undone = {row.replaces for row in rows if isinstance(row, Undo)}
    return (row for row in rows if row.id not in undone and not isinstance(row, Undo))


def merged(*diaries: Iterable[Row]) -> list[Row]:
    """All rows of `diaries`, each once, in the order of writing.

    Raises:
        ValueError: two different rows have the same id, so one of them was changed by hand.
    """
    rows: dict[str, Row] = {}
    for row in (row for diary in diaries for row in diary):
        if rows.setdefault(row.id, row) != row:
            raise ValueError(f"the entry {row.id} is there twice with different contents")
    return sorted(rows.values(), key=_by_writing)


def corrected(entry: E, new_id: str, now: datetime, **changes: object) -> E:
    """The row with `changes` that stands for `entry` from now on, even if the clock was set back."""
    return msgspec.structs.replace(entry, **_correction(entry, new_id, now), **changes)


def removal(entry: Entry, new_id: str, now: datetime) -> Removal:
    """The row that keeps `entry` from counting from now on."""
    return Removal(at=entry.at, **_correction(entry, new_id, now))


def _correction(entry: Entry, new_id: str, now: datetime) -> dict[str, Any]:
    written_at = max(now, entry.written_at + timedelta(microseconds=1))
    return {"id": new_id, "written_at": written_at, "replaces": entry.replaces or entry.id}


def _by_writing(row: Row) -> tuple[bool, datetime, str]:
    # A correction counts even when it comes from a machine whose clock is behind.
    return row.replaces is not None, row.written_at, row.id


def _by_time(entry: Entry) -> tuple[datetime, str]:
    return entry.at, entry.id
