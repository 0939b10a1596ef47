"""What the shell can complete in place of an argument: routines, reminders, settings, diary entries.

Each function is named after what it offers and is given to click as `shell_complete`. It returns a line for each word:
the word, a tab, and what it is. A shell asks at every Tab, so they read files without the models that check them, and
offer nothing where a file can't be read.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from remind import files
from remind.cli import completer
from remind.errors import RemindError

if TYPE_CHECKING:
    import click

_READ_FAILED = (OSError, RemindError)
_MOST_ENTRIES = 30
_ENTRIES = """
    SELECT id, kind || strftime(', %Y-%m-%d %H:%M', at, at_offset_s || ' seconds'), max(written_at) FROM diary
    WHERE kind != 'undo' AND id NOT IN (SELECT replaces FROM diary WHERE kind = 'undo' AND replaces IS NOT NULL)
    GROUP BY coalesce(replaces, id) HAVING kind != 'removal' ORDER BY at DESC LIMIT ?"""
"""The entries that count, as `core.diary.current_entries` finds them."""


def routines(_ctx: "click.Context", _param: "click.Parameter", incomplete: str) -> list[str]:
    """Return the names of all routines, each with its title."""
    return _routines(incomplete)


def reminders(_ctx: "click.Context", _param: "click.Parameter", incomplete: str) -> list[str]:
    """Return the names of all reminders, also of those that are switched off."""
    return _beginning(incomplete, ((name, "") for name in _reminder_names()))


def keys(_ctx: "click.Context", _param: "click.Parameter", incomplete: str) -> list[str]:
    """Return every setting, with the value that applies."""
    return _beginning(incomplete, ((key, _value(key)) for key in _keys()))


def own_keys(_ctx: "click.Context", _param: "click.Parameter", incomplete: str) -> list[str]:
    """Return the settings and tables in the person's own file, with their values."""
    return _beginning(incomplete, ((key, _value(key)) for key in _flat(_own())))


def key_values(ctx: "click.Context", param: "click.Parameter", incomplete: str) -> list[str]:
    """Return what the setting before the incomplete word can be; after a value, every setting."""
    return _values(ctx.args[-1], incomplete) if len(ctx.args) % 2 else keys(ctx, param, incomplete)


def entries(_ctx: "click.Context", _param: "click.Parameter", incomplete: str) -> list[str]:
    """Return the ids of the last entries of the diary, each with its kind and time."""
    import sqlite3

    database = files.own_folders().database
    try:
        connection = sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True, timeout=0.2)
        try:
            rows = connection.execute(_ENTRIES, (_MOST_ENTRIES,)).fetchall()
        finally:
            connection.close()
    except sqlite3.Error:
        return []
    return _beginning(incomplete, (row[:2] for row in rows))


def help_words(ctx: "click.Context", _param: "click.Parameter", incomplete: str) -> list[str]:
    """Return what there is help for: topics and commands, then the commands of a group."""
    row = completer.table()["commands"]
    for word in ctx.args:
        row = row.get("commands", {}).get(word, {})
    commands = ((name, one["help"]) for name, one in row.get("commands", {}).items())
    return _beginning(incomplete, (*(topics().items() if not ctx.args else ()), *commands))


def topics() -> dict[str, str]:
    """Return the topics of `remind help`, each with its title."""
    found = sorted((files.shipped() / "topics").glob("*.txt"))
    return {path.stem: files.read_text(path).partition("\n")[0] for path in found}


def _values(key: str, incomplete: str) -> list[str]:
    if key == "stretch.routine":
        return _routines(incomplete)
    settings = completer.table()["settings"]
    general = f"reminder.NAME.{key.rpartition('.')[2]}" if key.startswith("reminder.") else key
    choices = settings.get(general, {}).get("choices", [])
    if not choices and (value := _value(key)):  # a duration in one word, so that the shell needn't quote it
        choices = [value.replace(" ", "") if value[0].isdigit() else value]
    return _beginning(incomplete, ((choice, "") for choice in choices))


def _keys() -> Iterator[str]:
    own = [name for name in _reminder_names() if f"reminder.{name}.title" not in completer.table()["settings"]]
    for key in completer.table()["settings"]:
        yield from (key.replace("NAME", name) for name in own) if ".NAME." in key else (key,)


def _value(key: str) -> str:
    """Return the value of `key` that applies, as it is typed, or "" where there is none."""
    found: Any = _own()
    for part in key.split("."):
        found = found.get(part) if isinstance(found, dict) else None
    if found is None or isinstance(found, dict):
        return str(completer.table()["settings"].get(key, {}).get("value", ""))
    if isinstance(found, list):
        return ",".join(map(str, found))
    return str(found).lower() if isinstance(found, bool) else str(found)


def _flat(table: dict[str, Any], under: str = "") -> Iterator[str]:
    """Yield the dotted key of each table and value in `table`."""
    for key, value in table.items():
        yield f"{under}{key}"
        if isinstance(value, dict):
            yield from _flat(value, f"{under}{key}.")


def _reminder_names() -> list[str]:
    own = _own().get("reminder")
    return list(dict.fromkeys((*completer.table()["reminders"], *(own if isinstance(own, dict) else ()))))


@cache
def _own() -> dict[str, Any]:
    with suppress(*_READ_FAILED):
        return files.read_toml(files.own_folders().settings)
    return {}


def _routines(incomplete: str) -> list[str]:
    found = files.routine_files(files.own_folders().routines).items()
    return _beginning(incomplete, ((name, _title(path)) for name, path in found if name.startswith(incomplete)))


def _title(path: Path) -> str:
    with suppress(*_READ_FAILED):
        return str(files.read_toml(path).get("title", ""))
    return ""


def _beginning(incomplete: str, found: Iterable[tuple[str, str]]) -> list[str]:
    return [f"{word}\t{words}" for word, words in found if word.startswith(incomplete)]
