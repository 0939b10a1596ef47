"""What a service of Type=notify tells systemd; under any other manager this does nothing."""

import math
import os
import socket


def sd_notify(state: str) -> None:
    """Send `state`, such as "READY=1" or "WATCHDOG=1", to the socket that systemd named (see sd_notify(3))."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address.startswith(("/", "@")):
        return
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as connection:
            connection.connect(address.replace("@", "\0", 1) if address[0] == "@" else address)
            connection.send(state.encode())
    except OSError:
        pass  # the reminders go on even if the manager is gone


def watchdog_s() -> float:
    """Return the seconds within which systemd wants each sign of life (see sd_watchdog_enabled(3)), or infinity."""
    of_this_process = os.environ.get("WATCHDOG_PID", "") in ("", str(os.getpid()))
    microseconds = os.environ.get("WATCHDOG_USEC", "")
    wanted = of_this_process and microseconds.isdecimal() and int(microseconds)
    return wanted / 1e6 if wanted else math.inf
