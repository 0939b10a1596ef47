"""The composition root: builds store, channels and presence from the settings; a test passes its own clock."""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from remind import files, zone
from remind.errors import RemindError
from remind.files import Folders
from remind.settings.model import KEPT_SETTINGS, ChannelName, Loaded, Settings, load, load_or_keep

if TYPE_CHECKING:
    from remind.core.decide import Presence
    from remind.desktop.notify.chain import Chain
    from remind.desktop.notify.channel import Channel
    from remind.desktop.notify.ntfy import NtfyPhone
    from remind.store.schedule import Schedule
    from remind.store.store import Store


class App:
    """What a command works with. Each part is built when it is first needed."""

    def __init__(
        self,
        folders: Folders | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        monotonic: Callable[[], float] = time.monotonic,
        read_zone: Callable[[], tzinfo] = zone.local,
    ) -> None:
        self._folders = folders
        self._clock = clock
        self.monotonic = monotonic
        self.read_zone = read_zone
        self._opening = threading.Lock()
        self._store_for_reading: Store | None = None
        self._unshared = False
        self._sharing: threading.Thread | None = None

    @cached_property
    def folders(self) -> Folders:
        """The person's own folders."""
        return self._folders or files.own_folders()

    @cached_property
    def zone(self) -> tzinfo:
        """The system's zone when it was first needed."""
        return self.read_zone()

    @cached_property
    def settings(self) -> Settings:
        """The settings in the person's file. Raises SettingsError if it has faults."""
        return load(self.folders.settings)

    @cached_property
    def loaded(self) -> Loaded:
        """The settings in effect: those in the file, or the last valid ones if it has faults."""
        return load_or_keep(self.folders.settings, self._kept_settings)

    def _kept_settings(self) -> str:
        with suppress(RemindError):  # then the defaults are used
            return self.store_for_reading.key_values.get(KEPT_SETTINGS) or ""
        return ""

    @cached_property
    def store(self) -> "Store":
        """The database for writing. Raises StoreError if it cannot be written."""
        from remind.store.database import Database
        from remind.store.store import Store

        return Store(Database.open(self.folders.database, self.now()))

    @property
    def store_for_reading(self) -> "Store":
        """The database for reading, which changes nothing on disk. Raises StoreError if it cannot be read."""
        from remind.store.database import Database
        from remind.store.store import Store

        with self._opening:  # the checks of `remind doctor` run in threads
            if self._store_for_reading is None:
                self._store_for_reading = Store(Database.open_for_reading(self.folders.database, self.now()))
        return self._store_for_reading

    def refresh(self) -> None:
        """Forget what was read and close what was opened, so that a long-lived page sees what others changed since."""
        self.close()
        with self._opening:
            self._store_for_reading = None
        for name in ("settings", "loaded", "zone", "schedule", "store"):
            vars(self).pop(name, None)

    def close(self) -> list[str]:
        """Close what was opened. Return a line about each diary entry that was skipped as unreadable."""
        opened = [one for one in (vars(self).get("store"), self._store_for_reading) if one is not None]
        self._unshared |= any(store.diary.written for store in opened)
        for store in opened:
            store.database.close()
        return list({name: why for store in opened for name, why in store.diary.left_out.items()}.values())

    def share_written(self, most_s: float = 0.0) -> None:
        """Share what was written into the diary with other machines, if the settings name a folder for it.

        This goes on by itself after `most_s` seconds, since a folder on a network may hang. `remind doctor` tells what
        is wrong with it.
        """
        written = "store" in vars(self) and self.store.diary.written
        if not (written or self._unshared) or (self._sharing is not None and self._sharing.is_alive()):
            return
        self._unshared = False
        if written:
            self.store.diary.written = False
        if self.loaded.settings.diary.folder is not None:
            self._sharing = threading.Thread(target=self._share, args=[self.loaded.settings], daemon=True)
            self._sharing.start()
            self._sharing.join(most_s)

    def _share(self, settings: Settings) -> None:
        with suppress(RemindError):
            self.share_diary(settings)

    def share_diary(self, settings: Settings) -> int:
        """Merge the diaries in the folder that `settings` name, and write this one there. Return how many rows came.

        Raises:
            RemindError: the folder or the diary cannot be read or written.
        """
        if settings.diary.folder is None:
            return 0
        from remind.store.database import Database
        from remind.store.shared_folder import SharedFolder
        from remind.store.store import Store

        with Database.open(self.folders.database, self.now()) as database:
            return SharedFolder(files.full_path(settings.diary.folder), Store(database)).sync()

    def now(self) -> datetime:
        """Return the time now with a fixed UTC offset, since Python adds wall-clock time to a datetime with a zone."""
        now = self._clock()
        return now.astimezone(timezone(now.astimezone(self.read_zone()).utcoffset() or timedelta()))

    @cached_property
    def schedule(self) -> "Schedule":
        """The schedule of the settings in effect, which changes nothing on disk."""
        from remind.store.schedule import Schedule

        return Schedule(self.store_for_reading, self.loaded.settings.calendar(self.zone))

    def channels(self) -> "Chain":
        """Return the channels that the settings ask for, best first."""
        return self.open_channels(self.settings)

    def open_store(self) -> "Store":
        """Return the checked database for the service; if it is damaged, set it aside and return its replacement."""
        from remind.store.damage import open_or_set_aside
        from remind.store.store import Store

        return Store(open_or_set_aside(self.folders.database, self.now()))

    def open_channels(self, settings: Settings) -> "Chain":
        """Return the channels that `settings` ask for, best first. None is connected yet."""
        import sys

        from remind.desktop.notify.chain import Chain
        from remind.desktop.notify.console import is_terminal, own_stream

        if settings.notify.channel != "auto":
            return Chain([_channel(settings.notify.channel)])
        names = _BEST_FIRST.get(sys.platform, ("dbus", "plyer"))
        # Nobody watches a log, so without a terminal a reminder waits for a better channel.
        if is_terminal(own_stream()):
            names = (*names, "console")
        return Chain([_channel(name) for name in names])

    def open_phone(self, settings: Settings, secret: str = "") -> "NtfyPhone | None":
        """Return the phone that `settings` name, or None. With `secret`, its messages may have buttons."""
        if settings.phone.ntfy is None:
            return None
        from pathlib import Path

        from remind.desktop.notify.ntfy import NtfyPhone

        token_file = settings.phone.token_file
        return NtfyPhone(settings.phone.ntfy, Path(token_file) if token_file else None, secret=secret)

    def presence(self, settings: Settings) -> "Presence":
        """Return what is known of the person's presence, as far as `settings` ask for it."""
        from remind.core.decide import Presence
        from remind.desktop.presence.presence import look_around, merged

        rule = settings.presence
        if not rule.enabled:
            return Presence()
        presence = merged(look_around(), rule.away_after)
        return presence if rule.full_screen else msgspec.structs.replace(presence, full_screen=None)


_BEST_FIRST: dict[str, tuple[ChannelName, ...]] = {
    "darwin": ("desktop-notifier", "osascript"),
    "win32": ("desktop-notifier", "plyer"),
}
"""The channels by `sys.platform`; every other system has a freedesktop desktop."""


def _channel(name: ChannelName) -> "Channel":
    # Imported only if it is used, since the service keeps whatever it loads.
    match name:
        case "desktop-notifier":
            from remind.desktop.notify.desktop_notifier_channel import DesktopNotifierChannel

            return DesktopNotifierChannel()
        case "osascript":
            from remind.desktop.notify.osascript import OsascriptChannel

            return OsascriptChannel()
        case "plyer":
            from remind.desktop.notify.plyer_channel import PlyerChannel

            return PlyerChannel()
        case "console":
            from remind.desktop.notify.console import ConsoleChannel, own_stream

            return ConsoleChannel(own_stream())
        case _:
            from remind.desktop.notify.dbus_channel import DBusChannel

            return DBusChannel()
