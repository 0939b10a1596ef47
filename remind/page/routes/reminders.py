"""Reminders of the person's own, on the page of settings: added, switched on and off, removed."""

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from remind.app import App
from remind.core.reminders import OwnRule
from remind.core.times import WEEKDAYS
from remind.core.units import format_duration
from remind.errors import RemindError
from remind.page.forms import FieldError, form
from remind.page.nights import DAYS
from remind.page.saving import save
from remind.page.site import Site
from remind.settings import edit, model

_NAME_LENGTH = 32


def described(name: str, rule: OwnRule) -> dict[str, Any]:
    """Return the reminder `name` as the page of settings shows it."""
    if rule.every is not None and rule.from_ is not None and rule.to is not None:
        times = f"every {format_duration(rule.every)} from {rule.from_:%H:%M} to {rule.to:%H:%M}"
    else:
        times = "at " + ", ".join(f"{one:%H:%M}" for one in rule.at)
    days = "every day" if len(rule.days) == len(WEEKDAYS) else ", ".join(DAYS[WEEKDAYS.index(one)] for one in rule.days)
    return {
        "name": name, "title": rule.title, "message": rule.message, "enabled": rule.enabled,
        "when": f"{times.capitalize()}; {days}.", "shipped": name in _shipped(),
    }  # fmt: skip


def _shipped() -> Mapping[str, object]:
    found = model.look_up(model.defaults(), "reminder")
    return found if isinstance(found, Mapping) else {}


class _NewReminder(msgspec.Struct, forbid_unknown_fields=True, rename={"from_": "from"}):
    title: str = ""
    message: str = ""
    how: str = "at"
    at: str = ""
    every: str = ""
    from_: str = ""
    to: str = ""
    days: list[str] = []


def _add_reminder(site: Site, sent: _NewReminder) -> str:
    app, title = site.app, sent.title.strip()
    missing = {"title": "Give it a title."} if not title else {}
    if sent.how == "every":
        values = {"every": sent.every, "from": sent.from_, "to": sent.to}
        missing |= {name: "Fill this in." for name, value in values.items() if not value.strip()}
    else:
        values = {"at": sent.at}
        missing |= {} if sent.at.strip(" ,") else {"at": "Say at what times, as in 10:00, 15:00."}
    if not sent.days:
        missing["days"] = "Choose a day."
    if missing:
        raise FieldError(missing)
    values |= {"message": sent.message.strip()} if sent.message.strip() else {}
    values |= {"days": ",".join(sent.days)} if len(set(sent.days)) < len(WEEKDAYS) else {}
    name = _free_name(title, app.loaded.settings.names)
    typed = {f"reminder.{name}.{key}": value for key, value in {"title": _as_text(title), **values}.items()}
    if "message" in values:
        typed[f"reminder.{name}.message"] = _as_text(values["message"])
    fields = {key: key.rpartition(".")[2] for key in typed} | {
        f"reminder.{name}": "to" if sent.how == "every" else "at"
    }
    save(app, typed, [], fields)
    return f"Added: {title}."


def _as_text(words: str) -> str:
    """Return `words` as typed text that is never taken for TOML."""
    return edit.in_toml(words) if words[:1] in ('"', "'") else words


def _free_name(title: str, taken: tuple[str, ...]) -> str:
    """Return a name for the reminder `title` that settings can have, and that is not `taken`."""
    plain = re.sub("[^a-z0-9]+", "-", title.lower()).strip("-")[: _NAME_LENGTH - 4].strip("-")
    base = plain if plain[:1].isalpha() else f"own-{plain}".rstrip("-")
    names = (base, *(f"{base}-{number}" for number in range(2, len(taken) + 3)))
    return next(name for name in names if name not in taken)


class _Reminder(msgspec.Struct, forbid_unknown_fields=True):
    name: str


def _known(app: App, name: str) -> OwnRule:
    rule = app.loaded.settings.reminder.get(name)
    if rule is None:
        raise RemindError("that reminder was removed already")
    return rule


def _switch(site: Site, sent: _Reminder) -> str:
    rule = _known(site.app, sent.name)
    key = f"reminder.{sent.name}.enabled"
    save(site.app, {key: edit.as_typed(not rule.enabled)}, [], {key: "name"})
    return f"{rule.title} is now {'off' if rule.enabled else 'on'}."


def _remove(site: Site, sent: _Reminder) -> str:
    rule = _known(site.app, sent.name)
    if sent.name in _shipped():
        raise RemindError("this reminder comes with the program. Switch it off instead")
    save(site.app, {}, [f"reminder.{sent.name}"], {"reminder": "name", "phone": "name"})
    return f"Removed: {rule.title}."


ROUTES = [
    form("/settings/add", _NewReminder, _add_reminder),
    form("/settings/switch", _Reminder, _switch),
    form("/settings/remove", _Reminder, _remove),
]
