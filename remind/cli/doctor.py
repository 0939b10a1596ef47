"""`remind doctor`: what works here and what does not, line by line, with what to do."""

import click

from remind.app import App
from remind.errors import ExitCode

_COLOURS = {"ok": "green", "warning": "yellow", "fault": "red"}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="As JSON, for scripts.")
@click.pass_obj
def doctor(app: App, as_json: bool) -> int:
    """See what works here, and what to do about the rest; exit code 1 if anything is at fault.

    It asks the desktop, the service manager and the files, shows no notification and changes nothing.
    """
    from remind.doctor.examine import examine

    found = examine(app)
    if as_json:
        from remind.cli.output import show_json

        show_json(found)
    else:
        for before, one in zip([None, *found], found, strict=False):
            name = "" if before and before.check == one.check else one.check
            click.echo(f"{click.style(f'{one.verdict:<8}', _COLOURS[one.verdict])} {name:<9} {one.found}")
            if one.advice:
                click.echo(f"{'':>18} → {one.advice}")
    return ExitCode.FAILURE if any(one.verdict == "fault" for one in found) else ExitCode.DONE
