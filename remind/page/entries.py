"""The entries of the diary one by one: nights with what belongs to them, what is apart, and forms that correct them."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial
from itertools import groupby
from typing import Any

import msgspec

from remind.app import App
from remind.core.diary import (
    Cramp,
    Drink,
    Entry,
    Medicine,
    Note,
    QuietNight,
    night_of_cramp,
    night_of_entry,
    place_in_time,
)
from remind.core.entries import clock_words, day_words, night_words, said, typed_instant, typed_note, typed_words
from remind.core.statistics import Night, by_night
from remind.core.timeparse import parse_day
from remind.core.units import format_amount, parse_amount
from remind.errors import RemindError
from remind.page.forms import FieldError, read_field
from remind.page.night_log import Details, done_with, read_details, told
from remind.page.nights import short
from remind.page.saving import UNCHANGED
from remind.page.site import Site
from remind.store import log
from remind.store.diary import Diary, new_id

Group = tuple[str, list[dict[str, Any]]]
"""A heading, and the entries below it."""

_SHOWN = 30
"""Entries on one page; the next page has those before them."""

_DETAILS = ("count", "leg", "place", "severity", "minutes", "disturbance", "soreness", "note")


def listing(diary: Diary, nights: list[Entry], now: datetime, start: int, *, drinks: bool) -> dict[str, Any]:
    """Return what the page lists from the entry `start` on: `nights`, which has all of them, or the drinks."""
    here = slice(start, start + _SHOWN)
    of_nights = sorted([*nights, *diary.of(Note)], key=place_in_time, reverse=True)
    last_drinks = _latest_drinks(diary, start + _SHOWN + 1 if drinks else 1, now)
    medicines = [_listed(one, now) for one in reversed(diary.of(Medicine))]
    count = len(last_drinks if drinks else of_nights)
    return {
        "listed": _by_day(last_drinks[here], now) if drinks else _by_night(of_nights[here], nights, now),
        "drinks": drinks,
        "has_drinks": bool(last_drinks),
        "medicines": medicines,
        "empty": not (of_nights or last_drinks or medicines),
        "older": start + _SHOWN if start + _SHOWN < count else None,
        "newer": max(0, start - _SHOWN) if start else None,
    }


def _by_night(entries: Iterable[Entry], whole: Iterable[Entry], now: datetime) -> list[Group]:
    """Return `entries` by their nights, the latest first; how each night was is told by the `whole` diary."""
    nights = by_night(whole)
    dated = [(night, one) for one in entries if (night := night_of_entry(one)) is not None]
    dated.sort(key=lambda pair: pair[0], reverse=True)
    return [
        (night_words(night, nights.get(night, Night()), now), [_listed(one, now) for _, one in group])
        for night, group in groupby(dated, key=lambda pair: pair[0])
    ]


def _by_day(drinks: Iterable[Drink], now: datetime) -> list[Group]:
    by_day = groupby(drinks, key=lambda one: one.at.date())
    return [(day_words(day), [_listed(one, now) for one in group]) for day, group in by_day]


def _latest_drinks(diary: Diary, count: int, now: datetime) -> list[Drink]:
    """Return the latest `count` drinks, the last one first, or all if they are fewer; only as many are read."""
    for days in (30, 120, 480):
        drinks = diary.of(Drink, now - timedelta(days=days))
        if len(drinks) >= count:
            return drinks[::-1]
    return diary.of(Drink)[::-1]


def _listed(entry: Entry, now: datetime) -> dict[str, Any]:
    at = f"from {day_words(entry.since)}" if isinstance(entry, Medicine) else clock_words(entry) or "night"
    return {"id": entry.id, "kind": log.kind_of(entry), "at": at, "words": said(entry), "label": told(entry, now)}


def to_edit(entry: Entry) -> dict[str, Any] | None:
    """Return what the form to correct `entry` begins with; None where nothing of it can be corrected."""
    if isinstance(entry, QuietNight):
        return None
    at = "" if entry.at is None else f"{entry.at:%Y-%m-%dT%H:%M}"
    found: dict[str, Any] = {"id": entry.id, "kind": log.kind_of(entry), "at": at}
    match entry:
        case Cramp():
            woke = {None: "", True: "yes", False: "no"}[entry.woke]
            given = {name: getattr(entry, name) for name in _DETAILS}
            found |= {name: "" if value is None else str(value) for name, value in given.items()}
            found |= {"woke": woke, "night": f"{night_of_cramp(entry):%a} {short(night_of_cramp(entry))}"}
        case Drink():
            found["amount"] = format_amount(entry.amount_ml)
        case Medicine():
            found |= {"name": entry.name, "since": entry.since, "until": entry.until or "", "note": entry.note}
        case Note():
            found["note"] = entry.note
    return found


def entry_of(entry_id: str, diary: Diary) -> Entry:
    """Return the entry `entry_id` of `diary`. Raise RemindError if another page or a command took it away."""
    for entry in diary.entries():
        if entry.id == entry_id:
            return entry
    raise RemindError("that entry was changed or removed elsewhere. Reload this page to see the diary as it is now.")


class MedicineForm(msgspec.Struct, forbid_unknown_fields=True):
    """A medicine, with the days on which it is taken."""

    name: str = ""
    since: str = ""
    until: str = ""
    note: str = ""


class NoteForm(msgspec.Struct, forbid_unknown_fields=True):
    """A note at a time."""

    at: str = ""
    note: str = ""


class EditForm(Details, forbid_unknown_fields=True, kw_only=True):
    """What is corrected; each kind of entry has some of the fields."""

    id: str
    at: str = ""
    amount: str = ""
    name: str = ""
    since: str = ""
    until: str = ""


def log_medicine(site: Site, sent: MedicineForm) -> str:
    """Log a medicine, and return what to say."""
    app, now = site.app, site.app.now()
    said_of_it = _medicine(sent, app, now)
    try:
        entry = Medicine(id=new_id(), written_at=now, **said_of_it)
    except ValueError as error:
        raise FieldError({"until": str(error)}) from error
    twin = log.medicine_again(entry, app.store.diary)
    if twin is not None:
        raise RemindError(f"{done_with('Already logged', twin, now)} You can edit it below.")
    app.store.diary.add(entry)
    return done_with("Logged", entry, now)


def log_note(site: Site, sent: NoteForm) -> str:
    """Log a note, and return what to say."""
    app, now = site.app, site.app.now()
    note = read_field("note", partial(typed_words, "the note"), sent.note)
    at = read_field("at", lambda text: typed_instant(text, now, app.zone), sent.at)
    entry = Note(id=new_id(), at=at, written_at=now, note=note)
    app.store.diary.add(entry)
    return done_with("Logged", entry, now)


def correct(site: Site, sent: EditForm) -> str:
    """Make the changes that `sent` says, and return what to say."""
    app, now = site.app, site.app.now()
    diary = app.store.diary
    entry = entry_of(sent.id, diary)
    changes = _said_of(entry, sent, app, now) | _when(entry, sent, app, now)
    changes = {name: value for name, value in changes.items() if value != getattr(entry, name)}
    if not changes:
        return UNCHANGED
    return done_with("Now", log.correct(entry, changes, diary, now), now)


def _said_of(entry: Entry, sent: EditForm, app: App, now: datetime) -> dict[str, Any]:
    """Return what `sent` says of `entry`, except when it was."""
    match entry:
        case Cramp():
            return read_details(sent)
        case Drink() if not sent.amount.strip():
            raise FieldError({"amount": "Say how much, as in 250 ml."})
        case Drink():
            return {"amount_ml": read_field("amount", parse_amount, sent.amount)}
        case Medicine():
            return _medicine(sent, app, now)
        case Note():
            return {"note": read_field("note", partial(typed_words, "the note"), sent.note)}
    return {}


def _when(entry: Entry, sent: EditForm, app: App, now: datetime) -> dict[str, Any]:
    """Return the changed time of `entry`, or the night of a cramp if only that is known."""
    before = to_edit(entry)
    if isinstance(entry, Medicine) or before is None:
        return {}
    if not sent.at.strip() and not isinstance(entry, Cramp):
        raise FieldError({"at": "Say when it was."})
    if not sent.at.strip() and isinstance(entry, Cramp):
        return {} if entry.at is None else {"night": night_of_cramp(entry)}
    if sent.at == before["at"]:  # its seconds, and its place among two of one name, stay
        return {}
    return {"at": read_field("at", lambda text: typed_instant(text, now, app.zone), sent.at)}


def _medicine(sent: MedicineForm | EditForm, app: App, now: datetime) -> dict[str, Any]:
    return {
        "name": read_field("name", partial(typed_words, "the name"), sent.name),
        "since": read_field("since", lambda text: parse_day(text, now, app.zone), sent.since),
        "until": read_field("until", lambda text: parse_day(text, now, app.zone), sent.until) if sent.until else None,
        "note": read_field("note", typed_note, sent.note.strip()),
    }
