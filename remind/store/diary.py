"""The diary in the database. Rows are only ever added."""

import os
import sqlite3
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, TypeVar

import msgspec

from remind.core.diary import KINDS, Entry, Removal, Row, Stretch, Undo, current_entries, place_in_time
from remind.store.database import Database
from remind.store.errors import StoreError
from remind.store.timestamps import from_columns, to_columns

E = TypeVar("E", bound=Entry)

_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's: no two look alike
_SELECT = """SELECT id, kind, at, at_offset_s, written_at, written_at_offset_s, replaces, details
    FROM diary WHERE """
_INSERT = """INSERT INTO diary
    (id, kind, at, at_offset_s, written_at, written_at_offset_s, replaces, details, imported)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"""
_ROWS: dict[str, type[Row]] = {**KINDS, "removal": Removal, "undo": Undo}
_COMMON = ("id", "kind", "at", "written_at", "replaces")

_EVER, _NEVER = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


def new_id() -> str:
    """Return an id that no other machine gives to an entry: ten letters with fifty random bits."""
    return "".join(_LETTERS[byte & 31] for byte in os.urandom(10))


class Diary:
    """The diary in `database`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.left_out: dict[str, str] = {}
        """Why each unreadable row is skipped, by its id: one row must not hide all the others."""
        self.written = False
        """Whether anything was written here."""

    def add(self, row: Row) -> None:
        """Write `row`. Raise StoreError if it cannot be written."""
        with self._database.transaction() as connection:
            self.add_in(connection, row)

    def add_in(self, connection: sqlite3.Connection, row: Row, *, imported: bool = False) -> None:
        """Write `row` within an open transaction. Raise StoreError if it is invalid."""
        said = msgspec.to_builtins(row)
        try:
            msgspec.convert(said, type(row))
        except msgspec.ValidationError as error:
            raise StoreError(f"this entry can't be written: {error}") from error
        details = msgspec.json.encode({name: value for name, value in said.items() if name not in _COMMON})
        at, written_at = to_columns(place_in_time(row)), to_columns(row.written_at)
        values = (row.id, said["kind"], *at, *written_at, row.replaces, details.decode(), imported)
        connection.execute(_INSERT, values)
        self.written = True

    def entries(self, since: datetime = _EVER, until: datetime = _NEVER) -> list[Entry]:
        """Return the entries that count, from `since` until before `until`, by time."""
        return self._entries("", (), since, until)

    def of(self, kind: type[E], since: datetime = _EVER, until: datetime = _NEVER) -> list[E]:
        """Return the entries of one `kind` that count, from `since` until before `until`, by time."""
        name = next(name for name, one in KINDS.items() if one is kind)
        found = self._entries("kind = ? AND ", (name,), since, until)
        return [entry for entry in found if isinstance(entry, kind)]

    def last_stretch(self) -> Stretch | None:
        """Return the session that ended last, or None before the first."""
        # Of one more session than there are corrections, at least one was not corrected.
        found = self._database.rows(
            "SELECT at FROM diary WHERE kind = 'stretch' ORDER BY at DESC"
            " LIMIT 1 OFFSET (SELECT count(*) FROM diary WHERE replaces IS NOT NULL)"
        )
        since = _EVER
        with suppress(ValueError):  # a garbled row is skipped below, where all are read
            since = from_columns(found[0][0], 0) if found else _EVER
        sessions = self.of(Stretch, since)
        return sessions[-1] if sessions else None

    def rows(self) -> list[Row]:
        """Return every row in the order of writing, including those corrected, removed or undone."""
        return self._rows("TRUE ORDER BY place")

    def count(self) -> int:
        """Return how many rows there are, which only grows."""
        return int(self._database.rows("SELECT count(*) FROM diary")[0][0])

    def undo(self, now: datetime) -> Row | None:
        """Undo the last row that was written here and is not undone yet; return that row, or None."""
        with self._database.transaction() as connection:
            last = self._rows(
                "NOT imported AND kind != 'undo' AND id NOT IN"
                " (SELECT replaces FROM diary WHERE kind = 'undo' AND replaces IS NOT NULL) ORDER BY place DESC LIMIT 1"
            )
            for row in last:
                self.add_in(connection, Undo(id=new_id(), at=now, written_at=now, replaces=row.id))
        return last[0] if last else None

    def merge(self, rows: Iterable[Row], *, keep_own: bool = False) -> int:
        """Add all of `rows` that are missing or unreadable here. Return how many were added.

        Raises:
            StoreError: one has the id of a row with other contents here, and `keep_own` is off; nothing was added.
        """
        with self._database.transaction() as connection:
            here = {row.id: row for row in self.rows()}
            before = len(here)
            for row in rows:
                known = here.setdefault(row.id, row)
                if known is row:
                    if self.left_out.pop(row.id, None):
                        connection.execute("DELETE FROM diary WHERE id = ?", (row.id,))
                    self.add_in(connection, row, imported=True)
                elif known != row and not keep_own:
                    raise StoreError(f"the entry {row.id} has other contents here; nothing was imported")
            return len(here) - before

    def _entries(self, condition: str, values: tuple[object, ...], since: datetime, until: datetime) -> list[Entry]:
        # Corrections are few, and may be at another time than what they correct, so all of them are read. With OR in
        # place of UNION, SQLite would use no index and read the whole diary.
        rows = self._rows(
            f"{condition}at >= ? AND at < ? AND replaces IS NULL UNION ALL {_SELECT}replaces IS NOT NULL",
            (*values, to_columns(since)[0], to_columns(until)[0]),
        )
        return [entry for entry in current_entries(rows) if since <= place_in_time(entry) < until]

    def _rows(self, condition: str, values: tuple[object, ...] = ()) -> list[Row]:
        found = self._database.rows(_SELECT + condition, values)
        return [row for row in map(self._row, found) if row is not None]

    def _row(self, columns: tuple[Any, ...]) -> Row | None:
        name, kind, at, at_offset, written_at, written_at_offset, replaces, details = columns
        try:
            said = msgspec.json.decode(details)
            # The column sorts what has no time too.
            timeless = kind == "medicine" or (kind == "cramp" and said.get("night") is not None)
            said |= {"id": name, "replaces": replaces, "at": None if timeless else from_columns(at, at_offset)}
            said |= {"written_at": from_columns(written_at, written_at_offset)}
            # Given the class, since msgspec resolves a union of types anew for each value.
            row: Row = msgspec.convert(said, _ROWS[kind])
        except (msgspec.MsgspecError, KeyError, TypeError, ValueError) as error:
            self.left_out[str(name)] = f"{self._database.path}: the diary entry {name} cannot be read: {error}"
            return None
        return row
