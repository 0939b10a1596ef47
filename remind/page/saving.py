"""Saving what a form on the page changes in the settings, with each fault beside its field."""

from collections.abc import Mapping, Sequence

import msgspec

from remind.app import App
from remind.files import write_atomically
from remind.page.forms import beside_fields
from remind.settings import change, edit

SAVED = "Saved. The reminders follow at once."
UNCHANGED = "Nothing changed."


def checked(app: App, typed: dict[str, str], gone: Sequence[str], fields: Mapping[str, str]) -> str:
    """Return the text of the settings with `typed` set and `gone` reset; `fields` names the field of each key.

    Raises:
        FieldError: with a sentence for each field that is wrong.
        RemindError: the file is at fault.
    """
    try:
        text = change.without_keys(change.own_text(app.folders), gone, app.folders)
        return change.with_typed(text, typed, app.folders)
    except change.NewFaultsError as error:
        raise beside_fields(error, fields) from error


def save(app: App, typed: dict[str, str], gone: Sequence[str], fields: Mapping[str, str]) -> None:
    """Save what `checked` returns. Raise what it raises, or a RemindError where the file can't be written."""
    write_atomically(app.folders.settings, checked(app, typed, gone, fields))


def save_values(app: App, table: str, sent: msgspec.Struct) -> str:
    """Set those settings in `table` that `sent` has. Return what to say; raise what `save` raises."""
    values = msgspec.structs.asdict(sent).items()
    typed = {f"{table}.{name}": edit.as_typed(value) for name, value in values if value is not None}
    if typed:
        save(app, typed, [], {key: key.rpartition(".")[2] for key in typed})
    return SAVED if typed else UNCHANGED
