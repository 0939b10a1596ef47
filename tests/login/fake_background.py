"""A service without a manager that only pretends to run."""

from collections.abc import Callable
from pathlib import Path

import msgspec


class FakeBackground(msgspec.Struct, frozen=True):
    """What was started and stopped; the service runs while `folder` holds a file, which fake programs make too."""

    folder: Path
    calls: list[str] = []

    @property
    def running(self) -> bool:
        return self._sign.exists()

    @property
    def _sign(self) -> Path:
        return self.folder / "running"

    def replaces(self) -> dict[str, Callable[..., object]]:
        """Return the functions of `remind.login.background` that this stands in for."""
        return {
            "start": self._start,
            "stop": self._stop,
            "service_pid": lambda _: 123 if self.running else None,
            "wait_until_running": self._wait,
        }

    def _start(self, *_arguments: object) -> None:
        self.calls.append("start")
        self._sign.touch()

    def _stop(self, _folders: object) -> bool:
        if not self.running:
            return False
        self.calls.append("stop")
        self._sign.unlink()
        return True

    def _wait(self, _folders: object) -> None:
        assert self.running, "nothing started the service"
