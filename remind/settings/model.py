"""The settings: the shipped file with the person's own laid over it, checked."""

import re
from collections.abc import Callable, Mapping
from datetime import timedelta, tzinfo
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

from remind.core import schema
from remind.core.reminders import STRETCH, WATER, Calendar, OwnRule, StretchRule, WaterRule
from remind.core.schema import nearest, within
from remind.core.times import Days
from remind.errors import SettingsError
from remind.files import parse_toml, read_text, read_toml, shipped

ChannelName = Literal["auto", "dbus", "desktop-notifier", "osascript", "plyer", "console"]

KEPT_SETTINGS = "settings"
"""The fact that keeps the text of the last settings file without a fault."""

_NAME = re.compile(r"[a-z][a-z0-9_-]{0,31}")
_NTFY = re.compile(
    r"(https://([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])|http://(localhost|127(\.\d{1,3}){3}|\[::1\]))(:\d{1,5})?"
    r"(/[A-Za-z0-9._~-]+)*/[A-Za-z0-9_-]{1,64}"
)


class Notify(msgspec.Struct, frozen=True):
    """How notifications are shown."""

    channel: ChannelName
    snooze: Annotated[timedelta, within(timedelta(minutes=1), timedelta(hours=12))]
    late: Annotated[timedelta, within(timedelta(minutes=1), timedelta(hours=12))]
    sound: bool


class Phone(msgspec.Struct, frozen=True):
    """Where what cannot be shown at the computer is sent; nowhere without `ntfy`."""

    ntfy: str | None = None
    token_file: str | None = None
    reminders: tuple[str, ...] = ()
    """The reminders that go there; all of them if none is named."""

    def __post_init__(self) -> None:
        # What stands there is not told: it may hold a password.
        if self.ntfy is not None and not _NTFY.fullmatch(self.ntfy):
            raise ValueError(
                'ntfy is not an address as "https://HOST/TOPIC", without a user or password (a token goes into the '
                "file that token_file names); http:// is for this computer alone"
            )
        if self.token_file is not None and not (self.token_file.startswith("~") or Path(self.token_file).is_absolute()):
            raise ValueError('token_file is not a whole path, as "~/.config/remind/ntfy-token"')


class PresenceRule(msgspec.Struct, frozen=True):
    """When a reminder waits for the person to be there, and ready."""

    enabled: bool
    away_after: Annotated[timedelta, within(timedelta(minutes=1), timedelta(hours=12))]
    full_screen: bool


class Settings(msgspec.Struct, frozen=True):
    """Every setting, as it holds."""

    day: Days
    stretch: StretchRule
    water: WaterRule
    reminder: dict[str, OwnRule]
    notify: Notify
    presence: PresenceRule
    phone: Phone

    def __post_init__(self) -> None:
        for name in self.reminder:
            if name in (STRETCH, WATER) or not _NAME.fullmatch(name):
                raise ValueError(
                    f"reminder.{name}: a name is of small letters, digits, - and _, and neither stretch nor water"
                )
        for name in self.phone.reminders:
            if name not in self.names:
                raise ValueError(f"phone.reminders: {schema.show(name)} is no reminder; {nearest(name, self.names)}")

    @property
    def names(self) -> tuple[str, ...]:
        """Every reminder's name, switched on or not."""
        return (STRETCH, WATER, *self.reminder)

    def calendar(self, zone: tzinfo) -> Calendar:
        """The rules of all reminders, in `zone`."""
        return Calendar(self.day, self.stretch, self.water, self.reminder, self.notify.late, zone)


def load(path: Path) -> Settings:
    """The settings that hold with the person's own file at `path`; the defaults where there is no such file.

    Raises:
        SettingsError: one line for each fault: file, key, what stood there, what would be right.
    """
    try:
        own = read_toml(path)
    except FileNotFoundError:
        own = {}
    return check(own, path)


class Loaded(msgspec.Struct, frozen=True):
    """The settings that hold, the text that they are from, and what is wrong with the file that stands there."""

    settings: Settings
    text: str
    faults: tuple[str, ...] = ()


def load_or_keep(path: Path, kept: Callable[[], str]) -> Loaded:
    """The settings of the file at `path`; where it is at fault those of `kept()`, the text of the last good one."""
    try:
        text = read_text(path)
    except FileNotFoundError:
        text = ""
    except SettingsError as error:
        return _kept(path, kept(), error)
    try:
        return Loaded(check(parse_toml(text, path), path), text)
    except SettingsError as error:
        return _kept(path, kept(), error)


def _kept(path: Path, kept: str, error: SettingsError) -> Loaded:
    faults = tuple(error.lines)
    try:
        return Loaded(check(parse_toml(kept, path), path), kept, faults)
    except SettingsError:  # kept by another version of the program
        return Loaded(check({}, path), "", faults)


def check(own: Mapping[str, object], path: Path) -> Settings:
    """The settings that hold with the table `own` laid over the defaults; `path` is named in faults.

    Raises:
        SettingsError: as `load`.
    """
    try:
        return schema.read(effective(own), Settings)
    except schema.SchemaError as error:
        raise SettingsError("\n".join(f"{path}: {fault}" for fault in error.faults)) from error


def effective(own: Mapping[str, object]) -> dict[str, Any]:
    """The table that holds with `own` over the defaults; own times of a shipped reminder replace its `every`."""
    under = defaults()
    rules = own.get("reminder")
    for name, rule in rules.items() if isinstance(rules, Mapping) else ():
        if isinstance(rule, Mapping) and "at" in rule:
            for key in ("every", "from", "to"):
                under["reminder"].get(name, {}).pop(key, None)
    return merged(under, own)


def defaults() -> dict[str, Any]:
    """The shipped settings as a table."""
    return read_toml(shipped() / "settings.toml")


def merged(under: Mapping[str, object], over: Mapping[str, object]) -> dict[str, Any]:
    """`over` laid upon `under`, table by table."""
    result = dict(under)
    for key, value in over.items():
        below = under.get(key)
        result[key] = merged(below, value) if isinstance(below, Mapping) and isinstance(value, Mapping) else value
    return result
