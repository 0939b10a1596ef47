"""The faults of a file, each in one message with the path and the line number."""

import tomllib
from bisect import bisect_left
from collections.abc import Iterable
from pathlib import Path

from remind.core.schema import Fault, Where
from remind.errors import SettingsError

_MOST_CHARACTERS = 100_000  # reading a longer text again and again takes too long


def settings_error(path: Path, text: str, faults: Iterable[Fault]) -> SettingsError:
    """Return the error that names each of `faults` in the file at `path`, whose content is `text`."""
    found = [(fault, line_of(text, fault.where)) for fault in faults]
    return SettingsError("\n".join(f"{path}: {fault}{f' (line {line})' if line else ''}" for fault, line in found))


def line_of(text: str, where: Where) -> int | None:
    """Return the line of the TOML `text` that sets `where`, or the table that lacks it, or None."""
    lines = text.split("\n")

    def is_set(count: int) -> bool:
        for last in range(count, 0, -1):  # a text or list over several lines parses only as a whole
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
