"""`remind run`: the service in the foreground."""

import click

from remind.app import App
from remind.errors import RemindError

_MOST_DAMAGES = 3


@click.command()
@click.pass_obj
def run(app: App) -> None:
    """Remind in the foreground until Ctrl-C; the login service runs this too.

    One service runs for each person. Its log lines say what was shown, held or dropped, and why.
    """
    from remind.service import logs
    from remind.service.service import Service
    from remind.store.errors import StoreDamagedError

    logs.set_up(app.folders.state)
    for _ in range(_MOST_DAMAGES):
        try:
            Service(app).run()
        except StoreDamagedError:
            continue  # to start anew sets aside what is damaged
        return
    raise RemindError("the database was damaged again and again; see whether the disk is well")
