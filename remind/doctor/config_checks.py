"""What is written on the disk: the settings, the routine that they name, the database."""

import os
from collections.abc import Iterator

from remind.app import App
from remind.doctor.check import Check
from remind.errors import SettingsError
from remind.settings import routines


def settings(app: App) -> Iterator[Check]:
    """The person's own settings, with a line for each fault."""
    path = app.folders.settings
    try:
        loaded = app.settings
    except SettingsError as error:
        for line in error.lines:
            yield Check("settings", "fault", line, "`remind config edit` mends it; until then the last good ones hold")
        return
    if not loaded.calendar(app.zone).reminders:
        yield Check("settings", "warning", f"{path}: every reminder is switched off", "`remind config edit`")
    else:
        yield Check("settings", "ok", f"{path}: in order" if path.exists() else f"{path}: none, so the defaults hold")


def routine(app: App) -> Iterator[Check]:
    """The routine of the stretch at bedtime."""
    try:
        name = app.settings.stretch.routine
    except SettingsError:  # told by the check of the settings
        return
    path = routines.find(name, app.folders.routines)
    yield Check("routine", "ok", f"{name}: {routines.load(path).title}")


def database(app: App) -> Iterator[Check]:
    """The file of ledger and diary, read through."""
    from remind.store.damage import damage

    path = app.folders.database
    if not path.exists():
        yield Check("database", "ok", f"{path}: none yet")
        return
    store = app.store_for_reading
    store.database.check()
    store.diary.rows()
    set_aside = damage(store.facts)
    for why in store.diary.left_out.values():
        yield Check("database", "warning", f"{why}; it is left out", "keep a copy of the file if you miss the entry")
    if not all(os.access(place, os.W_OK) for place in (path, path.parent)):
        yield Check("database", "fault", f"{path}: cannot be written", "see that it and its folder belong to you")
    elif set_aside:
        yield Check("database", "warning", set_aside, "remove that file, or move it elsewhere, once you miss nothing")
    else:
        yield Check("database", "ok", f"{path}: in order")
