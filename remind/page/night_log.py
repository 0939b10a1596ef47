"""A cramp or a night without one, as a form tells it, with the checks and the words of `remind log`."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import msgspec

from remind.app import App
from remind.core.diary import (
    LEGS,
    MOST_CRAMPS,
    MOST_MINUTES,
    PLACES,
    Cramp,
    Entry,
    QuietNight,
    Row,
    night_begin,
    night_of_cramp,
)
from remind.core.entries import clock_words, describe, said, typed_instant, typed_note
from remind.core.timeparse import parse_night, parse_time_of_day
from remind.core.times import ONE_DAY
from remind.errors import RemindError
from remind.page.forms import FieldError, read_field, read_number, sentence
from remind.page.site import BadRequestError, Site
from remind.store import log
from remind.store.diary import new_id


class Details(msgspec.Struct, forbid_unknown_fields=True):
    """What a form says of a cramp; "" is what was not said."""

    count: str = ""
    leg: str = ""
    place: str = ""
    severity: str = ""
    minutes: str = ""
    disturbance: str = ""
    soreness: str = ""
    woke: str = ""
    note: str = ""


class CrampForm(Details, forbid_unknown_fields=True):
    """A cramp at a time, or in a `night` at a `clock` time, or at none that is known."""

    at: str = ""
    night: str = ""
    when: str = ""
    clock: str = ""


class QuietForm(msgspec.Struct, forbid_unknown_fields=True):
    """A night without a cramp; `over` once the person said that it is."""

    night: str
    over: bool = False


def night_view(app: App, now: datetime) -> dict[str, Any]:
    """Return what a page says of the last night, or of the one that is not over."""
    zone, days = app.zone, app.loaded.settings.day
    morning = now.astimezone(zone).date()
    night = morning - ONE_DAY
    diary = app.store_for_reading.diary
    cramps, quiet = log.of_night(Cramp, night, diary), log.of_night(QuietNight, night, diary)
    entries: list[Entry] = [*cramps, *quiet]
    return {
        "night": night.isoformat(),
        "title": f"the night to {morning:%A}, {morning.day} {morning:%B}",
        "lasts": log.night_lasts(days, night, now, zone),
        "entries": [{"id": one.id, "words": told(one, now) if clock_words(one) else said(one)} for one in entries],
        "quiet": bool(quiet),
        "cramps": bool(cramps),
    }


def told(row: Row, now: datetime) -> str:
    """Return `row` in words, with its time before a comma."""
    return describe(row, now).replace("  ", ", ", 1)


def done_with(what: str, row: Row, now: datetime) -> str:
    """Return the sentence that `what`, such as "Logged", was done with `row`; a note may bring its own full stop."""
    return sentence(f"{what}: {told(row, now)}")


def read_details(sent: Details) -> dict[str, Any]:
    """Return what `sent` says of a cramp, as the diary holds it.

    Raises:
        FieldError: with a sentence for each field that is wrong.
    """
    found: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    readers: dict[str, Callable[[], Any]] = {
        "count": lambda: read_number("count", sent.count, 1, MOST_CRAMPS) or 1,
        "leg": lambda: _one_of("leg", sent.leg, LEGS),
        "place": lambda: _one_of("place", sent.place, PLACES),
        "severity": lambda: read_number("severity", sent.severity, 0, 10),
        "minutes": lambda: read_number("minutes", sent.minutes, 0, MOST_MINUTES),
        "disturbance": lambda: read_number("disturbance", sent.disturbance, 0, 10),
        "soreness": lambda: read_number("soreness", sent.soreness, 0, 10),
        "woke": lambda: {"": None, "yes": True, "no": False}.get(sent.woke),
        "note": lambda: read_field("note", typed_note, sent.note.strip()),
    }
    for name, read in readers.items():
        try:
            found[name] = read()
        except FieldError as error:
            wrong |= error.fields
    if wrong:
        raise FieldError(wrong)
    return found


def log_cramp(site: Site, sent: CrampForm) -> str:
    """Log the cramp that `sent` describes, and return what to say."""
    app, now = site.app, site.app.now()
    entry = Cramp(id=new_id(), written_at=now, **_when(app, sent, now), **read_details(sent))
    diary = app.store.diary
    twin = log.twin_of(entry, diary)
    if twin is not None:
        if not log.says_the_same(twin, entry):
            raise RemindError(f"{done_with('Already logged', twin, now)} You can edit it in the diary.")
        return done_with("Already logged", twin, now)
    was_quiet = log.quiet_night(night_of_cramp(entry), diary) is not None
    diary.add(entry)
    counts = " That night was logged as one without a cramp. The cramp counts now." if was_quiet else ""
    return done_with("Logged", entry, now) + counts


def log_quiet_night(site: Site, sent: QuietForm) -> str:
    """Log a night without a cramp, and return what to say."""
    app, now = site.app, site.app.now()
    night = read_field("night", lambda text: parse_night(text, now, app.zone), sent.night)
    diary = app.store.diary
    for cramp in log.of_night(Cramp, night, diary):
        raise RemindError(
            f"{done_with('That night has a cramp', cramp, now)} Remove it in the diary if there was none."
        )
    before = log.quiet_night(night, diary)
    if before is not None:
        return done_with("Already logged", before, now)
    lasts = log.night_lasts(app.loaded.settings.day, night, now, app.zone)
    if lasts and not sent.over:
        raise FieldError({"night": f"{lasts} Log it in the morning, or say that it is over for you."})
    entry = log.new_quiet_night(night, now, app.zone)
    diary.add(entry)
    return done_with("Logged", entry, now)


def _when(app: App, sent: CrampForm, now: datetime) -> dict[str, Any]:
    """Return the time of a cramp, or its night if that is all the person knows."""
    if sent.at or not sent.night:
        if not sent.at.strip():
            raise FieldError({"at": "Say when it was."})
        return {"at": read_field("at", lambda text: typed_instant(text, now, app.zone), sent.at)}
    night = _night(sent.night)
    if sent.when == "unknown":
        if night_begin(night, app.zone) > now:
            raise FieldError({"when": "That night is still to come."})
        return {"at": None, "night": night}
    if not sent.clock.strip():
        raise FieldError({"clock": "Say about when it was, or choose “I don't know when”."})
    wall = read_field("clock", parse_time_of_day, sent.clock)
    day = night + ONE_DAY if wall.hour < 12 else night
    return {"at": read_field("clock", lambda text: typed_instant(text, now, app.zone), f"{day} {wall:%H:%M}")}


def _night(text: str) -> date:
    """Return the night that the page named. Raise BadRequestError if it can't have."""
    try:
        night = date.fromisoformat(text)
    except ValueError as error:
        raise BadRequestError(f"{text[:40]!r} is not a night") from error
    if not 1970 <= night.year <= 9998:
        raise BadRequestError(f"{text[:40]!r} is not a night")
    return night


def _one_of(name: str, text: str, choices: tuple[str, ...]) -> str | None:
    if text in ("", *choices):
        return text or None
    raise FieldError({name: f"{text[:40]!r} is not one of {', '.join(choices)}."})
