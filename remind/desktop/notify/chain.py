"""Several channels, best first: each notification takes the best that works at that moment."""

from collections.abc import Sequence

import msgspec

from remind.desktop.notify.channel import Channel, ChannelError, Delivery, Notification, OnAnswer, SlowError


class Chain:
    """`channels`, tried in their order each time, so that a better one is used again as soon as it works."""

    def __init__(self, channels: Sequence[Channel]) -> None:
        self.channels = tuple(channels)

    def start(self, on_answer: OnAnswer) -> None:
        """Hear answers through every channel from now on."""
        for channel in self.channels:
            channel.start(on_answer)

    def show(self, notification: Notification) -> Delivery:
        """Show `notification` on the first channel that can; the delivery says why those before could not.

        Raises:
            ChannelError: none can; the text gives every reason.
        """
        failures: list[str] = []
        slow = False
        for channel in self.channels:
            if slow and channel.on_desktop:
                continue  # it would be shown twice once the desktop goes on
            try:
                delivery = channel.show(notification)
            except ChannelError as error:
                failures.append(f"{channel.name}: {error}")
                slow = slow or isinstance(error, SlowError)
            else:
                return msgspec.structs.replace(delivery, failures=tuple(failures))
        raise ChannelError("; ".join(failures) or "no channel is set up")

    def withdraw(self, handle: str) -> None:
        """Take the bubble `handle` away, if it is still there."""
        for channel in self.channels:
            channel.withdraw(handle)

    def close(self) -> None:
        """Close every channel; bubbles stay."""
        for channel in self.channels:
            channel.close()
