"""The entries of the diary, and which of them count after corrections.

A diary is a set of rows that only grows. Two diaries are merged as the union of their sets, so order and repetition do
not matter.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import chain
from typing import Annotated, Any, Literal, TypeVar, get_args

import msgspec

from remind.core.times import ONE_DAY, evening_of, resolve

Leg = Literal["left", "right", "both"]
LEGS: tuple[Leg, ...] = get_args(Leg)
Place = Literal["calf", "foot", "thigh"]
PLACES: tuple[Place, ...] = get_args(Place)

_Id = Annotated[str, msgspec.Meta(pattern="^[0-9a-z-]{1,64}$")]
_Instant = Annotated[datetime, msgspec.Meta(tz=True)]
_Count = Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]
_Scale = Annotated[int, msgspec.Meta(ge=0, le=10)]
MOST_TEXT = 2000
"""The longest note or routine name, in characters."""
MOST_MINUTES = 1440
"""The longest cramp, a day."""
MOST_CRAMPS = 20
"""The most cramps that one entry stands for."""

_Text = Annotated[str, msgspec.Meta(max_length=MOST_TEXT)]
_Said = Annotated[str, msgspec.Meta(min_length=1, max_length=MOST_TEXT)]


class _Row(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind"):
    id: _Id
    at: _Instant | None
    """When it happened, with the offset of that place and time; None if that has no time, or none that is known."""
    written_at: _Instant
    replaces: _Id | None = None
    """The id of the entry, as first logged, that this row replaces."""


class _TimedRow(_Row, frozen=True, kw_only=True):
    at: _Instant


class Stretch(_TimedRow, frozen=True, kw_only=True, tag="stretch"):
    """A stretching session; `at` is its end, and only the seconds of holds count."""

    routine: _Text
    planned_s: _Count
    held_s: _Count
    complete: bool


class Cramp(_Row, frozen=True, kw_only=True, tag="cramp"):
    """A cramp, or several of one night; what was not said is None.

    `at` is its beginning. If that is not known, `night` is the date of its evening.
    """

    night: date | None = None
    count: Annotated[int, msgspec.Meta(ge=1, le=MOST_CRAMPS)] = 1
    """How many cramps the entry stands for."""
    leg: Leg | None = None
    place: Place | None = None
    severity: _Scale | None = None
    minutes: Annotated[int, msgspec.Meta(ge=0, le=MOST_MINUTES)] | None = None
    """How long it lasted; several cramps, in all."""
    disturbance: _Scale | None = None
    """How much it disturbed the person's sleep."""
    soreness: _Scale | None = None
    """How sore the muscle was afterwards."""
    woke: bool | None = None
    note: _Text = ""

    def __post_init__(self) -> None:
        if (self.at is None) == (self.night is None):
            raise ValueError("a cramp has either a time or, if that is not known, a night")


class QuietNight(_TimedRow, frozen=True, kw_only=True, tag="quiet-night"):
    """A night without a cramp; `night` is the date of its evening."""

    night: date


class Drink(_TimedRow, frozen=True, kw_only=True, tag="drink"):
    """A drink."""

    amount_ml: Annotated[int, msgspec.Meta(ge=1, le=10_000)]


class Medicine(_Row, frozen=True, kw_only=True, tag="medicine", rename={"since": "from", "until": "to"}):
    """A medicine, taken from one day to another, or until now; it has no time of day."""

    at: None = None
    name: _Said
    since: date
    until: date | None = None
    note: _Text = ""

    def __post_init__(self) -> None:
        if self.until is not None and self.until < self.since:
            raise ValueError(f"a medicine can't end on {self.until}, before it began on {self.since}")


class Note(_TimedRow, frozen=True, kw_only=True, tag="note"):
    """A note of the person's own."""

    note: _Said


class Removal(_TimedRow, frozen=True, kw_only=True, tag="removal"):
    """The entry `replaces` no longer counts."""


class Undo(_TimedRow, frozen=True, kw_only=True, tag="undo"):
    """The row `replaces` is undone; what it replaced counts again."""


Entry = Stretch | Cramp | QuietNight | Drink | Medicine | Note
Row = Entry | Removal | Undo

RELIEF = "cramp-now"
"""The routine for relief during a cramp, which does not count as the stretch before bed."""

E = TypeVar("E", bound=Entry)

KINDS: dict[str, type[Entry]] = {
    "stretch": Stretch,
    "cramp": Cramp,
    "quiet-night": QuietNight,
    "drink": Drink,
    "medicine": Medicine,
    "note": Note,
}


def night_of(at: datetime) -> date:
    """Return the night of `at` by its own offset: from noon to noon, named after the date of its evening."""
    if at.tzinfo is None:
        raise ValueError(f"{at} has no offset")
    return evening_of(at, at.tzinfo)


def night_of_cramp(cramp: Cramp) -> date:
    """Return the night of `cramp`, whether or not its time is known."""
    if cramp.at is not None:
        return night_of(cramp.at)
    assert cramp.night is not None
    return cramp.night


def night_of_entry(entry: Entry) -> date | None:
    """Return the night that `entry` belongs to; None for a drink or a medicine, which belong to none."""
    match entry:
        case Cramp():
            return night_of_cramp(entry)
        case QuietNight():
            return entry.night
        case Stretch() | Note():
            return night_of(entry.at)
    return None


def place_in_time(row: Row) -> datetime:
    """Return the instant by which `row` is sorted and found. It is never shown where `at` is None.

    Of a night it is midnight in UTC, which is within the night in all zones but the easternmost.
    """
    if row.at is not None:
        return row.at
    day = row.since if isinstance(row, Medicine) else night_of_cramp(row) + ONE_DAY
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


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
    return Removal(at=now if entry.at is None else entry.at, **_correction(entry, new_id, now))


def _correction(entry: Entry, new_id: str, now: datetime) -> dict[str, Any]:
    written_at = max(now, entry.written_at + timedelta(microseconds=1))
    return {"id": new_id, "written_at": written_at, "replaces": entry.replaces or entry.id}


def _by_writing(row: Row) -> tuple[bool, datetime, str]:
    # A correction counts even if it comes from a machine whose clock is slow.
    return row.replaces is not None, row.written_at, row.id


def _by_time(entry: Entry) -> tuple[datetime, str]:
    return place_in_time(entry), entry.id
