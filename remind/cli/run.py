"""`remind run`: the service in the foreground."""

import click

from remind.app import App


@click.command()
@click.pass_obj
def run(app: App) -> None:
    """Run the service in this terminal until Ctrl-C.

    The login service does the same, and only one of them can run at a time. The log says what was shown, held or
    dropped, and why.

    Example: remind run
    """
    from remind.service import process
    from remind.service.signals import catch_signals

    process.run(app, catch_signals())
