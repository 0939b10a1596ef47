"""The notifications' words: a title, a body that helps without a click, and buttons with their commands."""

from pathlib import Path

from remind.core.reminders import STRETCH, WATER, Occurrence
from remind.core.units import format_amount, format_duration
from remind.desktop.notify.channel import Button, Notification
from remind.errors import RemindError
from remind.settings import routines
from remind.settings.model import Settings

_SOUND = "message-new-instant"  # XDG Sound Naming Specification


def notification(occurrence: Occurrence, settings: Settings, own_routines: Path) -> Notification:
    """Return the notification of `occurrence`."""
    title, body, *buttons = _words(occurrence, settings, own_routines)
    return Notification(
        key=occurrence.key,
        reminder=occurrence.reminder,
        title=title,
        body=body,
        buttons=tuple(buttons),
        sound=_SOUND if settings.notify.sound else "",
    )


def _words(occurrence: Occurrence, settings: Settings, own_routines: Path) -> tuple[str, str, *tuple[Button, ...]]:
    length = format_duration(settings.notify.snooze)
    snooze = Button("snoozed", f"Snooze {length}", f"remind snooze {occurrence.reminder}")
    if occurrence.reminder == STRETCH:
        start = Button("start", "Start", "remind stretch")
        skip = Button("skipped", "Skip", "remind skip stretch")
        return "Time for the calf stretch", first_step(settings.stretch.routine, own_routines), start, snooze, skip
    if occurrence.reminder == WATER:
        glass = format_amount(settings.water.glass_ml)
        drunk = Button("drunk", f"Drank {glass}", "remind done water")
        return "Time for some water", "Tea and coffee count too.", drunk, snooze
    own = settings.reminder[occurrence.reminder]
    return own.title, own.message, Button("done", "Done", f"remind done {occurrence.reminder}"), snooze


def fault(text: str) -> Notification:
    """Return the notification that says what is wrong with the settings."""
    body = f"{text}\nUntil it is fixed, the last valid settings are used. `remind config check` shows more."
    return Notification(key="fault/settings", reminder="", title="There is a mistake in your settings", body=body)


def not_started(why: str) -> Notification:
    """Return the notification for a press of Start when no window can be opened."""
    body = f"The session's window could not be opened: {why}."
    return _after_start("Type `remind stretch` in a terminal", body)


def session_running() -> Notification:
    """Return the notification for a press of Start while a session runs."""
    return _after_start("A session is already running", "Finish it, or close its window first.")


def window_opened() -> Notification:
    """Return the notification for a press of Start just after another one opened the session's window."""
    body = "Begin there. If you closed it, run `remind open stretch`, or press Start again in two minutes."
    return _after_start("The session's window is already open", body)


def _after_start(title: str, body: str) -> Notification:
    return Notification(key="fault/start", reminder="", title=title, body=body, lasting=False)


def first_step(routine: str, own_routines: Path) -> str:
    """Return how to begin `routine`, or general words if its file can't be read, since the reminder must be shown."""
    try:
        steps = routines.load(routines.find(routine, own_routines)).steps
    except RemindError:
        return "Lean toward a wall, heels down, until you feel a stretch in your calves; it may help."
    first_hold = next(place for place, step in enumerate(steps) if step.hold is not None)
    return " ".join(step.hear for step in steps[: first_hold + 1])
