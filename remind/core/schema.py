"""A table read from TOML made into a checked value, or the list of all that is wrong with it.

msgspec stops at the first fault; a person who edits a file by hand is better served by all of them at once.
"""

import types
import typing
from collections.abc import Callable, Mapping
from datetime import time, timedelta
from functools import lru_cache
from typing import Annotated, Any, Literal, NamedTuple, NewType, TypeVar, Union

import msgspec

from remind.core.timeparse import TIME_OF_DAY_HINT, parse_time_of_day
from remind.core.units import AMOUNT_HINT, DURATION_HINT, format_duration, parse_amount, parse_duration, quoted

Millilitres = NewType("Millilitres", int)
"""An amount of fluid in whole millilitres."""

T = TypeVar("T")


class Fault(msgspec.Struct, frozen=True):
    """One thing that is wrong in a file: where, what stood there, what would be right."""

    key: str
    found: str
    expected: str

    def __str__(self) -> str:
        return printable(f"{self.key}: {self.found} {self.expected}".strip().removeprefix(": "))


class SchemaError(Exception):
    """The table cannot be made into the value; `faults` names every reason."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults


def read(table: Mapping[str, object], kind: type[T]) -> T:
    """The value of the Struct `kind` that `table` describes.

    Raises:
        SchemaError: with one fault for each key that is unknown, missing or wrong.
    """
    faults: list[Fault] = []
    value = _struct(table, kind, "", faults)
    if faults:
        raise SchemaError(faults)
    return typing.cast(T, value)


def nearest(name: str, known: typing.Iterable[str]) -> str:
    """The words that point from an unknown name to what may have been meant, or name all that is known."""
    import difflib  # paid for by a mistake alone

    choices = sorted(known)
    close = difflib.get_close_matches(name, choices, n=1, cutoff=0.6)
    return f"did you mean {close[0]!r}?" if close else f"known here: {', '.join(choices)}"


def show(value: object) -> str:
    """Return `value` as it stands in a file, cut to what fits on a line."""
    if isinstance(value, Mapping):
        return "a table"
    if isinstance(value, list | tuple):
        return "a list"
    if isinstance(value, int) and value.bit_length() > 128:  # Python refuses to write out a very long one
        return "a huge number"
    if isinstance(value, str):
        return quoted(value)
    text = printable(str(value).lower() if isinstance(value, bool) else str(value))
    return text if len(text) <= 60 else text[:57] + "…"


def printable(text: str) -> str:
    # A line break or a colour code from a file must never reach a terminal.
    return "".join(one if one.isprintable() else ascii(one)[1:-1] for one in text)


def within(least: Any, most: Any) -> Callable[[Any], None]:
    """A check for `Annotated`: the number or duration lies between the two, or is one of them."""

    def check(value: Any) -> None:
        if not least <= value <= most:
            low, high = (format_duration(x) if isinstance(x, timedelta) else x for x in (least, most))
            raise ValueError(f"is not between {low} and {high}")

    return check


class Field(NamedTuple):
    """A key of a Struct as written in a file: where it goes, what it is, and the checks that `Annotated` gives it."""

    attribute: str
    kind: Any
    required: bool
    checks: tuple[Callable[[Any], None], ...]


@lru_cache(maxsize=64)
def fields(kind: type) -> dict[str, Field]:
    """The keys of the Struct `kind`."""
    hints = typing.get_type_hints(kind, include_extras=True)
    found = {}
    for field in msgspec.structs.fields(kind):
        hint = hints[field.name]
        hint, *checks = typing.get_args(hint) if typing.get_origin(hint) is Annotated else (hint,)
        found[field.encode_name] = Field(field.name, hint, field.required, tuple(checks))
    return found


def _struct(table: object, kind: type, path: str, faults: list[Fault]) -> object:
    if not isinstance(table, Mapping):
        faults.append(Fault(path, show(table), "is not a table"))
        return None
    known = fields(kind)
    before = len(faults)
    values: dict[str, object] = {}
    for key, found in table.items():
        where = f"{path}.{key}" if path else key
        if key not in known:
            faults.append(Fault(where, "is not known;", nearest(key, known)))
            continue
        field = known[key]
        values[field.attribute] = _checked(found, field, where, faults)
    missing = (key for key, field in known.items() if field.required and key not in table)
    faults.extend(Fault(f"{path}.{key}" if path else key, "is missing", "") for key in missing)
    if len(faults) > before:
        return None
    try:
        return kind(**values)
    except ValueError as error:  # what a Struct's __post_init__ says of its keys together
        faults.append(Fault(path, str(error), ""))
        return None


def _checked(found: object, field: Field, path: str, faults: list[Fault]) -> object:
    before = len(faults)
    value = _value(found, field.kind, path, faults)
    try:
        for check in field.checks if len(faults) == before else ():
            check(value)
    except ValueError as error:
        faults.append(Fault(path, show(found), str(error)))
    return value


def _value(found: object, hint: Any, path: str, faults: list[Fault]) -> object:
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin in (Union, types.UnionType):
        return _value(found, next(a for a in args if a is not types.NoneType), path, faults)
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        return _struct(found, hint, path, faults)
    if origin is dict:
        return _table(found, hint, path, faults)
    if origin is tuple:
        if not isinstance(found, list | tuple):
            faults.append(Fault(path, show(found), 'is not a list, as in ["…", "…"]'))
            return None
        return tuple(_value(one, args[0], f"{path}[{place}]", faults) for place, one in enumerate(found))
    try:
        return _leaf(found, hint)
    except ValueError as error:
        faults.append(Fault(path, "", str(error)))
        return None


def _table(found: object, hint: Any, path: str, faults: list[Fault]) -> object:
    if not isinstance(found, Mapping):
        faults.append(Fault(path, show(found), "is not a table"))
        return None
    name_kind, value_kind = typing.get_args(hint)
    table = {}
    for key, value in found.items():
        where = f"{path}.{key}"
        try:
            name = _leaf(key, name_kind)
        except ValueError as error:
            faults.append(Fault(where, "", str(error)))
            continue
        table[name] = _value(value, value_kind, where, faults)
    return table


def _leaf(found: object, hint: Any) -> object:
    """The value that `found` stands for, or a ValueError that says what would be right."""
    if typing.get_origin(hint) is Literal:
        choices = typing.get_args(hint)
        if found in choices:
            return found
        raise ValueError(f"{show(found)} is not one of {', '.join(map(show, choices))}")
    return _LEAVES[hint](found)


def _said(parse: Callable[[str], Any], name: str, hint: str) -> Callable[[object], object]:
    def leaf(found: object) -> object:
        if isinstance(found, str):
            return parse(found)
        raise ValueError(f"{show(found)} is not {name}. {hint}")

    return leaf


def _time_of_day(found: object) -> object:
    if isinstance(found, time) and found.tzinfo is None:  # TOML has times without quotes
        return found.replace(second=0, microsecond=0)
    return _said(parse_time_of_day, "a time of day in quotes", TIME_OF_DAY_HINT)(found)


def _plain(kind: type, words: str) -> Callable[[object], object]:
    def leaf(found: object) -> object:
        if type(found) is not kind:
            raise ValueError(f"{show(found)} is not {words}")
        return found

    return leaf


_LEAVES: dict[Any, Callable[[object], object]] = {
    timedelta: _said(parse_duration, "a duration", DURATION_HINT),
    Millilitres: _said(parse_amount, "an amount", AMOUNT_HINT),
    time: _time_of_day,
    bool: _plain(bool, "true or false"),
    int: _plain(int, "a whole number"),
    str: _plain(str, 'a text in quotes, as in "…"'),
}
