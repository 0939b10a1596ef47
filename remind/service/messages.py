"""The notifications' words: a title, a body that helps without a click, and buttons with their commands."""

from datetime import date
from pathlib import Path

import msgspec

from remind.core.diary import Cramp
from remind.core.night import Question
from remind.core.reminders import NIGHT, STRETCH, WATER, Occurrence
from remind.core.times import ONE_DAY
from remind.core.units import format_amount, format_duration
from remind.desktop.notify.channel import Button, Notification
from remind.errors import RemindError
from remind.settings import routines
from remind.settings.model import Settings

_SOUND = "message-new-instant"  # XDG Sound Naming Specification


def notification(occurrence: Occurrence, settings: Settings, own_routines: Path, question: Question) -> Notification:
    """Return the notification of `occurrence`; of a night, it asks the `question`."""
    if occurrence.reminder == NIGHT:
        title, body, *buttons = _night_words(occurrence.day, question)
    else:
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


def _night_words(night: date, question: Question) -> tuple[str, str, *tuple[Button, ...]]:
    body = f"Did you have a leg cramp in the night to {night + ONE_DAY:%A}?"
    quiet = Button("quiet", "No cramp", "remind log none")
    cramp = Button("cramp", "A cramp", 'remind log cramp --night "last night"')
    last = Button("snoozed", "Later", "remind snooze night")
    if question.cramps:
        body = f"You logged {_logged(question.cramps)}. Another one?"
        quiet, cramp = Button("done", "No other", "remind done night"), msgspec.structs.replace(cramp, label="Another")
    if question.stop:
        body += " You haven't answered for a week. Should I stop asking?"
        last = Button("stop", "Stop asking", "remind config set night.enabled false")
    return "How was the night?", body, quiet, cramp, last


def _logged(cramps: tuple[Cramp, ...]) -> str:
    count = sum(cramp.count for cramp in cramps)
    at = max((cramp.at for cramp in cramps if cramp.at is not None), default=None)
    words = "a cramp" if count == 1 else f"{count} cramps"
    return words if at is None else f"{words}{' at' if count == 1 else ', the last at'} {at:%H:%M}"


def fault(text: str) -> Notification:
    """Return the notification that says what is wrong with the settings."""
    body = f"{text}\nUntil it is fixed, the last valid settings are used. `remind config check` shows more."
    return Notification(key="fault/settings", reminder="", title="There is a mistake in your settings", body=body)


def not_started(why: str) -> Notification:
    """Return the notification for a press of Start when no window can be opened."""
    body = f"The session's window could not be opened: {why}."
    return _told("Type `remind stretch` in a terminal", body)


def form_not_opened(entry_id: str, why: str) -> Notification:
    """Return the notification for a press of A cramp when its form can't be shown."""
    body = f"`remind diary edit {entry_id} --leg left --severity 6` says more about it. No page could be opened: {why}."
    return _told("Logged: a cramp", body)


def still_asking(why: str) -> Notification:
    """Return the notification for a press of Stop asking when the settings can't be changed."""
    body = f"Your settings could not be changed: {why}. `remind config set night.enabled false` stops the question."
    return _told("The question about the night stays on", body)


def session_running() -> Notification:
    """Return the notification for a press of Start while a session runs."""
    return _told("A session is already running", "Finish it, or close its window first.")


def window_opened() -> Notification:
    """Return the notification for a press of Start just after another one opened the session's window."""
    body = "Begin there. If you closed it, run `remind open stretch`, or press Start again in two minutes."
    return _told("The session's window is already open", body)


def _told(title: str, body: str) -> Notification:
    return Notification(key="fault/pressed", reminder="", title=title, body=body, lasting=False)


def first_step(routine: str, own_routines: Path) -> str:
    """Return how to begin `routine`, or general words if its file can't be read, since the reminder must be shown."""
    try:
        steps = routines.load(routines.find(routine, own_routines)).steps
    except RemindError:
        return "Lean toward a wall, heels down, until you feel a stretch in your calves; it may help."
    first_hold = next(place for place, step in enumerate(steps) if step.hold is not None)
    return " ".join(step.hear for step in steps[: first_hold + 1])
