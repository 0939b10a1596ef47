"""`remind run`: the service in the foreground."""

import click

from remind.app import App


@click.command()
@click.pass_obj
def run(app: App) -> None:
    """Run the service in this terminal until Ctrl-C; the login service runs the same.

    Only one can run for each person. Its log says what was shown, held or dropped, and why.

    Example: remind run
    """
    from remind.service import process
    from remind.service.signals import catch_signals

    process.run(app, catch_signals())
