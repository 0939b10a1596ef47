"""`remind diary`: show the diary and correct it."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date, datetime
from functools import partial
from typing import Any

import click

from remind.app import App
from remind.cli import values
from remind.cli.group import Group, WholeNumber, json_option
from remind.cli.log import cramp_options
from remind.cli.output import paged, say, show_json
from remind.core.diary import KINDS, Drink, Entry, Medicine, Note, night_of, night_of_entry
from remind.core.entries import clock_words, describe, night_words, said, typed_instant, typed_note, typed_words, when
from remind.core.statistics import Night, by_night
from remind.core.timeparse import parse_day, parse_day_or_instant, parse_night
from remind.core.units import parse_amount, understood
from remind.errors import UsageError
from remind.store import log


@click.group(cls=Group, invoke_without_command=True)
@click.option("--since", metavar="TIME", help='Show entries since then: "2026-01-31", "7 days ago".')
@click.option("--kind", type=click.Choice(list(KINDS)), help="List entries of this kind.")
@click.option("--limit", type=WholeNumber(1), metavar="N", help="Show the last N nights, or the last N entries.")
@click.option("--all", "everything", is_flag=True, help="List what was corrected, removed or undone too.")
@json_option
@click.pass_context
@paged
def diary(
    ctx: click.Context, since: str | None, kind: str | None, limit: int | None, everything: bool, as_json: bool
) -> None:
    """Show your nights, the oldest first, or correct the diary.

    Each night is shown with its evening. With --kind or --all, and in JSON, entries are listed one by one.

    Example: remind diary --limit 14
    """
    if ctx.invoked_subcommand is not None:
        return
    app: App = ctx.obj
    start = None if since is None else understood(parse_day_or_instant, since, app.now(), app.zone)
    stored = app.store_for_reading.diary
    found: list[Any] = stored.rows() if everything else stored.entries()
    shown = log.chosen(found, start, kind)
    listed = shown[-limit:] if limit else shown
    if as_json:
        show_json(listed)
    elif not shown:
        say("No entry matches." if found else "The diary is empty. `remind log` and `remind drink` add entries.")
    elif kind or everything:
        for row in listed:
            replaced = f"  (instead of {row.replaces})" if row.replaces and log.kind_of(row) in KINDS else ""
            say(f"{row.id:<10}  {describe(row, app.now())}{replaced}")
    else:
        for line in _by_night(shown, app.now(), limit):
            say(line)


def _by_night(entries: list[Entry], now: datetime, limit: int | None) -> Iterator[str]:
    """Yield the last `limit` nights of `entries`, each with what it has, then medicines and drinks."""
    nights, grouped = by_night(entries), defaultdict[date, list[Entry]](list)
    for entry in entries:
        night = night_of_entry(entry)
        if night is not None:
            grouped[night].append(entry)
    shown = sorted(grouped)[-limit:] if limit else sorted(grouped)
    # The last one is tonight: a night before it without an entry was not logged.
    for night, following in zip(shown, [*shown, max([night_of(now), *shown])][1:], strict=True):
        yield click.style(night_words(night, nights.get(night, Night()), now), bold=True)
        yield from (f"  {entry.id:<10}  {clock_words(entry):5}  {said(entry)}" for entry in grouped[night])
        if (gap := (following - night).days - 1) > 0:
            yield f"{gap} night{'s' if gap > 1 else ''} not logged"
    medicines = [entry for entry in entries if isinstance(entry, Medicine)]
    if medicines:
        yield click.style("Medicines", bold=True)
        yield from (f"  {one.id:<10}  {when(one, now)}  {said(one)}" for one in medicines)
    drinks = sum(isinstance(entry, Drink) for entry in entries)
    if drinks:
        yield f"Drinks: {drinks}. `remind diary --kind drink` lists them."


@diary.command(short_help="Remove an entry.")
@click.argument("entry_id", metavar="ID", shell_complete=values.entries)
@click.pass_obj
def remove(app: App, entry_id: str) -> None:
    """Remove an entry; `remind diary --all` still shows it.

    ID is the first word of a line of `remind diary`. Its first letters are enough if no other ID begins with them.

    Example: remind diary remove 7k3f
    """
    entry = log.entry_of(entry_id, app.store_for_reading.diary)
    log.remove(entry, app.store.diary, app.now())
    say(f"Removed: {describe(entry, app.now())} ({entry.id}). `remind undo` brings it back.")


@diary.command(short_help="Correct an entry.")
@click.argument("entry_id", metavar="ID", shell_complete=values.entries)
@click.option("--at", metavar="TIME", help="Change when it was.")
@click.option("--night", metavar="DATE", help="Say of a cramp that only its night is known.")
@cramp_options
@click.option("--name", metavar="TEXT", help="Change the name of a medicine.")
@click.option("--from", "since", metavar="DATE", help="Change since when you take a medicine.")
@click.option("--to", "until", metavar="DATE", help="Change on which day you took a medicine last.")
@click.option("--note", metavar="TEXT", help="Change its note.")
@click.option("--amount", "amount_ml", metavar="AMOUNT", help="Change how much was drunk.")
@click.pass_obj
def edit(app: App, /, entry_id: str, **typed: Any) -> None:
    """Correct an entry; `remind diary --all` still shows how it was.

    ID is the first word of a line of `remind diary`. Its first letters are enough if no other ID begins with them.

    Example: remind diary edit 7k3f --severity 4
    """
    entry, now = log.entry_of(entry_id, app.store_for_reading.diary), app.now()
    readers: dict[str, Callable[[str], object]] = {
        "note": partial(typed_words, "the note") if isinstance(entry, Note) else typed_note,
        "name": partial(typed_words, "the name"),
        "amount_ml": lambda text: understood(parse_amount, text),
        "at": lambda text: typed_instant(text, now, app.zone),
        "night": lambda text: understood(parse_night, text, now, app.zone),
        "since": lambda text: understood(parse_day, text, now, app.zone),
        "until": lambda text: understood(parse_day, text, now, app.zone),
    }
    changes = {
        name: readers[name](value) if name in readers else value for name, value in typed.items() if value is not None
    }
    if {"at", "night"} <= changes.keys():
        raise UsageError("--at and --night don't go together. Use --night only if you don't know when it was.")
    if not changes:
        raise UsageError("say what to change, as in `--severity 4`. `remind diary edit --help` lists the options.")
    row = log.correct(entry, changes, app.store.diary, now)
    say(f"Was:  {describe(entry, now)} ({entry.id})\nNow:  {describe(row, now)} ({row.id})")
