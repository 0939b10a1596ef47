"""Checks of what is on the disk: the settings, the routine that they name, the database."""

import os
from collections.abc import Iterator

from remind.app import App
from remind.doctor import Check
from remind.errors import SettingsError
from remind.settings import routines


def settings(app: App) -> Iterator[Check]:
    """Check the person's own settings; each mistake in the file is a check of its own."""
    path = app.folders.settings
    try:
        loaded = app.settings
    except SettingsError as error:
        advice = "fix it with `remind config edit`; until then the last valid settings are used"
        yield from (Check("settings", "fault", line, advice) for line in error.lines)
        return
    if not loaded.calendar(app.zone).reminders:
        found = f"{path}: every reminder is switched off"
        yield Check("settings", "warning", found, "change it with `remind config edit`")
    else:
        yield Check("settings", "ok", f"{path}: valid" if path.exists() else f"{path}: none; the defaults are used")


def routine(app: App) -> Iterator[Check]:
    """Check the routine of the stretch at bedtime."""
    try:
        name = app.settings.stretch.routine
    except SettingsError:  # the check of the settings reports it
        return
    path = routines.find(name, app.folders.routines)
    yield Check("routine", "ok", f"{name}: {routines.load(path).title}")


def database(app: App) -> Iterator[Check]:
    """Check the file with the ledger and the diary by reading all of it."""
    from remind.store.damage import damage

    path = app.folders.database
    if not path.exists():
        yield Check("database", "ok", f"{path}: none yet")
        return
    store = app.store_for_reading
    store.database.check()
    store.diary.rows()
    set_aside = damage(store.key_values)
    for why in store.diary.left_out.values():
        yield Check("database", "warning", f"{why}; it is skipped", "keep a copy of the file if you miss the entry")
    if not all(os.access(place, os.W_OK) for place in (path, path.parent)):
        yield Check("database", "fault", f"{path}: cannot be written", "make sure that it and its folder belong to you")
    elif set_aside:
        yield Check("database", "warning", set_aside, "delete or move that file once nothing is missing")
    else:
        yield Check("database", "ok", f"{path}: readable and whole")


def folder(app: App) -> Iterator[Check]:
    """Check the folder in which the diary meets those of other machines."""
    from remind.files import full_path
    from remind.store.shared_folder import SharedFolder

    named = app.loaded.settings.diary.folder
    if named is None:
        yield Check("folder", "ok", "not set up; the diary is on this machine alone")
        return
    path = full_path(named)
    shared = SharedFolder(path, app.store_for_reading)
    if not path.is_dir():
        advice = "make it or mount it; until then the diary stays on this machine"
        yield Check("folder", "warning", f"{path}: there is no such folder", advice)
        return
    for why, advice in shared.faults():
        yield Check("folder", "warning", why, advice)
    if not os.access(path, os.W_OK):
        advice = "make sure that it belongs to you; until then other machines don't get this diary"
        yield Check("folder", "warning", f"{path}: cannot be written", advice)
    else:
        count = shared.machines()
        yield Check(
            "folder", "ok", f"{path}: {count} {'diary' if count == 1 else 'diaries'} of this and other machines"
        )
