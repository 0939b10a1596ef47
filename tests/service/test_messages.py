"""What a reminder says, its buttons, and the commands that do the same."""

import tomllib
from datetime import timedelta
from pathlib import Path

import pytest
from rules import at

from remind.core.night import Question
from remind.core.reminders import Occurrence
from remind.service import messages
from remind.settings.model import check

LEGS = '[reminder.legs]\ntitle = "Legs up"\nmessage = "On a chair."\nat = ["14:30"]\n'


def said(reminder: str, settings: str = "", routines: Path = Path("/nowhere")) -> messages.Notification:
    due = at("22:00")
    occurrence = Occurrence(f"{reminder}/2026-11-22", reminder, due.date(), due, due + timedelta(hours=1))
    return messages.notification(
        occurrence, check(tomllib.loads(settings), Path("settings.toml")), routines, Question()
    )


@pytest.mark.parametrize(
    ("reminder", "settings", "buttons"),
    [
        ("stretch", "", ["start Start", "snoozed Snooze 10 min", "skipped Skip"]),
        ("stretch", '[notify]\nsnooze = "20 min"\n', ["start Start", "snoozed Snooze 20 min", "skipped Skip"]),
        ("water", "", ["drunk Drank 200 ml", "snoozed Snooze 10 min"]),
        ("water", '[water]\nglass = "250 ml"\n', ["drunk Drank 250 ml", "snoozed Snooze 10 min"]),
        ("legs", LEGS, ["done Done", "snoozed Snooze 10 min"]),
    ],
)
def test_each_reminder_has_its_buttons(reminder: str, settings: str, buttons: list[str]) -> None:
    """In their order, with the lengths and amounts of the settings; each has a command of this program."""
    notification = said(reminder, settings)
    assert [f"{button.answer} {button.label}" for button in notification.buttons] == buttons
    assert all(button.command.startswith("remind ") for button in notification.buttons)
    assert notification.lasting


def test_an_own_reminder_says_what_its_settings_say() -> None:
    """Title and message."""
    notification = said("legs", LEGS)
    assert (notification.title, notification.body) == ("Legs up", "On a chair.")


def test_the_stretch_says_what_to_do_first() -> None:
    """The first hold of the routine, so that it helps without a click; a general word where it cannot be read."""
    assert "wall" in said("stretch").body
    assert "it may help" in said("stretch", '[stretch]\nroutine = "gone"\n').body


def test_it_is_silent_unless_the_settings_ask_for_a_sound() -> None:
    """With a name of the XDG Sound Naming Specification."""
    assert said("stretch").sound == ""
    assert said("water", "[notify]\nsound = true\n").sound == "message-new-instant"


def test_a_session_that_could_not_be_opened_says_what_to_type() -> None:
    """The command comes first, then the reason."""
    notification = messages.not_started("no terminal emulator was found")
    assert notification.title == "Type `remind stretch` in a terminal"
    assert notification.body == "The session's window could not be opened: no terminal emulator was found."
