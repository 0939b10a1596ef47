"""`remind export` and `remind import`: write the diary to a file, and merge one."""

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import msgspec

from remind.app import App
from remind.cli.output import check_new_file, say
from remind.core.diary import Row, merged
from remind.errors import RemindError

_FORMAT = "remind-diary"
_VERSION = 1
_MOST_BYTES = 256 << 20
_FIRST_YEAR, _LAST_YEAR = 1970, 2199  # outside, a night or an offset may have no date
_CALENDAR = ".ics"

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

_CSV = (
    "kind", "id", "at", "night", "leg", "severity", "minutes", "woke", "note",
    "routine", "planned_s", "held_s", "complete", "amount_ml", "written_at",
    "count", "place", "disturbance", "soreness", "name", "from", "to",
)  # fmt: skip


class _File(msgspec.Struct, frozen=True):
    format: str
    version: int
    entries: list[Row]
    about: dict[str, str] = {}


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--force", is_flag=True, help="Overwrite FILE if it exists.")
@click.pass_context
def export(ctx: click.Context, file: Path, force: bool) -> None:
    """Write the diary to a JSON or CSV file.

    FILE ends in .json for everything in the diary, which `remind import` reads, or in .csv for a table of its current
    entries. With an ending of .ics, it does the same as `remind calendar`.

    Example: remind export diary.json
    """
    from remind.files import write_atomically

    kind = file.suffix.lower()
    check_new_file(file, (*_WRITERS, _CALENDAR), force=force)
    if kind == _CALENDAR:
        from remind.cli.calendar import calendar

        ctx.invoke(calendar, file=file, force=force)
        return
    text, count = _WRITERS[kind](ctx.obj)
    write_atomically(file, text)
    rows = "1 row" if count == 1 else f"{count} rows"
    say(f"Wrote {rows} of the diary to {file}.")


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.pass_obj
def import_(app: App, file: Path) -> None:
    """Merge a JSON file into the diary.

    FILE was written by `remind export`, here or on another machine. Importing it again adds nothing.

    Example: remind import diary.json
    """
    rows = _read(file)
    added = app.store.diary.merge(rows)
    say(f"{added} new, {len(rows) - added} already here.")


def _json(app: App) -> tuple[str, int]:
    rows = merged(app.store_for_reading.diary.rows())
    whole = _File(_FORMAT, _VERSION, rows, _ABOUT)
    return msgspec.json.format(msgspec.json.encode(whole), indent=1).decode() + "\n", len(rows)


def _csv(app: App) -> tuple[str, int]:
    entries = app.store_for_reading.diary.entries()
    table = io.StringIO()
    writer = csv.DictWriter(table, _CSV, lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    writer.writerows({key: _cell(value) for key, value in msgspec.to_builtins(one).items()} for one in entries)
    return table.getvalue(), len(entries)


def _cell(value: Any) -> Any:
    return str(value).lower() if isinstance(value, bool) else value


_WRITERS: dict[str, Callable[[App], tuple[str, int]]] = {".json": _json, ".csv": _csv}


def _read(file: Path) -> list[Row]:
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
        raise RemindError(f"{file}: is not an exported diary: {error}") from error
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
