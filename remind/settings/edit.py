"""Changing one key of a settings file while its comments and its order stay.

tomlkit makes each change, first only in the section of the key, since it would put a new key below the comment of the
next section. The result is read again. If it does not have the wanted values, the next way is tried, so no change ever
gives a file with other values.
"""

import re
import tomllib
import typing
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from remind.core.schema import Table, nearest, table_of
from remind.errors import SettingsError, UsageError
from remind.settings.model import Settings

_HEADER = re.compile(r"\s*\[(.*)\]\s*(#.*)?")
_NO_KEY = re.compile(r"\s*(#.*)?")


def kind_at(key: str) -> Any:
    """Return the type of the setting `key`, dotted as in `day.on.sat.bedtime`.

    Raises:
        UsageError: there is no such setting; the nearest one is named.
    """
    kind: Any = Settings
    path: list[str] = []
    for part in key.split("."):
        table = table_of(kind)
        field = table.field(part) if table else None
        if field is None:
            hint = _hint(part, path, table) if table else f"{'.'.join(path)} is a single value"
            raise UsageError(f"{'.'.join([*path, part])} is not a setting. {hint}")
        kind = field.kind
        path.append(part)
    return kind


def _hint(part: str, path: list[str], table: Table) -> str:
    """Return words that suggest a setting of `table`, at `path`, for the unknown `part`, with its whole key."""
    inner = ((one, table_of(field.kind)) for one, field in table.named.items())
    holders = [one for one, found in inner if found and part in found.named]
    known = f"Did you mean '{holders[0]}.{part}'?" if len(holders) == 1 else nearest(part, table.named)
    return known.replace("'", f"'{'.'.join([*path, ''])}", 1)


def read_typed(key: str, text: str) -> object:
    """Return the TOML value of `text`, as typed for the setting `key`; a list may be typed as `10:00,15:00`.

    Raises:
        UsageError: there is no such setting, it is a table, or `text` is not UTF-8.
    """
    kind = kind_at(key)
    table: Table | None = table_of(kind)
    if table is not None:
        raise UsageError(f"{key} is a table. Set what is in it, as in {key}.{next(iter(table.named), 'NAME')}")
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise UsageError(f"{key}: {text!a} is not text in UTF-8")
    listed = typing.get_origin(kind) is tuple
    if kind in (bool, int) or text[:1] in ('"', "'") or (listed and text[:1] == "["):
        try:
            return tomllib.loads(f"value = {text}")["value"]
        except tomllib.TOMLDecodeError:
            return text
    return [part.strip() for part in text.split(",") if part.strip()] if listed else text


def flat(table: Mapping[str, object], under: str = "") -> Iterator[tuple[str, object]]:
    """Yield each dotted key of `table` with its value, a table's own values before the tables in it."""
    for key, value in sorted(table.items(), key=lambda one: isinstance(one[1], Mapping)):
        where = f"{under}.{key}" if under else key
        if isinstance(value, Mapping):
            yield from flat(value, where)
        else:
            yield where, value


def in_toml(value: object) -> str:
    """Return `value` as it is written in a TOML file."""
    import tomlkit

    return tomlkit.item(value).as_string()


def as_typed(value: object) -> str:
    """Return `value` as `read_typed` accepts it; for a table, one line for each setting in it."""
    if isinstance(value, Mapping):
        return "\n".join(f"{key} = {in_toml(one)}" for key, one in flat(value))
    if isinstance(value, list):
        return ",".join(map(str, value))
    return value if isinstance(value, str) else in_toml(value)


def with_value(text: str, key: str, value: object) -> str:
    """Return the TOML `text` with `key` set to `value`. Raise SettingsError if its layout rules that out."""
    *path, name = key.split(".")

    def assign(document: Any) -> None:
        _descend(document, path)[name] = value

    return _changed(text, key, path, assign)


def without(text: str, key: str) -> str:
    """Return the TOML `text` without `key`, a value or a table in it. Raise SettingsError as `with_value` does."""
    *path, name = key.split(".")

    def remove(document: Any) -> None:
        del _descend(document, path)[name]

    return _changed(text, key, [*path, name], remove)


def _changed(text: str, key: str, section: list[str], change: Callable[[Any], None]) -> str:
    """Return `text` after `change`, made in `section` alone or, if that gives other values, in the whole text."""
    from tomlkit.exceptions import TOMLKitError

    try:
        wanted = tomllib.loads(text)
        change(wanted)
        for whole in (False, True):
            try:
                changed = _by_tomlkit(text, change) if whole else _in_section(text, section, change)
                if dict(flat(tomllib.loads(changed))) == dict(flat(wanted)):
                    return changed
            except (TOMLKitError, tomllib.TOMLDecodeError, KeyError):
                continue
    except (TypeError, AttributeError):  # there is something else where a table should be
        pass
    raise SettingsError(f"{key}: is written so that only `remind config edit` can change it")


def _by_tomlkit(text: str, change: Callable[[Any], None]) -> str:
    import tomlkit

    document = tomlkit.parse(text)
    change(document)
    return tomlkit.dumps(document)


def _in_section(text: str, path: list[str], change: Callable[[Any], None]) -> str:
    """Return `text` with `change` made to the section of the table `path`, which ends with its last key or is added."""
    lines = f"{text.rstrip()}\n".splitlines(keepends=True)
    matches = ((place, _HEADER.fullmatch(line.rstrip("\n"))) for place, line in enumerate(lines))
    headers = {place: match[1].replace(" ", "") for place, match in matches if match}
    start = next((place for place, name in headers.items() if name == ".".join(path)), None)
    if start is None:
        section = _by_tomlkit(f"[{'.'.join(path)}]\n", change)
        return f"{text.rstrip()}\n\n{section}".lstrip("\n")
    end = min((place for place in headers if place > start), default=len(lines))
    while _NO_KEY.fullmatch(lines[end - 1].rstrip("\n")):
        end -= 1
    section = _by_tomlkit("".join(lines[start:end]), change)
    return "".join([*lines[:start], section, *lines[end:]])


def _descend(table: Any, path: list[str]) -> Any:
    for part in path:
        table = table.setdefault(part, {})
    return table
