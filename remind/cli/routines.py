"""`remind routines`: list the routines, show one in full, and check your own."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from remind.cli import values
from remind.cli.group import json_option
from remind.cli.output import paged, say, show_json
from remind.core.units import format_seconds
from remind.errors import SettingsError
from remind.files import routine_files

if TYPE_CHECKING:
    from remind.app import App
    from remind.core.routine import Phase, Routine


class _ShowByName(click.Group):
    """A group in which any word that is not a command is the name of a routine to show."""

    names = staticmethod(values.routines)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        known = args[0] in self.commands or args[0].startswith("-")
        return super().resolve_command(ctx, args if known else ["show", *args])


@click.group(cls=_ShowByName, invoke_without_command=True, subcommand_metavar="[NAME | check FILE]")
@json_option
@click.pass_context
@paged
def routines(ctx: click.Context, as_json: bool) -> None:
    """List the routines, show one, or check your own.

    NAME is a routine of the list, and is shown with its steps, sources and cautions. FILE is a routine of your own.

    Example: remind routines towel
    """
    if ctx.invoked_subcommand is None:
        _list(ctx.obj, as_json)


@routines.command()
@click.argument("which", metavar="NAME|FILE", shell_complete=values.routines)
@json_option
@click.pass_obj
@paged
def show(app: "App", which: str, as_json: bool) -> None:
    """Show one routine: steps, total time, sources and cautions.

    NAME is one of `remind routines`, and FILE a routine of your own.

    Example: remind routines show towel
    """
    from remind.settings.routines import find, load

    path = find(which, app.folders.routines)
    routine = load(path)
    if as_json:
        show_json(_facts(path, routine))
    else:
        say(_in_full(path.stem, routine))


@routines.command(short_help="Check a routine of your own.")
@click.argument("file", type=click.Path(path_type=Path))
def check(file: Path) -> None:
    """Check a routine of your own.

    FILE is its TOML file. Everything that is wrong with it is printed.

    Example: remind routines check my-routine.toml
    """
    from remind.core.routine import plan
    from remind.settings.routines import load

    phases = plan(load(file))
    say(f"{file}: no faults found; {_length(phases)}")


def _list(app: "App", as_json: bool) -> None:
    from remind.core.routine import plan, whole_s
    from remind.settings.routines import load

    found, faults = {}, []
    for path in routine_files(app.folders.routines).values():
        try:
            found[path] = load(path)
        except SettingsError as error:
            faults.append(str(error))
    if as_json:
        show_json([_facts(path, routine) for path, routine in found.items()])
    else:
        for path, routine in found.items():
            say(f"{path.stem:17} {format_seconds(whole_s(plan(routine))):>13}  {routine.title}")
    if faults:
        raise SettingsError("\n".join(faults))


def _in_full(name: str, routine: "Routine") -> str:
    from remind.core.routine import plan
    from remind.guide.guidance import describe

    phases = plan(routine)
    lines = [f"{name}: {routine.title}", routine.summary, ""]
    lines += [f"  {describe(phase)}: {phase.read}. {phase.hear}" for phase in phases]
    lines += [f"  {_length(phases)}"]
    for heading, texts in (
        ("Take care", routine.cautions),
        ("Sources", routine.sources),
        ("Chosen by this project", routine.choices),
    ):
        if texts:
            lines += ["", f"{heading}:", *(f"  – {text}" for text in texts)]
    return "\n".join(lines)


def _length(phases: "tuple[Phase, ...]") -> str:
    from remind.core.routine import planned_s, whole_s

    return f"{format_seconds(whole_s(phases))} in all, {format_seconds(planned_s(phases))} of holds"


def _facts(path: Path, routine: "Routine") -> dict[str, object]:
    from remind.core.routine import plan, planned_s, whole_s

    phases = plan(routine)
    return {
        "name": path.stem,
        "title": routine.title,
        "summary": routine.summary,
        "file": str(path),
        "whole_s": whole_s(phases),
        "planned_s": planned_s(phases),
        "sources": routine.sources,
        "choices": routine.choices,
        "cautions": routine.cautions,
        "phases": phases,
    }
