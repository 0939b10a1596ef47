"""What holds for all tests."""

import os
import signal
from collections.abc import Iterator
from typing import TextIO

import pytest
from hypothesis import HealthCheck, settings

# How fast the machine is, is no behaviour. In CI the examples are the same each time; elsewhere they go on exploring.
settings.register_profile(
    "remind", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize="CI" in os.environ
)
settings.load_profile("remind")

# Under nohup each process that a test starts would ignore it too, and tests are about what it does otherwise.
if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
    signal.signal(signal.SIGHUP, lambda *_: None)


@pytest.fixture
def terminal() -> Iterator[TextIO]:
    """A real terminal that somebody could watch."""
    import pty  # there is none on Windows

    ours, theirs = pty.openpty()
    with os.fdopen(theirs, "w", encoding="utf-8") as stream:
        yield stream
    os.close(ours)
