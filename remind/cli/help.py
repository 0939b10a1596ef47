"""`remind help`: what there is to read, a topic, or the help of a command."""

import shutil
import sys
import textwrap
from collections.abc import Iterator

import click

from remind.cli import values
from remind.cli.output import paged
from remind.core.schema import nearest
from remind.errors import UsageError
from remind.files import read_text, shipped, topic
from remind.settings.described import described

_WIDTH = 80
"""Lines longer than this are hard to read."""


@click.command("help")
@click.argument("words", nargs=-1, metavar="[TOPIC | COMMAND]", shell_complete=values.help_words)
@click.pass_context
@paged
def help_(ctx: click.Context, words: tuple[str, ...]) -> None:
    """Explain a topic or a command.

    TOPIC is one of the list that appears without it, and COMMAND any command, as in `remind help log cramp`.

    Example: remind help times
    """
    topics = values.topics()
    if not words:
        click.echo("\n".join(_overview(topics)))
    elif len(words) == 1 and words[0] in topics:
        click.echo("\n\n".join(_topic(words[0])))
    else:
        click.echo(_of_command(ctx.find_root(), words, topics))


def _overview(topics: dict[str, str]) -> Iterator[str]:
    yield "Topics:"
    for name, title in topics.items():
        yield f"  {name:{max(map(len, topics))}}  {title}"
    yield ""
    yield "`remind help TOPIC` shows one. `remind --help` lists the commands, and `remind help COMMAND` explains one."


def _topic(name: str) -> Iterator[str]:
    """Yield the paragraphs of a topic, wrapped to the terminal; lines that begin with spaces stay as they are."""
    width = min(_WIDTH, shutil.get_terminal_size().columns) if sys.stdout.isatty() else _WIDTH
    for block in topic(name).split("\n\n"):
        yield block if block.startswith(" ") else textwrap.fill(block, width, break_on_hyphens=False)
    for one in described(read_text(shipped() / "settings.toml")) if name == "settings" else ():
        value = f" = {one.value}" if one.has_default else f" is not set; for example {one.value}"
        first = f"{one.key}{value}" if one.value else f"[{one.key}]"
        indent = " " * 4
        words = textwrap.fill(one.words, width, initial_indent=indent, subsequent_indent=indent)
        yield f"{first}\n{words}" if words else first


def _of_command(root: click.Context, words: tuple[str, ...], topics: dict[str, str]) -> str:
    """Return the help of the command that `words` name. Raise UsageError if there is none, and name the nearest."""
    context = root
    for word in words:
        group = context.command
        known = group.list_commands(context) if isinstance(group, click.Group) else []
        if word not in known:
            choices = [*known, *(topics if context is root else ())]
            raise UsageError(
                f"there is no help for {' '.join(words)!r}. {nearest(word, choices) if choices else ''}".strip()
            )
        assert isinstance(group, click.Group)
        command = group.get_command(context, word)
        assert command is not None
        context = click.Context(command, info_name=word, parent=context)
    return context.get_help()
