"""The service's process, for the login service and `remind run`. It catches signals before it loads much."""

import os
import sys
from typing import TYPE_CHECKING, NoReturn

from remind.errors import ExitCode, RemindError
from remind.service.signals import WaitForStop, catch_signals

if TYPE_CHECKING:
    from remind.app import App

_MOST_DAMAGES = 3
_YIELD, _TAKE_OVER = "--yield", "--take-over"  # as in login.installation, which would cost the service memory


def main() -> NoReturn:
    """Run the service and end the process with its exit code."""
    wait_for_stop = catch_signals()
    from remind.app import App

    code, app = ExitCode.DONE, App()
    try:
        if _TAKE_OVER in sys.argv:
            from remind.login.background import stop_stale

            stop_stale(app.folders)
        run(app, wait_for_stop)
    except RemindError as error:
        _tell(error)
        # Some managers restart a service after every exit code but 0, though another copy runs.
        yields = error.exit_code == ExitCode.ALREADY_RUNNING and _YIELD in sys.argv
        code = ExitCode.DONE if yields else error.exit_code
    # Python's own exit would give the signals their deadly default back before the process has ended.
    os._exit(code)


def run(app: "App", wait_for_stop: WaitForStop) -> None:
    """Remind until a signal stops it; a database that gets damaged meanwhile is set aside for a new one.

    Raises:
        AlreadyRunningError: the person already has a service running.
        RemindError: the database cannot be opened, or keeps getting damaged.
    """
    from remind.service import logs
    from remind.service.service import Service
    from remind.store.errors import StoreDamagedError

    logs.set_up(app.folders.log)
    for _ in range(_MOST_DAMAGES):
        try:
            Service(app).run(wait_for_stop)
        except StoreDamagedError:
            continue  # a new service sets the damaged file aside
        return
    raise RemindError("the database keeps getting corrupted; check the disk")


def _tell(error: RemindError) -> None:
    from remind.core.schema import printable

    if sys.stderr is not None:  # there is none under pythonw
        for line in error.lines:
            print(f"remind: {printable(line)}", file=sys.stderr, flush=True)
