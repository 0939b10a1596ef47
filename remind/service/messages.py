"""What a reminder says: its title, a body that helps without a click, its buttons and the commands that do the same."""

from pathlib import Path

from remind.core.reminders import STRETCH, WATER, Occurrence
from remind.core.units import format_amount, format_duration
from remind.desktop.notify.channel import Button, Notification
from remind.errors import RemindError
from remind.settings import routines
from remind.settings.model import Settings

_SOUND = "message-new-instant"  # XDG Sound Naming Specification


def notification(occurrence: Occurrence, settings: Settings, own_routines: Path) -> Notification:
    """What a person is to see, and to hear if they wish, for `occurrence`."""
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
    snooze = f"In {format_duration(settings.notify.snooze)}" if occurrence.reminder == STRETCH else "Later"
    later = Button("snoozed", snooze, f"remind snooze {occurrence.reminder}")
    if occurrence.reminder == STRETCH:
        start, skip = (
            Button("start", "Start", "remind stretch"),
            Button("skipped", "Not tonight", "remind skip stretch"),
        )
        return "Time for the calf stretch", first_step(settings.stretch.routine, own_routines), start, later, skip
    if occurrence.reminder == WATER:
        glass = format_amount(settings.water.glass_ml)
        drunk = Button("drunk", f"Drank {glass}", "remind done water")
        return "Time for some water", "Tea and coffee count too.", drunk, later
    own = settings.reminder[occurrence.reminder]
    return own.title, own.message, Button("done", "Done", f"remind done {occurrence.reminder}"), later


def fault(text: str) -> Notification:
    """What a person is to see when their settings cannot be understood."""
    return Notification(
        key="fault/settings",
        reminder="",
        title="Your settings have a fault",
        body=f"{text}\nUntil it is mended, the last good settings hold. `remind config check` says more.",
    )


def not_started(why: str) -> Notification:
    """What a person is to see who pressed Start where no window could be opened."""
    return Notification(
        key="fault/start",
        reminder="",
        title="Type `remind stretch` in a terminal",
        body=f"The session could not be opened: {why}.",
        lasting=False,
    )


def session_running() -> Notification:
    """Return what a person sees who pressed Start while a session runs."""
    return Notification(
        key="fault/start",
        reminder="",
        title="A session is already running",
        body="Finish it, or close its window first.",
        lasting=False,
    )


def first_step(routine: str, own_routines: Path) -> str:
    """How to stand and hold first in `routine`; a general word where its file cannot be read, so that it goes out."""
    try:
        steps = routines.load(routines.find(routine, own_routines)).steps
    except RemindError:
        return "Lean toward a wall with your heels down until the calves pull; it may help."
    first_hold = next(place for place, step in enumerate(steps) if step.hold is not None)
    return " ".join(step.hear for step in steps[: first_hold + 1])
