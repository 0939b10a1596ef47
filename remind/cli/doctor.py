"""`remind doctor`: check what works here, and say what to do about the rest."""

import click

from remind.app import App
from remind.cli.group import json_option
from remind.cli.output import say
from remind.errors import ExitCode

_COLOURS = {"ok": "green", "warning": "yellow", "fault": "red"}


@click.command()
@json_option
@click.pass_obj
def doctor(app: App, as_json: bool) -> int:
    """Check what works here, and say what to do about the rest.

    It asks the desktop, the service manager and the files. It shows no notification and changes nothing. The exit code
    is 1 if anything is at fault.

    Example: remind doctor
    """
    from remind.doctor.examine import examine

    found = examine(app)
    if as_json:
        from remind.cli.output import show_json

        show_json(found)
    else:
        for before, one in zip([None, *found], found, strict=False):
            name = "" if before and before.check == one.check else one.check
            say(f"{click.style(f'{one.verdict:<8}', _COLOURS[one.verdict])} {name:<9} {one.found}")
            if one.advice:
                say(f"{'':>18} → {one.advice}")
    return ExitCode.FAILURE if any(one.verdict == "fault" for one in found) else ExitCode.DONE
