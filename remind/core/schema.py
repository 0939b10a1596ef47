"""Turn a table from a TOML file into a checked value, or into the list of everything that is wrong with it.

A Struct describes what a table may hold: each field has its key, its type and its checks. Files, single settings on the
command line and forms are all read by these rules. msgspec stops at the first fault, but a person who edits a file by
hand needs to see all of them at once.
"""

import types
import typing
from collections.abc import Callable, Iterable, Mapping
from datetime import time, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Annotated, Any, Literal, NewType, TypeVar, Union

import msgspec

from remind.core.timeparse import TIME_OF_DAY_HINT, parse_time_of_day
from remind.core.units import AMOUNT_HINT, DURATION_HINT, format_duration, parse_amount, parse_duration, quoted

Millilitres = NewType("Millilitres", int)
"""An amount of fluid in whole millilitres."""

Where = tuple[str | int, ...]
"""The keys and list indexes that lead to a value."""

T = TypeVar("T")
Check = Callable[[Any], None]

_NOTHING: Any = object()
"""Stands for a value that has a fault."""


class Fault(msgspec.Struct, frozen=True):
    """One thing that is wrong in a file: where it is, and what it is in words."""

    where: Where
    words: str

    def __str__(self) -> str:
        return printable(f"{_spelled(self.where)}: {self.words}".removeprefix(": "))


class SchemaError(Exception):
    """The table cannot be read; `faults` has every reason."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults


class Field(msgspec.Struct, frozen=True):
    """What a key may hold: its type, its checks from `Annotated`, and its attribute in the Struct."""

    kind: Any
    checks: tuple[Check, ...] = ()
    attribute: str = ""
    required: bool = False


class Table(msgspec.Struct, frozen=True):
    """What a table may hold: the field of each known key, and the field of any other key."""

    named: dict[str, Field]
    other: Field | None = None
    name_checks: tuple[Check, ...] = ()

    def field(self, key: str) -> Field | None:
        """Return what `key` may hold; None if there is no such key."""
        return self.named.get(key, self.other)


def read(table: object, kind: type[T], more: Iterable[Fault] = ()) -> T:
    """Return the value of `kind`, a Struct or a dict, that `table` describes.

    Raises:
        SchemaError: with one fault for each key that is unknown, missing or wrong, and those in `more`.
    """
    faults: list[Fault] = []
    value = _value(table, Field(kind), (), faults)
    faults += more
    if faults:
        raise SchemaError(faults)
    return typing.cast(T, value)


@lru_cache(maxsize=64)
def table_of(kind: Any) -> Table | None:
    """Return what a table of `kind` may hold; None if a value of `kind` is not a table."""
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        hints = typing.get_type_hints(kind, include_extras=True)
        found = msgspec.structs.fields(kind)
        return Table({one.encode_name: _field(hints[one.name], one.name, one.required) for one in found})
    if typing.get_origin(kind) is not dict:
        return None
    names, values = map(_field, typing.get_args(kind))
    if typing.get_origin(names.kind) is Literal:
        return Table(dict.fromkeys(typing.get_args(names.kind), values))
    return Table({}, values, names.checks)


def nearest(name: str, known: Iterable[str]) -> str:
    """Return words that suggest the known name most like `name`, or all of them if none is like it."""
    import difflib  # only a mistake needs it

    choices = sorted(set(known))
    close = difflib.get_close_matches(name, choices)
    return f"Did you mean {close[0]!r}?" if close else f"Known here: {', '.join(choices)}"


def show(value: object) -> str:
    """Return `value` as a file would have it, cut to fit on a line."""
    if isinstance(value, Mapping):
        return "a table"
    if isinstance(value, list | tuple):
        return "a list"
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, int) and value.bit_length() > 128:  # Python refuses to print very long ones
        return "a huge number"
    return str(value).lower()  # TOML has "true"


def printable(text: str) -> str:
    """Return `text` with an escape for each line break, colour code and whatever else must not reach a terminal."""
    return "".join(one if one.isprintable() else ascii(one)[1:-1] for one in text)


def within(least: Any, most: Any) -> Check:
    """Return a check for `Annotated` that a number or duration is from `least` to `most`."""

    def check(value: Any) -> None:
        if not least <= value <= most:
            low, high = (format_duration(x) if isinstance(x, timedelta) else x for x in (least, most))
            raise ValueError(f"is not between {low} and {high}")

    return check


def one_line(most: int) -> Check:
    """Return a check for `Annotated` that a text is one printable line of 1 to `most` characters."""

    def check(value: str) -> None:
        if not value.strip() or len(value) > most or not value.isprintable():
            raise ValueError(f"is not one line of 1 to {most} characters")

    return check


def _field(hint: Any, attribute: str = "", required: bool = False) -> Field:
    checks: list[Check] = []
    if typing.get_origin(hint) is Annotated:
        hint, *checks = typing.get_args(hint)
    if typing.get_origin(hint) in (Union, types.UnionType):
        hint = next(one for one in typing.get_args(hint) if one is not types.NoneType)
    return Field(hint, tuple(checks), attribute, required)


def _value(found: object, field: Field, where: Where, faults: list[Fault]) -> Any:
    """Return the value that `found` describes; on a fault, add it to `faults` and return `_NOTHING`."""
    table = table_of(field.kind)
    try:
        if table is not None:
            return _table(found, field.kind, table, where, faults)
        if typing.get_origin(field.kind) is tuple:
            return _list(found, _field(typing.get_args(field.kind)[0]), where, faults)
        value = _leaf(found, field.kind)
    except ValueError as error:
        faults.append(Fault(where, str(error)))
        return _NOTHING
    faults += [Fault(where, f"{show(found)} {reason}") for reason in _reasons(value, field.checks)]
    return value


def _table(found: object, kind: Any, table: Table, where: Where, faults: list[Fault]) -> Any:
    if not isinstance(found, Mapping):
        raise ValueError(f"{show(found)} is not a table")
    values: dict[str, Any] = {}
    for key, one in found.items():
        field = table.field(key)
        if field is None:
            faults.append(Fault((*where, key), f"is not known. {nearest(key, table.named)}"))
            continue
        faults += [Fault((*where, key), reason) for reason in _reasons(key, table.name_checks)]
        values[field.attribute or key] = _value(one, field, (*where, key), faults)
    missing = [key for key, field in table.named.items() if field.required and key not in found]
    faults += [Fault((*where, key), "is missing") for key in missing]
    if missing or any(value is _NOTHING for value in values.values()):
        return _NOTHING  # rules about several keys apply only if each key could be read
    return kind(**values)


def _list(found: object, field: Field, where: Where, faults: list[Fault]) -> Any:
    if not isinstance(found, list | tuple):
        raise ValueError(f'{show(found)} is not a list, as in ["…", "…"]')
    values = tuple(_value(one, field, (*where, place), faults) for place, one in enumerate(found))
    return _NOTHING if any(value is _NOTHING for value in values) else values


def _leaf(found: object, kind: Any) -> Any:
    if typing.get_origin(kind) is Literal:
        choices = typing.get_args(kind)
        if found not in choices:
            raise ValueError(f"{show(found)} is not one of {', '.join(map(show, choices))}")
        return found
    if kind in _PLAIN:
        if type(found) is not kind:
            raise ValueError(f"{show(found)} is not {_PLAIN[kind]}")
        return found
    if kind is float:
        if isinstance(found, bool) or not isinstance(found, int | float):
            raise ValueError(f"{show(found)} is not a number")
        return float(found)
    if kind is time and isinstance(found, time) and found.tzinfo is None:  # TOML also has times without quotes
        return found.replace(second=0, microsecond=0)
    parse, name, hint = _PARSED[kind]
    if not isinstance(found, str):
        raise ValueError(f"{show(found)} is not {name}. {hint}")
    return parse(found)


_PLAIN: dict[Any, str] = {bool: "true or false", int: "a whole number", str: 'a text in quotes, as in "…"'}
_PARSED: dict[Any, tuple[Callable[[str], Any], str, str]] = {
    timedelta: (parse_duration, "a duration", DURATION_HINT),
    Millilitres: (parse_amount, "an amount", AMOUNT_HINT),
    time: (parse_time_of_day, "a time of day in quotes", TIME_OF_DAY_HINT),
}


def _reasons(value: Any, checks: Iterable[Check]) -> list[str]:
    reasons = []
    for check in checks:
        try:
            check(value)
        except ValueError as error:
            reasons.append(str(error))
    return reasons


def _spelled(where: Where) -> str:
    """Return `where` as people say it, counting from 1: "step 2: hold", "reminder.tea.days 1"."""
    text = ""
    for before, part in pairwise(("", *where)):
        if isinstance(part, int):
            text += f" {part + 1}"
        else:
            text += (": " if isinstance(before, int) else "." if text else "") + part
    return text
