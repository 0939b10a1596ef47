"""Settings: what people change, with the checks and the words of `remind config set`."""

from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from remind.app import App
from remind.core.diary import RELIEF
from remind.core.drawing import drawing
from remind.core.routine import plan, whole_s
from remind.core.setup import bedtime_doubts, day_changes, usual_times
from remind.core.times import WEEKDAYS
from remind.core.units import format_amount, format_duration, format_seconds
from remind.core.water_question import FLUID_LIMIT, SWITCHED_OFF, as_answered, is_asked, read_allowed
from remind.errors import RemindError
from remind.files import routine_files
from remind.page.forms import FieldError, form, read_field
from remind.page.nights import DAYS
from remind.page.routes.reminders import described
from remind.page.saving import SAVED, UNCHANGED, checked, save, save_values
from remind.page.site import BY_SWITCHES, SWITCHES, Site, site_of
from remind.settings import edit, routines
from remind.settings.model import Settings

PAGE = "settings"


async def show(request: Request) -> Response:
    """Show the settings that apply."""
    site = site_of(request)
    site.app.refresh()
    app, settings = site.app, site.app.loaded.settings
    chosen, pictures = _routines(app)
    chime, voice = SWITCHES[site.sound]
    return site.render(
        "settings.html",
        page=PAGE,
        day=usual_times(settings.day),
        singles=_single_days(settings),
        stretch={"enabled": settings.stretch.enabled, "lead": format_duration(settings.stretch.lead)},
        chosen=settings.stretch.routine,
        routines=chosen,
        pictures=pictures,
        water={
            "enabled": settings.water.enabled,
            "target": format_amount(settings.water.target) if settings.water.target else "",
            "glass": format_amount(settings.water.glass_ml),
            "limited": app.store_for_reading.key_values.get(FLUID_LIMIT) or "",
        },
        night_rule=settings.night,
        phone=settings.phone.ntfy is not None,
        chime=chime,
        voice=voice,
        reminders=[described(name, rule) for name, rule in settings.reminder.items()],
        weekdays=list(zip(WEEKDAYS, DAYS, strict=True)),
        faults=app.loaded.faults,
        file=str(app.folders.settings),
    )


def _single_days(settings: Settings) -> list[dict[str, str]]:
    """Return the days that have times of their own, in words."""
    found = []
    for name, day in zip(WEEKDAYS, DAYS, strict=True):
        own = settings.day.on.get(name)
        if own is not None:
            bed = f"bedtime {own.bedtime:%H:%M}" if own.bedtime else ""
            up = f"up at {own.wake:%H:%M}" if own.wake else ""
            found.append({"name": name, "words": f"{day}: {', '.join(filter(None, (bed, up)))}"})
    return found


def _routines(app: App) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Return the routines to choose from, and each picture of them once."""
    found, pictures = [], {}
    poses = routines.poses()
    for name, path in routine_files(app.folders.routines).items():
        if name == RELIEF:
            continue
        try:
            routine = routines.load(path)
        except RemindError as error:
            found.append({"name": name, "title": name, "summary": " ".join(error.lines), "length": "", "picture": ""})
            continue
        phases = plan(routine)
        first = next(phase for phase in phases if phase.kind == "hold")
        picture = f"{first.pose}-{first.side}" if first.pose in poses else ""
        if first.pose in poses and picture not in pictures:
            pictures[picture] = [(one.kind, one.hulls) for one in drawing(poses[first.pose], first.side)]
        words = {"title": routine.title, "summary": routine.summary, "length": format_seconds(whole_s(phases))}
        found.append({"name": name, "picture": picture, **words})
    return found, pictures


class _Days(msgspec.Struct, forbid_unknown_fields=True):
    """What was changed; None is what was not."""

    weekdays_bedtime: str | None = None
    weekdays_wake: str | None = None
    weekend_bedtime: str | None = None
    weekend_wake: str | None = None


def _set_days(site: Site, sent: _Days) -> str:
    app = site.app
    times = {"bedtime": sent.weekdays_bedtime, "wake": sent.weekdays_wake}
    times |= {"weekend_bedtime": sent.weekend_bedtime, "weekend_wake": sent.weekend_wake}
    changed, before = {key: time for key, time in times.items() if time is not None}, app.loaded.settings.day
    typed = day_changes(changed, before)
    if not typed:
        return UNCHANGED
    groups = {key: "weekend" if ".weekend." in key else "weekdays" for key in typed}
    save(app, typed, [], {key: f"{group}_{key.rpartition('.')[2]}" for key, group in groups.items()})
    return " ".join([SAVED, *bedtime_doubts(changed, before)])


class _Day(msgspec.Struct, forbid_unknown_fields=True):
    day: str


def _unset_day(site: Site, sent: _Day) -> str:
    if sent.day not in WEEKDAYS:
        raise RemindError(f"{sent.day[:20]!r} is not a weekday")
    save(site.app, {}, [f"day.on.{sent.day}"], {"day.on": "day"})
    return f"{DAYS[WEEKDAYS.index(sent.day)]} has the times of its group again."


class _Stretch(msgspec.Struct, forbid_unknown_fields=True):
    enabled: bool | None = None
    routine: str | None = None
    lead: str | None = None


class _Night(msgspec.Struct, forbid_unknown_fields=True):
    enabled: bool | None = None
    ask_again: bool | None = None


class _Water(msgspec.Struct, forbid_unknown_fields=True):
    enabled: bool | None = None
    target: str | None = None
    glass: str | None = None
    limited: str | None = None
    """The answer to the question about fluids: yes or no; None is that of the last time."""
    allowed: str | None = None


def _set_water(site: Site, sent: _Water) -> str:
    app, values = site.app, site.app.store.key_values
    before = values.get(FLUID_LIMIT)
    given = {"water.enabled": sent.enabled, "water.glass": sent.glass, "water.target": sent.target}
    typed = {key: edit.as_typed(value) for key, value in given.items() if value is not None}
    gone = [key for key in ("water.target", "water.glass") if key in typed and not typed[key].strip()]
    typed = {key: value for key, value in typed.items() if key not in gone}
    fields = {"water.target": "target", "water.glass": "glass", "water.enabled": "enabled"}
    told_limit = sent.limited is not None or sent.allowed is not None
    if not told_limit and not is_asked(typed, before, somebody_is_there=True):
        if not typed and not gone:
            return UNCHANGED
        save(app, typed, gone, fields)
        return SAVED
    checked(app, typed, gone, fields)
    answer = sent.limited or before or ""
    if answer not in ("yes", "no"):
        raise FieldError({"limited": "Answer this question first; a target depends on it."})
    limited = answer == "yes"
    kept = app.loaded.settings.water.target if before == "yes" else None
    amount = sent.allowed if sent.allowed is not None else format_amount(kept) if kept else ""
    allowed = read_field("allowed", read_allowed, amount) if limited else ""
    answered = as_answered(typed, before, limited=limited, allowed=allowed)
    gone += ["water.target"] if limited and not allowed else []
    typed = {key: value for key, value in answered.items() if value}
    save(app, typed, gone, fields | ({"water.target": "allowed"} if limited else {}))
    values.set(FLUID_LIMIT, answer)
    return SWITCHED_OFF if limited and not allowed else SAVED


class _Sound(msgspec.Struct, forbid_unknown_fields=True):
    chime: bool | None = None
    voice: bool | None = None


def _set_sound(site: Site, sent: _Sound) -> str:
    if sent.chime is None and sent.voice is None:
        return UNCHANGED
    chime, voice = SWITCHES[site.sound]
    wanted = (chime if sent.chime is None else sent.chime, voice if sent.voice is None else sent.voice)
    site.choose_sound(BY_SWITCHES[wanted])
    return SAVED


ROUTES = [
    Route("/settings", show),
    form("/settings/days", _Days, _set_days),
    form("/settings/day", _Day, _unset_day),
    form("/settings/stretch", _Stretch, lambda site, sent: save_values(site.app, "stretch", sent)),
    form("/settings/night", _Night, lambda site, sent: save_values(site.app, "night", sent)),
    form("/settings/water", _Water, _set_water),
    form("/settings/sound", _Sound, _set_sound),
]
