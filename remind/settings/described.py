"""Each setting with its default and its description, as the comments of the shipped file have them."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from remind.errors import UsageError
from remind.settings.edit import kind_at

_TABLE = re.compile(r"(?:# )?\[([a-z.]+)\]")
_VALUE = re.compile(r"(# )?([a-z_]+) = (.+)")


class Described(NamedTuple):
    """A setting, or a table of settings, and what is said about it."""

    key: str
    value: str
    """The default as TOML, or an example where there is no default; empty for a table."""
    words: str
    has_default: bool = True


def described(text: str) -> Iterator[Described]:
    """Yield each table and setting of the shipped file `text`, in its order."""
    table, words = "", list[str]()
    for line in text.splitlines():
        header, value = _TABLE.fullmatch(line), _VALUE.fullmatch(line)
        if header:
            table = header[1]
            yield Described(table, "", " ".join(words))
        elif value and _is_setting(f"{table}.{value[2]}"):
            yield Described(f"{table}.{value[2]}", value[3], " ".join(words), has_default=not value[1])
        elif line.startswith("#"):
            words.append(" ".join(line.removeprefix("#").split()))
            continue
        words = []  # an empty line ends what is said about the file as a whole


def _is_setting(key: str) -> bool:
    try:
        kind_at(key)
    except UsageError:  # a comment that looks like one
        return False
    return True
