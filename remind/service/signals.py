"""What the main thread waits for: the time to look round, or a signal."""

import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Literal

from remind.errors import ExitCode

Wake = Literal["look", "stop"]

_SIGNALS: dict[str, Wake] = {
    "SIGTERM": "stop",
    "SIGINT": "stop",
    "SIGHUP": "stop",  # the terminal was closed
    "SIGUSR1": "look",
}


@contextmanager
def signals() -> Iterator[Callable[[float], Wake]]:
    """Inside, signals end nothing; what is given waits for one, and after so many seconds says to look round."""
    meanings = {getattr(signal, name): wake for name, wake in _SIGNALS.items() if hasattr(signal, name)}
    # Python writes each signal's number into the socket at once. A handler, which it calls later, would be late by the
    # whole wait for a signal that comes just before the wait begins.
    reading, writing = socket.socketpair()
    writing.setblocking(False)
    old_socket = signal.set_wakeup_fd(writing.fileno())
    old_handlers = {number: signal.signal(number, lambda *_: None) for number in meanings}

    def wait(seconds: float) -> Wake:
        reading.settimeout(seconds)
        try:
            return meanings.get(reading.recv(1)[0], "look")
        except TimeoutError:
            return "look"

    with reading, writing:
        try:
            yield wait
        finally:
            for number, handler in old_handlers.items():
                signal.signal(number, handler)
            signal.set_wakeup_fd(old_socket)


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Inside, what hangs for longer is cut off with the whole process; no kill, so this neither, loses anything."""
    timer = threading.Timer(seconds, os._exit, [ExitCode.DONE])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
