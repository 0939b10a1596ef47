"""`remind status`: how it stands, at a glance or for scripts."""

from datetime import datetime
from typing import Any

import click

from remind.app import App
from remind.cli.output import at_time, day_and_time, iso, occurrence_json, show_json
from remind.cli.water import water_bar
from remind.core.agenda import Entry
from remind.core.hydration import drunk_ml
from remind.core.reminders import STRETCH, Calendar, on_day
from remind.core.times import evening_of, next_wake
from remind.lock import lock_owner
from remind.store.damage import damage
from remind.store.key_value import read_state


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for scripts.")
@click.pass_obj
def status(app: App, as_json: bool) -> None:
    """Show the service, tonight's stretch, the next reminders, the last session and water.

    Example: remind status
    """
    found = _look(app)
    if as_json:
        show_json(found)
    else:
        _show(app, found)


def _look(app: App) -> dict[str, Any]:
    """Everything that the command tells, in the form of its JSON."""
    now, zone, store, outlook = app.now(), app.zone, app.store_for_reading, app.outlook
    agendas = {name: outlook.entries(name, now) for name in outlook.calendar.reminders}
    pid, state = lock_owner(app.folders.lock), read_state(store.facts)
    running = pid is not None
    paused = store.ledger.paused_until(now)
    coming = sorted(
        (entry.occurrence for entries in agendas.values() for entry in entries if _comes(entry, now)),
        key=lambda one: one.due,
    )
    session, tonight = store.diary.last_stretch(), _tonight(outlook.calendar, agendas.get(STRETCH, []), now)
    target = outlook.calendar.water.target
    return {
        "service": {
            "running": running,
            "pid": pid or (state.pid if running and state else None),
            "since": iso(state.since, zone) if running and state else None,
            "channel": store.ledger.last_channel(state.since) if running and state else None,
        },
        "paused_until": iso(paused, zone),
        "next": [occurrence_json(one, zone) for one in coming],
        "tonight": tonight
        and {
            "occurrence": tonight.occurrence.key,
            "state": tonight.known.state,
            "reason": tonight.known.reason,
        },
        "last_session": session
        and {
            "at": iso(session.at, session.at.tzinfo or zone),
            "routine": session.routine,
            "planned_s": session.planned_s,
            "held_s": session.held_s,
            "complete": session.complete,
        },
        "water": {"drunk_ml": drunk_ml(outlook.drinks(now)[1]), "target_ml": target},
        "faults": [*app.loaded.faults, *filter(None, [damage(store.facts)])],
    }


def _comes(entry: Entry, now: datetime) -> bool:
    return entry.occurrence.due > now and entry.decision.verb != "drop"


def _tonight(calendar: Calendar, entries: list[Entry], now: datetime) -> Entry | None:
    """Return the stretch of this evening, or once the person is up, of the one to come.

    None if this evening's window was over before the reminder was set up.
    """
    evening = evening_of(now, calendar.zone)
    this = next(iter(on_day(calendar, STRETCH, evening)), None)
    if this is None or next_wake(calendar.days, this.due, calendar.zone) <= now:
        return next((entry for entry in entries if entry.occurrence.day > evening), None)
    return next((entry for entry in entries if entry.occurrence.day == evening), None)


def _show(app: App, found: dict[str, Any]) -> None:
    now, zone = app.now(), app.zone

    def when(text: str) -> str:
        return day_and_time(datetime.fromisoformat(text), zone, now)

    def at(text: str) -> str:
        return at_time(datetime.fromisoformat(text), zone, now)

    service = found["service"]
    if service["running"]:
        since = f" since {when(service['since'])}" if service["since"] else ""
        channel = f", last shown through {service['channel']}" if service["channel"] else ""
        click.echo(f"Service   running{since} (process {service['pid']}){channel}")
    else:
        from remind.login import start_advice

        click.echo(f"Service   not running; {start_advice()}")
    if found["paused_until"]:
        click.echo(f"Paused    until {when(found['paused_until'])}; `remind resume` ends it")
    if found["tonight"]:
        click.echo(f"Tonight   {found['tonight']['state']}: {found['tonight']['reason']}")
    elif STRETCH in app.outlook.calendar.reminders:
        click.echo("Tonight   nothing: it was over before this reminder was set up")
    for place, one in enumerate(found["next"]):
        click.echo(f"{'' if place else 'Next':<10}{one['reminder']} {at(one['due'])}")
    session = found["last_session"]
    if session:
        whole = "whole" if session["complete"] else "a part"
        click.echo(f"Stretched {session['routine']} ({whole}), {when(session['at'])}")
    click.echo(f"Water     {water_bar(**found['water'])}")
    for fault in found["faults"]:
        click.echo(f"Fault     {fault}")
