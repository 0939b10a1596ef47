"""What the shell can complete in place of an argument: routines, reminders, settings, diary entries.

Each function is named after what it offers and is given to click as `shell_complete`. A shell asks at every Tab, so
they read files without the models that check them, and offer nothing where a file can't be read.
"""

import json
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from remind import files
from remind.errors import RemindError

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

_READ_FAILED = (OSError, RemindError)
_MOST_ENTRIES = 30
_ENTRIES = """
    SELECT id, kind, at, at_offset_s, max(written_at) FROM diary
    WHERE kind != 'undo' AND id NOT IN (SELECT replaces FROM diary WHERE kind = 'undo' AND replaces IS NOT NULL)
    GROUP BY coalesce(replaces, id) HAVING kind != 'removal' ORDER BY at DESC LIMIT ?"""
"""The entries that count, as `core.diary.current_entries` finds them."""


def routines(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> "list[CompletionItem]":
    """Return the names of all routines, each with its title."""
    return _routines(incomplete)


def reminders(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> "list[CompletionItem]":
    """Return the names of all reminders, also of those that are switched off."""
    return _beginning(incomplete, ((name, "") for name in ("stretch", "water", *_reminder_tables())))


def keys(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> "list[CompletionItem]":
    """Return every setting, with the value that applies."""
    return _beginning(incomplete, ((key, _value(key)) for key in _keys()))


def own_keys(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> "list[CompletionItem]":
    """Return the settings and tables in the person's own file, with their values."""
    return _beginning(incomplete, ((key, _value(key)) for key in _flat(_own(), tables=True)))


def key_values(ctx: click.Context, param: click.Parameter, incomplete: str) -> "list[CompletionItem]":
    """Return the values that the setting before the incomplete word can have; after a value, every setting."""
    typed = [word for word in (ctx.params["key"], ctx.params["value"], *ctx.params["more"]) if word is not None]
    return _values(typed[-1], incomplete) if len(typed) % 2 else keys(ctx, param, incomplete)


def entries(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> "list[CompletionItem]":
    """Return the ids of the last entries of the diary, each with its kind and time."""
    import sqlite3
    from datetime import datetime, timedelta

    database = files.own_folders().database
    try:
        connection = sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True, timeout=0.2)
        try:
            rows = connection.execute(_ENTRIES, (_MOST_ENTRIES,)).fetchall()
        finally:
            connection.close()
    except sqlite3.Error:
        return []
    wall = ((row[0], row[1], datetime.fromisoformat(row[2]) + timedelta(seconds=row[3])) for row in rows)
    return _beginning(incomplete, ((name, f"{kind}, {at:%Y-%m-%d %H:%M}") for name, kind, at in wall))


@cache
def table() -> dict[str, Any]:
    """Return the table of commands with their options, and of settings with their choices."""
    found: dict[str, Any] = json.loads((Path(__file__).parent / "words.json").read_text(encoding="utf-8"))
    return found


def _values(key: str, incomplete: str) -> "list[CompletionItem]":
    if key == "stretch.routine":
        return _routines(incomplete)
    choices = table()["settings"].get(_general(key), [])
    if not choices:  # a duration is typed in one word, so that the shell doesn't have to quote it
        value = _value(key)
        choices = [value.replace(" ", "") if value[:1].isdigit() else value] if value else []
    return _beginning(incomplete, ((choice, "") for choice in choices))


def _keys() -> Iterator[str]:
    for key in table()["settings"]:
        if ".NAME." in key:
            yield from (key.replace("NAME", name) for name in _reminder_tables())
        else:
            yield key


def _general(key: str) -> str:
    """Return `key` as the table lists it: a setting of any reminder is `reminder.NAME.…`."""
    return f"reminder.NAME.{key.rpartition('.')[2]}" if key.startswith("reminder.") else key


def _value(key: str) -> str:
    """Return the value of `key` that applies, as it is typed, or "" where there is none."""
    found: Any
    for found in (_own(), _shipped()):
        for part in key.split("."):
            found = found.get(part) if isinstance(found, dict) else None
        if isinstance(found, bool):
            return str(found).lower()
        if isinstance(found, list):
            return ",".join(map(str, found))
        if found is not None and not isinstance(found, dict):
            return str(found)
    return ""


def _flat(table: dict[str, Any], under: str = "", *, tables: bool = False) -> Iterator[str]:
    for key, value in table.items():
        if not isinstance(value, dict):
            yield f"{under}{key}"
            continue
        if tables:
            yield f"{under}{key}"
        yield from _flat(value, f"{under}{key}.", tables=tables)


def _reminder_tables() -> list[str]:
    found = (settings.get("reminder") for settings in (_shipped(), _own()))
    return list(dict.fromkeys(name for reminders in found if isinstance(reminders, dict) for name in reminders))


@cache
def _own() -> dict[str, Any]:
    with suppress(*_READ_FAILED):
        return files.read_toml(files.own_folders().settings)
    return {}


@cache
def _shipped() -> dict[str, Any]:
    return files.read_toml(files.shipped() / "settings.toml")


def _routines(incomplete: str) -> "list[CompletionItem]":
    found = files.routine_files(files.own_folders().routines).items()
    return _beginning(incomplete, ((name, _title(path)) for name, path in found if name.startswith(incomplete)))


def _title(path: Path) -> str:
    with suppress(*_READ_FAILED):
        return str(files.read_toml(path).get("title", ""))
    return ""


def _beginning(incomplete: str, found: "Iterable[tuple[str, str]]") -> "list[CompletionItem]":
    from click.shell_completion import CompletionItem

    return [CompletionItem(word, help=words) for word, words in found if word.startswith(incomplete)]
