"""The signals that wake the main thread."""

import inspect
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import pytest

from remind.errors import ExitCode
from remind.service.signals import WaitForStop, catch_signals

CAUGHT = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGUSR1, signal.SIGWINCH)


@pytest.fixture
def wait() -> Iterator[WaitForStop]:
    """What waits for signals; afterwards they mean again what they meant to the tests."""
    before = {number: signal.getsignal(number) for number in CAUGHT}
    caught = catch_signals()
    yield caught
    for number, handler in before.items():
        signal.signal(number, handler)
    os.close(signal.set_wakeup_fd(-1))
    inspect.getclosurevars(caught).nonlocals["reading"].close()  # the service keeps it open to the end of its process


@pytest.mark.parametrize(
    ("number", "stops"),
    [(signal.SIGTERM, True), (signal.SIGINT, True), (signal.SIGHUP, True), (signal.SIGUSR1, False)],
)
def test_a_signal_is_kept_until_it_is_waited_for(wait: WaitForStop, number: int, stops: bool) -> None:
    """One that came before the wait is not lost, and ends it at once."""
    os.kill(os.getpid(), number)
    assert wait(20) == stops


def test_one_to_stop_outweighs_any_number_to_look_round(wait: WaitForStop) -> None:
    """More signals than the system keeps do not push out the one that counts."""
    for number in (*[signal.SIGUSR1] * 2000, signal.SIGTERM, *[signal.SIGUSR1] * 2000):
        os.kill(os.getpid(), number)
    assert wait(20)
    assert wait(20)


def test_many_at_once_are_one(wait: WaitForStop) -> None:
    """Hundreds of requests to look round while it was busy are answered by looking round once."""
    for _ in range(200):
        os.kill(os.getpid(), signal.SIGUSR1)
    assert not wait(20)
    began = time.monotonic()
    assert not wait(0.05)
    assert time.monotonic() - began > 0.04


def test_one_during_the_wait_ends_it(wait: WaitForStop) -> None:
    """It does not sleep on to the end of its time."""
    threading.Timer(0.05, os.kill, [os.getpid(), signal.SIGTERM]).start()
    began = time.monotonic()
    assert wait(20)
    assert time.monotonic() - began < 10


def test_time_passes(wait: WaitForStop) -> None:
    """Without a signal it returns when the time is over."""
    began = time.monotonic()
    assert not wait(0.05)
    assert 0.04 < time.monotonic() - began < 5


def test_signals_are_caught_before_anything_heavy_is_loaded() -> None:
    """The service can be told to look round before it has loaded its scheduler, its database or its commands."""
    script = (
        "import sys, remind.service.process; "
        "sys.exit(bool({'apscheduler', 'click', 'msgspec', 'sqlite3', 'logging', 'asyncio'} & set(sys.modules)))"
    )
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    assert subprocess.run([sys.executable, "-c", script], env=environ, check=False).returncode == 0


@pytest.mark.parametrize("code", [ExitCode.DONE, ExitCode.FAILURE])
def test_what_hangs_is_cut_off(code: ExitCode) -> None:
    """A process that does not come to its end in time ends all the same, with the code that it was to end with."""
    hangs = (
        "import threading; from remind.service.signals import at_most\n"
        f"with at_most(0.1, {code:d}): threading.Event().wait(60)"
    )
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    began = time.monotonic()
    assert subprocess.run([sys.executable, "-c", hangs], env=environ, check=False).returncode == code
    assert time.monotonic() - began < 20


def test_a_closed_console_on_windows_stops_it(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Ctrl-Break, a closed console and a log-off send SIGBREAK there; another signal stands in for it here."""
    monkeypatch.setattr(signal, "SIGBREAK", signal.SIGWINCH, raising=False)
    wait = request.getfixturevalue("wait")
    os.kill(os.getpid(), signal.SIGWINCH)
    assert wait(20)
