"""What the person can do at the terminal during a session: press single keys, and end it by a signal."""

import os
import select
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from types import FrameType

import msgspec

_ENDING: tuple[signal.Signals, ...] = (signal.SIGINT, signal.SIGTERM)
# A closed terminal window (SIGHUP) ends a session as Ctrl-C does, but not under nohup. Windows has no SIGHUP.
if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
    _ENDING += (signal.SIGHUP,)


class Keys(msgspec.Struct, frozen=True):
    """Single keys: `wait` returns the next one, or "" after the given seconds.

    Without a terminal, `available` is False and no key ever comes.
    """

    wait: Callable[[float], str]
    available: bool


@contextmanager
def single_keys() -> Iterator[Keys]:
    """Read single keys inside, without Enter and without an echo."""
    try:
        import termios
        import tty
    except ImportError:  # Windows
        yield _NO_KEYS
        return
    if not sys.stdin or not sys.stdin.isatty() or os.tcgetpgrp(sys.stdin.fileno()) != os.getpgrp():
        yield _NO_KEYS  # changing the terminal from the background would stop the process
        return
    terminal = sys.stdin.fileno()
    before = termios.tcgetattr(terminal)
    tty.setcbreak(terminal)
    try:
        yield Keys(lambda seconds: _key(terminal, seconds), available=True)
    finally:
        with suppress(termios.error):  # the terminal may have gone away
            termios.tcsetattr(terminal, termios.TCSADRAIN, before)


def signals_ignored() -> AbstractContextManager[None]:
    """Ignore signals inside: a closed window sends two, and the session still has to be saved."""
    return _handled(signal.SIG_IGN)


def signals_call(end: Callable[[], None]) -> AbstractContextManager[None]:
    """Call `end` for every signal inside that asks the process to end."""
    return _handled(lambda _signum, _frame: end())


def signals_interrupt() -> AbstractContextManager[None]:
    """Raise KeyboardInterrupt inside for the first signal that asks the process to end; ignore later ones."""

    def interrupt() -> None:
        for one in _ENDING:
            signal.signal(one, signal.SIG_IGN)
        raise KeyboardInterrupt

    return signals_call(interrupt)


@contextmanager
def _handled(handler: Callable[[int, FrameType | None], None] | signal.Handlers) -> Iterator[None]:
    before = {one: signal.signal(one, handler) for one in _ENDING}
    try:
        yield
    finally:
        for one, previous in before.items():
            signal.signal(one, previous)


def _key(terminal: int, seconds: float) -> str:
    if not select.select([terminal], [], [], seconds)[0]:
        return ""
    pressed = os.read(terminal, 32)
    if not pressed:  # the terminal has gone away
        raise KeyboardInterrupt
    return pressed.decode(errors="replace")


def _only_wait(seconds: float) -> str:
    time.sleep(seconds)
    return ""


_NO_KEYS = Keys(_only_wait, available=False)
