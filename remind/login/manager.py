"""What every service manager does, and the values that come back."""

from pathlib import Path
from typing import Protocol

import msgspec


class Installed(msgspec.Struct, frozen=True):
    """What `install` did."""

    path: Path
    changed: bool
    started: bool  # False: no manager is running here, and the service starts at the next login


class Status(msgspec.Struct, frozen=True):
    """How the service stands; `state` is the manager's own word for it."""

    installed: bool
    enabled: bool
    running: bool
    state: str
    pid: int | None = None


class ServiceManager(Protocol):
    """Starts the service at each login. Every failure is a RemindError that says what to do."""

    def install(self, *, force: bool = False) -> Installed:
        """Make the service start at each login, and now where that is possible; a second time is no change.

        Raises:
            RemindError: its definition was edited by hand, and `force` is not given; nothing changed.
        """

    def uninstall(self, *, force: bool = False) -> bool:
        """Stop the service and remove what `install` wrote; False if there was nothing.

        Raises:
            RemindError: its definition was edited by hand, and `force` is not given; nothing changed.
        """

    def start(self) -> None:
        """Start the service and wait until it is ready; no change if it runs."""

    def stop(self) -> None:
        """Stop the service until the next login; no change if it does not run."""

    def status(self) -> Status:
        """How the service stands now."""

    def is_current(self) -> bool:
        """Whether the definition that stands is the one that `install` would write now."""

    def logs(self, lines: int, *, follow: bool = False) -> None:
        """Print the last `lines` log lines to the terminal; with `follow`, new ones too until Ctrl-C."""
