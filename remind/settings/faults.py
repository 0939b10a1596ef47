"""What is wrong with a file, told in one line each: its path, the fault, and the line that it is on."""

import tomllib
from bisect import bisect_left
from collections.abc import Iterable
from pathlib import Path

from remind.core.schema import Fault, Where
from remind.errors import SettingsError

_MOST_CHARACTERS = 100_000  # a longer text takes too long to be read again and again


def settings_error(path: Path, text: str, faults: Iterable[Fault]) -> SettingsError:
    """Return the error that tells the `faults` of the file at `path`, which holds `text`."""
    found = [(fault, line_of(text, fault.where)) for fault in faults]
    return SettingsError("\n".join(f"{path}: {fault}{f' (line {line})' if line else ''}" for fault, line in found))


def line_of(text: str, where: Where) -> int | None:
    """Return the line of the TOML `text` that sets `where`, or the table that lacks it; None if neither is there."""
    lines = text.split("\n")

    def is_set(count: int) -> bool:
        for last in range(count, 0, -1):  # a text or list over several lines can be read only as a whole
            try:
                return _stands(tomllib.loads("\n".join(lines[:last])), where)
            except tomllib.TOMLDecodeError:
                continue
        return False

    while where and len(text) <= _MOST_CHARACTERS:
        if is_set(len(lines)):
            return bisect_left(range(len(lines) + 1), True, key=is_set)
        where = where[:-1]
    return None


def _stands(found: object, where: Where) -> bool:
    try:
        for part in where:
            found = found[part]  # type: ignore[index]
    except (KeyError, IndexError, TypeError):
        return False
    return True
