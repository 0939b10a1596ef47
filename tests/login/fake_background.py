"""A service without a manager that only pretends to run."""

from collections.abc import Callable

import msgspec


class FakeBackground(msgspec.Struct):
    """What was started and stopped, and whether the service runs now."""

    calls: list[str] = []
    running: bool = False

    def replaces(self) -> dict[str, Callable[..., object]]:
        """Return the functions of `remind.login.background` that this stands in for."""
        return {"start": self._start, "stop": self._stop, "service_pid": lambda _: 123 if self.running else None}

    def _start(self, *_arguments: object) -> None:
        self.calls.append("start")
        self.running = True

    def _stop(self, _folders: object) -> bool:
        if not self.running:
            return False
        self.calls.append("stop")
        self.running = False
        return True
