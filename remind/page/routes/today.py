"""Today: how the night was, this evening's stretch, water, and the last four weeks of nights."""

from datetime import datetime, timedelta
from typing import Any, Literal

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from remind.app import App
from remind.core.agenda import Entry, tonight
from remind.core.diary import Drink
from remind.core.hydration import drunk_ml
from remind.core.reminders import STRETCH, WATER
from remind.core.routine import plan, whole_s
from remind.core.timeparse import at_time, day_and_time
from remind.core.times import bedtime, evening_of
from remind.core.units import format_amount, format_duration, format_seconds, parse_amount
from remind.core.water_question import FLUID_LIMIT, fluid_limit
from remind.errors import RemindError
from remind.lock import lock_owner
from remind.login import start_advice
from remind.page.forms import FieldError, form, read_field, sentence
from remind.page.night_log import CrampForm, QuietForm, log_cramp, log_quiet_night, night_view
from remind.page.nights import DAYS, nights_in, weeks_of_nights
from remind.page.site import Site, site_of
from remind.settings import routines
from remind.setup import why_not_at_login
from remind.store import log
from remind.store.answers import Answers, one_due
from remind.store.diary import new_id

PAGE = "today"
WEEKS = 4
_HERE = "page"


async def show(request: Request) -> Response:
    """Show today as the store and the settings have it."""
    site = site_of(request)
    site.app.refresh()
    app, now = site.app, site.app.now()
    return site.render(
        "today.html",
        page=PAGE,
        night_log=night_view(app, now),
        evening=_evening(app, now),
        water=_water(app, now),
        weeks=weeks_of_nights(nights_in(app.store_for_reading.diary), now, WEEKS),
        days=DAYS,
        faults=app.loaded.faults,
    )


def _evening(app: App, now: datetime) -> dict[str, Any] | None:
    """Return what the page says of this evening's stretch; None where its reminder is switched off."""
    schedule, zone, settings = app.schedule, app.zone, app.loaded.settings
    if STRETCH not in schedule.calendar.reminders:
        return None
    entry = tonight(schedule.calendar, schedule.entries(STRETCH, now), now)
    paused = app.store_for_reading.ledger.paused_until(now)
    view: dict[str, Any] = {
        "length": _length(app),
        "paused": paused and day_and_time(paused, zone, now),
        "advice": None if lock_owner(app.folders.lock) is not None else start_advice(),
        "by_setup": not why_not_at_login(),
    }
    if entry is None:
        over = {"state": "over", "reason": "It was over before this reminder was set up."}
        return view | over | {"at": "", "about": "", "ask": ()}
    rule, occurrence = settings.stretch, entry.occurrence
    bed = day_and_time(bedtime(settings.day, occurrence.day, zone), zone, now)
    again = f"rings up to {rule.times} times, {format_duration(rule.repeat)} apart" if rule.times > 1 else ""
    return view | {
        "at": day_and_time(occurrence.due, zone, now),
        "about": "; ".join(filter(None, (f"bedtime {bed}", again))),
        "state": entry.reported.state,
        "reason": sentence(entry.reported.reason),
        "key": occurrence.key,
        "ask": _asked(app, entry, now),
        "snooze": format_duration(settings.notify.snooze),
    }


def _asked(app: App, entry: Entry, now: datetime) -> tuple[str, ...]:
    """Return which answers can be given now, as the commands take them."""
    if entry.decision.action == "drop":
        return ()
    if entry.occurrence.due <= now:
        return ("done", "snoozed", "skipped")
    return ("done", "skipped") if entry.occurrence.day == evening_of(now, app.zone) else ()


def _length(app: App) -> str:
    """Return how long the routine in the settings lasts; "" where its file is at fault."""
    try:
        path = routines.find(app.loaded.settings.stretch.routine, app.folders.routines)
        return format_seconds(whole_s(plan(routines.load(path))))
    except RemindError:
        return ""


def _water(app: App, now: datetime) -> dict[str, Any]:
    schedule, rule = app.schedule, app.loaded.settings.water
    _, drinks = schedule.drinks(now)
    drunk, limit = drunk_ml(drinks), _limit(app)
    coming = None
    if rule.enabled:
        due = (entry.occurrence.due for entry in schedule.entries(WATER, now) if entry.decision.action != "drop")
        coming = min((one for one in due if one > now), default=None)
    return {
        "on": rule.enabled,
        "drunk": format_amount(drunk),
        "drunk_ml": drunk,
        "target": format_amount(rule.target) if rule.target else "",
        "target_ml": rule.target,
        "glass": format_amount(rule.glass_ml),
        "next": at_time(coming, app.zone, now) if coming else "",
        "limit": format_amount(limit) if limit else "",
        "over": limit is not None and drunk > limit,
        "full": limit is not None and drunk + rule.glass_ml > limit,
        "reached": rule.target is not None and drunk >= rule.target,
        "last": drinks[-1] if drinks else None,
        "last_words": f"{format_amount(drinks[-1].amount_ml)} at {drinks[-1].at:%H:%M}" if drinks else "",
    }


def _limit(app: App) -> int | None:
    return fluid_limit(app.loaded.settings.water, app.store_for_reading.key_values.get(FLUID_LIMIT))


class _Answer(msgspec.Struct, forbid_unknown_fields=True):
    answer: Literal["done", "snoozed", "skipped"]
    occurrence: str


def _answered(site: Site, sent: _Answer) -> str:
    app, now = site.app, site.app.now()
    entry = one_due(app.schedule, now, STRETCH, early=sent.answer != "snoozed")
    if entry.occurrence.key != sent.occurrence:
        raise RemindError("that was another evening; this page now shows the one to come")
    answers = Answers(app.store, app.zone)
    if sent.answer != "snoozed":
        answers.give(entry, sent.answer, now, _HERE)
        return "Marked as done for this evening." if sent.answer == "done" else "Skipped for tonight."
    until = answers.snooze(entry, app.loaded.settings.notify.snooze, now, _HERE)
    if until is None:
        raise RemindError("the reminder is about to expire. Stretch now, or skip it tonight")
    return f"Snoozed. The reminder comes again {at_time(until, app.zone, now)}."


class _Amount(msgspec.Struct, forbid_unknown_fields=True):
    amount: str | None = None


def _drank(site: Site, sent: _Amount) -> str:
    app, now = site.app, site.app.now()
    settings = app.loaded.settings
    if sent.amount is not None and not sent.amount.strip():
        raise FieldError({"amount": "Say how much, as in 250 ml."})
    amount_ml = settings.water.glass_ml if sent.amount is None else read_field("amount", parse_amount, sent.amount)
    store = app.store
    store.diary.add(Drink(id=new_id(), at=now, written_at=now, amount_ml=amount_ml))
    _, drinks = app.schedule.drinks(now)
    warnings = log.drink_warnings(drinks, store.diary, now, _limit(app))
    return " ".join([f"Logged: {format_amount(amount_ml)}. That makes {format_amount(drunk_ml(drinks))}.", *warnings])


class _Drink(msgspec.Struct, forbid_unknown_fields=True):
    id: str


def _undrank(site: Site, sent: _Drink) -> str:
    app, now = site.app, site.app.now()
    found = [one for one in app.store.diary.of(Drink, now - timedelta(days=2)) if one.id == sent.id]
    if not found:
        return "That drink was removed already."
    log.remove(found[0], app.store.diary, now)
    return f"Undone: {format_amount(found[0].amount_ml)} at {found[0].at:%H:%M}."


ROUTES = [
    Route("/today", show),
    form("/today/cramp", CrampForm, log_cramp),
    form("/today/quiet", QuietForm, log_quiet_night),
    form("/today/answer", _Answer, _answered),
    form("/today/drink", _Amount, _drank),
    form("/today/undrink", _Drink, _undrank),
]
