"""Faults of the settings, told to the person."""

import pytest

from remind.desktop.notify.channel import Delivery, Notification
from remind.errors import RemindError
from remind.service.faults import FaultTeller


class FullDisk:
    """A key-value store that can be read and not written."""

    def get(self, _name: str) -> str | None:
        return None

    def set(self, _name: str, _value: str) -> None:
        raise RemindError("the disk is full")


def test_on_a_full_disk_a_fault_is_shown_once() -> None:
    """That it was told cannot be written down, and the person is not told again every half minute."""
    shown: list[Notification] = []

    def show(notification: Notification) -> Delivery:
        shown.append(notification)
        return Delivery("console")

    teller = FaultTeller(["settings.toml: day.bedtime: 25"], FullDisk(), show)  # type: ignore[arg-type]
    for _ in range(3):
        with pytest.raises(RemindError, match="the disk is full"):
            teller.tell()
    assert len(shown) == 1
