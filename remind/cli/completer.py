"""What the shell completes: for the words that are typed, those that can follow, without importing any command.

`completions.json` lists the options and arguments of each command. A test compares it with the commands, and renews it
when it is told to.
"""

import json
import os
import sys
from collections.abc import Iterator
from functools import cache
from types import SimpleNamespace
from typing import Any

_LINE = "_REMIND_LINE"
"""The environment variable with what is typed, up to the cursor."""

_FILE = "\tfile"
"""The line that asks the shell for its files."""

_HELP = {"options": ["-h", "--help"], "flag": True, "help": "Show this message and exit."}


def answer() -> None:
    """Print a line for each word that can follow: the word, a tab, and what it is."""
    *words, last = _split(os.environ.get(_LINE, ""))
    lines = "".join(f"{line}\n" for line in _following(words[1:], last))
    sys.stdout.buffer.write(lines.encode("utf-8", "surrogateescape"))  # a name that is not UTF-8 stays as it is
    sys.stdout.flush()


@cache
def table() -> dict[str, Any]:
    """Return the table of commands with their options and arguments, and of settings with their choices."""
    # A Path would be slow to import, and most answers need nothing else of the kind.
    name = os.path.join(os.path.dirname(__file__), "completions.json")  # noqa: PTH118, PTH120
    with open(name, encoding="utf-8") as file:  # noqa: PTH123
        found: dict[str, Any] = json.load(file)
    return found


def _split(line: str) -> list[str]:
    """Return the words of `line` as a shell reads them. The last is the one at the cursor, which may be empty."""
    import shlex

    mark = "\N{BULLET}"  # it shows whether the last word has begun: within quotes, a space belongs to it
    words, lexer = list[str](), shlex.shlex(line + mark, posix=True)
    lexer.whitespace_split, lexer.commenters = True, ""
    try:
        words.extend(lexer)
    except ValueError:  # a quote is still open
        words.append(lexer.token or "")
    return [*words[:-1], words[-1].removesuffix(mark)]


def _following(words: list[str], last: str) -> Iterator[str]:
    """Yield a line for each word that can stand in place of `last` after `words`."""
    row, given, option = table()["commands"], list[str](), None
    for word in words:
        if option is not None:
            option = None  # this word is its value
        elif word.startswith("-"):
            option = None if "=" in word else _taking_a_value(row, word)
        elif word in row.get("commands", {}):
            row, given = row["commands"][word], []
        else:
            given.append(word)
    name, mark, begun = last.partition("=")
    if option is not None:
        yield from _values(option, given, last)
    elif mark and (option := _taking_a_value(row, name)):
        yield from (f"{name}={line}" for line in _values(option, given, begun))
    elif last.startswith("-"):
        yield from _options(row, last)
    else:
        yield from _arguments(row, given, last)


def _taking_a_value(row: dict[str, Any], word: str) -> dict[str, Any] | None:
    options = (one for one in row["params"] if word in one.get("options", ()) and "flag" not in one)
    return next(options, None)


def _options(row: dict[str, Any], last: str) -> Iterator[str]:
    for option in (*row["params"], _HELP):
        for pair in option.get("options", ()):
            yield from (f"{name}\t{option['help']}" for name in pair.split("/") if name.startswith(last))


def _arguments(row: dict[str, Any], given: list[str], last: str) -> Iterator[str]:
    arguments = [one for one in row["params"] if "argument" in one]
    if len(given) < len(arguments):
        yield from _values(arguments[len(given)], given, last)
    elif arguments and arguments[-1].get("nargs") == -1:
        yield from _values(arguments[-1], given, last)
    yield from _values(row, given, last)
    for name, command in row.get("commands", {}).items():
        if name.startswith(last):
            yield f"{name}\t{command['help']}"


def _values(row: dict[str, Any], given: list[str], last: str) -> Iterator[str]:
    """Yield a line for each value of the option, argument or group in `row` that begins with `last`."""
    yield from (f"{choice}\t" for choice in row.get("choices", ()) if choice.startswith(last))
    if "files" in row:
        yield _FILE
    if "values" in row:
        from remind.cli import values

        yield from getattr(values, row["values"])(SimpleNamespace(args=given), None, last)
