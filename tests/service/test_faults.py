"""Mistakes in the settings, shown to the person."""

from types import SimpleNamespace

import pytest

from remind.desktop.notify.channel import Notification
from remind.errors import RemindError
from remind.service.faults import FaultTeller


class FullDisk:
    """A key-value store that can be read and not written."""

    def get(self, _name: str) -> str | None:
        return None

    def set(self, _name: str, _value: str) -> None:
        raise RemindError("the disk is full")


def test_on_a_full_disk_a_fault_is_shown_once() -> None:
    """It can't be recorded that it was shown, but it isn't shown again every half minute."""
    shown: list[Notification] = []

    channels = SimpleNamespace(show=shown.append)
    teller = FaultTeller(["settings.toml: day.bedtime: 25"], FullDisk(), channels)  # type: ignore[arg-type]
    for _ in range(3):
        with pytest.raises(RemindError, match="the disk is full"):
            teller.run()
    assert len(shown) == 1
