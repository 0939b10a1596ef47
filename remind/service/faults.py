"""Mistakes in the settings as notifications: each is shown once until it is fixed, also across restarts."""

from collections.abc import Callable, Sequence
from datetime import datetime

import msgspec

from remind.desktop.notify.channel import Delivery, Notification
from remind.service import messages
from remind.store.key_value import KeyValueStore

_KEY = "told_faults"


class FaultTeller:
    """Shows `faults` with `show`; a fault that was fixed and comes back is shown again."""

    def __init__(
        self, faults: Sequence[str], key_values: KeyValueStore, show: Callable[[Notification], Delivery]
    ) -> None:
        self._faults = list(faults)
        self._facts = key_values
        self._show = show
        self._shown: list[str] = []

    def next_fire_time(self, now: datetime) -> datetime | None:
        """Return when to tell: now, or never again."""
        return None if self._told() == self._faults else now

    def tell(self) -> None:
        """Show what was not shown yet.

        Raises:
            ChannelError: it cannot be shown now.
        """
        told = self._told()
        untold = [fault for fault in self._faults if fault not in told and fault not in self._shown]
        if untold:
            self._show(messages.fault("\n".join(untold)))
            self._shown += untold  # kept here too, since a full disk cannot record it
        self._facts.set(_KEY, msgspec.json.encode(self._faults).decode())

    def _told(self) -> list[str]:
        return msgspec.json.decode(self._facts.get(_KEY) or "[]", type=list[str])
