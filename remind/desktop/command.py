"""Runs a program in a process of its own, which is killed when its time is over."""

import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from remind.errors import RemindError

if TYPE_CHECKING:
    import subprocess  # imported in the functions, since the service keeps what it has once loaded


class CommandError(RemindError):
    """The program cannot be started, or it failed; its text is the reason."""


class CommandTimeoutError(CommandError):
    """The program did not end in time and was killed; what it was asked to do may still happen."""


def run(command: Sequence[str], environ: Mapping[str, str], limit_s: float, given: bytes = b"") -> str:
    """Run `command` to its end with `given` as its standard input. Return what it prints. Raises as `finish` does."""
    return finish(start(command, environ), limit_s, given)[0]


def run_python(file: Path, environ: Mapping[str, str], limit_s: float, given: object) -> str:
    """Run the Python program `file` to its end with `given` as JSON on its standard input. Return what it prints.

    Raises as `finish` does.
    """
    return run(python(file), environ, limit_s, msgspec.json.encode(given))


def python(file: Path) -> list[str]:
    """Return the command that runs the Python program `file`."""
    # -P, since the folder of the program must not come before the modules that it imports.
    return [sys.executable, "-P", "-W", "ignore", str(file)]


def start(command: Sequence[str], environ: Mapping[str, str]) -> "subprocess.Popen[bytes]":
    """Return the process of `command`, in a session of its own. Raise CommandError if it cannot be started."""
    import subprocess

    try:
        return subprocess.Popen(
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


def finish(process: "subprocess.Popen[bytes]", limit_s: float, given: bytes = b"") -> tuple[str, str]:
    """Write `given` to `process` and wait for its end. Return what it printed to standard output and standard error.

    Raises:
        CommandTimeoutError: it took longer than `limit_s` seconds, and was killed.
        CommandError: it failed; the text is the last line of its standard error.
    """
    import subprocess

    with process:
        try:
            out, err = (text.decode(errors="replace") for text in process.communicate(given, timeout=limit_s))
        except subprocess.TimeoutExpired:
            kill(process)
            raise CommandTimeoutError(f"no answer within {limit_s:g} s") from None
    if process.returncode != 0:
        last = err.strip().rpartition("\n")[2]
        raise CommandError(last or f"ended with exit code {process.returncode} and no message")
    return out, err


def kill(process: "subprocess.Popen[bytes]") -> None:
    """Kill `process` and everything that it started; nothing happens if it has ended."""
    import signal

    with suppress(ProcessLookupError):
        if sys.platform == "win32":
            process.kill()
        elif process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
