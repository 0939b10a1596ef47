"""Make a man page of each command while a wheel is built: `share/man/man1/remind-log-cramp.1` for `remind log cramp`.

To read one from a checkout: `python .ci/man_pages.py FOLDER && man -l FOLDER/remind.1`.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import click

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # run by hand
    BuildHookInterface = object

ROOT = Path(__file__).parent.parent
FILES = (
    ("~/.config/remind/settings.toml", "Your own settings. `remind config path` prints where it is on your system."),
    ("~/.config/remind/routines/", "Your own routines, one file each."),
    ("~/.local/share/remind/remind.db", "Your diary, and what became of each reminder."),
)
ENVIRONMENT = (
    ("NO_COLOR", "If this is set to anything, nothing is printed in color."),
    ("PAGER", "The program that shows long output in a terminal."),
    ("VISUAL, EDITOR", "The editor that `remind config edit` opens."),
    ("REMIND_NTFY_TOKEN", "The token for your ntfy server, if it needs one and no file has it."),
)
CODES = (
    ("0", "Done."), ("1", "An expected failure, told in one line."), ("2", "Wrong usage."),
    ("3", "The service is not running."), ("4", "A settings or routine file is at fault."),
    ("5", "Another service of yours is already running."), ("130", "Ended early, by Ctrl-C or `q`."),
)  # fmt: skip


class ManPages(BuildHookInterface):  # type: ignore[misc, valid-type]
    """Add the pages to a wheel; an editable install goes without."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write the pages to a folder of their own, and tell hatchling about it."""
        self._folder = None
        if version == "editable":
            return
        self._folder = TemporaryDirectory()
        write(Path(self._folder.name))
        build_data["shared_data"][self._folder.name] = "share/man/man1"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002
        """Remove the folder."""
        if self._folder is not None:
            self._folder.cleanup()


def write(folder: Path) -> None:
    """Write every page into `folder`."""
    sys.dont_write_bytecode = True  # a build leaves nothing in the source
    sys.path.insert(0, str(ROOT))
    import click

    from remind.cli.main import remind

    context = click.Context(remind, info_name="remind", help_option_names=["-h", "--help"])
    for name, text in pages(remind, context):
        (folder / f"{name}.1").write_text(text, encoding="ascii", newline="\n")
    # Where `man remind` shows another program's page, `man stretch-remind` shows this one's.
    second = (folder / "remind.1").read_text(encoding="ascii").replace(".TH REMIND ", r".TH STRETCH\-REMIND ", 1)
    (folder / "stretch-remind.1").write_text(second, encoding="ascii", newline="\n")


def pages(command: "click.Command", context: "click.Context") -> "Iterator[tuple[str, str]]":
    """Yield the name and the text of the page of `command`, then of each command below it."""
    import click

    yield context.command_path.replace(" ", "-"), "\n".join(page(command, context)) + "\n"
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None
            yield from pages(below, click.Context(below, info_name=name, parent=context))


def page(command: "click.Command", context: "click.Context") -> Iterator[str]:
    """Yield the lines of one page, in the language of man(7)."""
    from remind import __version__

    name = context.command_path.replace(" ", "-")
    first, *more = [" ".join(one.split()) for one in (command.help or "").split("\n\n")]
    examples = [one.removeprefix("Example: ") for one in more if one.startswith("Example: ")]
    yield f'.TH {plain(name.upper())} 1 "" "remind {__version__}" "remind"'
    yield from (".SH NAME", rf"{plain(name)} \- {plain(first.rstrip('.'))}")
    yield from (".SH SYNOPSIS", f".B {plain(context.command_path)}")
    yield text(" ".join(command.collect_usage_pieces(context)))
    yield ".SH DESCRIPTION"
    for paragraph in (first, *(one for one in more if not one.startswith("Example: "))):
        yield from (".PP", text(paragraph))
    yield from options(command, context)
    if examples:
        yield ".SH EXAMPLES"
        for example in examples:
            yield from (".PP", ".EX", text(example), ".EE")
    yield from below(command, context)
    if context.parent is None:
        yield from table("EXIT STATUS", CODES)
        yield from table("ENVIRONMENT", ENVIRONMENT)
        yield from table("FILES", FILES)
    yield from see_also(command, context)


def options(command: "click.Command", context: "click.Context") -> Iterator[str]:
    """Yield the section of the options."""
    records = [one.get_help_record(context) for one in command.get_params(context)]
    yield from table("OPTIONS", [record for record in records if record])


def below(command: "click.Command", context: "click.Context") -> Iterator[str]:
    """Yield the section of the commands of a group."""
    import click

    from remind.cli.main import SECTIONS

    if not isinstance(command, click.Group):
        return
    if context.parent is not None:
        found = ((name, command.get_command(context, name)) for name in command.list_commands(context))
        yield from table("COMMANDS", [(name, one.get_short_help_str(200)) for name, one in found if one])
        return
    yield ".SH COMMANDS"
    for title, commands in SECTIONS.items():
        yield f".SS {plain(title)}"
        for name, (_, words) in commands.items():
            yield from (".TP", f".BR remind\\-{plain(name)} (1)", text(words))


def see_also(command: "click.Command", context: "click.Context") -> Iterator[str]:
    """Yield the section with the names of related pages."""
    import click

    parent = context.parent
    related = [parent.command_path] if parent else []
    if parent and isinstance(command, click.Group):
        related += [f"{context.command_path} {name}" for name in command.list_commands(context)]
    elif parent and parent.parent and isinstance(parent.command, click.Group):
        others = (name for name in parent.command.list_commands(parent) if name != context.info_name)
        related += [f"{parent.command_path} {name}" for name in others]
    if not related:
        return
    yield ".SH SEE ALSO"
    names = [plain(one.replace(" ", "-")) for one in related]
    yield from (f".BR {one} (1){',' if one != names[-1] else ''}" for one in names)


def table(title: str, rows: "list[tuple[str, str]] | tuple[tuple[str, str], ...]") -> Iterator[str]:
    """Yield a section that explains one word or option after the other."""
    if rows:
        yield f".SH {title}"
    for term, words in rows:
        yield from (".TP", f".B {plain(term)}", text(words))


def text(words: str) -> str:
    """Return `words` as a line of the page, what stands in `backquotes` in bold."""
    return re.sub(r"`([^`]*)`", r"\\fB\1\\fP", plain(words))


def plain(words: str) -> str:
    """Return `words` with what troff would take for a command or for typography escaped."""
    escaped = words.replace("\\", r"\e").replace("-", r"\-").replace("'", r"\(aq").replace('"', r"\(dq")
    escaped = "".join(one if one.isascii() else f"\\[u{ord(one):04X}]" for one in escaped)
    return rf"\&{escaped}" if escaped.startswith((".", "'")) else escaped


if __name__ == "__main__":
    write(Path(sys.argv[1]))
