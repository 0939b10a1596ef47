"""The words of messages to the phone; discreet ones say no more than that it is time."""

from pathlib import Path

import msgspec

from remind.core.night import Question
from remind.core.reminders import NIGHT, STRETCH, WATER, Occurrence
from remind.desktop.notify.channel import Button
from remind.service import messages
from remind.settings.model import Settings

_DISCREET = {STRETCH: "Time for your stretch", WATER: "Time for some water", NIGHT: "A question from last night"}
_DISCREET_LABELS = {"quiet": "No", "cramp": "Yes"}
_UNLESS = {STRETCH: "if you have not stretched yet", NIGHT: "if you have not answered yet"}
"""Said of what the server delivers by itself: it may not have heard that it is answered."""
_DONE = Button("done", "Done", "")


class PhoneWords(msgspec.Struct, frozen=True):
    """What a message says, and its buttons: up to three labels with their answers."""

    title: str
    body: str
    buttons: tuple[tuple[str, str], ...]


def phone_words(
    occurrence: Occurrence, settings: Settings, own_routines: Path, question: Question, *, ahead: bool
) -> PhoneWords:
    """Return the words for `occurrence`; of a night, it asks the `question`. `ahead` is for the server to keep."""
    reminder, asked = occurrence.reminder, Question(question.cramps)
    shown = messages.notification(occurrence, settings, own_routines, asked)
    buttons = [button for button in shown.buttons if button.answer != "start"]
    if reminder == STRETCH:
        buttons.insert(0, _DONE)
    unless = _UNLESS.get(reminder, "") if ahead else ""
    if settings.phone.discreet:
        plain = asked.cramps == ()
        labels = tuple(
            (_DISCREET_LABELS.get(one.answer, one.label) if plain else one.label, one.answer) for one in buttons
        )
        title = _DISCREET.get(reminder, "A reminder from your computer")
        return PhoneWords(f"{title}, {unless}" if unless else title, "", labels)
    labels = tuple((one.label, one.answer) for one in buttons)
    body = f"{unless.capitalize()}: {shown.body}" if unless else shown.body
    return PhoneWords(shown.title, body, labels)
