"""What wakes the main thread."""

import os
import signal
import subprocess
import sys
import time

import pytest

from remind.service.signals import signals


@pytest.mark.parametrize(
    ("number", "wake"),
    [(signal.SIGTERM, "stop"), (signal.SIGINT, "stop"), (signal.SIGHUP, "stop"), (signal.SIGUSR1, "look")],
)
def test_a_signal_is_kept_until_it_is_waited_for(number: int, wake: str) -> None:
    """One that came before the wait is not lost, nor one of several."""
    with signals() as wait:
        os.kill(os.getpid(), number)
        os.kill(os.getpid(), signal.SIGUSR1)
        assert wait(20) == wake
        assert wait(20) == "look"


def test_time_passes() -> None:
    """Without a signal it says to look round when the time is over."""
    with signals() as wait:
        began = time.monotonic()
        assert wait(0.05) == "look"
        assert 0.04 < time.monotonic() - began < 5


def test_afterwards_all_is_as_before() -> None:
    """Outside, signals mean again what they meant."""
    before = [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT, signal.SIGUSR1)]
    with signals():
        pass
    assert [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT, signal.SIGUSR1)] == before
    assert signal.set_wakeup_fd(-1) == -1


def test_what_hangs_is_cut_off() -> None:
    """A process that does not come to its end in time ends all the same, and cleanly."""
    hangs = (
        "import threading; from remind.service.signals import at_most\nwith at_most(0.1): threading.Event().wait(60)"
    )
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    began = time.monotonic()
    assert subprocess.run([sys.executable, "-c", hangs], env=environ, check=False).returncode == 0
    assert time.monotonic() - began < 20
