"""A person's own settings file, changed one key at a time, with its comments and its order kept.

A change is made to the text in the plainest way that gives the wanted table. Each way is proved by reading
the result, so what one does not cover falls to the next, and never ends in a file that says something else.
"""

import re
import tomllib
import types
import typing
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal

import msgspec

from remind.core.schema import fields, nearest
from remind.errors import SettingsError
from remind.settings.model import Settings

_HEADER = re.compile(r"\s*\[(.*)\]\s*(#.*)?")
_NO_KEY = re.compile(r"\s*(#.*)?")


def kind_at(key: str) -> Any:
    """The type of the setting `key`, dotted as in `day.on.sat.bedtime`.

    Raises:
        SettingsError: there is no such setting; the nearest one is named.
    """
    kind: Any = Settings
    path: list[str] = []
    for part in key.split("."):
        named, other = _below(kind)
        if part not in named and other is None:
            hint = nearest(part, named) if named else f"{'.'.join(path)} is a single value"
            raise SettingsError(f"{'.'.join([*path, part])}: is not known; {hint}")
        kind = named.get(part, other)
        path.append(part)
    return kind


def read_typed(key: str, text: str) -> object:
    """What `text`, as typed for the setting `key`, is in TOML; a list may be typed as `10:00,15:00`.

    Raises:
        SettingsError: there is no such setting, it is a table, or `text` is not UTF-8.
    """
    kind = kind_at(key)
    named, other = _below(kind)
    if named or other is not None:
        raise SettingsError(f"{key}: is a table; set what is in it, as in {key}.{next(iter(named), 'NAME')}")
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise SettingsError(f"{key}: {text!a} is not text in UTF-8")
    listed = typing.get_origin(kind) is tuple
    if kind in (bool, int) or text[:1] in ('"', "'") or (listed and text[:1] == "["):
        try:
            return tomllib.loads(f"value = {text}")["value"]
        except tomllib.TOMLDecodeError:
            return text
    return [part.strip() for part in text.split(",") if part.strip()] if listed else text


def look_up(table: Mapping[str, object], key: str) -> object:
    """What stands at the dotted `key` in `table`; None if nothing does."""
    found: object = table
    for part in key.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def flat(table: Mapping[str, object], under: str = "") -> Iterator[tuple[str, object]]:
    """Each dotted key of `table` with its value, the values of a table before the tables in it."""
    for key, value in sorted(table.items(), key=lambda one: isinstance(one[1], Mapping)):
        where = f"{under}.{key}" if under else key
        if isinstance(value, Mapping):
            yield from flat(value, where)
        else:
            yield where, value


def in_toml(value: object) -> str:
    """`value` as it is written in a TOML file."""
    import tomlkit

    return tomlkit.item(value).as_string()


def as_typed(value: object) -> str:
    """`value` as `read_typed` takes it; of a table, one line for each setting in it."""
    if isinstance(value, Mapping):
        return "\n".join(f"{key} = {in_toml(one)}" for key, one in flat(value))
    if isinstance(value, list):
        return ",".join(map(str, value))
    return value if isinstance(value, str) else in_toml(value)


def with_value(text: str, key: str, value: object) -> str:
    """The TOML `text` with `key` set to `value`.

    Raises:
        SettingsError: it is written in a way that cannot be changed here.
    """
    *path, name = key.split(".")
    line = f"{name} = {in_toml(value)}\n"

    def assign(document: Any) -> None:
        _descend(document, path)[name] = value

    ways = [lambda: _by_tomlkit(text, assign)]
    if look_up(tomllib.loads(text), key) is None:
        ways = [lambda: _line_added(text, path, line), lambda: _section_added(text, path, line), *ways]
    return _first_right(key, text, assign, ways)


def without(text: str, key: str) -> str:
    """The TOML `text` with `key`, a value or a whole table that stands there, taken out.

    Raises:
        SettingsError: it is written in a way that cannot be changed here.
    """
    *path, name = key.split(".")

    def remove(document: Any) -> None:
        del _descend(document, path)[name]

    ways = [lambda: _section_removed(text, [*path, name]), lambda: _by_tomlkit(text, remove)]
    return _first_right(key, text, remove, ways)


def _first_right(key: str, text: str, change: Callable[[Any], None], ways: list[Callable[[], str]]) -> str:
    """What the first of `ways` gives that reads as the table of `text` after `change`."""
    from tomlkit.exceptions import TOMLKitError

    wanted = tomllib.loads(text)
    try:
        change(wanted)
        for way in ways:
            changed = way()
            if _reads_as(changed, wanted):
                return changed
    except (TOMLKitError, TypeError, AttributeError):  # where a table should be, something else stands
        pass
    raise SettingsError(f"{key}: is written so that only `remind config edit` can change it")


def _reads_as(text: str, wanted: dict[str, Any]) -> bool:
    try:
        return dict(flat(tomllib.loads(text))) == dict(flat(wanted))
    except tomllib.TOMLDecodeError:
        return False


def _by_tomlkit(text: str, change: Callable[[Any], None]) -> str:
    import tomlkit

    document = tomlkit.parse(text)
    change(document)
    return tomlkit.dumps(document)


def _line_added(text: str, path: list[str], line: str) -> str:
    """After the last key of the section; tomlkit would put it below comments that belong to the next one."""
    lines, start, end = _section(text, path)
    return "".join([*lines[:end], line, *lines[end:]]) if end > start else text


def _section_added(text: str, path: list[str], line: str) -> str:
    gap = "\n" if text.strip() else ""
    return f"{text.rstrip()}\n{gap}[{'.'.join(path)}]\n{line}".lstrip("\n")


def _section_removed(text: str, path: list[str]) -> str:
    lines, start, end = _section(text, path)
    return "".join(lines[:start] + lines[end:])


def _section(text: str, path: list[str]) -> tuple[list[str], int, int]:
    """The lines of `text`, and where the section of the table `path` starts and ends with its last key."""
    lines = f"{text.rstrip()}\n".splitlines(keepends=True)
    matches = ((place, _HEADER.fullmatch(line.rstrip("\n"))) for place, line in enumerate(lines))
    headers = {place: match[1].replace(" ", "") for place, match in matches if match}
    start = next((place for place, name in headers.items() if name == ".".join(path)), None)
    if start is None:
        return lines, 0, 0
    end = min((place for place in headers if place > start), default=len(lines))
    while _NO_KEY.fullmatch(lines[end - 1].rstrip("\n")):
        end -= 1
    return lines, start, end


def _descend(table: Any, path: list[str]) -> Any:
    for part in path:
        table = table.setdefault(part, {})
    return table


def _below(kind: Any) -> tuple[dict[str, Any], Any]:
    """What may stand in a table of `kind`: the kind of each named key, and of any other name."""
    if typing.get_origin(kind) in (typing.Union, types.UnionType):
        kind = next(one for one in typing.get_args(kind) if one is not types.NoneType)
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return {key: field.kind for key, field in fields(kind).items()}, None
    if typing.get_origin(kind) is dict:
        names, values = typing.get_args(kind)
        if typing.get_origin(names) is Literal:
            return dict.fromkeys(typing.get_args(names), values), None
        return {}, values
    return {}, None
