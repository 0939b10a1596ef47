"""What the main thread waits for: the time to look for changes, or a signal."""

import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType

from remind.errors import ExitCode

WaitForStop = Callable[[float], bool]
"""Waits at most so many seconds for a signal; returns whether the process is to stop."""

_STOP = ("SIGTERM", "SIGINT", "SIGHUP", "SIGBREAK")  # the last two: the terminal, or console of Windows, was closed
_LOOK = ("SIGUSR1",)
_MOST_AT_ONCE = 4096


def catch_signals() -> WaitForStop:
    """Keep signals from ending this process until it ends by itself; what is returned waits for them.

    The handlers are never removed: a signal that comes between two services, or while the last one closes, must not
    kill the process. A SIGHUP that is ignored already stays ignored, as `nohup` asks for.
    """
    told_to_stop = False

    def stop(_signum: int, _frame: FrameType | None) -> None:
        nonlocal told_to_stop
        told_to_stop = True

    # Python writes each signal's number into the socket at once. A handler, which it calls later, would be late by the
    # whole wait for a signal that comes just before the wait begins.
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
    """Inside, what hangs for longer is cut off with the whole process; no kill, so this neither, loses anything."""
    timer = threading.Timer(seconds, os._exit, [code])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
