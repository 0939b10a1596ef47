"""Settings and fixtures for all tests."""

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

import pytest
from hypothesis import HealthCheck, settings

# No test depends on the speed of the machine. In CI the examples are the same each time; elsewhere they vary.
settings.register_profile(
    "remind", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize="CI" in os.environ
)
settings.register_profile("mutation", settings.get_profile("remind"), max_examples=15, derandomize=True, database=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "remind"))

POSIX_FILES = (
    "cli/test_cramp_command.py",
    "cli/test_pager.py",
    "desktop/presence/test_other_probes.py",
    "desktop/test_terminal_window.py",
    "guide/test_plain.py",
    "login/test_autostart.py",
    "login/test_background.py",
    "login/test_installation.py",
    "login/test_launchd.py",
    "login/test_launchers.py",
    "login/test_login.py",
    "login/test_systemd.py",
    "login/test_task_scheduler.py",
    "login/test_unit.py",
    "guide/test_session_process.py",
    "service/test_ailing_store.py",
    "service/test_process.py",
    "service/test_signals.py",
    "test_lock.py",
    "test_zone.py",
)
"""Test files that need POSIX; Windows can't even import some of them. Single tests are marked instead."""

collect_ignore = list(POSIX_FILES) if sys.platform == "win32" else []


def pytest_xdist_auto_num_workers() -> int:
    """With `-n auto`, have two workers a core: many tests wait for another process."""
    return (os.cpu_count() or 1) * 2


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests in those files as `posix`, so that `-m "not posix"` selects the same on every system.

    Tests that share a worker begin first, or the other workers would wait for that one at the end.
    """
    items.sort(key=lambda item: item.get_closest_marker("xdist_group") is None)
    files = {Path(__file__).parent / name for name in POSIX_FILES}
    for item in items:
        if item.path in files:
            item.add_marker(pytest.mark.posix)


# Under nohup, or in a script's background, every process that a test starts would ignore these too, but tests are about
# the usual case.
if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
    signal.signal(signal.SIGHUP, lambda *_: None)
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def terminal() -> Iterator[TextIO]:
    """A real terminal, as if somebody were watching it."""
    import pty  # there is none on Windows

    ours, theirs = pty.openpty()
    with os.fdopen(theirs, "w", encoding="utf-8") as stream:
        yield stream
    os.close(ours)
