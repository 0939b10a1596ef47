"""The settings: the shipped file with the person's own file on top, checked.

`Settings` defines each setting's key, type and checks. Its default and its description are only in the shipped
config/settings.toml.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta, tzinfo
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

from remind.core import schema
from remind.core.reminders import NIGHT, STRETCH, WATER, Calendar, NightRule, OwnRule, StretchRule, WaterRule
from remind.core.schema import Fault, SchemaError, nearest, within
from remind.core.times import Days
from remind.errors import SettingsError
from remind.files import parse_toml, read_text, read_toml, shipped
from remind.settings.faults import settings_error

ChannelName = Literal["auto", "dbus", "desktop-notifier", "osascript", "plyer", "console"]

KEPT_SETTINGS = "settings"
"""The store's key for the text of the last settings file without a fault."""

_NAME = re.compile(r"[a-z][a-z0-9_-]{0,31}")
_NTFY = (  # compiled only if it is used
    r"(https://([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])|http://(localhost|127(\.\d{1,3}){3}|\[::1\]))(:\d{1,5})?"
    r"(/[A-Za-z0-9._~-]+)*/[A-Za-z0-9_-]{1,64}"
)


class Notify(msgspec.Struct, frozen=True):
    """How notifications are shown."""

    channel: ChannelName
    snooze: Annotated[timedelta, within(timedelta(minutes=1), timedelta(hours=12))]
    late: Annotated[timedelta, within(timedelta(minutes=1), timedelta(hours=12))]
    sound: bool


class Phone(msgspec.Struct, frozen=True, kw_only=True):
    """Where to send a reminder that cannot be shown at the computer; nowhere without `ntfy`."""

    ntfy: str | None = None
    token_file: str | None = None
    reminders: tuple[str, ...] = ()
    """The reminders to send; all of them if none is named."""
    ahead: bool
    """Whether the server keeps the next stretch and the next question about the night, for when the computer is off."""
    discreet: bool
    """Whether messages say no more than that it is time."""
    show_answered: bool
    """Whether the phone shows that a reminder sent to it was answered at the computer."""

    def __post_init__(self) -> None:
        # The messages do not quote the value: it may contain a password.
        wrong = []
        if self.ntfy is not None and not re.fullmatch(_NTFY, self.ntfy):
            wrong.append(
                "ntfy is not an address like https://HOST/TOPIC. Leave out user and password (a token goes into the "
                "file that token_file names); http:// is only for this computer."
            )
        if self.token_file is not None and not _is_full_path(self.token_file):
            wrong.append("token_file is not a full path like ~/.config/remind/ntfy-token.")
        if wrong:
            raise ValueError(" ".join(wrong))


class DiaryRule(msgspec.Struct, frozen=True):
    """Where the diary meets those of other machines; nowhere without `folder`."""

    folder: str | None = None

    def __post_init__(self) -> None:
        if self.folder is not None and not _is_full_path(self.folder):
            raise ValueError("folder is not a full path like ~/Sync/remind.")


def _is_full_path(text: str) -> bool:
    return "\0" not in text and (text.startswith("~") or Path(text).is_absolute())


class Sound(msgspec.Struct, frozen=True):
    """What a guided session sounds like."""

    chime: bool
    voice: bool


class PresenceRule(msgspec.Struct, frozen=True):
    """When a reminder waits for the person to be at the computer and free."""

    enabled: bool
    away_after: Annotated[timedelta, within(timedelta(minutes=1), timedelta(hours=12))]
    full_screen: bool


def _reminder_name(name: str) -> None:
    if name in (STRETCH, WATER, NIGHT) or not _NAME.fullmatch(name):
        raise ValueError("is not a valid name. Use small letters, digits, - and _, and not stretch, water or night.")


class Settings(msgspec.Struct, frozen=True):
    """Every setting with the value in effect."""

    day: Days
    stretch: StretchRule
    water: WaterRule
    night: NightRule
    reminder: dict[Annotated[str, _reminder_name], OwnRule]
    notify: Notify
    presence: PresenceRule
    phone: Phone
    diary: DiaryRule
    sound: Sound

    @property
    def names(self) -> tuple[str, ...]:
        """Return every reminder's name, switched on or not."""
        return (STRETCH, WATER, NIGHT, *self.reminder)

    def calendar(self, zone: tzinfo) -> Calendar:
        """Return the rules of all reminders, in `zone`."""
        return Calendar(self.day, self.stretch, self.water, self.night, self.reminder, self.notify.late, zone)


class Loaded(msgspec.Struct, frozen=True):
    """The settings in effect, the text that they come from, and what is wrong with the person's file."""

    settings: Settings
    text: str
    faults: tuple[str, ...] = ()


def load(path: Path) -> Settings:
    """Return the settings with the person's own file at `path` on top; the defaults if there is no file.

    Raises:
        SettingsError: one line for each fault, with file, key, what was found and what would be right.
    """
    return _load(path).settings


def load_or_keep(path: Path, kept: Callable[[], str]) -> Loaded:
    """Return the settings of the file `path`; if it has faults, those of `kept()`, the last text without any."""
    try:
        return _load(path)
    except SettingsError as error:
        faults = tuple(error.lines)
    text = kept()
    try:
        return Loaded(check(parse_toml(text, path), path), text, faults)
    except SettingsError:  # another version of the program kept it
        return Loaded(check({}, path), "", faults)


def _load(path: Path) -> Loaded:
    try:
        text = read_text(path)
    except FileNotFoundError:
        text = ""
    return Loaded(check(parse_toml(text, path), path, text), text)


def check(own: Mapping[str, object], path: Path, text: str = "") -> Settings:
    """Return the settings with the table `own` over the defaults. Raise SettingsError as `load` does.

    Its faults name `path` and the line in `text`.
    """
    try:
        return read_table(own)
    except SchemaError as error:
        raise settings_error(path, text, error.faults) from error


def read_table(own: Mapping[str, object]) -> Settings:
    """Return the settings with the table `own` over the defaults. Raise SchemaError with every fault."""
    table = effective(own)
    return schema.read(table, Settings, _phone_faults(table))


def _phone_faults(table: Mapping[str, object]) -> Iterator[Fault]:
    chosen, own = look_up(table, "phone.reminders"), look_up(table, "reminder")
    known = (STRETCH, WATER, NIGHT, *(own if isinstance(own, Mapping) else ()))
    for place, name in enumerate(chosen if isinstance(chosen, list) else ()):
        if isinstance(name, str) and name not in known:
            yield Fault(("phone", "reminders", place), f"{schema.show(name)} is not a reminder. {nearest(name, known)}")


def effective(own: Mapping[str, object]) -> dict[str, Any]:
    """Return the table `own` over the defaults; own times of a shipped reminder replace its `every`."""
    under = defaults()
    rules = own.get("reminder")
    for name, rule in rules.items() if isinstance(rules, Mapping) else ():
        if isinstance(rule, Mapping) and "at" in rule:
            for key in ("every", "from", "to"):
                under["reminder"].get(name, {}).pop(key, None)
    return merged(under, own)


def look_up(table: Mapping[str, object], key: str) -> object:
    """Return the value at the dotted `key` in `table`, or None."""
    found: object = table
    for part in key.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def defaults() -> dict[str, Any]:
    """Return the shipped settings as a table."""
    return read_toml(shipped() / "settings.toml")


def merged(under: Mapping[str, object], over: Mapping[str, object]) -> dict[str, Any]:
    """Return `under` with the values of `over` in their place, table by table."""
    result = dict(under)
    for key, value in over.items():
        below = under.get(key)
        result[key] = merged(below, value) if isinstance(below, Mapping) and isinstance(value, Mapping) else value
    return result
