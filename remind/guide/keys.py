"""Single keys from a terminal that otherwise stays as it is."""

import os
import select
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import msgspec


class Keys(msgspec.Struct, frozen=True):
    """`wait` waits so many seconds at most and gives the key that was pressed, or "" when the time has passed.

    Where no terminal can be read `some` is False, and no key ever comes.
    """

    wait: Callable[[float], str]
    some: bool


@contextmanager
def single_keys() -> Iterator[Keys]:
    """Inside, keys come without Enter and without an echo."""
    try:
        import termios
        import tty
    except ImportError:  # Windows
        yield _NONE
        return
    if not sys.stdin or not sys.stdin.isatty() or os.tcgetpgrp(sys.stdin.fileno()) != os.getpgrp():
        yield _NONE  # changing a terminal from the background would stop the process
        return
    terminal = sys.stdin.fileno()
    before = termios.tcgetattr(terminal)
    tty.setcbreak(terminal)
    try:
        yield Keys(lambda seconds: _key(terminal, seconds), some=True)
    finally:
        with suppress(termios.error):  # the terminal may have gone away
            termios.tcsetattr(terminal, termios.TCSADRAIN, before)


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


_NONE = Keys(_only_wait, some=False)
