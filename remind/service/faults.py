"""Mistakes in the settings as notifications: each is shown once until it is fixed, even across restarts."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from remind.desktop.notify.chain import Chain
from remind.service import messages
from remind.store.key_value import KeyValueStore, read_json

_KEY = "told_faults"


class FaultTeller:
    """Shows `faults` through `channels`; a fault that was fixed and comes back is shown again."""

    def __init__(self, faults: Sequence[str], key_values: KeyValueStore, channels: Chain) -> None:
        self._faults = list(faults)
        self._key_values = key_values
        self._channels = channels
        self._shown: list[str] = []

    def next_fire_time(self, now: datetime) -> datetime | None:
        """Return when to show them: now, or never again."""
        return None if self._told() == self._faults else now

    def run(self) -> None:
        """Show the faults that have not been shown yet. Raise ChannelError if that is impossible now."""
        told = self._told()
        untold = [fault for fault in self._faults if fault not in told and fault not in self._shown]
        if untold:
            self._channels.show(messages.fault("\n".join(untold)))
            self._shown += untold  # remembered here too, since a full disk can't record it
        self._key_values.set(_KEY, msgspec.json.encode(self._faults).decode())

    def _told(self) -> list[str]:
        return read_json(self._key_values, _KEY, list[str]) or []
