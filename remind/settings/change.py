"""A change of the person's own settings file, checked before it is saved: from `remind config` and from the page."""

from collections.abc import Iterable, Mapping
from typing import Any

from remind.core.schema import Fault, SchemaError
from remind.errors import SettingsError, UsageError
from remind.files import Folders, parse_toml, read_text, write_atomically
from remind.settings import edit, model
from remind.settings.routines import find, load

_NEW_FILE = """\
# Your own settings. They replace the defaults, so keep only what you change here.
# `remind config show` lists every setting with its current value.
"""


class NewFaultsError(UsageError):
    """What a change of the settings would make wrong; `faults` says where each of them is."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))


def own_text(folders: Folders) -> str:
    """Return what is in the person's file, or how a new one begins."""
    try:
        return read_text(folders.settings)
    except FileNotFoundError:
        return _NEW_FILE


def faults_of(own: Mapping[str, object], folders: Folders) -> list[Fault]:
    """Return what is wrong with the settings `own`, and with the routine that they name."""
    faults: list[Fault] = []
    try:
        model.read_table(own)
    except SchemaError as error:
        faults = error.faults
    name = model.look_up(model.effective(own), "stretch.routine")
    try:
        if isinstance(name, str):
            load(find(name, folders.routines))
    except (UsageError, SettingsError) as error:
        faults += [Fault(("stretch", "routine"), line) for line in error.lines]
    return faults


def with_typed(text: str, typed: Mapping[str, str], folders: Folders) -> str:
    """Return the settings `text` with each key `typed` set to its value, if each value is right.

    Raises:
        NewFaultsError: a value is wrong; faults that were there before can be fixed one by one.
        UsageError: there is no such setting.
        SettingsError: the file can't be read, or can't be changed here.
    """
    parse_toml(text, folders.settings)
    changed = text
    for key, words in typed.items():
        changed = edit.with_value(changed, key, edit.read_typed(key, words))
    refuse_new_faults(text, changed, folders)
    return changed


def save_typed(typed: Mapping[str, str], folders: Folders) -> None:
    """Set each key `typed` in the person's file, whose comments and order stay. Raise an error as `with_typed` does."""
    write_atomically(folders.settings, with_typed(own_text(folders), typed, folders))


def without_keys(text: str, keys: Iterable[str], folders: Folders) -> str:
    """Return the settings `text` without each of `keys` that is in it.

    Raises:
        NewFaultsError: what is left is wrong.
        SettingsError: the file can't be read, or can't be changed here.
    """
    changed = text
    for key in keys:
        own: dict[str, Any] = parse_toml(changed, folders.settings)
        if model.look_up(own, key) is not None:
            changed = edit.without(changed, key)
    refuse_new_faults(text, changed, folders)
    return changed


def refuse_new_faults(before: str, after: str, folders: Folders) -> None:
    """Raise a NewFaultsError for what the change makes wrong; faults that were there before can be fixed one by one."""
    known = faults_of(parse_toml(before, folders.settings), folders)
    new = [fault for fault in faults_of(parse_toml(after, folders.settings), folders) if fault not in known]
    if new:
        raise NewFaultsError(new)
