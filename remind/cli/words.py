"""The words that a shell completes: of each command its options and arguments, without importing it.

`words.json` lists them; a test compares it with the commands, and writes it anew when it is told to.
"""

import os
import sys
from typing import TYPE_CHECKING, Any

import click

from remind.cli import values

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

_LINE = "_REMIND_LINE"
"""The environment variable with what is typed, up to the cursor."""


class Listed(click.Group):
    """A group whose commands are made from the table."""

    def __init__(self, name: str, row: dict[str, Any]) -> None:
        commands = {below: command(below, one) for below, one in row["commands"].items()}
        super().__init__(name, commands, params=[_parameter(one) for one in row["params"]], invoke_without_command=True)
        self.names = getattr(values, row["values"]) if "values" in row else None

    def shell_complete(self, ctx: click.Context, incomplete: str) -> "list[CompletionItem]":
        """Return what can follow: the names that stand for a command, then commands and options."""
        first = self.names(ctx, None, incomplete) if self.names and not incomplete.startswith("-") else []
        return [*first, *super().shell_complete(ctx, incomplete)]


def command(name: str, row: dict[str, Any]) -> click.Command:
    """Return a command that takes what `row` of the table says and does nothing."""
    if "commands" in row:
        return Listed(name, row)
    return click.Command(name, params=[_parameter(one) for one in row["params"]], short_help=row["help"])


def _parameter(row: dict[str, Any]) -> click.Parameter:
    kind = click.Choice(row["choices"]) if "choices" in row else click.Path() if "files" in row else None
    found = getattr(values, row["values"]) if "values" in row else None
    if "argument" in row:
        nargs = row.get("nargs", 1)
        return click.Argument([row["argument"]], nargs=nargs, required=False, type=kind, shell_complete=found)
    flag = "flag" in row
    return click.Option(row["options"], is_flag=flag, type=kind, shell_complete=found, help=row["help"])


def listed() -> dict[str, dict[str, Any]]:
    """Return the row of each command of the table."""
    rows: dict[str, dict[str, Any]] = values.table()["commands"]
    return rows


def answer(root: click.Group) -> int:
    """Print what can follow the words that are typed: a word and what it is, one pair a line.

    A line without a word says that files are wanted.
    """
    from click.shell_completion import ShellComplete, split_arg_string

    # The mark shows whether the last word has begun; within quotes, a space belongs to it.
    _, *words, last = ["", *split_arg_string(os.environ.get(_LINE, "") + "\N{BULLET}")]
    last, words = last[:-1], words[1:]
    option, mark, _ = last.partition("=")
    before = option + mark if mark and option.startswith("--") else ""
    asked = ShellComplete(root, {}, "remind", "")
    for item in asked.get_completions(words, last):
        line = f"{before}{item.value}\t{item.help or ''}" if item.type == "plain" else f"\t{item.type}"
        sys.stdout.write(f"{line}\n")
    return 0
