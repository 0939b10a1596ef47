"""`remind run`: the service in the foreground."""

import click

from remind.app import App


@click.command()
@click.pass_obj
def run(app: App) -> None:
    """Show reminders in the foreground until Ctrl-C, as the login service does.

    Only one service runs for each person. Its log lines say what was shown, held or dropped, and why.
    """
    from remind.service import process
    from remind.service.signals import catch_signals

    process.run(app, catch_signals())
