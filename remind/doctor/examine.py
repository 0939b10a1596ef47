"""Runs all checks at once, each on its own thread, so that one that hangs does not delay the rest."""

import threading
import time
from collections.abc import Callable, Iterable, Mapping

from remind.app import App
from remind.doctor import Check, config_checks, desktop, system
from remind.errors import RemindError

Checks = Mapping[str, Callable[[App], Iterable[Check]]]

CHECKS: Checks = {
    "notifications": desktop.notifications,
    "presence": desktop.presence,
    "phone": desktop.phone,
    "sound": desktop.sound,
    "service": system.service,
    "clock": system.clock,
    "settings": config_checks.settings,
    "routine": config_checks.routine,
    "database": config_checks.database,
    "folder": config_checks.folder,
    "program": system.program,
}

MOST_S = 10.0
"""Seconds that all checks together may take. Each check that asks another program gives up after 1.5 s by itself."""


def examine(app: App, checks: Checks = CHECKS, most_s: float = MOST_S) -> list[Check]:
    """Return what every check finds, in order; a check that has not ended within `most_s` seconds is a fault."""
    late = "something that it reads hangs; check the disk"
    found = {name: [Check(name, "fault", "no answer in time", late)] for name in checks}
    deadline = time.monotonic() + most_s
    threads = [threading.Thread(target=_run, args=(app, *check, found), daemon=True) for check in checks.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(max(0.0, deadline - time.monotonic()))
    return [check for name in checks for check in found[name]]


def _run(app: App, name: str, check: Callable[[App], Iterable[Check]], found: dict[str, list[Check]]) -> None:
    try:
        found[name] = list(check(app))
    except RemindError as error:
        found[name] = [Check(name, "fault", line) for line in error.lines]
    except OSError as error:
        found[name] = [Check(name, "fault", str(error))]
    except BaseException:
        found[name] = [Check(name, "fault", "this check crashed", "please report the error above")]
        raise
