"""`remind run`: the service in the foreground."""

import click

from remind.app import App


@click.command()
@click.pass_obj
def run(app: App) -> None:
    """Remind in the foreground until Ctrl-C; the login service runs this too.

    One service runs for each person. Its log lines say what was shown, held or dropped, and why.
    """
    from remind.daemon import logs
    from remind.daemon.service import Service

    logs.set_up(app.folders.state)
    Service(app).run()
