"""Runs a program at arm's length: in a process of its own, which is ended when its time is over."""

import os
import sys
from collections.abc import Mapping, Sequence

from remind.errors import RemindError


class CommandError(RemindError):
    """The program cannot be started, or it failed; its text is the reason."""


class CommandTimeoutError(CommandError):
    """The program did not end in time, and was ended; what it was to do may still happen."""


def run(command: Sequence[str], environ: Mapping[str, str], limit: float, given: bytes = b"") -> str:
    """Run `command` to its end with `given` for its standard input. Return what it prints.

    Raises:
        CommandError: it cannot be started, failed (its last line says why), or took longer than `limit` seconds.
    """
    import signal
    import subprocess

    try:
        child = subprocess.Popen(
            list(command),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=dict(environ),
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except OSError as error:
        raise CommandError(f"cannot be started: {error.strerror}") from error
    with child:
        try:
            printed, said = child.communicate(given, timeout=limit)
        except subprocess.TimeoutExpired:
            if sys.platform == "win32":
                child.kill()
            else:
                os.killpg(child.pid, signal.SIGKILL)  # what it started, too
            raise CommandTimeoutError(f"no answer within {limit:g} s") from None
    if child.returncode != 0:
        last = said.decode(errors="replace").strip().rpartition("\n")[2]
        raise CommandError(last or f"ended with exit code {child.returncode} and no message")
    return printed.decode(errors="replace")
