"""What people log and correct, the same from a command and from the page: checked, then added to the diary."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any, TypeVar

import msgspec

from remind.core.diary import (
    Cramp,
    Drink,
    Entry,
    Medicine,
    QuietNight,
    Row,
    corrected,
    night_begin,
    night_of_cramp,
    night_of_entry,
    place_in_time,
    removal,
)
from remind.core.hydration import MUCH_ML, drunk_ml, most_in_an_hour_ml
from remind.core.times import ONE_DAY, Days, wake
from remind.core.units import format_amount
from remind.errors import RemindError, UsageError
from remind.store.diary import Diary, new_id

E = TypeVar("E", bound=Entry)
R = TypeVar("R", bound=Row)

_HOUR = timedelta(hours=1)
_SPELLED = {"amount_ml": "amount", "since": "from", "until": "to"}


def twin_of(entry: Cramp, diary: Diary) -> Cramp | None:
    """Return the cramp in `diary` that `entry` repeats, or None.

    It began in the same minute, or in the same night if neither time is known, and is not of another leg.
    """
    return next((one for one in _near(Cramp, night_of_cramp(entry), diary) if _same_cramp(one, entry)), None)


def medicine_again(entry: Medicine, diary: Diary) -> Medicine | None:
    """Return the medicine in `diary` that has the name of `entry` and is taken on a day of it, or None."""

    def last(one: Medicine) -> date:
        return one.until or date.max

    same = (one for one in diary.of(Medicine) if one.name.casefold() == entry.name.casefold())
    return next((one for one in same if one.since <= last(entry) and entry.since <= last(one)), None)


def says_the_same(twin: Cramp, entry: Cramp) -> bool:
    """Return whether `entry` adds nothing to what its `twin` says."""
    return msgspec.structs.replace(entry, id=twin.id, at=twin.at, written_at=twin.written_at) == twin


def quiet_night(night: date, diary: Diary) -> QuietNight | None:
    """Return the entry of `diary` that says there was no cramp in `night`, or None."""
    return next(iter(of_night(QuietNight, night, diary)), None)


def of_night(kind: type[E], night: date, diary: Diary) -> list[E]:
    """Return the entries of one `kind` in `diary` that belong to `night`."""
    return [one for one in _near(kind, night, diary) if night_of_entry(one) == night]


def night_lasts(days: Days, night: date, now: datetime, zone: tzinfo) -> str:
    """Return the sentence that `night` lasts until waking; "" if that has passed."""
    up = wake(days, night + ONE_DAY, zone).astimezone(zone)
    return f"The night of {night:%a} {night.day} {night:%b} lasts until {up:%H:%M}." if now < up else ""


def new_quiet_night(night: date, now: datetime, zone: tzinfo) -> QuietNight:
    """Return the entry that says there was no cramp in `night`."""
    return QuietNight(id=new_id(), at=night_begin(night, zone), written_at=now, night=night)


def drink_warnings(drinks: Iterable[Drink], diary: Diary, at: datetime, limit_ml: int | None) -> list[str]:
    """Return what to say when too much was drunk: on the day of `drinks`, or within an hour of `at`."""
    said, drunk = [], drunk_ml(drinks)
    if limit_ml is not None and drunk > limit_ml:
        said.append(f"That is more than the {format_amount(limit_ml)} a day that you were told to keep to.")
    most = most_in_an_hour_ml(diary.of(Drink, at - _HOUR, at + _HOUR), at)
    if most > MUCH_ML:
        rest = "" if limit_ml is not None else " Leave the rest for later; you don't need to catch up."
        said.append(f"{format_amount(most)} within an hour is a lot.{rest}")
    return said


def entry_of(text: str, diary: Diary) -> Entry:
    """Return the entry with the id `text`, or the only one whose id begins with it.

    Raises:
        UsageError: there is none, or there are several.
    """
    found = [entry for entry in diary.entries() if entry.id.startswith(text.lower())]
    if len(found) == 1 and text:
        return found[0]
    which = "more than one entry has" if found and text else "no entry has"
    raise UsageError(f"{which} an id that begins with {text!r}. `remind diary` shows them.")


def kind_of(row: msgspec.Struct) -> str:
    """Return the kind of a row as the diary names it."""
    return str(row.__struct_config__.tag)


def chosen(rows: Iterable[R], since: datetime | None, kind: str | None) -> list[R]:
    """Return the `rows` of `kind` from `since` on; None is any."""
    late = (row for row in rows if since is None or place_in_time(row) >= since)
    return [row for row in late if kind in (None, kind_of(row))]


def correct(entry: Entry, changes: Mapping[str, Any], diary: Diary, now: datetime) -> Entry:
    """Add the row that makes `changes` to `entry`, and return it.

    Raises:
        UsageError: such an entry has none of that.
    """
    fields = set() if isinstance(entry, QuietNight) else {*entry.__struct_fields__}
    fields -= {"at"} if isinstance(entry, Medicine) else set()
    misfits = [_SPELLED.get(name, name) for name in changes if name not in fields]
    if misfits:
        raise UsageError(f"{entry.id} is a {kind_of(entry)}, which has no {' and no '.join(misfits)}")
    if isinstance(entry, Cramp) and ("at" in changes) != ("night" in changes):  # it has one of the two
        changes = {"at": None, "night": None, **changes}
    try:
        row = corrected(entry, new_id(), now, **changes)
    except ValueError as error:
        raise UsageError(str(error)) from error
    diary.add(row)
    return row


def remove(entry: Entry, diary: Diary, now: datetime) -> None:
    """Add the row that removes `entry`. Raise StoreError if that fails."""
    diary.add(removal(entry, new_id(), now))


def undo(diary: Diary, now: datetime) -> tuple[Row, list[Entry]]:
    """Undo the last row that was written here. Return that row, and the entries that count again.

    Raises:
        RemindError: there is nothing to undo.
    """
    row = diary.undo(now)
    if row is None:
        raise RemindError("there is nothing to undo")
    entries = diary.entries() if row.replaces else []
    return row, [entry for entry in entries if row.replaces in (entry.id, entry.replaces)]


def _near(kind: type[E], night: date, diary: Diary) -> list[E]:
    """Return all entries of one `kind` in `night`, whatever offset they were logged with, and some around it."""
    noon = datetime(night.year, night.month, night.day, 12, tzinfo=UTC)
    return diary.of(kind, noon - 2 * ONE_DAY, noon + 2 * ONE_DAY)


def _same_cramp(one: Cramp, other: Cramp) -> bool:
    """Return whether both began in the same minute, or in a night at times not known, and are not of different legs."""
    return _minute(one) == _minute(other) and (one.leg == other.leg or None in (one.leg, other.leg))


def _minute(cramp: Cramp) -> datetime | date:
    return night_of_cramp(cramp) if cramp.at is None else cramp.at.astimezone(UTC).replace(second=0, microsecond=0)
