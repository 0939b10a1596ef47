"""Programs run at arm's length: each in a process of its own, which is ended when its time is over."""

import os
import sys
from collections.abc import Mapping, Sequence

from remind.desktop.notify.channel import ChannelError, SlowError
from remind.desktop.notify.text import one_line

PYTHON = (sys.executable, "-P", "-W", "ignore")
"""This interpreter for a file of this folder; -P, since the folder must not come before the file's own imports."""


def run(command: Sequence[str], environ: Mapping[str, str], limit: float, given: bytes = b"") -> None:
    """Run `command` to its end, with `given` for its standard input.

    Raises:
        ChannelError: it cannot be started, failed (its last line says why), or took longer than `limit` seconds.
    """
    import signal
    import subprocess

    try:
        child = subprocess.Popen(
            list(command),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env=dict(environ),
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except OSError as error:
        raise ChannelError(f"cannot be started: {error.strerror}") from error
    with child:
        try:
            _, said = child.communicate(given, timeout=limit)
        except subprocess.TimeoutExpired:
            if sys.platform == "win32":
                child.kill()
            else:
                os.killpg(child.pid, signal.SIGKILL)  # what it started, too
            raise SlowError(f"no answer within {limit:g} s") from None
    if child.returncode != 0:
        last = said.decode(errors="replace").strip().rpartition("\n")[2]
        raise ChannelError(one_line(last) or "failed without a word")
