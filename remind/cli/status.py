"""`remind status`: the state of everything, at a glance or for scripts."""

from datetime import datetime, tzinfo
from typing import Any

import click
import msgspec

from remind.app import App
from remind.cli.group import json_option
from remind.cli.output import iso, occurrence_json, say, show_json
from remind.cli.water import water_bar
from remind.core.agenda import Entry, tonight
from remind.core.diary import Stretch
from remind.core.hydration import drunk_ml
from remind.core.reminders import STRETCH, Occurrence
from remind.core.timeparse import at_time, day_and_time
from remind.lock import lock_owner
from remind.store.damage import damage
from remind.store.key_value import read_state


class Status(msgspec.Struct, frozen=True):
    """Everything that the command shows."""

    running: bool
    pid: int | None
    since: datetime | None
    channel: str | None
    paused_until: datetime | None
    coming: list[Occurrence]
    tonight: Entry | None
    last_session: Stretch | None
    drunk_ml: int
    target_ml: int | None
    faults: list[str]


@click.command()
@json_option
@click.pass_obj
def status(app: App, as_json: bool) -> None:
    """Show the service, tonight's stretch, the next reminders, the last session and water.

    Example: remind status
    """
    found = _look(app)
    if as_json:
        show_json(_json(found, app.zone))
    else:
        _show(found, app)


def _look(app: App) -> Status:
    now, store, schedule = app.now(), app.store_for_reading, app.schedule
    agendas = {name: schedule.entries(name, now) for name in schedule.calendar.reminders}
    pid, state = lock_owner(app.folders.lock), read_state(store.key_values)
    state = state if pid is not None else None  # else it describes a service that has ended
    entries = [entry for found in agendas.values() for entry in found]
    coming = [one.occurrence for one in entries if one.occurrence.due > now and one.decision.action != "drop"]
    return Status(
        running=pid is not None,
        pid=pid or (state.pid if state else None),
        since=state.since if state else None,
        channel=store.ledger.last_channel(state.since) if state else None,
        paused_until=store.ledger.paused_until(now),
        coming=sorted(coming, key=lambda one: one.due),
        tonight=tonight(schedule.calendar, agendas.get(STRETCH, []), now),
        last_session=store.diary.last_stretch(),
        drunk_ml=drunk_ml(schedule.drinks(now)[1]),
        target_ml=schedule.calendar.water.target,
        faults=[*app.loaded.faults, *filter(None, [damage(store.key_values)])],
    )


def _json(found: Status, zone: tzinfo) -> dict[str, Any]:
    session, entry = found.last_session, found.tonight
    return {
        "service": {
            "running": found.running,
            "pid": found.pid,
            "since": iso(found.since, zone),
            "channel": found.channel,
        },
        "paused_until": iso(found.paused_until, zone),
        "next": [occurrence_json(one, zone) for one in found.coming],
        "tonight": entry
        and {"occurrence": entry.occurrence.key, "state": entry.reported.state, "reason": entry.reported.reason},
        "last_session": session
        and {
            "at": iso(session.at, session.at.tzinfo or zone),
            "routine": session.routine,
            "planned_s": session.planned_s,
            "held_s": session.held_s,
            "complete": session.complete,
        },
        "water": {"drunk_ml": found.drunk_ml, "target_ml": found.target_ml},
        "faults": found.faults,
    }


def _show(found: Status, app: App) -> None:
    now, zone = app.now(), app.zone
    if found.running:
        since = f" since {day_and_time(found.since, zone, now)}" if found.since else ""
        channel = f", last shown through {found.channel}" if found.channel else ""
        say(f"Service   running{since} (process {found.pid}){channel}")
    else:
        from remind.login import start_advice

        say(f"Service   not running; {start_advice()}")
    if found.paused_until:
        say(f"Paused    until {day_and_time(found.paused_until, zone, now)}; `remind resume` ends it")
    if found.tonight:
        say(f"Tonight   {found.tonight.reported.state}: {found.tonight.reported.reason}")
    elif STRETCH in app.schedule.calendar.reminders:
        say("Tonight   nothing: it was over before this reminder was set up")
    for place, one in enumerate(found.coming):
        say(f"{'' if place else 'Next':<10}{one.reminder} {at_time(one.due, zone, now)}")
    if session := found.last_session:
        whole = "complete" if session.complete else "stopped early"
        say(f"Stretched {session.routine} ({whole}), {day_and_time(session.at, zone, now)}")
    say(f"Water     {water_bar(found.drunk_ml, found.target_ml)}")
    for fault in found.faults:
        say(f"Fault     {fault}")
