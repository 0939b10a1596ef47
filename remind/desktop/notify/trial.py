"""A test notification, whose buttons can be tried: they change nothing."""

import time
from queue import Empty, SimpleQueue

import msgspec

from remind.desktop.notify.chain import Chain
from remind.desktop.notify.channel import Button, Delivery, Notification

TEST = Notification(
    key="test",
    reminder="test",
    title="This is how remind reminds you",
    body="A test: there is nothing to do.",
    sound="message-new-instant",
    lasting=False,
)
BUTTONS = (
    Button("done", "Done", "remind done"),
    Button("snoozed", "Snooze", "remind snooze"),
    Button("skipped", "Skip", "remind skip"),
)


class Trial:
    """The test notification on `chain`, until `close`."""

    def __init__(self, chain: Chain) -> None:
        self._chain = chain
        self._presses: SimpleQueue[tuple[str, str]] = SimpleQueue()
        self._lasts: str | None = None

    def show(self, *, lasting: bool) -> Delivery:
        """Show it; if `lasting`, until a press or `close`. Raise ChannelError if it cannot be shown."""
        self._chain.start(lambda handle, answer, _: self._presses.put((handle, answer)))
        delivery = self._chain.show(msgspec.structs.replace(TEST, buttons=BUTTONS, lasting=lasting))
        self._lasts = delivery.handle if lasting else None
        return delivery

    def pressed(self, within_s: float) -> str | None:
        """Return the label of the button that is pressed within `within_s` seconds, or None."""
        labels = {button.answer: button.label for button in BUTTONS}
        end = time.monotonic() + within_s
        while True:
            try:
                handle, answer = self._presses.get(timeout=max(0.0, end - time.monotonic()))
            except Empty:
                return None
            if handle == self._lasts and answer in labels:
                return labels[answer]

    def close(self) -> None:
        """Remove it from the screen, and close the channels."""
        if self._lasts is not None:
            self._chain.withdraw(self._lasts)
        self._chain.close()


def pressed_words(label: str | None) -> str:
    """Return what to say of a press of the button `label`; "" without one."""
    return f"You pressed {label}. The buttons work." if label else ""


def as_text(delivery: Delivery) -> str:
    """Return how it was shown, with a line for each better channel that could not show it."""
    if delivery.confirmed:
        done = "Sent" if delivery.handle is None else "Shown"
        first = f"{done} through {delivery.channel}: {delivery.server or 'the server'} confirmed it."
    else:
        first = f"Sent through {delivery.channel}, which cannot confirm that it was displayed."
    return "\n".join([first, *(f"Not through {failure}." for failure in delivery.failures)])
