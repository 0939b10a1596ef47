"""What an ntfy server does with messages, by its documentation and source, without HTTP and with any clock."""

import itertools
import threading
import time
from collections.abc import Callable
from typing import Any

CACHE_S, LEAST_DELAY_S, MOST_DELAY_S = 12 * 3600, 10, 3 * 24 * 3600
BURST, REFILL_S = 60, 5.0

Event = dict[str, Any]


class RefusedError(Exception):
    """The server answers with this status."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class NtfyModel:
    """The messages of all topics, and how many requests one visitor may still make."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self.clock = clock
        self.withdraws = True
        """Whether it knows DELETE; servers before 2.16 do not."""
        self.withdraws_scheduled = True
        """Whether DELETE also takes what is not delivered yet; 2.16 does not."""
        self.messages: list[Event] = []
        self.changed = threading.Condition()
        self.listening: list[Any] = []
        """The connections of a test that needs no sockets."""
        self.refused = 0
        """How many requests were over the limit."""
        self._ids = itertools.count(1)
        self._left, self._counted_at = float(BURST), clock()

    def count_request(self) -> None:
        """Raise a RefusedError if the visitor is over the limit: 60 requests, then one each 5 s."""
        now = self.clock()
        self._left = min(BURST, self._left + max(0.0, now - self._counted_at) / REFILL_S)
        self._counted_at = now
        if self._left < 1:
            self.refused += 1
            raise RefusedError(429)
        self._left -= 1

    def publish(self, sent: Event) -> Event:
        """Take a message that was published as JSON."""
        delay = sent.get("delay")
        delay_s = float(delay.removesuffix("s")) if delay else 0.0
        if delay and not LEAST_DELAY_S <= delay_s <= MOST_DELAY_S:
            raise RefusedError(400)
        actions = [{"id": "a", "method": "POST", **action} for action in sent.get("actions", ())]
        if len(actions) > 3:
            raise RefusedError(400)
        if self.withdraws_scheduled:
            self._drop_scheduled(sent["topic"], sent.get("sequence_id", ""))
        return self._add("message", delay_s, **{**sent, "actions": actions})

    def press(self, topic: str, text: str) -> Event:
        """Take what a button posts."""
        return self._add("message", 0.0, topic=topic, message=text)

    def delete(self, topic: str, sequence_id: str) -> Event:
        """Take a message from the phone, and from what is scheduled."""
        if not self.withdraws:
            raise RefusedError(404)
        if self.withdraws_scheduled:
            self._drop_scheduled(topic, sequence_id)
        return self._add("message_delete", 0.0, topic=topic, sequence_id=sequence_id)

    def kept(self, topic: str, since: str, scheduled: bool = False) -> list[Event]:
        """Return what is in the cache after the message with the id `since`."""
        now = self.clock()
        there = [one for one in self.messages if one["topic"] == topic and now < one["time"] + CACHE_S]
        known = [place for place, one in enumerate(there) if one["id"] == since]
        after = there[known[0] + 1 :] if known else there
        return [one for one in after if scheduled or one["time"] <= now]

    def delivered(self, topic: str) -> list[Event]:
        """Return the messages that reached the phone, with all that it was ever shown."""
        return [one for one in self.messages if one["topic"] == topic and one["time"] <= self.clock()]

    def _drop_scheduled(self, topic: str, sequence_id: str) -> None:
        self.messages = [
            one
            for one in self.messages
            if one["time"] <= self.clock() or (one["topic"], one.get("sequence_id")) != (topic, sequence_id)
        ]

    def _add(self, event: str, delay_s: float, **fields: Any) -> Event:
        with self.changed:
            added = {"id": f"m{next(self._ids):09}", "time": int(self.clock() + delay_s), "event": event, **fields}
            self.messages.append(added)
            self.changed.notify_all()
        return added
