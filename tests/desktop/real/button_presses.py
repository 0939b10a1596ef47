"""Every button of every reminder except *Start*: when it is shown, and what the ledger records after the press."""

from typing import NamedTuple

from evening import STRETCH_ONLY, At, Evening, on

_SETTINGS = {
    "stretch": STRETCH_ONLY,
    "water": '[stretch]\nenabled = false\n[water]\nglass = "250 ml"\n',
    "night": "[stretch]\nenabled = false\n[water]\nenabled = false\n[night]\nenabled = true\n",
    "legs": """[stretch]
enabled = false
[water]
enabled = false
[reminder.legs]
title = "Legs up"
message = "For ten minutes, on a chair."
at = ["14:30"]
""",
}
_DUE = {"stretch": "22:00:01", "water": "07:30:01", "legs": "14:30:01", "night": "07:30:01"}
BUTTONS = {
    "stretch": ("start", "snoozed", "skipped"),
    "water": ("drunk", "snoozed"),
    "night": ("quiet", "cramp", "snoozed"),
    "legs": ("done", "snoozed"),
}


class Press(NamedTuple):
    """The button `answer` of a reminder, and the answer that the ledger records for it."""

    reminder: str
    answer: str
    recorded: str

    def is_due(self, evening: Evening[At]) -> str:
        """Make the reminder, and nothing else, due. Return the time of day."""
        evening.home.settings(_SETTINGS[self.reminder])
        evening.set(on(24, _DUE[self.reminder]))
        return _DUE[self.reminder]


PRESSES = (
    Press("stretch", "snoozed", "snoozed"),
    Press("stretch", "skipped", "skipped"),
    Press("water", "drunk", "done"),
    Press("water", "snoozed", "snoozed"),
    Press("night", "quiet", "done"),
    Press("night", "cramp", "done"),
    Press("legs", "done", "done"),
    Press("legs", "snoozed", "snoozed"),
)
