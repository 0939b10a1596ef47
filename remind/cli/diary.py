"""`remind diary`: show the diary and correct it."""

from typing import Any

import click

from remind.app import App
from remind.cli.group import Group, WholeNumber, json_option
from remind.cli.output import say, show_json
from remind.core.diary import KINDS, LEGS, MOST_MINUTES
from remind.core.entries import describe, typed_instant, typed_note
from remind.core.timeparse import parse_day_or_instant
from remind.core.units import parse_amount, understood
from remind.errors import UsageError
from remind.store import log


@click.group(cls=Group, invoke_without_command=True)
@click.option("--since", metavar="TIME", help='Show entries since then: "2026-01-31", "7 days ago".')
@click.option("--kind", type=click.Choice(list(KINDS)), help="Show entries of this kind.")
@click.option("--all", "everything", is_flag=True, help="Show what was corrected, removed or undone too.")
@json_option
@click.pass_context
def diary(ctx: click.Context, since: str | None, kind: str | None, everything: bool, as_json: bool) -> None:
    """Show the diary, the oldest entry first, or correct it.

    Example: remind diary --since yesterday --kind cramp
    """
    if ctx.invoked_subcommand is not None:
        return
    app: App = ctx.obj
    start = None if since is None else typed_instant(since, app.now(), app.zone, parse_day_or_instant)
    stored = app.store_for_reading.diary
    found: list[Any] = stored.rows() if everything else stored.entries()
    shown = [row for row in found if (start is None or row.at >= start) and kind in (None, log.kind_of(row))]
    if as_json:
        show_json(shown)
        return
    for row in shown:
        replaced = f"  (instead of {row.replaces})" if row.replaces and log.kind_of(row) in KINDS else ""
        say(f"{row.id:<10}  {describe(row, app.now())}{replaced}")
    if not shown:
        say("No entry matches." if found else "The diary is empty. `remind log` and `remind drink` add entries.")


@diary.command(short_help="Remove an entry.")
@click.argument("entry_id", metavar="ID")
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
@click.argument("entry_id", metavar="ID")
@click.option("--at", "spoken", metavar="TIME", help="Change when it was.")
@click.option("--leg", type=click.Choice(LEGS), help="Change the leg of a cramp.")
@click.option("--severity", type=WholeNumber(0, 10), metavar="N", help="Change how bad it was, from 0 to 10.")
@click.option("--minutes", type=WholeNumber(0, MOST_MINUTES), metavar="N", help="Change how many minutes it lasted.")
@click.option("--woke/--did-not-wake", default=None, help="Change whether it woke you.")
@click.option("--note", metavar="TEXT", help="Change its note.")
@click.option("--amount", metavar="AMOUNT", help="Change how much was drunk.")
@click.pass_obj
def edit(app: App, /, entry_id: str, spoken: str | None, amount: str | None, **typed: Any) -> None:
    """Correct an entry; `remind diary --all` still shows how it was.

    ID is the first word of a line of `remind diary`. Its first letters are enough if no other ID begins with them.

    Example: remind diary edit 7k3f --severity 4
    """
    entry = log.entry_of(entry_id, app.store_for_reading.diary)
    changes = {name: value for name, value in typed.items() if value is not None}
    if "note" in changes:
        changes["note"] = typed_note(changes["note"])
    if amount is not None:
        changes["amount_ml"] = understood(parse_amount, amount)
    if spoken is not None:
        changes["at"] = typed_instant(spoken, app.now(), app.zone)
    if not changes:
        raise UsageError("say what to change, as in `--severity 4`. `remind diary edit --help` lists the options.")
    row = log.correct(entry, changes, app.store.diary, app.now())
    say(f"Was:  {describe(entry, app.now())} ({entry.id})\nNow:  {describe(row, app.now())} ({row.id})")
