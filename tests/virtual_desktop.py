"""What a test needs from a real desktop: required programs, a display, and a session bus of its own."""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, TypeVar

import pytest

T = TypeVar("T")

_BUS_CONFIG = """
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={socket}</listen>
  <servicedir>{services}</servicedir>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""
"""The policy of dbus's own session bus, without the servers that this machine would start."""


def needs(program: str, package: str) -> str:
    """Return the path of `program`. The test fails, and is not skipped, if it is missing."""
    path = shutil.which(program)
    if path is None:
        pytest.fail(
            f'{program} is missing: apt-get install {package}, or deselect with -m "not desktop"',
            pytrace=False,
        )
    return path


def eventually(ask: Callable[[], T | Literal[False]], seconds: float = 30.0) -> T:
    """Return what `ask` returns, as soon as it is true. The test fails if it never is within `seconds`."""
    began = asked = time.monotonic()
    while not (said := ask()):
        now = time.monotonic()
        assert now < began + seconds, f"not within {seconds:g} s; the last answer was {said!r}"
        time.sleep(max(0.01, now - asked))  # at least half of the time is left to what it waits for
        asked = time.monotonic()
    return said


@contextmanager
def virtual_display(*options: str) -> Iterator[tuple[str, "subprocess.Popen[bytes]"]]:
    """Yield the name of an invisible display, and its server."""
    reading, writing = os.pipe()
    xvfb = [needs("Xvfb", "xvfb"), "-displayfd", str(writing), "-screen", "0", "1024x768x24", "-noreset"]
    with subprocess.Popen(
        [*xvfb, "-nolisten", "tcp", *options],
        pass_fds=[writing],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        os.close(writing)
        with os.fdopen(reading) as pipe:
            number = pipe.readline().strip()
        assert number, "Xvfb did not start"
        try:
            yield f":{number}", process
        finally:
            process.kill()


class PrivateBus:
    """A dbus-daemon in `folder` that can hang, be killed and be started again."""

    def __init__(self, folder: Path) -> None:
        self.services = folder / "services"
        self.services.mkdir(parents=True)
        self._socket = folder / "bus"
        self._config = folder / "bus.conf"
        self._config.write_text(_BUS_CONFIG.format(socket=self._socket, services=self.services))
        self._process: subprocess.Popen[bytes] | None = None
        self.address = f"unix:path={self._socket}"

    def start(self) -> None:
        self._process = subprocess.Popen(
            [needs("dbus-daemon", "dbus-daemon"), f"--config-file={self._config}", "--nofork", "--nopidfile"],
            stderr=subprocess.DEVNULL,
        )
        eventually(self._listens)

    def _listens(self) -> bool:
        with socket.socket(socket.AF_UNIX) as attempt:
            return attempt.connect_ex(str(self._socket)) == 0

    def kill(self) -> None:
        """End it at once, as a crash would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None
            self._socket.unlink(missing_ok=True)

    def hang(self) -> None:
        assert self._process is not None
        os.kill(self._process.pid, signal.SIGSTOP)

    def recover(self) -> None:
        assert self._process is not None
        os.kill(self._process.pid, signal.SIGCONT)
