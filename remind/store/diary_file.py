"""The file of a whole diary, which `remind export` writes and other machines merge."""

from collections.abc import Iterable
from pathlib import Path

import msgspec

from remind.core.diary import Entry, Row, Undo, merged
from remind.errors import RemindError

_FORMAT = "remind-diary"
_VERSION = 1
_MOST_BYTES = 256 << 20
_FIRST_YEAR, _LAST_YEAR = 1970, 2199  # outside, a night or an offset may have no date

_ABOUT = {
    "at": "when it happened, ISO 8601 with the offset from UTC at that place; of a stretch its end; "
    "null of a medicine, and of a cramp whose time is not known",
    "written_at": "when it was logged",
    "id": "unique over all machines; merging unites entries by it",
    "kind": "stretch, cramp, quiet-night (a night without a cramp), drink, medicine, note, removal, undo",
    "replaces": "the id of the entry that this one corrects, removes or undoes; else null",
    "routine": "of a stretch: what was done",
    "planned_s": "of a stretch: seconds of holding that were planned",
    "held_s": "of a stretch: seconds that were held",
    "complete": "of a stretch: whether all that was planned was held",
    "count": "of a cramp: how many cramps the entry stands for",
    "leg": "of a cramp: left, right, both, or null if not said",
    "place": "of a cramp: calf, foot, thigh, or null if not said",
    "severity": "of a cramp: 0 to 10, or null",
    "minutes": "of a cramp: how long it lasted, several in all, in whole minutes, or null",
    "disturbance": "of a cramp: how much it disturbed sleep, 0 to 10, or null",
    "soreness": "of a cramp: how sore the muscle was afterwards, 0 to 10, or null",
    "woke": "of a cramp: whether it woke the person, or null",
    "note": "of a cramp, a medicine or a note: free text",
    "night": "of a quiet-night, or of a cramp whose time is not known: the date on which its evening began; a night is "
    "from noon to noon",
    "name": "of a medicine: what it is called",
    "from": "of a medicine: the first day on which it was taken",
    "to": "of a medicine: the last day, or null if it goes on",
    "amount_ml": "of a drink: millilitres",
}
"""What each field of an entry means; part of every exported file, so that it explains itself."""


class _File(msgspec.Struct, frozen=True):
    format: str
    version: int
    entries: list[Row]
    about: dict[str, str] = {}


def diary_text(rows: Iterable[Row]) -> str:
    """Return `rows` as the text of a file, in the order of writing."""
    whole = _File(_FORMAT, _VERSION, merged(rows), _ABOUT)
    return msgspec.json.format(msgspec.json.encode(whole), indent=1).decode() + "\n"


def history_of(entries: Iterable[Entry], rows: Iterable[Row]) -> list[Row]:
    """Return those of `rows` by which `entries` came to what they are: as first logged, corrected, removed, undone."""
    rows, firsts = list(rows), {entry.replaces or entry.id for entry in entries}
    kept = [row for row in rows if not isinstance(row, Undo) and (row.replaces or row.id) in firsts]
    ids = {row.id for row in kept}
    return [*kept, *(row for row in rows if isinstance(row, Undo) and row.replaces in ids)]


def read_diary_file(file: Path) -> list[Row]:
    """Return the rows in an exported file.

    Raises:
        RemindError: it cannot be read, or is not an exported diary; the message says what is wrong.
    """
    try:
        if not file.is_file():
            raise RemindError(f"{file}: is not a readable file")
        if file.stat().st_size > _MOST_BYTES:
            raise RemindError(f"{file}: is larger than {_MOST_BYTES >> 20} MiB, so it is not a diary")
        found = msgspec.json.decode(file.read_bytes(), type=_File)
    except OSError as error:
        raise RemindError(f"{file}: cannot be read: {error.strerror}") from error
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise RemindError(f"{file}: is not an exported diary, a .json file from `remind export`: {error}") from error
    if found.format != _FORMAT or found.version != _VERSION:
        raise RemindError(f"{file}: is {found.format} {found.version}. This program reads {_FORMAT} {_VERSION}.")
    for row in found.entries:
        named = (getattr(row, name, None) for name in ("at", "written_at", "night", "since", "until"))
        if not all(_FIRST_YEAR <= day.year <= _LAST_YEAR for day in named if day is not None):
            years = f"{_FIRST_YEAR} to {_LAST_YEAR}"
            raise RemindError(f"{file}: the entry {row.id} is not from the years {years}. Nothing was imported.")
    try:
        return merged(found.entries)
    except ValueError as error:
        raise RemindError(f"{file}: {error}. Nothing was imported.") from error
