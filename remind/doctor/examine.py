"""Runs all checks at once, each on its own thread, so that one that hangs does not delay the rest."""

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from queue import Empty, SimpleQueue

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
    "program": system.program,
}

MOST_S = 10.0
"""Seconds that all checks together may take. Each check that asks another program gives up after 1.5 s by itself."""


def examine(app: App, checks: Checks = CHECKS, most_s: float = MOST_S) -> list[Check]:
    """Return what every check finds, in order; a check that has not ended within `most_s` seconds is a fault."""
    deadline = time.monotonic() + most_s
    started = [(name, _start(name, check, app)) for name, check in checks.items()]
    return [found for name, results in started for found in _await(name, results, deadline)]


def _start(name: str, check: Callable[[App], Iterable[Check]], app: App) -> "SimpleQueue[list[Check]]":
    results: SimpleQueue[list[Check]] = SimpleQueue()

    def run() -> None:
        found = [Check(name, "fault", "this check crashed", "please report the error above")]
        try:
            found = list(check(app))
        except RemindError as error:
            found = [Check(name, "fault", line) for line in error.lines]
        except OSError as error:
            found = [Check(name, "fault", str(error))]
        finally:
            results.put(found)

    threading.Thread(target=run, name=name, daemon=True).start()
    return results


def _await(name: str, results: "SimpleQueue[list[Check]]", deadline: float) -> list[Check]:
    try:
        return results.get(timeout=max(0.0, deadline - time.monotonic()))
    except Empty:
        return [Check(name, "fault", "no answer in time", "something that it reads hangs; check the disk")]
