"""The chain, with channels that do what the test wants."""

import pytest
from channel_contract import notification

from remind.desktop.notify.chain import Chain
from remind.desktop.notify.channel import Channel, ChannelError, Delivery, Notification, OnAnswer, SlowError


class Fake(Channel):
    """A channel that works or does not."""

    def __init__(self, name: str, trouble: str = "", on_desktop: bool = True) -> None:
        self.name = name
        self.on_desktop = on_desktop
        self.trouble = trouble
        self.calls: list[object] = []

    def start(self, on_answer: OnAnswer) -> None:
        self.calls.append(on_answer)

    def show(self, notification: Notification) -> Delivery:
        if self.trouble:
            raise (SlowError if "time" in self.trouble else ChannelError)(self.trouble)
        self.calls.append(notification)
        return Delivery(self.name, confirmed=True, handle="7")

    def withdraw(self, handle: str) -> None:
        self.calls.append(handle)

    def close(self) -> None:
        self.calls.append("closed")


def test_the_best_that_works_is_taken() -> None:
    """Only the first channel shows a notification that all could show."""
    best, other = Fake("best"), Fake("other")
    assert Chain([best, other]).show(notification()) == Delivery("best", confirmed=True, handle="7")
    assert (len(best.calls), len(other.calls)) == (1, 0)


def test_a_delivery_tells_why_better_channels_were_passed_over() -> None:
    """The reasons are in the order of the channels, each with the name of its channel."""
    chain = Chain([Fake("a", "no bus"), Fake("b", "not installed"), Fake("c")])
    assert chain.show(notification()).failures == ("a: no bus", "b: not installed")


def test_a_better_channel_is_used_again_when_it_works_again() -> None:
    """A channel that failed is tried anew each time."""
    best, other = Fake("best", "away"), Fake("other")
    chain = Chain([best, other])
    assert chain.show(notification()).channel == "other"
    best.trouble = ""
    assert chain.show(notification()) == Delivery("best", confirmed=True, handle="7")
    best.trouble = "away again"
    assert chain.show(notification()).channel == "other"


def test_what_may_still_be_shown_is_not_asked_for_twice() -> None:
    """After a call without an answer in time, no other channel of the desktop is tried, but the terminal is."""
    slow, other, console = Fake("a", "no answer in time"), Fake("b"), Fake("c", on_desktop=False)
    with pytest.raises(ChannelError, match=r"^a: no answer in time$"):
        Chain([slow, other]).show(notification())
    assert Chain([slow, other, console]).show(notification()).channel == "c"
    assert other.calls == []


def test_when_none_can_show_every_reason_is_told() -> None:
    """The chain's error is one line with the reasons of all channels."""
    with pytest.raises(ChannelError, match=r"^a: no bus; b: not installed$"):
        Chain([Fake("a", "no bus"), Fake("b", "not installed")]).show(notification())


def test_a_chain_of_none_is_an_error() -> None:
    """Without channels there is an error."""
    with pytest.raises(ChannelError, match="no channel"):
        Chain([]).show(notification())


def test_a_fault_of_the_program_is_not_hidden() -> None:
    """An error other than ChannelError does not lead to another channel."""

    class Broken(Fake):
        def show(self, _: Notification) -> Delivery:
            raise TypeError("a fault of ours")

    with pytest.raises(TypeError):
        Chain([Broken("a"), Fake("b")]).show(notification())


def test_every_channel_hears_withdraws_and_closes() -> None:
    """Starting, withdrawing and closing reach every channel, whichever one shows now."""
    channels = [Fake("a"), Fake("b")]
    chain = Chain(channels)

    def on_answer(handle: str, answer: str, key: str | None) -> None: ...

    chain.start(on_answer)
    chain.withdraw("7")
    chain.close()
    assert [channel.calls for channel in channels] == [[on_answer, "7", "closed"]] * 2
