"""The diary: weeks and nights at a glance, every entry with its corrections, and forms to add to it."""

from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from remind.core.diary import LEGS, Cramp, Drink, Entry, Medicine, QuietNight, night_of_cramp
from remind.core.entries import describe, said, typed_instant
from remind.core.statistics import Tally, statistics
from remind.core.summary import MEANING, NO_CAUSE, columns, comparison, logged_rows
from remind.core.times import ONE_DAY
from remind.core.units import format_amount, parse_amount
from remind.errors import RemindError
from remind.page.forms import FieldError, form, read_field
from remind.page.night_log import CrampForm, Details, QuietForm, log_cramp, log_quiet_night, read_details, told
from remind.page.nights import DAYS, nights_in, short, weeks_of_nights
from remind.page.site import Site, site_of
from remind.store import log
from remind.store.diary import Diary

PAGE = "diary"
WEEKS = 8
_SHOWN = 30
"""Entries on one page; the next page has those before them."""


async def show(request: Request) -> Response:
    """Show the diary, the latest entry first."""
    site = site_of(request)
    site.app.refresh()
    app, now = site.app, site.app.now()
    diary = app.store_for_reading.diary
    asked = request.query_params.get("from", "0")
    start = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 7 else 0
    entries = _latest(diary, start + _SHOWN + 1, now)
    latest = entries[start : start + _SHOWN]
    edited = request.query_params.get("edit", "")
    nights = nights_in(diary)
    found = statistics(nights, now, WEEKS)
    spans = columns(found)
    return site.render(
        "diary.html",
        page=PAGE,
        empty=not entries,
        weeks=weeks_of_nights(nights, now, WEEKS) if nights else [],
        days=DAYS,
        tallies=[_bars(week.tally) for week in found.weeks if _counts(week.tally)],
        spans=list(spans),
        figures=logged_rows(spans.values()),
        notes=filter(None, (MEANING, comparison(found), NO_CAUSE)),
        listed=_by_day(latest, now),
        edit=next((_edit(one) for one in latest if one.id == edited), None),
        older=start + _SHOWN if start + _SHOWN < len(entries) else None,
        newer=max(0, start - _SHOWN) if start else None,
        yesterday=(now.astimezone(app.zone).date() - ONE_DAY).isoformat(),
        now=f"{now.astimezone(app.zone):%Y-%m-%dT%H:%M}",
        legs=LEGS,
    )


def _latest(diary: Diary, count: int, now: datetime) -> list[Entry]:
    """Return the latest `count` entries, the last one first, or all if they are fewer; only as many are read."""
    for days in (30, 120, 480):
        entries = diary.entries(now - timedelta(days=days))
        if len(entries) >= count:
            return entries[::-1]
    return diary.entries()[::-1]


def _counts(tally: Tally) -> bool:
    return bool(tally.nights or tally.evenings)


def _bars(tally: Tally) -> dict[str, Any]:
    """Return a week as two bars of seven blocks: nights with a cramp of those logged, evenings with a stretch."""
    return {
        "monday": short(tally.first),
        "cramps": tally.cramp_nights,
        "logged": tally.nights_recorded,
        "stretched": tally.evenings_stretched,
        "evenings": tally.evenings,
        "severity": "" if tally.mean_severity is None else f"{tally.mean_severity:g}",
    }


def _by_day(entries: list[Entry], now: datetime) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return `entries`, each with its words, by their days."""
    by_day = sorted(entries, key=_day_of, reverse=True)  # an entry without a time may be among those of another day
    return [(_day_words(day, now), [_listed(entry) for entry in group]) for day, group in groupby(by_day, key=_day_of)]


def _day_of(entry: Entry) -> date:
    match entry:
        case QuietNight():
            return entry.night
        case Medicine():
            return entry.since
    return night_of_cramp(entry) if entry.at is None else entry.at.date()


def _day_words(day: date, now: datetime) -> str:
    name = {0: "Today, ", 1: "Yesterday, "}.get((now.date() - day).days, "")
    year = "" if day.year == now.year else f" {day.year}"
    return f"{name}{day:%a} {short(day)}{year}"


def _listed(entry: Entry) -> dict[str, Any]:
    at = "night" if isinstance(entry, QuietNight) or entry.at is None else f"{entry.at:%H:%M}"
    at = "from" if isinstance(entry, Medicine) else at
    return {"id": entry.id, "kind": log.kind_of(entry), "at": at, "words": said(entry)}


def _edit(entry: Entry) -> dict[str, Any] | None:
    """Return what the form to correct `entry` begins with; None where nothing of it can be corrected."""
    if isinstance(entry, QuietNight | Medicine):
        return None
    at = "" if entry.at is None else f"{entry.at:%Y-%m-%dT%H:%M}"
    found: dict[str, Any] = {"id": entry.id, "kind": log.kind_of(entry), "at": at}
    if isinstance(entry, Cramp):
        woke = {None: "", True: "yes", False: "no"}[entry.woke]
        given = {name: getattr(entry, name) for name in _DETAILS}
        found |= {name: "" if value is None else str(value) for name, value in given.items()}
        found |= {"woke": woke, "night": f"{night_of_cramp(entry):%a} {short(night_of_cramp(entry))}"}
    if isinstance(entry, Drink):
        found["amount"] = format_amount(entry.amount_ml)
    return found


_DETAILS = ("count", "leg", "place", "severity", "minutes", "disturbance", "soreness", "note")


class _Edit(Details, forbid_unknown_fields=True, kw_only=True):
    id: str
    at: str = ""
    amount: str = ""


def _corrected(site: Site, sent: _Edit) -> str:
    app, now = site.app, site.app.now()
    diary = app.store.diary
    entry = log.entry_of(sent.id, diary)
    before = _edit(entry)
    changes: dict[str, Any] = read_details(sent) if isinstance(entry, Cramp) else {}
    if isinstance(entry, Drink):
        if not sent.amount.strip():
            raise FieldError({"amount": "Say how much, as in 250 ml."})
        changes["amount_ml"] = read_field("amount", parse_amount, sent.amount)
    if not sent.at.strip() and not isinstance(entry, Cramp):
        raise FieldError({"at": "Say when it was."})
    if isinstance(entry, Cramp) and entry.at is not None and not sent.at.strip():
        changes["night"] = night_of_cramp(entry)
    elif before and sent.at != before["at"]:  # else its seconds, and its place among two of one name, stay
        changes["at"] = read_field("at", lambda text: typed_instant(text, now, app.zone), sent.at)
    changes = {name: value for name, value in changes.items() if value != getattr(entry, name)}
    if not changes:
        return "Nothing changed."
    return f"Now: {told(log.correct(entry, changes, diary, now), now)}."


class _Entry(msgspec.Struct, forbid_unknown_fields=True):
    id: str


def _removed(site: Site, sent: _Entry) -> str:
    app, now = site.app, site.app.now()
    entry = log.entry_of(sent.id, app.store.diary)
    log.remove(entry, app.store.diary, now)
    return f"Removed: {told(entry, now)}."


class _Nothing(msgspec.Struct, forbid_unknown_fields=True):
    pass


def _undone(site: Site, _sent: _Nothing) -> str:
    app, now = site.app, site.app.now()
    row = app.store.diary.undo(now)
    if row is None:
        raise RemindError("there is nothing to undo")
    words = [f"Undone: {describe(row, now).replace('  ', ', ', 1)}."]
    for entry in app.store.diary.entries() if row.replaces else ():
        if row.replaces in (entry.id, entry.replaces):
            words.append(f"Counts again: {told(entry, now)}.")
    return " ".join(words)


ROUTES = [
    Route("/diary", show),
    form("/diary/cramp", CrampForm, log_cramp),
    form("/diary/quiet", QuietForm, log_quiet_night),
    form("/diary/edit", _Edit, _corrected),
    form("/diary/remove", _Entry, _removed),
    form("/diary/undo", _Nothing, _undone),
]
