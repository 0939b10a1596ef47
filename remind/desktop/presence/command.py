"""A probe that is a command of the system's."""

import time
from collections.abc import Sequence

from remind.desktop.presence.presence import Environ, FailedError, UnavailableError


def output(command: Sequence[str], environ: Environ, deadline: float) -> str:
    """What `command` prints.

    Raises:
        UnavailableError: there is no such command, or it says no.
        FailedError: it has not ended by `deadline` on the monotonic clock; it is ended then.
    """
    import subprocess  # by whoever needs it alone

    try:
        done = subprocess.run(
            command,
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=max(0.0, deadline - time.monotonic()),
            check=False,
        )
    except OSError as error:
        raise UnavailableError(f"{command[0]} cannot be run: {error.strerror}") from error
    except subprocess.TimeoutExpired:
        raise FailedError(f"no answer of {command[0]} in time") from None
    if done.returncode != 0:
        raise UnavailableError(f"{command[0]} does not tell")
    return done.stdout.decode(errors="replace")
