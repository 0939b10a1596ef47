"""Values under a name, as text; one of them is what the service tells the commands about itself."""

import os
from contextlib import suppress
from datetime import datetime
from typing import TypeVar

import msgspec

from remind.store.database import Database

SAFETY_PASSED = "safety_passed"
"""The key for when the person said that they have read the safety text."""
_SERVICE = "service"
_SECRET = "phone-secret"  # noqa: S105 - its name

T = TypeVar("T")


class KeyValueStore:
    """The named values in `database`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, name: str) -> str | None:
        """Return the value last set under `name`, or None."""
        found = self._database.rows("SELECT value FROM fact WHERE name = ?", (name,))
        return str(found[0][0]) if found else None

    def set(self, name: str, value: str) -> None:
        """Write `value` under `name`, unless it is there already."""
        if self.get(name) == value:
            return
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT INTO fact VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                (name, value),
            )

    def remove(self, name: str) -> None:
        """Remove the value under `name`, if there is one."""
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM fact WHERE name = ?", (name,))


def read_json(values: KeyValueStore, name: str, kind: type[T]) -> T | None:
    """Return the value of `kind` that is under `name` as JSON; None if there is none, or a flipped bit garbled it."""
    with suppress(msgspec.DecodeError):
        return msgspec.json.decode(values.get(name) or "", type=kind)
    return None


def phone_secret(values: KeyValueStore) -> str:
    """Return the secret behind the answers from the phone, made when it is first needed: 32 bytes in hexadecimal."""
    found = values.get(_SECRET)
    if found is None:
        found = os.urandom(32).hex()
        values.set(_SECRET, found)
    return found


def forget_phone_secret(values: KeyValueStore) -> None:
    """Make every button on the phone stale."""
    values.remove(_SECRET)


class ServiceState(msgspec.Struct, frozen=True):
    """The service's process, and when it started."""

    pid: int
    since: datetime


def read_state(values: KeyValueStore) -> ServiceState | None:
    """Return what the service last wrote, or None if it never ran."""
    return read_json(values, _SERVICE, ServiceState)


def write_state(values: KeyValueStore, state: ServiceState) -> None:
    """Write `state`, for `read_state` in other processes."""
    values.set(_SERVICE, msgspec.json.encode(state).decode())
