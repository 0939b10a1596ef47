"""What the main thread waits for: a signal, or the time to look for changes."""

import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType

from remind.errors import ExitCode

WaitForStop = Callable[[float], bool]
"""Waits at most the given seconds for a signal; returns whether to stop the process."""

_STOP = ("SIGTERM", "SIGINT", "SIGHUP", "SIGBREAK")  # the last two: the terminal, or console of Windows, was closed
_LOOK = ("SIGUSR1",)
_MOST_AT_ONCE = 4096


def catch_signals() -> WaitForStop:
    """Catch the signals that would end this process. Return the function that waits for them.

    The handlers are never removed, since a signal between two services, or while the last one closes, must not kill the
    process. A SIGHUP that is already ignored stays ignored, as `nohup` wants.
    """
    told_to_stop = False

    def stop(_signum: int, _frame: FrameType | None) -> None:
        nonlocal told_to_stop
        told_to_stop = True

    # Python writes each signal's number into the socket at once, but calls a handler later: for a signal just before
    # the wait begins, only after the whole wait.
    reading, writing = socket.socketpair()
    writing.setblocking(False)
    signal.set_wakeup_fd(writing.detach(), warn_on_full_buffer=False)  # while it is full, nothing waits for long
    for name in (*_STOP, *_LOOK):
        number = getattr(signal, name, None)  # Windows lacks some
        if number is not None and not (name == "SIGHUP" and signal.getsignal(number) is signal.SIG_IGN):
            signal.signal(number, stop if name in _STOP else lambda *_: None)

    def wait(seconds: float) -> bool:
        if not told_to_stop:
            reading.settimeout(seconds)
            with suppress(TimeoutError):
                reading.recv(_MOST_AT_ONCE)
        return told_to_stop

    return wait


@contextmanager
def at_most(seconds: float, code: ExitCode) -> Iterator[None]:
    """Inside, end the whole process with `code` if this takes longer. It loses nothing, as no kill does."""
    timer = threading.Timer(seconds, os._exit, [code])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
