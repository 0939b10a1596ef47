"""Runs the program that controls a login manager."""

import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from remind.errors import RemindError

if TYPE_CHECKING:
    import subprocess

MOST_S = 120.0
"""systemd's own default for a start is 90 s."""


def run_tool(
    command: Sequence[str], limit_s: float = MOST_S, environment: Mapping[str, str] | None = None
) -> "subprocess.CompletedProcess[str]":
    """Run `command` to its end and return what it said and its exit code.

    Raises:
        RemindError: it cannot be run, or it takes longer than `limit_s` seconds.
    """
    import subprocess  # `remind status` needs none of it

    try:
        return subprocess.run(
            command, env={**os.environ, **(environment or {})}, stdin=subprocess.DEVNULL, capture_output=True,
            text=True, errors="replace", check=False, timeout=limit_s,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise RemindError(f"`{' '.join(command)}` did not answer within {limit_s:g} s") from error
    except OSError as error:
        raise RemindError(f"`{' '.join(command)}` failed: {error}") from error


def check_tool(result: "subprocess.CompletedProcess[str]", advice: str = "") -> None:
    """Raise RemindError with the first line of what a program said, and `advice`, if it failed."""
    if result.returncode:
        lines = (result.stderr.strip() or result.stdout.strip() or f"exit code {result.returncode}").splitlines()
        raise RemindError(f"{result.args[0]}: {lines[0]}{advice}")
