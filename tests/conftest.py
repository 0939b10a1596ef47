"""What applies to all tests."""

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

import pytest
from hypothesis import HealthCheck, settings

# How fast the machine is, is no behaviour. In CI the examples are the same each time; elsewhere they go on exploring.
settings.register_profile(
    "remind", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize="CI" in os.environ
)
settings.register_profile("mutation", settings.get_profile("remind"), max_examples=15, derandomize=True, database=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "remind"))

POSIX_FILES = (
    "cli/test_cramp_command.py",
    "desktop/presence/test_other_probes.py",
    "desktop/test_terminal_window.py",
    "guide/test_plain.py",
    "login/test_installation.py",
    "login/test_service_manager.py",
    "login/test_unit.py",
    "guide/test_session_process.py",
    "service/test_ailing_store.py",
    "service/test_process.py",
    "service/test_signals.py",
    "test_lock.py",
    "test_zone.py",
)
"""Files of tests of what only POSIX has, some of which Windows cannot import; a single test has the marker itself."""

collect_ignore = list(POSIX_FILES) if sys.platform == "win32" else []


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give the tests in those files the marker `posix`, so that `-m "not posix"` selects the same on every system."""
    files = {Path(__file__).parent / name for name in POSIX_FILES}
    for item in items:
        if item.path in files:
            item.add_marker(pytest.mark.posix)


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
