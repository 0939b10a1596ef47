"""Setup between its questions and the person's files: what is set already, whether an answer is right, and saving."""

from collections.abc import Iterator

from remind.app import App
from remind.core import setup
from remind.core.reminders import STRETCH, WATER, Occurrence
from remind.core.setup import SETTINGS, Answers, Before
from remind.core.timeparse import at_time, day_and_time
from remind.core.times import bedtime
from remind.core.units import format_duration
from remind.core.water_question import FLUID_LIMIT
from remind.errors import RemindError
from remind.files import parse_toml, write_atomically
from remind.lock import lock_owner
from remind.login import service_manager, start_advice
from remind.settings import change, edit, model

_DONE = "setup_done"
"""The store's key for when setup was last done."""


def installed_at_login() -> bool:
    """Return whether the service is installed to start at login."""
    try:
        return service_manager().is_installed()
    except RemindError:
        return False


def why_not_at_login() -> str:
    """Return why nothing can start at login here, and what to do instead; "" where it can."""
    try:
        service_manager()
    except RemindError as error:
        return str(error)
    return ""


def read_before(app: App) -> Before:
    """Return what is set now. Raise SettingsError if the settings file has faults."""
    values = app.store_for_reading.key_values
    fresh = values.get(_DONE) is None
    table = model.effective(parse_toml(change.own_text(app.folders), app.folders.settings))
    return Before(
        days=app.settings.day,
        values={key: _value(key, model.look_up(table, key)) for key in SETTINGS},
        usual_routine=str(model.look_up(model.defaults(), "stretch.routine")),
        limited=values.get(FLUID_LIMIT),
        fresh=fresh,
        at_login=installed_at_login() or fresh,
        phone=app.settings.phone.ntfy is not None,
    )


def _value(key: str, found: object) -> str:
    """Return the value of a setting in the form that an answer has."""
    question = next((one for one in setup.QUESTIONS if one.setting == key), None)
    text = "" if found is None else edit.as_typed(found)
    return setup.read_answer(question, text) if question and question.kind == "amount" else text


def check(app: App, answers: Answers, before: Before) -> str:
    """Return the text of the settings with `answers` in it; nothing is saved.

    Raises:
        NewFaultsError: an answer is wrong, or doesn't go with another one.
        UsageError: there is no such routine.
        SettingsError: the file can't be changed here.
    """
    typed, gone = setup.changes(answers, before)
    text = change.without_keys(change.own_text(app.folders), gone, app.folders)
    return change.with_typed(text, typed, app.folders)


def save(app: App, answers: Answers, before: Before) -> bool:
    """Save `answers` and return whether a setting changed. Raise what `check` raises, or that it can't be written."""
    text = check(app, answers, before)
    changed = any(setup.changes(answers, before))
    if changed:
        write_atomically(app.folders.settings, text)
    values = app.store.key_values
    if "limited" in answers:
        values.set(FLUID_LIMIT, answers["limited"])
    values.set(_DONE, app.now().isoformat())
    app.refresh()
    return changed


def what_comes(app: App, *, starting: bool) -> Iterator[str]:
    """Yield a sentence about each of the reminders to come, and one if no service runs and none is `starting`."""
    now, zone, settings = app.now(), app.zone, app.loaded.settings
    comes = {name: _next(app, name) for name in (STRETCH, WATER)}
    stretch = comes[STRETCH]
    if stretch is None:
        yield "The stretch reminder is off. `remind config set stretch.enabled true` switches it on."
    else:
        bed = day_and_time(bedtime(settings.day, stretch.day, zone), zone, now)
        lead = format_duration(settings.stretch.lead)
        yield f"The stretch reminder comes {_when(stretch, app)}, {lead} before bedtime ({bed})."
    water = comes[WATER]
    yield f"The next water reminder comes {_when(water, app)}." if water else "Water reminders are off."
    if not starting and lock_owner(app.folders.lock) is None:
        yield f"Nothing rings until the service runs: {start_advice()}."


def _next(app: App, reminder: str) -> Occurrence | None:
    """Return the occurrence of `reminder` that is shown next, which may be due already; None if it is off."""
    if reminder not in app.schedule.calendar.reminders:
        return None
    entries = app.schedule.entries(reminder, app.now())
    return next((entry.occurrence for entry in entries if entry.decision.action != "drop"), None)


def _when(occurrence: Occurrence, app: App) -> str:
    return "now" if occurrence.due <= app.now() else at_time(occurrence.due, app.zone, app.now())
