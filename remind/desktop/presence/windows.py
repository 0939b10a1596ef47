"""Presence on Windows, from two calls of its API. This follows the documentation and was never run there."""

import ctypes
import sys

from remind.desktop.presence.presence import Environ, Readings, UnavailableError, idle_for

_TICKS = 1 << 32
"""The ticks, in milliseconds since the start, begin again at 0 after this many, which is 49.7 days."""

# QUERY_USER_NOTIFICATION_STATE in shellapi.h
_NOT_PRESENT, _FULL_SCREEN, _QUIET = {1}, {2, 3}, {4, 6}
_KNOWN = range(1, 8)


class _LastInput(ctypes.Structure):
    _fields_ = (("size", ctypes.c_uint), ("tick", ctypes.c_uint))


def ask(_environ: Environ, _deadline: float) -> Readings:
    """Return the idle time, and whether Windows would show a notification now."""
    if sys.platform != "win32":
        raise UnavailableError("this is not Windows")
    last = _LastInput(ctypes.sizeof(_LastInput), 0)
    told = ctypes.windll.user32.GetLastInputInfo(ctypes.byref(last))
    state = ctypes.c_int(0)
    ctypes.windll.shell32.SHQueryUserNotificationState(ctypes.byref(state))
    return read(ctypes.windll.kernel32.GetTickCount() if told else None, last.tick, state.value)


def read(now_tick: int | None, last_tick: int, state: int) -> Readings:
    """Return the meaning of the ticks, now and at the last input, and of the state; None and 0 are failed calls."""
    known = state in _KNOWN
    return Readings(
        idle=None if now_tick is None else idle_for((now_tick - last_tick) % _TICKS).idle,
        locked=state in _NOT_PRESENT if known else None,
        do_not_disturb=state in _QUIET if known else None,
        full_screen=state in _FULL_SCREEN if known else None,
    )
