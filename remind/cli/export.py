"""`remind export` and `remind import`: write the diary to a file, and merge one."""

import csv
import io
from pathlib import Path
from typing import Any

import click
import msgspec

from remind.app import App
from remind.cli.output import check_new_file, say
from remind.core.diary import KINDS, Entry, current_entries
from remind.core.timeparse import parse_day_or_instant
from remind.core.units import understood
from remind.errors import UsageError
from remind.store.diary_file import diary_text, history_of, read_diary_file
from remind.store.log import chosen

_STDOUT = "-"
_JSON, _CSV = _FORMATS = (".json", ".csv")
_CALENDAR = ".ics"

_COLUMNS = (
    "kind", "at", "utc_offset", "night", "count", "leg", "place", "severity", "minutes", "disturbance", "soreness",
    "woke", "note", "routine", "planned_s", "held_s", "complete", "amount_ml", "name", "from", "to",
    "written_at", "id",
)  # fmt: skip


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True))
@click.option("--since", metavar="TIME", help='Write entries since then: "2026-01-31", "7 days ago".')
@click.option("--kind", type=click.Choice(list(KINDS)), help="Write entries of this kind.")
@click.option("--csv", "as_csv", is_flag=True, help="Write a table to standard output.")
@click.option("--force", is_flag=True, help="Overwrite FILE if it exists.")
@click.pass_context
def export(ctx: click.Context, file: Path, since: str | None, kind: str | None, as_csv: bool, force: bool) -> None:
    """Write the diary to a JSON or CSV file.

    FILE ends in .json for everything in the diary, which `remind import` reads, or in .csv for a table of its current
    entries, for a spreadsheet. With - it is written to standard output. With an ending of .ics, it does the same as
    `remind calendar`.

    Example: remind export cramps.csv --kind cramp --since 2026-01-01
    """
    from remind.files import write_atomically

    app: App = ctx.obj
    to_file, ending = str(file) != _STDOUT, file.suffix.lower()
    if to_file:
        check_new_file(file, (*_FORMATS, _CALENDAR), force=force)
        if as_csv and ending != _CSV:
            raise UsageError(f"{file}: a table needs a file name that ends in {_CSV}")
    if ending == _CALENDAR:
        if since or kind:
            raise UsageError(f"{file}: a calendar has no entries. Omit --since and --kind.")
        from remind.cli.calendar import calendar

        ctx.invoke(calendar, file=file, force=force)
        return
    start = None if since is None else understood(parse_day_or_instant, since, app.now(), app.zone)
    rows = app.store_for_reading.diary.rows()
    if as_csv or ending == _CSV:
        entries = chosen(current_entries(rows), start, kind)
        text, what, count = _table(entries, kind), "current entries", len(entries)
    else:
        if start is not None or kind is not None:
            rows = history_of(chosen(current_entries(rows), start, kind), rows)
        text, what, count = diary_text(rows), "entries with every correction", len(rows)
    if not to_file:
        click.echo(text, nl=False)
        return
    write_atomically(file, text)
    say(f"Wrote {what} to {file}: {count} in all.")


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.pass_obj
def import_(app: App, file: Path) -> None:
    """Merge a JSON file into the diary.

    FILE was written by `remind export`, here or on another machine. Importing it again adds nothing.

    Example: remind import diary.json
    """
    rows = read_diary_file(file)
    added = app.store.diary.merge(rows)
    say(f"{added} new, {len(rows) - added} already here.")


def _table(entries: list[Entry], kind: str | None) -> str:
    """Return `entries` as a table; if they are all of one `kind`, with its columns alone."""
    has = {"kind", "utc_offset", *KINDS[kind].__struct_encode_fields__} if kind else _COLUMNS
    table = io.StringIO()
    columns = [name for name in _COLUMNS if name in has]
    writer = csv.DictWriter(table, columns, lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(map(_line, entries))
    return table.getvalue()


def _line(entry: Entry) -> dict[str, Any]:
    """Return the cells of `entry`: times as the clock showed them, which spreadsheets understand, with their offset."""
    said = msgspec.to_builtins(entry).items()
    cells = {key: str(value).lower() if isinstance(value, bool) else value for key, value in said}
    for name, at in (("at", entry.at), ("written_at", entry.written_at)):
        cells[name] = f"{at:%Y-%m-%d %H:%M:%S}" if at else ""
    return cells | {"utc_offset": entry.at.isoformat()[-6:] if entry.at else ""}
