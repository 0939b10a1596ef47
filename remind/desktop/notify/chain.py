"""Several channels, best first: each notification is shown by the first that works at that time."""

from collections.abc import Sequence

import msgspec

from remind.desktop.notify.channel import Channel, ChannelError, Delivery, Notification, OnAnswer, SlowError


class Chain:
    """Tries `channels` in order each time, so that a better one is used again as soon as it works."""

    def __init__(self, channels: Sequence[Channel]) -> None:
        self.channels = tuple(channels)

    def start(self, on_answer: OnAnswer) -> None:
        """Hear answers through every channel from now on."""
        for channel in self.channels:
            channel.start(on_answer)

    def show(self, notification: Notification) -> Delivery:
        """Show `notification` on the first channel that can. The delivery says why the channels before it could not.

        Raise ChannelError with each reason if none can.
        """
        failures: list[str] = []
        slow = False
        for channel in self.channels:
            if slow and channel.on_desktop:
                continue  # it would be shown twice as soon as the desktop answers again
            try:
                delivery = channel.show(notification)
            except ChannelError as error:
                failures.append(f"{channel.name}: {error}")
                slow = slow or isinstance(error, SlowError)
            else:
                return msgspec.structs.replace(delivery, failures=tuple(failures))
        raise ChannelError("; ".join(failures) or "no channel is set up")

    def withdraw(self, handle: str) -> None:
        """Remove the notification `handle`, if it is still there."""
        for channel in self.channels:
            channel.withdraw(handle)

    def close(self) -> None:
        """Close every channel; notifications stay on the screen."""
        for channel in self.channels:
            channel.close()
